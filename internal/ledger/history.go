package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heed/internal/consent"
	"heed/internal/store"
)

// LedgerRow is a row with what became of it.
type LedgerRow struct {
	consent.Row

	Told      Told   `json:"told"`
	Text      string `json:"wording_text,omitempty" doc:"The registered words that were shown"`
	Open      bool   `json:"open,omitempty" doc:"Heard on a call, and nobody has confirmed it or taken it back"`
	LiftedBy  string `json:"lifted_by,omitempty" doc:"The row that took it back"`
	Confirmed string `json:"confirmed_by,omitempty" doc:"The row that made it firm"`
}

// Told counts the systems that a row concerns.
type Told struct {
	Of        int `json:"of" doc:"Systems that are to know"`
	Told      int `json:"told"`
	Confirmed int `json:"confirmed" doc:"They read it back, and it was right"`
	Mismatch  int `json:"mismatch" doc:"They say that they see something else"`
}

// LedgerPage is a page of a ledger, the latest row first.
type LedgerPage struct {
	Rows     []LedgerRow `json:"rows"`
	Total    int         `json:"total"`
	Next     string      `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
	Verified bool        `json:"verified" doc:"The chain of hashes is whole"`
}

// History gives a page of a person's ledger after a row; "" begins. A row that
// is not in the ledger is [store.ErrBadPage].
func (s *Service) History(ctx context.Context, customerID, after string, limit int) (LedgerPage, error) {
	b, err := s.book(ctx, customerID)
	if err != nil {
		return LedgerPage{}, err
	}
	told, err := s.tellings(ctx, b)
	if err != nil {
		return LedgerPage{}, err
	}
	h := LedgerPage{Rows: []LedgerRow{}, Total: len(b.rows), Verified: b.whole()}
	from := len(b.rows)
	if after != "" {
		from = slices.IndexFunc(b.rows, func(r consent.Row) bool { return r.ID == after })
		if from < 0 {
			return h, fmt.Errorf("ledger of %s: %w", customerID, store.ErrBadPage)
		}
	}
	for i := from - 1; i >= max(0, from-limit); i-- {
		h.Rows = append(h.Rows, s.entry(b, i, told))
	}
	if from > limit {
		h.Next = b.rows[from-limit].ID
	}
	return h, nil
}

func (s *Service) entry(b *book, i int, told []store.Telling) LedgerRow {
	e := LedgerRow{Row: b.rows[i], Told: count(told, b.rows[i].ID)}
	if e.WordingID != "" {
		t, _ := s.o.Notice.Wording(e.WordingID, e.WordingVersion, e.Language)
		if t.Hash == e.WordingHash {
			e.Text = t.Text
		}
	}
	for _, r := range b.rows[i+1:] {
		switch e.ID {
		case r.Lifts:
			e.LiftedBy = r.ID
		case r.Confirms:
			e.Confirmed = r.ID
		}
	}
	e.Open = e.Provisional && e.LiftedBy == "" && e.Confirmed == ""
	return e
}

func count(told []store.Telling, row string) Told {
	var n Told
	for _, t := range told {
		if t.Row != row {
			continue
		}
		n.Of++
		if !t.Told.IsZero() {
			n.Told++
		}
		switch {
		case !t.Confirmed.IsZero():
			n.Confirmed++
		case t.Seen != "":
			n.Mismatch++
		}
	}
	return n
}

// Knows is what one system was told of a row and what it answered.
type Knows struct {
	Recipient string    `json:"recipient"`
	Since     time.Time `json:"since" doc:"From when on it was to be told"`
	Told      time.Time `json:"told,omitzero"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	Seen      string    `json:"seen,omitempty" doc:"The state that it says it sees"`
	State     string    `json:"state" enum:"waiting,told,confirmed,mismatch"`
	Late      string    `json:"late,omitempty" enum:"late,overdue" doc:"Of what closes: late after an hour, overdue after a day"`
}

// WhoKnows gives the systems that a row concerns.
func (s *Service) WhoKnows(ctx context.Context, customerID, row string) ([]Knows, error) {
	b, err := s.book(ctx, customerID)
	if err != nil {
		return nil, err
	}
	if _, ok := b.row(row); !ok {
		return nil, fmt.Errorf("row %s: %w", row, store.ErrNotFound)
	}
	told, err := s.tellings(ctx, b)
	if err != nil {
		return nil, err
	}
	out := []Knows{}
	for _, t := range told {
		if t.Row == row {
			out = append(out, s.knows(t))
		}
	}
	return out, nil
}

func (s *Service) tellings(ctx context.Context, b *book) ([]store.Telling, error) {
	var out []store.Telling
	for _, id := range b.people {
		told, err := s.o.Store.TellingsOf(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, told...)
	}
	return out, nil
}

func (s *Service) knows(t store.Telling) Knows {
	k := Knows{Recipient: t.Recipient, Since: t.Due, Told: t.Told, Confirmed: t.Confirmed, Seen: t.Seen, State: "waiting"}
	switch {
	case !t.Confirmed.IsZero():
		k.State = "confirmed"
		return k
	case t.Seen != "":
		k.State = "mismatch"
	case !t.Told.IsZero():
		k.State = "told"
	}
	switch age := s.now().Sub(t.Due); {
	case !t.Closes:
	case age > overdueAfter:
		k.Late = "overdue"
	case age > lateAfter:
		k.Late = "late"
	}
	return k
}

func (b *book) row(id string) (*consent.Row, bool) {
	for i := range b.rows {
		if b.rows[i].ID == id {
			return &b.rows[i], true
		}
	}
	return nil, false
}
