// Package brain is the one place where what happened is folded into the
// customer, committed, and answered with the next best action: it decides
// afresh on each new signal.
//
// Each method commits one fact with everything that follows from it (profile,
// decision, events) in one transaction, and returns after that commit. It
// holds no rules of its own: customer, consent and decide are pure and know
// them. It does not hear, does not serve, and shows nothing.
package brain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Slot of the agent's screen during a call.
const (
	agentSlot    = "agent.call"
	agentChannel = "agent"
)

// Options is what a brain needs. All fields are required but Wording, Hearing
// and Now.
type Options struct {
	Store   *store.Store
	Decider *decide.Decider
	Logger  *slog.Logger
	Region  string // of numbers written without a country
	// Blocked are identifiers that name nobody, beside those that everybody
	// knows; see [customer.Rules]. May be nil.
	Blocked  []string
	Language string // of calls whose platform names none; may be empty
	// LanguageOf guesses a call's language from the customer's number, E.164,
	// before Language is taken; it gives "" when it cannot tell. May be nil.
	LanguageOf func(number string) string
	Wording    Wording // of corrections; nil refuses them
	// Hearing reads what became of suggestions from the words on a call. May be
	// nil: then nothing is proposed.
	Hearing Hearing
	// Listed gives the do-not-call lists that hold a number now, at the zero
	// time, or held it at a past moment; nil knows none.
	Listed func(ctx context.Context, number string, at time.Time) ([]decide.Listing, error)
	// Untracked is told of each fact that was not kept, because its person does
	// not want to be tracked. May be nil.
	Untracked func()
	Now       func() time.Time // nil means time.Now
}

// Brain is safe for concurrent use. What concerns one customer happens in
// order; different customers do not wait for each other.
type Brain struct {
	store    *store.Store
	decider  *decide.Decider
	takings  takings
	log      *slog.Logger
	rules    customer.Rules
	language string
	wording  Wording
	hearing  Hearing
	now      func() time.Time

	languageOf func(number string) string
	callLists  func(ctx context.Context, number string, at time.Time) ([]decide.Listing, error)
	dropped    func()

	locks locks

	mu   sync.Mutex
	live map[string]*live // by call id
}

// live is the context of a call in progress. It is used under the lock of
// the call's customer.
type live struct {
	call  event.Call
	heard []insights.Signal // what both sides have raised, newest last
	last  *decide.Decision

	screen screen
}

// moment is when something happened on the call: now while it lives, and where
// it lies in the recording of a call of the past.
func (l *live) moment(now time.Time, in insights.Seconds) time.Time {
	if l.call.Past() {
		return l.call.StartedAt.Add(in.Duration())
	}
	return now
}

// New makes a brain.
func New(o Options) *Brain {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LanguageOf == nil {
		o.LanguageOf = func(string) string { return "" }
	}
	if o.Listed == nil {
		o.Listed = func(context.Context, string, time.Time) ([]decide.Listing, error) { return nil, nil }
	}
	if o.Untracked == nil {
		o.Untracked = func() {}
	}
	if o.Wording == nil {
		o.Wording = func([]insights.Utterance, int, string) (string, string, error) {
			return "", "", errors.New("corrections are not taken here")
		}
	}
	if o.Hearing == nil {
		o.Hearing = func([]insights.Turn) (insights.Heard, bool) { return insights.Heard{}, false }
	}
	return &Brain{
		store: o.Store, decider: o.Decider, rules: customer.Rules{Region: o.Region, Blocked: o.Blocked},
		language: o.Language, languageOf: o.LanguageOf, now: o.Now,
		wording: o.Wording, hearing: o.Hearing, callLists: o.Listed, dropped: o.Untracked,
		log:  o.Logger.With("component", "brain"),
		live: make(map[string]*live),
	}
}

// errSaid is an utterance that was committed before.
var errSaid = errors.New("this was committed before")

// ErrUnknownCall is returned for a call that is not live.
var ErrUnknownCall = errors.New("call is not live")

func (b *Brain) liveCall(id string) (*live, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.live[id]
	if !ok {
		return nil, fmt.Errorf("call %s: %w", id, ErrUnknownCall)
	}
	return l, nil
}

func (b *Brain) setLive(l *live) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live[l.call.ID] = l
}

func (b *Brain) dropLive(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.live, id)
}

func (b *Brain) isLive(id string) bool {
	_, err := b.liveCall(id)
	return err == nil
}

