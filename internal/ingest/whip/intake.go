package whip

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
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
	packets chan packet
	many    chan struct{} // tells that a burst of them waits
	counts  *metrics
	report  atomic.Pointer[report] // the sender's last

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
			if r := readReport(b[:n]); r != nil {
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
		p := packet{at: time.Now()}
		if err != nil || !p.read(b[:n]) {
			failed++
			in.counts.Garbage.Inc()
			continue
		}
		failed = 0
		p.codec = codecOf(track.Codec().MimeType)
		select {
		case in.packets <- p:
		default:
			in.counts.overflow.Inc()
		}
		if len(in.packets) >= burst {
			select {
			case in.many <- struct{}{}:
			default: // it knows
			}
		}
	}
}

// read takes a packet's parts out of its bytes, which may be used again then.
func (p *packet) read(b []byte) bool {
	var r rtp.Packet
	if err := r.Unmarshal(b); err != nil {
		return false
	}
	p.seq, p.stamp, p.source = r.SequenceNumber, r.Timestamp, r.SSRC
	p.payload = slices.Clone(r.Payload)
	return true
}

// sortEarly puts the first packets in the order of their numbers.
func sortEarly(early []packet) {
	first := early[0].seq
	slices.SortStableFunc(early, func(a, b packet) int { return int(int16(a.seq-first)) - int(int16(b.seq-first)) })
}

// zeroOf says when the first of the packets would have arrived, had it been
// delayed as little as the quickest of them. Packets sent ahead of time, as a
// recording may be, do not move it further than jitter can.
func zeroOf(early []packet) time.Time {
	first := early[0]
	zero := first.at
	for _, p := range early {
		if p.source != first.source || p.codec != first.codec {
			continue
		}
		after := time.Duration(int32(p.stamp-first.stamp)) * time.Second / time.Duration(p.codec.clock())
		if at := p.at.Add(-after); at.Before(zero) && first.at.Sub(at) <= settle {
			zero = at
		}
	}
	return zero
}
