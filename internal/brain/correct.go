package brain

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

// Wording gives a person's text of the utterance said[at] as it may be stored,
// and the same as an engine would write it. Said is the whole call in order of
// speech. An error says what is wrong with the text.
type Wording func(said []insights.Utterance, at int, text string) (written, plain string, err error)

// Corrector is who says what was really said.
type Corrector struct{ ID, Name string }

// Correct commits what was said in an utterance, in place of an earlier
// correction; what was heard and what was understood from it stay. It gives
// [store.ErrNotFound] for an utterance that the call does not have.
func (b *Brain) Correct(ctx context.Context, callID, utteranceID, text string, who Corrector) (event.Correction, error) {
	defer b.locks.lock("corrections of " + callID)()
	said, at, err := b.utterance(ctx, callID, utteranceID)
	if err != nil {
		return event.Correction{}, fmt.Errorf("correct: %w", err)
	}
	u := said[at]
	c := event.Correction{
		UtteranceID: u.ID, CallID: callID, Speaker: u.Speaker, Start: u.Start, End: u.End, Heard: u.Text,
		Engine: u.Engine, Language: u.Language, Actor: who.ID, By: who.Name, At: b.now().UTC(),
	}
	if err := b.reread(ctx, callID, said); err != nil {
		return c, fmt.Errorf("correct: %w", err)
	}
	if c.Text, c.Plain, err = b.wording(said, at, text); err != nil {
		return c, fmt.Errorf("correct utterance %s: %w: %w", utteranceID, ErrInvalid, err)
	}
	err = b.reword(ctx, event.UtteranceCorrected, event.Reworded{Utterance: c.Applied(u), Correction: &c}, func(tx *store.Tx) error {
		if err := withdraw(tx, callID, u.ID, c.At); err != nil {
			return err
		}
		return tx.SaveCorrection(c)
	})
	if err != nil {
		return c, fmt.Errorf("correct utterance %s: %w", utteranceID, err)
	}
	return c, nil
}

// errAsHeard is an utterance without a correction to take back.
var errAsHeard = errors.New("it was not corrected")

// Uncorrect takes a correction back: the utterance reads as it was heard. Where
// there is none nothing happens.
func (b *Brain) Uncorrect(ctx context.Context, callID, utteranceID string, who Corrector) error {
	defer b.locks.lock("corrections of " + callID)()
	said, at, err := b.utterance(ctx, callID, utteranceID)
	if err != nil {
		return fmt.Errorf("take a correction back: %w", err)
	}
	err = b.reword(ctx, event.CorrectionWithdrawn, event.Reworded{Utterance: said[at], By: who.Name}, func(tx *store.Tx) error {
		was, err := tx.DropCorrection(utteranceID)
		if err == nil && !was {
			err = errAsHeard
		}
		return err
	})
	if err != nil && !errors.Is(err, errAsHeard) {
		return fmt.Errorf("take back the correction of utterance %s: %w", utteranceID, err)
	}
	return nil
}

// Rewordings gives how an utterance came to read as it does, the latest first.
func (b *Brain) Rewordings(ctx context.Context, callID, utteranceID string) ([]event.Rewording, error) {
	if _, _, err := b.utterance(ctx, callID, utteranceID); err != nil {
		return nil, fmt.Errorf("rewordings: %w", err)
	}
	q := store.EventQuery{Call: callID, Types: []event.Type{event.UtteranceCorrected, event.CorrectionWithdrawn}, Limit: 500}
	steps := []event.Rewording{}
	for {
		page, err := b.store.Events(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("rewordings of utterance %s: %w", utteranceID, err)
		}
		for _, e := range page {
			q.After = e.Seq
			var r event.Reworded
			if err := json.Unmarshal(e.Data, &r); err != nil {
				return nil, fmt.Errorf("rewordings: event %d: %w", e.Seq, err)
			}
			if r.Utterance.ID == utteranceID {
				steps = append(steps, rewording(e, r))
			}
		}
		if len(page) < q.Limit {
			slices.Reverse(steps)
			return steps, nil
		}
	}
}

func rewording(e event.Event, r event.Reworded) event.Rewording {
	if r.Correction != nil {
		return event.Rewording{At: e.Time, By: r.Correction.By, Text: r.Correction.Text}
	}
	return event.Rewording{At: e.Time, By: r.By}
}

// utterance gives a call in order of speech, as it was heard, and the place of
// an utterance in it.
func (b *Brain) utterance(ctx context.Context, callID, id string) ([]insights.Utterance, int, error) {
	said, err := b.store.Utterances(ctx, callID)
	if err != nil {
		return nil, 0, err
	}
	slices.SortStableFunc(said, func(a, b insights.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	at := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.ID == id })
	if at < 0 {
		return nil, 0, fmt.Errorf("utterance %s of call %s: %w", id, callID, store.ErrNotFound)
	}
	return said, at, nil
}

// reread puts the corrections of a call into what was said.
func (b *Brain) reread(ctx context.Context, callID string, said []insights.Utterance) error {
	corrections, err := b.store.CorrectionsOf(ctx, callID)
	if err != nil {
		return err
	}
	for _, c := range corrections {
		if i := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.ID == c.UtteranceID }); i >= 0 {
			said[i].Text, said[i].Words = c.Text, nil
		}
	}
	return nil
}

func (b *Brain) reword(ctx context.Context, t event.Type, r event.Reworded, fact func(*store.Tx) error) (err error) {
	if r.Spoken, r.Insights, err = b.store.Spoken(ctx, r.Utterance); err != nil {
		return err
	}
	return b.store.Write(ctx, func(tx *store.Tx) error {
		if err := fact(tx); err != nil {
			return err
		}
		call := r.Utterance.CallID
		return appendEvent(tx, t, b.now(), event.About{Subject: call, Call: call}, r)
	})
}
