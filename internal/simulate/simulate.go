// Package simulate runs what-ifs over the decisions of the past, one at a time,
// and keeps their reports: what a change of actions, policies, levers or figures
// would have done. package replay does the work.
//
// It puts nothing into force and learns nothing. A run that a shutdown or a
// crash cut off is kept as interrupted and is not taken up again: it is asked
// for anew.
package simulate

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/reanalyze"
	"heed/internal/replay"
	"heed/internal/store"
)

// State is where a run stands.
type State string

// The states of a run.
const (
	Running     State = "running"
	Done        State = "done"
	Failed      State = "failed"
	Cancelled   State = "cancelled"
	Interrupted State = "interrupted" // by the end of the process
)

// Ask is what a run is asked for.
type Ask struct {
	// Change is a file of actions, levers and policy over what is live; see
	// [decide.Options.With].
	Change string `json:"change" maxLength:"262144" doc:"YAML: a file of the catalogue in which an action with a live one's id gives only what differs, and policy, the numbers of policy.yaml that differ, and no_levers" example:"version: 1\npolicy: {value: {gamma: 0.5}}\n"`
	Since  string `json:"since" maxLength:"40" doc:"Decisions from then on: a day, a moment (RFC 3339) or a time back from now (30d, 12h)" example:"30d"`
	Until  string `json:"until,omitempty" maxLength:"40" doc:"And before that; now when it is empty"`
	People int    `json:"people,omitempty" minimum:"0" maximum:"1000000" doc:"Of at most so many people, drawn evenly and the same at each run; 0 is all"`
	Cohort string `json:"cohort,omitempty" maxLength:"80" doc:"A trait: the figures are told apart by its values as well" example:"plan"`
}

// Run is one run with its report, once it is done.
type Run struct {
	ID        string         `json:"id"`
	State     State          `json:"state" enum:"running,done,failed,cancelled,interrupted"`
	Error     string         `json:"error,omitempty" doc:"Why it failed"`
	Ask       Ask            `json:"ask"`
	By        string         `json:"by,omitempty"`
	Changed   []string       `json:"changed" doc:"Actions that the change names"`
	Since     time.Time      `json:"since"`
	Until     time.Time      `json:"until"`
	Catalogue string         `json:"catalogue" doc:"Version of the live catalogue"`
	Done      int            `json:"done" doc:"People that are done"`
	Total     int            `json:"total" doc:"People that there are"`
	Report    *replay.Report `json:"report,omitempty"`
	StartedAt time.Time      `json:"started_at"`
	EndedAt   *time.Time     `json:"ended_at,omitempty"`
}

// ErrBusy says that another run is in progress; it is [store.ErrConflict].
var ErrBusy = fmt.Errorf("another simulation is running: %w", store.ErrConflict)

var errCancelled = errors.New("the simulation was cancelled")

// refusal is an [Ask] that makes no sense.
type refusal struct{ error }

// Is makes it [brain.ErrInvalid].
func (r refusal) Is(target error) bool { return target == brain.ErrInvalid }
func (r refusal) Unwrap() error        { return r.error }

// Service runs simulations. It is safe for concurrent use.
type Service struct {
	store   *store.Store
	brain   *brain.Brain
	decider *decide.Decider
	log     *slog.Logger
	now     func() time.Time
	asked   chan job

	mu      sync.Mutex
	current *Run                    // in progress; nil when there is none
	cancel  context.CancelCauseFunc // of the run in progress; nil before it runs
}

// job is a run with what it tries.
type job struct {
	run    Run
	change decide.Options
}

// New makes a service. It starts nothing.
func New(b *brain.Brain, s *store.Store, d *decide.Decider, log *slog.Logger) *Service {
	return &Service{store: s, brain: b, decider: d, log: log.With("component", "simulate"), now: time.Now, asked: make(chan job, 1)}
}

// Clock has the service take the time from now.
func (s *Service) Clock(now func() time.Time) *Service {
	s.now = now
	return s
}

// Start has [Service.Work] do what is asked, and returns at once. What cannot
// be asked is [brain.ErrInvalid]; while another one runs it is [ErrBusy].
func (s *Service) Start(ctx context.Context, a Ask, by string) (Run, error) {
	j, err := s.begin(ctx, a, by)
	if err == nil {
		s.asked <- j // there is room: only one begins at a time
	}
	return j.run, err
}

// Run does what is asked and blocks until it is done or ctx ends. Progress, when
// not nil, is told how far it is.
func (s *Service) Run(ctx context.Context, a Ask, progress func(Run)) (Run, error) {
	j, err := s.begin(ctx, a, "")
	if err != nil {
		return j.run, err
	}
	return s.execute(ctx, j, progress)
}

// Work notes runs that an earlier process left as interrupted, and does what
// [Service.Start] is asked until ctx ends.
func (s *Service) Work(ctx context.Context) {
	s.mu.Lock()
	err := s.settle(ctx)
	s.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		s.log.Error("settle simulations", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-s.asked:
			if _, err := s.execute(ctx, j, nil); err != nil && ctx.Err() == nil && !errors.Is(err, errCancelled) {
				s.log.Error("simulation", "run", j.run.ID, "error", err)
			}
		}
	}
}

