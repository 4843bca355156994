package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Summary chooses who sums calls up. Without an endpoint the summaries are
// quotes and nothing leaves this machine.
type Summary struct {
	Endpoint string // where chat/completions is; empty asks nobody
	Model    string // as the endpoint knows it
	Key      string // secret
	KeyFile  string // holds the key, in place of Key
	Timeout  time.Duration
}

// maxKeyFile is the largest key file that is read, in bytes.
const maxKeyFile = 16 << 10

func (s *Summary) bind(fs *pflag.FlagSet) {
	fs.StringVar(&s.Endpoint, "summary-endpoint", "", "OpenAI-compatible endpoint that sums calls up, such as http://localhost:11434/v1; redacted words leave this machine")
	fs.StringVar(&s.Model, "summary-model", "", "model of the summary endpoint")
	fs.StringVar(&s.Key, "summary-key", "", "API key of the summary endpoint")
	fs.StringVar(&s.KeyFile, "summary-key-file", "", "file that holds the API key of the summary endpoint")
	fs.DurationVar(&s.Timeout, "summary-timeout", 20*time.Second, "how long one summary may take before quotes stand in")
}

// Secret gives the key, from the file when one is named.
func (s *Summary) Secret() (string, error) {
	if s.KeyFile == "" {
		return s.Key, nil
	}
	info, err := os.Stat(s.KeyFile)
	switch {
	case err != nil:
		return "", fmt.Errorf("summary-key-file: %w", err)
	case !info.Mode().IsRegular() || info.Size() > maxKeyFile:
		return "", fmt.Errorf("summary-key-file: %s is no file of at most %d bytes", s.KeyFile, maxKeyFile)
	}
	raw, err := os.ReadFile(s.KeyFile)
	if err != nil {
		return "", fmt.Errorf("summary-key-file: %w", err)
	}
	key := strings.TrimSpace(string(raw))
	if key == "" || strings.ContainsAny(key, "\r\n") {
		return "", fmt.Errorf("summary-key-file: %s must hold one line, the key", s.KeyFile)
	}
	return key, nil
}

func (s *Summary) validate(add func(string, error)) {
	if s.Timeout < time.Second || s.Timeout > 5*time.Minute {
		add("summary-timeout", fmt.Errorf("%s is not between 1s and 5m", s.Timeout))
	}
	if s.Key != "" && s.KeyFile != "" {
		add("summary-key-file", errors.New("the key is given already, by summary-key"))
	}
	if s.Endpoint == "" {
		return
	}
	if s.Model == "" {
		add("summary-model", errors.New("must name the model to ask"))
	}
	if err := checkURL(s.Endpoint); err != nil {
		add("summary-endpoint", err)
		return
	}
	if (s.Key != "" || s.KeyFile != "") && !private(s.Endpoint) {
		add("summary-endpoint", errors.New("must start with https://: a key is sent there"))
	}
}

// private says that what is sent to an address can be read by nobody else: it
// is encrypted, or stays on this machine.
func private(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "https" {
		return err == nil
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}
