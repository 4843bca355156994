package door

import (
	"net/http"
	"slices"

	"heed/internal/consent"
	"heed/internal/door/pass"
)

// heed writes down what the visitor's browser says by itself: Sec-GPC: 1 is an
// opt-out of sale and sharing. Once is enough, and what the person has chosen
// on these pages since then stands above their browser.
func (d *Door) heed(r *http.Request, v pass.Visit) error {
	if r.Header.Get("Sec-GPC") != "1" {
		return nil
	}
	rows, err := d.o.Reader.Ledger(r.Context(), v.CustomerID)
	if err != nil {
		return err
	}
	said := func(row consent.Row) bool { return row.Purpose == consent.Sale && row.Source == ownPages }
	if slices.ContainsFunc(rows, said) || consent.Now(rows, consent.Cell{Purpose: consent.Sale}, d.o.Now()).Denies() {
		return nil
	}
	_, err = d.o.Acts.SetConsent(r.Context(), consent.Row{
		CustomerID: v.CustomerID, Cell: consent.Cell{Purpose: consent.Sale}, State: consent.Withdrawn,
		Source: ownPages, Actor: "customer", Basis: consent.ByConsent, Medium: "web", Method: "browser signal",
		Evidence: "the header Sec-GPC: 1",
	})
	return err
}
