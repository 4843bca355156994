package watch

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/store"
)

// Board is what is on the board, or what has changed of it.
type Board struct {
	// Whole says that it is all of it: what is not in it is gone.
	Whole bool `json:"whole" doc:"It is all there is; otherwise what changed"`
	// Now is the server's clock.
	Now   time.Time `json:"now"`
	Calls []Live    `json:"calls"`
	// Ended are calls that are over.
	Ended  []string `json:"ended"`
	Alerts []Alert  `json:"alerts" doc:"Those of the last 24 hours that nobody saw to, and those that somebody has just seen to"`
}

// Alert is a rule that came true.
type Alert struct {
	ID      string     `json:"id"`
	Rule    string     `json:"rule_id"`
	Name    string     `json:"name" doc:"Of the rule"`
	Kind    string     `json:"kind" enum:"mood,silence,phrase,theme,asks,risk,long,overlap"`
	Call    string     `json:"call_id"`
	Agent   string     `json:"agent,omitempty"`
	At      time.Time  `json:"at"`
	Seconds float64    `json:"seconds" doc:"Of the call"`
	Value   float64    `json:"value,omitempty" doc:"Which the rule compared"`
	Acked   *time.Time `json:"acked_at,omitempty" doc:"When somebody saw to it"`
	AckedBy string     `json:"acked_by,omitempty"`
}

func alertView(a store.WatchAlert) Alert {
	v := Alert{
		ID: a.ID, Rule: a.Rule, Name: a.Name, Kind: a.Kind, Call: a.Call, Agent: a.Agent, At: a.At.UTC(), Seconds: round(a.Seconds), Value: a.Value,
	}
	if !a.Acked.IsZero() {
		at := a.Acked.UTC()
		v.Acked, v.AckedBy = &at, a.AckedBy
	}
	return v
}

// Since gives what changed after a mark that it gave before, with the next one;
// all of it for "" and for a mark that is too old. Some is false when nothing
// changed; changed is closed when something does.
func (s *Service) Since(mark string) (b Board, next string, some bool, changed <-chan struct{}) {
	return s.since(mark, true)
}

// AlertsSince is Since for who follows the alerts alone: its boards have no calls,
// and a change of a call is none.
func (s *Service) AlertsSince(mark string) (b Board, next string, some bool, changed <-chan struct{}) {
	return s.since(mark, false)
}

func (s *Service) since(mark string, calls bool) (b Board, next string, some bool, changed <-chan struct{}) {
	changed = s.bell.Changed()
	s.mu.Lock()
	defer s.mu.Unlock()
	after, known := s.parse(mark)
	b = Board{Whole: !known, Now: s.o.Now().UTC(), Calls: []Live{}, Ended: []string{}, Alerts: []Alert{}}
	if calls {
		s.callsSince(&b, after)
	}
	s.alertsSince(&b, after)
	return b, s.mark(), b.Whole || len(b.Calls)+len(b.Ended)+len(b.Alerts) > 0, changed
}

// callsSince puts into a board the calls that go on, or what changed of them.
func (s *state) callsSince(b *Board, after int64) {
	for _, c := range s.calls {
		if b.Whole || c.version > after {
			b.Calls = append(b.Calls, c.shown())
		}
	}
	slices.SortFunc(b.Calls, func(a, b Live) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.Call, b.Call)) })
	for _, e := range s.ended {
		if !b.Whole && e.version > after {
			b.Ended = append(b.Ended, e.call)
		}
	}
}

// alertsSince puts into a board the alerts that nobody saw to, or what changed
// of them.
func (s *state) alertsSince(b *Board, after int64) {
	for _, a := range s.alerts {
		open := a.Acked.IsZero() && b.Now.Sub(a.At) < shown
		if b.Whole && open || !b.Whole && a.version > after {
			b.Alerts = append(b.Alerts, alertView(a.WatchAlert))
		}
	}
	slices.SortFunc(b.Alerts, func(a, b Alert) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
}

// shown is the call as screens get it: what the fold keeps for itself stays.
func (c *call) shown() Live {
	l := c.Live
	if l.Course == nil {
		l.Course = []Point{}
	}
	if l.Risk.Parts == nil {
		l.Risk.Parts = []Part{}
	}
	return l
}

func (s *state) mark() string { return fmt.Sprintf("%s.%d", s.epoch, s.version) }

// parse reads a mark; false when it does not say what its screen has seen.
func (s *state) parse(mark string) (after int64, known bool) {
	epoch, number, _ := strings.Cut(mark, ".")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || epoch != s.epoch || n > s.version {
		return 0, false
	}
	return n, len(s.ended) < mostGone || n >= s.ended[0].version
}

// note puts an alert on the board, in the place of how it was.
func (s *Service) note(a store.WatchAlert) {
	s.mu.Lock()
	s.put(a)
	s.mu.Unlock()
	s.bell.Ring()
}

// noteNew puts an alert on the board that was just stored, unless somebody has
// seen to it already.
func (s *Service) noteNew(a store.WatchAlert) {
	s.mu.Lock()
	if s.alerts[a.ID] == nil {
		s.put(a)
	}
	s.mu.Unlock()
	s.bell.Ring()
}

func (s *state) put(a store.WatchAlert) {
	s.version++
	s.alerts[a.ID] = &noted{a, s.version}
	if len(s.alerts) > mostShown {
		oldest := slices.MinFunc(s.noted(), func(a, b *noted) int {
			return cmp.Or(byAck(a, b), a.At.Compare(b.At))
		})
		delete(s.alerts, oldest.ID)
	}
}

// byAck puts alerts first that somebody saw to.
func byAck(a, b *noted) int {
	switch open := a.Acked.IsZero(); {
	case open == b.Acked.IsZero():
		return 0
	case open:
		return 1
	}
	return -1
}

func (s *state) noted() []*noted {
	out := make([]*noted, 0, len(s.alerts))
	for _, a := range s.alerts {
		out = append(out, a)
	}
	return out
}
