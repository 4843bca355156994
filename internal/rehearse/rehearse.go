package rehearse

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"heed/insights"
	"heed/internal/play"
	"heed/transcribe"
)

// Longest is how much of the recording is played.
const Longest = 20 * time.Second

// flushWithin is how long engines may take for what is left when the call is
// over.
const flushWithin = 5 * time.Second

// quiet is the level, in decibels, below which a party was not heard.
const quiet = -60

// Errors of Start.
var (
	// ErrRunning refuses a second test call beside one that goes on.
	ErrRunning = errors.New("a test call is being made; wait until it is over, or stop it")
	// ErrUnknown refuses a platform that cannot be played.
	ErrUnknown = errors.New("no test call can be made as this platform")
	// ErrClosed refuses one while Heed stops.
	ErrClosed = errors.New("no test call can be made while Heed stops; try again when it runs")
)

// View is what is known of a test call.
type View struct {
	Platform string
	By       string
	Began    time.Time
	State    string        // "playing", "done", "failed" or "stopped"
	Sent     time.Duration // played so far
	Told     Told
	Streams  int    // that the door opened
	Ended    string // why the last one did, such as "stop"; empty: it did not
	Parties  []Party
	Faults   int // frames that came twice, late or not, and messages that were none
	Words    []Line
	Deaf     bool // no engine heard it
	// Fault says what was wrong: "", "refused", "unreachable", "hung_up",
	// "nothing", "silent", "one_sided" or "other".
	Fault string
	// Detail is the server's own word on it.
	Detail string
}

// Told is what the door understood of the call.
type Told struct{ Direction, From, To, Agent, Language string }

// Party is what came of one side.
type Party struct {
	Speaker insights.Speaker
	Frames  int
	Rate    int // Hz
	Audio   time.Duration
	Level   float64 // of the loudest frame, in decibels; -Inf is silence
}

// Line is what was heard.
type Line struct {
	Speaker insights.Speaker
	At      float64 // seconds
	Text    string
}

// Options is what a Service needs.
type Options struct {
	Calls *Calls
	// Play plays at a door, with the platform's id of the call, until ctx ends.
	Play func(ctx context.Context, platform, id string, progress func(sent time.Duration)) error
	// Hear gives an engine for a party, or nil when there is none.
	Hear   func(insights.Speaker) transcribe.Engine
	Logger *slog.Logger
	Now    func() time.Time // optional
}

// Service makes one test call at a time. Close it.
type Service struct {
	o   Options
	log *slog.Logger

	mu     sync.Mutex
	last   *call
	cancel context.CancelFunc
	done   chan struct{} // closed when the last one is over
	closed bool          // nobody would wait for another one
}

// New makes a service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o, log: o.Logger.With("component", "rehearse")}
}

// Start begins a test call and returns at once. It is [ErrRunning] while one
// goes on, [ErrUnknown] for a platform that cannot be played and [ErrClosed]
// after Close.
func (s *Service) Start(ctx context.Context, platform, by string) error {
	if !slices.Contains(play.Platforms(), platform) {
		return ErrUnknown
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if s.done != nil {
		select {
		case <-s.done:
		default:
			return ErrRunning
		}
	}
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	t := &call{
		platform: platform, id: uuid.NewString(), hear: s.o.Hear, ctx: ctx, engines: map[insights.Speaker]chan transcribe.Frame{},
		View: View{Platform: platform, By: by, Began: s.o.Now(), State: "playing"},
	}
	s.last, s.done = t, make(chan struct{})
	s.o.Calls.expect(t)
	go s.run(ctx, t, s.done)
	return nil
}

// run plays the call and says what came of it.
func (s *Service) run(ctx context.Context, t *call, done chan<- struct{}) {
	defer close(done)
	defer s.stopper()()
	playing, hangUp := context.WithTimeout(ctx, Longest)
	defer hangUp()
	err := s.o.Play(playing, t.platform, t.id, func(sent time.Duration) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.Sent = sent
	})
	stopped := ctx.Err() != nil
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = nil // it was hung up, as it was to be
	}
	flush := time.AfterFunc(flushWithin, s.stopper())
	t.close()
	flush.Stop()
	s.o.Calls.expect(nil)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Fault, t.Detail = verdict(&t.View, err)
	switch {
	case stopped:
		t.State = "stopped"
	case t.Fault != "":
		t.State = "failed"
	default:
		t.State = "done"
	}
	s.log.Info("a test call was made", "platform", t.platform, "state", t.State, "fault", t.Fault)
}

func (s *Service) stopper() context.CancelFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancel
}

// verdict says what was wrong with a call.
func verdict(v *View, err error) (fault, detail string) {
	if err != nil {
		detail = err.Error()
	}
	refused, isRefused := errors.AsType[*play.Refused](err)
	_, isAway := errors.AsType[*play.Unreachable](err)
	_, isHungUp := errors.AsType[*play.HungUp](err)
	audible := 0
	for _, p := range v.Parties {
		if p.Level > quiet {
			audible++
		}
	}
	switch {
	case isRefused:
		return "refused", refused.Error()
	case isAway:
		return "unreachable", detail
	case isHungUp:
		return "hung_up", detail
	case err != nil:
		return "other", detail
	case v.Streams == 0:
		return "nothing", ""
	case audible == 0:
		return "silent", ""
	case audible == 1:
		return "one_sided", ""
	}
	return "", ""
}

// Stop hangs the call up that goes on, if any.
func (s *Service) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel()
	}
}

// Last gives the call that goes on, or the last one; false when there was none.
func (s *Service) Last() (View, bool) {
	s.mu.Lock()
	t := s.last
	s.mu.Unlock()
	if t == nil {
		return View{}, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	v := t.View
	v.Parties, v.Words = slices.Clone(v.Parties), slices.Clone(v.Words)
	for i := range v.Parties {
		v.Parties[i].Level = max(v.Parties[i].Level, -96) // -Inf is no JSON
		v.Parties[i].Level = math.Round(v.Parties[i].Level)
	}
	return v, true
}

// Close ends the call that goes on and waits for it. No other begins.
func (s *Service) Close(context.Context) error {
	s.mu.Lock()
	s.closed = true
	done := s.done
	s.mu.Unlock()
	s.Stop()
	if done != nil {
		<-done
	}
	return nil
}
