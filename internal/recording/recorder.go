package recording

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"heed/insights"
	"heed/transcribe"
)

const (
	// ChunkLength is how much of a party's audio is sealed and written at
	// once, and so the most that a killed process loses of each party. To ask
	// for a write costs more than what is written: 400 ms take half as much as
	// 200, and a call that a crash has cut misses seconds anyway.
	ChunkLength = 400 * time.Millisecond
	// KeyBytes is the length of the master key.
	KeyBytes = keySize
	// HoldAtMost is how long audio waits for its words before it goes into
	// the recording without them.
	HoldAtMost = 60 * time.Second

	minRate = 4000
	maxRate = 48000
)

// Options say where recordings are and what protects the spool.
type Options struct {
	// Dir holds the folders spool and recordings, which are made when needed.
	Dir string
	// Key is the data folder's master key of KeyBytes bytes. Who loses it
	// loses the spools, not the recordings.
	Key []byte
	// FS is the file system; nil is the real one.
	FS FS
	// Now is the wall clock; nil is time.Now.
	Now func() time.Time
}

// Recorder keeps the audio of one call. It is safe for concurrent use; every
// method but Status may wait for the disk. Close or Destroy it in the end.
type Recorder struct {
	mu     sync.Mutex
	fs     FS
	now    func() time.Time
	paths  paths
	callID string
	master cipher.AEAD

	spool  *spoolFile // nil until it could be created
	part   *stereo    // nil until something was released
	tracks [sides]track
	failed bool // a write has failed since the call began
	sealed *Status
	buf    []byte
	shown  atomic.Pointer[Status] // as it was when the lock was last given back
}

// Create begins a recording. It checks the id and the key only: files are
// made by the first write, and a full disk is a loss and no refusal.
func Create(o Options, callID string) (*Recorder, error) {
	p, err := pathsOf(o.Dir, callID)
	if err != nil {
		return nil, err
	}
	if len(o.Key) != KeyBytes {
		return nil, fmt.Errorf("master key of %d bytes, want %d", len(o.Key), KeyBytes)
	}
	master, err := sealerOf(o.Key)
	if err != nil {
		return nil, err
	}
	r := &Recorder{fs: o.FS, now: o.Now, paths: p, callID: callID, master: master}
	r.shown.Store(&Status{State: Recording})
	if r.fs == nil {
		r.fs = disk{}
	}
	if r.now == nil {
		r.now = time.Now
	}
	return r, nil
}

// Reopen opens the spool that a dead process left, to read what it heard and
// to make the recording anew. The error is fs.ErrNotExist when there is no
// spool and ErrKey or ErrFormat when it cannot be read.
func Reopen(o Options, callID string) (*Recorder, error) {
	r, err := Create(o, callID)
	if err != nil {
		return nil, err
	}
	r.spool, err = openSpool(r.fs, r.paths.spool, callID, r.master, r.remember)
	if err != nil {
		return nil, fmt.Errorf("reopen recording: %w", err)
	}
	return r, nil
}

// remember takes a record of a reopened spool into the index.
func (r *Recorder) remember(off int64, size int, plain []byte) {
	rec, ok := parseRecord(plain)
	if !ok {
		return
	}
	t := &r.tracks[rec.side]
	switch rec.kind {
	case kindMute:
		t.mutes = append(t.mutes, Stretch{rec.from, rec.to})
		return
	case kindOwed:
		t.owed = append(t.owed, Stretch{rec.from, rec.to})
		return
	}
	if n := len(t.chunks); n > 0 && rec.from < t.chunks[n-1].end() {
		return // never written so; order is what the readers rely on
	}
	t.chunks = append(t.chunks, chunk{
		at: rec.from, off: off, size: size, samples: len(rec.pcm) / 2, rate: rec.rate, spooled: rec.spooled,
	})
}

