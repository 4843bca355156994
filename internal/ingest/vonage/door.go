package vonage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong.
const (
	AnswerPath = "/ingest/vonage/answer"
	EventsPath = "/ingest/vonage/events"
	mediaPath  = "/ingest/vonage/media" // of package l16

	platform = "vonage"
)

// Options says what the door needs. Events and Tickets are required.
type Options struct {
	// Events keeps what the webhooks tell.
	Events wire.Events
	// Tickets let the sockets in that the answer webhook tells of.
	Tickets *ticket.Keeper
	// Secrets are the signature secrets of accounts by API key. When there are
	// none, only requests that Allow accepts come in.
	Secrets map[string]string
	// Dial is whom the answer webhook connects a caller to: a number, a SIP
	// address (sip:...) or a user of the application (app:...). Empty leaves the
	// caller with the socket.
	Dial string
	// PublicURL is the origin under which the platform reaches us. Empty means
	// the host of each request.
	PublicURL string
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow  func(*http.Request) bool
	Logger *slog.Logger
	Meters *wire.Meters
	Limits wire.Limits
	Now    func() time.Time // nil is time.Now
}

// Door takes webhooks. Its handlers may be used by many goroutines.
type Door struct {
	o      Options
	origin wire.Origin
	limits wire.Limits
	counts *wire.Counts
	seen   seen
}

// New makes the door.
func New(o Options) (*Door, error) {
	if o.Events == nil || o.Tickets == nil {
		return nil, errors.New("vonage: Events or Tickets is nil")
	}
	origin, err := wire.ParseOrigin(o.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("vonage: %w", err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger = o.Logger.With("component", platform)
	return &Door{o: o, origin: origin, limits: o.Limits.WithDefaults(), counts: o.Meters.Of(platform), seen: seen{ids: map[string]time.Time{}}}, nil
}

// Handlers gives the door's handlers by the pattern of their route.
func (d *Door) Handlers() map[string]http.Handler {
	out := map[string]http.Handler{}
	for path, handle := range map[string]func(http.ResponseWriter, *http.Request, webhook){AnswerPath: d.answer, EventsPath: d.event} {
		h := d.webhook(handle)
		out["POST "+path], out["GET "+path] = h, h
	}
	return out
}

// Details of refusals: each says what to do about it.
const (
	closedDetail = "This door has no signature secret, so it takes nothing that Vonage sends. " +
		"Set vonage-signatures (HEED_VONAGE_SIGNATURES), or present an API key of role ingest."
	wrongDetail = "The signature does not fit: check vonage-signatures, the clock of this server, " +
		"and that signed webhooks are on for the account."
	hashDetail = "The signature is of another body."
	postDetail = "Set the HTTP method of the answer and event webhooks to POST: nothing signs what stands in an address."
)

// webhook is one that was let in. Fields that are not ours are ignored.
type webhook struct {
	id string // of its signature; empty with an API key

	From         string `json:"from"`
	To           string `json:"to"`
	UUID         string `json:"uuid"`
	Conversation string `json:"conversation_uuid"`
	Status       string `json:"status"`
	Direction    string `json:"direction"`
	Timestamp    string `json:"timestamp"`
	Detail       string `json:"detail"`
	Start        string `json:"start_time"`
	End          string `json:"end_time"`
	Recording    string `json:"recording_uuid"`
	RecordingURL string `json:"recording_url"`
}

// call is the platform's id of the call: the conversation, which all legs of it
// name.
func (w webhook) call() string {
	if w.Conversation != "" {
		return w.Conversation
	}
	return w.UUID
}

// webhook checks what every webhook must be before handle sees it.
func (d *Door) webhook(handle func(http.ResponseWriter, *http.Request, webhook)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m, p := d.read(w, r)
		if p != nil {
			p.Send(w, d.counts)
			return
		}
		handle(w, r, m)
	})
}

func (d *Door) read(w http.ResponseWriter, r *http.Request) (m webhook, p *wire.Problem) {
	claims, p := d.identify(r)
	if p != nil {
		return m, p
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return m, wire.Refuse(http.StatusMethodNotAllowed, "method", postDetail)
	}
	raw, p := d.limits.Body(w, r)
	if p != nil {
		return m, p
	}
	if claims.ID != "" && claims.of(raw) != nil {
		return m, wire.Refuse(http.StatusForbidden, "signature", hashDetail)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" || json.Unmarshal(raw, &m) != nil {
		return m, wire.Refuse(http.StatusBadRequest, "body", "The body must be a JSON object.")
	}
	m.id = claims.ID
	return m, nil
}

// identify looks at a request before anything of it is read.
func (d *Door) identify(r *http.Request) (Claims, *wire.Problem) {
	if d.o.Allow != nil && d.o.Allow(r) {
		return Claims{}, nil
	}
	if len(d.o.Secrets) == 0 {
		return Claims{}, wire.Refuse(http.StatusForbidden, "closed", closedDetail)
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		return Claims{}, wire.Refuse(http.StatusUnauthorized, "unsigned", "The webhook is not signed.")
	}
	c, err := verify(d.o.Secrets, token, d.o.Now())
	if err != nil {
		return Claims{}, wire.Refuse(http.StatusForbidden, "signature", wrongDetail)
	}
	return c, nil
}

// event takes what becomes of the legs of calls. It may come twice, late or in
// any order.
func (d *Door) event(w http.ResponseWriter, r *http.Request, m webhook) {
	wire.Keep(w, r, d.o.Events, d.counts, m.told()...)
}

// told puts an event of the caller's own leg, or of a recording, into our names.
// That an agent's leg or a socket has ended ends no call: the caller may be
// connected to somebody else.
func (w webhook) told() []event.Told {
	t := event.Told{
		Provider: platform, Call: w.call(), ID: wire.EventID(w.UUID, w.Conversation, w.Status, w.Timestamp, w.Recording),
		At: wire.Moment(w.Timestamp),
	}
	switch {
	case t.Call == "":
		return nil
	case w.RecordingURL != "":
		t.Fields = map[string]string{
			event.FieldRecording: w.Recording, event.FieldRecordingURL: w.RecordingURL, event.FieldRecordingAt: wire.Written(wire.Moment(w.Start)),
		}
		return []event.Told{t}
	case w.Direction != "inbound":
		return nil
	}
	t.Fields = map[string]string{
		event.FieldFrom: international(w.From), event.FieldTo: international(w.To), event.FieldDirection: w.Direction,
	}
	switch w.Status {
	case "started", "ringing":
		t.Fields[event.FieldPhase] = event.PhaseRinging
	case "answered":
		t.Fields[event.FieldPhase] = event.PhaseAnswered
	case "completed", "busy", "cancelled", "unanswered", "rejected", "failed", "timeout":
		t.Ends = w.Status == "completed"
		t.Fields[event.FieldPhase], t.Fields[event.FieldCause] = event.PhaseEnded, cmp.Or(w.Detail, w.Status)
		t.Fields[event.FieldEnded] = wire.Written(wire.Moment(w.End))
	}
	return []event.Told{t}
}

func (d *Door) busy(w http.ResponseWriter) {
	p := wire.Refuse(http.StatusServiceUnavailable, "full", "Too many webhooks at once; send it again.")
	p.Retry = 5
	p.Send(w, d.counts)
}
