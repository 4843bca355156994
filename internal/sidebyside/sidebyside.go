// Package sidebyside has two engines of a server hear one recording, and puts
// what they made of it beside each other: word by word, with figures.
//
// One trial runs at a time, in the background, and the engines one after the
// other, so that none takes the other's time. Where an engine is that of the
// calls, calls that are live go first. At most [Longest] of a recording is heard.
// What is shown passes the redactor, as transcripts do. The latest trials are
// in memory only: they are gone at a restart, and no audio is kept of them.
//
// It makes no engine, reads no store and decides nobody's rights.
package sidebyside

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/compare"
	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	// Longest is how much of a recording is heard.
	Longest = 10 * time.Minute
	// Latest is how many trials are remembered.
	Latest = 5
	// patience is how long a trial may take.
	patience = 30 * time.Minute
)

// Errors of Start.
var (
	// ErrRunning refuses a second trial beside one that goes on.
	ErrRunning = errors.New("two engines are being compared; wait until that is over, or cancel it")
	// ErrSame refuses to compare an engine with itself.
	ErrSame = errors.New("an engine cannot be compared with itself; choose two")
	// ErrUnknown is an engine, or a trial, that is not there.
	ErrUnknown = errors.New("there is none of that name")
	// ErrLong is an uploaded recording beyond [Longest].
	ErrLong = errors.New("the recording is longer than 10 minutes")
)

// Choice is an engine that can be chosen.
type Choice struct {
	Name      string // as the settings write it, such as "sherpa" or "sherpa/MODEL"
	Model     string
	Note      string
	Languages []string // BCP 47; empty is any
	Remote    bool
	// Loaded says that it hears calls now; another one is started for the
	// trial and ended after it.
	Loaded bool
}

// Engine is one that hears.
type Engine struct {
	Model  string
	Engine transcribe.Engine
	// Load is what it has used so far, CPU time and audio; nil when nobody can
	// tell.
	Load func() (cpu, heard time.Duration)
	// Close ends one that was started for the trial; nil is one that goes on.
	Close func() error
}

// Source is what is heard.
type Source struct {
	Call string // its id; empty for a file
	File string // its name as it was told
	Wav  audio.WAV
	// Cut says that only the first [Longest] of it is here.
	Cut bool
	// Said is what was said, as people corrected it; nil when nobody did.
	// Corrected of its turns are their words, the others as they were heard.
	Said      *compare.Script
	Corrected int
}

// Options are what a Service needs.
type Options struct {
	// Choices gives what can be chosen now.
	Choices func() []Choice
	// Open gives an engine that can be chosen.
	Open func(ctx context.Context, name string) (Engine, error)
	// Redactor gives what removes from the utterances of one hearing, given in
	// order of time, what must not be shown.
	Redactor func() func(insights.Utterance) insights.Utterance
	Logger   *slog.Logger
	Now      func() time.Time // nil means time.Now
}

// Ask is a trial to be made.
type Ask struct {
	ID      string
	By      string
	Engines [2]string
	// Load reads the recording, once the trial has its turn.
	Load func() (Source, error)
}

// States of a trial.
const (
	Running = "running"
	Done    = "done"
	Failed  = "failed"
	Stopped = "stopped"
)

// View is what is known of a trial.
type View struct {
	ID, By  string
	Call    string
	File    string
	Engines [2]string
	Began   time.Time
	State   string
	Now     string  // engine that hears now
	Share   float64 // 0..1, of both hearings
	Fault   string  // why it failed
	Result  *Result
}

// Service makes trials. Close it.
type Service struct {
	o   Options
	log *slog.Logger

	mu      sync.Mutex
	trials  []*View // the latest first
	reading bool    // a trial has its turn and reads its recording
	cancel  context.CancelFunc
	running sync.WaitGroup
	closed  bool
}

// New makes a service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o, log: o.Logger.With("component", "sidebyside")}
}

// Choices gives the engines that can be compared.
func (s *Service) Choices() []Choice { return s.o.Choices() }

// Start reads the recording and begins to have it heard. It is [ErrRunning]
// while another trial goes on, [ErrSame] or [ErrUnknown] for engines that cannot
// be compared, and what reading gave.
func (s *Service) Start(ctx context.Context, a Ask) (View, error) {
	if err := s.check(a.Engines); err != nil {
		return View{}, err
	}
	if !s.turn() {
		return View{}, ErrRunning
	}
	src, err := a.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading = false
	if err == nil && s.closed {
		err = context.Canceled
	}
	if err != nil {
		return View{}, err //nolint:wrapcheck // the caller's own
	}
	v := &View{ID: a.ID, By: a.By, Call: src.Call, File: src.File, Engines: a.Engines, Began: s.o.Now(), State: Running, Now: a.Engines[0]}
	s.trials = append([]*View{v}, s.trials[:min(len(s.trials), Latest-1)]...)
	run, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	s.cancel = cancel
	s.running.Go(func() {
		defer cancel()
		s.run(run, v, src)
	})
	return *v, nil
}

func (s *Service) check(names [2]string) error {
	if names[0] == names[1] {
		return ErrSame
	}
	choices := s.o.Choices()
	for _, name := range names {
		if !slices.ContainsFunc(choices, func(c Choice) bool { return c.Name == name }) {
			return ErrUnknown
		}
	}
	return nil
}

// turn gives a trial its turn, unless another one has it.
func (s *Service) turn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.reading || len(s.trials) > 0 && s.trials[0].State == Running {
		return false
	}
	s.reading = true
	return true
}

// All gives the latest trials, the latest first.
func (s *Service) All() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]View, len(s.trials))
	for i, v := range s.trials {
		all[i] = *v
	}
	return all
}

// One gives a trial; [ErrUnknown] when it is not there any more.
func (s *Service) One(id string) (View, error) {
	for _, v := range s.All() {
		if v.ID == id {
			return v, nil
		}
	}
	return View{}, ErrUnknown
}

// Cancel ends a trial that goes on, and forgets one that is over. One that is
// not there is no error.
func (s *Service) Cancel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.trials, func(v *View) bool { return v.ID == id })
	switch {
	case i < 0:
	case s.trials[i].State == Running:
		s.cancel()
	default:
		s.trials = slices.Delete(s.trials, i, i+1)
	}
}

// Close cancels what goes on and waits for it.
func (s *Service) Close(context.Context) error {
	s.mu.Lock()
	s.closed = true
	if s.cancel != nil {
		s.cancel()
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}
