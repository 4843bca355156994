package twilio

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// lineOpen is how long the voice webhook keeps a caller on the line when
// there is nobody to connect them to, in seconds.
const lineOpen = 3600

// TrackingHeader is the field in which the platform hands on the SIP header
// X-Tracking of a call that a call-tracking service put through.
const TrackingHeader = "SipHeader_X-Tracking"

type twiml struct {
	XMLName xml.Name    `xml:"Response"`
	Stream  twimlStream `xml:"Start>Stream"`
	Dial    *twimlDial  `xml:"Dial"`
	Pause   *twimlPause `xml:"Pause"`
}

type twimlStream struct {
	URL            string           `xml:"url,attr"`
	Track          string           `xml:"track,attr"`
	StatusCallback string           `xml:"statusCallback,attr"`
	Parameters     []twimlParameter `xml:"Parameter"`
}

type twimlParameter struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type twimlDial struct {
	Number string `xml:"Number,omitempty"`
	SIP    string `xml:"Sip,omitempty"`
	Client string `xml:"Client,omitempty"`
}

type twimlPause struct {
	Length int `xml:"length,attr"`
}

// Voice answers the platform's question what to do with a call: stream both
// sides to us, then connect the caller.
func (d *Door) Voice() http.Handler {
	return d.webhook(func(w http.ResponseWriter, r *http.Request, form url.Values) {
		answer := twiml{Stream: twimlStream{
			// The platform streams to wss only, whatever this hop looks like.
			URL:            d.origin.URL("wss", r.Host, MediaPath),
			Track:          "both_tracks",
			StatusCallback: d.origin.URL("https", r.Host, StatusPath),
			Parameters:     callParameters(form, d.options.Dial),
		}}
		if answer.Dial = dialTo(d.options.Dial); answer.Dial == nil {
			answer.Pause = &twimlPause{Length: lineOpen}
		}
		out, err := xml.Marshal(answer)
		if err != nil {
			d.Log.Error("write TwiML", "error", err)
			d.send(w, wire.Refuse(http.StatusInternalServerError, "internal", "The answer could not be written."))
			return
		}
		w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(append([]byte(xml.Header), out...)) // the platform asks again
	})
}

// callParameters is what the stream's start message will tell us about the
// call: the platform leaves the query of a stream's URL out.
func callParameters(form url.Values, dial string) []twimlParameter {
	var out []twimlParameter
	add := func(name, value string) {
		if value != "" && len(value) <= jsonmedia.MaxParameter {
			out = append(out, twimlParameter{name, value})
		}
	}
	add("from", form.Get("From"))
	add("to", form.Get("To"))
	add("tracking", form.Get(TrackingHeader))
	agent, _ := strings.CutPrefix(dial, "client:")
	if agent != dial {
		add("agent", agent)
	}
	if !strings.HasPrefix(form.Get("Direction"), "outbound") {
		add("direction", "inbound")
		return out
	}
	add("direction", "outbound")
	if dial != "" {
		// We are about to connect an agent, so this leg is the customer's.
		add("customer", "inbound")
	}
	return out
}

func dialTo(target string) *twimlDial {
	if target == "" {
		return nil
	}
	if client, ok := strings.CutPrefix(target, "client:"); ok {
		return &twimlDial{Client: client}
	}
	if strings.HasPrefix(target, "sip:") || strings.HasPrefix(target, "sips:") {
		return &twimlDial{SIP: target}
	}
	return &twimlDial{Number: target}
}

// Status takes what the platform tells about calls, streams and recordings. It
// may come twice, late or in any order.
func (d *Door) Status() http.Handler {
	return d.webhook(func(w http.ResponseWriter, r *http.Request, form url.Values) {
		call := form.Get("CallSid")
		if form.Get("StreamEvent") == "stream-error" {
			d.Log.Warn("the platform could not stream", "call", call, "cause", streamError(form.Get("StreamError")))
		}
		wire.Keep(w, r, d.Keeper, d.Counts, told(form))
	})
}

// webhook checks what every webhook must be before handle sees it.
func (d *Door) webhook(handle func(http.ResponseWriter, *http.Request, url.Values)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && r.Method != http.MethodGet {
			w.Header().Set("Allow", "GET, POST")
			d.send(w, wire.Refuse(http.StatusMethodNotAllowed, "method", "Webhooks come as POST or GET."))
			return
		}
		form, p := d.form(w, r)
		if p == nil && !isID(form.Get("CallSid")) {
			p = wire.Missing("CallSid", "must be the platform's id of the call")
		}
		if p != nil {
			d.send(w, p)
			return
		}
		handle(w, r, form)
	})
}

// streamError puts the platform's error into words for the operator. Its own
// text is not logged: nobody says what is in it.
func streamError(text string) string {
	for _, known := range []struct{ code, words string }{
		{"31902", "31902: the connection was refused"},
		{"31910", "31910: TLS failed; the certificate must be from a public authority"},
		{"31920", "31920: the upgrade was not answered with 101; see this server's refusals"},
		{"31922", "31922: the stream's URL must be wss"},
		{"31923", "31923: the stream's URL is malformed; see public-url"},
		{"31924", "31924: the websocket protocol was violated"},
		{"31930", "31930: this server read too slowly and the platform threw audio away"},
		{"31941", "31941: the track is not allowed for this kind of stream"},
		{"31950", "31950: the platform could not decode a message"},
		{"31951", "31951: the platform was sent an invalid message"},
	} {
		if strings.Contains(text, known.code) {
			return known.words
		}
	}
	return "not known to this version"
}
