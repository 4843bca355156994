package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
	"go.uber.org/goleak"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/config"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/play"
	"heed/transcribe"
	"heed/transcribe/scripted"
	"heed/transcribe/sherpa"
)

// TestMain is also the speech worker, as the real binary is.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "stt-worker" {
		if err := sherpa.RunWorker(context.Background(), os.Stdin, os.Stdout, nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// bleve keeps a pool of workers for the whole process.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// script is the transcript beside a recorded call.
type script struct {
	Title  string
	Caller string
	Expect struct{ Intents, Suggest []string }
}

func readScript(t *testing.T, name string) (script, []scripted.Line) {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".json")
	if err != nil {
		t.Fatal(err)
	}
	var s script
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	lines, err := scripted.Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s, lines
}

func recording(t *testing.T, name string) *play.Recording {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".wav")
	if err != nil {
		t.Fatal(err)
	}
	r, err := play.Read(bytes.NewReader(raw), play.Right)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// names are the recorded calls.
func names(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(fixtures.Calls(), "*.wav")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d recorded calls, error %v", len(files), err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], ".wav")
	}
	return files
}

// scriptedBy replays the transcript that belongs to the caller's number.
func scriptedBy(lines map[string][]scripted.Line) app.Engine {
	e := app.NoEngine()
	e.Info = transcribe.Info{Name: "scripted"}
	e.For = func(c event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
		return scripted.New(scripted.ForParty(lines[c.From], string(who))), "scripted"
	}
	return e
}

func settings(t *testing.T, dir string) config.Config {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c := config.Bind(flags)
	if _, err := config.Load(flags, c, "", os.Getenv); err != nil {
		t.Fatal(err)
	}
	c.Listen, c.Data = "127.0.0.1:0", dir
	app.Undrawn(c)
	return *c
}

// analyzer is trained once for all tests.
var analyzer = sync.OnceValues(func() (insights.Analyzer, error) { return app.NewAnalyzer(config.Config{}, nil) })

// serve starts a server; the test's end stops it.
func serve(t *testing.T, dir string, e app.Engine) (*app.App, *client.Client) {
	t.Helper()
	a := build(t, settings(t, dir), e)
	return a, run(t, a)
}

// serveWith starts a server with settings of its own.
func serveWith(t *testing.T, cfg config.Config, e app.Engine) *client.Client {
	t.Helper()
	return run(t, build(t, cfg, e))
}

func build(t *testing.T, cfg config.Config, e app.Engine) *app.App {
	t.Helper()
	understand, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{
		Config: cfg, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: e, Analyzer: understand,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// run runs a server until the test's end.
func run(t *testing.T, a *app.App) *client.Client {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := a.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := client.New("http://"+a.Addr().String(), a.Key())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// call plays a recording and gives the record of the call when it is over.
func call(t *testing.T, c *client.Client, rec *play.Recording, from string, speed float64) *desk.Record {
	t.Helper()
	return callAs(t, c, play.Options{
		Recording: rec, URL: c.Base(), Key: c.Key(), Speed: speed,
		Caller: play.Caller{From: from, To: "+12025550199", Agent: "Dana"},
	})
}

// callAs is call with options of its own.
func callAs(t *testing.T, c *client.Client, o play.Options) *desk.Record {
	t.Helper()
	// A call that never ends must name itself, not the whole run's time limit.
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	played, err := play.Call(ctx, o)
	if err != nil {
		t.Error(err)
		return &desk.Record{}
	}
	r, err := c.Wait(ctx, played.PlatformCall, nil)
	if err != nil {
		t.Errorf("call %s from %s: %v", played.PlatformCall, o.Caller.From, err)
		return &desk.Record{}
	}
	return r
}

// TestRecordedCalls plays each recorded call through the whole server, over
// the network, with its transcript as the ears: every word arrives once, and
// what is suggested is what the call needs.
func TestRecordedCalls(t *testing.T) {
	lines := make(map[string][]scripted.Line)
	callers := make(map[string]string)
	for _, name := range names(t) {
		s, l := readScript(t, name)
		lines[s.Caller], callers[name] = l, s.Caller
	}
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(lines))
	records := make(map[string]*desk.Record)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, name := range names(t) {
		rec := recording(t, name)
		wg.Go(func() {
			r := call(t, c, rec, callers[name], 25)
			mu.Lock()
			defer mu.Unlock()
			records[name] = r
		})
	}
	wg.Wait()
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			s, l := readScript(t, name)
			r := records[name]
			if r.Recording.State != "kept" || r.Status != event.CallOver {
				t.Errorf("call %s, recording %+v", r.Status, r.Recording)
			}
			for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
				said, heard := words(scripted.ForParty(l, string(who))), wordsOf(r, who)
				if name != "double-charge" && said != heard {
					t.Errorf("%s said\n%s\nand was heard as\n%s\n(health %+v)", who, said, heard, r.Health)
				}
			}
			expect(t, s, r)
		})
	}
	if text := wordsOf(records["double-charge"], insights.Customer); strings.Contains(text, "one one one one") {
		t.Error("the card number is in the transcript")
	}
}

