// Command bench measures a whole server: how soon after the last word of an
// utterance its suggestion is on the agent's screen, and how many calls the
// speech engine hears in time. It starts the server in this process, plays
// recorded calls at it at real speed over the network, and prints percentiles.
//
// It judges nothing: the budgets stand beside the figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/event"
	"heed/transcribe"
	"heed/transcribe/scripted"
	"heed/transcribe/sherpa"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) == 2 && os.Args[1] == "stt-worker" {
		exit(sherpa.RunWorker(ctx, os.Stdin, os.Stdout, nil))
	}
	calls := flag.Int("calls", 50, "calls at once with the scripted engine")
	heard := flag.Int("heard", 25, "calls at once with the sherpa engine; 0 leaves them out")
	name := flag.String("recording", "cancel-competitor", "recorded call of the fixtures that is played")
	flag.Parse()
	exit(run(ctx, *calls, *heard, *name))
}

func exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func run(ctx context.Context, calls, heard int, name string) error {
	lines, err := script(name)
	if err != nil {
		return err
	}
	fmt.Printf("%d calls at once, scripted engine, real speed\n", calls)
	said := scriptedEngine(lines)
	times := newStopwatch(lines)
	if err := measure(ctx, said, times, load{calls, name, false}); err != nil {
		return err
	}
	if heard == 0 {
		return nil
	}
	fmt.Printf("\n%d calls (%d streams) at once, sherpa engine, real speed\n", heard, 2*heard)
	cfg, err := settings(os.TempDir())
	if err != nil {
		return err
	}
	cfg.Speech.Engine = "sherpa"
	engine, err := app.FindEngine(ctx, cfg, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	if err != nil {
		return err
	}
	return measure(ctx, engine, newStopwatch(lines), load{heard, name, true})
}

// load is how many calls are played, which, and whether they are heard.
type load struct {
	calls     int
	recording string
	heard     bool
}

func script(name string) ([]scripted.Line, error) {
	f, err := fixtures.Calls().Open(name + ".json")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only
	return scripted.Parse(f)
}

// scriptedEngine replays the transcript of the recording.
func scriptedEngine(lines []scripted.Line) app.Engine {
	e := app.NoEngine()
	e.Info = transcribe.Info{Name: "scripted"}
	e.For = func(_ event.Call, who insights.Speaker) (transcribe.Engine, string) {
		return scripted.New(scripted.ForParty(lines, string(who))), "scripted"
	}
	return e
}

// settings are those of a server on a free port with a data folder of its own.
func settings(dir string) (config.Config, error) {
	fs := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	c := config.Bind(fs)
	_, err := config.Load(fs, c, "", os.Getenv)
	c.Listen, c.Data, c.Log.Level = "127.0.0.1:0", dir, "error"
	return *c, err
}

// measure plays calls at a server with this engine and prints what came.
func measure(ctx context.Context, engine app.Engine, times *stopwatch, l load) (err error) {
	dir, err := os.MkdirTemp("", "heed-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg, err := settings(dir)
	if err != nil {
		return err
	}
	engine.For = times.wrap(engine.For)
	a, err := app.New(ctx, app.Options{
		Config: cfg, Engine: engine, Version: "bench",
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	quiet := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, a.Stop(quiet)) }()
	if err := a.Start(quiet); err != nil {
		return err
	}
	before, worker := cpu(), newWorkers()
	began := time.Now()
	r, err := playAll(ctx, a, times, l.calls, l.recording)
	if err != nil {
		return err
	}
	used := cpu() - before
	r.print(os.Stdout, l.heard)
	if l.heard {
		worker.print(os.Stdout, r.audio)
	}
	fmt.Printf("  CPU of this process, callers included: %.2f cores\n", used.Seconds()/time.Since(began).Seconds())
	return nil
}
