package vosk

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote"
	"heed/transcribe/remote/remotetest"
)

const ms = time.Millisecond

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		url, _ := serve(t, habits{script: true, key: "secret"})
		return engine(t, Options{URL: url, Key: "secret"})
	}, enginetest.Options{Recall: 1})
}

// engine is New.
func engine(t *testing.T, o Options) *Engine {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// said gives two sentences of words of 300 ms.
func said() []transcribe.Word {
	var out []transcribe.Word
	for k := range 12 {
		at := 500*ms + time.Duration(k)*340*ms
		if k >= 6 {
			at += 800 * ms
		}
		out = append(out, transcribe.Word{Text: remotetest.Word(k), Start: at, End: at + 300*ms})
	}
	return out
}

// hear transcribes words and checks what was emitted against the contract.
func hear(t *testing.T, e *Engine, words []transcribe.Word) (string, []transcribe.Segment, error) {
	t.Helper()
	pcm := remotetest.Speak(t, words, 8000, words[len(words)-1].End+time.Second)
	frames := remotetest.Frames(pcm, 8000, time.Minute, 20*ms)
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var got []transcribe.Segment
	err := e.Transcribe(ctx, feed, func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	})
	if err == nil {
		for _, problem := range enginetest.Check(got, frames) {
			t.Error(problem)
		}
	}
	var texts []string
	for _, s := range got {
		if s.Final {
			texts = append(texts, s.Text)
		}
	}
	return strings.Join(texts, " | "), got, err
}

// want is the text of said.
func want() string { return text(said()[:6]) + " | " + text(said()[6:]) }

func TestHearsWhateverTheServersHabits(t *testing.T) {
	for name, h := range map[string]habits{
		"plain":              {},
		"finals twice":       {doubled: true},
		"no partials":        {finalsOnly: true},
		"alternatives":       {alternatives: true},
		"breaks between":     {cutAfter: []time.Duration{3000 * ms}},
		"breaks in a word":   {cutAfter: []time.Duration{1000 * ms}},
		"breaks twice":       {cutAfter: []time.Duration{1000 * ms, 2500 * ms}},
		"breaks and doubles": {cutAfter: []time.Duration{4300 * ms}, doubled: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, f := serve(t, h)
			got, segments, err := hear(t, engine(t, Options{URL: url}), said())
			if err != nil || got != want() {
				t.Fatalf("%q, %v; want %q", got, err, want())
			}
			if f.sessions != len(h.cutAfter)+1 {
				t.Errorf("%d sessions, want %d", f.sessions, len(h.cutAfter)+1)
			}
			last := segments[len(segments)-1]
			for i, w := range last.Words {
				if exact := said()[6+i].Start + time.Minute; w.Start < exact-ms || w.Start > exact+ms {
					t.Errorf("%q begins at %v, want %v", w.Text, w.Start, exact)
				}
			}
		})
	}
}

func TestFinalsWithoutWordsAreTimedByTheAnswers(t *testing.T) {
	url, _ := serve(t, habits{wordless: true})
	got, segments, err := hear(t, engine(t, Options{URL: url}), said())
	if err != nil || got != want() {
		t.Fatalf("%q, %v; want %q", got, err, want())
	}
	last := segments[len(segments)-1]
	from, to := said()[6].Start+time.Minute, said()[11].End+time.Minute
	if last.Start < from-lead-piece || last.Start > from || last.End < to || last.End > to+time.Second {
		t.Errorf("the second sentence is at %v to %v, was spoken at %v to %v", last.Start, last.End, from, to)
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		h       habits
		verdict transcribe.Verdict
		is      error
	}{
		"unauthorized": {habits{key: "other"}, transcribe.UseAnother, nil},
		"rate limited": {habits{status: 429, retryAfter: "7"}, transcribe.UseAnother, nil},
		"garbage":      {habits{garbage: `{"partial" : `}, transcribe.UseAnother, remote.ErrGarbage},
		"other JSON":   {habits{garbage: `{"hello" : "world"}`}, transcribe.UseAnother, remote.ErrGarbage},
		"oversized":    {habits{garbage: strings.Repeat("x", 2<<20)}, transcribe.UseAnother, remote.ErrFlood},
		"not there":    {habits{status: 404}, transcribe.UseAnother, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, c.h)
			_, _, err := hear(t, engine(t, Options{URL: url, Key: "secret"}), said())
			if err == nil || transcribe.VerdictOf(err) != c.verdict {
				t.Fatalf("error %v with verdict %v, want %v", err, transcribe.VerdictOf(err), c.verdict)
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("error %v, want %v", err, c.is)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("error %q tells a secret", err)
			}
			limited, ok := errors.AsType[*remote.RateLimited](err)
			if c.h.status == 429 && (!ok || limited.After != 7*time.Second) {
				t.Errorf("error %v does not tell to wait for 7 s", err)
			}
		})
	}
}

func TestServerThatNeverEnds(t *testing.T) {
	url, _ := serve(t, habits{mute: true})
	start := time.Now()
	got, _, err := hear(t, engine(t, Options{URL: url}), said())
	// The last sentence was heard and not closed; it stands as it was shown.
	if err != nil || got != want() {
		t.Errorf("%q, %v; want %q", got, err, want())
	}
	if waited := time.Since(start); waited > 15*time.Second {
		t.Errorf("waited %v", waited)
	}
}

func TestNobodyListens(t *testing.T) {
	_, _, err := hear(t, engine(t, Options{URL: "ws://127.0.0.1:1"}), said())
	if transcribe.VerdictOf(err) == transcribe.GiveUp || err == nil {
		t.Errorf("error %v, want one that lets others try", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, url := range []string{"http://localhost", "localhost:2700", "ws://", "::", "ws://user:word@host"} {
		if _, err := New(Options{URL: url}); err == nil || strings.Contains(err.Error(), "word@") {
			t.Errorf("New(%q) = %v, want an error", url, err)
		}
	}
	e := engine(t, Options{Model: "small", Language: "en-US"})
	if info := e.Info(); info.Name != "vosk" || info.Model != "small" || info.Languages[0] != "en-US" || e.o.URL != defaultURL {
		t.Errorf("%+v at %s", info, e.o.URL)
	}
}

func TestRealServer(t *testing.T) {
	url := os.Getenv("HEED_TEST_VOSK_URL")
	if url == "" {
		t.Skip("HEED_TEST_VOSK_URL names no real server")
	}
	enginetest.Run(t, func(t *testing.T) transcribe.Engine { return engine(t, Options{URL: url}) }, enginetest.Options{Recall: 0.5})
}
