package rtp

import (
	"time"

	"heed/insights"
	"heed/internal/ingest"
)

const (
	// rounding is how far from its place a packet may be stamped and still
	// count as the next one.
	rounding = unit / 1000
	// shortPause is the longest silence that is written out. A sender with
	// discontinuous transmission is silent between words; what is longer is
	// left a gap.
	shortPause = unit
)

// Tally is what the closing log line of a source says.
type Tally struct{ Frames, Garbage, Duplicates, Late, Lost int }

// Plus adds those of another source.
func (t Tally) Plus(u Tally) Tally {
	return Tally{t.Frames + u.Frames, t.Garbage + u.Garbage, t.Duplicates + u.Duplicates, t.Late + u.Late, t.Lost + u.Lost}
}

// Feed turns the packets of one source into audio of a call's stream: those of
// a party, or of both as the channels of a stereo one. It knows no connection
// and does not end the stream. It is used by one goroutine.
type Feed struct {
	stream ingest.Stream
	counts *Meters
	order  *order
	line   timeline
	lanes  []*lane // one, or two for the channels of a stereo stream
	keyOf  insights.Speaker
	decoding

	anew    bool  // what comes next is placed by the wall
	missing bool  // something before this was lost
	end     int64 // where what was last heard ends by its stamp
	key     uint32
	keyed   bool
	tally   Tally
	clock   aligned
}

// decoding is by what the packets of a source are decoded now.
type decoding struct {
	codec   Codec
	decoder decoder
	builtin bool // of Options
}

// Options says how a feed places audio.
type Options struct {
	Meters *Meters
	// Window is how long a packet waits for one before it.
	Window time.Duration
	// Zero is when the stream's time zero was, on the wall.
	Zero time.Time
	// Begins is where in the stream the source's first packet belongs.
	Begins time.Duration
	// BuiltinOpus takes no library of the system to decode.
	BuiltinOpus bool
}

// NewFeed makes a feed. parties are those of the channels.
func NewFeed(stream ingest.Stream, parties []insights.Speaker, o Options) *Feed {
	f := &Feed{stream: stream, counts: o.Meters, line: timeline{zero: o.Zero, begins: places(o.Begins)}, keyOf: parties[0], decoding: decoding{builtin: o.BuiltinOpus}}
	f.line.free = f.line.begins
	for _, who := range parties {
		if who == insights.Customer {
			f.keyOf = who // a stereo stream does not say who pressed
		}
		f.lanes = append(f.lanes, &lane{who: who, deliver: stream.Audio, rate: unit, at: f.line.begins})
	}
	f.order = newOrder(o.Window, f.take, f.fault)
	return f
}

// Push takes a packet as it arrives.
func (f *Feed) Push(p Packet) { f.order.push(p) }

// Advance lets go of what need not wait any longer.
func (f *Feed) Advance(now time.Time) { f.order.advance(now) }

// Restart has what comes next placed by the wall, as after a pause in which the
// source sent nothing: its stamps may have stood still.
func (f *Feed) Restart() {
	f.order.flush()
	f.anew = true
}

// Tally is what has come so far.
func (f *Feed) Tally() Tally { return f.tally }

// take places one packet; they come in order.
func (f *Feed) take(p Packet, lost int, anew bool) {
	if lost > 0 {
		f.missing = true
		f.tally.Lost += lost
		f.counts.Lost.Add(float64(lost))
		f.stream.Fault(ingest.Lost, lost)
	}
	switch {
	case p.Codec == Unknown:
		f.garbage()
		return
	case p.Codec == Noise, len(p.Payload) == 0: // or a probe for bandwidth: it has a number and no sound
		f.counts.padding.Inc()
		return
	case p.Codec == Events:
		f.digit(p, anew)
		return
	}
	at, jumped := f.line.place(p, anew || f.anew)
	f.anew = false
	switch jumped {
	case restart:
		f.decoder = nil
		if f.tally.Frames > 0 {
			f.counts.restarts.Inc()
		}
	case stall:
		f.counts.stalls.Inc()
	case none:
	}
	channels, err := f.decode(p)
	if err != nil || len(channels[0]) == 0 {
		f.garbage()
		f.missing = true
		return
	}
	f.tally.Frames++
	f.counts.Frames.Inc()
	f.write(channels, at, jumped == none, p.At)
}

