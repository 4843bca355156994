package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/insights/talk"
	"heed/internal/config"
	"heed/internal/reanalyze"
	"heed/internal/store"
	"heed/internal/summaries"
)

// newHistory makes what reads history again with an analyzer; live counts the
// live calls, which come first.
func (a *App) newHistory(analyzer insights.Analyzer, live func() int) (*reanalyze.Service, error) {
	quotes, err := summaries.NewQuoter(analyzer)
	if err != nil {
		return nil, err
	}
	return reanalyze.New(reanalyze.Options{
		Store: a.parts.store, Brain: a.parts.brain, Analyzer: analyzer,
		Whole: reanalyze.Whole{Measure: talk.Measure, Version: talk.Version, Quotes: quotes},
		Live:  live, Country: a.countryOf, Logger: a.log, Now: a.o.Now,
	}), nil
}

// Models are the versions of what would read calls under a configuration: the
// analyzers, what measures, what sums up.
func Models(cfg config.Config) ([]string, error) {
	analyzer, err := NewAnalyzer(cfg, nil)
	if err != nil {
		return nil, err
	}
	a := &App{o: Options{Config: cfg}, log: slog.New(slog.DiscardHandler)}
	history, err := a.newHistory(analyzer, nil)
	if err != nil {
		return nil, err
	}
	return history.Models(), nil
}

// History is what was said and understood in a data folder that no server
// uses. It belongs to whoever opened it.
type History struct {
	*reanalyze.Service

	app *App
}

// OpenHistory opens a data folder to read it again, with the analyzers that a
// server would run. It is [store.ErrLocked] while a server uses the folder.
// Search and whatever else is derived follows at the next start of a server.
func OpenHistory(ctx context.Context, cfg config.Config, log *slog.Logger) (_ *History, err error) {
	a, err := apart(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Stop(ctx))
		}
	}()
	analyzer, err := NewAnalyzer(cfg, nil)
	if err != nil {
		return nil, err
	}
	history, err := a.newHistory(analyzer, nil)
	if err != nil {
		return nil, err
	}
	return &History{history, a}, nil
}

// Said gives the words of an utterance as they were heard, redacted.
func (h *History) Said(ctx context.Context, callID, utteranceID string) (string, error) {
	said, err := h.app.parts.store.Utterances(ctx, callID)
	if err != nil {
		return "", err
	}
	for i := range said {
		if said[i].ID == utteranceID {
			return said[i].Text, nil
		}
	}
	return "", fmt.Errorf("utterance %s of call %s: %w", utteranceID, callID, store.ErrNotFound)
}

// Close closes the data folder.
func (h *History) Close() error { return h.app.Stop(context.Background()) }

// apart makes the parts that decide over a data folder that no server uses,
// and then those of more. It is [store.ErrLocked] while one does; the caller
// stops what it gives.
func apart(ctx context.Context, cfg config.Config, log *slog.Logger, more ...func(*App, context.Context) error) (*App, error) {
	a := &App{o: Options{Config: cfg, Logger: log, Now: time.Now}, log: log, registry: prometheus.NewRegistry()}
	s, err := store.Open(ctx, store.Options{Path: cfg.Data, Logger: log, Master: MasterKey(cfg)})
	if err != nil {
		return nil, err
	}
	a.parts.store = s
	a.ends.add("store", func(context.Context) error { return s.Close() })
	for _, step := range append([]func(*App, context.Context) error{(*App).makeLaw, (*App).makeBrain}, more...) {
		if err := step(a, ctx); err != nil {
			return nil, errors.Join(err, a.Stop(ctx))
		}
	}
	return a, nil
}
