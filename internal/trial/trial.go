// Package trial follows what the arms of the experiments decided and what came
// of it, reports what each was worth, and ends a challenger that does harm.
//
// It derives everything from the log and stores nothing of its own: what it
// knows is rebuilt at each start. It assigns nobody; internal/decide does.
package trial

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/experiment"
	"heed/internal/store"
)

const (
	// remembered is how many decisions are compared, the latest; a call is one.
	remembered = 500_000
	// harmWithin is how long after a decision an opt-out or a complaint counts
	// against it.
	harmWithin = 7 * 24 * time.Hour
	// lookEvery is how often challengers are judged.
	lookEvery = time.Hour
)

// Ended is the payload of [event.ExperimentEnded].
type Ended struct {
	Arm      string `json:"arm"`
	Why      string `json:"why"`
	Rollback bool   `json:"rollback"`     // it did harm
	By       string `json:"by,omitempty"` // who ended it; empty when Heed did by itself
}

// State is the arms as they are, with what ended them.
type State struct {
	Salt  string           `json:"salt"`
	Arms  []experiment.Arm `json:"arms"`
	Ended []Ended          `json:"ended"`
}

// ErrNoArm says that there is no such arm, or that it has ended.
var ErrNoArm = errors.New("there is no arm of this name that goes on")

// Keeper is a consumer of the log. It is safe for concurrent use.
type Keeper struct {
	store   *store.Store
	decider *decide.Decider
	log     *slog.Logger
	now     func() time.Time

	mu    sync.Mutex
	seq   int64
	rows  []row
	first int            // how many rows were forgotten before rows[0]
	by    map[string]int // decision -> row, counted from the beginning
	last  map[string][]int
	ended []Ended
}

// row is one decision, or all of one call.
type row struct {
	experiment.Row

	decisions []string
	values    map[string]float64 // action -> V
}

// New makes a keeper that has seen nothing. A nil now is time.Now.
func New(s *store.Store, d *decide.Decider, log *slog.Logger, now func() time.Time) *Keeper {
	if now == nil {
		now = time.Now
	}
	return &Keeper{store: s, decider: d, log: log.With("component", "trial"), now: now, by: make(map[string]int), last: make(map[string][]int)}
}

var _ event.Consumer = (*Keeper)(nil)

// Types are the events that a keeper follows.
func Types() []event.Type {
	return []event.Type{event.DecisionMade, event.OutcomeRecorded, event.ConsentChanged, event.SignalRaised, event.FactObserved, event.ExperimentEnded}
}

// Resume ends the arms that were ended before, so that none decides again
// while the log is read anew. Call it before the first decision.
func (k *Keeper) Resume(ctx context.Context) error {
	for after := int64(0); ; {
		events, err := k.store.Events(ctx, event.Query{After: after, Types: []event.Type{event.ExperimentEnded}, Limit: 500})
		if err != nil {
			return fmt.Errorf("trial: %w", err)
		}
		if len(events) == 0 {
			return nil
		}
		for _, e := range events {
			var end Ended
			if err := json.Unmarshal(e.Data, &end); err != nil {
				return fmt.Errorf("trial: event %d: %w", e.Seq, err)
			}
			k.decider.EndArm(end.Arm)
			after = e.Seq
		}
	}
}

// Name names the consumer.
func (k *Keeper) Name() string { return "trial" }

// Cursor is the last event taken in.
func (k *Keeper) Cursor(context.Context) (int64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.seq, nil
}

// Handle takes events in.
func (k *Keeper) Handle(_ context.Context, events []event.Event) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range events {
		if e.Seq <= k.seq {
			continue
		}
		if err := k.take(e); err != nil {
			return fmt.Errorf("trial: event %d: %w", e.Seq, err)
		}
		k.seq = e.Seq
	}
	return nil
}

func (k *Keeper) take(e event.Event) error {
	if e.Erased() {
		return nil
	}
	switch e.Type { //nolint:exhaustive // the others are not followed
	case event.DecisionMade:
		var d decide.Made
		return k.read(e, &d, func() { k.decided(&d) })
	case event.OutcomeRecorded:
		var o decide.Outcome
		return k.read(e, &o, func() { k.answered(&o) })
	case event.ConsentChanged:
		var c struct{ Purpose, State string }
		return k.read(e, &c, func() {
			if c.Purpose == "marketing" && (c.State == "withdrawn" || c.State == "denied") {
				k.harm(e, func(r *row) { r.OptOut = true })
			}
		})
	case event.SignalRaised:
		var s struct{ Label string }
		return k.read(e, &s, func() { k.complained(e, s.Label == "intent.complaint") })
	case event.FactObserved:
		var f struct{ Name string }
		return k.read(e, &f, func() { k.complained(e, strings.HasPrefix(f.Name, "complaint.opened")) })
	case event.ExperimentEnded:
		var end Ended
		return k.read(e, &end, func() {
			k.decider.EndArm(end.Arm)
			k.ended = append(k.ended, end)
		})
	}
	return nil
}

