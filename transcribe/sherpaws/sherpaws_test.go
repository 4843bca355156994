package sherpaws

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

// want is the text of said.
func want() string { return text(said()[:6]) + " | " + text(said()[6:]) }

// hear transcribes words and checks what was emitted against the contract.
func hear(t *testing.T, e *Engine, words []transcribe.Word) (string, []transcribe.Segment, error) {
	t.Helper()
	pcm := remotetest.Speak(t, words, 16000, words[len(words)-1].End+time.Second)
	frames := remotetest.Frames(pcm, 16000, time.Minute, 20*ms)
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var finals []transcribe.Segment
	var all []transcribe.Segment
	err := e.Transcribe(ctx, feed, func(s transcribe.Segment) error {
		all = append(all, s)
		if s.Final {
			finals = append(finals, s)
		}
		return nil
	})
	if err == nil {
		for _, problem := range enginetest.Check(all, frames) {
			t.Error(problem)
		}
	}
	var texts []string
	for _, s := range finals {
		texts = append(texts, s.Text)
	}
	return strings.Join(texts, " | "), finals, err
}

func TestHearsWhateverTheServersHabits(t *testing.T) {
	for name, h := range map[string]habits{
		"plain":              {},
		"finals twice":       {doubled: true},
		"no partials":        {finals: true},
		"one segment number": {stuck: true},
		"breaks between":     {cutAfter: []time.Duration{3000 * ms}},
		"breaks in a word":   {cutAfter: []time.Duration{1000 * ms}},
		"breaks twice":       {cutAfter: []time.Duration{1000 * ms, 2500 * ms}},
		"breaks and doubles": {cutAfter: []time.Duration{4300 * ms}, doubled: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, f := serve(t, h)
			got, finals, err := hear(t, engine(t, Options{URL: url}), said())
			if err != nil || got != want() {
				t.Fatalf("%q, %v; want %q", got, err, want())
			}
			if f.sessions != len(h.cutAfter)+1 {
				t.Errorf("%d sessions, want %d", f.sessions, len(h.cutAfter)+1)
			}
			for i, w := range finals[1].Words {
				if exact := said()[6+i].Start + time.Minute; w.Start < exact-ms || w.Start > exact+ms {
					t.Errorf("%q begins at %v, want %v", w.Text, w.Start, exact)
				}
			}
		})
	}
}

// The Python server gives no times; at a known pace words have those at which
// they came.
func TestTextOnlyServer(t *testing.T) {
	for name, h := range map[string]habits{
		"plain":            {python: true},
		"breaks in a word": {python: true, cutAfter: []time.Duration{4300 * ms}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, f := serve(t, h)
			got, finals, err := hear(t, engine(t, Options{URL: url, TextOnly: true}), said())
			if err != nil || got != want() {
				t.Fatalf("%q, %v; want %q", got, err, want())
			}
			// A second of slack: the machine may stall.
			from := said()[6].Start + time.Minute
			if start := finals[1].Start; start < from-500*ms || start > from+time.Second {
				t.Errorf("the second sentence begins at %v, was spoken at %v", start, from)
			}
			if f.sessions != len(h.cutAfter)+1 {
				t.Errorf("%d sessions, want %d", f.sessions, len(h.cutAfter)+1)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		h  habits
		is error
	}{
		"unauthorized": {habits{key: "other"}, nil},
		"not there":    {habits{status: 404}, nil},
		"garbage":      {habits{garbage: `{"text": "A "B"}`}, remote.ErrGarbage},
		"other JSON":   {habits{garbage: `[1,2]`}, remote.ErrGarbage},
		"oversized":    {habits{garbage: strings.Repeat("x", 2<<20)}, remote.ErrFlood},
		"farewell now": {habits{garbage: "Done!"}, remote.ErrGarbage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, c.h)
			// The pace keeps the goodbye away from the fault.
			_, _, err := hear(t, engine(t, Options{URL: url, Key: "secret", TextOnly: true}), said())
			if transcribe.VerdictOf(err) != transcribe.UseAnother {
				t.Fatalf("error %v with verdict %v", err, transcribe.VerdictOf(err))
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("error %v, want %v", err, c.is)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("error %q tells a secret", err)
			}
		})
	}
}

func TestServerThatNeverEnds(t *testing.T) {
	url, _ := serve(t, habits{mute: true})
	got, _, err := hear(t, engine(t, Options{URL: url}), said())
	if err != nil || got != want() {
		t.Errorf("%q, %v; want %q", got, err, want())
	}
}

func TestServerThatIsFull(t *testing.T) {
	url, _ := serve(t, habits{status: 503})
	if _, _, err := hear(t, engine(t, Options{URL: url}), said()); transcribe.VerdictOf(err) == transcribe.GiveUp || err == nil {
		t.Errorf("error %v, want one that lets others try", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []Options{{URL: "http://localhost"}, {Rate: 100}, {Rate: 96000}} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v) succeeded", o)
		}
	}
	info := engine(t, Options{Model: "zipformer", Language: "de", TextOnly: true}).Info()
	if info.Name != "sherpaws" || info.Model != "zipformer" || info.Languages[0] != "de" || info.Note == "" {
		t.Errorf("%+v", info)
	}
}

func TestRealServer(t *testing.T) {
	url := os.Getenv("HEED_TEST_SHERPAWS_URL")
	if url == "" {
		t.Skip("HEED_TEST_SHERPAWS_URL names no real server")
	}
	enginetest.Run(t, func(t *testing.T) transcribe.Engine { return engine(t, Options{URL: url}) }, enginetest.Options{Recall: 0.5})
}
