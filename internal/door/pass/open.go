package pass

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"heed/internal/event"
	"heed/internal/store"
)

// Opened is a visit that was opened just now.
type Opened struct {
	Secret     string // of the visit, for the browser
	CustomerID string
	Address    Address // that was proven to be the customer's
}

// OpenLink uses a link up and opens a visit, or gives [ErrSpent].
func (k *Keeper) OpenLink(ctx context.Context, token string) (o Opened, err error) {
	nonce, mac, _ := strings.Cut(token, ".")
	hash := store.HashOf(nonce)
	err = k.store.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.Pass("link", hash)
		if err != nil {
			return err
		}
		if !same(mac, k.linkMAC(nonce, p.CustomerID, p.Address, p.Expires)) {
			return store.ErrNotFound
		}
		o, err = k.enter(tx, hash, p)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Opened{}, ErrSpent
	case err != nil:
		return Opened{}, fmt.Errorf("open the door by a link: %w", err)
	}
	return o, nil
}

// OpenCode tries a code and opens a visit, or gives [ErrWrong], or [ErrLocked]
// when this was the last try or the code is over.
func (k *Keeper) OpenCode(ctx context.Context, try, digits string) (o Opened, err error) {
	hash := store.HashOf(try)
	var refused error
	err = k.store.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.Pass("code", hash)
		switch {
		case errors.Is(err, store.ErrNotFound):
			refused = ErrLocked
			return nil
		case err != nil:
			return err
		}
		// Compared also where nobody is behind it, and only then looked at.
		match := same(p.Code, hex.EncodeToString(k.mac("code", try, p.CustomerID, digits)))
		if match && p.CustomerID != "" && p.Tries < MaxTries {
			o, err = k.enter(tx, hash, p)
			return err
		}
		refused = ErrWrong
		if p.Tries+1 >= MaxTries {
			refused = ErrLocked
			return tx.DropPass(hash)
		}
		return tx.TryPass(hash)
	})
	if err != nil {
		return Opened{}, fmt.Errorf("open the door by a code: %w", err)
	}
	return o, refused
}

// enter turns a pass into a visit, whose secret is always new.
func (k *Keeper) enter(tx *store.Tx, hash store.Hash, p store.Pass) (Opened, error) {
	o := Opened{Secret: random(), CustomerID: p.CustomerID}
	o.Address.Type, o.Address.Value, _ = strings.Cut(p.Address, " ")
	if err := tx.DropPass(hash); err != nil {
		return o, err
	}
	now := k.now()
	err := tx.AddPass(store.HashOf(o.Secret), store.Pass{
		Kind: "visit", CustomerID: p.CustomerID, Expires: now.Add(VisitLife),
		PassDetail: store.PassDetail{How: p.Kind, Since: now.UTC()},
	})
	if err != nil {
		return o, err
	}
	return o, k.note(tx, p.CustomerID, event.DoorUse{Act: "opened", How: p.Kind, By: "customer"})
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Visit gives who is behind a visit's secret, or [ErrNobody].
func (k *Keeper) Visit(ctx context.Context, secret string) (Visit, error) {
	if secret == "" {
		return Visit{}, ErrNobody
	}
	hash := store.HashOf(secret)
	p, err := k.store.Pass(ctx, "visit", hash)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Visit{}, ErrNobody
	case err != nil:
		return Visit{}, fmt.Errorf("visit: %w", err)
	}
	return Visit{
		CustomerID: p.CustomerID, How: p.How, Expires: p.Expires,
		Token: hex.EncodeToString(k.mac("form", secret)), hash: hash,
	}, nil
}

// Right says whether a form carried the visit's token.
func (v Visit) Right(token string) bool { return same(v.Token, token) }

// Leave ends a visit.
func (k *Keeper) Leave(ctx context.Context, v Visit) error {
	err := k.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropPass(v.hash); err != nil {
			return err
		}
		return k.note(tx, v.CustomerID, event.DoorUse{Act: "left", By: "customer"})
	})
	if err != nil {
		return fmt.Errorf("leave the door: %w", err)
	}
	return nil
}

// Drop ends every pass of a customer without a word in the log, for one who
// was forgotten.
func (k *Keeper) Drop(ctx context.Context, customerID string) error {
	err := k.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.DropPasses(customerID)
		return err
	})
	if err != nil {
		return fmt.Errorf("door of %s: %w", customerID, err)
	}
	return nil
}
