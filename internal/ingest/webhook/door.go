// Package webhook takes the webhooks of systems that send no audio themselves,
// or whose audio comes through another door: call-tracking services (CallRail,
// Invoca, and others by a mapping), Genesys and jambonz. Each is a dialect: how
// a request proves whose it is, and how its body reads in the names of package
// event.
//
// It takes nothing that is neither signed nor carries an API key, keeps nothing
// itself, and answers 204 only for what is on the disk. A body of something
// else than a call is no fault: it is answered and not kept.
package webhook

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // CallRail signs so
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"heed/internal/event"
	"heed/internal/ingest/l16"
	"heed/internal/ingest/wire"
)

// tolerance is how old or how far ahead a signed webhook may be.
const tolerance = 5 * time.Minute

// Options says what the door needs. Events is required.
type Options struct {
	Events wire.Events
	// Secrets are those of each provider, by its name: CallRail's signing keys, for
	// others whsec_... of Standard Webhooks or a word that they send. Without one,
	// only what Allow accepts comes in.
	Secrets map[string][]string
	// Mapping reads the bodies of services that have no dialect here; may be nil.
	Mapping Mapping
	// Allow says whether a request carries an API key that may bring in calls. nil
	// means that none does.
	Allow  func(*http.Request) bool
	Logger *slog.Logger // nil logs nothing
	Meters *wire.Meters
	Limits wire.Limits
	Now    func() time.Time // nil is time.Now
}

// Door takes webhooks. Its handlers may be used by many goroutines.
type Door struct {
	o      Options
	limits wire.Limits
	log    *slog.Logger
	known  map[string]dialect
}

// dialect is what one provider does in its own way.
type dialect struct {
	name string
	// signed checks a signature of the provider's own kind; nil means the common
	// ones.
	signed func(secret string, r *http.Request, raw []byte) bool
	// dated gives when a body was sent; nil where it does not say.
	dated func(facts) time.Time
	// told reads a body. Nothing told is no fault.
	told func(f facts, id string) ([]event.Told, *wire.Problem)
}

// New makes the door.
func New(o Options) (*Door, error) {
	if o.Events == nil {
		return nil, errors.New("webhook: Events is nil")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Door{o: o, limits: o.Limits.WithDefaults(), log: o.Logger.With("component", "webhook"), known: map[string]dialect{}}
	for _, known := range append(dialects(), o.Mapping.dialects()...) {
		if _, twice := d.known[known.name]; twice {
			return nil, fmt.Errorf("webhook: there are two providers named %s", known.name)
		}
		d.known[known.name] = known
	}
	for name := range o.Secrets {
		if _, ok := d.known[name]; !ok {
			return nil, fmt.Errorf("webhook: a secret is of %q, which is no provider here", name)
		}
	}
	return d, nil
}

// dialects are those of providers that need no mapping.
func dialects() []dialect { return []dialect{callRail(), invoca(), genesys(), jambonz()} }

// Handlers gives the door's handlers by the pattern of their route.
func (d *Door) Handlers() map[string]http.Handler {
	out := map[string]http.Handler{}
	for name, by := range d.known {
		path := "/ingest/" + name + "/events"
		switch {
		case d.o.Mapping.has(name):
			path = "/ingest/tracking/" + name
		case name == "jambonz":
			path = l16.StatusPath
		}
		out["POST "+path] = d.handler(by)
	}
	return out
}

func (d *Door) handler(by dialect) http.Handler {
	counts := d.o.Meters.Of(by.name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, f, p := d.read(w, r, by)
		var told []event.Told
		if p == nil {
			told, p = by.told(f, wire.EventID(string(raw)))
		}
		if p != nil {
			p.Send(w, counts)
			return
		}
		wire.Keep(w, r, d.o.Events, counts, told...)
	})
}

// Details of refusals: each says what to do about it.
const (
	closedDetail = "This door has no secret of the provider, so it takes nothing that comes without an API key. " +
		"Set webhook-signatures (HEED_WEBHOOK_SIGNATURES), or present an API key of role ingest."
	wrongDetail = "The signature or secret does not fit this request. Check webhook-signatures."
	staleDetail = "The webhook is older than five minutes, or a clock is wrong."
)

// read gives the body of a request that may come in.
func (d *Door) read(w http.ResponseWriter, r *http.Request, by dialect) ([]byte, facts, *wire.Problem) {
	allowed := d.o.Allow != nil && d.o.Allow(r)
	secrets := d.o.Secrets[by.name]
	if !allowed && len(secrets) == 0 {
		return nil, nil, wire.Refuse(http.StatusForbidden, "closed", closedDetail)
	}
	raw, p := d.limits.Body(w, r)
	if p != nil {
		return nil, nil, p
	}
	if !allowed && !d.proven(r, raw, by, secrets) {
		return nil, nil, wire.Refuse(http.StatusForbidden, "signature", wrongDetail)
	}
	f, err := factsOf(r.Header.Get("Content-Type"), raw)
	if err != nil {
		return nil, nil, wire.Refuse(http.StatusBadRequest, "body", "The body must be a JSON object or a form.")
	}
	if !allowed && by.dated != nil && d.o.Now().Sub(by.dated(f)).Abs() > tolerance {
		return nil, nil, wire.Refuse(http.StatusForbidden, "stale", staleDetail)
	}
	return raw, f, nil
}

// proven says whether one of the secrets signed a request or came with it.
func (d *Door) proven(r *http.Request, raw []byte, by dialect, secrets []string) bool {
	ok := false
	for _, s := range secrets {
		switch {
		case by.signed != nil:
			ok = by.signed(s, r, raw) || ok
		case strings.HasPrefix(s, "whsec_"):
			ok = d.standard(s, r, raw) || ok
		default:
			ok = presented(s, r) || ok
		}
	}
	return ok
}

// standard checks a signature of Standard Webhooks, by the door's own clock.
func (d *Door) standard(secret string, r *http.Request, raw []byte) bool {
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil || wh.VerifyIgnoringTimestamp(raw, r.Header) != nil {
		return false
	}
	return d.o.Now().Sub(wire.Moment(r.Header.Get(standardwebhooks.HeaderWebhookTimestamp))).Abs() <= tolerance
}

// presented says whether a request carries a word that only its sender knows:
// as a bearer token, the password of basic authentication, X-Api-Key, or the
// query parameter key where the sender can set nothing else.
func presented(secret string, r *http.Request) bool {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, password, _ := r.BasicAuth()
	ok := false
	for _, word := range []string{bearer, password, r.Header.Get("X-Api-Key"), r.URL.Query().Get("key")} {
		ok = subtle.ConstantTimeCompare([]byte(word), []byte(secret)) == 1 || ok
	}
	return ok && secret != ""
}

// CheckSecret says what is wrong with a secret, for the configuration's author.
func CheckSecret(provider, secret string) error {
	if len(secret) < 8 {
		return errors.New("a secret has under 8 characters")
	}
	if provider == "callrail" || !strings.HasPrefix(secret, "whsec_") {
		return nil
	}
	if _, err := standardwebhooks.NewWebhook(secret); err != nil {
		return errors.New("what stands after whsec_ is no base64")
	}
	return nil
}

// callRailSigned checks the Signature header: HMAC-SHA1 of the body, in base64.
func callRailSigned(key string, r *http.Request, raw []byte) bool {
	given, err := base64.StdEncoding.DecodeString(r.Header.Get("Signature"))
	if err != nil {
		return false
	}
	h := hmac.New(sha1.New, []byte(key))
	h.Write(raw)
	return hmac.Equal(given, h.Sum(nil))
}
