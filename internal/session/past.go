package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

// ErrKnown says that a call is known already: it was heard while it lived, or
// is another recording's.
var ErrKnown = errors.New("the call is known already")

// fromRecording is the end reason of a call that was heard from a recording.
const fromRecording = "recording"

// Write takes a frame of a recording. Frames of a party come in order.
type Write func(who insights.Speaker, f transcribe.Frame) error

// Past makes a call of a recording of one that is over: what fill writes is
// spooled, sealed, before anything is stored of the call, and then heard and
// understood as what a live call owes when it has ended. The call's Status,
// Duration, EndedAt and Recording are set here; its ID is the caller's, and
// tells whether an earlier attempt began with it: then it goes on from what is
// committed, and fill is not asked.
//
// It gives the call as it was stored. A platform's call with another id is
// ErrKnown, with that call; what fill says comes back, and nothing is stored then. Any other error leaves the call open: ask again with the same id. Calls
// of the past are no live ones: they count for no limit.
func (m *Manager) Past(ctx context.Context, c event.Call, fill func(Write) error) (event.Call, error) {
	m.own(c.ID, true) // nobody may sweep its spool meanwhile
	defer m.own(c.ID, false)
	calls, said, err := m.o.Brain.OpenCalls(ctx)
	if err != nil {
		return c, fmt.Errorf("call %s of the past: %w", c.ID, err)
	}
	if i := slices.IndexFunc(calls, func(open event.Call) bool { return open.ID == c.ID }); i >= 0 {
		return m.hearPast(ctx, calls[i], said[c.ID])
	}
	c.Status, c.Captions = event.CallHearing, event.CaptionsPaused
	c.StartedAt = c.StartedAt.UTC().Truncate(time.Millisecond)
	c.Recording = event.Recording{State: string(recording.Recording)}
	if c.Duration, err = m.spool(ctx, c.ID, fill); err != nil {
		return c, errors.Join(err, recording.Destroy(m.o.Dir, c.ID))
	}
	stored, err := m.o.Brain.CallStarted(ctx, c)
	switch {
	case err != nil:
		return c, fmt.Errorf("call %s of the past: %w", c.ID, err)
	case stored.ID != c.ID:
		return stored, errors.Join(ErrKnown, recording.Destroy(m.o.Dir, c.ID))
	case !stored.Past(): // it had come to its end, and only that was not noted
		return stored, recording.Destroy(m.o.Dir, c.ID)
	}
	return m.hearPast(ctx, stored, nil)
}

// spool seals all of a recording and gives its length. When it returns nil
// the spool survives whatever happens.
func (m *Manager) spool(ctx context.Context, id string, fill func(Write) error) (length insights.Seconds, err error) {
	rec, err := recording.Create(recording.Options{Dir: m.o.Dir, Key: m.o.Key, FS: m.o.Disk, Now: m.o.Now}, id)
	if err != nil {
		return 0, err
	}
	write := func(who insights.Speaker, f transcribe.Frame) error {
		return errors.Join(ctx.Err(), rec.Write(who, f))
	}
	if err := errors.Join(fill(write), ctx.Err()); err != nil {
		return 0, errors.Join(err, rec.Close())
	}
	err = rec.Sync()
	for p := range parties {
		length = max(length, insights.SecondsOf(rec.End(p.speaker())))
	}
	return length, errors.Join(err, rec.Close())
}

// hearPast hears a call from its spool and closes it. Who had said that nothing
// may be recorded of them is not heard either.
func (m *Manager) hearPast(ctx context.Context, record event.Call, said []insights.Utterance) (event.Call, error) {
	log := m.o.Logger.With("component", "session", "call", record.ID)
	if a := m.o.Assent(record); a.Answer == "no" {
		record.Recording.State, record.Recording.Answer = string(recording.Refused), a.Answer
	}
	if record.Recording.State == string(recording.Refused) {
		refused := bareCall(m, record, nil, log)
		err := refused.endRefused(ctx, m.o.Dir, ending{event.CallOver, fromRecording})
		return refused.record, err
	}
	c, err := m.takeUp(ctx, record, said, ending{event.CallOver, fromRecording})
	if err != nil {
		err = fmt.Errorf("call %s of the past: %w", record.ID, err)
	}
	return c, err
}
