package main

import (
	"os"
	"path/filepath"
	"testing"

	"heed/insights/redact"
)

// TestPolicyIsAFileToStartFrom: what is printed is taken back, a slip in it is
// named by its line.
func TestPolicyIsAFileToStartFrom(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]redact.Policy{"": redact.Default(), "--strict": redact.Strict()} {
		cmd := []string{"policy"}
		if args != "" {
			cmd = append(cmd, args)
		}
		r := heed(t, cmd...)
		r.want(t, 0)
		got, err := redact.ParsePolicy("policy.yaml", []byte(r.out))
		if err != nil || got.Version() != want.Version() {
			t.Errorf("policy %s: version %v, error %v", args, got.Version(), err)
		}
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nkinds:\n  phon: remove\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	heed(t, "doctor", "--redact-policy", file, "--data", t.TempDir()).want(t, 1)
}
