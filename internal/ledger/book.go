package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/store"
)

// keptBooks bounds the ledgers that are kept read.
const keptBooks = 256

// page names a book: whose it is, and the purpose and channel whose rows it
// holds; no purpose means all.
type page struct {
	customer, purpose, channel string
}

// book is the ledger of a person as it was read, or of several who are one.
type book struct {
	tip    string        // what the ledgers and the links between people were when it was read
	people []string      // whose rows they are, the oldest person first
	rows   []consent.Row // each once, in the order of writing
	index  *consent.Index
}

// whole says whether each person's chain is as it was written.
func (b *book) whole() bool {
	for _, id := range b.people {
		if consent.Verify(slices.DeleteFunc(slices.Clone(b.rows), func(r consent.Row) bool { return r.CustomerID != id })) != nil {
			return false
		}
	}
	return true
}

// book reads the ledger of whom an id stands for, or gives the one that was
// read when it has not changed. Somebody who is not there is
// [store.ErrNotFound].
func (s *Service) book(ctx context.Context, customerID string) (*book, error) {
	return s.read(ctx, page{customer: customerID})
}

// about reads what a ledger says of one cell: of a long one that is quicker.
// Its chain is not whole.
func (s *Service) about(ctx context.Context, customerID string, c consent.Cell) (*book, error) {
	whole := page{customer: customerID}
	s.mu.Lock()
	_, read := s.known[whole]
	s.mu.Unlock()
	if read {
		return s.read(ctx, whole)
	}
	return s.read(ctx, page{customerID, string(c.Purpose), c.Channel})
}

func (s *Service) read(ctx context.Context, p page) (*book, error) {
	tip, err := s.tip(ctx, p.customer)
	if err != nil {
		s.forget(p)
		return nil, fmt.Errorf("ledger of %s: %w", p.customer, err)
	}
	s.mu.Lock()
	b := s.known[p]
	s.mu.Unlock()
	if b != nil && b.tip == tip {
		return b, nil
	}
	who, err := brain.Read(ctx, part{s.o.Store, p}, p.customer)
	if err != nil {
		return nil, fmt.Errorf("ledger of %s: %w", p.customer, err)
	}
	b = &book{tip: tip, people: who.Members, index: consent.NewIndex(who.Ledger)}
	for _, r := range who.Ledger {
		if r.CustomerID != who.Members[r.Member] {
			continue // it is among its own person's too
		}
		r.Member = 0
		b.rows = append(b.rows, r)
	}
	if len(who.Members) > 1 {
		slices.SortStableFunc(b.rows, func(a, b consent.Row) int { return a.RecordedAt.Compare(b.RecordedAt) })
	}
	s.keep(p, b)
	return b, nil
}

// tip tells one state of the ledgers from every other: the last row of each
// person, and the links between them. It is read before they are, so that what
// comes between the two is read again.
func (s *Service) tip(ctx context.Context, customerID string) (string, error) {
	members, err := s.o.Store.Members(ctx, customerID)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, id := range members {
		last, err := s.o.Store.LastConsent(ctx, id)
		switch {
		case errors.Is(err, store.ErrErased) && id != customerID:
			continue
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return "", err
		}
		parts = append(parts, id, last.Hash)
	}
	if len(members) > 1 {
		links, err := s.o.Store.Merges(ctx, members)
		if err != nil {
			return "", err
		}
		for _, l := range links {
			parts = append(parts, l.ID, l.RemovedAt.String())
		}
	}
	return strings.Join(parts, " "), nil
}

// part reads people with a part of their ledgers.
type part struct {
	*store.Store

	page page
}

// Consent gives the rows of the part.
func (p part) Consent(ctx context.Context, customerID string) ([]consent.Row, error) {
	if p.page.purpose == "" {
		return p.Store.Consent(ctx, customerID)
	}
	return p.ConsentAbout(ctx, customerID, consent.Purpose(p.page.purpose), p.page.channel)
}

func (s *Service) keep(p page, b *book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= keptBooks {
		for old := range s.known { // any will do
			delete(s.known, old)
			break
		}
	}
	s.known[p] = b
}

func (s *Service) forget(p page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, p)
}

// drop forgets all that was read of a person.
func (s *Service) drop(customerID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.known, func(p page, b *book) bool {
		return p.customer == customerID || slices.Contains(b.people, customerID)
	})
}
