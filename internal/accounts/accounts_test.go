package accounts

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesAndLogins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{" Dana \t Reyes ": "Dana Reyes", "أمينة الحسن": "أمينة الحسن", "": "", "a\u202eb": "", strings.Repeat("x", 81): ""} {
		got, err := nameOf(text)
		if _, bad := errors.AsType[*Invalid](err); got != want || bad != (want == "") {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"Ann@Example.COM": "ann@example.com", " ann ": "ann", "": "", "JÖRG": "jörg", "J\u00f6rg": "jo\u0308rg",
	} {
		if _, key, err := loginOf(text); err != nil || !same(t, key, want) {
			t.Errorf("%q: %q %v, want %q", text, key, err, want)
		}
	}
	for _, text := range []string{"a b", "a\nb", "a\u202eb", strings.Repeat("x", 255), "\xff"} {
		if _, key, err := loginOf(text); err == nil {
			t.Errorf("%q is compared as %q", text, key)
		}
	}
}

// same compares as logins are compared.
func same(t *testing.T, key, want string) bool {
	t.Helper()
	if want == "" {
		return key == ""
	}
	_, other, err := loginOf(want)
	return err == nil && key == other
}

// FuzzLogin: what is a login is compared in one way only.
func FuzzLogin(f *testing.F) {
	for _, seed := range []string{"Ann@Example.com", "ΣΊΣΥΦΟΣ", "İstanbul", "ﬁona", "e\u0301", " \u200b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		login, key, err := loginOf(text)
		if err != nil || key == "" {
			return
		}
		if !utf8.ValidString(key) || strings.ContainsAny(key, " \x00\n") {
			t.Errorf("%q is compared as %q", text, key)
		}
		if _, again, err := loginOf(login); err != nil || again != key {
			t.Errorf("%q is compared as %q and as %q: %v", login, key, again, err)
		}
	})
}
