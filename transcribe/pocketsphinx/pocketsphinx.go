// Package pocketsphinx is the engine of last resort: it pipes one party's
// audio through Debian's pocketsphinx_continuous, one worker process for each
// Transcribe call. It needs nothing but two Debian packages and hears about
// every second word on the telephone.
//
// It gives finals only, because the program prints nothing before an
// utterance ends, and its Info says so. Word times and confidences are the
// program's own. The package downloads nothing, restarts nothing behind the
// caller's back and keeps no process between calls.
package pocketsphinx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"heed/transcribe"
)

const (
	name = "pocketsphinx"
	// rate is what the English model was trained on.
	rate = 16000

	defaultCommand = "pocketsphinx_continuous"
	defaultModel   = "/usr/share/pocketsphinx/model/en-us"

	note = "last resort: about one word in two is wrong on the telephone, and words appear only when a sentence has ended"
)

// ErrMissing means that the program or its model is not installed; the
// message says how to install them.
var ErrMissing = errors.New("pocketsphinx is not installed: apt-get install pocketsphinx pocketsphinx-en-us")

// Options say where the program is. Zero values mean Debian's places.
type Options struct {
	// Command is the program, found in PATH unless it is a path.
	Command string
	// Model is the folder with en-us/, en-us.lm.bin and cmudict-en-us.dict.
	Model string
	// Logger gets one line for each worker that fails. Nil means silence.
	Logger *slog.Logger
}

// Engine starts a worker for each call. It may serve any number at once, each
// at about a third of a core.
type Engine struct {
	program string
	model   string
	log     *slog.Logger
}

var (
	_ transcribe.Engine    = (*Engine)(nil)
	_ transcribe.Describer = (*Engine)(nil)
)

// Find tells whether the program and its model are in Debian's places; the
// error wraps [ErrMissing].
func Find() error {
	_, err := New(Options{})
	return err
}

// New looks for the program and its model and starts nothing. The error wraps
// [ErrMissing] when something is not there.
func New(o Options) (*Engine, error) {
	if o.Command == "" {
		o.Command = defaultCommand
	}
	if o.Model == "" {
		o.Model = defaultModel
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	program, err := exec.LookPath(o.Command)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrMissing, err)
	}
	for _, file := range []string{featureFile, languageModel, dictionary} {
		if _, err := os.Stat(filepath.Join(o.Model, file)); err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrMissing, err)
		}
	}
	return &Engine{program: program, model: o.Model, log: o.Logger.With("component", "transcribe/"+name)}, nil
}

// Info warns that this is the last resort.
func (e *Engine) Info() transcribe.Info {
	return transcribe.Info{Name: name, Model: "Debian en-us", Languages: []string{"en"}, Note: note}
}

// Transcribe runs one worker for as long as frames come. A worker that dies
// gives Retry; one that will not start, UseAnother.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	// No worker before there is audio: a muted party costs nothing.
	first, err := transcribe.FirstFrame(ctx, frames)
	if err != nil || first == nil {
		return err
	}
	feed, err := newFeed(*first)
	if err != nil {
		return e.fail(transcribe.GiveUp, err)
	}
	return e.converse(ctx, feed, frames, emit)
}

// fail wraps a failure with its verdict and logs it.
func (e *Engine) fail(v transcribe.Verdict, err error) error {
	e.log.Warn("engine failed", "verdict", v.String(), "error", err)
	return &transcribe.Error{Engine: name, Verdict: v, Err: err}
}