// settle marks what says that it is running though nobody runs it. The lock
// is held: a run in progress is the only one that says so.
func (s *Service) settle(ctx context.Context) error {
	if s.current != nil {
		return nil
	}
	all, err := s.List(ctx)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.State != Running {
			continue
		}
		r.State = Interrupted
		if err := s.save(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Get gives a run, as far as it is, or [store.ErrNotFound].
func (s *Service) Get(ctx context.Context, id string) (r Run, err error) {
	s.mu.Lock()
	current := s.current
	s.mu.Unlock()
	if current != nil && current.ID == id {
		return *current, nil
	}
	raw, err := s.store.Simulation(ctx, id)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(raw, &r)
}

// List gives the runs that are kept, the latest first, without their reports.
func (s *Service) List(ctx context.Context) ([]Run, error) {
	raws, err := s.store.Simulations(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Run, len(raws))
	for i, raw := range raws {
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("simulations: %w", err)
		}
		out[i].Report = nil
	}
	return out, nil
}

// Cancel ends a run if it is in progress, and gives it.
func (s *Service) Cancel(ctx context.Context, id string) (Run, error) {
	s.mu.Lock()
	if s.current != nil && s.current.ID == id && s.cancel != nil {
		s.cancel(errCancelled)
	}
	s.mu.Unlock()
	return s.Get(ctx, id)
}

// begin checks what is asked and takes the service for it.
func (s *Service) begin(ctx context.Context, a Ask, by string) (j job, err error) {
	live := s.decider.Options()
	j.run = Run{
		ID: event.NewID(), State: Running, Ask: a, By: by, Catalogue: live.Catalogue.Version(),
		StartedAt: s.now().UTC().Truncate(time.Millisecond),
	}
	if j.change, j.run.Changed, err = live.With("change", []byte(a.Change)); err != nil {
		return j, refusal{err}
	}
	j.run.Since, j.run.Until, err = reanalyze.Check(event.ReanalysisRequest{Since: a.Since, Until: a.Until}, s.now())
	if err != nil {
		return j, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		return j, ErrBusy
	}
	if err := s.settle(ctx); err != nil {
		return j, err
	}
	if err := s.save(ctx, j.run); err != nil {
		return j, err
	}
	s.current = &j.run
	return j, nil
}

func (s *Service) save(ctx context.Context, r Run) error {
	doc, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("simulation %s: %w", r.ID, err)
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		return tx.SaveSimulation(store.Simulation{ID: r.ID, State: string(r.State), StartedAt: r.StartedAt, Doc: doc})
	})
}

// execute runs until the end and says how it ended, in the store too.
func (s *Service) execute(ctx context.Context, j job, progress func(Run)) (Run, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
	run := j.run
	report, err := s.replay(ctx, j.change, &run, progress)
	switch {
	case err == nil:
		run.State, run.Report, run.Done = Done, &report, run.Total
	case errors.Is(err, errCancelled):
		run.State = Cancelled
	case ctx.Err() != nil:
		run.State = Interrupted
	default:
		run.State, run.Error = Failed, err.Error()
	}
	ended := s.now().UTC().Truncate(time.Millisecond)
	run.EndedAt = &ended
	saved := s.save(context.WithoutCancel(ctx), run)
	s.mu.Lock()
	s.current, s.cancel = nil, nil
	s.mu.Unlock()
	return run, errors.Join(err, saved)
}

// replay decides the people's decisions again.
func (s *Service) replay(ctx context.Context, change decide.Options, run *Run, progress func(Run)) (replay.Report, error) {
	people, err := s.store.Decided(ctx, run.Since, run.Until)
	if err != nil {
		return replay.Report{}, err
	}
	people = sample(people, run.Ask.People)
	run.Total = len(people)
	tell := func(done int) {
		run.Done = max(run.Done, done)
		now := *run
		s.mu.Lock()
		s.current = &now
		s.mu.Unlock()
		if progress != nil {
			progress(now)
		}
	}
	tell(0)
	return replay.Run(ctx, replay.Options{
		Brain: s.brain, Live: s.decider.Options(), Change: change, Subjects: people,
		Since: run.Since, Until: run.Until, Cohort: run.Ask.Cohort, Progress: tell,
	})
}

// sample draws at most so many people, whatever their order; 0 is all.
func sample(people []string, most int) []string {
	if most <= 0 || len(people) <= most {
		return people
	}
	drawn := make(map[string]uint64, len(people))
	for _, id := range people {
		sum := sha256.Sum256([]byte(id)) // ids that are alike must not be drawn alike
		drawn[id] = binary.BigEndian.Uint64(sum[:])
	}
	out := slices.Clone(people)
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(drawn[a], drawn[b]), strings.Compare(a, b)) })
	return out[:most]
}
