// Package desk is what people and programs read: the list of calls, the whole
// record of one call, a customer at a glance. It joins what the store keeps
// into those views.
//
// It changes nothing and knows no HTTP.
package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"heed/insights"
	"heed/insights/sentiment/course"
	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Desk reads. It is safe for concurrent use.
type Desk struct {
	store   *store.Store
	now     func() time.Time
	measure Measure
}

// Measure gives the talk figures of a call that goes on, from its utterances
// and where music was on the line; a length of zero is up to the last word.
// Nil gives none.
type Measure func(said []insights.Utterance, length insights.Seconds, music []insights.Stretch) []insights.Insight

// New makes a desk over a store. A nil now means time.Now.
func New(s *store.Store, now func() time.Time, measure Measure) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{store: s, now: now, measure: measure}
}

// Line is a call in a list.
type Line struct {
	event.Call
	Intent string   `json:"intent,omitempty" doc:"The latest intent of the customer"`
	Themes []string `json:"themes" doc:"What it is about, each once"`
	Mood   float64  `json:"mood" doc:"Mean of the customer's latest words, -1 to 1"`
	Last   string   `json:"last,omitempty" doc:"The latest words, redacted"`
	// Spoken is when the latest words ended: what a supervisor takes silence from.
	Spoken insights.Seconds `json:"spoken,omitempty" doc:"When the latest words ended, in seconds from the start of the call"`
}

// Handled is what the agent of a call says of it.
type Handled struct {
	Mute   *event.Mute   `json:"mute,omitempty" doc:"Whether the agent wants suggestions"`
	WrapUp *event.WrapUp `json:"wrap_up,omitempty" doc:"How the agent wrapped it up"`
}

// Record is everything about one call.
type Record struct {
	event.Call
	Utterances []insights.Utterance `json:"utterances"`
	Insights   []insights.Insight   `json:"insights"`
	Mood       *course.Course       `json:"mood_course,omitempty" doc:"How the customer's mood went over the call"`
	Decisions  []decide.Decision    `json:"decisions"`
	Outcomes   []decide.Outcome     `json:"outcomes"`
	// Proposals are what the words told of the suggestions, for a person to confirm.
	Proposals []decide.Proposal `json:"proposals"`
	// Corrections say how some of the utterances read; those are as heard.
	Corrections []event.Correction `json:"corrections"`
	// Summary is what the call was about, soon after it ended.
	Summary  *insights.Summary `json:"summary,omitempty"`
	Customer *brain.Customer   `json:"customer,omitempty"`
	Handled
	// PlatformEvents is what the platform's webhooks tell of the call.
	PlatformEvents *event.Facts `json:"platform_events,omitempty" doc:"What the platform's webhooks tell of the call, by its own clock"`
	// Tracking is what call-tracking services tell of it.
	Tracking []event.Tracking `json:"tracking,omitempty" doc:"What call tracking tells of the call, to admins and marketers"`
	// Origin is where the call came from, from these together.
	Origin  *event.Origin `json:"origin,omitempty" doc:"Where the call came from, to admins and marketers: of several records the most reliable"`
	LastSeq int64         `json:"last_seq" doc:"Follow the call's events after this number to miss none"`
}

// Calls gives a page of calls, the latest first.
func (d *Desk) Calls(ctx context.Context, q store.CallQuery) ([]Line, string, error) {
	calls, next, err := d.store.Calls(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("calls: %w", err)
	}
	lines := make([]Line, 0, len(calls))
	for _, c := range calls {
		l, err := d.line(ctx, c)
		if err != nil {
			return nil, "", fmt.Errorf("calls: %s: %w", c.ID, err)
		}
		lines = append(lines, l)
	}
	return lines, next, nil
}

func (d *Desk) line(ctx context.Context, c event.Call) (Line, error) {
	l := Line{Call: c, Themes: []string{}}
	found, err := d.store.Insights(ctx, c.ID)
	if err != nil {
		return l, err
	}
	l.summarise(found)
	l.Last, l.Spoken, err = d.lastWords(ctx, c.ID)
	return l, err
}

// moodWindow is how many of the customer's latest utterances make the mood.
const moodWindow = 5

// summarise reads what was understood in the order of speech: what was heard
// again after a loss is committed later than what came after it.
func (l *Line) summarise(found []insights.Insight) {
	slices.SortStableFunc(found, func(a, b insights.Insight) int { return cmp.Compare(a.Start, b.Start) })
	seen := make(map[string]bool)
	var moods []float64
	for _, in := range found {
		switch in.Kind {
		case insights.Intent:
			if in.Speaker == insights.Customer {
				l.Intent = in.Name
			}
		case insights.Theme:
			if !seen[in.Name] {
				seen[in.Name] = true
				l.Themes = append(l.Themes, in.Name)
			}
		case insights.Sentiment:
			if in.Name != insights.Annoyed {
				moods = append(moods, in.Value)
			}
		case insights.Entity, insights.Moment, insights.Redacted, insights.Spotted, insights.Talk:
		}
	}
	moods = moods[max(0, len(moods)-moodWindow):]
	for _, m := range moods {
		l.Mood += m / float64(len(moods))
	}
}

