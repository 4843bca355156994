package remote

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// errCut is a connection that breaks.
var errCut = errors.New("connection reset")

// habits are how the fake service behaves. The zero value is a good one.
type habits struct {
	keyed    bool            // stretches have keys, numbers from 0
	untimed  bool            // no times at all
	vague    time.Duration   // times are estimates, late by up to so much
	pieces   bool            // finals come as Append pieces, the last one closes
	doubled  bool            // every final comes twice
	swapped  bool            // finals come in pairs, the later one first
	silent   bool            // Finish is never answered
	deaf     bool            // Send blocks
	cutAfter []time.Duration // the n-th session breaks after so much audio
	polite   bool            // and calls that its end
	hasty    int             // so many sessions are 2 s behind, and end at Finish without the rest
	dull     int             // so many sessions hear nothing at all
	confirms bool            // the service says at the end how much it has heard
	refuse   []error         // what the n-th dial answers
	newEar   func(rate int) *remotetest.Ear
}

// service is a speech service in memory.
type service struct {
	habits
	mu       sync.Mutex
	dials    int
	sessions []*fakeSession
}

// fakeSession is one connection.
type fakeSession struct {
	s       *service
	ear     *remotetest.Ear
	cut     time.Duration // 0 = never
	out     chan []Result
	gone    chan struct{}
	once    sync.Once
	number  int
	end     error
	kept    int
	sent    int
	sizes   map[int]bool
	late    []lagging
	held    []Result // a final that waits to be overtaken
	settled int
}

// dial is Options.Dial.
func (s *service) dial(_ context.Context, f Format) (Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.dials
	s.dials++
	if n < len(s.refuse) && s.refuse[n] != nil {
		return nil, s.refuse[n]
	}
	ear := remotetest.NewEar
	if s.newEar != nil {
		ear = s.newEar
	}
	session := &fakeSession{s: s, ear: ear(f.Rate), out: make(chan []Result, 10000), gone: make(chan struct{}), sizes: map[int]bool{}}
	if up := len(s.sessions); up < len(s.cutAfter) {
		session.cut = s.cutAfter[up]
	}
	session.number = len(s.sessions)
	s.sessions = append(s.sessions, session)
	return session, nil
}

func (f *fakeSession) Send(ctx context.Context, pcm []int16) error {
	if f.s.deaf {
		<-ctx.Done()
		return ctx.Err()
	}
	select {
	case <-f.gone:
		return errCut
	default:
	}
	f.sizes[len(pcm)] = true
	f.sent += len(pcm)
	f.heard(f.ear.Hear(pcm))
	if f.cut > 0 && f.ear.Now() >= f.cut {
		f.stop(f.s.ending())
	}
	return nil
}

func (f *fakeSession) KeepAlive(context.Context) error { f.kept++; return nil }

func (f *fakeSession) Finish(context.Context) error {
	if f.s.confirms {
		f.out <- []Result{Heard(f.ear.Now())}
	}
	if f.number < max(f.s.hasty, f.s.dull) && !f.s.silent {
		f.stop(io.EOF)
		return nil
	}
	f.report(f.ear.Finish())
	if len(f.held) > 0 {
		f.out <- f.held
	}
	if !f.s.silent {
		f.stop(io.EOF)
	}
	return nil
}

// heard reports what was understood, if this session is one that does.
func (f *fakeSession) heard(events []remotetest.Event) {
	if f.number < f.s.dull {
		return
	}
	f.late = append(f.late, lagging{f.ear.Now(), events})
	for len(f.late) > 0 && (f.number >= f.s.hasty || f.late[0].at <= f.ear.Now()-2*time.Second) {
		f.report(f.late[0].events)
		f.late = f.late[1:]
	}
}

// lagging is what was understood at a time of the session.
type lagging struct {
	at     time.Duration
	events []remotetest.Event
}

// blur gives words times that are late by what the session makes of it, and
// leaves out the one that it heard only the end of.
func (f *fakeSession) blur(words []transcribe.Word) []transcribe.Word {
	var out []transcribe.Word
	for i, w := range words {
		if strings.HasPrefix(w.Text, "x") {
			continue
		}
		shift := f.s.vague * time.Duration((f.number*7+i*3)%10) / 9
		w.Start, w.End = min(w.Start+shift, f.ear.Now()), min(w.End+shift, f.ear.Now())
		out = append(out, w)
	}
	return out
}

