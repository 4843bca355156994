package hub

import (
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"heed/internal/event"
)

func events(call string, from, to int64) []event.Event {
	var out []event.Event
	for seq := from; seq <= to; seq++ {
		out = append(out, event.Event{Seq: seq, Call: call, Type: event.UtteranceSpoken})
	}
	return out
}

func TestScreensSeeTheirOwnCallInOrder(t *testing.T) {
	h := New(prometheus.NewRegistry())
	a := h.Subscribe(Filter{Call: "a", Partials: true})
	ends := h.Subscribe(Filter{Types: []event.Type{event.CallEnded}})
	h.Publish(events("a", 1, 3))
	h.Publish(events("b", 4, 5))
	h.Partial(Partial{Call: "a", Text: "hel"})
	h.Partial(Partial{Call: "b", Text: "not for a"})
	h.Publish([]event.Event{{Seq: 6, Call: "b", Type: event.CallEnded}})
	h.Close()

	var seqs []int64
	partials := 0
	for m := range a.Messages() {
		if m.Partial != nil {
			partials++
			continue
		}
		seqs = append(seqs, m.Event.Seq)
	}
	if len(seqs) != 3 || seqs[0] != 1 || seqs[2] != 3 || partials != 1 {
		t.Errorf("screen a saw %v and %d partials", seqs, partials)
	}
	if m := <-ends.Messages(); m.Event.Seq != 6 {
		t.Errorf("filtered screen saw %+v", m)
	}
	if _, open := <-h.Subscribe(Filter{}).Messages(); open {
		t.Error("a subscription to a closed hub must be over at once")
	}
}

func TestSlowScreenIsCutOffAndOthersAreNot(t *testing.T) {
	reg := prometheus.NewRegistry()
	h := New(reg)
	slow := h.Subscribe(Filter{Call: "a"})
	quick := h.Subscribe(Filter{Call: "a"})
	for i := int64(1); i <= queueLength+10; i++ {
		h.Publish(events("a", i, i))
		if m := <-quick.Messages(); m.Event.Seq != i {
			t.Fatalf("quick screen got %d, want %d", m.Event.Seq, i)
		}
	}
	got := 0
	for range slow.Messages() {
		got++
	}
	if got != queueLength {
		t.Errorf("slow screen got %d messages before it was cut, want %d", got, queueLength)
	}
	slow.Close()
	quick.Close()
	quick.Close()
	if cut := testutil.ToFloat64(h.cut); cut != 1 {
		t.Errorf("cut = %v, want 1", cut)
	}
	if open := testutil.ToFloat64(h.open); open != 0 {
		t.Errorf("open = %v, want 0", open)
	}
}

func TestConcurrentUse(t *testing.T) {
	h := New(prometheus.NewRegistry())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := int64(1); i < 200; i++ {
				s := h.Subscribe(Filter{Call: "a"})
				h.Publish(events("a", i, i))
				s.Close()
			}
		})
	}
	wg.Wait()
	h.Close()
}
