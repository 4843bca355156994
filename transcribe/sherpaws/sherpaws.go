// Package sherpaws is the engine for a sherpa-onnx online WebSocket server of
// one's own, for models too large for this machine. Both of its forms work:
// the C++ server, which says when each word was spoken, and the Python
// example server, which sends text only.
//
// One server has one model, and takes neither a language nor phrases from a
// client, so hints change nothing. It has no keys; [Options].Key is for a
// proxy in front of it.
package sherpaws

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
	name = "sherpaws"
	// defaultURL is where the server listens when nobody said otherwise.
	defaultURL = "ws://localhost:6006"
	// defaultRate is that of nearly all models. The server does not say it and
	// does not check it.
	defaultRate = 16000
	// textPace is how many times the speed of speech audio is sent to a server
	// that gives no times: enough to catch up after a lost connection.
	textPace = 1.5
	// piece is the audio in one message, 6.4 kB at 16 kHz.
	piece = 100 * time.Millisecond
)

// Options say where the server is.
type Options struct {
	// URL is the server's address, ws or wss. Default ws://localhost:6006.
	URL string
	// Key goes as a bearer token to a proxy in front of the server. Optional.
	Key string
	// Rate is what the server expects, in Hz: its model's, or what it was
	// started with as input-sample-rate. Default 16000.
	Rate int
	// TextOnly says that the server gives no times, as the Python one. Words
	// then get the time at which they came, so audio must not run ahead: a
	// recording is sent at one and a half times the speed of speech.
	TextOnly bool
	// Model and Language describe the server's model to people.
	Model, Language string
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Engine hears with a sherpa-onnx server. It holds nothing open between calls.
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
	if o.Rate == 0 {
		o.Rate = defaultRate
	}
	if o.Rate < 8000 || o.Rate > 48000 {
		return nil, fmt.Errorf("%s: a rate of %d Hz is outside 8000..48000", name, o.Rate)
	}
	e := &Engine{o: o}
	var err error
	e.runner, err = remote.New(remote.Options{
		Name: name, Dial: e.dial, Rates: []int{o.Rate}, Piece: piece, Logger: o.Logger,
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
	if e.o.TextOnly {
		info.Note = "the server gives no times: those of words are when they came, up to half a second late"
	}
	return info
}

// dial opens a session. The server says nothing first and wants no
// configuration.
func (e *Engine) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	header := http.Header{}
	if e.o.Key != "" {
		header.Set("Authorization", "Bearer "+e.o.Key)
	}
	socket, err := remote.DialSocket(ctx, remote.SocketOptions{Name: name, URL: e.o.URL, Header: header})
	if err != nil {
		return nil, err
	}
	s := &session{socket: socket, rate: f.Rate, opened: time.Now()}
	if e.o.TextOnly {
		s.pace = textPace
	}
	return s, nil
}