// lastWords gives the latest utterance's text, as it was corrected, and its end.
func (d *Desk) lastWords(ctx context.Context, callID string) (string, insights.Seconds, error) {
	u, err := d.store.Utterances(ctx, callID)
	if err != nil || len(u) == 0 {
		return "", 0, err
	}
	latest := slices.MaxFunc(u, func(a, b insights.Utterance) int { return cmp.Compare(a.End, b.End) })
	corrections, err := d.store.CorrectionsOf(ctx, callID)
	for _, c := range corrections {
		if c.UtteranceID == latest.ID {
			return c.Text, latest.End, err
		}
	}
	return cmp.Or(latest.Written, latest.Text), latest.End, err
}

// Record gives the whole of a call, or [store.ErrNotFound].
func (d *Desk) Record(ctx context.Context, id string) (*Record, error) {
	// The sequence is read first: what is committed meanwhile is then seen
	// twice by a screen that follows from it, never missed.
	seq, err := d.store.LastSeq(ctx)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", id, err)
	}
	c, err := d.store.Call(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", id, err)
	}
	r := &Record{Call: c, LastSeq: seq}
	if err := d.fill(ctx, r); err != nil {
		return nil, fmt.Errorf("call %s: %w", id, err)
	}
	return r, nil
}

// asSpoken gives what was said. It is kept in the order of its commit; people
// read it in the order in which it was spoken.
func (d *Desk) asSpoken(ctx context.Context, callID string) ([]insights.Utterance, error) {
	said, err := d.store.Utterances(ctx, callID)
	slices.SortStableFunc(said, func(a, b insights.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	return said, err
}

func (d *Desk) fill(ctx context.Context, r *Record) (err error) {
	if r.Utterances, err = d.asSpoken(ctx, r.ID); err != nil {
		return err
	}
	if r.Insights, err = d.store.Insights(ctx, r.ID); err != nil {
		return err
	}
	if r.Status == event.CallLive && d.measure != nil { // those of a call that is over are stored
		r.Insights = append(r.Insights, d.measure(r.Utterances, 0, r.Music())...)
	}
	r.Mood = course.Of(r.Insights)
	if err = d.suggested(ctx, r); err != nil {
		return err
	}
	if r.Corrections, err = d.store.CorrectionsOf(ctx, r.ID); err != nil {
		return err
	}
	if err = d.sum(ctx, r); err != nil {
		return err
	}
	if err = d.told(ctx, r); err != nil {
		return err
	}
	if err = d.handled(ctx, r); err != nil {
		return err
	}
	if r.CustomerID == "" {
		return nil
	}
	r.Customer, err = d.Customer(ctx, r.CustomerID)
	return err
}

// suggested puts what was suggested into a record, and what became of it.
func (d *Desk) suggested(ctx context.Context, r *Record) (err error) {
	if r.Decisions, err = d.store.Decisions(ctx, r.ID); err != nil {
		return err
	}
	for i := range r.Decisions {
		r.Decisions[i] = decide.Shown(r.Decisions[i])
	}
	if r.Outcomes, err = d.store.Outcomes(ctx, r.ID); err != nil {
		return err
	}
	r.Proposals, err = d.store.ProposalsOf(ctx, r.ID)
	return err
}

// told puts into a record what platforms and call-tracking services tell of the
// call.
func (d *Desk) told(ctx context.Context, r *Record) error {
	details, err := d.store.DetailsOf(ctx, r.ID)
	if err != nil {
		return err
	}
	switch o, err := d.store.CallOrigin(ctx, r.ID); {
	case err == nil && !reflect.DeepEqual(o, event.Origin{}):
		r.Origin = &o
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	for i := range details {
		if details[i].Tracking {
			r.Tracking = append(r.Tracking, details[i].Tracked())
			continue
		}
		f := details[i].Facts()
		r.PlatformEvents = &f
	}
	return nil
}

// sum puts the summary into a record, if there is one yet.
func (d *Desk) sum(ctx context.Context, r *Record) error {
	s, err := d.store.Summary(ctx, r.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		r.Summary = &s
	}
	return err
}

// handled puts into a record what its agent says of the call.
func (d *Desk) handled(ctx context.Context, r *Record) error {
	h, err := d.store.Handling(ctx, r.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	r.Handled = Handled{h.Mute, h.WrapUp}
	return nil
}

// Customer gives a person at a glance, now, or [store.ErrNotFound]: all who
// are one, by the id of any of them.
func (d *Desk) Customer(ctx context.Context, id string) (*brain.Customer, error) {
	p, err := brain.Read(ctx, d.store, id)
	if err != nil {
		return nil, fmt.Errorf("customer %s: %w", id, err)
	}
	v := brain.View(p.Profile, p.Ledger, d.now())
	v.Members, v.Links = p.Members, p.Links
	return &v, nil
}

// Customers gives a page of people whose name or identifier holds the words.
// Those who are one are shown once on it.
func (d *Desk) Customers(ctx context.Context, words, after string, limit int) ([]brain.Customer, string, error) {
	profiles, next, err := d.store.Profiles(ctx, words, after, limit)
	if err != nil {
		return nil, "", fmt.Errorf("customers: %w", err)
	}
	out := make([]brain.Customer, 0, len(profiles))
	for _, p := range profiles {
		v, err := d.Customer(ctx, p.ID)
		if err != nil {
			return nil, "", err
		}
		if !slices.ContainsFunc(out, func(o brain.Customer) bool { return o.ID == v.ID }) {
			out = append(out, *v)
		}
	}
	return out, next, nil
}