// words is all that a party says. How it is cut into utterances depends on
// whether the engine kept up.
func words(lines []scripted.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.Fields(l.Text)...)
	}
	return strings.Join(out, " ")
}

func wordsOf(r *desk.Record, who insights.Speaker) string {
	var out []string
	for _, u := range r.Utterances {
		if u.Speaker == who {
			out = append(out, u.Text)
		}
	}
	return strings.Join(out, " ")
}

// expect checks what must hold whatever the engine hears exactly: every
// expected intent's family was raised and a suggestion of an expected issue
// was made.
func expect(t *testing.T, s script, r *desk.Record) {
	t.Helper()
	heard := make(map[string]bool)
	for _, in := range r.Insights {
		if in.Kind == insights.Intent && in.Speaker == insights.Customer {
			heard[in.Name] = true
		}
	}
	if !heard[s.Expect.Intents[0]] {
		t.Errorf("%s: the intent %s was not heard; heard %v", s.Title, s.Expect.Intents[0], heard)
	}
	offered := make(map[string]bool)
	for _, d := range r.Decisions {
		if len(d.Actions) > 3 {
			t.Errorf("%d suggestions at once", len(d.Actions))
		}
		for _, a := range d.Actions {
			offered[a.Issue] = true
			if a.Because == "" || a.Say == "" || a.Title == "" {
				t.Errorf("suggestion %s lacks its words: %+v", a.Action, a)
			}
		}
	}
	for _, issue := range s.Expect.Suggest {
		if offered[issue] {
			return
		}
	}
	t.Errorf("%s: suggested issues %v, want one of %v", s.Title, offered, s.Expect.Suggest)
}

// TestCallsAreHeardByTheRealEngine plays every recorded call through the
// speech engine. What is heard is not exact, so it is the outcome that counts.
func TestCallsAreHeardByTheRealEngine(t *testing.T) {
	t.Parallel() // it waits more than it works
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), realEngine(t))
	var wg sync.WaitGroup
	records := make([]*desk.Record, len(names(t)))
	for i, name := range names(t) {
		s, _ := readScript(t, name)
		rec := recording(t, name)
		wg.Go(func() { records[i] = call(t, c, rec, s.Caller, 4) })
	}
	wg.Wait()
	for i, name := range names(t) {
		s, l := readScript(t, name)
		if n := len(records[i].Utterances); n < len(l)/2 {
			t.Errorf("%s: %d utterances of %d turns were heard", name, n, len(l))
		}
		expect(t, s, records[i])
	}
}

// realEngine is sherpa, or the engines named, or the reason why they cannot be
// had.
func realEngine(t *testing.T, names ...string) app.Engine {
	t.Helper()
	c := settings(t, t.TempDir())
	if c.Speech.Engine = names; len(names) == 0 {
		c.Speech.Engine = []string{"sherpa"}
	}
	c.Speech.Second = "never" // the same audio gives the same text, on a busy machine too
	e, err := app.FindEngine(t.Context(), c, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	if err != nil {
		if os.Getenv("HEED_REQUIRE_ENGINES") == "1" {
			t.Fatal(err)
		}
		t.Skipf("no speech engine: %v; make setup gets them", err)
	}
	return e
}
