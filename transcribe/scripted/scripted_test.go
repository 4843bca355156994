package scripted

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		var lines []Line
		for _, s := range enginetest.Script(t) {
			lines = append(lines, Line{Start: s.Start, End: s.End, Text: s.Text})
		}
		return New(lines)
	}, enginetest.Options{Recall: 1})
}

// tape is silence from a stream time on, in frames of one length.
func tape(from, to, frame time.Duration) []transcribe.Frame {
	var out []transcribe.Frame
	for at := from; at < to; at += frame {
		out = append(out, transcribe.Frame{PCM: make([]int16, int(min(frame, to-at)/(125*time.Microsecond))), Rate: 8000, At: at})
	}
	return out
}

// replay runs the engine over frames and checks the contract.
func replay(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, e *Engine, frames []transcribe.Frame,
) []transcribe.Segment {
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	var got []transcribe.Segment
	if err := e.Transcribe(context.Background(), feed, func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, problem := range enginetest.Check(got, frames) {
		t.Errorf("%s", problem)
	}
	return got
}

// texts gives the finals' texts.
func texts(segments []transcribe.Segment) string {
	var out []string
	for _, s := range segments {
		if s.Final {
			out = append(out, s.Text)
		}
	}
	return strings.Join(out, " | ")
}

func TestReplaysByStreamTime(t *testing.T) {
	lines := []Line{
		{Start: time.Second, End: 3 * time.Second, Text: "Once twic thre four"},
		{Start: 3200 * time.Millisecond, End: 5 * time.Second, Text: "five  six"}, // sooner than an endpoint
		{Start: 8 * time.Second, End: 9 * time.Second, Text: "seven"},
	}
	ms := time.Millisecond
	for _, c := range []struct {
		name   string
		frames []transcribe.Frame
		want   string
	}{
		{"whole", tape(0, 10*time.Second, 20*ms), "once twic thre four | five six | seven"},
		{"one huge frame", tape(0, 10*time.Second, 10*time.Second), "once twic thre four | five six | seven"},
		{"ends in the middle of a line", tape(0, 2*time.Second, 20*ms), "once twic"},
		{"begins in the middle of a line", tape(2*time.Second, 4*time.Second, 20*ms), "thre four | five"},
		{"a hole in a line", append(tape(0, 1900*ms, 20*ms), tape(2700*ms, 6*time.Second, 20*ms)...), "once twic | five six"},
		{"before anybody speaks", tape(0, time.Second, 20*ms), ""},
		{"after everybody spoke", tape(20*time.Second, 30*time.Second, 20*ms), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := texts(replay(t, New(lines), c.frames)); got != c.want {
				t.Errorf("finals %q, want %q", got, c.want)
			}
		})
	}
}

func TestPartialsComeInTime(t *testing.T) {
	lines := []Line{{Start: time.Second, End: 6 * time.Second, Text: "extraordinarily long words notwithstanding"}}
	e := New(lines)
	var last time.Duration
	now := time.Duration(0)
	p := player{words: e.words, emit: func(s transcribe.Segment) error {
		if !s.Final && last > 0 && now-last > 300*time.Millisecond {
			t.Errorf("no partial from %v to %v", last, now)
		}
		last = now
		return nil
	}}
	for _, f := range tape(0, 6*time.Second, 20*time.Millisecond) {
		now = f.End()
		if err := p.hear(f); err != nil {
			t.Fatal(err)
		}
	}
	if last < 5700*time.Millisecond {
		t.Errorf("last segment at %v, want partials up to the end", last)
	}
}

func TestFramesNeverChangeTheFinals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []Line
		at := time.Duration(0)
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			at += time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause")) * time.Millisecond
			length := time.Duration(rapid.IntRange(1, 4000).Draw(t, "length")) * time.Millisecond
			lines = append(lines, Line{Start: at, End: at + length, Text: rapid.StringMatching(`[a-z]{1,8}( [a-z]{1,8}){0,5}`).Draw(t, "text")})
			at += length
		}
		frame := time.Duration(rapid.IntRange(1, 3000).Draw(t, "frame")) * time.Millisecond
		want := texts(replay(t, New(lines), tape(0, at+time.Second, 20*time.Millisecond)))
		if got := texts(replay(t, New(lines), tape(0, at+time.Second, frame))); got != want {
			t.Errorf("frames of %v: %q, of 20 ms: %q", frame, got, want)
		}
	})
}

func TestOverlappingLinesAreMovedApart(t *testing.T) {
	e := New([]Line{
		{Start: 2 * time.Second, End: 4 * time.Second, Text: "second"},
		{Start: 0, End: 3 * time.Second, Text: "first"},
		{Start: time.Second, End: 2 * time.Second, Text: "swallowed"},
	})
	if got := texts(replay(t, e, tape(0, 5*time.Second, 20*time.Millisecond))); got != "first | second" {
		t.Errorf("finals %q", got)
	}
}

func TestParse(t *testing.T) {
	lines, err := Parse(strings.NewReader(`{"title":"x","turns":[
		{"role":"agent","start":0.9,"end":4.4,"text":"good morning"},
		{"role":"customer","start":5,"end":6.25,"text":"hi"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Line{Speaker: "customer", Start: 5 * time.Second, End: 6250 * time.Millisecond, Text: "hi"}
	if len(lines) != 2 || lines[1] != want || lines[0].Start != 900*time.Millisecond {
		t.Errorf("lines %+v", lines)
	}
	if got := ForParty(lines, "customer"); len(got) != 1 || got[0] != want {
		t.Errorf("customer's lines %+v", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"no JSON":           `turns`,
		"unknown role":      `{"turns":[{"role":"dog","start":0,"end":1,"text":"woof"}]}`,
		"ends before":       `{"turns":[{"role":"agent","start":2,"end":1,"text":"hi"}]}`,
		"negative":          `{"turns":[{"role":"agent","start":-1,"end":1,"text":"hi"}]}`,
		"longer than a day": `{"turns":[{"role":"agent","start":0,"end":1e9,"text":"hi"}]}`,
		"silent":            `{"turns":[{"role":"agent","start":0,"end":1,"text":" "}]}`,
	} {
		if lines, err := Parse(strings.NewReader(in)); err == nil || lines != nil {
			t.Errorf("%s: %v, %v; want an error", name, lines, err)
		}
	}
	if _, err := Parse(strings.NewReader(strings.Repeat(" ", maxTranscript+1))); !errors.Is(err, errTooBig) {
		t.Errorf("huge file: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"turns":[{"role":"agent","start":0.9,"end":4.4,"text":"good morning"}]}`)
	f.Fuzz(func(t *testing.T, in string) {
		lines, err := Parse(strings.NewReader(in))
		if err != nil {
			return
		}
		for _, l := range lines {
			if l.Start < 0 || l.End < l.Start || strings.TrimSpace(l.Text) == "" {
				t.Errorf("accepted %+v", l)
			}
		}
		New(lines)
	})
}
