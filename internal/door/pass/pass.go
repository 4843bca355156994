// Package pass decides who may come through the customer's own door: whoever
// proves to hold an address of that customer, by a link or by a code that was
// sent there.
//
// It keeps only sums of secrets, binds each to its customer, address and end
// with a keyed hash, and never tells a stranger whether an address is known.
// It sends nothing and shows nothing.
package pass

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// How long each pass lasts.
const (
	LinkLife  = 24 * time.Hour
	CodeLife  = 10 * time.Minute
	VisitLife = time.Hour
)

// MaxTries is how often one code may be tried.
const MaxTries = 5

// secretSize is how many random bytes a link and a visit have.
const secretSize = 32

// The refusals. Each is the same for what never was, what is over and what
// somebody else has.
var (
	ErrSpent  = errors.New("this link was used already or has expired")
	ErrWrong  = errors.New("this is not the code")
	ErrLocked = errors.New("this code can no longer be tried")
	ErrNobody = errors.New("the visit is over")
)

// Address is where a link or a code is sent.
type Address struct {
	Type  string // "email" or "phone"
	Value string // normalised
}

// Keeper makes passes and checks them. It is safe for concurrent use.
type Keeper struct {
	store  *store.Store
	secret []byte
	now    func() time.Time
}

// New makes a keeper. The secret is the installation's own, 32 bytes: another
// one ends all that is open.
func New(s *store.Store, secret []byte, now func() time.Time) *Keeper {
	return &Keeper{store: s, secret: secret, now: now}
}

// Visit is a customer who came in.
type Visit struct {
	CustomerID string
	How        string
	Expires    time.Time
	// Token is what each form of this visit carries.
	Token string
	hash  store.Hash
}

// Link makes the token of a link for a customer and an address of theirs, and
// notes who asked for it.
func (k *Keeper) Link(ctx context.Context, customerID string, to Address, by string) (token string, expires time.Time, err error) {
	nonce := random()
	expires = k.now().Add(LinkLife).UTC().Truncate(time.Millisecond)
	mac := k.linkMAC(nonce, customerID, to.String(), expires)
	err = k.store.Write(ctx, func(tx *store.Tx) error {
		err := tx.AddPass(store.HashOf(nonce), store.Pass{
			Kind: "link", CustomerID: customerID, Expires: expires,
			PassDetail: store.PassDetail{Address: to.String(), By: by},
		})
		if err != nil {
			return err
		}
		return k.note(tx, customerID, event.DoorUse{Act: "invited", How: to.Type, By: by})
	})
	if err != nil {
		return "", expires, fmt.Errorf("link of the door: %w", err)
	}
	return nonce + "." + mac, expires, nil
}

// String is the address in the form that is bound to a pass.
func (a Address) String() string { return a.Type + " " + a.Value }

func (k *Keeper) linkMAC(nonce, customerID, address string, expires time.Time) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("link", nonce, customerID, address, strconv.FormatInt(expires.UnixMilli(), 10)))
}

// mac is a keyed sum of parts, each with its length before it.
func (k *Keeper) mac(parts ...string) []byte {
	h := hmac.New(sha256.New, k.secret)
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash takes everything
	}
	return h.Sum(nil)
}

// random gives secretSize random bytes in URL-safe text.
func random() string {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// codes is how many different codes there are.
const codes = 1_000_000

// Try makes the secret of a browser that asks for a code.
func Try() string { return random() }

// Code makes the one-time code of a try, without which it opens nothing. An
// empty customer makes a code that nothing matches and that behaves as any
// other.
func (k *Keeper) Code(ctx context.Context, try, customerID string, to Address) (digits string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(codes))
	if err != nil {
		return "", fmt.Errorf("code of the door: %w", err)
	}
	digits = fmt.Sprintf("%06d", n.Int64())
	p := store.Pass{
		Kind: "code", CustomerID: customerID, Expires: k.now().Add(CodeLife),
		PassDetail: store.PassDetail{Code: hex.EncodeToString(k.mac("code", try, customerID, digits)), By: "customer"},
	}
	if customerID != "" {
		p.Address = to.String()
	}
	err = k.store.Write(ctx, func(tx *store.Tx) error { return tx.AddPass(store.HashOf(try), p) })
	if err != nil {
		return "", fmt.Errorf("code of the door: %w", err)
	}
	return digits, nil
}

// Void takes a try's code back; one that is not there is fine.
func (k *Keeper) Void(ctx context.Context, try string) error {
	if err := k.store.Write(ctx, func(tx *store.Tx) error { return tx.DropPass(store.HashOf(try)) }); err != nil {
		return fmt.Errorf("code of the door: %w", err)
	}
	return nil
}

// note writes what was done at the door into the log.
func (k *Keeper) note(tx *store.Tx, customerID string, u event.DoorUse) error {
	e, err := event.New(event.DoorUsed, k.now(), event.About{Subject: customerID}, u)
	if err != nil {
		return err
	}
	return tx.Append(e)
}

// Note commits that a customer did something at the door, such as "read" and
// "calls"; see [event.DoorUse].
func (k *Keeper) Note(ctx context.Context, v Visit, act, what string) error {
	err := k.store.Write(ctx, func(tx *store.Tx) error {
		return k.note(tx, v.CustomerID, event.DoorUse{Act: act, What: what, How: v.How, By: "customer"})
	})
	if err != nil {
		return fmt.Errorf("door of %s: %w", v.CustomerID, err)
	}
	return nil
}

// Revoke ends every link, code and visit of a customer, and says how many.
func (k *Keeper) Revoke(ctx context.Context, customerID, by string) (n int, err error) {
	err = k.store.Write(ctx, func(tx *store.Tx) error {
		if n, err = tx.DropPasses(customerID); err != nil {
			return err
		}
		return k.note(tx, customerID, event.DoorUse{Act: "revoked", By: by})
	})
	if err != nil {
		return 0, fmt.Errorf("door of %s: %w", customerID, err)
	}
	return n, nil
}
