package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

const (
	// againAtOnce bounds the calls that are heard again, whoever asks: the
	// live ones come first.
	againAtOnce = 2
	// triesAgain bounds how often an engine may fail in a row, without hearing
	// anything new, when a stretch is heard again: half a minute with the
	// back-off, in which a worker can load its model.
	triesAgain = 10
	// restsAgain bounds the rests for want of an engine, then: 75 s of them, more
	// than a worker that keeps dying needs to be started once more.
	// After that the call is left to a later Recover, with its spool.
	restsAgain = 4
	// firstSkip is how much is left out when that was in vain, because the
	// audio may be what kills the engine; twice as much every next time, so
	// that an engine that is simply dead is not tried for hours.
	firstSkip = 5 * time.Second
)

// makeGood hears again what was owed, and commits what is new in its place
// in time. What cannot be heard is noted. It fails when ctx ends, the engines
// are gone or the commits fail; then it can be done again.
func (c *call) makeGood(ctx context.Context) error {
	var owed, missing [parties][]recording.Stretch
	var found [parties][]heard
	for p := range parties {
		owed[p] = c.owed(p.speaker())
	}
	if len(owed[agent])+len(owed[customer]) == 0 {
		return nil
	}
	select {
	case c.again <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	var group errgroup.Group
	for p := range parties {
		group.Go(func() (err error) {
			found[p], missing[p], err = c.hearAgain(ctx, p.speaker(), owed[p])
			return err
		})
	}
	err := errors.Join(group.Wait(), ctx.Err())
	<-c.again
	if err != nil {
		return fmt.Errorf("hear again: %w", err)
	}
	for p := range parties {
		for _, m := range missing[p] {
			c.notes.set(string(p.speaker())+" words missing from "+clock(m.From), " to "+clock(m.To))
		}
	}
	return c.replay(ctx, slices.Concat(found[:]...))
}

// owed gives what is owed of a party, joined, cut to the audio there is and
// begun after the last utterance before it.
func (c *call) owed(who insights.Speaker) []recording.Stretch {
	owed := c.rec.Owed(who)
	slices.SortFunc(owed, func(a, b recording.Stretch) int { return cmp.Compare(a.From, b.From) })
	end := c.rec.End(who)
	var out []recording.Stretch
	for _, s := range owed {
		s.To = min(s.To, end)
		for i := range c.script.said.Utterances {
			if u := &c.script.said.Utterances[i]; u.Speaker == who && u.Start.Duration() <= s.From {
				s.From = max(s.From, u.End.Duration())
			}
		}
		if s.From < s.To {
			out = append(out, s)
		}
	}
	return joined(out)
}

// hearAgain gives the finals of some stretches, and the stretches that no
// engine could hear. Stretches without sound are passed over. The error is
// errGone when there is no engine now.
func (c *call) hearAgain(ctx context.Context, who insights.Speaker, owed []recording.Stretch) (found []heard, missing []recording.Stretch, err error) {
	var all collector
	for _, s := range owed {
		c.sift(who, s)
		if !c.loud(who, s) {
			continue
		}
		c.log.Info("hear again", "party", who, "from", s.From, "to", s.To)
		for skip := firstSkip; s.From < s.To && ctx.Err() == nil; {
			covered, err := c.hearStretch(ctx, who, s, &all)
			if err == nil {
				break
			}
			if errors.Is(err, errGone) {
				return nil, nil, err
			}
			if covered > s.From {
				skip = firstSkip
			}
			hole := recording.Stretch{From: covered, To: min(covered+skip, s.To)}
			if errors.Is(err, errNoEngine) {
				hole.To = s.To
			}
			missing = append(missing, hole)
			s.From, skip = hole.To, 2*skip
		}
	}
	return all.found, joined(missing), nil
}

// hearStretch hears a stretch as far as it can, and tells how far that was.
func (c *call) hearStretch(ctx context.Context, who insights.Speaker, s recording.Stretch, to listener) (time.Duration, error) {
	e := &ear{
		who: who, src: &spoolSource{rec: c.rec, noise: c.script.noise, who: who, pos: s.From, covered: s.From, to: s.To}, to: to,
		engines: c.engines(who, event.CallOver), log: c.log.With("party", who), metrics: c.metrics,
		tries: triesAgain, covered: s.From,
	}
	err := e.run(ctx)
	if err != nil {
		c.log.Error("not heard again", "party", who, "from", e.covered, "to", s.To, "error", err)
	}
	return e.covered, err
}

// joined makes one of stretches that touch. They are in order.
func joined(in []recording.Stretch) []recording.Stretch {
	var out []recording.Stretch
	for _, s := range in {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// sifted is how far before a stretch its sounds are looked for: music takes
// seconds to be known, and a ring is known by the one before.
const sifted = 10 * time.Second

// sift finds what is no speech in a stretch before it is heard again, so that
// here it is known from its beginning.
func (c *call) sift(who insights.Speaker, s recording.Stretch) {
	mute := func(who insights.Speaker, from, to time.Duration) {
		if err := c.rec.Mute(who, from, to); err != nil {
			c.log.Error("mute keys in the recording", "error", err)
		}
	}
	sieve := c.sieves(mute)[partyOf(who)]
	for at := max(0, s.From-sifted); ; {
		f, ok, err := c.rec.Next(who, at, s.To)
		if !ok || err != nil { // the ear will meet the error and tell
			sieve.end()
			return
		}
		sieve.pass(f)
		at = f.End()
	}
}

// loud tells whether there is anything to hear in a stretch, beside what is
// no speech.
func (c *call) loud(who insights.Speaker, s recording.Stretch) bool {
	for at := s.From; ; {
		f, ok, err := c.rec.Next(who, at, s.To)
		switch {
		case err != nil:
			return true // the ear will meet the error and tell
		case !ok:
			return false
		}
		if c.script.noise.clear(who, f); peak(f.PCM) > soundFloor {
			return true
		}
		at = f.End()
	}
}

// replay commits what was heard again, in order of time. A redactor of its
// own sees the whole call in that order, because what must be removed depends
// on what was asked before.
func (c *call) replay(ctx context.Context, found []heard) error {
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b heard) int { return cmp.Compare(a.seg.Start, b.seg.Start) })
	red, past := c.o.Redactor(), c.script.inOrder()
	before := c.script.said
	before.Utterances, before.Insights = nil, nil
	for _, h := range found {
		c.mute(c.script.hidden(h))
		u, ok := c.script.draft(h, !c.record.Past())
		if !ok {
			continue
		}
		for len(past) > 0 && past[0].Start <= u.Start {
			_, _, _ = red.Final(past[0]) // redacted before; only the context counts
			before.Utterances = append(before.Utterances, past[0])
			past = past[1:]
		}
		before.Insights = c.script.said.Insights
		l := c.script.read(u, h, red, &before)
		if err := c.say(ctx, l); err != nil {
			return err
		}
		before.Utterances = append(before.Utterances, l.Utterance)
	}
	return nil
}

// collector keeps the finals of an ear.
type collector struct{ found []heard }

var _ listener = (*collector)(nil)

func (a *collector) final(_ context.Context, h heard) error {
	a.found = append(a.found, h)
	return nil
}

func (*collector) partial(context.Context, heard)                {}
func (*collector) captions(insights.Speaker, event.CaptionState) {}
func (*collector) owe(insights.Speaker, recording.Stretch)       {}

// spoolSource reads a stretch of a party's audio back, at the engine's pace.
type spoolSource struct {
	rec     *recording.Recorder
	noise   *noise // sifted before
	who     insights.Speaker
	pos     time.Duration
	covered time.Duration
	to      time.Duration
}

var _ source = (*spoolSource)(nil)

func (s *spoolSource) await(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	_, ok, err := s.rec.Next(s.who, s.covered, s.to)
	return ok || err != nil // read will meet the error
}

func (s *spoolSource) rewind() (time.Duration, bool) {
	s.pos = s.covered
	return s.pos, true
}

func (s *spoolSource) read(ctx context.Context) (transcribe.Frame, error) {
	if err := ctx.Err(); err != nil {
		return transcribe.Frame{}, err
	}
	f, ok, err := s.rec.Next(s.who, s.pos, s.to)
	if err != nil {
		return f, err
	}
	if !ok {
		return f, io.EOF
	}
	s.pos = f.End()
	s.noise.clear(s.who, f)
	return f, nil
}

func (s *spoolSource) heard(upTo time.Duration) { s.covered = max(s.covered, upTo) }

func (*spoolSource) backlog() time.Duration { return 0 }

// everything is a stretch to the end of the call.
func everything(from time.Duration) recording.Stretch {
	return recording.Stretch{From: from, To: math.MaxInt64}
}
