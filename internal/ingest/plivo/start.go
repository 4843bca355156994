package plivo

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"heed/internal/ingest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// Errors of a start message; the text is sent to the platform.
var (
	errNoStart  = errors.New("start message does not parse")
	errCallID   = errors.New("start.callId must be 1 to 128 of letters, digits, - and _")
	errStreamID = errors.New("start.streamId must be 1 to 128 of letters, digits, - and _")
	errPass     = errors.New("the address of this socket was made for another call")
)

type startBody struct {
	CallID      string   `json:"callId"`
	StreamID    string   `json:"streamId"`
	Tracks      []string `json:"tracks"`
	MediaFormat struct {
		Encoding   string          `json:"encoding"`
		SampleRate jsonmedia.Count `json:"sampleRate"`
	} `json:"mediaFormat"`
}

// opener gives what reads the start message of a socket.
func (d *Door) opener(r *http.Request) func(context.Context, *jsonmedia.Envelope) (jsonmedia.Opening, error) {
	call, _ := d.ticketed(r)
	return func(ctx context.Context, e *jsonmedia.Envelope) (jsonmedia.Opening, error) {
		return d.readStart(ctx, e, call)
	}
}

// readStart checks a start message. Call is the one that the socket's ticket
// was made for; empty when an API key opened it.
func (d *Door) readStart(ctx context.Context, e *jsonmedia.Envelope, call string) (jsonmedia.Opening, error) {
	var b startBody
	if err := jsonmedia.Body(e.Start, &b); err != nil {
		return jsonmedia.Opening{}, errNoStart
	}
	if b.StreamID == "" {
		b.StreamID = e.Stream()
	}
	switch {
	case !isID(b.CallID):
		return jsonmedia.Opening{}, errCallID
	case !isID(b.StreamID):
		return jsonmedia.Opening{}, errStreamID
	case call != "" && call != b.CallID:
		return jsonmedia.Opening{}, errPass
	}
	known := d.Keeper.Known(ctx, Platform, b.CallID)
	o := jsonmedia.Opening{
		Start: ingest.Start{
			Platform: Platform, Call: b.CallID, Stream: b.StreamID, Direction: known.Direction, From: known.From, To: known.To,
		},
		Format: jsonmedia.Format{Encoding: jsonmedia.Printable(b.MediaFormat.Encoding, 40), Rate: int(b.MediaFormat.SampleRate)},
	}
	customer := o.Describe(extra(e))
	return o, o.Speak(b.Tracks, customer)
}

// extra reads the extraHeaders of a stream, which come back as one text:
// "agent=alice,language=en-US", with semicolons as well.
func extra(e *jsonmedia.Envelope) map[string]string {
	var text jsonmedia.Text
	if len(e.Extra) == 0 || text.UnmarshalJSON(e.Extra) != nil {
		return nil
	}
	out := make(map[string]string)
	for _, pair := range strings.FieldsFunc(strings.Trim(string(text), "{}"), func(r rune) bool { return r == ',' || r == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		out[strings.TrimSpace(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "x-ph-"))] = strings.TrimSpace(value)
	}
	return jsonmedia.Parameters(out)
}

func isID(s string) bool { return jsonmedia.IsID(s, "") }

// ticketed gives the call that the end of a socket's address was written for.
func (d *Door) ticketed(r *http.Request) (call string, ok bool) {
	pass, found := strings.CutPrefix(r.URL.Path, MediaPath+"/")
	if !found {
		return "", false
	}
	t, err := d.options.Tickets.Open(pass, Platform, d.now())
	return t.Call, err == nil
}

// socketAllowed checks the upgrade of a media socket.
func (d *Door) socketAllowed(r *http.Request) *wire.Problem {
	if _, ok := d.ticketed(r); ok || d.Allows(r) {
		return nil
	}
	return wire.Refuse(http.StatusForbidden, "ticket", "This address is not one that the answer webhook wrote in the last five minutes, "+
		"and the request carries no API key of role ingest.")
}
