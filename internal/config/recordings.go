package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

// Recordings says how recordings that platforms made of calls are taken.
type Recordings struct {
	// Fetch names the platforms whose recordings are fetched when their webhooks
	// tell of them.
	Fetch []string
	// Hosts are PLATFORM=HOST, beside those at which a platform says that its
	// recordings are; a host that begins with a dot stands for all below it.
	Hosts []string
	// Credentials are PLATFORM=KIND:..., here or one a line in the file.
	Credentials     []string // secret
	CredentialsFile string
	Largest         int // MiB
	Together        int // heard at once; 0 is half of the cores
}

func (r *Recordings) bind(fs *pflag.FlagSet) {
	fs.StringSliceVar(&r.Fetch, "recordings-fetch", nil, "platforms whose recordings are fetched after the call and heard, such as twilio,callrail; none by default")
	fs.StringSliceVar(&r.Hosts, "recordings-hosts", nil, "more hosts from which recordings of a platform may be fetched, such as twilio=media.example.com or callrail=.example.com")
	fs.StringSliceVar(&r.Credentials, "recordings-credentials", nil, "credentials for fetching: PLATFORM=basic:USER:PASSWORD, token:KEY, bearer:KEY, jwt:APPLICATION:KEYFILE or header:NAME:VALUE; set it in the environment")
	fs.StringVar(&r.CredentialsFile, "recordings-credentials-file", "", "file with one of these a line, in place of recordings-credentials")
	fs.IntVar(&r.Largest, "recordings-largest", 1024, "most MiB of one recording; larger ones are refused")
	fs.IntVar(&r.Together, "recordings-together", 0, "recordings heard at once while no call lives; 0 is half of the cores; beside live calls it is one")
}

func (r *Recordings) validate(add func(string, error)) {
	if r.Largest < 1 || r.Largest > 64<<10 {
		add("recordings-largest", fmt.Errorf("%d is not between 1 and 65536", r.Largest))
	}
	if r.Together < 0 || r.Together > 1000 {
		add("recordings-together", fmt.Errorf("%d is not between 0 and 1000", r.Together))
	}
	if len(r.Credentials) > 0 && r.CredentialsFile != "" {
		add("recordings-credentials-file", errors.New("give the credentials or their file, not both"))
	}
	for _, h := range r.Hosts {
		platform, host, _ := strings.Cut(h, "=")
		if platform == "" || strings.Trim(host, ".") == "" || strings.ContainsAny(host, "/:@* ") {
			add("recordings-hosts", fmt.Errorf("%q is no PLATFORM=HOST; a host has neither scheme nor port", h))
		}
	}
}

// Lines gives the credentials, from the file when one is named.
func (r *Recordings) Lines() ([]string, error) {
	if r.CredentialsFile == "" {
		return r.Credentials, nil
	}
	info, err := os.Stat(r.CredentialsFile)
	switch {
	case err != nil:
		return nil, fmt.Errorf("recordings-credentials-file: %w", err)
	case !info.Mode().IsRegular() || info.Size() > maxKeyFile:
		return nil, fmt.Errorf("recordings-credentials-file: %s is no file of at most %d bytes", r.CredentialsFile, maxKeyFile)
	}
	raw, err := os.ReadFile(r.CredentialsFile)
	if err != nil {
		return nil, fmt.Errorf("recordings-credentials-file: %w", err)
	}
	var lines []string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines, nil
}
