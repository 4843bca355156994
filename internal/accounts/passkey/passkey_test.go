package passkey_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"heed/internal/accounts/passkey"
	"heed/internal/accounts/sealed"
)

// rig is a keeper, a device, and the person who holds it.
type rig struct {
	*passkey.Keeper

	tb     testing.TB
	now    time.Time
	site   virtualwebauthn.RelyingParty
	device virtualwebauthn.Authenticator
	held   virtualwebauthn.Credential
	person passkey.Person
}

func newRig(tb testing.TB) *rig {
	tb.Helper()
	r := &rig{tb: tb, now: time.Now(), person: passkey.Person{ID: "u1", Name: "Ann"}}
	k, err := passkey.New("https://heed.example.com", sealed.New(func() time.Time { return r.now }))
	if err != nil {
		tb.Fatal(err)
	}
	r.Keeper = k
	r.site = virtualwebauthn.RelyingParty{Name: "Heed", ID: "heed.example.com", Origin: "https://heed.example.com"}
	r.device = virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte("u1")})
	r.held = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	return r
}

// publicKey is the form in which the device reads options.
func publicKey(c passkey.Ceremony) string { return fmt.Sprintf(`{"publicKey":%s}`, c.Options) }

func (r *rig) adds() (state string, answer []byte) {
	r.tb.Helper()
	c, err := r.Add(r.person)
	if err != nil {
		r.tb.Fatal(err)
	}
	o, err := virtualwebauthn.ParseAttestationOptions(publicKey(c))
	if err != nil {
		r.tb.Fatal(err)
	}
	return c.State, []byte(virtualwebauthn.CreateAttestationResponse(r.site, r.device, r.held, *o))
}

// added has the person hold the key.
func (r *rig) added() {
	r.tb.Helper()
	state, answer := r.adds()
	k, err := r.Added(r.person, state, answer)
	if err != nil {
		r.tb.Fatal(err)
	}
	r.person.Keys = []passkey.Key{k}
	r.device.AddCredential(r.held)
}

func (r *rig) proves() (state string, answer []byte) {
	r.tb.Helper()
	c, err := r.Enter()
	if err != nil {
		r.tb.Fatal(err)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(publicKey(c))
	if err != nil {
		r.tb.Fatal(err)
	}
	return c.State, []byte(virtualwebauthn.CreateAssertionResponse(r.site, r.device, r.held, *o))
}

func (r *rig) enters(state string, answer []byte) (passkey.Person, passkey.Key, error) {
	return r.Entered(state, answer, func(id string) (passkey.Person, error) {
		if id != r.person.ID {
			return passkey.Person{}, errors.New("nobody")
		}
		return r.person, nil
	})
}

func TestAPasskeyLetsIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.added()
	r.held.Counter = 1
	state, answer := r.proves()
	who, used, err := r.enters(state, answer)
	if err != nil || who.ID != "u1" || used.ID != r.person.Keys[0].ID || used.Copied() {
		t.Fatalf("%+v %v", who, err)
	}
	// An answer is worth one sign-in.
	if _, _, err := r.enters(state, answer); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("a second time: %v", err)
	}
	// The counter stood still: somebody else has the key as well.
	r.person.Keys = []passkey.Key{used}
	who, used, err = r.enters(r.proves())
	if !errors.Is(err, passkey.ErrCopied) || !used.Copied() || who.ID != "u1" {
		t.Errorf("after the counter stood still: %v", err)
	}
}

func TestWhatProvesNothingIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.added()
	state, answer := r.proves()
	forged := []byte(strings.Replace(string(answer), `"signature":"`, `"signature":"AAAA`, 1))
	for name, bad := range map[string][]byte{"nothing": nil, "no JSON": []byte("x"), "empty": []byte("{}"), "forged": forged, "long": slices.Repeat([]byte(" "), 70_000)} {
		if _, _, err := r.enters(state, bad); !errors.Is(err, passkey.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
		state, _ = r.proves()
	}
	// A page elsewhere gets the device to answer for itself only.
	ours := r.site
	r.site.Origin = "https://heed.example.com.evil.example"
	if _, _, err := r.enters(r.proves()); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("of another site: %v", err)
	}
	r.site = ours
	state, answer = r.proves()
	r.now = r.now.Add(6 * time.Minute)
	if _, _, err := r.enters(state, answer); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("too late: %v", err)
	}
	state, answer = r.proves()
	adding, made := r.adds()
	if _, _, err := r.enters(adding, answer); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("with the state of adding one: %v", err)
	}
	if _, err := r.Added(r.person, state, made); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("added with the state of entering: %v", err)
	}
	adding, made = r.adds()
	if _, err := r.Added(passkey.Person{ID: "u2", Name: "Ben"}, adding, made); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("added to somebody else: %v", err)
	}
	r.person.ID = "u2"
	if _, _, err := r.enters(r.proves()); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("of nobody who is known: %v", err)
	}
}

func TestADeviceHoldsOnePasskey(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.added()
	c, err := r.Add(r.person)
	if err != nil || !strings.Contains(string(c.Options), r.person.Keys[0].ID) {
		t.Errorf("the device is not told of what it holds: %s %v", c.Options, err)
	}
	for _, address := range []string{"", "heed.example.com", "://"} {
		if _, err := passkey.New(address, nil); err == nil {
			t.Errorf("%q is an address", address)
		}
	}
}
