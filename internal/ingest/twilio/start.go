package twilio

import (
	"context"
	"errors"
	"fmt"

	"heed/internal/ingest"
	"heed/internal/ingest/jsonmedia"
)

// Platform is the name under which this door's calls are known.
const Platform = "twilio"

// maxID is how long the platform's ids may be, for people.
const maxID = 128

// Errors of a start message; the text is sent to the platform.
var (
	errNoStart  = errors.New("start message does not parse")
	errCallID   = fmt.Errorf("start.callSid must be 1 to %d letters, digits, - or _", maxID)
	errStreamID = fmt.Errorf("start.streamSid must be 1 to %d letters, digits, - or _", maxID)
)

type startBody struct {
	StreamSID        string                    `json:"streamSid"`
	CallSID          string                    `json:"callSid"`
	Tracks           []string                  `json:"tracks"`
	CustomParameters map[string]jsonmedia.Text `json:"customParameters"`
	MediaFormat      struct {
		Encoding   string          `json:"encoding"`
		SampleRate jsonmedia.Count `json:"sampleRate"`
		Channels   jsonmedia.Count `json:"channels"`
	} `json:"mediaFormat"`
}

// readStart checks a start message. What the webhooks told of the call fills in
// what its parameters leave out.
func (d *Door) readStart(ctx context.Context, e *jsonmedia.Envelope) (jsonmedia.Opening, error) {
	var b startBody
	if err := jsonmedia.Body(e.Start, &b); err != nil {
		return jsonmedia.Opening{}, errNoStart
	}
	if b.StreamSID == "" {
		b.StreamSID = e.Stream()
	}
	switch {
	case !isID(b.CallSID):
		return jsonmedia.Opening{}, errCallID
	case !isID(b.StreamSID):
		return jsonmedia.Opening{}, errStreamID
	}
	f, known := b.MediaFormat, d.Keeper.Known(ctx, Platform, b.CallSID)
	o := jsonmedia.Opening{
		Start: ingest.Start{
			Platform: Platform, Call: b.CallSID, Stream: b.StreamSID, Direction: known.Direction, From: known.From, To: known.To,
		},
		Format: jsonmedia.Format{Encoding: jsonmedia.Printable(f.Encoding, 40), Rate: int(f.SampleRate), Channels: int(f.Channels)},
	}
	customer := o.Describe(jsonmedia.Parameters(b.CustomParameters))
	return o, o.Speak(b.Tracks, customer)
}

func isID(s string) bool { return jsonmedia.IsID(s, "") }
