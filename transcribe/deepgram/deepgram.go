// Package deepgram hears through Deepgram's live service, or a server that
// speaks its protocol: one WebSocket for each party of a call, one channel in
// it. What all remote engines share is in transcribe/remote.
//
// The package uses no SDK of the vendor: the Go one (v3) starts goroutines
// that outlive a call, sleeps while closing, connects again without the audio
// that was lost, reads messages of any size and brings a sound card library
// with it.
package deepgram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/remote"
)

const (
	name = "deepgram"

	defaultURL   = "wss://api.deepgram.com/v1/listen"
	defaultModel = "nova-3"
	// endpointing is the silence in ms that ends an utterance. The service's
	// own 10 ms would cut sentences at every breath.
	endpointing = "300"
	// utteranceEnd is the gap between words in ms that ends one on noisy
	// lines, where no silence is ever seen; 1000 is the least allowed.
	utteranceEnd = "1000"
	// keepAlive is half of the 10 s after which a quiet connection is closed
	// (NET-0001), less a second.
	keepAlive = 4 * time.Second
)

// Limits of keyterms: 100, and 500 tokens in all. Going over costs the whole
// transcript, so tokens are counted generously: one for every two letters.
const (
	maxKeyterms = 100
	maxTokens   = 500
)

// Options say which service is used and how.
type Options struct {
	// Key is the API key, a secret.
	Key string
	// URL is the address. Default is Deepgram's own; it is set for their other
	// regions and self-hosted servers.
	URL string
	// Model is Deepgram's name. Default nova-3.
	Model string
	// Language is BCP 47, or "multi". Empty leaves it to the model.
	Language string
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
		return nil, errors.New("deepgram: no API key")
	}
	if o.URL == "" {
		o.URL = defaultURL
	}
	if o.Model == "" {
		o.Model = defaultModel
	}
	if err := remote.CheckURL(o.URL); err != nil {
		return nil, fmt.Errorf("deepgram: %w", err)
	}
	e := &Engine{o: o}
	return e, e.prepare()
}

// prepare makes the engine's own runner, whose sessions have its hints.
func (e *Engine) prepare() (err error) {
	e.runner, err = remote.New(remote.Options{
		Name: name, Dial: e.dial, Rates: []int{16000, 8000}, KeepAlive: keepAlive, Logger: e.o.Logger,
	})
	return err
}

// Info names the model, and says where the audio goes.
func (e *Engine) Info() transcribe.Info {
	info := transcribe.Info{Name: name, Model: e.o.Model}
	if e.o.Language != "" && e.o.Language != "multi" {
		info.Languages = []string{e.o.Language}
	}
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
		hinted.o.Language = language(h.Language)
	}
	if err := hinted.prepare(); err != nil {
		return e // cannot be: the same options made e
	}
	return hinted
}

// regions are the only ones the service knows, by language; it refuses a call
// in any other, such as "de-AT".
func regions(language string) []string {
	switch language {
	case "en":
		return []string{"US", "GB", "AU", "IN", "NZ"}
	case "es":
		return []string{"419"}
	case "fr":
		return []string{"CA"}
	case "de":
		return []string{"CH"}
	case "pt":
		return []string{"BR", "PT"}
	case "nl":
		return []string{"BE"}
	case "zh":
		return []string{"CN", "TW", "HK", "HANS", "HANT"}
	}
	return nil
}

// language gives the service's code for a BCP 47 tag: the language alone when
// the service does not know the region.
func language(tag string) string {
	base, region, _ := strings.Cut(tag, "-")
	base = strings.ToLower(base)
	if slices.Contains(regions(base), strings.ToUpper(region)) {
		return base + "-" + region
	}
	return base
}

// keyterms takes the first phrases that keep within the service's limits.
func keyterms(phrases []string) []string {
	tokens := 0
	for i, p := range phrases {
		tokens += 1 + (len(p)+1)/2
		if i == maxKeyterms || tokens > maxTokens {
			return phrases[:i:i]
		}
	}
	return phrases
}

// Transcribe is transcribe.Engine's.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.runner.Transcribe(ctx, frames, emit)
}

// query is what the service is asked for: raw words, as others put them into
// readable form, with partials and ends of utterances. Telephone audio goes
// as mu-law, half the bytes of PCM and no worse.
func (e *Engine) query(f remote.Format) url.Values {
	q := url.Values{
		"model": {e.o.Model}, "encoding": {"linear16"}, "sample_rate": {strconv.Itoa(f.Rate)}, "channels": {"1"},
		"interim_results": {"true"}, "endpointing": {endpointing}, "utterance_end_ms": {utteranceEnd},
	}
	if f.Rate == 8000 {
		q.Set("encoding", "mulaw")
	}
	if e.o.Language != "" {
		q.Set("language", e.o.Language)
	}
	if len(e.phrases) > 0 && strings.HasPrefix(e.o.Model, "nova-3") { // others refuse them
		q["keyterm"] = e.phrases
	}
	return q
}

// dial opens one session.
func (e *Engine) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	socket, err := remote.DialSocket(ctx, remote.SocketOptions{
		Name: name, URL: remote.Address(e.o.URL, e.query(f)),
		Header: http.Header{"Authorization": {"Token " + e.o.Key}},
	})
	if err != nil {
		return nil, err
	}
	return &session{Socket: socket, mulaw: f.Rate == 8000}, nil
}

// session is one connection.
type session struct {
	*remote.Socket
	mulaw bool
	bytes []byte
	parse parser
}

// control is a message to the service. Sent as binary it would be taken for
// audio, so it goes as text.
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

// KeepAlive keeps a quiet connection open.
func (s *session) KeepAlive(ctx context.Context) error { return s.Text(ctx, control{"KeepAlive"}) }

// Finish has the service say what it holds back and close.
func (s *session) Finish(ctx context.Context) error {
	if err := s.Text(ctx, control{"Finalize"}); err != nil {
		return err
	}
	return s.Text(ctx, control{"CloseStream"})
}

// Receive gives the next message that says something about speech.
func (s *session) Receive(context.Context) ([]remote.Result, error) {
	for {
		b, err := s.Message()
		if closed, ok := errors.AsType[*remote.CloseError](err); ok && closed.Code == closePolicy {
			return nil, remote.Refused(name, err)
		}
		if err != nil {
			return nil, err
		}
		results, err := s.parse.message(b)
		if len(results) > 0 || err != nil {
			return results, err
		}
	}
}

// closePolicy closes a connection whose audio the service cannot read
// (DATA-0000).
const closePolicy = 1008
