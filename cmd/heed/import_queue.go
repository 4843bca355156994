package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/bulk"
	"heed/internal/client"
	"heed/internal/config"
	"heed/internal/intake"
	"heed/internal/store"
)

// pollEvery is how often it is asked what became of a recording.
const pollEvery = 200 * time.Millisecond

// queue is where recordings are imported to.
type queue struct {
	bulk.Queue

	jobs  int // that keep it busy
	close func() error
}

func (q *queue) Close() error { return q.close() }

// openQueue takes the server that is named or uses the data folder, or else the
// folder itself.
func openQueue(c *cobra.Command, at *target, jobs int) (*queue, error) {
	cfg, set, err := at.load()
	if err != nil {
		return nil, err
	}
	if at.to == "" {
		q, err := openHere(c, *cfg, jobs, quietly(cfg.Log, set))
		if !errors.Is(err, store.ErrLocked) {
			return q, err
		}
	}
	cl, err := at.client()
	if err != nil {
		return nil, err
	}
	return &queue{there{cl}, max(4, runtime.NumCPU()), func() error { return nil }}, nil
}

// openHere hears in this process.
func openHere(c *cobra.Command, cfg config.Config, jobs int, quiet config.Log) (*queue, error) {
	log := newLogger(c.ErrOrStderr(), quiet)
	if _, err := os.Stat(filepath.Join(cfg.Data, store.File)); err == nil { // one that a server uses is not for an engine of ours
		s, err := store.Open(c.Context(), store.Options{Path: cfg.Data, Master: app.MasterKey(cfg)})
		if err == nil {
			err = s.Close()
		}
		if err != nil {
			return nil, err
		}
	}
	fetchModel(c.Context(), cfg, log, newTerminal(c.OutOrStdout(), c.ErrOrStderr()))
	engine, err := openEngine(context.WithoutCancel(c.Context()), cfg, log, cfg.Speech.Engine...)
	if err != nil {
		return nil, err
	}
	cfg.Recordings.Together = cmp.Or(jobs, cfg.Recordings.Together, runtime.NumCPU())
	i, err := app.OpenImport(c.Context(), cfg, log, engine)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return &queue{here{i.Service}, cfg.Recordings.Together + 1, func() error { return errors.Join(i.Close(), engine.Close()) }}, nil
}

// here is the queue of a data folder.
type here struct{ *intake.Service }

func status(i store.Incoming) bulk.Status {
	return bulk.Status{ID: i.ID, State: string(i.State), Call: i.Call, Note: i.Note, Length: i.Long.Duration()}
}

func (q here) Known(ctx context.Context, hash string) (bulk.Status, error) {
	i, err := q.ByHash(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return bulk.Status{}, nil
	}
	return status(i), err
}

func (q here) Bring(ctx context.Context, s intake.Submission, body io.Reader) (bulk.Status, error) {
	i, _, err := q.Add(ctx, s, body)
	if errors.Is(err, intake.ErrRefused) || errors.Is(err, intake.ErrTooLarge) {
		err = fmt.Errorf("%w: %w", bulk.ErrFile, err)
	}
	return status(i), err
}

func (q here) Look(ctx context.Context, id string) (bulk.Status, error) {
	i, err := q.Get(ctx, id)
	return status(i), err
}

// there is the queue of a running server.
type there struct{ *client.Client }

func told(r client.Recording) bulk.Status {
	return bulk.Status{ID: r.ID, State: r.State, Call: r.CallID, Note: r.Note, Length: time.Duration(r.Length * float64(time.Second))}
}

func (q there) Known(ctx context.Context, hash string) (bulk.Status, error) {
	r, err := q.RecordingByHash(ctx, hash)
	return told(r), err
}

func (q there) Bring(ctx context.Context, s intake.Submission, body io.Reader) (bulk.Status, error) {
	fields := map[string]string{
		"platform": s.Platform, "recording_id": s.Source, "platform_call_id": s.About.Call, "direction": s.About.Direction,
		"from": s.About.From, "to": s.About.To, "agent": s.About.Agent, "language": s.About.Language, "first": string(s.About.First),
		"bulk": strconv.FormatBool(s.Bulk),
	}
	if !s.About.Started.IsZero() {
		fields["started_at"] = s.About.Started.Format(time.RFC3339)
	}
	if s.About.Channels != 0 {
		fields["channels"] = strconv.Itoa(s.About.Channels)
	}
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	r, err := q.AddRecording(ctx, fields, body)
	if p := (*client.Problem)(nil); errors.As(err, &p) && ofTheFile(p.Status) {
		err = fmt.Errorf("%w: %w", bulk.ErrFile, err)
	}
	return told(r), err
}

// ofTheFile says that a refusal is about what was brought, not about who brings
// it or the server.
func ofTheFile(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusRequestEntityTooLarge || status == http.StatusConflict
}

func (q there) Look(ctx context.Context, id string) (bulk.Status, error) {
	r, err := q.RecordingOf(ctx, id)
	return told(r), err
}
