package sealed_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"heed/internal/accounts/sealed"
)

func TestASealOpensOnce(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)
	b := sealed.New(func() time.Time { return at })
	seal := func() string {
		text, err := b.Seal("sign in", "hello", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var got string
	text := seal()
	if err := b.Open("sign in", text, &got); err != nil || got != "hello" {
		t.Fatal(got, err)
	}
	one, two := seal(), seal()
	if strings.Contains(text, "hello") || one == two {
		t.Error("the text tells what it holds")
	}
	other, err := sealed.New(time.Now).Seal("sign in", "hello", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	late := seal()
	fresh := seal()
	for name, bad := range map[string]string{
		"a second time": text, "of another server": other, "cut": fresh[:len(fresh)-3], "changed": "A" + fresh[1:], "nothing": "", "no base64": "#", "long": strings.Repeat("A", 9000),
	} {
		if err := b.Open("sign in", bad, &got); !errors.Is(err, sealed.ErrSeal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.Open("sign up", fresh, &got); !errors.Is(err, sealed.ErrSeal) {
		t.Errorf("for another purpose: %v", err)
	}
	if err := b.Open("sign in", fresh, &got); err != nil {
		t.Errorf("what was refused for another purpose opens for its own: %v", err)
	}
	at = at.Add(time.Minute)
	if err := b.Open("sign in", late, &got); !errors.Is(err, sealed.ErrSeal) {
		t.Errorf("too late: %v", err)
	}
}
