package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/vault"
)

// reader reads what was committed, and opens what was sealed.
type reader struct {
	*sqlx.DB

	vault *vault.Vault
}

// placeOf names what a document is, so that one cannot stand in for another
// kind. The names are in what is stored and stay.
func placeOf(v any) string {
	switch v.(type) {
	case event.Call:
		return "call"
	case event.Correction:
		return "correction"
	case insights.Utterance:
		return "utterance"
	case insights.Insight:
		return "insight"
	case insights.Summary:
		return "summary"
	case customer.Profile:
		return "customer"
	case customer.Merge:
		return "merge"
	case customer.Review:
		return "review"
	case consent.Row:
		return "consent"
	case decide.Decision:
		return "decision"
	case decide.Outcome:
		return "outcome"
	}
	return placeBeside(v)
}

// placeBeside is placeOf for what was added later.
func placeBeside(v any) string {
	switch v.(type) {
	case event.Slot:
		return "slot"
	case decide.Proposal:
		return "proposal"
	case event.Told:
		return "told"
	case event.Detail:
		return "detail"
	case event.Origin:
		return "origin"
	case Incoming:
		return "recording"
	case SavedAs:
		return "search"
	case Wanted:
		return "subscription"
	case event.Alert:
		return "alert"
	case Posted:
		return "post"
	case Purchase:
		return "purchase"
	}
	return placeWatched(v)
}

// placeWatched is placeOf for what is kept of live calls.
func placeWatched(v any) string {
	switch v.(type) {
	case WatchWanted:
		return "rule"
	case WatchTold:
		return "watch alert"
	}
	return placeWritten(v)
}

// placeWritten is placeOf for what people write themselves.
func placeWritten(v any) string {
	switch v.(type) {
	case event.Comment:
		return "comment"
	case event.Handling:
		return "handling"
	}
	return "document"
}

// seal encodes what is stored whole of a person, under that person's key.
func (tx *Tx) seal(op, person string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("%s: encode: %w", op, err)
	}
	return tx.sealRaw(op, person, placeOf(v), raw)
}

func (tx *Tx) sealRaw(op, person, place string, raw []byte) (string, error) {
	if tx.w == nil {
		return "", fmt.Errorf("%s: the transaction is over", op)
	}
	sealed, err := tx.w.vault.Seal(person, place, raw)
	if err != nil {
		return "", fmt.Errorf("%s: %w", op, err)
	}
	return sealed, nil
}

// ownerOf is whose a call is: its customer's, or while it has none its own.
const ownerOf = `SELECT CASE customer WHEN '' THEN id ELSE customer END FROM call WHERE id = ?`

// owner gives the person under whose key all about a call is sealed.
func (tx *Tx) owner(op, callID string) (string, error) {
	var person string
	err := tx.get(op, &person, ownerOf, callID)
	if errors.Is(err, ErrNotFound) {
		return callID, nil // what refers to it is refused, or it comes later
	}
	return person, err
}

// sealFor seals what is stored whole about a call.
func (tx *Tx) sealFor(op, callID string, v any) (string, error) {
	person, err := tx.owner(op, callID)
	if err != nil {
		return "", err
	}
	return tx.seal(op, person, v)
}

// plain encodes what is stored whole and is about nobody.
func plain(op string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("%s: encode: %w", op, err)
	}
	return string(raw), nil
}

// document is a stored one as it was read. As a string it is not copied once
// more on its way from the driver.
type document interface{ string | []byte }

// open gives what was stored, opened if it was sealed. [ErrErased] when the
// person was erased.
func open[D document](v *vault.Vault, op, place string, stored D) ([]byte, error) {
	text := string(stored)
	if !vault.Sealed(text) {
		return []byte(stored), nil
	}
	raw, err := v.Open(text, place)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	return raw, nil
}

// isSealed says that a document was sealed.
func isSealed(doc []byte) bool { return vault.Sealed(string(doc)) }

// emptied stands for a document of a person who was erased.
func emptied(person string) string { return vault.Nothing(person) }

// decode reads what is stored whole.
func decode[T any, D document](v *vault.Vault, op string, stored D, into *T) error {
	raw, err := open(v, op, placeOf(*into), stored)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: decode: %w", op, err)
	}
	return nil
}

// one reads a row that is stored whole.
func one[T any](ctx context.Context, db *reader, op, query string, args ...any) (T, error) {
	var v T
	var raw string
	switch err := db.GetContext(ctx, &raw, query, args...); {
	case errors.Is(err, sql.ErrNoRows):
		return v, fmt.Errorf("%s: %w", op, ErrNotFound)
	case err != nil:
		return v, fmt.Errorf("%s: %w", op, classify(err))
	}
	err := decode(db.vault, op, raw, &v)
	return v, err
}

// many reads rows that are stored whole, but those of people who were erased.
// It gives an empty list, never nil.
func many[T any](ctx context.Context, db *reader, op, query string, args ...any) ([]T, error) {
	var raws []string
	if err := db.SelectContext(ctx, &raws, query, args...); err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	out := make([]T, 0, len(raws))
	for _, raw := range raws {
		var v T
		switch err := decode(db.vault, op, raw, &v); {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, err
		default:
			out = append(out, v)
		}
	}
	return out, nil
}

// sealAbout seals what is stored whole of a subject, or of a call where none
// is named.
func (tx *Tx) sealAbout(op, subject, callID string, v any) (string, error) {
	if subject == "" {
		return tx.sealFor(op, callID, v)
	}
	return tx.seal(op, subject, v)
}
