package config

import (
	"strings"
	"testing"
)

func TestKeysThatPause(t *testing.T) {
	for _, c := range []struct {
		pause, resume string
		wrong         string // empty: nothing is
	}{
		{"", "", ""},
		{"*7", "*8", ""},
		{"**", "**", ""},
		{"*7", "", "belong together"},
		{"7", "*8", "2 to 8"},
		{"*7", "pause", "2 to 8"},
		{"123456789", "*8", "2 to 8"},
	} {
		var said []string
		calls := Calls{PauseKeys: c.pause, ResumeKeys: c.resume}
		calls.validateKeys(func(name string, err error) { said = append(said, name+": "+err.Error()) })
		if got := strings.Join(said, "; "); (got == "") != (c.wrong == "") || !strings.Contains(got, c.wrong) {
			t.Errorf("%q %q: %q", c.pause, c.resume, got)
		}
	}
}
