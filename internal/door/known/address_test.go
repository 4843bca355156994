package known_test

import (
	"strings"
	"testing"

	"heed/internal/door/known"
)

func TestNormal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		written, kind, value string
		ok                   bool
	}{
		{" Ann@Example.com ", "email", "ann@example.com", true},
		{"(202) 555-0143", "phone", "+12025550143", true},
		{"+44 20 7946 0018", "phone", "+442079460018", true},
		{"ann@example", "", "", false},
		{"@example.com", "", "", false},
		{"a@b@example.com", "", "", false},
		{"ann@example.com, eve@example.com", "", "", false},
		{"ann@example.com\r\nBcc: x@example.com", "", "", false},
		{"hello", "", "", false},
		{"", "", "", false},
		{strings.Repeat("a", 300) + "@example.com", "", "", false},
	} {
		kind, value, ok := known.Normal(tt.written, "US")
		if ok != tt.ok || (ok && (kind != tt.kind || value != tt.value)) {
			t.Errorf("%.40q: %s %q %v", tt.written, kind, value, ok)
		}
	}
}

func FuzzNormal(f *testing.F) {
	for _, s := range []string{"ann@example.com", "+1 202 555 0143", "٠٢٠٢", "a@b.c\x00", "\"x\"@y.z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind, value, ok := known.Normal(s, "US")
		if !ok {
			return
		}
		if strings.ContainsAny(value, " \r\n,;<>\"") {
			t.Errorf("%q became %q", s, value)
		}
		if again, same, ok := known.Normal(value, "US"); !ok || again != kind || same != value {
			t.Errorf("%q became %q, and that %q", s, value, same)
		}
	})
}
