package intake

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/media"
	"heed/internal/recording"
	"heed/internal/store"
	"heed/transcribe"
)

const (
	// fetchedAtOnce bounds the transfers.
	fetchedAtOnce = 2
	// lookEvery is how often a lane looks without being told: what is due by
	// then, and whether calls live.
	lookEvery = time.Second
	// fetchTries bounds how often a platform is asked for one recording: about
	// two days with the back-off.
	fetchTries = 20
	// firstWait and longestWait bound the back-off.
	firstWait   = 15 * time.Second
	longestWait = 3 * time.Hour
)

// lane does one kind of work, some at once.
type lane struct {
	work   func(context.Context, store.Incoming) error
	room   func() int
	states []store.IncomingState // of what it works on, those first that come first
	wake   chan struct{}
}

func newLane(work func(context.Context, store.Incoming) error, room func() int, states ...store.IncomingState) lane {
	return lane{work, room, states, make(chan struct{}, 1)}
}

// look has the lane look for work.
func (l *lane) look() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// room is how many recordings may be heard now. Those that have begun go on.
func (s *Service) room() int {
	switch {
	case !s.o.Ready():
		return 0
	case s.o.Live() > 0:
		return 1
	}
	return s.o.Together
}

// Work fetches and hears until ctx ends. What it was doing then is begun again
// by the next one.
func (s *Service) Work(ctx context.Context) {
	if err := s.sweep(ctx); err != nil {
		s.log.Error("destroy what belongs to no recording", "error", err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { s.run(ctx, &s.hear) })
	if s.o.Fetch != nil {
		wg.Go(func() { s.run(ctx, &s.fetch) })
	}
	wg.Wait()
}

// sweep destroys the bytes that no recording waits for: an upload was cut off,
// or the process died before they were destroyed.
func (s *Service) sweep(ctx context.Context) error {
	ids, err := recording.Parcels(s.o.Dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range ids {
		if _, mine := s.coming.Load(id); mine {
			continue
		}
		i, err := s.o.Store.Incoming(ctx, id)
		if err == nil && (i.State == store.IncomingFetched || i.State == store.IncomingHearing) {
			continue
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		errs = append(errs, recording.DestroyParcel(s.o.Dir, id))
	}
	return errors.Join(errs...)
}

// run is a lane's life.
func (s *Service) run(ctx context.Context, l *lane) {
	var wg sync.WaitGroup
	defer wg.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	done := make(chan string)
	var busy []string
	for {
		for len(busy) < l.room() && ctx.Err() == nil {
			i, found := s.next(ctx, l, busy)
			if !found {
				break
			}
			busy = append(busy, i.ID)
			wg.Go(func() {
				s.attempt(ctx, l, i)
				select {
				case done <- i.ID:
				case <-ctx.Done():
				}
			})
		}
		select {
		case id := <-done:
			busy = slices.DeleteFunc(busy, func(b string) bool { return b == id })
		case <-l.wake:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// next gives what is due and not being worked on.
func (s *Service) next(ctx context.Context, l *lane, busy []string) (store.Incoming, bool) {
	for _, state := range l.states {
		due, err := s.o.Store.IncomingDue(ctx, state, s.o.Now(), len(busy)+1)
		if err != nil {
			if ctx.Err() == nil {
				s.log.Error("look for recordings", "error", err)
			}
			return store.Incoming{}, false
		}
		for _, i := range due {
			if !slices.Contains(busy, i.ID) {
				return i, true
			}
		}
	}
	return store.Incoming{}, false
}

// attempt does one piece of work, and says in the queue when it comes next
// where it failed.
func (s *Service) attempt(ctx context.Context, l *lane, i store.Incoming) {
	err := l.work(ctx, i)
	if err == nil || ctx.Err() != nil {
		return
	}
	// What the work itself stored is newer than what it was given.
	if now, getErr := s.o.Store.Incoming(ctx, i.ID); getErr == nil {
		i = now
	}
	i.Tries++
	wait, hope := s.verdict(err, i)
	log := s.log.With("recording", i.ID, "platform", i.Platform, "tries", i.Tries)
	if !hope {
		log.Warn("recording failed", "error", err)
		err = s.finish(ctx, i, store.IncomingFailed, reason(err))
	} else {
		log.Info("recording is tried again", "wait", wait, "error", err)
		i.Due, i.Note = s.o.Now().Add(wait), reason(err)
		err = s.save(ctx, i)
	}
	if err != nil && ctx.Err() == nil { // it stays due, and is looked at again
		log.Error("note what became of a recording", "error", err)
		sleep(ctx, firstWait)
	}
}

// verdict says after how long to try again, or that it is in vain.
func (s *Service) verdict(err error, i store.Incoming) (wait time.Duration, hope bool) {
	wait = min(firstWait<<min(i.Tries-1, 20), longestWait)
	if errors.Is(err, media.ErrUnreadable) || errors.Is(err, ErrRefused) || errors.Is(err, ErrTooLarge) || errors.Is(err, recording.ErrFormat) {
		return 0, false
	}
	if i.State != store.IncomingWanted {
		return wait, true // nothing is wrong with it: an engine or the disk is
	}
	if l := later(nil); errors.As(err, &l) {
		after, hope := l.Later()
		return max(wait, after), hope && i.Tries < fetchTries
	}
	return wait, i.Tries < fetchTries
}

// reason is an error as it may be stored and shown.
func reason(err error) string {
	const most = 300
	text := err.Error()
	return text[:min(len(text), most)]
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func (s *Service) save(ctx context.Context, i store.Incoming) error {
	return s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.PutIncoming(i) })
}

// finish notes the end of a recording, and destroys its bytes.
func (s *Service) finish(ctx context.Context, i store.Incoming, state store.IncomingState, note string) error {
	i.State, i.Note, i.Ended, i.About = state, note, s.o.Now(), store.Particulars{}
	if err := s.save(ctx, i); err != nil {
		return err
	}
	return recording.DestroyParcel(s.o.Dir, i.ID)
}

// fetchOne brings the bytes of a recording.
func (s *Service) fetchOne(ctx context.Context, i store.Incoming) error {
	if c, known, err := s.heardLive(ctx, i); err != nil || known {
		return s.passOver(ctx, i, c, err)
	}
	s.coming.Store(i.ID, true)
	defer s.coming.Delete(i.ID)
	var err error
	i.Hash, i.Bytes, err = s.pack(i.ID, func(w io.Writer) error {
		known := &sniffed{to: w, check: s.readable}
		if err := s.o.Fetch.Fetch(ctx, i.Platform, i.About.URL, known); err != nil {
			return err
		}
		return known.end()
	})
	if err != nil {
		return err
	}
	if old, err := s.known(ctx, store.Incoming{Hash: i.Hash}); err != nil || old.ID != "" && old.ID != i.ID {
		i.Hash, i.Call = "", old.Call
		return errors.Join(err, s.finish(ctx, i, store.IncomingDone, "the same as recording "+old.ID))
	}
	i.State, i.Due, i.Tries, i.Note, i.About.URL = store.IncomingFetched, s.o.Now(), 0, "", ""
	if err := s.save(ctx, i); err != nil {
		return err
	}
	s.hear.look()
	return nil
}

// heardLive gives the call of a recording, where the platform's call is known
// and not the recording's own.
func (s *Service) heardLive(ctx context.Context, i store.Incoming) (event.Call, bool, error) {
	if i.About.Call == "" {
		return event.Call{}, false, nil
	}
	c, err := s.o.Store.CallByPlatform(ctx, i.Platform, i.About.Call)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c, false, nil
	case errors.Is(err, store.ErrErased):
		return c, true, nil
	}
	return c, err == nil && c.ID != i.ID, err
}

// passOver ends a recording whose call was heard without it.
func (s *Service) passOver(ctx context.Context, i store.Incoming, c event.Call, err error) error {
	if err != nil {
		return err
	}
	i.Call = c.ID
	return s.finish(ctx, i, store.IncomingDone, "the call was heard already")
}

// hearOne makes a call of a recording.
func (s *Service) hearOne(ctx context.Context, i store.Incoming) error {
	if c, known, err := s.heardLive(ctx, i); err != nil || known {
		return s.passOver(ctx, i, c, err)
	}
	if i.State != store.IncomingHearing {
		i.State = store.IncomingHearing
		if err := s.save(ctx, i); err != nil {
			return err
		}
	}
	var info media.Info
	c, known, err := s.o.Past(ctx, callOf(i), func(write Write) (err error) {
		info, err = s.read(ctx, i, write)
		return err
	})
	if known {
		return s.passOver(ctx, i, c, err)
	}
	if err != nil {
		return err
	}
	i.Call, i.Long = c.ID, c.Duration
	return s.finish(ctx, i, store.IncomingDone, noteOn(info))
}

// noteOn is what is to be known of a recording that became a call.
func noteOn(info media.Info) string {
	switch {
	case info.Truncated:
		return "the recording is cut off; what is there was heard"
	case info.Channels == 1:
		return "one channel: both parties are heard as one speaker"
	}
	return ""
}

// callOf is the call that a recording becomes.
func callOf(i store.Incoming) event.Call {
	c := event.Call{
		ID: i.ID, Platform: i.Platform, PlatformCall: i.About.Call, StartedAt: i.About.Started,
		Direction: i.About.Direction, From: i.About.From, To: i.About.To, Agent: i.About.Agent, Language: i.About.Language,
	}
	if c.PlatformCall == "" {
		c.PlatformCall = i.Hash
	}
	return c
}

// read gives the parties' audio of a recording.
func (s *Service) read(ctx context.Context, i store.Incoming, write Write) (media.Info, error) {
	r, err := recording.OpenParcel(s.files(), i.ID)
	if err != nil {
		return media.Info{}, err
	}
	defer func() { _ = r.Close() }() // read only
	return media.Read(ctx, r, s.o.Media, func(channel, of int, f transcribe.Frame) error {
		if i.About.Channels == 1 { // two that carry the same
			if of = 1; channel > 0 {
				return nil
			}
		}
		return write(speaker(i.About.First, channel, of), f)
	})
}

// speaker is who is on a channel: of two the agent on the first, of one the
// customer, unless it is told otherwise.
func speaker(first insights.Speaker, channel, of int) insights.Speaker {
	if first == "" && of == 2 {
		first = insights.Agent
	}
	if (first == insights.Agent) == (channel == 0) {
		return insights.Agent
	}
	return insights.Customer
}
