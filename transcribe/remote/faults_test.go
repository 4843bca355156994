package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heed/transcribe"
)

func TestVerdicts(t *testing.T) {
	busy := http.Header{"Retry-After": {"17"}}
	many := func(err error) []error { return slices.Repeat([]error{err}, 20) }
	for name, c := range map[string]struct {
		habits  habits
		want    transcribe.Verdict
		after   time.Duration
		dials   int
		wrapped error
	}{
		"bad key":          {habits{refuse: many(Status("fake", 401, nil, errCut))}, transcribe.UseAnother, 0, 1, errCut},
		"bad request":      {habits{refuse: many(Status("fake", 400, nil, errCut))}, transcribe.UseAnother, 0, 1, errCut},
		"rate limited":     {habits{refuse: many(Status("fake", 429, busy, errCut))}, transcribe.UseAnother, 17 * time.Second, 1, errCut},
		"never reachable":  {habits{refuse: many(errCut)}, transcribe.UseAnother, 0, 5, errCut},
		"always 503":       {habits{refuse: many(Status("fake", 503, nil, errCut))}, transcribe.UseAnother, 0, 5, errCut},
		"gone for good":    {habits{cutAfter: []time.Duration{time.Second}, refuse: append([]error{nil}, many(errCut)...)}, transcribe.Retry, 0, 5, errCut},
		"refused later":    {habits{cutAfter: []time.Duration{time.Second}, refuse: []error{nil, Refused("fake", errCut)}}, transcribe.UseAnother, 0, 2, errCut},
		"cuts at once":     {habits{cutAfter: slices.Repeat([]time.Duration{50 * ms}, 20)}, transcribe.Retry, 0, 5, errCut},
		"stops reading":    {habits{deaf: true}, transcribe.Retry, 0, 5, context.DeadlineExceeded},
		"stops reading it": {habits{deaf: true, cutAfter: []time.Duration{time.Hour}}, transcribe.Retry, 0, 5, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{habits: c.habits}
				said := sentences(900*ms, slices.Repeat([]int{4}, 40)...)
				_, err := says{frames: spoken(t, said), live: true}.transcribe(t, s)
				if err == nil || transcribe.VerdictOf(err) != c.want || !errors.Is(err, c.wrapped) {
					t.Errorf("error %v with verdict %v, want %v", err, transcribe.VerdictOf(err), c.want)
				}
				if s.dials != c.dials {
					t.Errorf("%d dials, want %d", s.dials, c.dials)
				}
				if limited, ok := errors.AsType[*RateLimited](err); ok != (c.after > 0) || ok && limited.After != c.after {
					t.Errorf("rate limit %v, want after %v", limited, c.after)
				}
			})
		})
	}
}

func TestHangUpWaitsTwoSecondsForTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(900*ms, 5)
		frames := spoken(t, said)
		frames = frames[:len(frames)-50] // hung up while the last word is spoken
		start := time.Now()
		got, err := says{frames: frames, live: true}.transcribe(t, &service{habits: habits{silent: true}})
		if err != nil {
			t.Fatal(err)
		}
		late := time.Since(start) - frames[len(frames)-1].End()
		if late < 1900*ms || late > 2200*ms {
			t.Errorf("returned %v after the hang-up, want 2 s", late)
		}
		if text := finalText(got); !strings.HasPrefix(text, join(said[:4])) {
			t.Errorf("heard %q, want at least %q", text, join(said[:4]))
		}
	})
}

func TestAnImportDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(900*ms, slices.Repeat([]int{5}, 100)...) // four minutes, all at once
		start := time.Now()
		got, err := says{frames: spoken(t, said)}.transcribe(t, &service{habits: habits{silent: true}})
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < patience || took > patience+time.Second {
			t.Errorf("waited %v for a service that said nothing, want %v", took, patience)
		}
		if text := finalText(got); text != join(said) {
			t.Errorf("heard %q\nwant %q", text, join(said))
		}
	})
}

func TestHangUpIsQuickWhenTheServiceIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		frames := spoken(t, sentences(900*ms, 5))
		start := time.Now()
		if _, err := (says{frames: frames, live: true}).transcribe(t, &service{}); err != nil {
			t.Fatal(err)
		}
		if late := time.Since(start) - frames[len(frames)-1].End(); late > 10*ms {
			t.Errorf("returned %v after the hang-up, want at once", late)
		}
	})
}

func TestHangUpWithoutConnectionIsNoSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{habits: habits{cutAfter: []time.Duration{2 * time.Second}, refuse: append([]error{nil}, slices.Repeat([]error{errCut}, 3)...)}}
		frames := spoken(t, sentences(100*ms, 6))
		frames = frames[:120]
		_, err := says{o: Options{Attempts: 20}, frames: frames, live: true}.transcribe(t, s)
		if err != nil {
			t.Fatalf("connected again within the flush: %v", err)
		}
		s = &service{habits: habits{cutAfter: []time.Duration{2 * time.Second}, refuse: append([]error{nil}, slices.Repeat([]error{errCut}, 30)...)}}
		_, err = says{o: Options{Attempts: 20}, frames: frames, live: true}.transcribe(t, s)
		if !errors.Is(err, errHungUp) || transcribe.VerdictOf(err) != transcribe.Retry {
			t.Errorf("error %v, want %v to be transcribed again", err, errHungUp)
		}
	})
}

func TestFloodAndGarbage(t *testing.T) {
	h := hearing{head: time.Hour}
	flood := Result{Append: true, Text: strings.Repeat("word ", 1000)}
	var err error
	for range 6 {
		err = errors.Join(err, h.take(flood, time.Now()))
	}
	if !errors.Is(err, ErrFlood) {
		t.Errorf("6000 words in one stretch: %v", err)
	}
	h, err = hearing{head: time.Hour}, nil
	for i := range 300 {
		err = errors.Join(err, h.take(Result{Key: fmt.Sprint("k", i), Text: "x"}, time.Now()))
	}
	if !errors.Is(err, ErrFlood) {
		t.Errorf("300 open stretches: %v", err)
	}
}

// chatter is a service that floods.
type chatter struct{ fakeSession }

func (c *chatter) Send(context.Context, []int16) error { return nil }

func (c *chatter) Receive(context.Context) ([]Result, error) {
	return []Result{{Append: true, Text: strings.Repeat("word ", 1000)}}, nil
}

func TestFloodEndsTheCall(t *testing.T) {
	r, err := New(Options{Name: "fake", Rates: []int{8000}, Dial: func(context.Context, Format) (Session, error) {
		return &chatter{fakeSession{gone: make(chan struct{})}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	feed := make(chan transcribe.Frame, 1)
	feed <- transcribe.Frame{PCM: make([]int16, 160), Rate: 8000}
	err = r.Transcribe(t.Context(), feed, func(transcribe.Segment) error { return nil })
	if !errors.Is(err, ErrFlood) || transcribe.VerdictOf(err) != transcribe.UseAnother {
		t.Errorf("error %v, want a flood", err)
	}
}

func TestStatus(t *testing.T) {
	for status, want := range map[int]transcribe.Verdict{
		400: transcribe.UseAnother, 401: transcribe.UseAnother, 402: transcribe.UseAnother, 403: transcribe.UseAnother,
		404: transcribe.UseAnother, 408: transcribe.Retry, 429: transcribe.UseAnother, 500: transcribe.Retry, 503: transcribe.Retry,
	} {
		if err := Status("fake", status, nil, io.ErrUnexpectedEOF); transcribe.VerdictOf(err) != want || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d: %v, verdict %v, want %v", status, err, transcribe.VerdictOf(err), want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                              0,
		"30":                            30 * time.Second,
		"-5":                            0,
		"soon":                          0,
		"99999999999999":                maxRetryAfter,
		"Sun, 01 Mar 2026 12:01:30 GMT": 90 * time.Second,
		"Sun, 01 Mar 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", value, got, want)
		}
	}
}
