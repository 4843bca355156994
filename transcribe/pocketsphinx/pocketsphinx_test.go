package pocketsphinx

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// installed gives the real engine, or skips loudly; where engines are
// required, it fails.
func installed(t *testing.T) *Engine {
	t.Helper()
	e, err := New(Options{})
	switch {
	case err == nil:
		return e
	case os.Getenv("HEED_REQUIRE_ENGINES") == "1":
		t.Fatal(err)
	}
	t.Skipf("NOT TESTED: %v", err)
	return nil
}

func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: twenty passes of the real program take a minute")
	}
	// The first sentence comes out nearly whole; the second is one that the
	// Debian model does not hear.
	enginetest.Run(t, func(t *testing.T) transcribe.Engine { return installed(t) },
		enginetest.Options{FinalsOnly: true, Recall: 0.3, Patience: 3 * time.Minute})
}

func TestInfoWarns(t *testing.T) {
	if note := (&Engine{}).Info().Note; !strings.HasPrefix(note, "last resort") {
		t.Errorf("note %q", note)
	}
}

func TestMissingNamesTheRemedy(t *testing.T) {
	for _, o := range []Options{
		{Command: filepath.Join(t.TempDir(), "nowhere")},
		{Command: "/bin/true", Model: t.TempDir()},
	} {
		_, err := New(o)
		if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "apt-get install pocketsphinx pocketsphinx-en-us") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// stub is an engine whose program is a shell script.
func stub(t *testing.T, script string) *Engine {
	t.Helper()
	dir := t.TempDir()
	model := filepath.Join(dir, "model")
	if err := os.MkdirAll(filepath.Join(model, acoustics), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{featureFile, languageModel, dictionary} {
		if err := os.WriteFile(filepath.Join(model, f), []byte("-cmn batch\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	e, err := New(Options{Command: program, Model: model, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// second is a second of silence from a stream time on.
func second(at time.Duration, rate int) transcribe.Frame {
	return transcribe.Frame{PCM: make([]int16, rate), Rate: rate, At: at}
}

func TestWorkerFailuresHaveVerdicts(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         transcribe.Verdict
	}{
		{"killed", "kill -9 $$", transcribe.Retry},
		{"crashes after a word", "head -c 1000 >/dev/null; echo hi; echo 'hi 0.1 0.2 0.9'; echo '</s> 0.2 0.3 1'; kill -SEGV $$", transcribe.Retry},
		{"refuses its model", "exit 1", transcribe.UseAnother},
		{"leaves early", "exit 0", transcribe.Retry},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := stub(t, c.script)
			// The stream stays open, as a call does.
			frames := make(chan transcribe.Frame, 10)
			for i := range 10 {
				frames <- second(time.Duration(i)*time.Second, 8000)
			}
			err := e.Transcribe(t.Context(), frames, func(transcribe.Segment) error { return nil })
			var failure *transcribe.Error
			if !errors.As(err, &failure) || failure.Verdict != c.want || failure.Engine != name {
				t.Errorf("%v, want an error of this engine with verdict %q", err, c.want)
			}
		})
	}
}

func TestTheNextCallAfterACrashWorks(t *testing.T) {
	// The first worker says a sentence and dies; the second hears the rest.
	e := stub(t, `mark="$(dirname "$0")/crashed"
test -e "$mark" && { cat >/dev/null; echo rest; echo 'rest 0.1 0.9 1'; echo '</s> 1 1 1'; exit 0; }
touch "$mark"; head -c 64000 >/dev/null
echo first; echo 'first 0.5 1.5 1'; echo '</s> 1.6 1.7 1'; kill -9 $$`)
	feed := make(chan transcribe.Frame, 4)
	for i := range 4 {
		feed <- second(time.Duration(i)*time.Second, 8000)
	}
	var got []transcribe.Segment
	keep := func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	}
	err := e.Transcribe(t.Context(), feed, keep)
	if transcribe.VerdictOf(err) != transcribe.Retry || len(got) != 1 {
		t.Fatalf("%v after %d finals, want a retry after one", err, len(got))
	}
	from := got[0].End
	if err := e.Transcribe(t.Context(), frames(second(from, 8000)), keep); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[1].Text != "rest" || got[1].Start < from {
		t.Errorf("finals %+v", got)
	}
}

func TestWorkerThatCannotStart(t *testing.T) {
	e := stub(t, "exec cat >/dev/null")
	if err := os.Remove(e.program); err != nil {
		t.Fatal(err)
	}
	err := e.Transcribe(t.Context(), frames(second(0, 8000)), nil)
	if transcribe.VerdictOf(err) != transcribe.UseAnother {
		t.Errorf("%v, want another engine to be used", err)
	}
}

func TestBadFramesAreGivenUp(t *testing.T) {
	for name, in := range map[string][]transcribe.Frame{
		"rate that nothing has": {second(0, 1000)},
		"rate that changes":     {second(0, 8000), second(time.Second, 16000)},
	} {
		err := stub(t, "exec cat >/dev/null").Transcribe(t.Context(), frames(in...), nil)
		if err == nil || transcribe.VerdictOf(err) != transcribe.GiveUp {
			t.Errorf("%s: %v, want to give up", name, err)
		}
	}
}

// frames gives a closed channel.
func frames(in ...transcribe.Frame) <-chan transcribe.Frame {
	c := make(chan transcribe.Frame, len(in))
	for _, f := range in {
		c <- f
	}
	close(c)
	return c
}

func TestAWorkerThatHangsIsKilled(t *testing.T) {
	e := stub(t, "exec sleep 600")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	open := make(chan transcribe.Frame, 100)
	for i := range 100 { // more than a pipe holds
		open <- second(time.Duration(i)*time.Second, 8000)
	}
	start := time.Now()
	if err := e.Transcribe(ctx, open, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestNothingIsLeftInTheTemporaryFolder(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	e := stub(t, "cat >/dev/null")
	if err := e.Transcribe(t.Context(), frames(second(0, 8000)), nil); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "heed-pocketsphinx-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestGapsMapToStreamTime(t *testing.T) {
	// Two seconds, a gap of a minute, two seconds: the worker gets a second of
	// silence for the minute.
	e := stub(t, `cat >/dev/null
echo 'one two three'
echo '<s> 0 0.1 1'; echo 'one 0.5 1.0 0.5'; echo 'two(2) 1.5 2.4 1.0001'; echo '<sil> 2.4 3.0 1'; echo 'three 3.5 4.0 0.25'; echo '</s> 4 4.1 1'`)
	var got []transcribe.Segment
	in := []transcribe.Frame{second(0, 8000), second(time.Second, 8000), second(62*time.Second, 8000), second(63*time.Second, 8000)}
	if err := e.Transcribe(t.Context(), frames(in...), func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, problem := range enginetest.Check(got, in) {
		t.Error(problem)
	}
	if len(got) != 2 || got[0].Text != "one two" || got[1].Text != "three" {
		t.Fatalf("segments %+v, want the utterance cut at the gap", got)
	}
	ms := time.Millisecond
	if w := got[1].Words[0]; w.Start != 62500*ms || w.End != 63000*ms || w.Confidence != 0.25 {
		t.Errorf("after the gap: %+v", w)
	}
}

func TestParser(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "hi there\n<s> 0 0.1 1\nhi 0.1 0.2 0.9\nThere(3) 0.2 0.3 1.2\n</s> 0.3 0.4 1\n", "hi there"},
		{"two utterances", "a\na 0 1 1\n</s> 1 1 1\nb\nb 2 3 1\n</s> 3 3 1\n", "a|b"},
		{"no sentence mark", "a\na 0 1 1\nb\nb 2 3 1\n", "a|b"},
		{"fillers only", "\n<s> 0 1 1\n[NOISE] 1 2 1\n++UH++ 2 3 1\n</s> 3 4 1\n", ""},
		{"text of four words", "one two three four\none 0 1 1\n</s> 1 1 1\n", "one"},
		{"numbers that are none", "a\na NaN 1 1\nb -1 0 1\nc 0 1e99 1\nd 0 1 +Inf\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(parse(t, c.in), "|"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// parse gives the texts of all utterances of an output.
func parse(t *testing.T, in string) []string {
	t.Helper()
	found := make(chan []heard, len(in)+1)
	if err := read(strings.NewReader(in), found); err != nil && !strings.Contains(err.Error(), "too long") {
		t.Fatal(err)
	}
	close(found)
	var out []string
	for words := range found {
		var texts []string
		for _, w := range words {
			if w.text == "" || w.start < 0 || w.end < w.start || !(w.confidence >= 0 && w.confidence <= 1) {
				t.Errorf("word %+v", w)
			}
			texts = append(texts, w.text)
		}
		out = append(out, strings.Join(texts, " "))
	}
	return out
}

func FuzzParse(f *testing.F) {
	f.Add("hi there\n<s> 0 0.1 1\nhi 0.1 0.2 0.9\nthere(3) 0.2 0.3 1.2\n</s> 0.3 0.4 1\n")
	f.Add("a (2) 1 1 1\n(2) 1 1 1\n")
	f.Fuzz(func(t *testing.T, in string) { parse(t, in) })
}
