package brain

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Hearing reads what the last of the turns tells of the suggestions that stood
// on the screen while they were said, if it tells anything. The turns are in
// the order of speech.
type Hearing func([]insights.Turn) (insights.Heard, bool)

const (
	// hearingMemory is how much of a call a [Hearing] is given, in seconds.
	hearingMemory = 120
	// mostStood is how many decisions are looked back at: more than are made in
	// that time.
	mostStood = 128
)

// screen is what the agent of a live call had in front of them while the last
// words were said.
type screen struct {
	turns []insights.Turn
	stood []stood
	// attention is what came first on it, and what was said against.
	attention decide.Attention
}

// stood is a decision that stood on the screen from a moment on.
type stood struct {
	at       time.Time
	decision string
	shown    []insights.Suggestion
}

func (s *stood) shows(action string) bool {
	return slices.ContainsFunc(s.shown, func(x insights.Suggestion) bool { return x.ID == action })
}

func (s *screen) show(d *decide.Decision) {
	next := stood{at: d.At, decision: d.ID}
	for i := range d.Actions {
		next.shown = append(next.shown, insights.Suggestion{ID: d.Actions[i].Action, Title: d.Actions[i].Title, Say: d.Actions[i].Say})
	}
	s.stood = append(s.stood[max(0, len(s.stood)-mostStood+1):], next)
	s.attention = s.attention.Show(d)
}

// decided puts a decision on the call's screen.
func (l *live) decided(d *decide.Decision) {
	l.last = d
	l.screen.show(d)
}

// with gives the turns with one more in its place. Committed is when that was
// written down: of a call that is played faster than time, words lie after
// whatever was decided from them.
func (l *live) with(u insights.Utterance, committed time.Time) []insights.Turn {
	t := insights.Turn{Utterance: u, Shown: l.screen.shown(l.at(u.Start), l.at(u.End), committed)}
	t.Words = nil
	at, _ := slices.BinarySearchFunc(l.screen.turns, t, func(have, t insights.Turn) int {
		return cmp.Or(cmp.Compare(have.Start, t.Start), -1) // after those that began at once
	})
	turns := slices.Insert(slices.Clone(l.screen.turns), at, t)
	newest := turns[len(turns)-1].End
	return slices.DeleteFunc(turns, func(t insights.Turn) bool { return t.End < newest-hearingMemory })
}

func (l *live) at(s insights.Seconds) time.Time { return l.call.StartedAt.Add(s.Duration()) }

// shown gives what stood on the screen in a stretch of time or at a moment, the
// latest first, each once.
func (s *screen) shown(from, to, moment time.Time) (out []insights.Suggestion) {
	end := to // of the time in which the decision stood
	if moment.After(end) {
		end = moment
	}
	next := end.Add(1)
	for i := range slices.Backward(s.stood) {
		d := &s.stood[i]
		during := d.at.Before(to.Add(1)) && next.After(from)
		then := !d.at.After(moment) && next.After(moment)
		if during || then {
			for _, x := range d.shown {
				if !slices.ContainsFunc(out, func(o insights.Suggestion) bool { return o.ID == x.ID }) {
					out = append(out, x)
				}
			}
		}
		next = d.at
	}
	return out
}

// offering gives the decision by which an action stood on the screen at a
// moment, or else the latest by which it did.
func (s *screen) offering(action string, at time.Time) (decision string) {
	for i := range slices.Backward(s.stood) {
		d := &s.stood[i]
		if !d.shows(action) {
			continue
		}
		if decision == "" || !d.at.After(at) {
			decision = d.decision
		}
		if !d.at.After(at) {
			break
		}
	}
	return decision
}

