package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// stopwatch notes when each engine gave a final, and when each turn's last
// word was there.
type stopwatch struct {
	lines  []scripted.Line // what is said, and until when
	mu     sync.Mutex
	given  map[string]time.Time // by call, party and start
	behind []time.Duration      // how long after the end of its turn a final came
	shown  []time.Duration      // and the last word of the turn, in a partial or a final
}

func newStopwatch(lines []scripted.Line) *stopwatch {
	return &stopwatch{lines: lines, given: make(map[string]time.Time)}
}

type chooser func(event.Call, insights.Speaker) (transcribe.Engine, string)

// wrap notes the finals of the chosen engines.
func (w *stopwatch) wrap(choose chooser) chooser {
	return func(c event.Call, who insights.Speaker) (transcribe.Engine, string) {
		e, name := choose(c, who)
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
	var last lastWord
	return t.Engine.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		now := time.Now()
		last.hear(s.Text, now)
		if s.Final {
			t.watch.note(t, s, last.since, now)
			last = lastWord{}
		}
		return emit(s)
	})
}

// lastWord knows since when the end of what is said has been on the screen.
type lastWord struct {
	word  string
	count int
	since time.Time
}

func (l *lastWord) hear(text string, now time.Time) {
	words := strings.Fields(text)
	word := ""
	if len(words) > 0 {
		word = words[len(words)-1]
	}
	if word != l.word || len(words) != l.count {
		l.word, l.count, l.since = word, len(words), now
	}
}

func (w *stopwatch) note(t timed, s transcribe.Segment, shown, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.given[key(t.call.ID, string(t.who), insights.SecondsOf(s.Start))] = now
	if end, ok := w.turn(string(t.who), s.End); ok {
		spoken := t.call.StartedAt.Add(end)
		w.behind = append(w.behind, now.Sub(spoken))
		w.shown = append(w.shown, shown.Sub(spoken))
	}
}

// near is how far the engine's end of a turn may be off. A final that ends
// elsewhere was cut within a turn, and says nothing about its end.
const near = 500 * time.Millisecond

// turn gives when the turn really ended that the engine heard end so.
func (w *stopwatch) turn(who string, heard time.Duration) (time.Duration, bool) {
	for _, l := range scripted.ForParty(w.lines, who) {
		if (l.End - heard).Abs() < near {
			return l.End, true
		}
	}
	return 0, false
}

// since gives how long ago the engine gave this final.
func (w *stopwatch) since(call, who string, start insights.Seconds) (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.given[key(call, who, start)]
	return time.Since(at), ok
}

// ends gives how late the finals were, and the last words before them.
func (w *stopwatch) ends() (finals, words []time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.behind, w.shown
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
