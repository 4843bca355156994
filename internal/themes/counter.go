package themes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
)

// consumer is the name of the cursor; it stays what it is.
const consumer = "themes"

// chunk is how many events share a write: the writer is not kept for long.
const chunk = 100

// Counter is the consumer that counts themes.
type Counter struct{ t *Themes }

var _ event.Consumer = Counter{}

// Counter gives the consumer of the event log. The types that it wants are
// [event.Readings]: an utterance that was corrected or analysed anew is counted
// as it reads now.
func (t *Themes) Counter() Counter { return Counter{t} }

// Name names the consumer.
func (c Counter) Name() string { return consumer }

// Cursor is the last event whose effect is durable.
func (c Counter) Cursor(ctx context.Context) (int64, error) { return c.t.store.Cursor(ctx, consumer) }

// Rebuild forgets all counters; they are counted again from the log's
// beginning. What the themes mean is kept.
func (c Counter) Rebuild() error {
	return c.t.store.Write(context.Background(), func(tx *store.Tx) error {
		if err := tx.DropThemeCounts(); err != nil {
			return err
		}
		return tx.SetCursor(consumer, 0)
	})
}

// Handle counts what customers said and how it was corrected.
func (c Counter) Handle(ctx context.Context, events []event.Event) error {
	for part := range slices.Chunk(events, chunk) {
		if err := c.t.forget(ctx, part); err != nil {
			return fmt.Errorf("themes: %w", err)
		}
		turns, err := turnsOf(part)
		if err != nil {
			return fmt.Errorf("themes: %w", err)
		}
		if err := c.t.count(ctx, turns, part[len(part)-1].Seq); err != nil {
			return fmt.Errorf("themes: events up to %d: %w", part[len(part)-1].Seq, err)
		}
	}
	return nil
}

// forget drops what was read of calls that are forgotten by now: a batch may
// have been read from the log before they were.
func (t *Themes) forget(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		if e.Type != event.CallForgotten {
			continue
		}
		if err := t.store.Write(ctx, func(tx *store.Tx) error { return tx.DropTurns(e.Call) }); err != nil {
			return err
		}
	}
	return nil
}

// count stores turns and their themes, with the cursor in the same write.
func (t *Themes) count(ctx context.Context, turns []store.Turn, seq int64) error {
	if err := t.date(ctx, turns); err != nil {
		return err
	}
	for {
		s, err := t.look(ctx)
		if err != nil {
			return err
		}
		hits := make([][]store.ThemeHit, len(turns))
		for i, turn := range turns {
			hits[i] = read(s.set, turn)
		}
		err = t.store.Write(ctx, func(tx *store.Tx) error {
			if err := s.fresh(tx); err != nil {
				return err
			}
			for i, turn := range turns {
				if err := put(tx, turn, hits[i], s); err != nil {
					return err
				}
			}
			return tx.SetCursor(consumer, seq)
		})
		if !errors.Is(err, errStale) {
			return err
		}
	}
}

// date says when turns were said. Those of a call that is no more are not
// dated: they will not be stored.
func (t *Themes) date(ctx context.Context, turns []store.Turn) error {
	began := make(map[string]time.Time)
	for i, turn := range turns {
		at, known := began[turn.Call]
		if !known {
			c, err := t.store.Call(ctx, turn.Call)
			if err != nil && !gone(err) {
				return err
			}
			at = c.StartedAt
			began[turn.Call] = at
		}
		turns[i].At = at.Add(turn.Start)
	}
	return nil
}

// put stores a turn and its themes. A call that is no more is passed over.
func put(tx *store.Tx, turn store.Turn, hits []store.ThemeHit, s *snapshot) error {
	n, changed, err := tx.PutTurn(turn)
	if gone(err) {
		return nil
	}
	if err != nil || !changed {
		return err
	}
	return tx.PutThemeHits([]store.ReadTurn{{N: n, Rev: turn.Rev, Hits: hits}}, func(id string) bool { return s.counted[id] })
}

// gone says that a call is no more, or its customer was erased.
func gone(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased)
}

// turnsOf reads what customers said from events. A line without words is none.
func turnsOf(events []event.Event) ([]store.Turn, error) {
	var turns []store.Turn
	for _, e := range events {
		if !slices.Contains(event.Readings(), e.Type) {
			continue
		}
		var said event.Reworded // all readings have its fields
		if err := json.Unmarshal(e.Data, &said); err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		u := said.Utterance
		if u.Speaker != insights.Customer || strings.TrimSpace(u.Text) == "" {
			continue
		}
		turns = append(turns, store.Turn{
			Utterance: u.ID, Call: u.CallID, Start: u.Start.Duration(), Rev: e.Seq,
			Language: u.Language, Text: u.Text, Labels: labels(said.Insights),
		})
	}
	return turns, nil
}

// labels writes what a saved query can ask for.
func labels(found []insights.Insight) string {
	var out []string
	for _, in := range found {
		if in.Kind == insights.Intent || in.Kind == insights.Theme {
			out = append(out, string(in.Kind)+":"+in.Name)
		}
	}
	return strings.Join(out, " ")
}

// subject is a turn as a definition sees it.
func subject(turn store.Turn) match.Subject {
	about := match.Subject{
		At: turn.At,
		Utterance: &insights.Utterance{
			ID: turn.Utterance, CallID: turn.Call, Speaker: insights.Customer, Text: turn.Text, Language: turn.Language,
			Start: insights.SecondsOf(turn.Start),
		},
	}
	for label := range strings.FieldsSeq(turn.Labels) {
		kind, name, _ := strings.Cut(label, ":")
		about.Insights = append(about.Insights, insights.Insight{Kind: insights.Kind(kind), Name: name})
	}
	return about
}

// read gives the themes of a turn as the store keeps them.
func read(set *match.Set, turn store.Turn) []store.ThemeHit {
	var hits []store.ThemeHit
	for _, h := range set.Read(subject(turn)) {
		hits = append(hits, store.ThemeHit{Theme: h.Theme, Score: h.Score, Evidence: h.Evidence})
	}
	return hits
}
