package audiohook

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/ingest/wire"
)

// MediaPath is where the door's handler belongs.
const MediaPath = "/ingest/audiohook"

// Options says what a door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// Keys let the platform in. When there are none, only requests that Allow
	// accepts come in.
	Keys Keys
	// PublicURL is the origin under which the platform reaches us, such as
	// https://heed.example.com. Empty means the host of each request.
	PublicURL string
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow func(*http.Request) bool
	// Follow gives what is committed of a call, by our id of it, from the
	// moment on when it is called until ctx ends or the reader is too slow. nil
	// means that nothing is told back.
	Follow func(ctx context.Context, call string) iter.Seq[event.Event]
	// Assist tells back utterances and suggestions as the entities of agent
	// assistance too, which the platform calls experimental. A session's own
	// configuration may ask for it as well.
	Assist bool
	// Languages are those that can be heard, such as en-US.
	Languages []string
	// Logger gets one line for each stream's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters count. nil counts nowhere.
	Meters *wire.Meters
	Limits wire.Limits // MessageBytes is the protocol's
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil {
		return errors.New("audiohook: Calls is nil")
	}
	if _, err := wire.ParseOrigin(o.PublicURL); err != nil {
		return fmt.Errorf("audiohook: %w", err)
	}
	return nil
}

// Door takes calls from Genesys. Its handler may be used by many goroutines.
type Door struct {
	options  Options
	origin   wire.Origin
	verifier *verifier
	counts   *wire.Counts
	log      *slog.Logger
	// Those who are not let in are told so over a socket as well, but may not
	// keep out those who are.
	sockets, strangers *wire.Sockets
}

// maxStrangers is how many sockets those may have who are not let in.
const maxStrangers = 64

// arrival is who upgrades, and why they are not let in.
type arrival struct {
	who     identity
	refusal error
}

// arrivalKey is that of an arrival in a request's context.
type arrivalKey struct{}

// New makes a door. It panics when o.Validate fails: check what people
// configured before.
func New(o Options) *Door {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Limits.MessageBytes = maxMessage
	public, _ := wire.ParseOrigin(o.PublicURL)
	d := &Door{
		options: o, origin: public, verifier: newVerifier(o.Keys), counts: o.Meters.Of(Platform),
		log: o.Logger.With("component", "audiohook"),
	}
	d.sockets = d.socketsFor(o.Limits)
	o.Limits.Sockets = maxStrangers
	d.strangers = d.socketsFor(o.Limits)
	return d
}

func (d *Door) socketsFor(l wire.Limits) *wire.Sockets {
	return wire.NewSockets(wire.Options{
		Platform: Platform, Limits: l, Counts: d.counts, Check: d.opens,
		Accept: func(s *wire.Socket, r *http.Request) wire.Reader {
			a, _ := r.Context().Value(arrivalKey{}).(arrival) // serve puts it there
			return newFeed(d, s, a.who, a.refusal)
		},
	})
}

// Media is the websocket handler. It serves one session and returns when that
// has ended.
func (d *Door) Media() http.Handler { return http.HandlerFunc(d.serve) }

func (d *Door) serve(w http.ResponseWriter, r *http.Request) {
	who, refusal := d.identify(r)
	sockets := d.sockets
	if refusal != nil {
		sockets = d.strangers
	}
	sockets.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), arrivalKey{}, arrival{who, refusal})))
}

// Close refuses new sockets and ends those that are open; see
// [wire.Sockets.Close].
func (d *Door) Close(ctx context.Context) error {
	return errors.Join(d.strangers.Close(ctx), d.sockets.Close(ctx))
}

const closedDetail = "This door has no AudioHook keys, so it takes nothing that Genesys sends. " +
	"Set audiohook-keys (HEED_AUDIOHOOK_KEYS), or present an API key of role ingest."

// opens refuses everybody when nobody could prove who they are. Others are told
// in the protocol's own words, over the socket.
func (d *Door) opens(r *http.Request) *wire.Problem {
	if len(d.options.Keys) > 0 || d.allowed(r) {
		return nil
	}
	return wire.Refuse(http.StatusForbidden, "closed", closedDetail)
}

func (d *Door) allowed(r *http.Request) bool { return d.options.Allow != nil && d.options.Allow(r) }

// identify says who upgrades, and why they are not let in.
func (d *Door) identify(r *http.Request) (identity, error) {
	who := identity{session: r.Header.Get(SessionHeader), organization: r.Header.Get(OrganizationHeader), host: r.Host}
	named := isUUID(who.session)
	if !named {
		who.session = uuid.Nil.String() // the first message tells
	}
	if d.allowed(r) {
		return who, nil
	}
	err := d.verifier.verify(r.Header, d.places(r), time.Now())
	if err == nil && (!named || !isUUID(who.organization) || !isUUID(r.Header.Get(CorrelationHeader))) {
		err = errMalformed
	}
	if err != nil {
		d.counts.Refused(err.Error())
	}
	return who, err
}

// places are where a request may have been sent to.
func (d *Door) places(r *http.Request) []place {
	var out []place
	for _, raw := range d.origin.Signed(r, "wss") {
		if u, err := url.Parse(raw); err == nil {
			out = append(out, placeOf(u))
		}
	}
	return out
}
