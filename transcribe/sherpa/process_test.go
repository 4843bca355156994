package sherpa

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/transcribe"
)

// badEngine has a worker that goes wrong in the named way.
func badEngine(t *testing.T, mode string, p Patience) *Engine {
	t.Helper()
	o := Options{Runtime: t.TempDir(), Model: t.TempDir(), Command: workerCommand(t, mode), Patience: p, Metrics: prometheus.NewRegistry()}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	e, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// speak sends seconds of audio and waits for the verdict.
func speak(ctx context.Context, e *Engine) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	frames := make(chan transcribe.Frame, 50)
	for i := range 50 {
		frames <- transcribe.Frame{PCM: tone(20*ms, 8000), Rate: 8000, At: time.Duration(i) * 20 * ms}
	}
	return e.Transcribe(ctx, frames, func(transcribe.Segment) error { return nil })
}

// until waits for a state.
func until(t *testing.T, e *Engine, what string, ok func(State) bool) State {
	t.Helper()
	for {
		e.mu.Lock()
		state, changed := e.state, e.changed
		e.mu.Unlock()
		if ok(state) {
			return state
		}
		select {
		case <-changed:
		case <-time.After(30 * time.Second):
			t.Fatalf("state %+v, waited for %s", state, what)
		}
	}
}

func TestWorkersThatDoNotStart(t *testing.T) {
	for mode, want := range map[string]string{
		"refuses":     "the model is of clay",
		"aborts":      "input shape {17,1,128}",
		"never ready": errSlow.Error(),
		"garbage":     errProtocol.Error(),
		"floods":      "token too long",
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			e := badEngine(t, mode, Patience{Start: time.Second, Backoff: ms})
			err := speak(t.Context(), e)
			for mode == "floods" && transcribe.VerdictOf(err) == transcribe.Retry {
				err = speak(t.Context(), e) // it says that it is ready before it goes wrong
			}
			if transcribe.VerdictOf(err) != transcribe.UseAnother || !strings.Contains(err.Error(), want) {
				t.Errorf("%v (%v), want %q and another engine", err, transcribe.VerdictOf(err), want)
			}
			s := e.State()
			if s.Phase != Broken || !strings.Contains(s.Reason, want) || s.PID != 0 {
				t.Errorf("state %+v, want broken for %q", s, want)
			}
			if mode == "refuses" && s.Restarts != 1 {
				t.Errorf("%d deaths before giving up, want 1: a refusal is for good", s.Restarts)
			}
		})
	}
}

// TestAbortMidStream: the streams learn the worker's last lines.
func TestAbortMidStream(t *testing.T) {
	e := badEngine(t, "aborts mid-stream", Patience{Backoff: time.Hour})
	err := speak(t.Context(), e)
	if transcribe.VerdictOf(err) != transcribe.Retry || !strings.Contains(err.Error(), "requested shape {8,2,1,128}") {
		t.Errorf("%v, want a retry with the last lines", err)
	}
	if s := e.State(); s.Phase != Restarting || !strings.Contains(s.Reason, "input shape {17,1,128}") {
		t.Errorf("state %+v, want it to say why", s)
	}
}

func TestMissingProgram(t *testing.T) {
	o := Options{Command: []string{"/nonexistent/heed", "stt-worker"}, Patience: Patience{Backoff: ms}}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	e, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := speak(t.Context(), e); transcribe.VerdictOf(err) != transcribe.UseAnother {
		t.Errorf("%v, want another engine", err)
	}
}

// TestWorkersThatHang: one beats without hearing anything, one does nothing
// at all. Both are killed, and the streams may be tried again.
func TestWorkersThatHang(t *testing.T) {
	for _, mode := range []string{"hangs", "stops", "leaves a child"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			// On a busy machine a stream may come only after the first worker
			// was killed. It then gets the next, which hangs as well.
			e := badEngine(t, mode, Patience{Hang: 500 * ms, Backoff: 500 * ms, Healthy: ms})
			until(t, e, "ready", func(s State) bool { return s.Phase == Ready })
			var streams sync.WaitGroup
			for range 3 {
				streams.Go(func() {
					err := speak(t.Context(), e)
					if transcribe.VerdictOf(err) != transcribe.Retry || !errors.Is(err, errHangs) {
						t.Errorf("%v (%v), want a retry because it hangs", err, transcribe.VerdictOf(err))
					}
				})
			}
			streams.Wait()
			s := until(t, e, "restarting", func(s State) bool { return s.Restarts > 0 && s.Phase == Restarting })
			if !strings.Contains(s.Reason, errHangs.Error()) {
				t.Errorf("state %+v, want it to say that the worker hangs", s)
			}
		})
	}
}