// Write takes a frame. Frames of a party come in order without overlap. What
// fills a chunk writes what there is of the other party's with it. An error
// tells what was lost and has been counted; the caller goes on.
func (r *Recorder) Write(who insights.Speaker, f transcribe.Frame) error {
	if f.Rate < minRate || f.Rate > maxRate || f.At < 0 {
		return fmt.Errorf("record %s: frame of %d Hz at %s: %w", who, f.Rate, f.At, ErrFormat)
	}
	r.mu.Lock()
	defer r.unlock()
	if r.refused() {
		return nil
	}
	s := sideOf(who)
	t := &r.tracks[s]
	var errs error
	if !t.follows(f) {
		errs = r.flush()
	}
	most := int(ChunkLength * time.Duration(f.Rate) / time.Second)
	for at, pcm := f.At, f.PCM; len(pcm) > 0; {
		if len(t.buf) == 0 {
			t.at, t.rate = at, f.Rate
		}
		n := min(len(pcm), most-len(t.buf))
		t.buf = append(t.buf, pcm[:n]...)
		pcm = pcm[n:]
		at += lengthOf(n, f.Rate)
		if len(t.buf) >= most {
			errs = errors.Join(errs, r.flush())
		}
	}
	return errs
}

// Flush writes the chunks that are not full yet.
func (r *Recorder) Flush() error {
	r.mu.Lock()
	defer r.unlock()
	return r.flush()
}

// flush seals what waits of both parties and writes it with one call. What
// cannot be written is lost.
func (r *Recorder) flush() error {
	if len(r.tracks[left].buf)+len(r.tracks[right].buf) == 0 {
		return nil
	}
	err := r.openSpool()
	var chunks [sides]chunk
	for s := range sides {
		t := &r.tracks[s]
		c := chunk{at: t.at, samples: len(t.buf), rate: t.rate, spooled: r.now()}
		if err == nil && c.samples > 0 {
			r.buf = audioRecord(r.buf[:0], s, c.rate, c.at, c.spooled, t.buf)
			c.off, c.size = r.spool.add(r.buf)
		}
		chunks[s], t.buf = c, t.buf[:0]
	}
	if err == nil {
		err = r.spool.commit()
	}
	for s, c := range chunks {
		switch t := &r.tracks[s]; {
		case c.samples == 0:
		case err != nil:
			t.lost += c.length()
			r.failed = true
		default:
			t.chunks = append(t.chunks, c)
		}
	}
	if err != nil {
		return fmt.Errorf("record at %s: %w", max(chunks[left].at, chunks[right].at), err)
	}
	return nil
}

// openSpool makes the spool when there is none yet.
func (r *Recorder) openSpool() error {
	if r.spool != nil {
		return nil
	}
	if r.sealed != nil {
		return fs.ErrClosed
	}
	if err := r.fs.MkdirAll(r.paths.spoolDir, dirMode); err != nil {
		return fmt.Errorf("make spool folder: %w", err)
	}
	spool, err := createSpool(r.fs, r.paths.spool, r.callID, r.master)
	if err != nil {
		return err
	}
	r.spool = spool
	return nil
}

// refused says that the caller said no: see Discard.
func (r *Recorder) refused() bool { return r.sealed != nil && r.sealed.State == Refused }

// Lose counts audio that never reached the recorder.
func (r *Recorder) Lose(who insights.Speaker, d time.Duration) {
	r.mu.Lock()
	defer r.unlock()
	r.tracks[sideOf(who)].lost += d
}

// Mute silences a stretch of one party for good, released or not. When it
// returns nil the mute survives a crash, so it is called before the words
// that asked for it are committed. An error means that a crash may bring the
// stretch back; the recording of this process is muted all the same.
func (r *Recorder) Mute(who insights.Speaker, from, to time.Duration) error {
	if from = max(from, 0); to <= from {
		return nil
	}
	r.mu.Lock()
	defer r.unlock()
	if r.refused() {
		return nil
	}
	s := sideOf(who)
	t := &r.tracks[s]
	t.mutes = append(t.mutes, Stretch{from, to})
	t.unsilenced = append(t.unsilenced, Stretch{from, to})
	errs := errors.Join(r.keepMute(s, from, to), r.silence(s))
	for i := t.search(from); i < t.copied && t.chunks[i].at < to; i++ {
		errs = errors.Join(errs, r.forget(t, i))
	}
	return errs
}

// keepMute writes the mute to the spool. Where that fails, the audio itself
// is scrubbed: overwriting needs no space, and losing up to a chunk on either
// side is better than keeping what must not be kept.
func (r *Recorder) keepMute(s side, from, to time.Duration) error {
	err := r.openSpool()
	if err == nil {
		err = r.spool.append(stretchRecord(kindMute, s, from, to))
	}
	if err == nil || r.spool == nil {
		return err
	}
	r.failed = true
	t := &r.tracks[s]
	for i := t.search(from); i < len(t.chunks) && t.chunks[i].at < to; i++ {
		if scrubErr := r.spool.scrub(t.chunks[i].off, t.chunks[i].size); scrubErr != nil {
			return fmt.Errorf("mute %s: %w", s, errors.Join(err, scrubErr))
		}
	}
	return nil
}

