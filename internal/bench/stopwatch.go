package main

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/transcribe"
)

// stopwatch notes when each engine gave a final.
type stopwatch struct {
	mu    sync.Mutex
	given map[string]time.Time // by call, party and start
}

func newStopwatch() *stopwatch {
	return &stopwatch{given: make(map[string]time.Time)}
}

type chooser func(event.Call, insights.Speaker, []string) (transcribe.Engine, string)

// wrap notes the finals of the chosen engines.
func (w *stopwatch) wrap(choose chooser) chooser {
	return func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
		e, name := choose(c, who, failed)
		if e == nil {
			return nil, name
		}
		return timed{e, w, c, who}, name
	}
}

// timed is an engine whose finals are noted.
type timed struct {
	transcribe.Engine
	watch *stopwatch
	call  event.Call
	who   insights.Speaker
}

func (t timed) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return t.Engine.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		if s.Final {
			t.watch.note(t, s)
		}
		return emit(s)
	})
}

func (w *stopwatch) note(t timed, s transcribe.Segment) {
	k := key(t.call.ID, string(t.who), insights.SecondsOf(s.Start))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.given[k] = time.Now()
}

// since gives how long ago the engine gave this final.
func (w *stopwatch) since(call, who string, start insights.Seconds) (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.given[key(call, who, start)]
	return time.Since(at), ok
}

func key(call, who string, start insights.Seconds) string {
	return fmt.Sprintf("%s %s %.3f", call, who, float64(start))
}

// cpu is what this process and its children that ended have used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
