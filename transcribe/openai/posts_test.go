package openai

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heed/transcribe"
)

// transport answers requests in memory.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return f(r)
}

// answering makes an engine whose server is f.
func answering(t *testing.T, parallel int, f transport) *HTTP {
	t.Helper()
	return posting(t, HTTPOptions{URL: "http://server/v1", Parallel: parallel, Client: &http.Client{Transport: f}})
}

// reply200 is a transcription.
func reply200(text string) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"text":"` + text + `"}`))}
}

// hanging never answers.
func hanging(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// second gives a stretch of speech.
func second() *post {
	return &post{pcm: make([]int16, 16000), done: make(chan struct{}), at: span{0, time.Second}}
}

func TestAskGivesUpInTime(t *testing.T) {
	for name, c := range map[string]struct {
		f    transport
		want time.Duration
	}{
		"hangs":  {hanging, giveUp},
		"breaks": {func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, firstWait * (1 + 2 + 4)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := answering(t, 1, c.f).ask(t.Context(), second(), 16000)
				if transcribe.VerdictOf(err) != transcribe.UseAnother || time.Since(start) != c.want {
					t.Errorf("%v after %v, want another engine after %v", err, time.Since(start), c.want)
				}
			})
		})
	}
}

func TestAskOutlivesAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		e := answering(t, 1, func(r *http.Request) (*http.Response, error) {
			if time.Since(start) < 40*time.Second && time.Since(start) < postWithin {
				return hanging(r) // the first request only
			}
			return reply200("back"), nil
		})
		r, err := e.ask(t.Context(), second(), 16000)
		if err != nil || r.Text != "back" || time.Since(start) != postWithin+firstWait {
			t.Errorf("%+v, %v after %v", r, err, time.Since(start))
		}
	})
}

// A refusal of both forms is no reason to do without times from then on.
func TestAskKeepsTheFormThatWorks(t *testing.T) {
	var works atomic.Bool
	e := answering(t, 1, func(*http.Request) (*http.Response, error) {
		if !works.Load() {
			return &http.Response{StatusCode: 400, Header: http.Header{}, Body: http.NoBody}, nil
		}
		return reply200("ok"), nil
	})
	if _, err := e.ask(t.Context(), second(), 16000); transcribe.VerdictOf(err) != transcribe.UseAnother || e.plain.Load() {
		t.Errorf("%v, plain %t", err, e.plain.Load())
	}
	works.Store(true)
	if r, err := e.ask(t.Context(), second(), 16000); err != nil || r.Text != "ok" || e.plain.Load() {
		t.Errorf("%+v, %v, plain %t", r, err, e.plain.Load())
	}
}

func TestSendWaitsForRoomAndThenQueues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosts(t.Context(), answering(t, 2, hanging), 16000)
		defer p.Close()
		for i := range maxQueue {
			start := time.Now()
			if err := p.start(t.Context(), second()); err != nil {
				t.Fatalf("stretch %d: %v", i, err)
			}
			waited := time.Since(start)
			if i < 2 && waited != 0 || i == 2 && waited != roomWithin || waited > roomWithin {
				t.Errorf("stretch %d waited %v", i, waited)
			}
		}
		if err := p.start(t.Context(), second()); !errors.Is(err, errService) {
			t.Errorf("stretch %d: %v, want no room", maxQueue, err)
		}
	})
}

func TestPostsEndWithClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosts(t.Context(), answering(t, 1, hanging), 16000)
		for range 2 {
			if err := p.start(t.Context(), second()); err != nil {
				t.Fatal(err)
			}
		}
		received := make(chan error, 1)
		go func() {
			_, err := p.Receive(context.Background())
			received <- err
		}()
		synctest.Wait()
		if err := errors.Join(p.Close(), p.Close()); err != nil {
			t.Error(err)
		}
		if err := <-received; !errors.Is(err, context.Canceled) {
			t.Errorf("Receive = %v", err)
		}
		if err := p.start(t.Context(), second()); !errors.Is(err, context.Canceled) {
			t.Errorf("start after Close = %v", err)
		}
	})
}

// A word at the very end is shorter than the service takes.
func TestShortStretchesAreFilledUp(t *testing.T) {
	var size atomic.Int64
	e := answering(t, 1, func(r *http.Request) (*http.Response, error) {
		size.Store(r.ContentLength)
		return reply200("yes"), nil
	})
	p := newPosts(t.Context(), e, 8000)
	defer p.Close()
	pcm := make([]int16, 8*65)
	tone(pcm, 8000, 0, time.Second, 5000)
	if err := errors.Join(p.Send(t.Context(), pcm), p.Finish(t.Context())); err != nil {
		t.Fatal(err)
	}
	got, err := p.Receive(t.Context())
	if err != nil || len(got) != 1 || got[0].Text != "yes" || got[0].End > 65*ms {
		t.Errorf("%+v, %v", got, err)
	}
	if least := int64(2 * 8000 * 12 / 100); size.Load() < least {
		t.Errorf("posted %d bytes, want %d of audio", size.Load(), least)
	}
	got, err = p.Receive(t.Context())
	if !errors.Is(err, io.EOF) || len(got) != 1 || got[0].End != 65*ms || got[0].Text != "" {
		t.Errorf("Receive at the end = %+v, %v; want all audio confirmed", got, err)
	}
}
