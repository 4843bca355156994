// Package replay decides the past again under a change: every decision of a
// stretch of time is made anew from the log, once as things are and once as
// they would be, and the two are compared.
//
// It changes and stores nothing, learns nothing, and tells nothing about
// anybody: its report holds counts, and as examples ids with moments. It is deterministic: the same log, model and change give
// the same report.
package replay

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/offpolicy/logged"
)

// Options is what is replayed. All fields but Cohort and Progress are required.
type Options struct {
	Brain *brain.Brain
	// Live is what decides now, Change what shall be tried; see
	// [decide.Options.With].
	Live, Change decide.Options
	// Subjects are the people whose decisions are replayed, each once.
	Subjects     []string
	Since, Until time.Time // of the decisions: from Since, before Until
	// Cohort is a trait by whose values the figures are also told apart.
	Cohort string
	// Progress is told how many people are done; it may be called from any
	// goroutine, one at a time.
	Progress func(done int)
}

// Report is what a change would have done.
type Report struct {
	Decisions int `json:"decisions"`
	People    int `json:"people"`
	// Opened are refusals of consent or law that the change would lift. There
	// must be none.
	Opened   []Opened `json:"opened"`
	Excluded Count    `json:"excluded" doc:"Candidates that consent kept out"`
	AsLogged AsLogged `json:"as_logged"`
	Moves
	Movement []Move   `json:"movement" doc:"The first action before and after, the most frequent first"`
	Volume   []Volume `json:"volume" doc:"How often each action comes first, by channel"`
	Silence  Share    `json:"silence" doc:"Share of decisions without an action"`
	Contacts Share    `json:"contacts" doc:"Messages and calls out for each person"`
	Newly    Newly    `json:"newly_eligible"`
	Value    Value    `json:"value"`
	Cohorts  []Cohort `json:"cohorts,omitempty"`
	Alerts   []string `json:"alerts,omitempty" doc:"Cohorts that fare worse than 0.8 of the best"`
	Notes    []string `json:"notes,omitempty" doc:"What limits what was replayed"`
}

// Moves is how much a change moves.
type Moves struct {
	Moved       int `json:"moved" doc:"Decisions with another first action"`
	MovedPeople int `json:"moved_people" doc:"People with such a decision"`
}

// Opened is a rule that kept an action from people and would not any more.
type Opened struct {
	Action    string `json:"action"`
	Rule      string `json:"rule"`
	Decisions int    `json:"decisions"`
	People    int    `json:"people"`
}

// Count is a number before and after.
type Count struct {
	Before int `json:"before"`
	After  int `json:"after"`
}

// Share is a figure before and after.
type Share struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// AsLogged tells how faithful the replay is: how many decisions come out as
// they were logged when nothing is changed, and why others do not.
type AsLogged struct {
	Same   int            `json:"same"`
	Differ map[string]int `json:"differ,omitempty" doc:"By the reason that is known"`
	// Logged and Present count the estimates that the log had and those that
	// the present model gave where it had none.
	Logged  int `json:"estimates_logged"`
	Present int `json:"estimates_present"`
	// Forgotten counts decisions of which people want nothing kept.
	Forgotten int `json:"forgotten,omitempty"`
}

// Move is one cell of the movement matrix.
type Move struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Decisions int    `json:"decisions"`
	People    int    `json:"people"`
	// Examples are there where the first action changes, the earliest first.
	Examples []Example `json:"examples,omitempty"`
}

// Example is a moment in which the first action changes: who, by the id alone,
// and when.
type Example struct {
	Customer string    `json:"customer"`
	At       time.Time `json:"at"`
	Slot     string    `json:"slot"`
	Channel  string    `json:"channel"`
}

// Volume is how often an action comes first on a channel.
type Volume struct {
	Action  string `json:"action"`
	Channel string `json:"channel"`
	Count
}

// Newly are people for whom something passes the rules that never did before.
type Newly struct {
	People  int             `json:"people" doc:"Who were never offered anything in this time and would be"`
	Actions []NewlyEligible `json:"actions,omitempty"`
}

// NewlyEligible counts the people for whom an action passes every rule in some
// decision, and did in none.
type NewlyEligible struct {
	Action string `json:"action"`
	People int    `json:"people"`
}

// Value is what a decision is worth under the change, in the catalogue's
// currency, before it is scaled. An answer brings what the accepted action
// was worth when it was offered.
type Value struct {
	logged.Judged

	Refused string `json:"refused,omitempty" doc:"Why no value is told"`
}

// Cohort is the people with one value of a trait.
type Cohort struct {
	Value     string `json:"value" doc:"Of the trait; unknown where nobody said"`
	People    int    `json:"people"`
	Decisions int    `json:"decisions"`
	P         Share  `json:"p" doc:"Mean chance of what comes first"`
	Reach     Share  `json:"reach" doc:"Share of decisions with an action"`
	Worth     Share  `json:"worth" doc:"Mean of p x value a decision"`
}

// Run replays, on all cores, and blocks until it is done or ctx ends. A change
// that cannot be decided by is an error.
func Run(ctx context.Context, o Options) (Report, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	index := make(map[string]bool, len(o.Subjects))
	for _, id := range o.Subjects {
		index[id] = true
	}
	parts := make([]*part, len(o.Subjects))
	var next, done atomic.Int64
	var telling sync.Mutex
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, len(o.Subjects))) {
		w, err := newWorker(&o, index)
		if err != nil {
			cancel(err)
			break
		}
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(o.Subjects) || ctx.Err() != nil {
					return
				}
				p, err := w.person(ctx, o.Subjects[i])
				if err != nil {
					cancel(fmt.Errorf("replay: %w", err))
					return
				}
				parts[i] = p
				if n := int(done.Add(1)); o.Progress != nil {
					telling.Lock()
					o.Progress(n)
					telling.Unlock()
				}
			}
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return Report{}, context.Cause(ctx)
	}
	return conclude(&o, parts)
}