func (k *Keeper) read(e event.Event, into any, then func()) error {
	if err := json.Unmarshal(e.Data, into); err != nil {
		return err
	}
	then()
	return nil
}

// decided adds a decision, or puts it in the place of the one that it
// supersedes: what a call was advised is one row.
func (k *Keeper) decided(d *decide.Made) {
	at, again := k.by[d.Supersedes]
	if !again || d.Supersedes == "" {
		at = k.first + len(k.rows)
		k.rows = append(k.rows, row{values: make(map[string]float64)})
		k.last[d.Subject] = append(k.last[d.Subject], at)
	}
	r := &k.rows[at-k.first]
	r.Subject, r.At = d.Subject, d.At
	r.Arm = cmp.Or(d.Policy, experiment.NBA)
	r.Silent = len(d.Actions) == 0
	if !r.Silent { // a call that ends in silence was still advised
		r.Action = d.Actions[0].Action
	}
	r.Contact = r.Contact || (!r.Silent && decide.Outbound(d.Channel))
	for _, c := range d.Actions {
		r.values[c.Action] = c.V
	}
	r.decisions = append(r.decisions, d.ID)
	k.by[d.ID] = at
	k.forget()
}

// forget drops the oldest rows over the bound.
func (k *Keeper) forget() {
	if len(k.rows) < remembered+remembered/10 {
		return
	}
	drop := len(k.rows) - remembered
	for i := range k.rows[:drop] {
		r := &k.rows[i]
		for _, id := range r.decisions {
			delete(k.by, id)
		}
		if list := k.last[r.Subject]; len(list) > 1 {
			k.last[r.Subject] = list[1:]
		} else {
			delete(k.last, r.Subject)
		}
	}
	k.rows = slices.Clone(k.rows[drop:])
	k.first += drop
}

func (k *Keeper) answered(o *decide.Outcome) {
	at, known := k.by[o.DecisionID]
	if !known {
		return
	}
	r := &k.rows[at-k.first]
	switch {
	case decide.Positive(o.Outcome):
		r.Accepted, r.Reward = true, max(r.Reward, o.Value, r.values[o.Action])
	case o.Outcome == "opted_out":
		r.OptOut = true
	}
}

func (k *Keeper) complained(e event.Event, did bool) {
	if did {
		k.harm(e, func(r *row) { r.Complaint = true })
	}
}

// harm marks the person's decisions of the days before an event.
func (k *Keeper) harm(e event.Event, mark func(*row)) {
	for _, at := range slices.Backward(k.last[e.Subject]) {
		r := &k.rows[at-k.first]
		if e.Time.Sub(r.At) > harmWithin {
			return
		}
		if !e.Time.Before(r.At) {
			mark(r)
		}
	}
}

// State gives the arms as they are.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.decider.Plan()
	return State{Salt: p.Salt, Arms: append([]experiment.Arm{}, p.Arms...), Ended: append([]Ended{}, k.ended...)}
}

// Report says what the arms were worth since a moment.
func (k *Keeper) Report(since time.Time) experiment.Report {
	plan := k.decider.Plan()
	return experiment.Measure(&plan, k.since(since))
}

func (k *Keeper) since(since time.Time) []experiment.Row {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := make([]experiment.Row, 0, len(k.rows))
	for i := range k.rows {
		if !k.rows[i].At.Before(since) {
			out = append(out, k.rows[i].Row)
		}
	}
	return out
}

// End ends an arm for a reason, at once and for good. It returns after the
// commit; [ErrNoArm] when there is none to end.
func (k *Keeper) End(ctx context.Context, end Ended) error {
	if !k.decider.EndArm(end.Arm) {
		return fmt.Errorf("end arm %q: %w", end.Arm, ErrNoArm)
	}
	e, err := event.New(event.ExperimentEnded, k.now(), event.About{}, end)
	if err != nil {
		return err
	}
	if err := k.store.Write(ctx, func(tx *store.Tx) error { return tx.Append(e) }); err != nil {
		return fmt.Errorf("end arm %q: %w", end.Arm, err)
	}
	return nil
}

// Run judges the challengers each hour until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			k.Judge(ctx)
		}
	}
}

// Judge ends what has to end now.
func (k *Keeper) Judge(ctx context.Context) {
	for _, s := range k.Report(time.Time{}).Stop {
		err := k.End(ctx, Ended{Arm: s.Arm, Why: s.Why, Rollback: s.Rollback})
		switch {
		case errors.Is(err, ErrNoArm):
		case err != nil:
			k.log.Error("an arm that has to end goes on", "arm", s.Arm, "error", err)
		default:
			k.log.Warn("an arm has ended", "arm", s.Arm, "why", s.Why, "rollback", s.Rollback)
		}
	}
}
