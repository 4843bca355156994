package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/spf13/pflag"
)

// Vonage configures the webhooks of that platform.
type Vonage struct {
	Signatures []string // secret; "API key=signature secret" of each account
	Dial       string   // number, sip: address or app: user that callers are connected to
}

// Secrets are the signature secrets by API key.
func (v Vonage) Secrets() (map[string]string, error) {
	out := make(map[string]string, len(v.Signatures))
	for _, s := range v.Signatures {
		key, secret, ok := strings.Cut(s, "=")
		if !ok || key == "" || secret == "" {
			return nil, errors.New("an entry is not of the form APIKEY=SECRET")
		}
		out[key] = secret
	}
	return out, nil
}

func (v *Vonage) bind(fs *pflag.FlagSet) {
	fs.StringSliceVar(&v.Signatures, "vonage-signatures", nil, "Vonage's signature secrets, APIKEY=SECRET; without one the door refuses its webhooks")
	fs.StringVar(&v.Dial, "vonage-dial", "", "number, SIP address (sip:...) or user (app:...) that Vonage connects callers to")
}

func (v *Vonage) validate(add func(string, error)) {
	_, err := v.Secrets()
	add("vonage-signatures", err)
}

// AudioSocket configures the door for Asterisk's AudioSocket, which has no
// authentication of its own.
type AudioSocket struct {
	Listen   string   // host:port; empty takes no connections
	Networks []string // that may connect, as 10.0.0.0/8
}

func (a *AudioSocket) bind(fs *pflag.FlagSet) {
	fs.StringVar(&a.Listen, "audiosocket-listen", "", "address to take AudioSocket connections of Asterisk on, host:port; empty takes none")
	fs.StringSliceVar(&a.Networks, "audiosocket-networks", []string{"127.0.0.0/8", "::1/128"}, "networks whose AudioSocket connections are taken")
}

func (a *AudioSocket) validate(add func(string, error)) {
	if a.Listen != "" {
		_, _, err := net.SplitHostPort(a.Listen)
		add("audiosocket-listen", err)
	}
	_, err := a.Prefixes()
	add("audiosocket-networks", err)
	if a.Listen != "" && len(a.Networks) == 0 {
		add("audiosocket-networks", errors.New("must name who may connect"))
	}
}

// Prefixes are the networks.
func (a AudioSocket) Prefixes() ([]netip.Prefix, error) { return prefixes(a.Networks) }

func prefixes(networks []string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(networks))
	for _, n := range networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return nil, fmt.Errorf("%q is no network such as 10.0.0.0/8", n)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
