package ticket

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

var (
	key  = bytes.Repeat([]byte{7}, KeySize)
	noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
)

func TestTicket(t *testing.T) {
	t.Parallel()
	k := New(key)
	want := Ticket{Platform: "vonage", Call: "CON-1", Party: "agent", Expires: noon.Add(DefaultLife)}
	token, err := k.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := k.Open(token, "vonage", noon)
	if err != nil {
		t.Fatal(err)
	}
	got.Expires = got.Expires.UTC()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	if _, err := New(key).Open(token, "vonage", noon.Add(DefaultLife-time.Second)); err != nil {
		t.Errorf("another keeper of the same key: %v", err)
	}
}

func TestTicketsThatAreRefused(t *testing.T) {
	t.Parallel()
	k := New(key)
	issue := func(k *Keeper, t Ticket) string {
		s, err := k.Issue(t)
		if err != nil {
			panic(err)
		}
		return s
	}
	good := Ticket{Platform: "vonage", Call: "CON-1", Expires: noon.Add(time.Minute)}
	signed := func(method jwt.SigningMethod, key any, c jwt.MapClaims) string {
		s, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			panic(err)
		}
		return s
	}
	all := jwt.MapClaims{"plt": "vonage", "call": "CON-1", "aud": audience, "exp": noon.Add(time.Minute).Unix()}
	without := func(name string) jwt.MapClaims {
		c := jwt.MapClaims{}
		for k, v := range all {
			if k != name {
				c[k] = v
			}
		}
		return c
	}
	token := issue(k, good)
	for name, c := range map[string]string{
		"nothing": "", "no token": "x", "too long": token + strings.Repeat("x", maxLength),
		"another key":    issue(New(bytes.Repeat([]byte{8}, KeySize)), good),
		"over":           issue(k, Ticket{Platform: "vonage", Call: "CON-1", Expires: noon.Add(-time.Second)}),
		"other platform": issue(k, Ticket{Platform: "jambonz", Call: "CON-1", Expires: noon.Add(time.Minute)}),
		"no call":        issue(k, Ticket{Platform: "vonage", Expires: noon.Add(time.Minute)}),
		"cut":            token[:len(token)-1],
		"unsigned":       signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, all),
		"other method":   signed(jwt.SigningMethodHS512, key, all),
		"no expiry":      signed(jwt.SigningMethodHS256, key, without("exp")),
		"no audience":    signed(jwt.SigningMethodHS256, key, without("aud")),
	} {
		if _, err := k.Open(c, "vonage", noon); !errors.Is(err, ErrTicket) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k := New(key)
	token, _ := k.Issue(Ticket{Platform: "vonage", Call: "CON-1", Expires: noon.Add(time.Minute)})
	f.Add(token)
	f.Fuzz(func(t *testing.T, s string) {
		// Base64 has spare bits, so another spelling of the same signature may be right.
		if got, err := k.Open(s, "vonage", noon); err == nil && got.Call != "CON-1" {
			t.Fatalf("%q opened %+v", s, got)
		}
	})
}
