package recording

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"heed/insights"
	"heed/transcribe"
	"heed/transcribe/audio"
)

// side is a channel of the recording.
type side byte

const (
	left  side = iota // the agent
	right             // the customer
	sides
)

func sideOf(who insights.Speaker) side {
	if who == insights.Agent {
		return left
	}
	return right
}

// String names the party, for errors.
func (s side) String() string {
	if s == left {
		return string(insights.Agent)
	}
	return string(insights.Customer)
}

// Stretch is a part of the call's time.
type Stretch struct{ From, To time.Duration }

// chunk is where a stretch of audio lies in the spool.
type chunk struct {
	at      time.Duration
	off     int64
	size    int // sealed bytes
	samples int
	rate    int
	spooled time.Time
	gone    bool // it does not open any more: scrubbed, or counted as lost
}

func (c chunk) length() time.Duration { return lengthOf(c.samples, c.rate) }
func (c chunk) end() time.Duration    { return c.at + c.length() }

// cut gives the samples of a chunk that lie between two moments.
func (c chunk) cut(pcm []int16, from, to time.Duration) transcribe.Frame {
	a := clampSample(from-c.at, c.rate, len(pcm))
	b := clampSample(to-c.at, c.rate, len(pcm))
	if a >= b {
		return transcribe.Frame{}
	}
	return transcribe.Frame{PCM: pcm[a:b], Rate: c.rate, At: c.at + lengthOf(a, c.rate), Wall: c.spooled}
}

// clampSample is the number of samples in d, rounded up, within 0..n.
func clampSample(d time.Duration, rate, n int) int {
	if d <= 0 {
		return 0
	}
	if d >= lengthOf(n, rate) {
		return n
	}
	return min(n, int((d*time.Duration(rate)+time.Second-1)/time.Second))
}

func lengthOf(samples, rate int) time.Duration {
	return time.Duration(samples) * time.Second / time.Duration(rate)
}

// track is one party's audio on its way to the recording.
type track struct {
	buf  []int16 // the chunk that is not full yet
	at   time.Duration
	rate int

	chunks     []chunk
	mutes      []Stretch
	unsilenced []Stretch // mutes that the recording may not show yet
	owed       []Stretch // what no engine heard

	wanted    time.Duration // what Release asked for
	copied    int           // chunks that are in the recording
	next      int64         // the recording's sample after them
	resampler *audio.Resampler
	from      int // the resampler's input rate
	lost      time.Duration
}

// follows tells whether a frame continues the chunk in the buffer.
func (t *track) follows(f transcribe.Frame) bool {
	if len(t.buf) == 0 {
		return true
	}
	off := f.At - (t.at + lengthOf(len(t.buf), t.rate))
	return f.Rate == t.rate && off > -time.Millisecond && off < time.Millisecond
}

// search finds the first chunk that ends after a moment.
func (t *track) search(after time.Duration) int {
	return sort.Search(len(t.chunks), func(i int) bool { return t.chunks[i].end() > after })
}

// load reads and opens a chunk.
func (r *Recorder) load(c chunk) ([]int16, error) {
	if r.spool == nil {
		return nil, fmt.Errorf("chunk at %s: %w", c.at, ErrFormat)
	}
	plain, err := r.spool.read(c.off, c.size)
	if err != nil {
		return nil, err
	}
	return c.samplesIn(make([]int16, 0, c.samples), plain)
}

// samplesIn appends the samples of what a chunk's seal held.
func (c chunk) samplesIn(pcm []int16, plain []byte) ([]int16, error) {
	rec, ok := parseRecord(plain)
	if !ok || rec.kind != kindAudio {
		return pcm, fmt.Errorf("chunk at %s: %w", c.at, ErrFormat)
	}
	at := len(pcm)
	pcm = slices.Grow(pcm, len(rec.pcm)/2)[:at+len(rec.pcm)/2]
	for i := range pcm[at:] {
		pcm[at+i] = int16(binary.LittleEndian.Uint16(rec.pcm[2*i:])) //nolint:gosec // two's complement on purpose
	}
	return pcm, nil
}

const (
	// longestRun is how many chunks are copied at once, and widestRun how many
	// bytes of the spool they may lie in: what waited comes in some seconds at a
	// time, and reading and writing those at once is a tenth of the work.
	longestRun = 32
	widestRun  = 512 << 10
)

// run is how many chunks from the next one on are wanted and follow each other
// in time and in the spool.
func (t *track) run() int {
	first := t.chunks[t.copied]
	n := 1
	for end := first.end(); n < longestRun && t.copied+n < len(t.chunks); n++ {
		c := t.chunks[t.copied+n]
		if c.end() > t.wanted || c.rate != first.rate || c.at != end || c.off+int64(c.size)-first.off > widestRun {
			break
		}
		end = c.end()
	}
	return n
}

