package whip

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 500)
	tokens, err := NewTokens([]byte(strings.Repeat("k", KeySize)), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	grant := Grant{Call: "c", Party: Stereo, Customer: Left, From: "+12025550142"}
	token, expires, err := tokens.Mint(grant, time.Minute)
	if err != nil || !expires.Equal(time.Unix(1_800_000_060, 0)) {
		t.Fatalf("expires %v, %v", expires, err)
	}
	if raw, _ := base64.RawURLEncoding.DecodeString(token); strings.Contains(string(raw), "12025550142") {
		t.Error("whoever carries the token can read the number")
	}
	g, err := tokens.open(token)
	if err != nil || g.Grant != grant {
		t.Errorf("read %+v, %v", g, err)
	}
	id := g.ID
	for i := range token {
		changed := token[:i] + string(token[i]^1) + token[i+1:]
		if i == len(token)-1 {
			break // the last character has bits that mean nothing
		}
		if _, err := tokens.open(changed); !errors.Is(err, errToken) {
			t.Fatalf("with character %d changed: %v", i, err)
		}
	}
	other, err := NewTokens(make([]byte, KeySize), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.open(token); !errors.Is(err, errToken) {
		t.Errorf("under another key: %v", err)
	}
	if _, err := tokens.open(strings.Repeat("A", maxToken+1)); !errors.Is(err, errToken) {
		t.Errorf("too long: %v", err)
	}
	now = now.Add(time.Minute)
	if g, err = tokens.open(token); !errors.Is(err, errExpired) || g.ID != id {
		t.Errorf("after its time: %v, id %q", err, g.ID)
	}
}

func TestGrantsThatAreRefused(t *testing.T) {
	t.Parallel()
	tokens, err := NewTokens(make([]byte, KeySize), nil)
	if err != nil {
		t.Fatal(err)
	}
	for field, g := range map[string]Grant{
		"call":      {Party: Customer},
		"party":     {Call: "c", Party: "both"},
		"customer":  {Call: "c", Party: Stereo, Customer: "middle"},
		"direction": {Call: "c", Party: Agent, Direction: "up"},
		"language":  {Call: "c", Party: Agent, Language: strings.Repeat("x", 300)},
	} {
		_, _, err := tokens.Mint(g, time.Minute)
		if wrong := (*errGrant)(nil); !errors.As(err, &wrong) || wrong.field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, life := range []time.Duration{0, -time.Second, MaxLife + time.Second} {
		if _, _, err := tokens.Mint(Grant{Call: "c", Party: Agent}, life); err == nil {
			t.Errorf("a life of %v is taken", life)
		}
	}
	if _, err := NewTokens([]byte("short"), nil); err == nil {
		t.Error("a short key is taken")
	}
}

func TestAnExpiredTokenStillEndsItsSession(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	token, _, err := g.tokens.Mint(Grant{Call: "c", Party: Agent}, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	a, body := g.ask(t, "POST", Path, offerOf(), "Authorization", "Bearer "+token, "Content-Type", sdpType)
	if a.StatusCode != 201 {
		t.Fatalf("answered %d: %s", a.StatusCode, body)
	}
	later := time.Now().Add(time.Hour)
	g.tokens.now = func() time.Time { return later } // between requests: nobody reads it now
	if again, _ := g.ask(t, "POST", Path, offerOf(), "Authorization", "Bearer "+token, "Content-Type", sdpType); again.StatusCode != 401 {
		t.Errorf("another session was answered %d", again.StatusCode)
	}
	if end, _ := g.ask(t, "DELETE", a.Header.Get("Location"), "", "Authorization", "Bearer "+token); end.StatusCode != 200 {
		t.Errorf("the end was answered %d", end.StatusCode)
	}
}
