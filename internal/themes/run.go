package themes

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	// glance is how often history is looked at even if nobody asked for it.
	glance = 30 * time.Second
	// retry is the pause after a failure.
	retry = 5 * time.Second
	// niceness is how far the background work stands back behind live calls.
	niceness = 10
)

// Run reads the history of new and changed themes, discovers themes and looks
// each hour for what emerges, until ctx ends. It blocks, and waits for what it
// started. Its threads run at a low priority, so that live calls come first.
func (t *Themes) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, work := range []func(context.Context){t.readHistory, t.keepDiscovering, t.keepWatch} {
		wg.Go(func() {
			standBack()
			work(ctx)
		})
	}
	wg.Wait()
}

// standBack gives the goroutine a thread of its own, of low priority. The
// thread ends with the goroutine, for it is never unlocked. A system that
// refuses runs it like all others.
func standBack() {
	runtime.LockOSThread()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), niceness)
}

// ReadHistory reads the history that themes need until there is none, for those
// who do not have it read by [Themes.Run].
func (t *Themes) ReadHistory(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = t.scan(ctx, stretch); err != nil {
			return fmt.Errorf("read history: %w", err)
		}
	}
	return nil
}

func (t *Themes) readHistory(ctx context.Context) {
	for ctx.Err() == nil {
		more, err := t.scan(ctx, stretch)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			t.log.Warn("history not read, will try again", "error", err, "retry_in", retry)
			pause(ctx, retry, nil)
		case !more:
			pause(ctx, glance, t.wake)
		}
	}
}

func (t *Themes) keepDiscovering(ctx context.Context) {
	for ctx.Err() == nil {
		if err := t.discover(ctx); err != nil && ctx.Err() == nil {
			t.log.Warn("themes not discovered, will try again", "error", err, "retry_in", t.settle)
		}
		pause(ctx, t.settle, nil)
	}
}

// keepWatch looks once for each hour, soon after it is over.
func (t *Themes) keepWatch(ctx context.Context) {
	for ctx.Err() == nil {
		now := t.now()
		wait := hourOf(t.local(now)).Add(time.Hour).Sub(now)
		switch err := t.Watch(ctx); {
		case ctx.Err() != nil:
			return
		case errors.Is(err, errBehind):
			wait = retry
		case err != nil:
			t.log.Warn("not looked for what emerges, will try again", "error", err, "retry_in", retry)
			wait = retry
		}
		pause(ctx, wait, nil)
	}
}

// pause waits for a time, a ring or the end of ctx.
func pause(ctx context.Context, d time.Duration, ring <-chan struct{}) {
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-ctx.Done():
	case <-over.C:
	case <-ring:
	}
}
