package rtp

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
)

// line carries packets to a feed as a network would: each is sent at a time
// and arrives after a delay, or never.
type line struct {
	feed  *Feed
	tap   *ingesttest.Recording
	zero  time.Time
	codec Codec
	sent  []Packet // with the times of arrival
}

func newLine(t testing.TB, c Codec, parties ...insights.Speaker) *line {
	t.Helper()
	stream, err := ingesttest.New().Open(t.Context(), ingest.Start{Parties: parties})
	if err != nil {
		t.Fatal(err)
	}
	l := &line{tap: stream.(*ingesttest.Recording), zero: time.Unix(1_800_000_000, 0), codec: c}
	l.feed = NewFeed(l.tap, parties, Options{Meters: NewMeters(nil, nil, "test"), Window: 150 * time.Millisecond, Zero: l.zero})
	return l
}

// at puts a packet on the line that is sent at a time of the stream.
func (l *line) at(seq int, sent, delay time.Duration, payload []byte) {
	l.sent = append(l.sent, Packet{
		Seq: uint16(seq), Stamp: uint32(0xFFFF0000) + uint32(sent*time.Duration(l.codec.Clock())/time.Second), Source: 7,
		Codec: l.codec, Payload: payload, At: l.zero.Add(sent + delay),
	})
}

// hangUp delivers everything in the order of its arrival and ends the call.
func (l *line) hangUp(t testing.TB, after time.Duration) *ingesttest.Recording {
	slices.SortStableFunc(l.sent, func(a, b Packet) int { return a.At.Compare(b.At) })
	for _, p := range l.sent {
		l.feed.Push(p)
	}
	l.feed.Finish(l.zero.Add(after))
	l.tap.Stop(ingest.Stopped)
	l.tap.Wait(t)
	return l.tap
}

var quiet = bytes.Repeat([]byte{0xFF}, 160) // 20 ms of mu-law silence

// opusSilence is 20 ms of nothing, by CELT.
var opusSilence = []byte{0xF8, 0xFF, 0xFE}

// TestTheTimelineKeepsItsLength is what appending decoded packets gets wrong.
func TestTheTimelineKeepsItsLength(t *testing.T) {
	t.Parallel()
	const whole = 10 * time.Second
	for name, c := range map[string]struct {
		codec  Codec
		loss   float64
		jitter time.Duration
		dtx    bool
	}{
		"clean":                           {codec: Opus},
		"silence that is not sent":        {codec: Opus, dtx: true},
		"loss":                            {codec: PCMU, loss: 0.05},
		"loss and jitter":                 {codec: Opus, loss: 0.05, jitter: 80 * time.Millisecond},
		"loss and jitter, G.711":          {codec: PCMU, loss: 0.05, jitter: 80 * time.Millisecond},
		"loss, jitter and silence unsent": {codec: Opus, loss: 0.05, jitter: 80 * time.Millisecond, dtx: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(1, 2))
			l := newLine(t, c.codec, insights.Customer)
			payload, lost := quiet, 0
			if c.codec == Opus {
				payload = opusSilence
			}
			seq, step := 0, time.Duration(0)
			for sent := time.Duration(0); sent < whole; sent += step {
				if step = 20 * time.Millisecond; c.dtx && sent%(2*time.Second) >= time.Second {
					step = 400 * time.Millisecond
				}
				if seq++; seq > 1 && rnd.Float64() < c.loss {
					lost++
					continue
				}
				l.at(seq, sent, time.Duration(rnd.Float64()*float64(c.jitter)), payload)
			}
			r := l.hangUp(t, whole)
			if off := (r.Ends[insights.Customer] - whole).Abs(); off > 100*time.Millisecond {
				t.Errorf("%v of audio for a call of %v", r.Ends[insights.Customer], whole)
			}
			if got := l.feed.Tally(); got.Lost < lost-1 || got.Lost > lost || got.Late > 0 || got.Garbage > 0 {
				t.Errorf("%d packets were lost, and counted was %+v", lost, got)
			}
			if c.loss == 0 && r.Gaps[insights.Customer] > 0 {
				t.Errorf("%d gaps without a loss", r.Gaps[insights.Customer])
			}
		})
	}
}

func TestLossIsFadedOut(t *testing.T) {
	t.Parallel()
	l := newLine(t, PCMU, insights.Agent)
	loud := bytes.Repeat([]byte{0x00}, 160)
	for i := range 20 {
		if i < 5 || i >= 15 { // 200 ms are lost
			l.at(i, time.Duration(i)*20*time.Millisecond, 0, loud)
		}
	}
	r := l.hangUp(t, 400*time.Millisecond)
	if r.Gaps[insights.Agent] != 1 || r.Length(insights.Agent) != 400*time.Millisecond {
		t.Errorf("%d gaps in %v", r.Gaps[insights.Agent], r.Length(insights.Agent))
	}
	pcm := r.PCM[insights.Agent] // without the gap
	if want := 8 * 260; len(pcm) != want {
		t.Fatalf("%d samples, want %d: 60 ms are made up", len(pcm), want)
	}
	first, last := pcm[8*105], pcm[8*155]
	if first > -25000 || last < -6000 || last >= 0 {
		t.Errorf("what is made up begins at %d and ends at %d: it must fade", first, last)
	}
}

