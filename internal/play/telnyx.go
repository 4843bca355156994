package play

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// telnyxMedia is where the door is.
const telnyxMedia = "/ingest/telnyx/media"

// telnyxCall plays Telnyx media streaming: the words of Twilio in another
// spelling, with the caller in the start message and all else in the state
// that the operator gave to the call.
type telnyxCall struct {
	counted

	target string
	key    string
}

var _ leg = (*telnyxCall)(nil)

func playTelnyx(_ context.Context, o Options) ([]leg, error) {
	target, err := doorURL(o.URL, telnyxMedia)
	if err != nil {
		return nil, err
	}
	c := &telnyxCall{counted: newCounted(o, newSID("v3:"), newSID("")), target: target, key: o.Key}
	c.head, c.track = `{"event":"media","stream_id":"`+c.stream+`","sequence_number":"`, `","media":{"track":"`
	return []leg{c}, nil
}

func (c *telnyxCall) dial(ctx context.Context) (carrier, error) {
	return dialSocket(ctx, c.target, http.Header{"Authorization": {c.key}}) // as stream_auth_token comes
}

func (c *telnyxCall) hello() []message {
	parameters := c.parameters()
	if !c.stereo {
		parameters["track"] = c.tracks()[0]
	}
	state, err := json.Marshal(parameters)
	if err != nil {
		panic(err) // strings can be written
	}
	return []message{
		text([]byte(`{"event":"connected","version":"1.0.0"}`)),
		encoded(map[string]any{
			"event": "start", "sequence_number": c.next(), "stream_id": c.stream,
			"start": map[string]any{
				"user_id": account, "call_control_id": c.call, "call_session_id": c.call, "from": c.caller.From, "to": c.caller.To,
				"client_state": base64.StdEncoding.EncodeToString(state),
				"media_format": map[string]any{"encoding": "PCMU", "sample_rate": telephone, "channels": 1},
			},
		}),
	}
}

func (c *telnyxCall) media(rec *Recording, i int) []message {
	return c.frames(rec, i, stampedFromStart(i))
}

func (c *telnyxCall) goodbye() []message {
	return []message{encoded(map[string]any{
		"event": "stop", "sequence_number": c.next(), "stream_id": c.stream, "stop": map[string]any{"user_id": account, "call_control_id": c.call},
	})}
}