// Owe notes in the spool that no engine has heard a stretch yet, so that the
// process after a crash knows it too. An error means that it will not.
func (r *Recorder) Owe(who insights.Speaker, from, to time.Duration) error {
	if from = max(from, 0); to <= from {
		return nil
	}
	r.mu.Lock()
	defer r.unlock()
	if r.refused() {
		return nil
	}
	s := sideOf(who)
	r.tracks[s].owed = append(r.tracks[s].owed, Stretch{from, to})
	err := r.openSpool()
	if err == nil {
		err = r.spool.append(stretchRecord(kindOwed, s, from, to))
	}
	return err
}

// Owed gives what Owe noted of a party, in this process or an earlier one.
func (r *Recorder) Owed(who insights.Speaker) []Stretch {
	r.mu.Lock()
	defer r.unlock()
	return slices.Clone(r.tracks[sideOf(who)].owed)
}

// Release lets a party's audio up to a moment into the recording: its words
// have been through the redactor. Audio is released in whole chunks, so what
// shares a chunk with later audio waits for that. After an error the same
// audio is tried again by the next Release.
func (r *Recorder) Release(who insights.Speaker, upTo time.Duration) error {
	r.mu.Lock()
	defer r.unlock()
	s := sideOf(who)
	r.tracks[s].wanted = max(r.tracks[s].wanted, upTo)
	return r.copyReleased(s)
}

// Expire releases whatever has waited longer than HoldAtMost.
func (r *Recorder) Expire() error {
	r.mu.Lock()
	defer r.unlock()
	limit := r.now().Add(-HoldAtMost)
	var errs error
	for s := range sides {
		t := &r.tracks[s]
		for i := t.copied; i < len(t.chunks) && !t.chunks[i].spooled.After(limit); i++ {
			t.wanted = max(t.wanted, t.chunks[i].end())
		}
		errs = errors.Join(errs, r.copyReleased(s))
	}
	return errs
}

// Next reads from the spool the first stretch of a party's audio that ends
// after from and begins before to, cut to those limits, at most one chunk.
// It is false when there is none. Audio that was scrubbed or spoilt is
// passed over.
func (r *Recorder) Next(who insights.Speaker, from, to time.Duration) (transcribe.Frame, bool, error) {
	r.mu.Lock()
	defer r.unlock()
	t := &r.tracks[sideOf(who)]
	for i := t.search(from); i < len(t.chunks) && t.chunks[i].at < to; i++ {
		c := t.chunks[i]
		pcm, err := r.load(c)
		if errors.Is(err, ErrFormat) {
			continue
		}
		if err != nil {
			return transcribe.Frame{}, false, err
		}
		if f := c.cut(pcm, from, to); len(f.PCM) > 0 {
			return f, true, nil
		}
	}
	return transcribe.Frame{}, false, nil
}

// End is where a party's spooled audio ends; zero when there is none.
func (r *Recorder) End(who insights.Speaker) time.Duration {
	r.mu.Lock()
	defer r.unlock()
	t := &r.tracks[sideOf(who)]
	if n := len(t.chunks); n > 0 {
		return t.chunks[n-1].end()
	}
	return 0
}

// Status tells how the recording stands, or stood before what goes on now: it
// alone never waits for the disk.
func (r *Recorder) Status() Status { return *r.shown.Load() }

// unlock gives the lock back and shows how the recording stands.
func (r *Recorder) unlock() {
	if st := r.status(); st != *r.shown.Load() {
		r.shown.Store(&st)
	}
	r.mu.Unlock()
}

func (r *Recorder) status() Status {
	if r.sealed != nil {
		return *r.sealed
	}
	st := Status{State: Recording, Lost: max(r.tracks[left].lost, r.tracks[right].lost)}
	if st.Lost > 0 {
		st.State = Partial
	}
	if r.part != nil {
		st.Bytes = r.part.size()
	}
	return st
}

// indexOf converts stream time to a sample of the recording.
func indexOf(at time.Duration) int64 {
	return int64(math.Round(at.Seconds() * outRate))
}
