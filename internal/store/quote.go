package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"heed/internal/event"
	"heed/internal/vault"
)

// placeOfQuote and placeOfTurn bind what was said to the utterance.
func placeOfQuote(utterance string) string { return "quote/" + utterance }
func placeOfTurn(utterance string) string  { return "turn/" + utterance }

// sealQuotes seals each quote of an emergence under the key of who said it,
// for the emergence is about a theme and its quotes are about people.
func (tx *Tx) sealQuotes(op string, doc []byte) (string, error) {
	var e event.Emergence
	if err := json.Unmarshal(doc, &e); err != nil || len(e.Quotes) == 0 {
		return string(doc), nil //nolint:nilerr // what is no emergence quotes nobody
	}
	for i, q := range e.Quotes {
		person, err := tx.owner(op, q.CallID)
		if err != nil {
			return "", err
		}
		e.Quotes[i].Text, err = tx.sealRaw(op, person, placeOfQuote(q.UtteranceID), []byte(q.Text))
		if err != nil {
			return "", err
		}
	}
	return plain(op, e)
}

// openQuotes opens the quotes of an emergence, and leaves out those of people
// who were erased.
func openQuotes(v *vault.Vault, doc []byte) ([]byte, error) {
	var e event.Emergence
	if err := json.Unmarshal(doc, &e); err != nil || len(e.Quotes) == 0 {
		return doc, nil //nolint:nilerr // as it was stored
	}
	var failed error
	e.Quotes = slices.DeleteFunc(e.Quotes, func(q event.ThemeQuote) bool {
		return vault.Sealed(q.Text) && errors.Is(openQuote(v, &q), ErrErased)
	})
	for i := range e.Quotes {
		failed = errors.Join(failed, openQuote(v, &e.Quotes[i]))
	}
	if failed != nil {
		return nil, failed
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("quotes: encode: %w", err)
	}
	return raw, nil
}

func openQuote(v *vault.Vault, q *event.ThemeQuote) error {
	text, err := open(v, "quote of utterance "+q.UtteranceID, placeOfQuote(q.UtteranceID), []byte(q.Text))
	q.Text = string(text)
	return err
}

// sealTurn seals the text of a turn under the key of the call's customer.
func (tx *Tx) sealTurn(op string, t Turn) (string, error) {
	person, err := tx.owner(op, t.Call)
	if err != nil {
		return "", err
	}
	return tx.sealRaw(op, person, placeOfTurn(t.Utterance), []byte(t.Text))
}

func openTurn(v *vault.Vault, utterance, text string) (string, error) {
	raw, err := open(v, "turn "+utterance, placeOfTurn(utterance), []byte(text))
	return string(raw), err
}
