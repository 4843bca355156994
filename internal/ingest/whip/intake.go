package whip

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"heed/internal/ingest/rtp"
)

const (
	// maxTracks bounds the sources of one session over its life: a publisher
	// may begin anew, as with another microphone.
	maxTracks = 16
	// maxErrors is how many packets in a row may be unreadable.
	maxErrors = 1000
	// mtu is the longest packet that is read.
	mtu = 1500
)

// intake reads a session's packets off the library and queues them. It never
// waits: what does not fit is dropped and counted.
type intake struct {
	packets chan rtp.Packet
	many    chan struct{} // tells that a burst of them waits
	counts  *metrics
	report  atomic.Pointer[rtp.Report] // the sender's last

	mu      sync.Mutex
	tracks  int
	closed  bool
	readers sync.WaitGroup
}

// listen reads a track, and the reports that go with it, until it ends.
func (in *intake) listen(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.tracks++; in.closed || in.tracks > maxTracks {
		return
	}
	in.readers.Go(func() { in.read(track) })
	in.readers.Go(func() {
		b := make([]byte, mtu)
		for { // the library sees reports only as they are read
			n, _, err := receiver.Read(b)
			if err != nil {
				return
			}
			if r := rtp.ReadReport(b[:n]); r != nil {
				in.report.Store(r)
			}
		}
	})
}

// wait takes no more tracks and waits for the readers, which end with the
// connection.
func (in *intake) wait() {
	in.mu.Lock()
	in.closed = true
	in.mu.Unlock()
	in.readers.Wait()
}

func (in *intake) read(track *webrtc.TrackRemote) {
	b := make([]byte, mtu)
	for failed := 0; failed < maxErrors; {
		n, _, err := track.Read(b)
		if err != nil && n == 0 {
			return // closed; a packet of a type that was not agreed on has bytes
		}
		p := rtp.Packet{At: time.Now()}
		if err != nil || !p.Read(b[:n]) {
			failed++
			in.counts.Garbage.Inc()
			continue
		}
		failed = 0
		p.Codec = codecOf(track.Codec().MimeType)
		select {
		case in.packets <- p:
		default:
			in.counts.Overflow.Inc()
		}
		if len(in.packets) >= burst {
			select {
			case in.many <- struct{}{}:
			default: // it knows
			}
		}
	}
}
