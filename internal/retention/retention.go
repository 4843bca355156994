// Package retention deletes what is kept of calls when it is too old: the
// recordings, and what was said. What is on legal hold stays, and so do figures
// of many calls, in which nobody is.
//
// For how long is set here and nowhere else, every change with who made it;
// nothing is deleted until somebody sets it. Each call is one step that may be
// repeated: what a crash cut off is done by the next sweep.
package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/internal/store"
)

// The classes of what is kept.
const (
	Recordings  = "recordings"
	Transcripts = "transcripts"
)

// Classes gives the classes that a period can be set for.
func Classes() []string { return []string{Recordings, Transcripts} }

// Least bounds a period, in days: less would delete what is still being worked
// with.
const Least = 7

// Most bounds a period, in days; what is to stay longer stays for ever.
const Most = 3650

const (
	// every is how often it is looked for what is too old.
	every = time.Hour
	batch = 50
)

// ErrPeriod refuses a period that is out of bounds, or a class that is none.
var ErrPeriod = fmt.Errorf("a period is 0, which is for ever, or %d to %d days of recordings or transcripts", Least, Most)

// audio is the recordings.
type audio interface {
	// Destroy destroys what was recorded of a call and says whether there was any.
	Destroy(callID string) (bool, error)
}

// index is where what was said can be searched.
type index interface {
	// Forget returns when no file holds the utterances and the calls.
	Forget(ctx context.Context, upTo int64, calls, utterances []string) error
}

// learned is what was learned from calls and may quote them.
type learned interface {
	Forget(ctx context.Context, calls []string) error
}

// Options is what a Service needs.
type Options struct {
	Store  *store.Store
	Audio  audio
	Stored func(callID string) bool // whether there is a recording
	Index  index
	Themes learned
	Logger *slog.Logger
	Now    func() time.Time // optional
}

// Service deletes what is too old. It is safe for concurrent use.
type Service struct {
	o   Options
	log *slog.Logger
	mu  sync.Mutex // one sweep at a time
}

// New makes a service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o, log: o.Logger.With("component", "retention")}
}

// Set sets for how many days a class is kept; 0 is for ever. It is [ErrPeriod]
// out of bounds.
func (s *Service) Set(ctx context.Context, class string, days int, by string) error {
	if !slices.Contains(Classes(), class) || days != 0 && (days < Least || days > Most) {
		return ErrPeriod
	}
	return s.o.Store.SetRetention(ctx, store.RetentionRule{Class: class, Days: days, By: by, At: s.o.Now()})
}

// Period is for how many days a class is kept now; 0 is for ever.
func (s *Service) period(ctx context.Context, class string) (int, error) {
	rules, err := s.o.Store.RetentionRules(ctx)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(rules, func(r store.RetentionRule) bool { return r.Class == class })
	if i < 0 {
		return 0, nil
	}
	return rules[i].Days, nil
}

func (s *Service) before(days int) time.Time { return s.o.Now().AddDate(0, 0, -days) }

// mostLooked bounds the calls whose recording is looked for in a preview.
const mostLooked = 20_000

// Preview says of how many calls a period would delete what is of a class, and
// how many recordings there are among them. It changes nothing.
func (s *Service) Preview(ctx context.Context, class string, days int) (calls, recordings int, err error) {
	if !slices.Contains(Classes(), class) || days < Least || days > Most {
		return 0, 0, ErrPeriod
	}
	if calls, err = s.o.Store.CountOldCalls(ctx, class, s.before(days)); err != nil || class != Recordings {
		return calls, 0, err
	}
	ids, err := s.o.Store.OldCalls(ctx, class, s.before(days), mostLooked)
	for _, id := range ids {
		if s.o.Stored(id) {
			recordings++
		}
	}
	return calls, recordings, err
}

// Run sweeps every hour until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("what is too old is not all deleted; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep deletes what is too old now.
func (s *Service) Sweep(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.sweep(ctx, Recordings, s.dropRecordings), s.sweep(ctx, Transcripts, s.dropTranscripts))
}

func (s *Service) sweep(ctx context.Context, class string, drop func(ctx context.Context, calls []string, days int) error) error {
	days, err := s.period(ctx, class)
	if err != nil || days == 0 {
		return err
	}
	for n := 0; ; {
		calls, err := s.o.Store.OldCalls(ctx, class, s.before(days), batch)
		if err != nil {
			return err
		}
		if len(calls) == 0 {
			if n > 0 {
				s.log.Info("deleted for its age", "class", class, "calls", n, "days", days)
			}
			return nil
		}
		if err := drop(ctx, calls, days); err != nil {
			return fmt.Errorf("%s: %w", class, err)
		}
		n += len(calls)
	}
}

func (s *Service) dropRecordings(ctx context.Context, calls []string, days int) error {
	for _, id := range calls {
		was, err := s.o.Audio.Destroy(id)
		if err != nil {
			return err
		}
		c, err := s.o.Store.Call(ctx, id)
		gone := errors.Is(err, store.ErrErased) || errors.Is(err, store.ErrNotFound)
		if err != nil && !gone {
			return err
		}
		err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
			if was && !gone {
				if err := tx.AgeRecording(c, fmt.Sprintf("The recording was deleted after %d days, for that long recordings are kept.", days)); err != nil {
					return err
				}
			}
			return tx.NoteAged(Recordings, id, s.o.Now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropTranscripts takes what was said out of what is derived first: what a
// crash leaves then is found again by its rows.
func (s *Service) dropTranscripts(ctx context.Context, calls []string, _ int) error {
	said, err := s.o.Store.SaidOn(ctx, calls)
	if err != nil {
		return err
	}
	head, err := s.o.Store.LastSeq(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(s.o.Index.Forget(ctx, head, calls, said), s.o.Themes.Forget(ctx, calls)); err != nil {
		return err
	}
	for _, id := range calls {
		decisions, err := s.o.Store.Decisions(ctx, id)
		if err != nil {
			return err
		}
		err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AgeTranscript(id, decisions); err != nil {
				return err
			}
			return tx.NoteAged(Transcripts, id, s.o.Now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}
