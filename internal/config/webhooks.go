package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Webhooks configures what call-tracking services, Genesys and others tell of
// calls, and how that is joined with the calls that were heard.
type Webhooks struct {
	Signatures []string      // secret; "provider=secret", several of one provider too
	Mapping    string        // file that says how services without a dialect write
	Within     time.Duration // between the start that a service tells and that of the call
	Keep       time.Duration // of tracked calls that nobody heard
}

func (w *Webhooks) bind(fs *pflag.FlagSet) {
	fs.StringSliceVar(&w.Signatures, "webhook-signatures", nil, "secrets of webhooks, PROVIDER=SECRET: signing keys of callrail, or a secret of invoca, genesys or one that the mapping names; without one its door wants an API key")
	fs.StringVar(&w.Mapping, "tracking-mapping", "", "file that says how the webhooks of other call-tracking services read")
	fs.DurationVar(&w.Within, "tracking-within", 2*time.Minute, "join a tracked call with one of the same numbers that began so close to it")
	fs.DurationVar(&w.Keep, "tracking-keep", 30*24*time.Hour, "keep what call tracking tells of a call that was not heard for so long")
}

// Secrets are the secrets by provider.
func (w Webhooks) Secrets() (map[string][]string, error) {
	out := make(map[string][]string)
	for _, s := range w.Signatures {
		provider, secret, ok := strings.Cut(s, "=")
		if !ok || provider == "" || secret == "" {
			return nil, errors.New("an entry is not of the form PROVIDER=SECRET")
		}
		out[provider] = append(out[provider], secret)
	}
	return out, nil
}

func (w *Webhooks) validate(add func(string, error)) {
	_, err := w.Secrets()
	add("webhook-signatures", err)
	if w.Within < time.Second || w.Within > time.Hour {
		add("tracking-within", fmt.Errorf("%s is not between 1s and 1h", w.Within))
	}
	if w.Keep < 24*time.Hour || w.Keep > 400*24*time.Hour {
		add("tracking-keep", fmt.Errorf("%s is not between 24h and 9600h", w.Keep))
	}
}
