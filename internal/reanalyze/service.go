package reanalyze

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

// ErrBusy says that another run is in progress; it is [store.ErrConflict].
var ErrBusy = fmt.Errorf("history is being read again already: %w", store.ErrConflict)

// errCancelled is the cause of a context that [Service.Cancel] ended.
var errCancelled = errors.New("the run was cancelled")

// Options is what a service needs. All but Whole, Country, Live and Now are
// required.
type Options struct {
	Store    *store.Store
	Brain    *brain.Brain
	Analyzer insights.Analyzer // what runs; only those parts count that are [insights.Versioned]
	Logger   *slog.Logger
	Whole    Whole
	// Country gives the country of the customer on a call, as a live call has
	// it: what may be understood depends on it. Nil knows none.
	Country func(event.Call) string
	// Live counts the live calls. While there are any, a run rests as long as
	// it works. Nil means that there never are.
	Live func() int
	Now  func() time.Time
}

// Whole redoes what is said of whole calls; see [talk.Measure] and
// [summaries.Quoter]. What is nil leaves its part as it was.
type Whole struct {
	// Measure gives the figures of a call that is over; Version is their model.
	Measure func(said []insights.Utterance, length insights.Seconds, music []insights.Stretch) []insights.Insight
	Version string
	Quotes  quoter
}

// quoter sums calls up.
type quoter interface {
	Version() string
	Quote(c event.Call, said []insights.Utterance, found []insights.Insight, fixes []event.Correction) insights.Summary
}

// models names what runs.
func (w *Whole) models() []string {
	var out []string
	if w.Measure != nil {
		out = append(out, w.Version)
	}
	if w.Quotes != nil {
		out = append(out, w.Quotes.Version())
	}
	return out
}

// Service runs one reanalysis at a time. It is safe for concurrent use.
type Service struct {
	o      Options
	models []string
	log    *slog.Logger
	asked  chan event.Reanalysis

	mu      sync.Mutex
	busy    bool
	current *event.Reanalysis       // the latest state of the latest run here
	cancel  context.CancelCauseFunc // of the run in progress; nil before it runs
}

// New makes a service. It starts nothing.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Country == nil {
		o.Country = func(event.Call) string { return "" }
	}
	if o.Live == nil {
		o.Live = func() int { return 0 }
	}
	return &Service{
		o: o, models: slices.Concat(insights.Versions(o.Analyzer), o.Whole.models()), log: o.Logger.With("component", "reanalyze"),
		asked: make(chan event.Reanalysis, 1),
	}
}

// Models are the versions of what runs, the analyzers first.
func (s *Service) Models() []string { return slices.Clone(s.models) }

// Run does what is asked and blocks until it is done or ctx ends. Asking for
// the same as a run that was not finished goes on with that one. Progress,
// when not nil, is told of each call. A request that makes no sense is
// [ErrRequest]; while another one runs it is [ErrBusy].
func (s *Service) Run(ctx context.Context, r event.ReanalysisRequest, progress func(event.Reanalysis)) (event.Reanalysis, error) {
	run, err := s.begin(ctx, r)
	if err != nil {
		return run, err
	}
	return s.execute(ctx, run, progress)
}

// Start has [Service.Work] do what is asked, and returns at once.
func (s *Service) Start(ctx context.Context, r event.ReanalysisRequest) (event.Reanalysis, error) {
	run, err := s.begin(ctx, r)
	if err == nil {
		s.asked <- run // there is room: only one run begins at a time
	}
	return run, err
}

// Work takes up a run that a crash or a shutdown interrupted, and does what
// [Service.Start] is asked, until ctx ends. A run in progress is then left to
// be taken up again.
func (s *Service) Work(ctx context.Context) {
	last, err := s.o.Store.LastReanalysis(ctx)
	if err == nil && last.State == event.ReanalysisRunning {
		if _, err = s.Start(ctx, last.Request); errors.Is(err, ErrBusy) {
			err = nil // somebody was quicker
		}
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		s.log.Error("take up a reanalysis", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case run := <-s.asked:
			if _, err := s.execute(ctx, run, nil); err != nil && ctx.Err() == nil && !errors.Is(err, errCancelled) {
				s.log.Error("reanalysis", "run", run.ID, "error", err)
			}
		}
	}
}

