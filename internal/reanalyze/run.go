package reanalyze

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// chunk is how many utterances share a commit: a few milliseconds of the
	// one writer, which live calls wait for too.
	chunk = 25
	// page is how many calls are asked for at once, and how many of which
	// nothing changed are read between two notes of how far it came.
	page = 50
)

// runner is one run in progress.
type runner struct {
	*Service

	reader   reader
	run      event.Reanalysis
	progress func(event.Reanalysis)
}

// execute runs until the end and says how it ended, in the store too.
func (s *Service) execute(ctx context.Context, run event.Reanalysis, progress func(event.Reanalysis)) (event.Reanalysis, error) {
	defer s.release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
	r := &runner{Service: s, run: run, progress: progress}
	r.reader = reader{store: s.o.Store, analyzer: s.o.Analyzer, whole: s.o.Whole, country: s.o.Country, kinds: run.Request.Kinds}
	for _, m := range insights.Versions(s.o.Analyzer) {
		r.reader.makers = append(r.reader.makers, insights.Maker(m))
	}
	err := r.calls(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	r.end(ctx, err)
	return r.run, err
}

// end notes how a run ended. One that the shutdown of the process interrupts
// stays running.
func (r *runner) end(ctx context.Context, err error) {
	ended := r.now()
	switch {
	case err == nil:
		r.run.State = event.ReanalysisDone
	case errors.Is(err, errCancelled):
		r.run.State = event.ReanalysisCancelled
	case ctx.Err() != nil:
		r.publish(r.run)
		return
	default:
		r.run.State, r.run.Error = event.ReanalysisFailed, err.Error()
	}
	r.run.UpdatedAt, r.run.EndedAt = ended, &ended
	if err := r.save(context.WithoutCancel(ctx), r.run); err != nil {
		r.log.Error("note the end of a reanalysis", "run", r.run.ID, "error", err)
	}
	r.publish(r.run)
}

func (r *runner) now() time.Time { return r.o.Now().UTC().Truncate(time.Millisecond) }

// calls reads all calls that are left.
func (r *runner) calls(ctx context.Context) error {
	if id := r.run.Request.Call; id != "" {
		c, err := r.o.Store.Call(ctx, id)
		if err != nil {
			return err
		}
		return r.call(ctx, c)
	}
	for {
		calls, err := r.o.Store.EndedCalls(ctx, r.run.Since, r.run.Until, r.run.At, page)
		if err != nil || len(calls) == 0 {
			return err
		}
		for _, c := range calls {
			if err := r.call(ctx, c); err != nil {
				return err
			}
		}
		if err := r.save(ctx, r.run); err != nil {
			return err
		}
	}
}

// call reads one call again, and rests.
func (r *runner) call(ctx context.Context, c event.Call) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	began := time.Now()
	now, all, err := r.reader.read(ctx, c)
	if err == nil {
		err = r.commit(ctx, c, parts(now), all)
	}
	if errors.Is(err, brain.ErrLive) {
		r.run.Counts.Skipped++
		r.pass(c, 0)
		err = nil
	}
	if err != nil {
		return fmt.Errorf("call %s: %w", c.ID, err)
	}
	r.publish(r.run)
	if r.progress != nil {
		r.progress(r.run)
	}
	return r.rest(ctx, time.Since(began))
}

// commit writes what changed, the last of it with the call's mark. With
// nothing to write the mark is noted with that of other calls. The run moves
// with what is committed, never ahead of it.
func (r *runner) commit(ctx context.Context, c event.Call, parts []brain.Again, all int) error {
	for i, part := range parts {
		before := r.run
		r.take(&part)
		if r.run.Request.DryRun {
			continue
		}
		if i == len(parts)-1 {
			r.pass(c, all)
		}
		err := r.o.Brain.Reread(ctx, c, r.run.ID, part, func(tx *store.Tx) error { return tx.SaveReanalysis(r.run) })
		if err != nil {
			r.run = before
			return err
		}
	}
	if len(parts) == 0 || r.run.Request.DryRun {
		r.pass(c, all)
	}
	return nil
}

// parts cuts what changed of a call into commits; what is said of the whole
// call is in the last one.
func parts(now brain.Again) []brain.Again {
	var out []brain.Again
	for part := range slices.Chunk(now.Utterances, chunk) {
		out = append(out, brain.Again{Utterances: part})
	}
	now.Utterances = nil
	if !now.Whole() {
		return out
	}
	if len(out) > 0 {
		now.Utterances = out[len(out)-1].Utterances
		out = out[:len(out)-1]
	}
	return append(out, now)
}

// take counts what changed in a copy: the run before may have been published.
func (r *runner) take(changed *brain.Again) {
	r.run.Changes, r.run.Example = slices.Clone(r.run.Changes), slices.Clone(r.run.Example)
	count(&r.run, changed)
	r.run.UpdatedAt = r.now()
}

// pass marks a call as done.
func (r *runner) pass(c event.Call, utterances int) {
	r.run.Counts.Calls++
	r.run.Counts.Utterances += utterances
	r.run.At = event.ReanalysisMark{Started: c.StartedAt, Call: c.ID}
}

// rest leaves the machine to live calls as long as it was used.
func (r *runner) rest(ctx context.Context, worked time.Duration) error {
	if r.o.Live() == 0 {
		return nil
	}
	t := time.NewTimer(worked)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