// decode gives a packet's samples, by a decoder that begins anew with each
// source and codec.
func (f *Feed) decode(p Packet) ([][]int16, error) {
	if f.decoder == nil || f.codec != p.Codec {
		d, err := newDecoder(p.Codec, len(f.lanes), f.builtin)
		if err != nil {
			return nil, err
		}
		f.decoder, f.codec = d, p.Codec
	}
	return f.decoder.decode(p.Payload)
}

// write hands over what was decoded, behind what came before: what overlaps is
// cut off, and what is missing is bridged. A gap that smooth does not explain
// is left one.
func (f *Feed) write(channels [][]int16, at int64, smooth bool, wall time.Time) {
	rate := int64(f.decoder.rate())
	n := int64(len(channels[0])) * unit / rate
	gap := at - f.line.free
	switch {
	case gap < -rounding && -gap >= n:
		f.fault(ingest.Late)
		return
	case gap < -rounding:
		cut := -gap * rate / unit
		for i := range channels {
			channels[i] = channels[i][cut:]
		}
		n += gap
		at = f.line.free
	case gap <= rounding:
		at = f.line.free
	default:
		f.bridge(gap, smooth, wall)
	}
	for i, l := range f.lanes {
		if l.rate != int(rate) || gap > rounding && f.line.free != at {
			l.begin(at, int(rate))
		}
		l.hear(channels[i], wall)
	}
	f.missing = false
	f.line.free, f.end = at+n, at+n
}

// bridge fills a gap as far as that is right: what was lost is made up for a
// moment, and what was not sent because it was silent is silence.
func (f *Feed) bridge(gap int64, smooth bool, wall time.Time) {
	if !smooth || f.tally.Frames <= 1 {
		return
	}
	switch {
	case f.missing:
		gap = min(gap, fade)
		for _, l := range f.lanes {
			l.conceal(gap, wall)
		}
		f.counts.concealed.Add(span(gap).Seconds())
	case gap <= shortPause:
		for _, l := range f.lanes {
			l.silence(gap, wall)
		}
	default:
		return
	}
	f.line.free += gap
}

// digit passes on a key, once for all packets that tell of it.
func (f *Feed) digit(p Packet, anew bool) {
	key, ok := readKey(p.Payload)
	if !ok {
		f.garbage()
		return
	}
	f.counts.Control.Inc()
	if f.keyed && f.key == p.Stamp {
		return
	}
	f.key, f.keyed = p.Stamp, true
	at, jumped := f.line.place(p, anew)
	if jumped == restart {
		f.decoder = nil
	}
	f.stream.Digit(f.keyOf, key, span(max(at, 0)))
}

func (f *Feed) garbage() {
	f.counts.Garbage.Inc()
	f.tally.Garbage++
	f.stream.Fault(ingest.Garbage, 1)
}

func (f *Feed) fault(k ingest.Fault) {
	switch k {
	case ingest.Duplicate:
		f.tally.Duplicates++
		f.counts.Duplicates.Inc()
	case ingest.Late:
		f.tally.Late++
		f.counts.Late.Inc()
	case ingest.Garbage, ingest.Lost: // counted where it is found
	}
	f.stream.Fault(k, 1)
}

// Finish lets go of what is held and ends the silence in which the sender was
// when it ended, at now.
func (f *Feed) Finish(now time.Time) {
	f.order.flush()
	rest := places(now.Sub(f.line.at)) - (f.end - f.line.last)
	rest = min(rest, places(now.Sub(f.line.zero))-f.line.free) // of what was sent ahead of time there is none
	quiet := f.tally.Frames > 0 && f.line.free == f.end && rest > 0 && rest <= shortPause
	for _, l := range f.lanes {
		if quiet {
			l.silence(rest, now)
		}
	}
}
