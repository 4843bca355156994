// Command cmd prints how well the embedded engines hear telephone speech.
// `make eval` runs it; it refuses to run without recordings and a model.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"heed/insights/written"
	"heed/internal/eval"
	"heed/internal/model"
	"heed/transcribe/pocketsphinx"
	"heed/transcribe/sherpa"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	speech, calls, models, runtime, tuning string
	texts                                  string
	native, each                           bool
	engines                                []string
	bars                                   eval.Bars
}

func parse(args []string) (settings, error) {
	var s settings
	f := flag.NewFlagSet("eval", flag.ContinueOnError)
	f.StringVar(&s.speech, "speech", "", "folder with manifest.jsonl and its utterances")
	f.StringVar(&s.calls, "calls", "", "folders of two-party calls (X.wav with X.json), comma-separated")
	f.StringVar(&s.texts, "texts", "", "file of written texts, one a line: take their marks and capitals and set them again")
	f.StringVar(&s.models, "models", os.Getenv("HEED_MODELS"), "folder of speech models")
	f.StringVar(&s.runtime, "runtime", os.Getenv("HEED_RUNTIME"), "folder of the speech runtime; else the Go module cache")
	f.StringVar(&s.tuning, "tuning", "", "JSON that changes single values of the default tuning")
	f.BoolVar(&s.native, "native", false, "hear the recordings as they are, without the telephone line")
	f.BoolVar(&s.each, "each", false, "print every utterance")
	engines := f.String("engine", sherpa.Name, "sherpa or pocketsphinx, or both with a comma; those after the first hear the single utterances only")
	bars := f.String("bars", "", "fail when a word error rate of the first engine is above its bar, in percent, such as overall=15,calls=18,asterisk=9")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.speech == "" && s.calls == "" && s.texts == "" {
		return s, errors.New("nothing to hear: give --speech or --calls; or --texts to write")
	}
	s.engines = strings.Split(*engines, ",")
	for _, name := range s.engines {
		if name != sherpa.Name && name != pocketsphinxName {
			return s, fmt.Errorf("no engine %q: sherpa and pocketsphinx can be measured", name)
		}
	}
	var err error
	s.bars, err = eval.ParseBars(*bars)
	return s, err
}

const pocketsphinxName = "pocketsphinx"

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) > 0 && args[0] == "stt-worker" {
		return sherpa.RunWorker(ctx, in, out, args[1:])
	}
	s, err := parse(args)
	if err != nil {
		return err
	}
	if s.texts != "" {
		return writeAgain(s, out)
	}
	var first eval.Report
	for i, name := range s.engines {
		report, err := measure(ctx, out, s, name, i > 0)
		if err != nil {
			return err
		}
		if i == 0 {
			first = report
		}
	}
	return s.bars.Check(first)
}

// measure prints the report of one engine.
func measure(ctx context.Context, out io.Writer, s settings, name string, brief bool) (eval.Report, error) {
	o, stop, err := open(s, name)
	if err != nil {
		return eval.Report{}, err
	}
	defer stop()
	o.SpeechDir, o.Name, o.Native, o.Brief = s.speech, name, s.native, brief
	if s.calls != "" {
		o.CallDirs = strings.Split(s.calls, ",")
	}
	if s.each {
		o.Each = func(u eval.Utterance) {
			fmt.Fprintf(out, "%s\t%d/%d\n  said  %s\n  heard %s\n", u.File, u.Sum(), u.Words, u.Said, u.Heard)
		}
	}
	report, err := eval.Measure(ctx, o)
	if err != nil {
		return eval.Report{}, err
	}
	return report, report.Write(out)
}

// writeAgain measures how well bare words are written out.
func writeAgain(s settings, out io.Writer) error {
	f, err := os.Open(s.texts)
	if err != nil {
		return fmt.Errorf("read --texts: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	var each func(text, written string)
	if s.each {
		each = func(text, written string) { fmt.Fprintf(out, "  %s\n  %s\n\n", text, written) }
	}
	r, err := eval.MeasureReadable(f, written.New(written.Options{}).Write, each)
	if err != nil {
		return err
	}
	return r.Write(out)
}

// open gives an engine and what it has used so far.
func open(s settings, name string) (o eval.Options, stop func(), err error) {
	if name == pocketsphinxName {
		engine, err := pocketsphinx.New(pocketsphinx.Options{})
		return eval.Options{Engine: engine, CPU: childTime}, func() {}, err
	}
	engine, err := openSherpa(s)
	if err != nil {
		return eval.Options{}, nil, err
	}
	return eval.Options{Engine: engine, CPU: func() time.Duration { return engine.Usage().CPU }},
		func() { _ = engine.Close() }, nil
}

// childTime is what child processes that ended have used: pocketsphinx starts
// one for each recording.
func childTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func openSherpa(s settings) (*sherpa.Engine, error) {
	runtimeDir, err := model.FindRuntime([]string{s.runtime})
	if err != nil {
		return nil, err
	}
	m, err := model.Find([]string{s.models}, model.SmallEnglish)
	if err != nil {
		return nil, err
	}
	tuning := sherpa.DefaultTuning()
	tuning.Second = sherpa.SecondAlways // the same figures on a busy machine
	if s.tuning != "" {
		if err := json.Unmarshal([]byte(s.tuning), &tuning); err != nil {
			return nil, fmt.Errorf("read --tuning: %w", err)
		}
	}
	return sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: m.Dir, ModelName: m.Name, Tuning: &tuning})
}
