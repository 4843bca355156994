package config

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestCampaigns(t *testing.T) {
	for flag, ok := range map[string]bool{
		"--campaigns-currency=usd": true, "--campaigns-currency=EURO": false, "--campaigns-currency=1$3": false,
		"--campaigns-look-back=2160h": true, "--campaigns-look-back=1m": false,
		"--campaigns-qualified=90s": true, "--campaigns-qualified=-1s": false, "--campaigns-qualified-intents=buy,upgrade": true,
		"--campaigns-order-conversion==cmd": false, "--campaigns-call-conversion=": false,
	} {
		fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
		c := Bind(fs)
		if err := fs.Parse([]string{flag}); err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		if err := c.Validate(); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
