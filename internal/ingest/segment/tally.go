package segment

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// maxNames bounds how many names are counted for one key; further ones share
// a place.
const (
	maxNames = 200
	others   = "(others)"
)

// Source is what came from one key since the server started.
type Source struct {
	ID       string    `json:"id" doc:"Of the key"`
	Name     string    `json:"name"`
	Last     time.Time `json:"last_at,omitzero" doc:"When its last message was taken"`
	Taken    int64     `json:"taken" doc:"Messages committed"`
	Repeated int64     `json:"repeated" doc:"Messages that had come before"`
	Refused  int64     `json:"refused" doc:"Messages and requests that were refused"`
	// Faults and Unknown are by field and by event name.
	Faults  []Times `json:"faults" doc:"What was refused, by the field at fault"`
	Unknown []Times `json:"unknown_events" doc:"Events of a name that nothing knows: kept in the timeline, most frequent first"`
	Strange int64   `json:"unknown_fields" doc:"Fields that the API does not have: passed over"`
}

// Times is how often something came.
type Times struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// tally counts what comes.
type tally struct {
	messages *prometheus.CounterVec
	fields   prometheus.Counter
	seconds  *prometheus.HistogramVec

	mu      sync.Mutex
	sources map[string]*counts
}

type counts struct {
	Source
	faults, unknown map[string]int64
}

func newTally(reg prometheus.Registerer) *tally {
	t := &tally{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_events_total", Help: "Messages of the tracking API: taken, unknown (taken, of an unknown name), repeated or refused.",
		}, []string{"result"}),
		fields: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "heed_events_unknown_fields_total", Help: "Fields of messages that the tracking API does not have.",
		}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "heed_events_request_seconds", Help: "From a request of the tracking API to its answer after the commit.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 12),
		}, []string{"call"}),
		sources: make(map[string]*counts),
	}
	if reg != nil {
		reg.MustRegister(t.messages, t.fields, t.seconds)
	}
	return t
}

func (t *tally) took(kind string, d time.Duration) {
	t.seconds.WithLabelValues(kind).Observe(d.Seconds())
}

// of gives the counts of a key. The lock is held.
func (t *tally) of(who Sender) *counts {
	c := t.sources[who.ID]
	if c == nil {
		c = &counts{Source: Source{ID: who.ID, Name: who.Name}, faults: map[string]int64{}, unknown: map[string]int64{}}
		t.sources[who.ID] = c
	}
	return c
}

// message counts one that was committed.
func (t *tally) message(who Sender, m *message, known, repeated bool) {
	result := "taken"
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.of(who)
	switch {
	case repeated:
		result = "repeated"
		c.Repeated++
	case !known:
		result = "unknown"
		count(c.unknown, m.name)
		fallthrough
	default:
		c.Taken++
		c.Last = m.received
	}
	c.Strange += int64(m.unknown)
	t.fields.Add(float64(m.unknown))
	t.messages.WithLabelValues(result).Inc()
}

// refused counts a message or request by the field at fault.
func (t *tally) refused(who Sender, field string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.of(who)
	c.Refused++
	count(c.faults, field)
	t.messages.WithLabelValues("refused").Inc()
}

func count(in map[string]int64, name string) {
	if _, known := in[name]; !known && len(in) >= maxNames {
		name = others
	}
	in[name]++
}

// Sources gives what came from each key since the start, by name.
func (d *Door) Sources() []Source {
	t := d.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Source, 0, len(t.sources))
	for _, c := range t.sources {
		s := c.Source
		s.Faults, s.Unknown = ordered(c.faults), ordered(c.unknown)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Source) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return out
}

func ordered(in map[string]int64) []Times {
	out := make([]Times, 0, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) {
		out = append(out, Times{name, in[name]})
	}
	slices.SortStableFunc(out, func(a, b Times) int { return cmp.Compare(b.Count, a.Count) })
	return out
}
