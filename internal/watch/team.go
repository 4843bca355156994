package watch

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

const (
	// mostWorked calls are read for the figures of a team.
	mostWorked = 20_000
	// Enough calls, moods or answers are needed before a share says anything.
	Enough = 5
)

// Figures are those of one agent, or of all.
type Figures struct {
	Agent string `json:"agent" doc:"Empty: calls of which no agent is known"`
	Calls int    `json:"calls"`
	// Live are among the calls.
	Live    int     `json:"live" doc:"Among the calls: those that go on"`
	Talk    float64 `json:"talk" doc:"Length of the calls in seconds together; of those that go on, up to now"`
	Longest float64 `json:"longest" doc:"The longest of them, in seconds"`
	// Mood is the mean of the customers' moods; absent when too few have one.
	Mood      *float64 `json:"mood,omitempty" doc:"Mean over the calls of the customers' mood, -1 to 1; absent when fewer than 5 calls have one"`
	MoodCalls int      `json:"mood_calls" doc:"Calls in which the customer said something of which a mood is known"`
	// Outcomes are what came of suggestions.
	Outcomes map[string]int `json:"outcomes" doc:"What came of suggestions, by name"`
	Answers  int            `json:"answers" doc:"Suggestions that were accepted, dismissed or put off"`
	// Accepted is their share; absent when there are too few.
	Accepted *float64 `json:"accepted,omitempty" doc:"Share of the answers that accepted, 0..1; absent when there are fewer than 5"`
}

// Team is what a team did in a time.
type Team struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// More says that there were more calls than are counted: the latest are.
	More   bool      `json:"more" doc:"There were more calls than are counted here: the latest 20,000 are"`
	All    Figures   `json:"all"`
	Agents []Figures `json:"agents" doc:"The busiest first"`
}

// TeamOf gives the figures of the calls that began from a moment on and before
// another.
func (s *Service) TeamOf(ctx context.Context, from, to time.Time) (Team, error) {
	calls, more, err := s.o.Store.WorkedCalls(ctx, from, to, mostWorked)
	if err != nil {
		return Team{}, err
	}
	now := s.o.Now()
	t := Team{From: from.UTC(), To: to.UTC(), More: more}
	all, by := newSums(""), map[string]*sums{}
	for i := range calls {
		c := &calls[i]
		if by[c.Agent] == nil {
			by[c.Agent] = newSums(c.Agent)
		}
		all.add(c, now)
		by[c.Agent].add(c, now)
	}
	t.All, t.Agents = all.figures(), make([]Figures, 0, len(by))
	for _, one := range by {
		t.Agents = append(t.Agents, one.figures())
	}
	slices.SortFunc(t.Agents, func(a, b Figures) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Agent, b.Agent)) })
	return t, nil
}

// sums add up calls.
type sums struct {
	Figures

	mood float64 // of the calls' means
}

func newSums(agent string) *sums {
	return &sums{Figures: Figures{Agent: agent, Outcomes: map[string]int{}}}
}

// add counts a call. What is stored of the length of one that goes on is as old
// as its last change, so that is told by the clock.
func (f *sums) add(c *store.WorkedCall, now time.Time) {
	f.Calls++
	length := float64(c.Duration)
	if c.Status == event.CallLive {
		f.Live++
		length = max(length, now.Sub(c.StartedAt).Seconds())
	}
	f.Talk += length
	f.Longest = max(f.Longest, length)
	if c.Moods > 0 {
		f.MoodCalls++
		f.mood += c.Mood / float64(c.Moods)
	}
	for name, n := range c.Outcomes {
		f.Outcomes[name] += n
	}
}

func (f *sums) figures() Figures {
	out := f.Figures
	out.Talk, out.Longest = math.Round(out.Talk), math.Round(out.Longest)
	if out.MoodCalls >= Enough {
		mean := round(f.mood / float64(out.MoodCalls))
		out.Mood = &mean
	}
	accepted := out.Outcomes["accepted"]
	out.Answers = accepted + out.Outcomes["dismissed"] + out.Outcomes["later"]
	if out.Answers >= Enough {
		share := round(float64(accepted) / float64(out.Answers))
		out.Accepted = &share
	}
	return out
}