// A capture device that stands still leaves no gap in the timestamps.
func TestAStallIsMadeUpFor(t *testing.T) {
	t.Parallel()
	l := newLine(t, PCMU, insights.Customer)
	for i := range 500 {
		delay := time.Duration(0)
		if i >= 100 {
			delay = 5 * time.Second
		}
		l.at(i, time.Duration(i)*20*time.Millisecond, delay, quiet)
	}
	r := l.hangUp(t, 15*time.Second)
	if off := (r.Length(insights.Customer) - 15*time.Second).Abs(); off > 100*time.Millisecond {
		t.Errorf("%v of audio in 15 s", r.Length(insights.Customer))
	}
}

// A hole in the network that is followed by what was held up is no stall, and
// a sender that begins anew is placed by the wall.
func TestBurstsAndRestarts(t *testing.T) {
	t.Parallel()
	l := newLine(t, PCMU, insights.Customer)
	for i := range 500 {
		sent := time.Duration(i) * 20 * time.Millisecond
		l.at(i, sent, max(0, min(4*time.Second, 6*time.Second-sent)*time.Duration(min(1, max(0, (i-100))))), quiet)
	}
	r := l.hangUp(t, 10*time.Second)
	if r.Length(insights.Customer) != 10*time.Second || r.Gaps[insights.Customer] != 0 {
		t.Errorf("after a burst: %v of audio with %d gaps", r.Length(insights.Customer), r.Gaps[insights.Customer])
	}
	l = newLine(t, PCMU, insights.Customer)
	for i := range 100 {
		l.at(i, time.Duration(i)*20*time.Millisecond, 0, quiet)
		p := &l.sent[i]
		if i >= 50 {
			p.Source, p.Seq, p.Stamp = 8, p.Seq+30000, p.Stamp+1_000_000
			p.At = p.At.Add(3 * time.Second)
		}
	}
	r = l.hangUp(t, 5*time.Second)
	if off := (r.Length(insights.Customer) - 5*time.Second).Abs(); off > 100*time.Millisecond || r.Gaps[insights.Customer] != 1 {
		t.Errorf("after a restart: %v of audio with %d gaps", r.Length(insights.Customer), r.Gaps[insights.Customer])
	}
}

// A recording that is published faster than it was spoken keeps its length.
func TestAudioAheadOfTime(t *testing.T) {
	t.Parallel()
	l := newLine(t, PCMA, insights.Customer)
	for i := range 200 {
		l.at(i, time.Duration(i)*20*time.Millisecond, 0, quiet)
		l.sent[i].At = l.zero.Add(time.Duration(i) * time.Microsecond)
	}
	if r := l.hangUp(t, time.Second); r.Length(insights.Customer) != 4*time.Second {
		t.Errorf("%v of audio, want 4 s", r.Length(insights.Customer))
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	l := newLine(t, Opus, insights.Agent, insights.Customer)
	l.at(0, 0, 0, opusSilence)
	for i := range 6 { // one press is many packets of one timestamp
		l.at(1+i, 20*time.Millisecond, time.Duration(i)*20*time.Millisecond, []byte{11, byte(i/5) << 7, 0, byte(i)})
	}
	l.at(7, 140*time.Millisecond, 0, []byte{16, 0, 0, 0}) // a flash is no key
	l.at(8, 160*time.Millisecond, 0, []byte{1})
	l.at(9, 200*time.Millisecond, 0, []byte{5, 0, 0, 0})
	for i := range l.sent[1:] {
		l.sent[i+1].Codec = Events
	}
	l.at(10, 240*time.Millisecond, 0, opusSilence)
	r := l.hangUp(t, 260*time.Millisecond)
	if diff := cmp.Diff([]string{"customer # at 20", "customer 5 at 200"}, r.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if r.Faults[ingest.Garbage] != 2 || r.Length(insights.Agent) != 260*time.Millisecond || r.Gaps[insights.Agent] != 0 {
		t.Errorf("faults %v, %v of audio with %d gaps", r.Faults, r.Length(insights.Agent), r.Gaps[insights.Agent])
	}
}

// Whatever a network does, frames come in order, nothing is heard twice, and
// what was sent and came in time is heard.
func TestAnyNetworkKeepsTheContract(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := newLine(t, rapid.SampledFrom([]Codec{PCMU, Opus}).Draw(rt, "codec"), insights.Customer)
		n := rapid.IntRange(1, 60).Draw(rt, "packets")
		came := 0
		for i := range n {
			payload := quiet
			if l.codec == Opus {
				payload = opusSilence
			}
			delay := time.Duration(rapid.IntRange(0, 140).Draw(rt, "delay")) * time.Millisecond
			for range rapid.SampledFrom([]int{1, 1, 1, 1, 0, 2}).Draw(rt, "copies") {
				l.at(i, time.Duration(i)*20*time.Millisecond, delay, payload)
				came++
			}
		}
		if came == 0 {
			return
		}
		r := l.hangUp(t, time.Duration(n)*20*time.Millisecond)
		if got := l.feed.Tally(); got.Frames+got.Duplicates+got.Late != came || got.Garbage != 0 {
			rt.Fatalf("%d packets came, counted was %+v", came, got)
		}
		if r.Length(insights.Customer) > time.Duration(n+10)*20*time.Millisecond {
			rt.Fatalf("%v of audio of %d packets", r.Length(insights.Customer), n)
		}
	})
}