// proposed gives what an utterance, the last of the turns, tells of a
// suggestion, or nil where it tells nothing that is not known.
func (b *Brain) proposed(ctx context.Context, w *change, turns []insights.Turn, u *insights.Utterance) (*decide.Proposal, error) {
	if turns[len(turns)-1].ID != u.ID || w.untracked() {
		return nil, nil // others have spoken since: what it answers is past
	}
	h, ok := b.hearing(turns)
	if !ok {
		return nil, nil
	}
	l := w.call
	offered := l.at(u.End)
	if i := slices.IndexFunc(turns, func(t insights.Turn) bool { return t.ID == h.Offer }); i >= 0 {
		offered = l.at(turns[i].End)
	}
	decision := l.screen.offering(h.Suggestion, offered)
	if decision == "" {
		return nil, nil
	}
	p := decide.Propose(h, l.call.ID, decision, w.at)
	known, err := b.store.ProposalsOf(ctx, l.call.ID)
	if err != nil {
		return nil, err
	}
	outcomes, err := b.store.Outcomes(ctx, l.call.ID)
	if err != nil || !p.News(known, outcomes) {
		return nil, err
	}
	return &p, nil
}

// resumeScreen rebuilds the screen of a call from what was committed of it.
func (b *Brain) resumeScreen(ctx context.Context, l *live, decisions []decide.Decision) error {
	for i := range decisions {
		l.screen.show(&decisions[i])
	}
	said, err := b.store.Utterances(ctx, l.call.ID)
	if err != nil {
		return err
	}
	when, err := b.store.SaidOf(ctx, l.call.ID)
	if err != nil {
		return err
	}
	for i := range said {
		l.screen.turns = l.with(said[i], when[said[i].ID].Spoken)
		l.screen.attention = b.decider.Catalogue().Hears(l.screen.attention, said[i].Text)
	}
	return nil
}

func saveProposal(tx *store.Tx, p *decide.Proposal, now time.Time) error {
	if err := tx.SaveProposal(*p); err != nil {
		return err
	}
	return appendEvent(tx, event.OutcomeProposed, now, event.About{Subject: p.CallID, Call: p.CallID}, p)
}

// settle tells the proposals of a call of an outcome. One that says that it
// confirms a proposal must be of one that stands.
func settle(tx *store.Tx, o decide.Outcome, now time.Time) error {
	if o.CallID == "" {
		return nil
	}
	known, err := tx.ProposalsOf(o.CallID)
	if err != nil {
		return err
	}
	if o.Heard != "" && !slices.ContainsFunc(known, func(p decide.Proposal) bool {
		return p.ID == o.Heard && p.DecisionID == o.DecisionID && p.Action == o.Action && p.Outcome == o.Outcome
	}) {
		return fmt.Errorf("nothing that was heard proposes this: %w", ErrInvalid)
	}
	for _, p := range known {
		p, changed := p.Settled(o)
		if !changed {
			continue
		}
		if err := saveProposal(tx, &p, now); err != nil {
			return err
		}
	}
	return nil
}

// Mishear commits that a proposal was misheard, or with false that it was not
// after all. The same told twice changes nothing. What was confirmed already is
// [ErrInvalid]: another outcome takes its place.
func (b *Brain) Mishear(ctx context.Context, callID, proposal string, misheard bool) (p decide.Proposal, err error) {
	err = b.store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.ProposalsOf(callID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(known, func(p decide.Proposal) bool { return p.ID == proposal })
		if i < 0 {
			return store.ErrNotFound
		}
		p = known[i]
		to := decide.Open
		if misheard {
			to = decide.Misheard
		}
		switch p.State {
		case to:
			return nil
		case decide.Open, decide.Misheard:
		case decide.JustOffered, decide.Confirmed, decide.ByHand:
			return fmt.Errorf("it does not wait for an answer; report another outcome instead: %w", ErrInvalid)
		}
		p.State = to
		return saveProposal(tx, &p, b.now())
	})
	if err != nil {
		return p, fmt.Errorf("proposal %s of call %s: %w", proposal, callID, err)
	}
	return p, nil
}

// withdraw takes back what rests on an utterance that was not said so.
func withdraw(tx *store.Tx, callID, utterance string, now time.Time) error {
	known, err := tx.ProposalsOf(callID)
	if err != nil {
		return err
	}
	for _, p := range known {
		if !p.RestsOn(utterance) || p.State != decide.Open && p.State != decide.JustOffered {
			continue
		}
		p.State = decide.Misheard
		if err := saveProposal(tx, &p, now); err != nil {
			return err
		}
	}
	return nil
}
