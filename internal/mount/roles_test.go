package mount_test

import (
	"slices"
	"testing"

	"heed/internal/mount"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	for name, group := range map[string][]string{"people": mount.People(), "analysts": mount.Analysts()} {
		for _, role := range group {
			if !slices.Contains(mount.Staff(), role) {
				t.Errorf("%s: %q is no role of a person", name, role)
			}
		}
		if slices.Contains(group, mount.Designer) || slices.Contains(group, mount.Ingest) {
			t.Errorf("%s lets in who reads no calls: %v", name, group)
		}
	}
	if slices.Contains(mount.Analysts(), mount.Agent) {
		t.Error("agents read what many calls say")
	}
	if !slices.IsSorted(mount.Staff()) {
		t.Errorf("not in order: %v", mount.Staff())
	}
}

// TestGroupsAreNobodys says that a caller may keep and change what it was given.
func TestGroupsAreNobodys(t *testing.T) {
	t.Parallel()
	for _, group := range []func() []string{mount.People, mount.Staff, mount.Analysts, mount.Every} {
		mine := append(group(), "x")
		mine[0] = "changed"
		if slices.Contains(group(), "changed") || slices.Contains(group(), "x") {
			t.Error("what one caller did is seen by the next")
		}
	}
}

func TestScopesNarrow(t *testing.T) {
	t.Parallel()
	some := []string{string(mount.CallsRead), string(mount.SearchRead)}
	for _, c := range []struct {
		scopes []string
		wanted mount.Scope
		want   bool
	}{
		{nil, mount.Administer, true},
		{nil, "", true},
		{some, mount.CallsRead, true},
		{some, mount.CallsWrite, false},
		{some, mount.AnyScope, true},
		{some, "", false},
		{nil, mount.Unscoped, true},
		{some, mount.Unscoped, false},
		{[]string{""}, "", false},
	} {
		if got := mount.Allows(c.scopes, c.wanted); got != c.want {
			t.Errorf("a key of %q may %q: %v", c.scopes, c.wanted, got)
		}
	}
	if slices.Contains(mount.Scopes(), mount.AnyScope) || slices.Contains(mount.Scopes(), mount.Unscoped) || slices.Contains(mount.Scopes(), "") {
		t.Error("a key can be given a scope that is none")
	}
}

func TestNobodyGivesMoreThanTheyHold(t *testing.T) {
	t.Parallel()
	admin, read := string(mount.Administer), string(mount.CallsRead)
	for _, c := range []struct {
		role   string
		scopes []string
		given  string
		some   []string
		want   bool
	}{
		{mount.Admin, nil, mount.Admin, nil, true},
		{mount.Admin, nil, mount.Ingest, []string{read}, true},
		{mount.Admin, []string{admin}, mount.Admin, nil, false},
		{mount.Admin, []string{admin}, mount.Viewer, []string{}, false},
		{mount.Admin, []string{admin}, mount.Admin, []string{read}, false},
		{mount.Admin, []string{admin, read}, mount.Admin, []string{admin, read}, true},
		{mount.Admin, []string{admin, read}, mount.Viewer, []string{read}, true},
		{mount.Viewer, nil, mount.Admin, nil, false},
		{mount.Viewer, nil, mount.Viewer, nil, true},
	} {
		if got := mount.MayGive(c.role, c.scopes, c.given, c.some); got != c.want {
			t.Errorf("%s with %q gives %s with %q: %v", c.role, c.scopes, c.given, c.some, got)
		}
	}
}
