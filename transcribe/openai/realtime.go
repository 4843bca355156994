package openai

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

const (
	realtimeName  = "openai-realtime"
	realtimeURL   = "wss://api.openai.com/v1/realtime"
	realtimeModel = "gpt-live-transcribe"
	vllmURL       = "ws://localhost:8000/v1/realtime"
	// sessionLimit is what sessions were seen to live at least; the document
	// now says 60 minutes.
	sessionLimit = 30 * time.Minute
	// realtimePace is how many times the speed of speech a recording is sent. A
	// session is replaced in a quiet moment, which is only seen when its texts
	// keep up with the audio.
	realtimePace = 8
	// realtimePiece is the audio in one message.
	realtimePiece = 100 * time.Millisecond
)

// Dialect is the form of the realtime protocol that a server speaks.
type Dialect string

// The dialects.
const (
	OpenAI Dialect = "openai" // also speaches and others that follow it
	VLLM   Dialect = "vllm"
)

// RealtimeOptions say what to connect to.
type RealtimeOptions struct {
	// Key is a secret; it is required for OpenAI's own address.
	Key string
	// URL is the server's address, ws or wss. Default OpenAI's, or port 8000
	// of this machine for vLLM.
	URL string
	// Dialect defaults to OpenAI.
	Dialect Dialect
	// Model defaults to gpt-live-transcribe. vLLM has no default.
	Model string
	// Language is BCP 47; empty lets the model find out.
	Language string
	// Phrases are words that the caller may say; see transcribe.Hints. vLLM
	// takes none.
	Phrases []string
	// ServerVAD lets the server cut the speech. All audio is then sent.
	// gpt-live-transcribe and vLLM cannot.
	ServerVAD bool
	// Mulaw sends calls of 8 kHz as mu-law, a sixth of the bytes. OpenAI takes
	// it; compatible servers may not.
	Mulaw bool
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Realtime is the streaming engine. It holds nothing open between calls.
type Realtime struct {
	o      RealtimeOptions
	runner *remote.Runner
}

var (
	_ transcribe.Engine    = (*Realtime)(nil)
	_ transcribe.Describer = (*Realtime)(nil)
	_ transcribe.Hinter    = (*Realtime)(nil)
)

// NewRealtime checks the options and fills in defaults. It dials nothing.
func NewRealtime(o RealtimeOptions) (*Realtime, error) {
	if o.Dialect == "" {
		o.Dialect = OpenAI
	}
	var err error
	switch o.Dialect {
	case OpenAI:
		err = o.forOpenAI()
	case VLLM:
		err = o.forVLLM()
	default:
		err = fmt.Errorf("unknown dialect %q; there are %q and %q", o.Dialect, OpenAI, VLLM)
	}
	if err == nil {
		err = remote.CheckURL(o.URL)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", realtimeName, err)
	}
	e := &Realtime{o: o}
	if e.runner, err = remote.New(e.service()); err != nil {
		return nil, fmt.Errorf("%s: %w", realtimeName, err)
	}
	return e, nil
}

// forOpenAI fills in what that dialect wants.
func (o *RealtimeOptions) forOpenAI() error {
	if o.URL == "" {
		o.URL = realtimeURL
	}
	if o.Key == "" && strings.HasPrefix(o.URL, realtimeURL) {
		return errors.New("a key is required")
	}
	if o.Model == "" {
		o.Model = realtimeModel
	}
	if o.ServerVAD && o.Model == realtimeModel {
		return fmt.Errorf("the model %s has no voice activity detection", o.Model)
	}
	// A model in the address would make it a conversation; the intent makes it
	// a transcription. Servers that want it otherwise get their address as is.
	if u, err := url.Parse(o.URL); err == nil && u.RawQuery == "" {
		u.RawQuery = "intent=transcription"
		o.URL = u.String()
	}
	return nil
}

// forVLLM fills in what that dialect wants.
func (o *RealtimeOptions) forVLLM() error {
	if o.URL == "" {
		o.URL = vllmURL
	}
	switch {
	case o.Model == "":
		return errors.New("a model is required for vLLM")
	case o.ServerVAD, o.Mulaw:
		return errors.New("vLLM has neither voice activity detection nor mu-law")
	}
	return nil
}

// service describes the service to the runner.
func (e *Realtime) service() remote.Options {
	s := remote.Options{
		Name: realtimeName, Dial: e.dial, Rates: []int{24000}, Piece: realtimePiece,
		Pace: realtimePace, MaxSession: sessionLimit, FlushWithin: 3 * time.Second, Logger: e.o.Logger,
	}
	if e.o.Mulaw {
		s.Rates = append(s.Rates, mulawRate)
	}
	if e.o.Dialect == VLLM {
		s.Rates, s.MaxSession, s.Pace = []int{16000}, 0, 0 // a session hears one stretch after the other for ever
	}
	return s
}

// With gives an engine for one call.
func (e *Realtime) With(h transcribe.Hints) transcribe.Engine {
	o := e.o
	if h.Language != "" {
		o.Language = h.Language
	}
	if len(h.Phrases) > 0 {
		o.Phrases = h.Phrases
	}
	hinted, err := NewRealtime(o)
	if err != nil {
		return e // hints cannot make good options bad
	}
	return hinted
}

// Transcribe is transcribe.Engine's.
func (e *Realtime) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.runner.Transcribe(ctx, frames, emit)
}

// Info says what hears.
func (e *Realtime) Info() transcribe.Info {
	info := transcribe.Info{Name: realtimeName, Model: e.o.Model, Note: "times of words are estimated within each sentence"}
	if e.o.Language != "" {
		info.Languages = []string{e.o.Language}
	}
	return info
}

// dial opens a session and waits until the server has taken its settings.
func (e *Realtime) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	header := http.Header{}
	if e.o.Key != "" {
		header.Set("Authorization", "Bearer "+e.o.Key)
	}
	socket, err := remote.DialSocket(ctx, remote.SocketOptions{Name: realtimeName, URL: e.o.URL, Header: header})
	if err != nil {
		return nil, err
	}
	// Reading looks at no context; closing ends it.
	stop := context.AfterFunc(ctx, func() { _ = socket.Close() })
	session, err := e.greet(ctx, socket, f)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	return session, nil
}

// greet exchanges the first messages.
func (e *Realtime) greet(ctx context.Context, socket *remote.Socket, f remote.Format) (remote.Session, error) {
	if e.o.Dialect == VLLM {
		// It greets, and confirms no settings.
		if err := await(socket, "session.created"); err != nil {
			return nil, err
		}
		if err := socket.Text(ctx, map[string]string{"type": "session.update", "model": e.o.Model}); err != nil {
			return nil, fmt.Errorf("settings: %w", err)
		}
		return newVLLMSession(socket, f.Rate), nil
	}
	if err := socket.Text(ctx, e.settings(f)); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if err := await(socket, "session.updated"); err != nil {
		return nil, err
	}
	return newRealtimeSession(socket, f.Rate, e.o.ServerVAD), nil
}

// await reads until a message of a kind comes.
func await(socket *remote.Socket, kind string) error {
	const most = 20 // messages before it
	for range most {
		b, err := socket.Message()
		if err != nil {
			return fmt.Errorf("wait for %s: %w", kind, endOf(err, false))
		}
		ev, err := parseEvent(b)
		switch {
		case err != nil:
			return remote.Refused(realtimeName, err)
		case ev.Type == "error":
			return ev.fault().verdict()
		case ev.Type == kind:
			return nil
		}
	}
	return remote.Refused(realtimeName, fmt.Errorf("no %s: %w", kind, remote.ErrGarbage))
}
