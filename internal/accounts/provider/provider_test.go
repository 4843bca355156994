package provider

import (
	"encoding/json"
	"slices"
	"testing"
)

// The round through a real provider is tested in accounts/api; here is what
// claims may look like.
func TestClaimsAreRead(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][]string{
		`["a","b"]`: {"a", "b"}, `"a"`: {"a"}, `""`: nil, `7`: nil, `["a",7]`: nil, `{"a":1}`: nil, ``: nil, `null`: nil, `[]`: {},
	} {
		if got := texts(json.RawMessage(raw)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
	for raw, want := range map[string]bool{`true`: true, `"true"`: true, `false`: false, `"false"`: false, `1`: false, ``: false, `null`: false} {
		if got := vouched(json.RawMessage(raw)); got != want {
			t.Errorf("%s is vouched for: %v", raw, got)
		}
	}
	p := New(Options{Rules: []Rule{{"bosses", "admin"}, {"staff", "agent"}}})
	for want, groups := range map[string][]string{"admin": {"staff", "bosses"}, "agent": {"x", "staff"}, "": {"Staff"}} {
		if got := p.role(groups); got != want {
			t.Errorf("%q have the role %q, want %q", groups, got, want)
		}
	}
	if all := New(Options{Rules: []Rule{{"bosses", "admin"}, {"*", "viewer"}}}); all.role(nil) != "viewer" {
		t.Error("* is not everybody")
	}
	if p.Leave() != "" {
		t.Error("one that was never reached offers signing out")
	}
}