// ending is how a connection breaks.
func (s *service) ending() error {
	if s.polite {
		return io.EOF
	}
	return errCut
}

// report puts what was understood on the wire.
func (f *fakeSession) report(events []remotetest.Event) {
	for _, e := range events {
		r := f.result(e)
		if !e.Final {
			f.out <- r
			continue
		}
		if f.s.swapped && f.held == nil {
			// What is announced keeps its place.
			f.out <- []Result{{Key: r[0].Key}}
			f.held = r
			continue
		}
		f.out <- r
		if f.held != nil {
			f.out <- f.held
			f.held = nil
		}
		if f.s.doubled {
			f.out <- r
		}
	}
}

// result forms the messages of one event.
func (f *fakeSession) result(e remotetest.Event) []Result {
	key := ""
	if f.s.keyed {
		key = strconv.Itoa(e.Number)
	}
	r := Result{Key: key, Final: e.Final, Words: e.Words, Text: join(e.Words)}
	if f.s.untimed {
		r.Words = nil
	}
	if f.s.vague > 0 {
		r.Estimated, r.Words = true, f.blur(e.Words)
		r.Text = join(r.Words)
	}
	if !f.s.pieces {
		return []Result{r}
	}
	r.Words, r.Text = e.Words[f.settled:], ""
	if e.Final {
		r.Append = true
		half := len(r.Words) / 2
		first := r
		first.Final, first.Words = false, r.Words[:half]
		r.Words = r.Words[half:]
		f.settled = 0
		return []Result{first, r}
	}
	if len(r.Words) > 2 {
		r.Append = true
		f.settled += len(r.Words)
	}
	return []Result{r}
}

func (f *fakeSession) Receive(ctx context.Context) ([]Result, error) {
	select {
	case r := <-f.out:
		return r, nil
	default:
	}
	select {
	case r := <-f.out:
		return r, nil
	case <-f.gone:
		select {
		case r := <-f.out:
			return r, nil
		default:
			return nil, f.end
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stop ends the session.
func (f *fakeSession) stop(err error) {
	f.once.Do(func() {
		f.end = err
		close(f.gone)
	})
}

func (f *fakeSession) Close() error { f.stop(errCut); return nil }

// says is one call of a test.
type says struct {
	o      Options
	frames []transcribe.Frame
	live   bool // frames come at their own time
	onEmit func(n int)
	dial   func(context.Context, Format) (Session, error) // instead of a service's
}

// transcribe runs the call and checks the contract of what comes out.
func (c says) transcribe(t *testing.T, s *service) ([]transcribe.Segment, error) {
	t.Helper()
	got, err := c.run(s)
	if err == nil {
		for _, problem := range enginetest.Check(got, c.frames) {
			t.Errorf("%s", problem)
		}
	}
	return got, err
}

// run runs the call.
func (c says) run(s *service) (got []transcribe.Segment, err error) {
	c.o.Name, c.o.Rates, c.o.Dial = "fake", []int{8000}, c.dial
	if c.dial == nil {
		c.o.Dial = s.dial
	}
	r, err := New(c.o)
	if err != nil {
		return nil, err
	}
	feed := make(chan transcribe.Frame)
	ctx, cancel := context.WithCancel(context.Background())
	var fed sync.WaitGroup
	defer fed.Wait()
	defer cancel()
	fed.Go(func() { c.feed(ctx, feed) })
	err = r.Transcribe(ctx, feed, func(s transcribe.Segment) error {
		got = append(got, s)
		if c.onEmit != nil {
			c.onEmit(len(got))
		}
		return nil
	})
	return got, err
}

// feed plays the frames.
func (c says) feed(ctx context.Context, feed chan<- transcribe.Frame) {
	defer close(feed)
	start := time.Now()
	for _, f := range c.frames {
		if c.live {
			time.Sleep(time.Until(start.Add(f.End() - c.frames[0].At)))
		}
		select {
		case feed <- f:
		case <-ctx.Done():
			return
		}
	}
}

// finalWords are the words of the finals.
func finalWords(segments []transcribe.Segment) []transcribe.Word {
	var words []transcribe.Word
	for _, s := range segments {
		if s.Final {
			words = append(words, s.Words...)
		}
	}
	return words
}

// finalText joins the finals.
func finalText(segments []transcribe.Segment) string { return join(finalWords(segments)) }
