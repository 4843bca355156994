// Package assemblyai hears through AssemblyAI's streaming service, version 3:
// one WebSocket for each party of a call. What all remote engines share is in
// transcribe/remote.
//
// A session is billed for as long as it is open, so every one is told that it
// is over, also when a call is cancelled. The vendor has no Go SDK that is
// still kept for this version.
package assemblyai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/remote"
)

const (
	name       = "assemblyai"
	defaultURL = "wss://streaming.assemblyai.com/v3/ws"

	// Models by language, used when none is configured.
	english      = "universal-streaming-english"
	multilingual = "universal-streaming-multilingual"
	anyLanguage  = "whisper-rt"

	// piece lies within the 50 to 1000 ms that the service takes (3007).
	piece = 100 * time.Millisecond
	// inactivity is how long, in s, a session may hear nothing before the
	// service ends it: the safety net for a connection that breaks without
	// a Terminate. keepAlive is well below it.
	inactivity = "30"
	keepAlive  = 10 * time.Second
	// maxSession is the service's limit (3008).
	maxSession = 3 * time.Hour
	// defaultPace is a little above real time, so that a session that took
	// over buffered audio catches up; the service ends one that is sent audio
	// faster than it is spoken (3007) but does not say from where on.
	defaultPace = 1.2

	// Limits of keyterms_prompt.
	maxKeyterms = 100
	maxLetters  = 50
)

// Options say which service is used and how.
type Options struct {
	// Key is the API key, a secret.
	Key string
	// URL is the address. Default is AssemblyAI's own; it is set for their EU
	// region and self-hosted servers.
	URL string
	// Model is AssemblyAI's speech_model. Empty takes one for the language.
	Model string
	// Language is BCP 47. Default "en".
	Language string
	// Pace is the most times real time at which audio is sent. Default 1.2.
	// Imports take that long; self-hosted servers may allow more.
	Pace float64
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Engine hears any number of calls at once. It keeps nothing between them.
type Engine struct {
	o       Options
	phrases []string
	runner  *remote.Runner
}

var (
	_ transcribe.Engine    = (*Engine)(nil)
	_ transcribe.Describer = (*Engine)(nil)
	_ transcribe.Hinter    = (*Engine)(nil)
)

// New checks the options. It dials nothing.
func New(o Options) (*Engine, error) {
	if o.Key == "" {
		return nil, errors.New("assemblyai: no API key")
	}
	if o.URL == "" {
		o.URL = defaultURL
	}
	if o.Language == "" {
		o.Language = "en"
	}
	if o.Pace == 0 {
		o.Pace = defaultPace
	}
	if o.Pace < 1 {
		return nil, fmt.Errorf("assemblyai: pace %v is slower than people speak", o.Pace)
	}
	if err := remote.CheckURL(o.URL); err != nil {
		return nil, fmt.Errorf("assemblyai: %w", err)
	}
	e := &Engine{o: o}
	return e, e.prepare()
}

// prepare makes the engine's own runner, whose sessions have its hints.
func (e *Engine) prepare() (err error) {
	e.runner, err = remote.New(remote.Options{
		Name: name, Dial: e.dial, Rates: []int{16000, 8000}, Piece: piece, KeepAlive: keepAlive,
		MaxSession: maxSession, Pace: e.o.Pace, Numbered: true, Logger: e.o.Logger,
	})
	return err
}

// model is the configured one, or the best for the language.
func (e *Engine) model() string {
	if e.o.Model != "" {
		return e.o.Model
	}
	language, _, _ := strings.Cut(strings.ToLower(e.o.Language), "-")
	switch language {
	case "en":
		return english
	case "es", "de", "fr", "pt", "it":
		return multilingual
	}
	return anyLanguage
}

// Info names the model, and says where the audio goes.
func (e *Engine) Info() transcribe.Info {
	info := transcribe.Info{Name: name, Model: e.model(), Languages: []string{e.o.Language}}
	if u, err := url.Parse(e.o.URL); err == nil {
		info.Note = "audio is sent to " + u.Hostname()
	}
	return info
}

// With gives an engine for a call in h's language that listens for its
// phrases, as many as the service takes.
func (e *Engine) With(h transcribe.Hints) transcribe.Engine {
	hinted := &Engine{o: e.o, phrases: keyterms(h.Phrases)}
	if h.Language != "" {
		hinted.o.Language = h.Language
	}
	if err := hinted.prepare(); err != nil {
		return e // cannot be: the same options made e
	}
	return hinted
}

// keyterms takes the first phrases that keep within the service's limits.
func keyterms(phrases []string) []string {
	var out []string
	for _, p := range phrases {
		if len(out) < maxKeyterms && len([]rune(p)) <= maxLetters {
			out = append(out, p)
		}
	}
	return out
}

// Transcribe is transcribe.Engine's.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.runner.Transcribe(ctx, frames, emit)
}

