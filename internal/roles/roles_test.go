package roles_test

import (
	"slices"
	"testing"

	"heed/internal/roles"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	for name, group := range map[string][]string{"people": roles.People(), "analysts": roles.Analysts()} {
		for _, role := range group {
			if !slices.Contains(roles.Staff(), role) {
				t.Errorf("%s: %q is no role of a person", name, role)
			}
		}
		if slices.Contains(group, roles.Designer) || slices.Contains(group, roles.Ingest) {
			t.Errorf("%s lets in who reads no calls: %v", name, group)
		}
	}
	if slices.Contains(roles.Analysts(), roles.Agent) {
		t.Error("agents read what many calls say")
	}
	if !slices.IsSorted(roles.Staff()) {
		t.Errorf("not in order: %v", roles.Staff())
	}
}

// TestGroupsAreNobodys says that a caller may keep and change what it was given.
func TestGroupsAreNobodys(t *testing.T) {
	t.Parallel()
	for _, group := range []func() []string{roles.People, roles.Staff, roles.Analysts, roles.Every} {
		mine := append(group(), "x")
		mine[0] = "changed"
		if slices.Contains(group(), "changed") || slices.Contains(group(), "x") {
			t.Error("what one caller did is seen by the next")
		}
	}
}

func TestScopesNarrow(t *testing.T) {
	t.Parallel()
	some := []string{string(roles.CallsRead), string(roles.SearchRead)}
	for _, c := range []struct {
		scopes []string
		wanted roles.Scope
		want   bool
	}{
		{nil, roles.Administer, true},
		{nil, "", true},
		{some, roles.CallsRead, true},
		{some, roles.CallsWrite, false},
		{some, roles.AnyScope, true},
		{some, "", false},
		{[]string{""}, "", false},
	} {
		if got := roles.Allows(c.scopes, c.wanted); got != c.want {
			t.Errorf("a key of %q may %q: %v", c.scopes, c.wanted, got)
		}
	}
	if slices.Contains(roles.Scopes(), roles.AnyScope) || slices.Contains(roles.Scopes(), "") {
		t.Error("a key can be given a scope that is none")
	}
}
