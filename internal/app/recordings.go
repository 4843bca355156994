package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"heed/internal/archive"
	"heed/internal/config"
	"heed/internal/event"
	"heed/internal/fetch"
	"heed/internal/intake"
	"heed/internal/session"
	"heed/internal/web"
)

// makeIntake makes the queue of recordings that were made elsewhere.
func (a *App) makeIntake(context.Context) error {
	key, err := a.masterKey()
	if err != nil {
		return err
	}
	client, err := newFetcher(a.o.Config.Recordings)
	if err != nil {
		return err
	}
	a.ends.add("fetcher", func(context.Context) error { return client.Close() })
	c := a.o.Config.Recordings
	a.parts.intake = intake.New(intake.Options{
		Store: a.parts.store, Past: a.past, Dir: a.recordingDir(), Key: key,
		Fetch: client, Fetches: func(platform string) bool { return slices.Contains(c.Fetch, platform) },
		Limits: intake.Limits{
			Largest: int64(c.Largest) << 20, Together: c.Together,
			Live: a.parts.sessions.Live, Ready: func() bool { return a.o.Engine.For != nil },
		},
		Logger: a.log, Now: a.o.Now,
	})
	return nil
}

// newFetcher makes what fetches recordings as the settings say.
func newFetcher(c config.Recordings) (*fetch.Client, error) {
	lines, err := c.Lines()
	if err != nil {
		return nil, err
	}
	credentials, err := fetch.ParseCredentials(lines)
	if err != nil {
		return nil, fmt.Errorf("recordings-credentials: %w", err)
	}
	hosts := make(map[string][]string)
	for _, h := range c.Hosts {
		platform, host, _ := strings.Cut(h, "=")
		hosts[platform] = append(hosts[platform], strings.ToLower(host))
	}
	return fetch.New(fetch.Options{Hosts: hosts, Credentials: credentials}), nil
}

// past hears a recording as a call of the past.
func (a *App) past(ctx context.Context, c event.Call, fill func(intake.Write) error) (event.Call, bool, error) {
	stored, err := a.parts.sessions.Past(ctx, c, func(w session.Write) error { return fill(intake.Write(w)) })
	if errors.Is(err, session.ErrKnown) {
		return stored, true, nil
	}
	return stored, false, err
}

// recordingsStatus counts the queue.
func (a *App) recordingsStatus(ctx context.Context) web.RecordingsStatus {
	n, err := a.parts.intake.Counts(ctx)
	if err != nil {
		a.log.Error("status", "error", err)
	}
	return web.RecordingsStatus{Wanted: n.Wanted, Waiting: n.Fetched, Hearing: n.Hearing, Done: n.Done, Failed: n.Failed}
}

// Import is the queue of recordings of a data folder that no server uses. It
// belongs to whoever opened it.
type Import struct {
	*intake.Service

	app *App
}

// OpenImport opens a data folder to make calls of recordings, understood as by
// a server, and begins with those that wait. It is [store.ErrLocked] while a
// server uses the folder. Search, themes and summaries follow at the next start
// of a server. The engine stays the caller's.
func OpenImport(ctx context.Context, cfg config.Config, log *slog.Logger, e Engine) (*Import, error) {
	a, err := apart(ctx, cfg, log, func(a *App, ctx context.Context) error {
		a.o.Engine = e
		a.parts.consumers = event.NewMetrics(a.registry)
		return errors.Join(a.makeSessions(ctx), a.makeIntake(ctx))
	})
	if err != nil {
		return nil, err
	}
	work := a.work.begin(context.WithoutCancel(ctx))
	a.ends.add("background work", a.work.end)
	a.ends.add("calls", a.endCalls)
	a.follow(work, archive.New(a.parts.store, a.recordingDir()), archive.Types()...)
	a.work.do(func() { a.parts.intake.Work(work) })
	return &Import{a.parts.intake, a}, nil
}

// sealedWithin is how long the end of an import waits for the last recordings to
// be put under their customers' keys; the next start does what is left.
const sealedWithin = 10 * time.Second

// Close waits for what was made to be sealed, and closes the data folder.
func (i *Import) Close() error {
	limit := time.Now().Add(sealedWithin)
	for time.Now().Before(limit) {
		plain, err := filepath.Glob(filepath.Join(i.app.recordingDir(), "recordings", "*.wav"))
		if err != nil || len(plain) == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return i.app.Stop(context.Background())
}
