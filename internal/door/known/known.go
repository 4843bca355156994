// Package known is what a company knows of one person, put together for that
// person: who they are, what was noted and where from, their calls, the
// decisions about them and what they allowed.
//
// It only reads, and only what belongs to the person it is asked about: an id
// of somebody else's call or decision is not found, as one that never was. It
// holds no words and no HTTP.
package known

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Options is what a reader needs.
type Options struct {
	Store *store.Store
	// Recordings opens what was kept of a call's audio; nil lets nobody listen.
	Recordings recordings
	Now        func() time.Time
}

// recordings is what is needed of the kept audio.
type recordings interface {
	// Open gives a WAV; the caller closes it. fs.ErrNotExist when nothing is kept.
	Open(callID string) (io.ReadSeekCloser, time.Time, error)
}

// Reader reads. It is safe for concurrent use.
type Reader struct{ o Options }

// New makes a reader.
func New(o Options) *Reader { return &Reader{o} }

// ErrNotTheirs is returned for what the person has not, be it that nobody has
// it.
var ErrNotTheirs = errors.New("the person has nothing with this id")

// ErrBadPage is returned for a place in a list that the list did not give.
var ErrBadPage = store.ErrBadPage

// Person is what is known of somebody now.
type Person struct {
	ID        string                `json:"id"`
	Name      string                `json:"name,omitempty"`
	Since     time.Time             `json:"since"`
	Addresses []customer.Identifier `json:"identifiers"`
	Facts     []Fact                `json:"facts"`
	Signals   []Signal              `json:"signals"`
	// Happened is what was noted with a date, the latest first.
	Happened []customer.Fact `json:"happened"`
}

// Fact is a property of the person with all that was ever said of it and still
// stands beside it.
type Fact struct {
	customer.Trait
	// Others are what other sources say, which does not count.
	Others []customer.Trait `json:"others,omitempty"`
}

// Signal is something that was worked out.
type Signal struct {
	customer.Reading
	// Level is "low", "some" or "high"; of a mood "bad", "even" or "good".
	Level string `json:"level"`
}

// Person gives what is known of somebody, and of all who are one with them.
func (r *Reader) Person(ctx context.Context, id string) (Person, error) {
	p, err := brain.Read(ctx, r.o.Store, id)
	if err != nil {
		return Person{}, fmt.Errorf("customer %s: %w", id, err)
	}
	now := r.o.Now()
	out := Person{ID: p.ID, Name: p.Name(), Since: p.CreatedAt, Addresses: p.Identifiers, Facts: facts(p.Traits)}
	for _, reading := range p.Readings(now) {
		out.Signals = append(out.Signals, Signal{reading, level(reading)})
	}
	out.Happened = slices.Clone(p.Facts)
	slices.Reverse(out.Happened)
	return out, nil
}

// facts puts what is said of one property together, the word that counts first.
func facts(traits []customer.Trait) []Fact {
	var out []Fact
	for _, t := range traits {
		if n := len(out); n > 0 && out[n-1].Name == t.Name {
			if t.Value != out[n-1].Value {
				out[n-1].Others = append(out[n-1].Others, t)
			}
			continue
		}
		out = append(out, Fact{Trait: t})
	}
	return out
}

// moodEdge is where a mood stops being even, and oftenFrom from how many
// messages on they were many.
const (
	moodEdge  = 0.25
	someFrom  = 1
	oftenFrom = 3
)

func level(r customer.Reading) string {
	enter, leave, _ := customer.Thresholds(r.Name)
	switch r.Name {
	case customer.Mood:
		return step(r.Value, -moodEdge, moodEdge, [3]string{"bad", "even", "good"})
	case customer.Fatigue:
		return step(r.Value, someFrom, oftenFrom, [3]string{"low", "some", "high"})
	default:
		return step(r.Value, leave, enter, [3]string{"low", "some", "high"})
	}
}

func step(x, from, to float64, names [3]string) string {
	switch {
	case x < from:
		return names[0]
	case x < to:
		return names[1]
	default:
		return names[2]
	}
}

// Ledger gives what the person allowed and refused: with all who are one, each
// answering for itself, for the questions of [consent].
func (r *Reader) Ledger(ctx context.Context, id string) ([]consent.Row, error) {
	p, err := brain.Read(ctx, r.o.Store, id)
	if err != nil {
		return nil, fmt.Errorf("ledger of %s: %w", id, err)
	}
	return p.Ledger, nil
}

