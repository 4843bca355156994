// Command bench measures a whole server: how soon after the last word of an
// utterance its suggestion is on the agent's screen, and how many calls the
// speech engine hears in time, how many events of other systems are taken
// a second, and how many decisions are given. It starts the server in this process, plays
// recorded calls at it at real speed over the network, and prints percentiles.
//
// It judges nothing: the budgets stand beside the figures.
package main

import (
	"bytes"
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
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
	"heed/transcribe/sherpa"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if work := worker(os.Args[1:]); work != nil {
		exit(work(ctx))
	}
	calls := flag.Int("calls", 50, "calls at once with the scripted engine; 0 leaves them out")
	heard := flag.Int("heard", 25, "calls at once with the sherpa engine; 0 leaves them out")
	sent := flag.Duration("events", 10*time.Second, "how long each way of sending events is measured; 0 leaves them out")
	decided := flag.Duration("decisions", 10*time.Second, "how long decisions are asked for over HTTP; 0 leaves them out")
	open := flag.Int("slots", 50, "open slots that are followed while events come; 0 leaves them out")
	reads := flag.Bool("reads", true, "measure reads of a customer with a long history")
	twilio := flag.Int("twilio", 1000, "streams of Twilio at once, in a process of their own; 0 leaves them out")
	whip := flag.Int("whip", 400, "streams of Opus over WebRTC at once; 0 leaves them out")
	prof := flag.String("profiles", "", "folder for the server's profiles while it has those streams")
	name := flag.String("recording", "cancel-competitor", "recorded call of the fixtures that is played")
	sought := flag.Int("search", 1_000_000, "utterances that are searched; 0 leaves them out")
	counted := flag.Int("themes", 100_000, "calls in which a new theme is counted; 0 leaves them out")
	data := flag.String("data", "", "folder of conversations that the searched utterances are made of")
	flag.Parse()
	for _, part := range []struct {
		wanted bool
		run    func() error
	}{
		{*sought > 0 && *data != "", func() error { return searches(ctx, *sought, *data) }},
		{*counted > 0, func() error { return countThemes(ctx, *counted) }},
		{*sent > 0, func() error { return events(ctx, *sent) }},
		{*decided > 0, func() error { return decisions(ctx, *decided) }},
		{*open > 0, func() error { return openSlots(ctx, *open) }},
		{*reads, func() error { return profiles(ctx) }},
		{true, func() error { return streams(ctx, *prof, crowds(*twilio, *whip)...) }},
		{true, func() error { return run(ctx, *calls, *heard, *name) }},
	} {
		if !part.wanted {
			continue
		}
		if err := part.run(); err != nil {
			exit(err)
		}
	}
	exit(nil)
}

// worker gives what this process is to do when it is one of the bench's own.
func worker(args []string) func(context.Context) error {
	switch {
	case len(args) == 1 && args[0] == "stt-worker":
		return func(ctx context.Context) error { return sherpa.RunWorker(ctx, os.Stdin, os.Stdout, nil) }
	case len(args) == 2 && args[0] == "serve-worker":
		return func(ctx context.Context) error { return serveWorker(ctx, args[1]) }
	case len(args) > 0 && args[0] == "play-worker":
		return func(ctx context.Context) error { return playWorker(ctx, args[1:]) }
	}
	return nil
}

func exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

// run plays calls that engines hear.
func run(ctx context.Context, calls, heard int, name string) error {
	lines, err := script(name)
	if err != nil {
		return err
	}
	if calls > 0 {
		fmt.Printf("%d calls at once, scripted engine, real speed\n", calls)
		if err := measure(ctx, scriptedEngine(lines), calls, name, false); err != nil {
			return err
		}
	}
	if heard == 0 {
		return nil
	}
	fmt.Printf("\n%d calls (%d streams) at once, sherpa engine, real speed\n", heard, 2*heard)
	cfg, err := settings(os.TempDir())
	if err != nil {
		return err
	}
	engine, err := engineOf(ctx, cfg, "sherpa")
	if err != nil {
		return err
	}
	if err := measure(ctx, engine, heard, name, true); err != nil {
		return err
	}
	fmt.Printf("\nOne recording, as fast as it goes (budget 60 times real time)\n")
	raw, turns, err := recorded(name)
	if err != nil {
		return err
	}
	wav, err := audio.ReadWAV(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	for _, engine := range []string{"sherpa", "pocketsphinx"} {
		if err := alone(ctx, cfg, engine, wav, turns); err != nil {
			fmt.Printf("  %s: %v\n", engine, err)
		}
	}
	return nil
}

func engineOf(ctx context.Context, cfg config.Config, name string) (app.Engine, error) {
	cfg.Speech.Engine = []string{name}
	return app.FindEngine(ctx, cfg, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
}

// alone measures an engine without a server.
func alone(ctx context.Context, cfg config.Config, name string, wav audio.WAV, turns []scripted.Line) (err error) {
	engine, err := engineOf(ctx, cfg, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	// Once before, so that the model is loaded.
	e, _ := engine.For(event.Call{Status: event.CallOver}, insights.Customer, nil)
	if _, err := hearParty(ctx, e, wav.Channels[1][:2*wav.Rate], wav.Rate); err != nil {
		return err
	}
	return offline(ctx, name, engine, wav, turns)
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
	e.For = func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
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

// measure plays n calls at a server with this engine and prints what came.
func measure(ctx context.Context, engine app.Engine, n int, name string, spoken bool) error {
	times := newStopwatch()
	engine.For = times.wrap(engine.For)
	return serving(ctx, func(o *app.Options) { o.Engine = engine }, func(a *app.App) error {
		before, engines := cpu(), usage()
		began := time.Now()
		r, err := playAll(ctx, a, times, n, name)
		if err != nil {
			return err
		}
		used := cpu() - before
		r.print(os.Stdout, spoken)
		fmt.Printf("  CPU of this process, callers included: %.2f cores\n", used.Seconds()/time.Since(began).Seconds())
		if spoken {
			hearing := usage() - engines
			fmt.Printf("  CPU of the speech worker: %.2f cores; its memory at most %d MB (budget 300 MB)\n",
				hearing.Seconds()/time.Since(began).Seconds(), workerMemory())
			fmt.Printf("  capacity of this machine: %+v\n", engine.Pool.Room())
		}
		return nil
	})
}