// scratch is what copying a run needs for a moment. A recorder has none of its
// own: there are many, and few copy at once.
type scratch struct {
	spooled []byte
	pcm     []int16
	g711    []byte // for one channel of the recording
	pairs   []byte // for both
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// copyReleased moves what was asked for from the spool to the recording.
func (r *Recorder) copyReleased(s side) error {
	t := &r.tracks[s]
	w, _ := scratches.Get().(*scratch)
	defer scratches.Put(w)
	for t.copied < len(t.chunks) && t.chunks[t.copied].end() <= t.wanted {
		first := t.chunks[t.copied]
		n, err := r.loadRun(w, t.chunks[t.copied:t.copied+t.run()])
		if err != nil { // it will not get better by waiting
			if !first.gone {
				t.lost += first.length()
			}
			t.chunks[t.copied].gone = true
			t.copied++
			continue
		}
		if err := r.put(s, first, w); err != nil {
			// A resampler is a chunk ahead of the file now: begin afresh.
			t.resampler = nil
			r.failed = true
			return fmt.Errorf("record %s at %s: %w", s, first.at, err)
		}
		for range n {
			t.copied++
			if err := r.forget(t, t.copied-1); err != nil {
				return err
			}
		}
	}
	return r.silence(s)
}

// loadRun reads and opens chunks that follow each other, up to the first that
// does not open. The error is that of the first of all.
func (r *Recorder) loadRun(w *scratch, run []chunk) (n int, err error) {
	w.pcm = w.pcm[:0]
	if r.spool == nil {
		return 0, fmt.Errorf("chunk at %s: %w", run[0].at, ErrFormat)
	}
	last := run[len(run)-1]
	if w.spooled, err = r.spool.span(w.spooled, run[0].off, last.off+lengthSize+int64(last.size)); err != nil {
		if len(run) > 1 {
			return r.loadRun(w, run[:1]) // what cannot be read may lie behind
		}
		return 0, err
	}
	for n = range run {
		c := run[n]
		from := c.off - run[0].off + lengthSize
		plain, err := r.spool.open(w.spooled[from:from+int64(c.size)], c.off)
		if err == nil {
			w.pcm, err = c.samplesIn(w.pcm, plain)
		}
		if err != nil && n == 0 {
			return 0, err
		}
		if err != nil {
			return n, nil //nolint:nilerr // it is the first of the next run
		}
	}
	return len(run), nil
}

// forget scrubs a chunk that is in the recording and all of which is muted:
// nobody needs it any more, and the spool may stay for long.
func (r *Recorder) forget(t *track, i int) error {
	c := &t.chunks[i]
	if c.gone || i >= t.copied || r.spool == nil || !t.muted(*c) {
		return nil
	}
	if err := r.spool.scrub(c.off, c.size); err != nil {
		return err
	}
	c.gone = true
	return nil
}

// muted tells whether mutes cover all of a chunk, together if not alone.
func (t *track) muted(c chunk) bool {
	for at := c.at; ; {
		i := slices.IndexFunc(t.mutes, func(m Stretch) bool { return m.From <= at && m.To > at })
		if i < 0 {
			return false
		}
		if at = t.mutes[i].To; at >= c.end() {
			return true
		}
	}
}

// put writes what begins with a chunk at its place, muted where it must be.
func (r *Recorder) put(s side, c chunk, w *scratch) error {
	t := &r.tracks[s]
	t.mute(w.pcm, c.at, c.rate)
	if err := r.openPart(); err != nil {
		return err
	}
	index := indexOf(c.at)
	if c.rate == outRate {
		return r.write(s, index, w.pcm, w)
	}
	// A resampler's output runs on over chunks; a gap or another rate ends it.
	if t.resampler == nil || t.from != c.rate || index-t.next > 2*resampleSlack || t.next-index > 2*resampleSlack {
		if err := r.endResampling(s); err != nil {
			return err
		}
		rs, err := audio.NewLightResampler(c.rate, outRate)
		if err != nil {
			return fmt.Errorf("record at %d Hz: %w", c.rate, err)
		}
		t.resampler, t.from, t.next = rs, c.rate, index
	}
	return r.write(s, t.next, t.resampler.Process(nil, w.pcm), w)
}

// resampleSlack is how far the resampler's output may lie behind its input.
const resampleSlack = outRate / 100

// endResampling writes what the resampler still holds.
func (r *Recorder) endResampling(s side) error {
	t := &r.tracks[s]
	if t.resampler == nil {
		return nil
	}
	tail := t.resampler.Flush(nil)
	t.resampler = nil
	return r.write(s, t.next, tail, new(scratch))
}

// write encodes samples and puts them at their place.
func (r *Recorder) write(s side, index int64, pcm []int16, w *scratch) error {
	if len(pcm) == 0 {
		return nil
	}
	t := &r.tracks[s]
	// Again, because a resampler holds samples from before the last mute.
	t.mute(pcm, lengthOf(int(index), outRate), outRate)
	w.g711 = audio.EncodeMulaw(w.g711[:0], pcm)
	if err := r.part.put(s, index, w); err != nil {
		return err
	}
	t.next = index + int64(len(pcm))
	return nil
}

// mute silences what must be in samples that begin at a moment.
func (t *track) mute(pcm []int16, at time.Duration, rate int) {
	for _, m := range t.mutes {
		clear(pcm[clampSample(m.From-at, rate, len(pcm)):clampSample(m.To-at, rate, len(pcm))])
	}
}

// silence brings mutes to what the recording holds already.
func (r *Recorder) silence(s side) error {
	t := &r.tracks[s]
	for len(t.unsilenced) > 0 {
		m := t.unsilenced[0]
		if r.part != nil {
			if err := r.part.silence(s, indexOf(m.From), indexOf(m.To)); err != nil {
				return fmt.Errorf("mute %s: %w", s, err)
			}
		}
		t.unsilenced = t.unsilenced[1:]
	}
	return nil
}