// Events gives to each what the log says about the person, in the order in
// which it happened. What merely shows the profile again is left out.
func (r *Reader) Events(ctx context.Context, id string, each func(any) error) error {
	people, err := r.people(ctx, id)
	if err != nil {
		return err
	}
	for _, one := range people {
		if err := r.eventsOf(ctx, one, each); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) eventsOf(ctx context.Context, id string, each func(any) error) error {
	const page = 500
	last := event.Event{}
	for {
		found, err := r.o.Store.EventsOf(ctx, id, last, page)
		if err != nil {
			return err
		}
		for _, e := range found {
			if e.Type == event.ProfileChanged || aboutComment(e.Type) {
				continue // who wrote a comment is not the customer's to know; what it says is with its call
			}
			if err := each(e); err != nil {
				return err
			}
		}
		if len(found) < page {
			return nil
		}
		last = found[page-1]
	}
}

// people gives all who are one with somebody.
func (r *Reader) people(ctx context.Context, id string) ([]string, error) {
	people, err := r.o.Store.Members(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("customer %s: %w", id, err)
	}
	if len(people) == 0 {
		return nil, fmt.Errorf("customer %s: %w", id, store.ErrNotFound)
	}
	return people, nil
}

// Decision is one decision about the person.
type Decision struct {
	brain.Decision

	Contest *Contest `json:"contest,omitempty"`
}

// Told is what the person may read of one suggestion, in their language.
type Told struct {
	Action  string
	Title   string // the company's own words
	Because string // why they see it
	Ground  string // what allows it
}

// Contest is a person's word against a decision, with the answer.
type Contest = store.Contest

// Decisions gives a page of the decisions that suggested something, the latest
// first.
func (r *Reader) Decisions(ctx context.Context, id, after string) ([]Decision, string, error) {
	const page = 25
	people, err := r.people(ctx, id)
	if err != nil {
		return nil, "", err
	}
	found, next, err := r.o.Store.DecisionsOf(ctx, people, after, page)
	if err != nil {
		return nil, "", err
	}
	said, err := r.o.Store.ContestsOf(ctx, people)
	if err != nil {
		return nil, "", err
	}
	out := make([]Decision, len(found))
	for i, d := range found {
		out[i] = Decision{Decision: d}
		if at := slices.IndexFunc(said, func(c store.Contest) bool { return c.DecisionID == d.ID }); at >= 0 {
			out[i].Contest = &said[at]
		}
	}
	return out, next, nil
}

// Owned gives a decision about the person, without its contest; [ErrNotTheirs]
// when it is not about them.
func (r *Reader) Owned(ctx context.Context, id, decisionID string) (Decision, error) {
	people, err := r.people(ctx, id)
	if err != nil {
		return Decision{}, err
	}
	d, err := r.o.Store.Decision(ctx, decisionID)
	if errors.Is(err, store.ErrNotFound) || (err == nil && !slices.Contains(people, d.Subject)) {
		return Decision{}, ErrNotTheirs
	}
	return Decision{Decision: d}, err
}

// Contests gives what people said against decisions and nobody has answered,
// the oldest first.
func (r *Reader) Contests(ctx context.Context) ([]Contest, error) {
	return r.o.Store.OpenContests(ctx)
}

// Call is a call as its customer may read it.
type Call struct {
	event.Call
	Summary *insights.Summary    `json:"summary,omitempty"`
	Lines   []insights.Utterance `json:"utterances,omitempty"`
	Listen  bool                 `json:"recording_kept"`
	// Notes are what was written beside the call: what it says of the person is
	// theirs to have a copy of (GDPR article 15), who wrote it is not.
	Notes []Note `json:"notes,omitempty"`
}

// Calls gives a page of calls with their summaries, the latest first.
func (r *Reader) Calls(ctx context.Context, id, after string) ([]Call, string, error) {
	const page = 25
	people, err := r.people(ctx, id)
	if err != nil {
		return nil, "", err
	}
	calls, next, err := r.o.Store.Calls(ctx, store.CallQuery{People: people, After: after, Limit: page})
	if err != nil {
		return nil, "", err
	}
	out := make([]Call, len(calls))
	for i, c := range calls {
		out[i] = Call{Call: c}
		if out[i].Summary, err = r.summary(ctx, c.ID); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}

func (r *Reader) summary(ctx context.Context, callID string) (*insights.Summary, error) {
	s, err := r.o.Store.Summary(ctx, callID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // most calls have none, which is no error
	}
	return &s, err
}

// Call gives one call of the person with its words, or [ErrNotTheirs].
func (r *Reader) Call(ctx context.Context, id, callID string) (Call, error) {
	c, err := r.own(ctx, id, callID)
	if err != nil {
		return Call{}, err
	}
	out := Call{Call: c}
	if out.Summary, err = r.summary(ctx, callID); err != nil {
		return Call{}, err
	}
	if out.Lines, err = r.o.Store.Utterances(ctx, callID); err != nil {
		return Call{}, err
	}
	corrections, err := r.o.Store.CorrectionsOf(ctx, callID)
	if err != nil {
		return Call{}, err
	}
	for _, fix := range corrections {
		if i := slices.IndexFunc(out.Lines, func(u insights.Utterance) bool { return u.ID == fix.UtteranceID }); i >= 0 {
			out.Lines[i] = fix.Applied(out.Lines[i])
		}
	}
	slices.SortStableFunc(out.Lines, func(a, b insights.Utterance) int { return int(1000 * (a.Start - b.Start)) })
	out.Listen = r.kept(callID)
	out.Notes, err = r.notes(ctx, callID)
	return out, err
}

func (r *Reader) own(ctx context.Context, id, callID string) (event.Call, error) {
	people, err := r.people(ctx, id)
	if err != nil {
		return event.Call{}, err
	}
	c, err := r.o.Store.Call(ctx, callID)
	if errors.Is(err, store.ErrNotFound) || (err == nil && !slices.Contains(people, c.CustomerID)) {
		return c, ErrNotTheirs
	}
	return c, err
}

func (r *Reader) kept(callID string) bool {
	if r.o.Recordings == nil {
		return false
	}
	wav, _, err := r.o.Recordings.Open(callID)
	if err != nil {
		return false
	}
	_ = wav.Close() // it was only looked for
	return true
}

// Recording opens the audio of one of the person's calls; the caller closes
// it. It is [ErrNotTheirs] when nothing was kept or nobody may listen.
func (r *Reader) Recording(ctx context.Context, id, callID string) (io.ReadSeekCloser, time.Time, error) {
	if _, err := r.own(ctx, id, callID); err != nil {
		return nil, time.Time{}, err
	}
	if r.o.Recordings == nil {
		return nil, time.Time{}, ErrNotTheirs
	}
	wav, at, err := r.o.Recordings.Open(callID)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, ErrNotTheirs
	}
	return wav, at, err
}
