package decisions

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"golang.org/x/time/rate"

	"heed/internal/brain"
	"heed/internal/customer"
)

const (
	// page is how many people are between two lines of progress.
	page = 20
	// pace is how many people of a selection are decided for in a second at
	// most, so that live decisions do not wait.
	pace = 200
)

// Selection says for whom to decide: some by id, or all, or all with a trait.
type Selection struct {
	Customers []string
	Trait     string
	Value     any // of the trait: a text, a number, true or false
	After     string
}

// Line is one line of the answer: a decision, a failure or progress.
type Line struct {
	CustomerID string          `json:"customer_id,omitempty"`
	Decision   *brain.Decision `json:"decision,omitempty"`
	Error      string          `json:"error,omitempty" doc:"Why there is no decision for this person; the others go on"`
	Progress   *Progress       `json:"progress,omitempty"`
}

// Progress tells how far it has come.
type Progress struct {
	Done   int    `json:"done"`
	Failed int    `json:"failed"`
	Total  int    `json:"total,omitempty" doc:"Of those named by id; not known beforehand for the others"`
	After  string `json:"after,omitempty" doc:"Ask again with it to go on from here; empty at the end"`
}

// run is one selection on its way.
type run struct {
	*Service
	q    brain.Question
	sel  Selection
	tell func(error) string
	emit func(Line) error
	pace *rate.Limiter
	at   Progress
}

// Batch decides for a selection, one person after the other, and gives each
// line to emit. A person who fails is a line; tell words it. It ends with ctx
// and with emit's first error, and holds one page of people at a time. It
// blocks until the end. [ErrBusy] while another one runs.
func (s *Service) Batch(ctx context.Context, q brain.Question, sel Selection, tell func(error) string, emit func(Line) error) error {
	if err := s.Check(&q); err != nil {
		return err
	}
	select {
	case s.batch <- struct{}{}:
		defer func() { <-s.batch }()
	default:
		return ErrBusy
	}
	r := &run{Service: s, q: q, sel: sel, tell: tell, emit: emit, pace: rate.NewLimiter(pace, 1)}
	r.at.Total = len(sel.Customers)
	for {
		ids, next, err := r.next(ctx)
		if err != nil {
			return fmt.Errorf("batch: %w", err)
		}
		for _, id := range ids {
			if err := r.one(ctx, id); err != nil {
				return fmt.Errorf("batch: %w", err)
			}
		}
		r.sel.After, r.at.After = next, next
		at := r.at
		if err := emit(Line{Progress: &at}); err != nil || next == "" {
			return err
		}
	}
}

// one decides for one person.
func (r *run) one(ctx context.Context, id string) error {
	if err := r.pace.Wait(ctx); err != nil {
		return err
	}
	q := r.q
	q.CustomerID = id
	d, err := r.brain.Decide(ctx, q)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.at.Done++
	if err != nil {
		r.at.Failed++
		return r.emit(Line{CustomerID: id, Error: r.tell(err)})
	}
	return r.emit(Line{CustomerID: id, Decision: &d})
}

// next gives the people of the next page, and the mark after it.
func (r *run) next(ctx context.Context) (ids []string, next string, err error) {
	if r.sel.Customers != nil {
		return r.listed()
	}
	people, next, err := r.store.Profiles(ctx, "", r.sel.After, page)
	if err != nil {
		return nil, "", err
	}
	for i := range people {
		p := &people[i]
		if !r.sel.holds(p, r) {
			continue
		}
		members, err := r.store.Members(ctx, p.ID)
		if err != nil {
			return nil, "", err
		}
		// Those who are one are written to once.
		if len(members) == 0 || members[0] == p.ID {
			ids = append(ids, p.ID)
		}
	}
	return ids, next, nil
}

// listed is next for people named by id: the mark is how many were done.
func (r *run) listed() (ids []string, next string, err error) {
	from := 0
	if r.sel.After != "" {
		if from, err = strconv.Atoi(r.sel.After); err != nil || from < 0 || from > len(r.sel.Customers) {
			return nil, "", fmt.Errorf("after %q: it must be of a line of progress: %w", r.sel.After, brain.ErrInvalid)
		}
	}
	to := min(from+page, len(r.sel.Customers))
	if to < len(r.sel.Customers) {
		next = strconv.Itoa(to)
	}
	return slices.Clone(r.sel.Customers[from:to]), next, nil
}

// holds says whether a person has the trait that is asked for, if one is.
func (s *Selection) holds(p *customer.Profile, r *run) bool {
	if s.Trait == "" {
		return true
	}
	t, ok := p.Trait(s.Trait, r.brain.Now())
	return ok && reflect.DeepEqual(t.Value, s.Value)
}