// takeUp makes a call of an earlier process live, unless it is live already.
func (b *Brain) takeUp(l *live) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.live[l.call.ID] == nil {
		b.live[l.call.ID] = l
	}
}

// CallStarted finds the customer by the caller's number, or makes one, and
// commits the call with a first look at what to do. It returns the call with
// its numbers normalised and its customer named. A platform's call that is
// known already is returned as it is, with the id that it has. A call of the
// past happened when it did: nothing is decided for it.
func (b *Brain) CallStarted(ctx context.Context, c event.Call) (event.Call, error) {
	known, err := b.store.CallByPlatform(ctx, c.Platform, c.PlatformCall)
	if err == nil {
		return known, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return c, fmt.Errorf("call %s: %w", c.ID, err)
	}
	c.From, c.To = b.normal(c.From), b.normal(c.To)
	number := numberOf(c)
	c.Language = cmp.Or(c.Language, b.languageOf(number), b.language)
	w, unlock, err := b.caller(ctx, number)
	if err != nil {
		return c, fmt.Errorf("call %s: %w", c.ID, err)
	}
	defer unlock()
	whole, _ := w.whole()
	c.CustomerID, c.CustomerName = w.profile.ID, whole.Name()
	w.call, w.decide = &live{call: c}, true
	at := w.call.moment(w.at, 0)
	began := customer.Fact{EventID: event.NewID(), Name: "call." + c.Direction, At: at, Via: w.via, Props: map[string]any{"call": c.ID}}
	w.observe(began)
	// Live before it is stored: recovery must not take it for a call that a
	// crash left open.
	b.setLive(w.call)
	err = b.commit(ctx, w, func(tx *store.Tx) error {
		if err := tx.SaveCall(c); err != nil {
			return err
		}
		if err := appendEvent(tx, event.FactObserved, at, event.About{Subject: c.CustomerID}, began); err != nil {
			return err
		}
		return appendEvent(tx, event.CallStarted, at, event.About{Subject: c.ID, Call: c.ID}, c)
	})
	if err != nil {
		b.dropLive(c.ID)
		return c, fmt.Errorf("call %s: start: %w", c.ID, err)
	}
	return c, nil
}

// normal gives a number in E.164, or nothing when it is withheld or no number.
func (b *Brain) normal(number string) string {
	e164, ok := customer.NormalizePhone(number, b.rules.Region)
	if !ok {
		return ""
	}
	return e164
}

// caller opens the customer behind a number, under lock. A number that nobody
// has, or that was withheld, is a new person.
func (b *Brain) caller(ctx context.Context, number string) (w *change, unlock func(), err error) {
	quiet, err := b.store.Suppressed(ctx, "phone", number)
	if err != nil {
		return nil, nil, err
	}
	// Who was erased is served as somebody unknown, of whom nothing is kept
	// after the call that is not theirs anew.
	// From a number that several people use it may be any of them: nobody's, until
	// the agent says whose.
	_, shared, err := b.store.Owner(ctx, customer.Phone, number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, nil, err
	}
	if number == "" || quiet || shared {
		w := b.begin(customer.New(event.NewID(), b.now()), b.now())
		return w, b.locks.lock(w.profile.ID), nil
	}
	return b.resolve(ctx, []customer.Identifier{{Type: customer.Phone, Value: number}}, customer.Proof{Kind: customer.ByCall})
}

