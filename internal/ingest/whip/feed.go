package whip

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

// tally is what a session's closing log line says.
type tally struct{ frames, garbage, duplicates, late, lost int }

// feed turns the packets of one session into one stream of a call. It knows
// no connection and is used by one goroutine.
type feed struct {
	stream ingest.Stream
	counts *metrics
	order  *order
	line   timeline
	lanes  []*lane // one, or two for the channels of a stereo stream
	keyOf  insights.Speaker
	// builtin is of feedOptions.
	builtin bool

	codec   codec
	decoder decoder
	missing bool  // something before this was lost
	end     int64 // where what was last heard ends by its stamp
	key     uint32
	keyed   bool
	tally   tally
}

// newFeed makes the feed of a stream whose zero is at zero on the wall.
// parties are those of the channels.
func newFeed(stream ingest.Stream, parties []insights.Speaker, zero time.Time, o feedOptions) *feed {
	f := &feed{stream: stream, counts: o.counts, line: timeline{zero: zero}, keyOf: parties[0], builtin: o.builtin}
	for _, who := range parties {
		if who == insights.Customer {
			f.keyOf = who // a stereo stream does not say who pressed
		}
		f.lanes = append(f.lanes, &lane{who: who, deliver: stream.Audio, rate: unit})
	}
	f.order = newOrder(o.window, f.take, f.fault)
	return f
}

type feedOptions struct {
	counts *metrics
	window time.Duration
	// builtin takes no library of the system to decode.
	builtin bool
}

// take places one packet; they come in order.
func (f *feed) take(p packet, lost int, anew bool) {
	if lost > 0 {
		f.missing = true
		f.tally.lost += lost
		f.counts.Lost.Add(float64(lost))
		f.stream.Fault(ingest.Lost, lost)
	}
	switch {
	case p.codec == unknown:
		f.garbage()
		return
	case len(p.payload) == 0: // a probe for bandwidth: it has a number and no sound
		f.counts.padding.Inc()
		return
	case p.codec == events:
		f.digit(p, anew)
		return
	}
	at, jumped := f.line.place(p, anew)
	switch jumped {
	case restart:
		f.decoder = nil
		if f.tally.frames > 0 {
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
	f.tally.frames++
	f.counts.Frames.Inc()
	f.write(channels, at, jumped == none, p.at)
}

// decode gives a packet's samples, by a decoder that begins anew with each
// source and codec.
func (f *feed) decode(p packet) ([][]int16, error) {
	if f.decoder == nil || f.codec != p.codec {
		d, err := newDecoder(p.codec, len(f.lanes), f.builtin)
		if err != nil {
			return nil, err
		}
		f.decoder, f.codec = d, p.codec
	}
	return f.decoder.decode(p.payload)
}

// write hands over what was decoded, behind what came before: what overlaps is
// cut off, and what is missing is bridged. A gap that smooth does not explain
// is left one.
func (f *feed) write(channels [][]int16, at int64, smooth bool, wall time.Time) {
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
func (f *feed) bridge(gap int64, smooth bool, wall time.Time) {
	if !smooth || f.tally.frames <= 1 {
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
func (f *feed) digit(p packet, anew bool) {
	key, ok := readKey(p.payload)
	if !ok {
		f.garbage()
		return
	}
	f.counts.Control.Inc()
	if f.keyed && f.key == p.stamp {
		return
	}
	f.key, f.keyed = p.stamp, true
	at, jumped := f.line.place(p, anew)
	if jumped == restart {
		f.decoder = nil
	}
	f.stream.Digit(f.keyOf, key, span(max(at, 0)))
}

func (f *feed) garbage() {
	f.counts.Garbage.Inc()
	f.tally.garbage++
	f.stream.Fault(ingest.Garbage, 1)
}

func (f *feed) fault(k ingest.Fault) {
	switch k {
	case ingest.Duplicate:
		f.tally.duplicates++
		f.counts.Duplicates.Inc()
	case ingest.Late:
		f.tally.late++
		f.counts.Late.Inc()
	case ingest.Garbage, ingest.Lost: // counted where it is found
	}
	f.stream.Fault(k, 1)
}

// finish lets go of what is held, ends the silence in which the sender was
// when it ended, and ends the stream.
func (f *feed) finish(why ingest.Reason, now time.Time) {
	f.order.flush()
	rest := places(now.Sub(f.line.at)) - (f.end - f.line.last)
	rest = min(rest, places(now.Sub(f.line.zero))-f.line.free) // of what was sent ahead of time there is none
	quiet := f.tally.frames > 0 && f.line.free == f.end && rest > 0 && rest <= shortPause
	for _, l := range f.lanes {
		if quiet {
			l.silence(rest, now)
		}
	}
	f.stream.Stop(why)
}
