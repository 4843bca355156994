package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/store"
)

// keptBooks bounds the ledgers that are kept read.
const keptBooks = 256

// book is the ledger of a person as it was read, or of several who are one.
type book struct {
	state  string        // of what it was read from; another one means to read again
	people []string      // whose rows they are, the oldest person first
	rows   []consent.Row // each once, in the order of writing
	index  *consent.Index
}

// page names a book: the whole ledger of whom an id stands for, or what of it
// can answer for one purpose on one channel.
type page struct {
	customer string
	part     bool
	purpose  consent.Purpose
	channel  string
}

// tip gives the hash of the last row, "" of an empty ledger.
func (b *book) tip() string {
	if len(b.rows) == 0 {
		return ""
	}
	return b.rows[len(b.rows)-1].Hash
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
// read when nothing of it has changed. Somebody who is not there is
// [store.ErrNotFound].
func (s *Service) book(ctx context.Context, customerID string) (*book, error) {
	return s.open(ctx, page{customer: customerID})
}

// about gives a book that answers for a cell. Of a person whose ledger is not
// kept read it reads only the rows that may: opening what is sealed is what a
// long ledger costs.
func (s *Service) about(ctx context.Context, customerID string, c consent.Cell) (*book, error) {
	return s.open(ctx, page{customer: customerID, part: true, purpose: c.Purpose, channel: c.Channel})
}

func (s *Service) open(ctx context.Context, p page) (*book, error) {
	b, err := s.read(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("ledger of %s: %w", p.customer, err)
	}
	return b, nil
}

func (s *Service) read(ctx context.Context, p page) (*book, error) {
	people, err := s.o.Store.Members(ctx, p.customer)
	if err != nil {
		return nil, err
	}
	// The state comes first: what is committed between the two reads leaves a
	// book that is newer than its state, and the next question reads again.
	state, err := s.state(ctx, p.customer, people)
	if err != nil {
		s.forget(p.customer)
		return nil, err
	}
	whole := page{customer: p.customer}
	if b := s.kept(whole, state); b != nil {
		return b, nil
	}
	if p.part && len(people) == 1 {
		if b := s.kept(p, state); b != nil {
			return b, nil
		}
		rows, err := s.o.Store.ConsentAbout(ctx, p.customer, p.purpose, p.channel)
		if err != nil {
			return nil, err
		}
		return s.keep(p, &book{state: state, people: people, rows: rows, index: consent.NewIndex(rows)}), nil
	}
	b, err := s.all(ctx, p.customer)
	if err != nil {
		return nil, err
	}
	b.state = state
	return s.keep(whole, b), nil
}

// state says in what state the ledgers of some people and the links between them
// are. The person asked for must be there.
func (s *Service) state(ctx context.Context, customerID string, people []string) (string, error) {
	var out strings.Builder
	for _, id := range people {
		last, err := s.o.Store.LastConsent(ctx, id)
		switch {
		case errors.Is(err, store.ErrNotFound) && id == customerID:
			if _, err := s.o.Store.Profile(ctx, id); err != nil {
				return "", err
			}
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrErased) && id != customerID:
		case err != nil:
			return "", err
		}
		fmt.Fprintf(&out, "%s %s %t\n", id, last.Hash, errors.Is(err, store.ErrErased))
	}
	if len(people) < 2 {
		return out.String(), nil
	}
	links, err := s.o.Store.Merges(ctx, people)
	if err != nil {
		return "", err
	}
	for _, l := range links {
		fmt.Fprintln(&out, l.ID, l.RemovedAt.IsZero())
	}
	return out.String(), nil
}

// all reads the whole ledger of whom an id stands for.
func (s *Service) all(ctx context.Context, customerID string) (*book, error) {
	p, err := brain.Read(ctx, s.o.Store, customerID)
	if err != nil {
		return nil, err
	}
	b := &book{people: p.Members, index: consent.NewIndex(p.Ledger)}
	for _, r := range p.Ledger {
		if r.CustomerID != p.Members[r.Member] {
			continue // it is among its own person's too
		}
		r.Member = 0
		b.rows = append(b.rows, r)
	}
	if len(p.Members) > 1 {
		slices.SortStableFunc(b.rows, func(a, b consent.Row) int { return a.RecordedAt.Compare(b.RecordedAt) })
	}
	return b, nil
}

func (s *Service) kept(p page, state string) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.known[p]; b != nil && b.state == state {
		return b
	}
	return nil
}

func (s *Service) keep(p page, b *book) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.known[p]; !there && len(s.known) >= keptBooks {
		for other := range s.known { // any will do
			delete(s.known, other)
			break
		}
	}
	s.known[p] = b
	return b
}

// forget drops every book that has rows of a person.
func (s *Service) forget(customerID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, b := range s.known {
		if p.customer == customerID || slices.Contains(b.people, customerID) {
			delete(s.known, p)
		}
	}
}
