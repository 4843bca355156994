package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/sync/errgroup"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
)

// recoverAtOnce bounds the calls being recovered, beside the live ones.
const recoverAtOnce = 2

// tendEvery is how long a call that was left open waits for its recovery.
const tendEvery = time.Minute

// afterCrash is the end reason of a recovered call.
const afterCrash = "crash"

// Recover closes the calls that an earlier process left open: what was not
// committed of them is heard from their spools, and they end as recovered.
// Spools of no open call are destroyed. It blocks until all is done or ctx
// ends; whatever is not done then is done by the next Recover. Calls of this
// process are left alone, so it may run beside them.
func (m *Manager) Recover(ctx context.Context) error {
	defer m.holdIDs()()
	calls, said, err := m.o.Brain.OpenCalls(ctx)
	if err != nil {
		return fmt.Errorf("list open calls: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(recoverAtOnce)
	errs := make([]error, len(calls))
	open := map[string]bool{}
	for i, record := range calls {
		open[record.ID] = true
		if m.owns(record.ID) || record.Past() { // those are whose they came from: see Past
			continue
		}
		group.Go(func() error {
			if err := m.recover(ctx, record, said[record.ID]); err != nil {
				errs[i] = fmt.Errorf("recover call %s: %w", record.ID, err)
			}
			return nil // one call's failure does not stop the others
		})
	}
	_ = group.Wait() // the errors are in errs
	return errors.Join(errors.Join(errs...), m.sweep(open))
}

// Tend runs Recover, and again a minute after it failed or a call of this
// process was left open, until ctx ends. What fails is logged when it changes.
func (m *Manager) Tend(ctx context.Context) {
	log := m.o.Logger.With("component", "session")
	timer := time.NewTimer(0)
	defer timer.Stop()
	complaint := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.leftOpen:
			timer.Reset(tendEvery)
			continue
		case <-timer.C:
		}
		err := m.Recover(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			complaint = ""
			continue
		}
		if err.Error() != complaint {
			complaint = err.Error()
			log.Error("calls left open; trying again every minute", "error", err)
		}
		timer.Reset(tendEvery)
	}
}

func (m *Manager) owns(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ids[id]
}

// sweep destroys the spools that belong to no open call.
func (m *Manager) sweep(open map[string]bool) error {
	spooled, err := recording.Spooled(m.o.Dir)
	if err != nil {
		return err
	}
	var errs error
	for _, id := range spooled {
		if !open[id] && !m.owns(id) {
			errs = errors.Join(errs, recording.Destroy(m.o.Dir, id))
		}
	}
	return errs
}

// recover closes one call.
func (m *Manager) recover(ctx context.Context, record event.Call, said []insights.Utterance) error {
	log := m.o.Logger.With("component", "session", "call", record.ID)
	if s := record.Recording.State; s == string(recording.Refused) || s == stateAsking {
		return bareCall(m, record, nil, log).endRefused(ctx, m.o.Dir, ending{event.CallRecovered, afterCrash})
	}
	_, err := m.takeUp(ctx, record, said, ending{event.CallRecovered, afterCrash})
	return err
}

// ending is how a call is closed of which only the spool is left.
type ending struct {
	status event.CallStatus
	why    string
}

// takeUp hears what was not committed of a call from its spool, and closes it.
// It gives the call's record as it is then.
func (m *Manager) takeUp(ctx context.Context, record event.Call, said []insights.Utterance, as ending) (event.Call, error) {
	log := m.o.Logger.With("component", "session", "call", record.ID)
	o := recording.Options{Dir: m.o.Dir, Key: m.o.Key, FS: m.o.Disk, Now: m.o.Now}
	rec, err := recording.Reopen(o, record.ID)
	gone := errors.Is(err, fs.ErrNotExist) || errors.Is(err, recording.ErrFormat)
	if err != nil && !gone {
		return record, err // another key or a sick disk: what is in the spool may still be had
	}
	c := bareCall(m, record, rec, log)
	c.notes.restore(record.Health.Notes)
	for _, u := range said {
		c.script.add(line{Utterance: u})
	}
	if gone {
		log.Warn("no spool to recover from", "error", err)
		err := c.endWithout(ctx, o, as)
		return c.record, err
	}
	for p := range parties {
		who := p.speaker()
		rec.Lose(who, record.Recording.Lost.Duration()) // the spool cannot tell
		c.record.Duration = max(c.record.Duration, insights.SecondsOf(rec.End(who)))
		c.desk.owe(who, everything(c.script.ends[p].Duration()))
	}
	err = c.makeGood(ctx)
	if err == nil {
		err = c.close(ctx, as.status, as.why, c.estimatedEnd())
	}
	if err != nil {
		err = errors.Join(err, rec.Close())
	}
	return c.record, err
}

// endWithout closes a call whose spool is gone or does not open.
func (c *call) endWithout(ctx context.Context, o recording.Options, as ending) error {
	for p := range parties {
		c.record.Duration = max(c.record.Duration, c.script.ends[p])
	}
	st, err := recording.Salvage(o, c.record.ID)
	if err != nil {
		c.log.Error("salvage recording", "error", err)
	}
	lost := c.record.Recording.Lost
	c.setRecording(st)
	if lost > 0 && st.State == recording.Kept {
		c.record.Recording.State, c.record.Recording.Lost = string(recording.Partial), lost
	}
	c.notes.set("audio not yet in the recording is lost", " after "+clock(c.record.Duration.Duration()))
	if err := c.end(ctx, as.status, as.why, c.estimatedEnd()); err != nil {
		return err
	}
	return recording.Destroy(o.Dir, c.record.ID)
}

// estimatedEnd is when the call's audio ended, by the call's own clock.
func (c *call) estimatedEnd() time.Time {
	return c.record.StartedAt.Add(c.record.Duration.Duration())
}
