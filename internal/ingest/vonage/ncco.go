package vonage

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

const (
	// maxHeaders is how long the headers of a websocket may be, as JSON.
	maxHeaders = 512
	// contentType is the better of the platform's two.
	contentType = "audio/l16;rate=16000"
)

// action is one of an NCCO.
type action struct {
	Action   string     `json:"action"`
	EventURL []string   `json:"eventUrl"`
	From     string     `json:"from,omitempty"`
	Endpoint []endpoint `json:"endpoint"`
}

type endpoint struct {
	Type        string            `json:"type"`
	URI         string            `json:"uri,omitempty"`
	ContentType string            `json:"content-type,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Number      string            `json:"number,omitempty"`
	User        string            `json:"user,omitempty"`
}

// answer tells the platform what to do with a call: to let us listen, then to
// connect the caller. The socket hears the whole conversation in one channel;
// a socket for each party takes legs that the customer's own program makes.
func (d *Door) answer(w http.ResponseWriter, r *http.Request, m webhook) {
	if !isID(m.call()) {
		wire.Missing("conversation_uuid", "must be the platform's id of the call").Send(w, d.counts)
		return
	}
	if m.id != "" {
		fresh, err := d.seen.first(m.id, d.o.Now())
		if err != nil {
			d.busy(w)
			return
		}
		if !fresh { // what it gives opens a socket: not to who saw it pass by
			wire.Refuse(http.StatusConflict, "replay", "This webhook was answered before.").Send(w, d.counts)
			return
		}
	}
	token, err := d.o.Tickets.Issue(ticket.Ticket{Platform: platform, Call: m.call(), Expires: d.o.Now().Add(ticket.DefaultLife)})
	if err != nil {
		d.o.Logger.Error("make a ticket", "error", err)
		wire.Refuse(http.StatusInternalServerError, "internal", "The answer could not be made.").Send(w, d.counts)
		return
	}
	events := []string{d.origin.URL("https", r.Host, EventsPath)}
	ncco := []action{{Action: "connect", EventURL: events, Endpoint: []endpoint{{
		Type: "websocket", ContentType: contentType, Headers: headersOf(m, d.o.Dial),
		URI: d.origin.URL("wss", r.Host, mediaPath) + "?" + url.Values{ticket.Param: {token}}.Encode(),
	}}}}
	if d.o.Dial != "" {
		ncco = append(ncco, action{Action: "connect", EventURL: events, From: m.To, Endpoint: []endpoint{dialTo(d.o.Dial)}})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(ncco) // the platform asks again
}

// headersOf is what the socket's first message will tell us.
func headersOf(m webhook, dial string) map[string]string {
	out := map[string]string{"call": m.call(), "direction": "inbound"}
	agent, _ := strings.CutPrefix(dial, "app:")
	if agent == dial {
		agent = ""
	}
	for _, h := range [][2]string{{"from", international(m.From)}, {"to", international(m.To)}, {"agent", agent}} {
		if h[1] == "" {
			continue
		}
		out[h[0]] = h[1]
		if b, err := json.Marshal(out); err != nil || len(b) > maxHeaders {
			delete(out, h[0])
		}
	}
	return out
}

// international writes the plus that the platform leaves out, so that a number
// is not taken for one of our own country.
func international(number string) string {
	digits := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }) < 0
	if !digits || len(number) < 8 || number[0] == '0' {
		return number // an address, an extension, or withheld
	}
	return "+" + number
}

func dialTo(target string) endpoint {
	if user, app := strings.CutPrefix(target, "app:"); app {
		return endpoint{Type: "app", User: user}
	}
	if strings.HasPrefix(target, "sip:") || strings.HasPrefix(target, "sips:") {
		return endpoint{Type: "sip", URI: target}
	}
	return endpoint{Type: "phone", Number: strings.TrimPrefix(target, "+")}
}

// isID accepts the platform's identifiers, such as CON-aaaaaaaa-bbbb.
func isID(s string) bool {
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}
