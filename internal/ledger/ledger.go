// Package ledger is the consent ledger at work: it answers what a person
// allows now, at a past moment and as far as was known, writes rows for people
// who may, tells other systems and keeps account of what they confirmed, signs
// the state of all ledgers each day, and makes receipts.
//
// The rules are in package consent and the storage is the store's. Rows are
// committed by whoever decides again upon them, see [Options].
package ledger

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"heed/internal/consent"
	"heed/internal/notice"
	"heed/internal/store"
)

// Options is what a ledger service needs; all but Now.
type Options struct {
	Store  *store.Store
	Writer Writer
	Notice *notice.Notice
	// Key signs the daily roots.
	Key    ed25519.PrivateKey
	Logger *slog.Logger
	Now    func() time.Time // nil means time.Now
}

// Writer commits a row with everything that follows from it. A row that does
// not belong into the ledger is a [consent.Invalid].
type Writer interface {
	SetConsent(ctx context.Context, r consent.Row) (consent.Row, error)
}

// Service is safe for concurrent use.
type Service struct {
	o   Options
	log *slog.Logger
	now func() time.Time

	mu    sync.Mutex
	known map[page]*book // at most keptBooks
}

// New makes a service. It starts nothing; see [Service.Run].
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o, log: o.Logger.With("component", "ledger"), now: o.Now, known: make(map[page]*book)}
}

// Notice gives what people are told and asked.
func (s *Service) Notice() *notice.Notice { return s.o.Notice }

// Standing is what a cell says at a moment, in words too.
type Standing struct {
	consent.Cell

	State   consent.State `json:"state"`
	Allowed bool          `json:"allowed" doc:"Only a yes allows; what serves the customer needs no yes, only no no"`
	Why     string        `json:"why" doc:"One sentence for people"`
	Since   time.Time     `json:"since,omitzero"`
	Row     *consent.Row  `json:"row,omitempty" doc:"The row that says so; absent when nothing was ever recorded"`
}

func stand(c consent.Cell, a consent.Answer) Standing {
	out := Standing{Cell: c, State: a.State, Row: a.Row, Why: why(a)}
	out.Allowed = a.State == consent.Granted || (c.Purpose == consent.Service && !a.Denies())
	if a.Row != nil {
		out.Since = a.Row.At
	}
	return out
}

// why puts an answer into a sentence.
func why(a consent.Answer) string {
	r := a.Row
	if r == nil {
		return "Nothing was ever recorded, and unknown is not a yes."
	}
	day := r.At.Format("2 January 2006, 15:04") + " UTC"
	by := fmt.Sprintf(" on %s (%s, %s)", day, r.Source, r.Actor)
	heard := ""
	if r.Provisional {
		heard = " It was heard on a call and is not confirmed yet; until then it holds."
	}
	switch {
	case a.State == consent.Expired && r.State == consent.Granted:
		return "Allowed" + by + ", but that lapsed on " + r.Expires.Format("2 January 2006") + "."
	case a.State == consent.Granted:
		return "Allowed" + by + "."
	case a.State == consent.Denied:
		return "Refused" + by + "." + heard
	case a.State == consent.Withdrawn:
		return "Taken back" + by + "." + heard
	case a.State == consent.Expired:
		return "Lapsed" + by + "."
	}
	return "Reset" + by + ", and unknown is not a yes."
}

// Moment says of when and by what knowledge a question is. A zero Valid is
// now, a zero Known is all that is known now.
type Moment struct{ Valid, Known time.Time }

func (s *Service) settle(m Moment) Moment {
	now := s.now()
	if m.Valid.IsZero() {
		m.Valid = now
	}
	if m.Known.IsZero() {
		m.Known = now
	}
	return m
}

// Grid answers all purposes on all channels, and first each purpose on no
// channel in particular.
func (s *Service) Grid(ctx context.Context, customerID string, m Moment) ([]Standing, error) {
	b, err := s.book(ctx, customerID)
	if err != nil {
		return nil, err
	}
	m = s.settle(m)
	channels := append([]string{""}, consent.Channels()...)
	out := make([]Standing, 0, len(consent.Purposes())*len(channels))
	for _, p := range consent.Purposes() {
		for _, channel := range channels {
			c := consent.Cell{Purpose: p, Channel: channel}
			out = append(out, stand(c, b.index.AsOf(c, m.Valid, m.Known)))
		}
	}
	return out, nil
}

// Past is the two answers about a past moment.
type Past struct {
	Valid   time.Time `json:"valid" doc:"The moment that was asked about"`
	Known   time.Time `json:"known" doc:"The moment whose knowledge known_at rests on"`
	AsOf    Standing  `json:"as_of" doc:"What was true, by all that is known now"`
	KnownAt Standing  `json:"known_at" doc:"What was held to be true, by what was known then"`
	Verdict string    `json:"verdict" doc:"One sentence for people"`
}

// At answers whether something was allowed at a moment: in truth, and in good
// faith. A zero known is the moment itself.
func (s *Service) At(ctx context.Context, customerID string, c consent.Cell, m Moment) (Past, error) {
	b, err := s.about(ctx, customerID, c)
	if err != nil {
		return Past{}, err
	}
	if m.Valid.IsZero() {
		m.Valid = s.now()
	}
	if m.Known.IsZero() {
		m.Known = m.Valid
	}
	p := Past{
		Valid: m.Valid.UTC(), Known: m.Known.UTC(),
		AsOf:    stand(c, b.index.AsOf(c, m.Valid, s.now())),
		KnownAt: stand(c, b.index.AsOf(c, m.Valid, m.Known)),
	}
	switch {
	case p.AsOf.Allowed && p.KnownAt.Allowed:
		p.Verdict = "It was allowed, and it was known to be."
	case p.KnownAt.Allowed:
		p.Verdict = "It was not allowed, but that was not known yet: it was done in good faith."
	case p.AsOf.Allowed:
		p.Verdict = "It was allowed, but that was not known yet."
	default:
		p.Verdict = "It was not allowed, and that was known."
	}
	return p, nil
}
