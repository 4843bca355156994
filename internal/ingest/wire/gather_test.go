package wire

import (
	"net"
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
		g := &gathering{Conn: &supplied{has: []int{10, 10, 100, 100, 10, 10, 10}}}
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
