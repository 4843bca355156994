// Package rehearse makes test calls: Heed plays a recording at one of its own
// doors, as that platform would, and shows what came in.
//
// A test call goes the whole way through the door, its checks and its protocol,
// and ends there: no call is opened, so that nothing of it is stored, counted,
// attributed, suggested or learned from. Its words are heard and shown to who
// made it, and forgotten with the next one.
package rehearse

import (
	"context"
	"math"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

// Calls is what doors open streams at: those of a test call stay here, all
// others go on. It also knows when a door last opened one.
type Calls struct {
	next ingest.Calls
	now  func() time.Time

	mu     sync.Mutex
	test   *call // nil while there is none
	opened map[string]time.Time
}

var _ ingest.Calls = (*Calls)(nil)

// NewCalls puts itself before what opens real calls; now may be nil.
func NewCalls(next ingest.Calls, now func() time.Time) *Calls {
	if now == nil {
		now = time.Now
	}
	return &Calls{next: next, now: now, opened: map[string]time.Time{}}
}

// Open implements [ingest.Calls].
func (c *Calls) Open(ctx context.Context, s ingest.Start) (ingest.Stream, error) {
	if t := c.testing(s.Platform, s.Call); t != nil {
		return t.join(s), nil
	}
	stream, err := c.next.Open(ctx, s)
	if err == nil {
		c.mu.Lock()
		c.opened[s.Platform] = c.now()
		c.mu.Unlock()
	}
	return stream, err //nolint:wrapcheck // doors tell its errors apart
}

// Complete implements [ingest.Calls].
func (c *Calls) Complete(ctx context.Context, platform, call string) {
	if c.testing(platform, call) == nil {
		c.next.Complete(ctx, platform, call)
	}
}

// Opened says when a platform last brought a stream in since the start; zero is
// never.
func (c *Calls) Opened(platform string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened[platform]
}

func (c *Calls) testing(platform, id string) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.test != nil && c.test.platform == platform && c.test.id == id {
		return c.test
	}
	return nil
}

func (c *Calls) expect(t *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.test = t
}

// call is a test call. Its streams write to it while others look.
type call struct {
	platform, id string
	// hear gives an engine for a party, or nil.
	hear func(insights.Speaker) transcribe.Engine
	ctx  context.Context //nolint:containedctx // the call's own life, of which streams know nothing
	wait sync.WaitGroup  // its engines

	mu sync.Mutex
	View
	open    int
	engines map[insights.Speaker]chan transcribe.Frame
	over    bool
}

// deaf is how many frames wait for an engine; what is more is not heard, for a
// door never waits.
const deaf = 500

// mostWords bounds the lines that are kept of a test call.
const mostWords = 200

// stream is one of a test call.
type stream struct {
	call    *call
	stopped sync.Once
}

var _ ingest.Stream = (*stream)(nil)

func (t *call) join(s ingest.Start) *stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open++
	t.Streams++
	t.Told = Told{Direction: s.Direction, From: s.From, To: s.To, Agent: s.Agent, Language: s.Language}
	for _, who := range s.Parties {
		t.party(who)
	}
	return &stream{call: t}
}

// party gives what came of a party. The lock is held.
func (t *call) party(who insights.Speaker) *Party {
	for i := range t.Parties {
		if t.Parties[i].Speaker == who {
			return &t.Parties[i]
		}
	}
	t.Parties = append(t.Parties, Party{Speaker: who, Level: math.Inf(-1)})
	return &t.Parties[len(t.Parties)-1]
}

// Audio implements [ingest.Stream].
func (s *stream) Audio(who insights.Speaker, f transcribe.Frame) {
	t := s.call
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.party(who)
	p.Frames++
	p.Rate = f.Rate
	p.Audio += f.Duration()
	p.Level = max(p.Level, level(f.PCM))
	if t.over {
		return
	}
	frames := t.engine(who)
	if frames == nil {
		return
	}
	select {
	case frames <- f:
	default: // the engine is too slow for it: the figures count, not the words
	}
}

// engine gives what hears a party, begun with its first frame. The lock is held.
func (t *call) engine(who insights.Speaker) chan transcribe.Frame {
	if frames, begun := t.engines[who]; begun {
		return frames
	}
	e := t.hear(who)
	if e == nil {
		t.engines[who] = nil
		return nil
	}
	frames := make(chan transcribe.Frame, deaf)
	t.engines[who] = frames
	t.wait.Go(func() {
		err := e.Transcribe(t.ctx, frames, func(s transcribe.Segment) error {
			t.heard(who, s)
			return nil
		})
		if err != nil && t.ctx.Err() == nil {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.Deaf = true
		}
	})
	return frames
}

// heard keeps the words that are final.
func (t *call) heard(who insights.Speaker, s transcribe.Segment) {
	if !s.Final {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.Words) < mostWords {
		t.Words = append(t.Words, Line{Speaker: who, At: s.Start.Seconds(), Text: s.Text})
	}
}

// Digit implements [ingest.Stream].
func (s *stream) Digit(insights.Speaker, string, time.Duration) {}

// Fault implements [ingest.Stream].
func (s *stream) Fault(_ ingest.Fault, n int) {
	s.call.mu.Lock()
	defer s.call.mu.Unlock()
	s.call.Faults += n
}

// Stop implements [ingest.Stream].
func (s *stream) Stop(why ingest.Reason) {
	s.stopped.Do(func() {
		s.call.mu.Lock()
		defer s.call.mu.Unlock()
		s.call.open--
		s.call.Ended = string(why)
	})
}

// close lets the engines finish what they heard.
func (t *call) close() {
	t.mu.Lock()
	t.over = true
	for _, frames := range t.engines {
		if frames != nil {
			close(frames)
		}
	}
	t.mu.Unlock()
	t.wait.Wait()
}

// level is how loud samples are, in decibels below the loudest there can be.
func level(pcm []int16) float64 {
	sum := 0.0
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return math.Inf(-1)
	}
	return 10 * math.Log10(sum/float64(len(pcm))/(1<<30))
}
