package openai

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote"
)

// posting makes an engine for a fake.
func posting(t *testing.T, o HTTPOptions) *HTTP {
	t.Helper()
	if o.Key == "" {
		o.Key = "secret"
	}
	e, err := NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.CloseIdle)
	return e
}

func TestHTTPConformance(t *testing.T) {
	for name, h := range map[string]postHabits{"with words": {}, "text only": {plainOnly: true}} {
		t.Run(name, func(t *testing.T) {
			enginetest.Run(t, func(t *testing.T) transcribe.Engine {
				h.hears = sampled(t)
				url, _ := servePosts(t, h)
				return noKeepAlive(posting(t, HTTPOptions{URL: url}))
			}, enginetest.Options{Recall: 0.95, FinalsOnly: true})
		})
	}
}

// noKeepAlive keeps idle connections from looking like leaks.
func noKeepAlive(e *HTTP) *HTTP {
	e.o.Client.Transport = clientWithoutIdle()
	return e
}

func TestHTTPHearsWhateverTheServersHabits(t *testing.T) {
	second := retryAfter(time.Second)
	for name, c := range map[string]struct {
		h      postHabits
		model  string
		within time.Duration // of the words' times
	}{
		"words":              {postHabits{}, "", 2 * ms},
		"segments":           {postHabits{segments: true}, "", 60 * ms},
		"plain":              {postHabits{plainOnly: true}, "", 60 * ms},
		"plain by its name":  {postHabits{plainOnly: true}, "gpt-4o-transcribe", 60 * ms},
		"invented words":     {postHabits{invents: true}, "", 2 * ms},
		"out of order":       {postHabits{swapped: true}, "", 2 * ms},
		"overloaded":         {postHabits{failures: []int{503, 0, 502}}, "", 2 * ms},
		"overloaded, polite": {postHabits{failures: []int{503}, after: second}, "", 2 * ms},
		"rate limited":       {postHabits{failures: []int{429, 429}, after: second, code: codeLimited}, "", 2 * ms},
		"breaks":             {postHabits{breaks: 2}, "", 2 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, f := servePosts(t, c.h)
			got := hear(t, posting(t, HTTPOptions{URL: url, Model: c.model}), said(3), 16000)
			if got.err != nil || got.text != want(3) {
				t.Fatalf("%q, %v; want %q", got.text, got.err, want(3))
			}
			got.near(t, 3, c.within)
			for _, s := range got.all {
				if !s.Final {
					t.Errorf("partial %q", s.Text)
				}
			}
			if c.h.plainOnly && c.model != "" && f.requests != 3 {
				t.Errorf("%d requests, want none in a form that the model is known not to have", f.requests)
			}
		})
	}
}

func TestHTTPKeepsRequestsBounded(t *testing.T) {
	url, f := servePosts(t, postHabits{})
	got := hear(t, posting(t, HTTPOptions{URL: url, Parallel: 2}), said(9), 16000)
	if got.err != nil || got.text != want(9) {
		t.Fatalf("%q, %v", got.text, got.err)
	}
	if f.busiest > 2 || f.requests != 9 {
		t.Errorf("%d requests, %d at once; want 9, two at once", f.requests, f.busiest)
	}
}

func TestHTTPSendsHints(t *testing.T) {
	hints := transcribe.Hints{Language: "de-CH", Phrases: []string{"heed", " fibre  max "}}
	for model, want := range map[string][2]string{
		"whisper-1":                 {"prompt", "heed, fibre max"},
		"gpt-4o-transcribe":         {"prompt", "heed, fibre max"},
		"gpt-transcribe":            {"keywords[]", "heed"},
		"gpt-4o-transcribe-diarize": {"", ""},
	} {
		url, f := servePosts(t, postHabits{})
		e := posting(t, HTTPOptions{URL: url, Model: model, Language: "en"})
		if got := hear(t, e.With(hints), said(1), 16000); got.err != nil {
			t.Fatal(got.err)
		}
		form := f.forms[0]
		if form["language"][0] != "de" || form["model"][0] != model {
			t.Errorf("%s: form %v", model, form)
		}
		if want[0] == "" && len(form["prompt"])+len(form["keywords[]"]) > 0 || want[0] != "" && (len(form[want[0]]) == 0 || form[want[0]][0] != want[1]) {
			t.Errorf("%s: form %v, want %v", model, form, want)
		}
		if e.o.Language != "en" || len(e.o.Phrases) > 0 {
			t.Error("With changed the engine")
		}
	}
}

