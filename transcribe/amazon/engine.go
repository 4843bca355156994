package amazon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// name is the engine's name in errors, logs and on the status page.
const name = "amazon"

// How the service wants its audio.
const (
	// piece is within the 50 to 200 ms of the service's own advice, and short,
	// because it delays every word.
	piece = 60 * time.Millisecond
	// maxSession is the longest stream of the service's quotas.
	maxSession = 4 * time.Hour
	// pace is near the real time that the service wants and lets captions
	// catch up after a lost connection.
	pace = 1.5
)

const defaultLanguage = "en-US"

// Options say whose account is used, where, and what to listen with. Without
// AccessKey the SDK's default chain finds credentials: environment, shared
// files, single sign-on, the container's or the machine's role. They must
// allow transcribe:StartStreamTranscriptionWebSocket.
type Options struct {
	// AccessKey, Secret and, for temporary credentials, Token.
	AccessKey, Secret, Token string
	// Profile is one of the shared files' profiles. Not with AccessKey.
	Profile string
	// Region is where the audio is processed, such as "eu-central-1". Empty
	// takes the default chain's.
	Region string
	// URL replaces the vendor's endpoint: ws or wss, without path and query.
	URL string
	// Language is BCP 47. Default "en-US".
	Language string
	// Vocabulary is the name of a custom vocabulary of Language: the service
	// takes no phrases with a request, so those of hints are not used.
	Vocabulary string
	// Model is the name of a custom language model of Language.
	Model string
	// Stability makes partials change less and finals come sooner at some loss
	// of accuracy: "low", "medium", "high". Empty leaves it off.
	Stability string
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Engine hears by the service. It keeps nothing open between calls and needs
// no Close.
type Engine struct {
	o       Options
	account *account
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
	if o.Language == "" {
		o.Language = defaultLanguage
	}
	tag, err := region(o.Language)
	if err != nil {
		return nil, fmt.Errorf("%s: language: %w", name, err)
	}
	o.Language = tag
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	e := &Engine{o: o, account: newAccount(o), pace: pace, maxSession: maxSession}
	if _, err := remote.New(e.remote()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return e, nil
}

// check refuses options that the service would refuse later.
func (o Options) check() error {
	resource := regexp.MustCompile(`^[0-9a-zA-Z._-]{0,200}$`) // the API reference's pattern
	for _, part := range []struct{ name, value string }{
		{"vocabulary", o.Vocabulary}, {"model", o.Model}, {"region", o.Region},
	} {
		if !resource.MatchString(part.value) {
			return fmt.Errorf("%s %q is not a name of letters, digits, points, hyphens and underscores", part.name, part.value)
		}
	}
	if (o.AccessKey == "") != (o.Secret == "") || o.AccessKey == "" && o.Token != "" {
		return errors.New("access key and secret are given together, and a token only with them")
	}
	if o.AccessKey != "" && o.Profile != "" {
		return errors.New("give an access key or a profile, not both")
	}
	switch o.Stability {
	case "", "low", "medium", "high":
	default:
		return fmt.Errorf("stability %q is none of low, medium, high", o.Stability)
	}
	return o.checkURL()
}

// errNoLanguage stands for a tag that names no language.
var errNoLanguage = errors.New("no language")

// region gives the tag as the service lists it, with a region: "en" is en-US.
func region(tag string) (string, error) {
	t, err := language.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("%q: %w", tag, err)
	}
	base, _, _ := t.Raw()
	where, _ := t.Region() // the likely one when there is none
	if base.String() == "und" || !where.IsCountry() {
		return "", fmt.Errorf("%q: %w", tag, errNoLanguage)
	}
	return base.String() + "-" + where.String(), nil
}

// Info says which model listens and that the audio leaves the house.
func (e *Engine) Info() transcribe.Info {
	where := e.o.Region
	if where == "" {
		where = "of this machine's AWS settings"
	}
	return transcribe.Info{
		Name: name, Model: e.o.Model, Languages: []string{e.o.Language},
		Note: "callers' audio is sent to Amazon Transcribe, region " + where,
	}
}

// With gives an engine for one call that listens in another language, then
// without the vocabulary and the model, which belong to the configured one. A
// language that is none is passed over.
func (e *Engine) With(h transcribe.Hints) transcribe.Engine {
	tag, err := region(h.Language)
	if err != nil || strings.EqualFold(tag, e.o.Language) {
		return e
	}
	hinted := *e
	hinted.o.Language, hinted.o.Vocabulary, hinted.o.Model = tag, "", ""
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
		Rates: []int{8000, 16000},
		Piece: piece, MaxSession: e.maxSession, Pace: e.pace,
		Logger: e.o.Logger,
	}
}