// query is what the service is asked for. Turns are not formatted: that would
// end each one twice, and others put words into readable form.
func (e *Engine) query(f remote.Format) (url.Values, error) {
	q := url.Values{
		"sample_rate": {strconv.Itoa(f.Rate)}, "encoding": {"pcm_s16le"}, "speech_model": {e.model()},
		"format_turns": {"false"}, "inactivity_timeout": {inactivity},
	}
	if f.Rate == 8000 {
		q.Set("encoding", "pcm_mulaw")
	}
	if len(e.phrases) > 0 {
		b, err := json.Marshal(e.phrases)
		if err != nil {
			return nil, fmt.Errorf("encode keyterms: %w", err)
		}
		q.Set("keyterms_prompt", string(b))
	}
	return q, nil
}

// dial opens one session.
func (e *Engine) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	q, err := e.query(f)
	if err != nil {
		return nil, err
	}
	socket, err := remote.DialSocket(ctx, remote.SocketOptions{
		Name: name, URL: remote.Address(e.o.URL, q), Header: http.Header{"Authorization": {e.o.Key}},
	})
	if err != nil {
		return nil, err
	}
	return &session{Socket: socket, mulaw: f.Rate == 8000}, nil
}

// session is one connection.
type session struct {
	*remote.Socket
	mulaw    bool
	bytes    []byte
	finished atomic.Bool // Terminate was sent
}

// control is a message to the service.
type control struct {
	Type string `json:"type"`
}

// Send sends audio in a binary frame.
func (s *session) Send(ctx context.Context, pcm []int16) error {
	s.bytes = s.bytes[:0]
	if s.mulaw {
		s.bytes = audio.EncodeMulaw(s.bytes, pcm)
	} else {
		s.bytes = remote.AppendPCM(s.bytes, pcm)
	}
	return s.Binary(ctx, s.bytes)
}

// KeepAlive puts off the end of a quiet session.
func (s *session) KeepAlive(ctx context.Context) error { return s.Text(ctx, control{"KeepAlive"}) }

// Finish ends the open turn and the session.
func (s *session) Finish(ctx context.Context) error {
	if err := s.Text(ctx, control{"ForceEndpoint"}); err != nil {
		return err
	}
	s.finished.Store(true)
	return s.Text(ctx, control{"Terminate"})
}

// Close ends the session for the bill too.
func (s *session) Close() error {
	if s.finished.Load() {
		return s.Socket.Close()
	}
	return s.CloseSaying(control{"Terminate"})
}

// Receive gives the next message that says something about speech.
func (s *session) Receive(context.Context) ([]remote.Result, error) {
	for {
		b, err := s.Message()
		if closed, ok := errors.AsType[*remote.CloseError](err); ok {
			return nil, verdict(closed.Code, closed.Reason)
		}
		if err != nil {
			return nil, err
		}
		results, err := parse(b)
		if len(results) > 0 || err != nil {
			return results, err
		}
	}
}