func TestHTTPFaults(t *testing.T) {
	quota := make([]int, attempts)
	for i := range quota {
		quota[i] = 429
	}
	for name, c := range map[string]struct {
		h     postHabits
		key   string
		is    error
		after time.Duration
	}{
		"unauthorized":     {h: postHabits{}, key: "other"},
		"out of quota":     {h: postHabits{failures: quota, code: codeQuota}, is: errQuota},
		"limited for ever": {h: postHabits{failures: quota, after: retryAfter(time.Hour), code: codeLimited}, after: time.Hour},
		"refused":          {h: postHabits{failures: []int{404}}},
		"garbage":          {h: postHabits{body: `{"text":`}, is: remote.ErrGarbage},
		"a page":           {h: postHabits{body: `<html>`}, is: remote.ErrGarbage},
		"oversized":        {h: postHabits{body: strings.Repeat(" ", maxReply+2)}, is: remote.ErrFlood},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := servePosts(t, c.h)
			got := hear(t, posting(t, HTTPOptions{URL: url, Key: c.key, Parallel: 1}), said(1), 16000)
			if transcribe.VerdictOf(got.err) != transcribe.UseAnother {
				t.Fatalf("error %v with verdict %v", got.err, transcribe.VerdictOf(got.err))
			}
			if c.is != nil && !errors.Is(got.err, c.is) {
				t.Errorf("error %v, want %v", got.err, c.is)
			}
			limited, ok := errors.AsType[*remote.RateLimited](got.err)
			if c.after > 0 && (!ok || limited.After != c.after) {
				t.Errorf("error %v, want one that tells of %v", got.err, c.after)
			}
			if strings.Contains(got.err.Error(), "secret") || strings.Contains(got.err.Error(), "127.0.0.1") {
				t.Errorf("error %q tells a secret", got.err)
			}
		})
	}
}

func TestHTTPServerThatNeverAnswers(t *testing.T) {
	url, _ := servePosts(t, postHabits{hangs: true})
	ctx, cancel := context.WithTimeout(t.Context(), 500*ms)
	defer cancel()
	e := posting(t, HTTPOptions{URL: url})
	feed := make(chan transcribe.Frame, 1)
	feed <- transcribe.Frame{PCM: hiss(16000*3, 3000), Rate: 16000}
	err := e.Transcribe(ctx, feed, func(transcribe.Segment) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Transcribe = %v", err)
	}
}

func TestNewHTTPRefuses(t *testing.T) {
	for _, o := range []HTTPOptions{{}, {URL: "ws://host"}, {URL: "http://"}, {URL: "http://me:word@host"}, {URL: "http://host/?key=word"}, {URL: ":"}} {
		if _, err := NewHTTP(o); err == nil || strings.Contains(err.Error(), "word@") {
			t.Errorf("NewHTTP(%q) = %v, want an error", o.URL, err)
		}
	}
	e := posting(t, HTTPOptions{URL: "http://localhost:8000/v1/", Model: "whisper-large-v3", Language: "en"})
	if info := e.Info(); info.Name != httpName || info.Model != "whisper-large-v3" || !strings.Contains(info.Note, "no captions") || info.Languages[0] != "en" {
		t.Errorf("%+v", info)
	}
	if e.o.URL != "http://localhost:8000/v1" {
		t.Errorf("address %q", e.o.URL)
	}
}

func TestRealHTTP(t *testing.T) {
	key := os.Getenv("HEED_TEST_OPENAI_KEY")
	if key == "" {
		t.Skip("HEED_TEST_OPENAI_KEY holds no key for the real service")
	}
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		return posting(t, HTTPOptions{Key: key, Language: "en"})
	}, enginetest.Options{Recall: 0.5, FinalsOnly: true})
}
