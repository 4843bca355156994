package learning

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/propensity"
	"heed/internal/store"
)

// shares count what was decided.
type shares struct {
	Decisions int            `json:"decisions"`
	Silent    int            `json:"silent"`
	First     map[string]int `json:"first"` // by action and channel
	// Told counts decisions that say how they came to their first action, and
	// Explored those of them that drew it: checkpoints of before know neither.
	Told     int            `json:"told,omitempty"`
	Explored map[string]int `json:"explored,omitempty"` // by action
}

func newShares() shares { return shares{First: make(map[string]int)} }

func (s *shares) add(d *decide.Made) {
	s.Decisions++
	if len(d.Actions) == 0 {
		s.Silent++
		return
	}
	s.First[d.Actions[0].Action+" "+d.Channel]++
	s.Told++
	if d.Explored() {
		if s.Explored == nil {
			s.Explored = make(map[string]int)
		}
		s.Explored[d.Actions[0].Action]++
	}
}

// Health is how the model does.
type Health struct {
	propensity.Health

	Decisions int     `json:"decisions" doc:"As many as were made"`
	Silence   float64 `json:"silence" doc:"The share of them that said nothing"`
	Wins      []Win   `json:"wins" doc:"How often an action came first, the most often first"`
	// Explored are first actions that were drawn to learn from them.
	Explored      float64        `json:"explored" doc:"The share of the decisions with an action whose first was drawn and not the best"`
	ExploredOf    int            `json:"explored_of" doc:"Of how many decisions that is the share"`
	ExploredTimes map[string]int `json:"explored_times" doc:"How often that was, by action"`
	Stopped       []Stop         `json:"stopped" doc:"Actions that are not learnt from until somebody has looked"`
	// Ignored counts the outcomes that taught nothing: "source", "too many",
	// "stopped".
	Ignored map[string]int `json:"ignored"`
	Behind  int64          `json:"behind" doc:"How many events of the log are not learnt from yet"`
}

// Win is how often an action came first on a channel.
type Win struct {
	Action  string  `json:"action"`
	Channel string  `json:"channel"`
	Times   int     `json:"times"`
	Share   float64 `json:"share" doc:"Of all decisions"`
}

// Stop is an action that is not learnt from.
type Stop struct {
	Action string    `json:"action"`
	Since  time.Time `json:"since"`
	Why    string    `json:"why"`
}

// Health gives the figures: milliseconds an action.
func (l *Learner) Health(ctx context.Context) (Health, error) {
	h := Health{Wins: []Win{}, Stopped: []Stop{}, Ignored: map[string]int{}, ExploredTimes: map[string]int{}}
	if m, can := l.o.Model.(interface{ Health() propensity.Health }); can {
		h.Health = m.Health()
	} else {
		h.Model, h.Actions, h.Groups = l.o.Model.Name(), []propensity.ActionHealth{}, []propensity.GroupHealth{}
	}
	last, err := l.o.Store.LastSeq(ctx)
	if err != nil {
		return h, fmt.Errorf("learner: health: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	h.Behind = last - l.s.Seq
	h.Decisions = l.s.Shares.Decisions
	if h.Decisions > 0 {
		h.Silence = float64(l.s.Shares.Silent) / float64(h.Decisions)
	}
	for key, n := range l.s.Shares.First {
		action, channel, _ := strings.Cut(key, " ")
		h.Wins = append(h.Wins, Win{action, channel, n, float64(n) / float64(h.Decisions)})
	}
	slices.SortFunc(h.Wins, func(a, b Win) int {
		return cmp.Or(b.Times-a.Times, strings.Compare(a.Action, b.Action), strings.Compare(a.Channel, b.Channel))
	})
	for action, r := range l.s.Rates {
		if !r.Stopped.IsZero() {
			why := fmt.Sprintf("%.0f %% said yes that day, %.0f %% in the week before", 100*r.Rate, 100*r.Before)
			h.Stopped = append(h.Stopped, Stop{action, r.Stopped, why})
		}
	}
	slices.SortFunc(h.Stopped, func(a, b Stop) int { return strings.Compare(a.Action, b.Action) })
	maps.Copy(h.Ignored, l.s.Ignored)
	maps.Copy(h.ExploredTimes, l.s.Shares.Explored)
	if h.ExploredOf = l.s.Shares.Told; h.ExploredOf > 0 {
		drawn := 0
		for _, n := range h.ExploredTimes {
			drawn += n
		}
		h.Explored = float64(drawn) / float64(h.ExploredOf)
	}
	return h, nil
}

// Resumed is the payload of [event.LearningResumed].
type Resumed struct {
	Action string `json:"action"`
	By     string `json:"by"`
	Why    string `json:"why"`
}

// ErrGoesOn says that an action is learnt from.
var ErrGoesOn = errors.New("learning from this action was not stopped")

// Resume has an action learnt from again, on somebody's word. It returns after
// the commit.
func (l *Learner) Resume(ctx context.Context, r Resumed, at time.Time) error {
	l.mu.Lock()
	of := l.s.Rates[r.Action]
	stopped := of != nil && !of.Stopped.IsZero()
	l.mu.Unlock()
	if !stopped {
		return fmt.Errorf("%s: %w", r.Action, ErrGoesOn)
	}
	e, err := event.New(event.LearningResumed, at, event.About{}, r)
	if err != nil {
		return err
	}
	if err := l.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.Append(e) }); err != nil {
		return fmt.Errorf("learner: resume: %w", err)
	}
	return nil
}
