package wire

import (
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// supplied is a connection that has so many bytes for each read.
type supplied struct {
	net.Conn

	has []int
}

func (s *supplied) Read([]byte) (int, error) {
	n := s.has[0]
	s.has = s.has[1:]
	return n, nil
}

func TestAConnectionIsReadNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var streams atomic.Int64
		streams.Store(200)
		g := &gathering{Conn: &supplied{has: []int{10, 10, 100, 100, 10, 10, 10}}, streams: &streams}
		const gatherFor = leastGathered + 200*gatheredEach
		b := make([]byte, 100)
		began := time.Now()
		for i, c := range []struct {
			on   bool
			took time.Duration // up to and with this read
		}{
			{false, 0}, // before the stream
			{true, gatherFor},
			{true, 2 * gatherFor},
			{true, 2 * gatherFor}, // the last one was full: there is more
			{true, 2 * gatherFor},
			{true, 3 * gatherFor},
			{false, 3 * gatherFor}, // at the end
		} {
			g.on = c.on
			if _, err := g.Read(b); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took != c.took {
				t.Errorf("read %d came after %s, want %s", i, took, c.took)
			}
		}
	})
}

func TestTheMoreStreamsTheLongerTheyGather(t *testing.T) {
	for streams, want := range map[int64]time.Duration{
		1: leastGathered + gatheredEach, 100: 26 * time.Millisecond, 1000: mostGathered, 1 << 40: mostGathered,
	} {
		var n atomic.Int64
		n.Store(streams)
		if got := (&gathering{streams: &n}).pause(); got != want {
			t.Errorf("%d streams: %s, want %s", streams, got, want)
		}
	}
}
