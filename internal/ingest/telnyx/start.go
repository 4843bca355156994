package telnyx

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"

	"heed/internal/ingest"
	"heed/internal/ingest/jsonmedia"
)

// Errors of a start message; the text is sent to the platform.
var (
	errNoStart  = errors.New("start message does not parse")
	errCallID   = errors.New("start.call_control_id must be 1 to 128 of letters, digits, colon, - and _")
	errStreamID = errors.New("stream_id must be 1 to 128 of letters, digits, colon, - and _")
)

type startBody struct {
	CallControlID string `json:"call_control_id"`
	From          string `json:"from"`
	To            string `json:"to"`
	ClientState   string `json:"client_state"`
	MediaFormat   struct {
		Encoding   string          `json:"encoding"`
		SampleRate jsonmedia.Count `json:"sample_rate"`
		Channels   jsonmedia.Count `json:"channels"`
	} `json:"media_format"`
}

// readStart checks a start message. Its numbers are those of the leg; what the
// webhooks told of the call fills in what it leaves out.
func (d *Door) readStart(ctx context.Context, e *jsonmedia.Envelope) (jsonmedia.Opening, error) {
	var b startBody
	if err := jsonmedia.Body(e.Start, &b); err != nil {
		return jsonmedia.Opening{}, errNoStart
	}
	switch {
	case !isID(b.CallControlID):
		return jsonmedia.Opening{}, errCallID
	case !isID(e.Stream()):
		return jsonmedia.Opening{}, errStreamID
	}
	known, f := d.Keeper.Known(ctx, Platform, b.CallControlID), b.MediaFormat
	o := jsonmedia.Opening{
		Start: ingest.Start{
			Platform: Platform, Call: b.CallControlID, Stream: e.Stream(), Direction: known.Direction,
			From: cmp.Or(number(b.From), known.From), To: cmp.Or(number(b.To), known.To),
		},
		Format: jsonmedia.Format{Encoding: jsonmedia.Printable(f.Encoding, 40), Rate: int(f.SampleRate), Channels: int(f.Channels)},
	}
	state := clientState(b.ClientState)
	customer := o.Describe(state)
	return o, o.Speak(tracks(state["track"]), customer)
}

func number(s string) string { return jsonmedia.Printable(s, jsonmedia.MaxParameter) }

func isID(s string) bool { return jsonmedia.IsID(s, ":") }

// tracks reads a stream_track, which the start message does not repeat.
func tracks(named string) []string {
	if named == "" || named == "both_tracks" {
		return nil
	}
	return []string{named}
}

// clientState reads what the operator put into the call's client_state: base64
// of a JSON object or of a query. What is neither tells nothing.
func clientState(raw string) map[string]string {
	plain, err := base64.StdEncoding.DecodeString(raw)
	if err != nil || len(plain) == 0 || len(plain) > 4096 {
		return nil
	}
	var object map[string]jsonmedia.Text
	if json.Unmarshal(plain, &object) == nil {
		return jsonmedia.Parameters(object)
	}
	query, err := url.ParseQuery(string(plain))
	if err != nil {
		return nil
	}
	flat := make(map[string]string, len(query))
	for name := range query {
		flat[name] = query.Get(name)
	}
	return jsonmedia.Parameters(flat)
}
