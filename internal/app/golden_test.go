package app

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/redact"
	"heed/internal/config"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/transcribe/scripted"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Undrawn has nobody drawn into an arm, or to be tried: that is done by ids, which
// are new each time, and a test would fail now and then.
func Undrawn(c *config.Config) {
	c.Content.Experiments, c.Decide.Explore, c.Decide.Uniform, c.Decide.Careful = "none", 0, 0, 0
}

// TestGoldenCalls takes the exact transcript of each recorded call, line by
// line in order of time, through redaction, understanding, the customer and
// the decision, and compares the outcome with the golden file. Nothing runs
// beside it, so it is the same each time.
func TestGoldenCalls(t *testing.T) {
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c := config.Bind(flags)
	if _, err := config.Load(flags, c, "", func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	c.Listen, c.Data = "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	Undrawn(c)
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	analyzer, err := NewAnalyzer(*c, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(t.Context(), Options{
		Config: *c, Logger: slog.New(slog.DiscardHandler), Engine: NoEngine(), Analyzer: analyzer,
		Now: func() time.Time { return clock },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	files, err := fs.Glob(fixtures.Calls(), "*.json")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d scripts, error %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".json")
		t.Run(name, func(t *testing.T) {
			r := hear(t, a, analyzer, name, &clock)
			golden(t, name, summary(r))
		})
	}
}

// hear commits one script as a call and gives its record.
func hear(t *testing.T, a *App, analyzer insights.Analyzer, name string, clock *time.Time) *desk.Record {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".json")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := scripted.Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	start := *clock
	call := event.Call{ID: name, Platform: "script", PlatformCall: name, Direction: "inbound", StartedAt: start, Status: event.CallLive}
	if _, err := a.parts.brain.CallStarted(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	known := &insights.Call{ID: name}
	redactor, write := redact.New(redact.Policy{}), a.writerFor(call)
	for i, l := range lines {
		u := utterance(l, name, i+1)
		u, found, _ := redactor.Final(u)
		u.Written, u.WrittenWords = write(&u)
		found = append(found, analyzer.Analyze(&u, known)...)
		for n := range found {
			found[n].UtteranceID = u.ID
		}
		*clock = start.Add(l.End)
		if err := a.parts.brain.Heard(t.Context(), name, u, found); err != nil {
			t.Fatal(err)
		}
		known.Utterances, known.Insights = append(known.Utterances, u), append(known.Insights, found...)
	}
	r, err := desk.New(a.parts.store, a.o.Now, nil).Record(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// utterance is a line as a perfect engine would give it.
func utterance(l scripted.Line, call string, seq int) insights.Utterance {
	u := insights.Utterance{
		ID: fmt.Sprintf("%s-%d", call, seq), CallID: call, Seq: seq, Speaker: insights.Speaker(l.Speaker),
		Start: insights.SecondsOf(l.Start), End: insights.SecondsOf(l.End), Text: l.Text, Confidence: 1,
	}
	words := strings.Fields(l.Text)
	step := (u.End - u.Start) / insights.Seconds(len(words))
	for i, w := range words {
		from := u.Start + step*insights.Seconds(i)
		u.Words = append(u.Words, insights.Word{Text: w, Start: from, End: from + step, Confidence: 1})
	}
	return u
}

// summary is what a golden file holds.
func summary(r *desk.Record) []byte {
	var out bytes.Buffer
	for _, u := range r.Utterances {
		fmt.Fprintf(&out, "%7.2f %-8s %s\n", float64(u.Start), u.Speaker, u.Text)
		fmt.Fprintf(&out, "%17s%s\n", "", u.Written)
		for _, in := range r.Insights {
			if in.UtteranceID == u.ID && in.Kind != insights.Sentiment {
				fmt.Fprintf(&out, "%17s%s %s\n", "", in.Kind, in.Name)
			}
		}
	}
	last := ""
	for _, d := range r.Decisions {
		line := "silence: " + d.Because
		if len(d.Actions) > 0 {
			line = d.Actions[0].Action + ": " + d.Actions[0].Because
		}
		if line != last {
			fmt.Fprintf(&out, "suggested: %s\n", line)
		}
		last = line
	}
	return out.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it and run with -update\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
