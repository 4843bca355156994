// Package vosk is the engine for a vosk-server of one's own (its WebSocket
// form, github.com/alphacep/vosk-server). Audio stays on one's own machines.
//
// One server has one model and one language, so hints change nothing: its
// phrase list is a closed grammar, which would make everything else unheard,
// and is therefore never sent. There is no key; put a proxy in front of a
// server that is reached over an open network, and a bearer key in
// [Options].Key if it wants one.
package vosk

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

const (
	// name is the engine's, as configured.
	name = "vosk"
	// defaultURL is where the server listens when nobody said otherwise.
	defaultURL = "ws://localhost:2700"
	// piece is the audio in one message. The server works on each message as
	// it comes and answers each, so small ones cost and large ones are late.
	piece = 120 * time.Millisecond
)

// Options say where the server is.
type Options struct {
	// URL is the server's address, ws or wss. Default ws://localhost:2700.
	URL string
	// Key goes as a bearer token to a proxy in front of the server; the server
	// itself has no keys. Optional.
	Key string
	// Model and Language describe the server's model to people; the server
	// cannot be told which to use.
	Model, Language string
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Engine hears with a vosk-server. It holds nothing open between calls.
type Engine struct {
	o      Options
	runner *remote.Runner
}

var (
	_ transcribe.Engine    = (*Engine)(nil)
	_ transcribe.Describer = (*Engine)(nil)
)

// New checks the options. It dials nothing.
func New(o Options) (*Engine, error) {
	if o.URL == "" {
		o.URL = defaultURL
	}
	if err := remote.CheckURL(o.URL); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	e := &Engine{o: o}
	var err error
	e.runner, err = remote.New(remote.Options{
		Name:   name,
		Dial:   e.dial,
		Rates:  []int{8000, 16000}, // it is told the rate, and resamples if its model wants another
		Piece:  piece,
		Logger: o.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return e, nil
}

// Transcribe is transcribe.Engine's.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.runner.Transcribe(ctx, frames, emit)
}

// Info says what is known of the server's model.
func (e *Engine) Info() transcribe.Info {
	info := transcribe.Info{Name: name, Model: e.o.Model}
	if e.o.Language != "" {
		info.Languages = []string{e.o.Language}
	}
	return info
}

// dial opens a session and configures it.
func (e *Engine) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	header := http.Header{}
	if e.o.Key != "" {
		header.Set("Authorization", "Bearer "+e.o.Key)
	}
	socket, err := remote.DialSocket(ctx, remote.SocketOptions{Name: name, URL: e.o.URL, Header: header})
	if err != nil {
		return nil, err
	}
	if err := socket.Text(ctx, configuration(f.Rate)); err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("configure: %w", err)
	}
	return newSession(socket, f.Rate), nil
}
