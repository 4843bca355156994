package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// ends is the stack of what must be ended, the latest first.
type ends struct {
	mu    sync.Mutex
	names []string
	fns   []func(context.Context) error
}

func (e *ends) add(name string, fn func(context.Context) error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.names, e.fns = append(e.names, name), append(e.fns, fn)
}

func (e *ends) run(ctx context.Context, log *slog.Logger) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	for i, fn := range slices.Backward(e.fns) {
		log.Debug("stopping", "part", e.names[i])
		if err := fn(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", strings.ToLower(e.names[i]), err))
		}
	}
	e.names, e.fns = nil, nil
	return errors.Join(errs...)
}

// work is the goroutines that run beside the requests; end waits for them.
type work struct {
	wg     sync.WaitGroup
	cancel context.CancelFunc
}

func (w *work) begin(ctx context.Context) context.Context {
	ctx, w.cancel = context.WithCancel(ctx)
	return ctx
}

func (w *work) do(fn func()) { w.wg.Go(fn) }

func (w *work) end(ctx context.Context) error {
	w.cancel()
	done := make(chan struct{})
	go func() {
		w.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