// Heard commits an utterance with what was understood from it, folds its
// signals into the customer, and decides again when something moved. Talk
// figures among what was found are of the call so far: they go out with the
// event and are not kept, for the next utterance replaces them.
func (b *Brain) Heard(ctx context.Context, callID string, u insights.Utterance, found []insights.Insight) error {
	l, w, unlock, err := b.openCall(ctx, callID)
	if err != nil {
		return err
	}
	defer unlock()
	w.call = l
	// The moment of the words, not of their recognition: a call that is
	// transcribed late must not look fresh.
	spoken := l.call.StartedAt.Add(u.End.Duration())
	if signals := insights.Signals(&u, found); len(signals) > 0 && !w.untracked() {
		for _, s := range signals {
			w.hear(s, spoken)
		}
	}
	w.wish(&u, found)
	spokenEvent := event.Spoken{Utterance: u, Talk: event.TalkOf(found)}
	spokenEvent.Insights = slices.DeleteFunc(slices.Clone(found), func(in insights.Insight) bool { return in.Kind == insights.Talk })
	turns := l.with(u, w.at)
	attention := b.decider.Catalogue().Hears(l.screen.attention, u.Text)
	w.brought.said = &attention
	if len(attention.Said) > len(l.screen.attention.Said) {
		w.decide = true // what stands on the screen may not be wanted any more
	}
	told, err := b.proposed(ctx, w, turns, &u)
	if err != nil {
		return fmt.Errorf("call %s: utterance %d: %w", callID, u.Seq, err)
	}
	err = b.commit(ctx, w, func(tx *store.Tx) error {
		if err := tx.AddUtterance(u); errors.Is(err, store.ErrDuplicate) {
			return errSaid
		} else if err != nil {
			return err
		}
		if err := tx.AddInsights(callID, spokenEvent.Insights); err != nil {
			return err
		}
		if err := appendEvent(tx, event.UtteranceSpoken, l.moment(w.at, u.End), event.About{Subject: callID, Call: callID}, spokenEvent); err != nil || told == nil {
			return err
		}
		return saveProposal(tx, told, w.at)
	})
	if errors.Is(err, errSaid) {
		return nil // it was committed before a retry or a crash
	}
	if err != nil {
		return fmt.Errorf("call %s: utterance %d: %w", callID, u.Seq, err)
	}
	l.screen.turns, l.screen.attention.Said = turns, attention.Said
	return nil
}

// CallChanged commits a change of the call's own state: health, recording,
// captions.
func (b *Brain) CallChanged(ctx context.Context, c event.Call) error {
	return b.saveCall(ctx, c, event.CallChanged, nil)
}

// CallEnded commits the end of a call and what was understood of the whole.
func (b *Brain) CallEnded(ctx context.Context, c event.Call, whole []insights.Insight) error {
	if err := b.saveCall(ctx, c, event.CallEnded, whole); err != nil {
		return err
	}
	b.dropLive(c.ID)
	return nil
}

func (b *Brain) saveCall(ctx context.Context, c event.Call, t event.Type, whole []insights.Insight) error {
	defer b.locks.lock(lockCall(c.ID))()
	at := b.now()
	if l, err := b.liveCall(c.ID); err == nil { // the session does not know who it turned out to be
		c.CustomerID, c.CustomerName = l.call.CustomerID, l.call.CustomerName
		at = l.moment(at, c.Duration)
	}
	err := b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveCall(c); err != nil {
			return err
		}
		if len(whole) > 0 {
			if err := tx.AddInsights(c.ID, whole); err != nil {
				return err
			}
		}
		return appendEvent(tx, t, at, event.About{Subject: c.ID, Call: c.ID}, event.EndedCall{Call: c, Figures: whole})
	})
	if err != nil {
		return fmt.Errorf("call %s: %s: %w", c.ID, t, err)
	}
	return nil
}

// OpenCalls gives the calls that are not closed, those that live in this
// process as well, with what was committed of them. It takes up those that a
// crash left open, so that more can be committed.
func (b *Brain) OpenCalls(ctx context.Context) ([]event.Call, map[string][]insights.Utterance, error) {
	calls, err := b.store.OpenCalls(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("open calls: %w", err)
	}
	heard := make(map[string][]insights.Utterance, len(calls))
	for _, c := range calls {
		if heard[c.ID], err = b.store.Utterances(ctx, c.ID); err != nil {
			return nil, nil, fmt.Errorf("open call %s: %w", c.ID, err)
		}
		if b.isLive(c.ID) {
			continue // it has its context already
		}
		l, err := b.resume(ctx, c)
		if err != nil {
			return nil, nil, fmt.Errorf("open call %s: %w", c.ID, err)
		}
		b.takeUp(l)
	}
	return calls, heard, nil
}

// resume rebuilds the context of a call from what was committed of it.
func (b *Brain) resume(ctx context.Context, c event.Call) (*live, error) {
	l := &live{call: c}
	found, err := b.store.Insights(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for i := range found {
		u := insights.Utterance{ID: found[i].UtteranceID, CallID: c.ID, Speaker: found[i].Speaker}
		l.heard = append(l.heard, insights.Signals(&u, found[i:i+1])...)
	}
	decisions, err := b.store.Decisions(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if n := len(decisions); n > 0 {
		l.last = &decisions[n-1]
	}
	return l, b.resumeScreen(ctx, l, decisions)
}

func appendEvent(tx *store.Tx, t event.Type, at time.Time, about event.About, data any) error {
	e, err := event.New(t, at, about, data)
	if err != nil {
		return err
	}
	return tx.Append(e)
}
