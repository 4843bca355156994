package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/bins"
	"heed/internal/decide"
	"heed/internal/learning"
	"heed/internal/levers"
)

// learnerFile is where the learner keeps its checkpoint, in the data folder.
// It is no part of a backup: the log teaches the same again.
const learnerFile = "learner/checkpoint"

// makeLearner joins what teaches the model, what keeps its bins, and what
// counts what levers do.
func (a *App) makeLearner(ctx context.Context, model decide.Propensity) error {
	zone, err := time.LoadLocation(a.o.Config.Calls.TimeZone)
	if err != nil {
		return fmt.Errorf("calls-time-zone: %w", err)
	}
	a.parts.levers = levers.New(levers.Options{
		Store: a.parts.store, Decider: a.parts.decider, Zone: zone, Now: a.o.Now, Logger: a.log.With("component", "levers"),
	})
	a.parts.bins, err = bins.New(ctx, bins.Options{
		Store: a.parts.store, Decider: a.parts.decider, Zone: zone, Now: a.o.Now, Logger: a.log.With("component", "bins"),
	})
	if err != nil {
		return err
	}
	a.parts.learner, err = learning.New(learning.Options{
		Store: a.parts.store, Model: model, File: filepath.Join(a.o.Config.Data, learnerFile), Trust: a.o.Config.Decide.Weights(), Logger: a.log,
	})
	if err == nil {
		a.ends.add("learner", func(context.Context) error { return a.parts.learner.Close() })
	}
	return err
}

// startLearning follows the log with what learns and counts.
func (a *App) startLearning(ctx context.Context) {
	a.follow(ctx, a.parts.learner, learning.Types()...)
	a.follow(ctx, a.parts.levers, levers.Types()...)
	a.work.do(func() { a.sweep(ctx) })
	a.work.do(func() { a.parts.bins.Run(ctx) })
	a.work.do(func() { a.parts.levers.Run(ctx) })
}

// sweepEvery is how often the time for answers is looked at.
const sweepEvery = 15 * time.Second

// sweep ends the time for answers until ctx ends.
func (a *App) sweep(ctx context.Context) {
	swept := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "heed_outcomes_swept_total", Help: "Suggestions of which the time for an answer was over, and outcomes that waited for their decision.",
	}, []string{"as"})
	a.registry.MustRegister(swept)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		done, err := a.parts.brain.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.Error("the time for answers was not looked at", "error", err)
		}
		swept.WithLabelValues("timed out").Add(float64(done.TimedOut))
		swept.WithLabelValues("matched").Add(float64(done.Matched))
		swept.WithLabelValues("unmatched").Add(float64(done.Unmatched))
	}
}

// forgetters are all who keep something of people beside the store.
type forgetters []interface{ Forget(people []string) error }

// Forget has each of them forget, those after one that failed as well.
func (f forgetters) Forget(people []string) error {
	var errs []error
	for _, one := range f {
		errs = append(errs, one.Forget(people))
	}
	return errors.Join(errs...)
}
