// Command cmd prints how well the embedded engine hears telephone speech.
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
	"time"

	"heed/insights/written"
	"heed/internal/eval"
	"heed/internal/model"
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
	bar                                    float64
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
	f.Float64Var(&s.bar, "bar", 0, "fail when the overall word error rate is above this, in percent")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.speech == "" && s.calls == "" && s.texts == "" {
		return s, errors.New("nothing to hear: give --speech or --calls; or --texts to write")
	}
	return s, nil
}

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
	engine, err := open(s)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	o := eval.Options{
		SpeechDir: s.speech, Engine: engine, Name: sherpa.Name, Native: s.native,
		CPU: func() time.Duration { return engine.Usage().CPU },
	}
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
		return err
	}
	if err := report.Write(out); err != nil {
		return err
	}
	if got := 100 * report.Overall.WER; s.bar > 0 && got > s.bar {
		return fmt.Errorf("word error rate %.1f %% is above %.1f %%", got, s.bar)
	}
	return nil
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

func open(s settings) (*sherpa.Engine, error) {
	runtimeDir, err := model.FindRuntime([]string{s.runtime})
	if err != nil {
		return nil, err
	}
	m, err := model.Find([]string{s.models}, model.SmallEnglish)
	if err != nil {
		return nil, err
	}
	tuning := sherpa.DefaultTuning()
	if s.tuning != "" {
		if err := json.Unmarshal([]byte(s.tuning), &tuning); err != nil {
			return nil, fmt.Errorf("read --tuning: %w", err)
		}
	}
	return sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: m.Dir, ModelName: m.Name, Tuning: &tuning})
}