// State gives the run in progress, else the last one. It is
// [store.ErrNotFound] when there never was one.
func (s *Service) State(ctx context.Context) (event.Reanalysis, error) {
	s.mu.Lock()
	current := s.current
	s.mu.Unlock()
	if current != nil {
		return *current, nil
	}
	return s.o.Store.LastReanalysis(ctx)
}

// Cancel ends the run in progress, if any: what is committed stays, and asking
// for the same goes on from there.
func (s *Service) Cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel(errCancelled)
	}
}

// begin takes the service for a run, a new one or one that was not finished.
func (s *Service) begin(ctx context.Context, r event.ReanalysisRequest) (run event.Reanalysis, err error) {
	if _, _, err := Check(r, s.o.Now()); err != nil {
		return run, err
	}
	s.mu.Lock()
	if s.busy {
		s.mu.Unlock()
		return run, ErrBusy
	}
	s.busy = true
	s.mu.Unlock()
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	if run, err = s.prepare(ctx, r); err != nil {
		return run, err
	}
	s.publish(run)
	return run, nil
}

func (s *Service) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy, s.cancel = false, nil
}

func (s *Service) publish(run event.Reanalysis) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = &run
}

// prepare finds the unfinished run of the same request, or makes a new one.
func (s *Service) prepare(ctx context.Context, r event.ReanalysisRequest) (event.Reanalysis, error) {
	now := s.o.Now().UTC().Truncate(time.Millisecond)
	run := event.Reanalysis{
		ID: event.NewID(), Request: r, Models: s.Models(), State: event.ReanalysisRunning,
		Changes: []event.ReanalysisChange{}, StartedAt: now, UpdatedAt: now,
	}
	var err error
	if run.Since, run.Until, err = Check(r, s.o.Now()); err != nil {
		return run, err
	}
	last, err := s.o.Store.LastReanalysis(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return run, err
	}
	unfinished := err == nil && last.State != event.ReanalysisDone
	if same := unfinished && sameRequest(last.Request, r); same && slices.Equal(last.Models, run.Models) {
		last.State, last.Error, last.EndedAt = event.ReanalysisRunning, "", nil
		return last, s.save(ctx, last)
	} else if same {
		run.Since, run.Until = last.Since, last.Until // newer models begin anew
	}
	if run.Counts.Total, err = s.total(ctx, &run); err != nil || r.DryRun {
		return run, err
	}
	return run, s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if last.State == event.ReanalysisRunning {
			last.State, last.EndedAt = event.ReanalysisCancelled, &now
			if err := tx.SaveReanalysis(last); err != nil {
				return err
			}
		}
		return tx.SaveReanalysis(run)
	})
}

func sameRequest(a, b event.ReanalysisRequest) bool {
	return a.Since == b.Since && a.Until == b.Until && a.Call == b.Call && a.DryRun == b.DryRun && slices.Equal(a.Kinds, b.Kinds)
}

// total counts the calls, and refuses one that cannot be read.
func (s *Service) total(ctx context.Context, run *event.Reanalysis) (int, error) {
	if run.Request.Call == "" {
		return s.o.Store.CountEndedCalls(ctx, run.Since, run.Until)
	}
	c, err := s.o.Store.Call(ctx, run.Request.Call)
	if err == nil && c.Open() {
		err = fmt.Errorf("call %s: %w: %w", c.ID, ErrRequest, brain.ErrLive)
	}
	return 1, err
}

func (s *Service) save(ctx context.Context, run event.Reanalysis) error {
	if run.Request.DryRun {
		return nil
	}
	return s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.SaveReanalysis(run) })
}
