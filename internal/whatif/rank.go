package whatif

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/experiment"
)

// Question asks for a ranking: for a customer, or for somebody made up.
type Question struct {
	Customer string
	// Given is somebody made up, in the place of Customer; Agrees says that
	// they said yes to marketing and to being profiled.
	Given  decide.Given
	Agrees bool
	// At is the moment for a customer; zero is now, and for somebody made up it
	// is always now.
	At            time.Time
	Slot, Channel string
	// Change is tried over what is live; see [Ask].
	Change string
}

// Ranking is who would be offered what, as things are and under the change.
type Ranking struct {
	At      time.Time `json:"at"`
	Slot    string    `json:"slot"`
	Channel string    `json:"channel"`
	Now     Order     `json:"now"`
	// Tried is nil without a change.
	Tried *Order `json:"tried,omitempty" doc:"Under the change"`
}

// Order is one ranking of all that may be offered.
type Order struct {
	Ranked []Ranked `json:"ranked" doc:"The best first: no control group, and nothing drawn to learn from it"`
	Out    []Out    `json:"out" doc:"What may not be offered, by the step that says so"`
}

// Ranked is an action with what made its place.
type Ranked struct {
	Action    string  `json:"action"`
	Title     string  `json:"title"`
	Group     string  `json:"group"`
	Rank      int     `json:"rank"`
	P         float64 `json:"p" doc:"The chance of a yes"`
	Low       float64 `json:"low" doc:"Where P is with 80 %"`
	High      float64 `json:"high"`
	C         float64 `json:"c"`
	V         float64 `json:"v"`
	L         float64 `json:"l"`
	Priority  float64 `json:"priority" doc:"p x c x v x l"`
	Annoyance float64 `json:"annoyance" doc:"What the contact costs, in the unit of priority"`
}

// Out is an action with the rule that keeps it out.
type Out struct {
	Action string `json:"action"`
	Title  string `json:"title"`
	Step   int    `json:"step" doc:"Of the decision: 1 consent, 2 law, 3 catalogue, 4 eligibility, 5 applicability, 6 suitability, 7 contact policy, 10 worth"`
	Rule   string `json:"rule"`
	Why    string `json:"why"`
	Source string `json:"source,omitempty"`
}

// Rank answers a question by priority alone. It stores nothing and tells of no
// call: neither quotes nor names are in it. What cannot be asked is
// [brain.ErrInvalid].
func (a *Asker) Rank(ctx context.Context, q Question) (Ranking, error) {
	r, err := a.question(ctx, &q)
	if err != nil {
		return Ranking{}, err
	}
	live := a.decider.Options()
	out := Ranking{At: r.At, Slot: r.Slot, Channel: r.Channel}
	if out.Now, err = ordered(live, r); err != nil || q.Change == "" {
		return out, err
	}
	changed, _, err := live.With("change", []byte(q.Change))
	if err != nil {
		return out, fmt.Errorf("%w: %w", brain.ErrInvalid, err)
	}
	tried, err := ordered(changed, r)
	out.Tried = &tried
	return out, err
}

// question makes the request that both rankings answer.
func (a *Asker) question(ctx context.Context, q *Question) (decide.Request, error) {
	now := a.now()
	at := q.At
	if q.Customer == "" || at.IsZero() {
		at = now
	}
	if at.After(now) {
		return decide.Request{}, fmt.Errorf("%w: %s has not come yet", brain.ErrInvalid, at.Format(time.RFC3339))
	}
	channel := cmp.Or(q.Channel, "agent")
	slot := slotOf(&Ask{Slot: q.Slot, Channel: channel})
	if q.Customer != "" {
		r, err := a.brain.At(ctx, q.Customer, brain.Then{At: at, Known: at, Slot: slot, Channel: channel})
		r.Slot, r.Channel = slot, channel
		return r, err
	}
	g := q.Given
	g.Channel = channel
	r, err := a.decider.Catalogue().Request(g, q.Agrees, at)
	if err != nil {
		return r, fmt.Errorf("%w: this person cannot be made up: %w", brain.ErrInvalid, err)
	}
	r.Slot = slot
	return r, nil
}

// ordered decides without control groups and without trying anything, and
// gives all that was weighed.
func ordered(o decide.Options, r decide.Request) (Order, error) {
	o.Experiments, o.Explore = experiment.Plan{}, decide.Explore{}
	d, err := decide.New(o)
	if err != nil {
		return Order{}, fmt.Errorf("rank: %w", err)
	}
	titles := make(map[string]string)
	for _, a := range o.Catalogue.Actions() {
		titles[a.ID] = a.Title
	}
	r.N, r.Previous = 1, nil
	made := d.Decide("ranking", r)
	out := Order{Ranked: []Ranked{}, Out: []Out{}}
	for i := range made.Survivors {
		s := &made.Survivors[i]
		low, high := decide.Middle(s.M, s.S)
		out.Ranked = append(out.Ranked, Ranked{
			Action: s.Action, Title: titles[s.Action], Group: s.Group, P: s.P, Low: min(s.P, low), High: max(s.P, high),
			C: s.C, V: s.V, L: s.L, Priority: s.Priority, Annoyance: s.Annoyance,
		})
	}
	slices.SortStableFunc(out.Ranked, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.Action, b.Action))
	})
	for i := range out.Ranked {
		out.Ranked[i].Rank = i + 1
	}
	for _, e := range made.NotChosen {
		if e.Step < outranked {
			out.Out = append(out.Out, Out{e.Action, titles[e.Action], e.Step, e.Rule, e.Why, e.Source})
		}
	}
	slices.SortStableFunc(out.Out, func(a, b Out) int {
		return cmp.Or(cmp.Compare(b.Step, a.Step), cmp.Compare(a.Action, b.Action))
	})
	return out, nil
}

// outranked is the step of what was only not the best.
const outranked = 12
