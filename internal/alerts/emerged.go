package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"heed/internal/alerts/rule"
	"heed/internal/event"
	"heed/internal/store"
)

// consumer is the name of the cursor; it stays what it is.
const consumer = "alerts"

// emerges says that a subscription waits for a theme to be new or growing,
// which the themes find out and the log tells.
func emerges(sub store.Subscription) bool {
	return sub.Theme != "" && rule.Kind(sub.Kind) == rule.New
}

// Emerged is the consumer that tells of themes that are new or growing.
type Emerged struct{ s *Service }

var _ event.Consumer = Emerged{}

// Emerged gives the consumer; it wants [event.ThemeEmerged] alone.
func (s *Service) Emerged() Emerged { return Emerged{s} }

// Name names the consumer.
func (Emerged) Name() string { return consumer }

// Cursor is the last event whose alerts are durable.
func (e Emerged) Cursor(ctx context.Context) (int64, error) { return e.s.o.Store.Cursor(ctx, consumer) }

// Rebuild begins at the end of the log: what it told of was told.
func (e Emerged) Rebuild() error {
	last, err := e.s.o.Store.LastSeq(context.Background())
	if err != nil {
		return err
	}
	return e.s.o.Store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetCursor(consumer, last) })
}

// Handle tells of the themes that events say are new, with the cursor in the
// same write: an event is told of once.
func (e Emerged) Handle(ctx context.Context, events []event.Event) error {
	s := e.s
	s.watching.Lock() // how a subscription stands is written by one at a time
	defer s.watching.Unlock()
	for _, ev := range events {
		subs, err := s.o.Store.Subscriptions(ctx, "", store.SubscriptionActive)
		if err != nil {
			return fmt.Errorf("alerts: %w", err)
		}
		var g event.Emergence
		if ev.Type == event.ThemeEmerged && !ev.Erased() {
			if err := json.Unmarshal(ev.Data, &g); err != nil {
				return fmt.Errorf("alerts: event %d: %w", ev.Seq, err)
			}
		}
		wanted := make([]store.Subscription, 0, len(subs))
		for _, sub := range subs {
			if s.isTold(ctx, sub, g, ev.Time) {
				wanted = append(wanted, sub)
			}
		}
		if err := s.o.Store.Write(ctx, func(tx *store.Tx) error { return s.tellEmerged(tx, wanted, g, ev) }); err != nil {
			return fmt.Errorf("alerts: event %d: %w", ev.Seq, err)
		}
		if len(wanted) > 0 {
			s.metrics.alerts.Add(float64(len(wanted)))
			s.ring()
		}
	}
	return nil
}

// isTold says whether a subscription is told of a theme that emerged at a moment.
func (s *Service) isTold(ctx context.Context, sub store.Subscription, g event.Emergence, at time.Time) bool {
	return g.ThemeID != "" && emerges(sub) && (sub.Theme == AnyTheme || sub.Theme == g.ThemeID) &&
		!at.Before(sub.Created) && (sub.Alerted.IsZero() || sub.Theme == AnyTheme || at.Sub(sub.Alerted) >= sub.Rest) && s.owned(ctx, sub) == nil
}

func (s *Service) tellEmerged(tx *store.Tx, wanted []store.Subscription, g event.Emergence, ev event.Event) error {
	for _, sub := range wanted {
		sub.Checked, sub.Alerted = ev.Time, ev.Time
		if err := tx.SetStanding(sub); err != nil {
			return err // asked for anew meanwhile: read again
		}
		watched := sub
		watched.Theme = g.ThemeID
		what := told(watched, g.Title, rule.Verdict{Count: g.Observed, From: g.From, To: g.To, Expected: g.Expected})
		what.Expected = 0 // what the past lets expect of a new thing says nothing
		if err := s.tell(tx, sub, what); err != nil {
			return err
		}
	}
	return tx.SetCursor(consumer, ev.Seq)
}

// emergedBefore gives when a theme, or any, emerged in the time of a preview.
func (s *Service) emergedBefore(ctx context.Context, sub store.Subscription, now time.Time) (rule.Past, error) {
	p := rule.Past{Last: rule.Verdict{From: now.Add(-previewed), To: now}}
	after := ""
	for {
		found, next, err := s.o.Store.Episodes(ctx, false, after, 100)
		if err != nil {
			return p, err
		}
		for _, e := range found {
			if e.Began.Before(p.Last.From) {
				next = ""
				break
			}
			if sub.Theme == AnyTheme || sub.Theme == e.Theme {
				p.Fired = append([]time.Time{e.Began}, p.Fired...)
			}
		}
		if next == "" {
			return p, nil
		}
		after = next
	}
}
