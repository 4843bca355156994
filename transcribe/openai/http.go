package openai

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

const (
	httpName  = "openai-http"
	httpURL   = "https://api.openai.com/v1"
	httpModel = "whisper-1"
	// httpBuffer is the audio kept for when the service is away; requests are
	// tried again within it.
	httpBuffer = 2 * time.Minute
	// httpFlush is how long the last stretch may take after the call.
	httpFlush = 10 * time.Second
	// defaultParallel is how many requests of one party are under way at most.
	defaultParallel = 4
)

// HTTPOptions say what to post to.
type HTTPOptions struct {
	// Key is a secret; it is required for OpenAI's own address.
	Key string
	// URL is the address under which audio/transcriptions is, http or https.
	// Default https://api.openai.com/v1.
	URL string
	// Model defaults to whisper-1, the only one of OpenAI's that says when each
	// word was spoken.
	Model string
	// Language is BCP 47; empty lets the model find out.
	Language string
	// Phrases are words that the caller may say; see transcribe.Hints.
	Phrases []string
	// Parallel is how many requests of one party are under way at most.
	// Default 4.
	Parallel int
	// Client sends the requests. Nil means one with the system's proxy; its
	// connections are shared by all calls and closed when idle.
	Client *http.Client
	// Logger gets a line for each failure. Nil means silence.
	Logger *slog.Logger
}

// HTTP is the engine that posts stretches of speech. Connections that are
// kept alive between calls end by themselves, or with [HTTP.CloseIdle].
type HTTP struct {
	o      HTTPOptions
	plain  *atomic.Bool // the server refuses verbose_json
	runner *remote.Runner
}

var (
	_ transcribe.Engine    = (*HTTP)(nil)
	_ transcribe.Describer = (*HTTP)(nil)
	_ transcribe.Hinter    = (*HTTP)(nil)
)

// NewHTTP checks the options and fills in defaults. It dials nothing.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	if o.URL == "" {
		o.URL = httpURL
	}
	o.URL = strings.TrimRight(o.URL, "/")
	if err := checkHTTP(o.URL); err != nil {
		return nil, fmt.Errorf("%s: %w", httpName, err)
	}
	if o.Key == "" && o.URL == httpURL {
		return nil, fmt.Errorf("%s: a key is required", httpName)
	}
	if o.Model == "" {
		o.Model = httpModel
	}
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.Client == nil {
		o.Client = &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 2 * defaultParallel,
			TLSHandshakeTimeout: 10 * time.Second,
		}}
	}
	e := &HTTP{o: o, plain: &atomic.Bool{}}
	e.plain.Store(jsonOnly(o.Model))
	return e, e.build()
}

// build makes the runner.
func (e *HTTP) build() (err error) {
	e.runner, err = remote.New(remote.Options{
		Name: httpName, Dial: e.dial, Rates: []int{16000, 8000}, Piece: 100 * time.Millisecond,
		Buffer: httpBuffer, FlushWithin: httpFlush, Logger: e.o.Logger,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", httpName, err)
	}
	return nil
}

// checkHTTP tells whether an address can be posted to, and never repeats it.
func checkHTTP(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("address is not a URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("address must begin with http:// or https:// and name a host")
	case u.User != nil || u.RawQuery != "":
		return errors.New("address must hold neither a password nor a query")
	}
	return nil
}

// jsonOnly tells whether a model of OpenAI's is known to give no times.
func jsonOnly(model string) bool { return strings.HasPrefix(model, "gpt-") }

// With gives an engine for one call. It shares the client.
func (e *HTTP) With(h transcribe.Hints) transcribe.Engine {
	hinted := &HTTP{o: e.o, plain: e.plain}
	if h.Language != "" {
		hinted.o.Language = h.Language
	}
	if len(h.Phrases) > 0 {
		hinted.o.Phrases = h.Phrases
	}
	if hinted.build() != nil {
		return e // hints cannot make good options bad
	}
	return hinted
}

// Transcribe is transcribe.Engine's.
func (e *HTTP) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.runner.Transcribe(ctx, frames, emit)
}

// Info says what hears, and that it gives no captions.
func (e *HTTP) Info() transcribe.Info {
	info := transcribe.Info{Name: httpName, Model: e.o.Model, Note: "no captions while somebody speaks: a sentence is shown when it is over"}
	if e.plain.Load() {
		info.Note += "; times of words are estimated within it"
	}
	if e.o.Language != "" {
		info.Languages = []string{e.o.Language}
	}
	return info
}

// CloseIdle closes connections that no request uses.
func (e *HTTP) CloseIdle() { e.o.Client.CloseIdleConnections() }

// dial begins a session, which connects with its first request.
func (e *HTTP) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	return newPosts(ctx, e, f.Rate), nil
}
