package ledger

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"heed/internal/consent"
	"heed/internal/store"
)

const (
	dayShape = "2006-01-02"
	// settle is how long after midnight a day is signed: what was recorded
	// before midnight is committed by then.
	settle    = 10 * time.Minute
	lookEvery = 10 * time.Minute
)

// Run signs each day that is over, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.SignDays(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the day's ledgers are not signed; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// SignDays signs every day that is over and has no root yet.
func (s *Service) SignDays(ctx context.Context) error {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return err
	}
	day, prev := time.Time{}, ""
	if n := len(roots); n > 0 {
		last, err := time.Parse(dayShape, roots[n-1].Day)
		if err != nil {
			return fmt.Errorf("root of %q: %w", roots[n-1].Day, err)
		}
		day, prev = last.AddDate(0, 0, 1), roots[n-1].Hash
	} else if day, err = s.o.Store.FirstConsent(ctx); err != nil || day.IsZero() {
		return err
	}
	day = day.UTC().Truncate(24 * time.Hour)
	for next := day.AddDate(0, 0, 1); !s.now().Before(next.Add(settle)); next = next.AddDate(0, 0, 1) {
		tips, err := s.tips(ctx, next)
		if err != nil {
			return err
		}
		r := consent.RootOf(next.AddDate(0, 0, -1).Format(dayShape), prev, tips).Sign(s.o.Key, s.now())
		if err := s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddRoot(r) }); err != nil {
			return err
		}
		prev = r.Hash
	}
	return nil
}

// tips gives the ends of all ledgers before a moment.
func (s *Service) tips(ctx context.Context, before time.Time) ([]consent.Tip, error) {
	links, err := s.o.Store.ConsentTips(ctx, before)
	if err != nil {
		return nil, err
	}
	out := make([]consent.Tip, len(links))
	for i, l := range links {
		out[i] = consent.Tip{CustomerID: l.Person, Hash: l.Hash}
	}
	return out, nil
}

// Audit is what was found by reading all ledgers and all signatures.
type Audit struct {
	Ledgers  int      `json:"ledgers"`
	Rows     int      `json:"rows"`
	Erased   int      `json:"erased" doc:"Ledgers of erased persons: their chains are whole, what they said is gone"`
	Days     int      `json:"days" doc:"Signed days"`
	Key      string   `json:"key" doc:"Hex Ed25519 public key that every day is signed with"`
	Problems []string `json:"problems" doc:"What does not fit; none means that all is as it was written"`
}

// problemsTold bounds what an audit lists.
const problemsTold = 100

func (a *Audit) problem(format string, args ...any) {
	if len(a.Problems) < problemsTold {
		a.Problems = append(a.Problems, fmt.Sprintf(format, args...))
	}
}

// Verify reads every ledger and every signed day. It takes its time: some ten
// thousand rows a second.
func (s *Service) Verify(ctx context.Context) (Audit, error) {
	public, _ := s.o.Key.Public().(ed25519.PublicKey)
	a := Audit{Key: hex.EncodeToString(public), Problems: []string{}}
	tips, err := s.tips(ctx, s.now().Add(time.Hour))
	if err != nil {
		return a, err
	}
	for _, t := range tips {
		if err := s.audit(ctx, t, &a); err != nil {
			return a, err
		}
	}
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return a, err
	}
	prev := ""
	for _, r := range roots {
		day, err := time.Parse(dayShape, r.Day)
		if err != nil {
			a.problem("root of %s: not a day", r.Day)
			continue
		}
		tips, err := s.tips(ctx, day.AddDate(0, 0, 1))
		if err != nil {
			return a, err
		}
		if err := r.Check(prev, tips); err != nil {
			a.problem("%s", err)
		}
		if r.Key != a.Key {
			a.problem("root of %s: signed with another key", r.Day)
		}
		prev = r.Hash
	}
	a.Days = len(roots)
	return a, nil
}

// audit checks one ledger. What an erased person's rows said cannot be read
// any more; that they follow each other still can.
func (s *Service) audit(ctx context.Context, t consent.Tip, a *Audit) error {
	links, err := s.o.Store.ConsentLinks(ctx, t.CustomerID)
	if err != nil {
		return err
	}
	a.Ledgers++
	a.Rows += len(links)
	prev := ""
	for _, l := range links {
		if l.PrevHash != prev {
			a.problem("ledger of %s: row %s does not follow the one before it", t.CustomerID, l.ID)
		}
		prev = l.Hash
	}
	if links[0].Gone {
		return s.auditErased(ctx, t.CustomerID, links, a)
	}
	rows, err := s.o.Store.Consent(ctx, t.CustomerID)
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil:
		a.problem("ledger of %s: %s", t.CustomerID, err)
		return nil
	case len(rows) != len(links):
		a.problem("ledger of %s: %d of %d rows can be read", t.CustomerID, len(rows), len(links))
	}
	if err := consent.Verify(rows); err != nil {
		a.problem("ledger of %s: %s", t.CustomerID, err)
	}
	for i := range min(len(rows), len(links)) {
		if rows[i].Hash != links[i].Hash {
			a.problem("ledger of %s: row %s is not the one that was chained", t.CustomerID, links[i].ID)
		}
	}
	return nil
}

// auditErased holds a ledger whose rows are gone against what an erasure
// leaves: none of the rows and not the person.
func (s *Service) auditErased(ctx context.Context, customerID string, links []store.ConsentLink, a *Audit) error {
	a.Erased++
	for _, l := range links {
		if !l.Gone {
			a.problem("ledger of %s: only some of the rows are gone", customerID)
			return nil
		}
	}
	_, err := s.o.Store.Profile(ctx, customerID)
	switch {
	case errors.Is(err, store.ErrErased):
		return nil
	case err == nil || errors.Is(err, store.ErrNotFound):
		a.problem("ledger of %s: the rows are gone, but the person was not erased", customerID)
		return nil
	}
	return err
}
