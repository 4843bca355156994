// Package passkey adds and checks passkeys: keys that a device or a password
// manager holds, bound to Heed's own address, so that no other site can ask
// for them.
//
// It stores nothing and knows no roles. github.com/go-webauthn/webauthn does
// the work; what it must remember between the two halves of a ceremony is
// sealed and carried by the browser, so that strangers cannot fill memory.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"heed/internal/accounts/sealed"
)

var (
	// ErrRefused says that an answer of a device proves nothing.
	ErrRefused = errors.New("the passkey was not recognised")
	// ErrCopied says that the device's counter went back: there may be two of it.
	ErrCopied = errors.New("this passkey may have been copied")
)

// life is how long a ceremony may take.
const life = 5 * time.Minute

// longest bounds the answer of a device, in bytes.
const longest = 64 << 10

// Person is whose passkeys they are.
type Person struct {
	ID, Name, Login string
	Keys            []Key
}

// Key is a passkey.
type Key struct {
	ID  string // base64url, given by the device
	Doc []byte // what checks its signatures, and how often they were
}

// Copied says that the key's counter went back once.
func (k Key) Copied() bool {
	var c webauthn.Credential
	return json.Unmarshal(k.Doc, &c) == nil && c.Authenticator.CloneWarning
}

// Ceremony is the first half of adding or using a passkey.
type Ceremony struct {
	// State comes back with the device's answer.
	State string
	// Options is what navigator.credentials is called with, as JSON.
	Options json.RawMessage
}

// Keeper is safe for concurrent use.
type Keeper struct {
	w   *webauthn.WebAuthn
	box *sealed.Box
}

// New makes a keeper for the address at which browsers reach Heed, such as
// https://heed.example.com.
func New(address string, box *sealed.Box) (*Keeper, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("passkeys: %q is no address of a server", address)
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Heed", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
		AttestationPreference: protocol.PreferNoAttestation,
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Keeper{w: w, box: box}, nil
}

// person gives the library what it asks of a user.
type person struct {
	Person
	keys []webauthn.Credential
}

func (p person) WebAuthnID() []byte                         { return []byte(p.ID) }
func (p person) WebAuthnDisplayName() string                { return p.Name }
func (p person) WebAuthnCredentials() []webauthn.Credential { return p.keys }

func (p person) WebAuthnName() string {
	if p.Login != "" {
		return p.Login
	}
	return p.Name
}

func of(p Person) (person, error) {
	out := person{Person: p, keys: make([]webauthn.Credential, len(p.Keys))}
	for i, k := range p.Keys {
		if err := json.Unmarshal(k.Doc, &out.keys[i]); err != nil {
			return out, fmt.Errorf("passkey of %s: %w", p.ID, err)
		}
	}
	return out, nil
}

func keyOf(c *webauthn.Credential) (Key, error) {
	doc, err := json.Marshal(c)
	if err != nil {
		return Key{}, fmt.Errorf("passkey: %w", err)
	}
	return Key{ID: base64.RawURLEncoding.EncodeToString(c.ID), Doc: doc}, nil
}

// the purposes of seals.
const (
	adding   = "add a passkey"
	entering = "sign in by a passkey"
)

func (k *Keeper) ceremony(purpose string, session *webauthn.SessionData, options any) (Ceremony, error) {
	raw, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, fmt.Errorf("%s: %w", purpose, err)
	}
	state, err := k.box.Seal(purpose, session, life)
	return Ceremony{State: state, Options: raw}, err
}

// Add begins to add a passkey.
func (k *Keeper) Add(p Person) (Ceremony, error) {
	who, err := of(p)
	if err != nil {
		return Ceremony{}, err
	}
	var has []protocol.CredentialDescriptor
	for i := range who.keys {
		has = append(has, who.keys[i].Descriptor())
	}
	options, session, err := k.w.BeginRegistration(who, webauthn.WithExclusions(has))
	if err != nil {
		return Ceremony{}, fmt.Errorf("%s: %w", adding, err)
	}
	return k.ceremony(adding, session, options.Response)
}

// Added ends adding one with the answer of the device.
func (k *Keeper) Added(p Person, state string, answer []byte) (Key, error) {
	who, err := of(p)
	if err != nil {
		return Key{}, err
	}
	var session webauthn.SessionData
	if err := k.box.Open(adding, state, &session); err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if len(answer) > longest {
		return Key{}, ErrRefused
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	made, err := k.w.CreateCredential(who, session, parsed)
	if err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return keyOf(made)
}

// Enter begins to sign in somebody who is not known yet: the device says who.
func (k *Keeper) Enter() (Ceremony, error) {
	options, session, err := k.w.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, fmt.Errorf("%s: %w", entering, err)
	}
	return k.ceremony(entering, session, options.Response)
}

// Entered ends it with the answer of the device. find gives a person by id. The
// key is to be kept as it comes back, also with [ErrCopied].
func (k *Keeper) Entered(state string, answer []byte, find func(id string) (Person, error)) (Person, Key, error) {
	var session webauthn.SessionData
	if err := k.box.Open(entering, state, &session); err != nil {
		return Person{}, Key{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if len(answer) > longest {
		return Person{}, Key{}, ErrRefused
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Person{}, Key{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	var who person
	_, used, err := k.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		p, err := find(string(handle))
		if err != nil {
			return nil, err
		}
		who, err = of(p)
		return who, err
	}, session, parsed)
	if err != nil {
		return Person{}, Key{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	key, err := keyOf(used)
	if err == nil && used.Authenticator.CloneWarning {
		err = ErrCopied
	}
	return who.Person, key, err
}
