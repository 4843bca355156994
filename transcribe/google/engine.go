package google

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
	"unicode"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// name is the engine's name in errors, logs and on the status page.
const name = "google"

// Defaults of [Options].
const (
	defaultLocation   = "global"
	defaultRecognizer = "_" // the service's empty recognizer
	defaultModel      = "telephony"
	defaultLanguage   = "en-US"
	defaultBoost      = 10
	maxBoost          = 20 // the service refuses more
)

// How the service wants its audio; see the quotas page of its document.
const (
	piece      = 100 * time.Millisecond // the document's own advice
	maxSession = 5 * time.Minute
	// pace is twice real time: the document wants audio at about real time,
	// and after a lost connection captions must catch up.
	pace = 2
)

// Options say whose account is used, where, and what to listen with. Without
// Key and CredentialsFile the application default credentials are used: the
// file in GOOGLE_APPLICATION_CREDENTIALS, gcloud's login, or the machine's own
// service account.
type Options struct {
	// Key is an API key. It and CredentialsFile exclude each other.
	Key string
	// CredentialsFile is the path of a service account's JSON key.
	CredentialsFile string
	// URL replaces the vendor's endpoint: host:port for TLS, or http://host:port
	// for a test server, which is then sent no credentials but Key.
	URL string
	// Project is the Google Cloud project that pays. Required.
	Project string
	// Location is where the audio is processed: "global", "eu", "us-central1".
	// Default "global".
	Location string
	// Recognizer is the id of a recognizer resource in Project and Location.
	// Default "_", none.
	Recognizer string
	// Model is one of the service's that has word times and word confidence, as
	// the telephone models do. Default "telephony".
	Model string
	// Language is BCP 47. Default "en-US".
	Language string
	// Boost is how much likelier hinted phrases are made, above 0 to 20.
	// Default 10.
	Boost float64
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Engine hears by the service. Whoever made it with [New] closes it.
type Engine struct {
	o       Options
	phrases []string
	shared  *client
	// Changed by tests only.
	pace       float64
	maxSession time.Duration
}

var (
	_ transcribe.Engine    = (*Engine)(nil)
	_ transcribe.Describer = (*Engine)(nil)
	_ transcribe.Hinter    = (*Engine)(nil)
)

// New checks the options and fills in defaults. It reads no file and dials
// nothing; wrong credentials show at the first call.
func New(o Options) (*Engine, error) {
	o.Location = or(o.Location, defaultLocation)
	o.Recognizer = or(o.Recognizer, defaultRecognizer)
	o.Model = or(o.Model, defaultModel)
	o.Language = or(o.Language, defaultLanguage)
	if o.Boost == 0 {
		o.Boost = defaultBoost
	}
	language, err := region(o.Language)
	if err != nil {
		return nil, fmt.Errorf("%s: language: %w", name, err)
	}
	o.Language = language
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	e := &Engine{o: o, shared: newClient(o), pace: pace, maxSession: maxSession}
	if _, err := remote.New(e.remote()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return e, nil
}

// check refuses options that the service would refuse later.
func (o Options) check() error {
	for _, part := range []struct{ name, value string }{
		{"project", o.Project}, {"location", o.Location}, {"recognizer", o.Recognizer},
	} {
		if part.value == "" || strings.ContainsFunc(part.value, notInID) {
			return fmt.Errorf("%s %q is not an id", part.name, part.value)
		}
	}
	switch {
	case o.Key != "" && o.CredentialsFile != "":
		return errors.New("give an API key or a credentials file, not both")
	case !(o.Boost > 0 && o.Boost <= maxBoost):
		return fmt.Errorf("boost %v is not above 0 and up to %d", o.Boost, maxBoost)
	case o.plain() && o.CredentialsFile != "":
		return errors.New("a credentials file is for TLS only, and the URL is http")
	case o.URL != "" && o.endpoint() == "":
		return errors.New("URL is neither host:port nor http://host:port")
	}
	return nil
}

// notInID tells what the service's resource ids never hold. Projects of old
// domains have colons and points.
func notInID(r rune) bool {
	return r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.:", r)
}

// plain tells that the URL is a test server's without TLS.
func (o Options) plain() bool { return strings.HasPrefix(o.URL, "http://") }

// endpoint is host:port, empty when the URL has none.
func (o Options) endpoint() string {
	host := o.URL
	switch {
	case host == "" && o.Location == defaultLocation:
		return "speech.googleapis.com:443"
	case host == "":
		return o.Location + "-speech.googleapis.com:443"
	case !o.plain():
		host = "//" + host
	}
	u, err := url.Parse(host)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.Path != "" || u.User != nil {
		return ""
	}
	return u.Host
}

// or gives v, or the default when v is empty.
func or(v, preset string) string {
	if v == "" {
		return preset
	}
	return v
}

// Info says which model listens and that the audio leaves the house.
func (e *Engine) Info() transcribe.Info {
	return transcribe.Info{
		Name: name, Model: e.o.Model, Languages: []string{e.o.Language},
		Note: "callers' audio is sent to Google Cloud, location " + e.o.Location,
	}
}

// With gives an engine for one call that listens in another language and
// finds the phrases likelier. A language that is none is passed over.
func (e *Engine) With(h transcribe.Hints) transcribe.Engine {
	hinted := *e
	if language, err := region(h.Language); err == nil {
		hinted.o.Language = language
	}
	hinted.phrases = usable(h.Phrases)
	return &hinted
}

// Transcribe is transcribe.Engine's.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	r, err := remote.New(e.remote())
	if err != nil {
		return remote.Refused(name, err)
	}
	return r.Transcribe(ctx, frames, emit)
}

// remote describes the service to the runner.
func (e *Engine) remote() remote.Options {
	return remote.Options{
		Name: name, Dial: e.dial,
		Rates: []int{8000, 16000}, // telephone models were trained at 8 kHz
		Piece: piece, MaxSession: e.maxSession, Pace: e.pace,
		Logger: e.o.Logger,
	}
}

// Close ends the connections of this engine and of all that With made of it;
// calls that are running fail.
func (e *Engine) Close() error { return e.shared.close() }
