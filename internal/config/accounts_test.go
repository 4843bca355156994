package config

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// The roles are those of package roles, which this one may not import.
func TestAccounts(t *testing.T) {
	t.Parallel()
	const whole = "--public-url=https://heed.example.com --oidc-issuer=https://id.example.com --oidc-client-id=heed "
	for args, want := range map[string]string{
		"":                                      "",
		"--sessions-life=30s":                   "sessions-life",
		"--sessions-life=1h --sessions-idle=2h": "sessions-idle",
		"--sessions-idle=0":                     "",
		whole + "--oidc-roles=a=b=admin,*=viewer": "",
		whole:                                      "oidc-roles",
		whole + "--oidc-roles=staff=ingest":        "oidc-roles",
		whole + "--oidc-roles==admin":              "oidc-roles",
		"--oidc-issuer=id.example.com":             "oidc-issuer",
		"--oidc-issuer=https://id.example.com":     "public-url",
		"--oidc-issuer=https://id.example.com --x": "unknown flag",
	} {
		fs := pflag.NewFlagSet("t", pflag.ContinueOnError)
		c := Bind(fs)
		err := fs.Parse(strings.Fields(args))
		if err == nil {
			err = c.Validate()
		}
		if got := err; (got == nil) != (want == "") || got != nil && !strings.Contains(got.Error(), want) {
			t.Errorf("%q: %v, want %q", args, got, want)
		}
	}
	rules, err := OIDC{Roles: []string{"a=b=admin", "*=viewer"}}.Rules()
	if err != nil || len(rules) != 2 || rules[0] != (Rule{"a=b", "admin"}) || rules[1] != (Rule{"*", "viewer"}) {
		t.Errorf("%v %v", rules, err)
	}
}
