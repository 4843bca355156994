// Package hub carries what has been committed, and partial captions, to the
// screens that are open now.
//
// It keeps nothing but each screen's short queue: what a screen missed is in
// the event log, from which it resumes by sequence number. A screen that does
// not keep up is cut off and never slows a call or another screen.
package hub

import (
	"slices"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/event"
)

// queueLength is how many messages a screen may be behind before it is cut
// off: at five a second a call, most of a minute.
const queueLength = 256

// Partial is a caption in the making. It is never stored.
type Partial struct {
	Call    string           `json:"call"`
	Speaker insights.Speaker `json:"speaker"`
	Segment int              `json:"segment"` // partials and the final of one stretch share it
	Text    string           `json:"text"`
	Start   insights.Seconds `json:"start"`
	End     insights.Seconds `json:"end"`
}

// Message is one thing to show: an event, or a partial when Event.Seq is zero.
type Message struct {
	Event   event.Event
	Partial *Partial
}

// Filter says what a screen wants to see.
type Filter struct {
	Call  string       // only this call; empty means every call
	Types []event.Type // only these; empty means all
	// Partials asks for captions in the making too; they need Call.
	Partials bool
}

func (f Filter) wants(e event.Event) bool {
	if f.Call != "" && e.Call != f.Call {
		return false
	}
	return len(f.Types) == 0 || slices.Contains(f.Types, e.Type)
}

// Hub fans messages out. Its methods may be called from any goroutine and
// never block.
type Hub struct {
	mu      sync.Mutex
	screens map[*Subscription]struct{}
	closed  bool

	open prometheus.Gauge
	cut  prometheus.Counter
}

// New makes a hub whose figures are registered with r.
func New(r prometheus.Registerer) *Hub {
	h := &Hub{
		screens: make(map[*Subscription]struct{}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "heed_screens_open", Help: "Screens that follow events now.",
		}),
		cut: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "heed_screens_cut_total", Help: "Screens cut off because they did not keep up.",
		}),
	}
	r.MustRegister(h.open, h.cut)
	return h
}

// Publish hands committed events to the screens, in order of sequence.
func (h *Hub) Publish(events []event.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.screens {
		for i := range events {
			if s.filter.wants(events[i]) && !h.send(s, Message{Event: events[i]}) {
				break
			}
		}
	}
}

// Partial hands a caption in the making to the screens of its call.
func (h *Hub) Partial(p Partial) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.screens {
		if s.filter.Partials && s.filter.Call == p.Call {
			h.send(s, Message{Partial: &p})
		}
	}
}

// send queues m or cuts the screen off; it tells whether the screen is alive.
func (h *Hub) send(s *Subscription, m Message) bool {
	select {
	case s.queue <- m:
		return true
	default:
		h.cut.Inc()
		h.remove(s)
		return false
	}
}

// remove closes a subscription's queue, once.
func (h *Hub) remove(s *Subscription) {
	if _, there := h.screens[s]; there {
		delete(h.screens, s)
		close(s.queue)
		h.open.Dec()
	}
}

// Subscription is one screen's view. Its owner must call Close.
type Subscription struct {
	hub    *Hub
	filter Filter
	queue  chan Message
}

// Subscribe starts following. What happened before is not repeated: the
// caller reads the event log up to now and drops from the queue what it has
// read already.
func (h *Hub) Subscribe(f Filter) *Subscription {
	s := &Subscription{hub: h, filter: f, queue: make(chan Message, queueLength)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(s.queue)
		return s
	}
	h.screens[s] = struct{}{}
	h.open.Inc()
	return s
}

// Messages gives the queue. It is closed when the screen was cut off, and
// when the subscription or the hub is closed.
func (s *Subscription) Messages() <-chan Message { return s.queue }

// Close stops following. It may be called more than once.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.remove(s)
}

// Close cuts every screen off; they see the end of their stream.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.screens {
		h.remove(s)
	}
}
