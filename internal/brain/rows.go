package brain

import (
	"slices"

	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/store"
)

// addRow makes r the next row of the person's ledger, to be committed with the
// change, and gives it sealed. What is advised is decided anew.
func (w *change) addRow(r consent.Row) consent.Row {
	r = consent.Seal(w.rows, r)
	w.rows, w.newRows = append(slices.Clip(w.rows), r), append(w.newRows, r)
	w.decide = true
	return r
}

// writeRows stores what the change adds to the ledger.
func (w *change) writeRows(tx *store.Tx) error {
	for _, r := range w.newRows {
		if err := tx.AddConsent(r); err != nil {
			return err
		}
		if err := appendEvent(tx, event.ConsentChanged, w.at, event.About{Subject: r.CustomerID, Call: w.callID()}, r); err != nil {
			return err
		}
	}
	return nil
}
