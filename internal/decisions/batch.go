package decisions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"heed/internal/brain"
	"heed/internal/decide"
)

const (
	// page is how many people are between two lines of progress.
	page = 20
	// pace is how many people of a selection are decided for in a second at
	// most, so that live decisions do not wait.
	pace = 200
)

// Line is one line of the answer: a decision, a failure or progress.
type Line struct {
	CustomerID string          `json:"customer_id,omitempty"`
	Decision   *brain.Decision `json:"decision,omitempty"`
	SlotID     string          `json:"slot_id,omitempty" doc:"The slot that was opened for this person"`
	Error      string          `json:"error,omitempty" doc:"Why there is no decision for this person; the others go on"`
	Progress   *Progress       `json:"progress,omitempty"`
}

// Progress tells how far it has come.
type Progress struct {
	Done   int    `json:"done"`
	Failed int    `json:"failed"`
	Total  int    `json:"total,omitempty" doc:"Of those named by id or by theme, at most: who are one are decided for once; not known beforehand for the others"`
	After  string `json:"after,omitempty" doc:"Ask again with it to go on from here; empty at the end"`
}

// Keeper opens a slot for a person, as [brain.Question] says, for hold, and
// gives its id and what stands in it. [ErrNotKept], [ErrFull].
type Keeper func(ctx context.Context, q brain.Question, hold time.Duration) (slot string, d brain.Decision, err error)

// Order is what is wanted of a selection of people.
type Order struct {
	Question brain.Question // but for whom
	Selection
	// Hold, where it is not 0, opens a slot of a channel that reaches out for
	// each person with Keep, for so long.
	Hold time.Duration
	Keep Keeper
}

// run is one selection on its way.
type run struct {
	*Service
	Order

	tell func(error) string
	emit func(Line) error
	pace *rate.Limiter
	at   Progress
}

// Prepare checks an order and finds out whom it is about, as far as that has to
// be known beforehand: [ErrUnknownSlot], [ErrWrongChannel], [ErrNotYet],
// [store.ErrNotFound] for a theme, [brain.ErrInvalid].
func (s *Service) Prepare(ctx context.Context, o *Order) error {
	if err := s.Check(&o.Question); err != nil {
		return err
	}
	if o.Hold != 0 {
		switch {
		case o.Hold < 0 || o.Keep == nil:
			return fmt.Errorf("%w: no slot can be opened for so long", brain.ErrInvalid)
		case o.Question.Dry:
			return fmt.Errorf("%w: a slot is opened on a decision that is kept: leave out dry_run, or hold", brain.ErrInvalid)
		case !decide.Outbound(o.Question.Channel):
			return fmt.Errorf("%w: hold keeps messages that wait to be sent: name a slot of email, sms, push or call", brain.ErrInvalid)
		}
	}
	return s.choose(ctx, &o.Selection)
}

// Batch decides for the selection of an order that was prepared, one person
// after the other, and gives each line to emit. A person who fails is a line;
// tell words it. It ends with ctx, with emit's first error and with [ErrFull],
// and decides no faster than emit takes the lines. It blocks until the end.
// [ErrBusy] while another one runs.
func (s *Service) Batch(ctx context.Context, o Order, tell func(error) string, emit func(Line) error) error {
	select {
	case s.batch <- struct{}{}:
		defer func() { <-s.batch }()
	default:
		return ErrBusy
	}
	r := &run{Service: s, Order: o, tell: tell, emit: emit, pace: rate.NewLimiter(pace, 1)}
	r.at.Total = max(len(o.Customers), len(o.called))
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
		r.After, r.at.After = next, next
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
	q := r.Question
	q.CustomerID = id
	line := Line{CustomerID: id}
	var d brain.Decision
	var err error
	if r.Hold > 0 {
		line.SlotID, d, err = r.Keep(ctx, q, r.Hold)
	} else {
		d, err = r.brain.Decide(ctx, q)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, ErrFull):
		return err
	}
	r.at.Done++
	if err != nil {
		r.at.Failed++
		line.Error = r.tell(err)
	} else {
		line.Decision = &d
	}
	return r.emit(line)
}
