package plivo

import (
	"cmp"
	"context"
	"encoding/xml"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

// lineOpen is how long the answer keeps a caller on the line when there is
// nobody to connect them to, in seconds.
const lineOpen = 3600

type answer struct {
	XMLName xml.Name `xml:"Response"`
	Stream  stream   `xml:"Stream"`
	Dial    *dial    `xml:"Dial"`
	Wait    *wait    `xml:"Wait"`
}

type stream struct {
	Bidirectional bool   `xml:"bidirectional,attr"`
	AudioTrack    string `xml:"audioTrack,attr"`
	ContentType   string `xml:"contentType,attr"`
	URL           string `xml:",chardata"`
}

type dial struct {
	Number string `xml:"Number,omitempty"`
	User   string `xml:"User,omitempty"`
}

type wait struct {
	Length int `xml:"length,attr"`
}

// Answer answers the platform's question what to do with a call: stream both
// sides to us, then connect the caller.
func (d *Door) Answer() http.Handler {
	return d.webhook(func(w http.ResponseWriter, r *http.Request, form url.Values) {
		call := form.Get("CallUUID")
		d.note(r.Context(), told(form))
		pass, err := d.options.Tickets.Issue(ticket.Ticket{Platform: Platform, Call: call, Expires: d.now().Add(ticket.DefaultLife)})
		if err != nil {
			d.failed(w, err)
			return
		}
		// The platform streams to wss only, whatever this hop looks like.
		a := answer{Stream: stream{AudioTrack: "both", ContentType: "audio/x-mulaw;rate=8000", URL: d.origin.URL("wss", r.Host, MediaPath+"/"+pass)}}
		switch target := d.options.Dial; {
		case target == "":
			a.Wait = &wait{lineOpen}
		case strings.HasPrefix(target, "sip:") || strings.HasPrefix(target, "sips:"):
			a.Dial = &dial{User: target}
		default:
			a.Dial = &dial{Number: target}
		}
		out, err := xml.Marshal(a)
		if err != nil {
			d.failed(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(append([]byte(xml.Header), out...)) // the platform asks again
	})
}

// note keeps what the platform told when it asked what to do. The caller does not
// wait for the disk: the call is taken all the same.
func (d *Door) note(ctx context.Context, t event.Told) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := d.Keeper.Tell(ctx, t); err != nil {
		d.Log.Warn("a call is answered of which nothing could be stored", "error", err)
	}
}

// failed answers what is no fault of the platform.
func (d *Door) failed(w http.ResponseWriter, err error) {
	d.Log.Error("write the answer", "error", err)
	wire.Refuse(http.StatusInternalServerError, "internal", "The answer could not be written.").Send(w, d.Counts)
}

// plus writes a number as others do: the platform leaves the plus out.
func plus(number string) string {
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return number
	}
	return "+" + number
}

// Hangup takes what the platform tells at the end of a call, once or more.
func (d *Door) Hangup() http.Handler {
	return d.webhook(func(w http.ResponseWriter, r *http.Request, form url.Values) {
		wire.Keep(w, r, d.Keeper, d.Counts, told(form))
	})
}

// told puts what the platform tells of a call into our names. An event has no
// id: what differs between two is taken.
func told(form url.Values) event.Told {
	get := form.Get
	t := event.Told{
		Provider: Platform, Call: get("CallUUID"), ID: wire.EventID(get("CallUUID"), get("CallStatus"), get("Event"), get("EndTime"), get("RecordingID")),
		Fields: map[string]string{
			event.FieldFrom: plus(get("From")), event.FieldTo: plus(get("To")), event.FieldDirection: get("Direction"),
			event.FieldAnswered: wire.Written(wire.Moment(get("AnswerTime"))), event.FieldEnded: wire.Written(wire.Moment(get("EndTime"))),
			event.FieldRecording: get("RecordingID"), event.FieldRecordingURL: cmp.Or(get("RecordUrl"), get("RecordFile")),
		},
	}
	switch status := get("CallStatus"); status {
	case "ringing":
		t.Fields[event.FieldPhase] = event.PhaseRinging
	case "in-progress":
		t.Fields[event.FieldPhase] = event.PhaseAnswered
	case "completed", "busy", "failed", "timeout", "no-answer", "cancel", "canceled":
		t.Ends = true
		t.Fields[event.FieldPhase], t.Fields[event.FieldCause] = event.PhaseEnded, cmp.Or(get("HangupCause"), status)
	}
	return t
}

// webhook checks what every webhook must be before handle sees it.
func (d *Door) webhook(handle func(http.ResponseWriter, *http.Request, url.Values)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		values, p := d.values(w, r)
		if p == nil && !isID(values.Get("CallUUID")) {
			p = wire.Missing("CallUUID", "must be the platform's id of the call")
		}
		if p != nil {
			p.Send(w, d.Counts)
			return
		}
		handle(w, r, values)
	})
}

// values gives a webhook's parameters, when it may come in.
func (d *Door) values(w http.ResponseWriter, r *http.Request) (url.Values, *wire.Problem) {
	allowed := d.Allows(r)
	switch {
	case allowed:
	case d.options.AuthToken == "":
		return nil, wire.Refuse(http.StatusForbidden, "closed", "This door has no Plivo auth token, so it takes nothing that Plivo sends. "+
			"Set plivo-auth-token (HEED_PLIVO_AUTH_TOKEN), or present an API key of role ingest.")
	case r.Header.Get(SignatureHeader) == "":
		return nil, wire.Refuse(http.StatusBadRequest, "unsigned", SignatureHeader+" is missing.")
	}
	query := r.URL.Query()
	var form url.Values
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method == http.MethodPost && kind == "application/x-www-form-urlencoded" {
		raw, p := d.Limits.Body(w, r)
		if p != nil {
			return nil, p
		}
		var err error
		if form, err = url.ParseQuery(string(raw)); err != nil {
			return nil, wire.Refuse(http.StatusBadRequest, "form", "The form does not parse.")
		}
	}
	if !allowed && !d.signed(r, form) {
		return nil, wire.Refuse(http.StatusForbidden, "signature", SignatureHeader+" does not fit this request. "+
			"Check plivo-auth-token, and that public-url (HEED_PUBLIC_URL) is the address that the platform was given.")
	}
	maps.Copy(query, form)
	return query, nil
}

func (d *Door) signed(r *http.Request, form url.Values) bool {
	for _, address := range d.origin.Signed(r, "https") {
		if Verify(d.options.AuthToken, r.Header.Get(SignatureHeader), r.Header.Get(NonceHeader), address, form) {
			return true
		}
	}
	return false
}