// TestCancelWhileWorkerHangs: the caller does not wait for it.
func TestCancelWhileWorkerHangs(t *testing.T) {
	e := badEngine(t, "hangs", Patience{Hang: time.Hour})
	for _, patient := range []bool{true, false} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*ms)
		began := time.Now()
		frames := make(chan transcribe.Frame)
		if patient {
			go func() {
				for i := 0; ctx.Err() == nil; i++ { // more than all buffers hold
					select {
					case frames <- transcribe.Frame{PCM: tone(time.Second, 48000), Rate: 48000, At: time.Duration(i) * time.Second}:
					case <-ctx.Done():
					}
				}
			}()
		}
		err := e.Transcribe(ctx, frames, func(transcribe.Segment) error { return nil })
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 5*time.Second {
			t.Errorf("%v after %v, want the caller's deadline", err, time.Since(began))
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	for _, mode := range []string{"hangs", "never ready", "stops"} {
		e := badEngine(t, mode, Patience{Start: time.Hour, Hang: time.Hour})
		if mode != "never ready" {
			until(t, e, "ready", func(s State) bool { return s.Phase == Ready })
		}
		verdict := make(chan error)
		frames := make(chan transcribe.Frame)
		go func() { verdict <- e.Transcribe(t.Context(), frames, nil) }()
		frames <- transcribe.Frame{PCM: tone(20*ms, 8000), Rate: 8000}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		if err := <-verdict; !errors.Is(err, ErrClosed) && transcribe.VerdictOf(err) != transcribe.Retry {
			t.Errorf("%s: stream ended with %v", mode, err)
		}
		if err := speak(t.Context(), e); !errors.Is(err, ErrClosed) || transcribe.VerdictOf(err) != transcribe.UseAnother {
			t.Errorf("%s: after Close: %v", mode, err)
		}
		if err := e.Close(); err != nil || e.State().Phase != Closed {
			t.Errorf("%s: closed again: %v, %+v", mode, err, e.State())
		}
	}
}

// TestMetricsOfTwoEngines: one after the other with the same registry.
func TestMetricsOfTwoEngines(t *testing.T) {
	registry := prometheus.NewRegistry()
	for range 2 {
		o := Options{Command: workerCommand(t, "hangs"), Metrics: registry}
		if err := o.complete(); err != nil {
			t.Fatal(err)
		}
		e, err := start(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := start(o); err == nil {
			t.Error("two engines share their metrics")
		}
		if got, err := registry.Gather(); err != nil || len(got) < 4 {
			t.Errorf("%d metrics, %v", len(got), err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTail(t *testing.T) {
	var x tail
	for range 1000 {
		if _, err := x.Write([]byte("line of noise\n")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.Write([]byte("\xff last words\n")); err != nil {
		t.Fatal(err)
	}
	if s := x.String(); !strings.HasSuffix(s, "? last words") || len(s) > tailSize+2 {
		t.Errorf("%d bytes ending in %q", len(s), s[max(0, len(s)-20):])
	}
}

// TestTailOfADump: a native abort ends in pages about goroutines, after the
// line that tells why.
func TestTailOfADump(t *testing.T) {
	var x tail
	for _, text := range []string{strings.Repeat("noise\n", 1000), "the model is of clay\nSIGABRT: abort\nPC=0x1\n\ngorou", "tine 0 gp=0x2\nmain()\n", strings.Repeat("runtime.gopark()\n", 1000)} {
		if _, err := x.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if s := x.String(); !strings.Contains(s, "the model is of clay SIGABRT: abort PC=0x1 goroutine 0 gp=0x2 main()") || len(s) > tailSize {
		t.Errorf("%d bytes: %q", len(s), s)
	}
}

// TestPulse: a worker hangs when it gives no sign at all, or when audio waits
// and nothing is heard; an idle one does not hang.
func TestPulse(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		pulse pulse
		want  bool
	}{
		"idle":            {pulse{alive: now, progress: now.Add(-time.Hour)}, false},
		"silent":          {pulse{alive: now.Add(-2 * time.Second)}, true},
		"works":           {pulse{alive: now, progress: now.Add(-ms), waiting: 160}, false},
		"beats only":      {pulse{alive: now, progress: now.Add(-2 * time.Second), waiting: 160}, true},
		"a little behind": {pulse{alive: now.Add(-900 * ms), progress: now.Add(-900 * ms), waiting: 1e6}, false},
	} {
		if got := c.pulse.hangs(now, time.Second); got != c.want {
			t.Errorf("%s: hangs %t", name, got)
		}
	}
	// A long idle time does not count against the first audio after it.
	p := pulse{alive: now, progress: now.Add(-time.Hour)}
	p.sent(160)
	if p.hangs(time.Now(), time.Minute) {
		t.Error("hangs as soon as audio comes")
	}
}

// TestWindow: a stream that is not heard takes in no more audio than the
// window, however much there is.
func TestWindow(t *testing.T) {
	// On a busy machine the first worker may be killed before it is asked.
	e := badEngine(t, "hangs", Patience{Hang: time.Second, Backoff: 100 * ms, Healthy: ms})
	frames, taken := make(chan transcribe.Frame), 0
	ctx, cancel := context.WithCancel(t.Context())
	var fed sync.WaitGroup
	fed.Go(func() {
		for {
			f := transcribe.Frame{PCM: tone(20*ms, 8000), Rate: 8000, At: time.Duration(taken) * 20 * ms}
			select {
			case frames <- f:
				taken++
			case <-ctx.Done():
				return
			}
		}
	})
	err := e.Transcribe(ctx, frames, func(transcribe.Segment) error { return nil })
	cancel()
	fed.Wait()
	if took := time.Duration(taken) * 20 * ms; took < window || took > window+100*ms || !errors.Is(err, errHangs) {
		t.Errorf("took in %v, %v, want %v", took, err, window)
	}
}

// TestStreamKeepsFinals: partials that were not taken in time give way,
// finals never do.
func TestStreamKeepsFinals(t *testing.T) {
	s := &stream{}
	for i, text := range []string{"one", "one two", "ONE TWO", "three", "three four", "THREE FOUR", "five"} {
		s.add(transcribe.Segment{ID: i, Text: text, Final: text == strings.ToUpper(text)})
	}
	s.rate = 8000
	segments, _, _, _ := s.news()
	var texts []string
	for _, seg := range segments {
		texts = append(texts, seg.Text)
	}
	if got := strings.Join(texts, "|"); got != "ONE TWO|THREE FOUR|five" {
		t.Errorf("kept %q", got)
	}
}
