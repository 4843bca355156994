// Package whatif answers for one person and one moment: what would have been
// said then, was it allowed, and what if something about the person had been
// otherwise. It stores nothing, learns nothing, and shows the answer to nobody
// but who asks.
package whatif

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// Ask is one question.
type Ask struct {
	Customer string
	At       time.Time // zero is now
	// Known is how far the log is looked at; zero is At: what was known then.
	Known   time.Time
	Slot    string // empty is the channel's usual one
	Channel string
	// N is at most how many actions; 0 means as many as the place last asked for
	// by then, and 3 where it never did.
	N int
	// Change is a file that is tried over what is live, see [decide.Options.With];
	// empty is as things are.
	Change string
	// Set and Traits suppose signals and traits, each as "name:value"; a trait
	// without a value is unknown.
	Set, Traits []string
}

// Answer is what would have been decided, with its trace, and what the ledger
// says of that moment.
type Answer struct {
	At       time.Time       `json:"at"`
	KnownAt  time.Time       `json:"known_at"`
	Supposed []string        `json:"supposed,omitempty" doc:"What was assumed of the person"`
	Decision decide.Decision `json:"decision" doc:"As it would have been made; nothing is stored"`
	Allowed  []Allowed       `json:"allowed" doc:"What the ledger says, by purpose"`
}

// Allowed is what the ledger says of a purpose on the channel at the moment: in
// truth, as far as is known today, and in good faith, as was known then.
type Allowed struct {
	Purpose consent.Purpose `json:"purpose"`
	AsOf    Word            `json:"as_of" doc:"From all that is known today"`
	KnownAt Word            `json:"known_at" doc:"From what was recorded by known_at"`
}

// Word is an answer of the ledger.
type Word struct {
	State  consent.State `json:"state"`
	Since  time.Time     `json:"since,omitzero"`
	Source string        `json:"source,omitempty"`
	Row    string        `json:"row,omitempty"`
}

// Unspoken leaves out which call a reason comes from and what was said there,
// for those who do not read calls.
func (a *Answer) Unspoken() {
	d := &a.Decision
	d.CallID = ""
	hush := func(list []customer.Evidence) []customer.Evidence {
		list = slices.Clone(list)
		for i := range list {
			list[i].CallID, list[i].CallSecond, list[i].Quote = "", 0, ""
		}
		return list
	}
	for i := range d.Actions {
		reasons := d.Actions[i].Reasons
		for j := range reasons {
			reasons[j].Evidence = hush(reasons[j].Evidence)
		}
	}
	for i := range d.Readings {
		d.Readings[i].Evidence = hush(d.Readings[i].Evidence)
	}
}

// Asker answers. It is safe for concurrent use.
type Asker struct {
	brain   *brain.Brain
	decider *decide.Decider
	now     func() time.Time
}

// New makes an asker; a nil now is time.Now.
func New(b *brain.Brain, d *decide.Decider, now func() time.Time) *Asker {
	if now == nil {
		now = time.Now
	}
	return &Asker{b, d, now}
}

// Ask answers one question. What cannot be asked is [brain.ErrInvalid].
func (a *Asker) Ask(ctx context.Context, q Ask) (Answer, error) {
	now := a.now()
	if q.At.IsZero() {
		q.At = now
	}
	if q.Known.IsZero() {
		q.Known = q.At
	}
	if q.At.After(now) || q.Known.After(now) {
		return Answer{}, fmt.Errorf("%w: %s has not come yet; at and known_at are past moments", brain.ErrInvalid, later(q.At, q.Known).Format(time.RFC3339))
	}
	then := brain.Then{At: q.At, Known: q.Known, Slot: slotOf(&q), Channel: q.Channel}
	r, err := a.brain.At(ctx, q.Customer, then)
	if err != nil {
		return Answer{}, err
	}
	then.Known = now
	today, err := a.brain.At(ctx, q.Customer, then)
	if err != nil {
		return Answer{}, err
	}
	if err := suppose(&r.Profile, &q); err != nil {
		return Answer{}, fmt.Errorf("%w: %w", brain.ErrInvalid, err)
	}
	r.N, r.Trace = cmp.Or(q.N, r.N), true
	out := Answer{At: q.At, KnownAt: q.Known, Supposed: slices.Concat(q.Set, q.Traits)}
	d, err := a.under(q.Change)
	if err != nil {
		return Answer{}, fmt.Errorf("%w: %w", brain.ErrInvalid, err)
	}
	out.Decision = d.Decide("what-if", r)
	for _, p := range []consent.Purpose{consent.Service, consent.Marketing, consent.Research, consent.Profiling} {
		cell := consent.Cell{Purpose: p, Channel: q.Channel, Address: decide.AddressOf(&r.Profile, q.Channel)}
		out.Allowed = append(out.Allowed, Allowed{
			Purpose: p, AsOf: word(consent.Now(today.Ledger, cell, q.At)), KnownAt: word(consent.Now(r.Ledger, cell, q.At)),
		})
	}
	return out, nil
}

// under gives what decides, with a change.
func (a *Asker) under(change string) (*decide.Decider, error) {
	if change == "" {
		return a.decider, nil
	}
	o, _, err := a.decider.Options().With("change", []byte(change))
	if err != nil {
		return nil, err
	}
	return decide.New(o)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// slotOf is the slot that is meant.
func slotOf(q *Ask) string {
	if q.Slot != "" {
		return q.Slot
	}
	usual := map[string]string{"agent": "agent.call", "web": "web.banner", "app": "app.banner"}
	if slot, ok := usual[q.Channel]; ok {
		return slot
	}
	return "outbound." + q.Channel
}

func word(a consent.Answer) Word {
	w := Word{State: a.State}
	if a.Row != nil {
		w.Since, w.Source, w.Row = a.Row.At, a.Row.Source, a.Row.ID
	}
	return w
}

// suppose makes the profile one of which what is asked for holds.
func suppose(p *customer.Profile, q *Ask) error {
	for _, text := range q.Set {
		name, number, _ := strings.Cut(text, ":")
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return fmt.Errorf("set %q: want signal:number, such as churn_risk:0.2", text)
		}
		p.Evidence, p.Marks = maps.Clone(p.Evidence), maps.Clone(p.Marks)
		if err := p.Suppose(name, value, q.At); err != nil {
			return err
		}
	}
	for _, text := range q.Traits {
		name, value, given := strings.Cut(text, ":")
		if !given || name == "" {
			return fmt.Errorf("trait %q: want name:value, such as plan:basic; without a value it is unknown", text)
		}
		if err := p.SupposeTrait(name, valueOf(value), q.At); err != nil {
			return err
		}
	}
	return nil
}

// valueOf reads a trait's value as it is meant.
func valueOf(text string) any {
	if text == "" {
		return nil
	}
	if b, err := strconv.ParseBool(text); err == nil && len(text) > 1 {
		return b
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		return x
	}
	return text
}
