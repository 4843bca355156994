package play

import (
	"context"
	"fmt"
)

// vonageEvents is where that platform tells of the end of calls.
const vonageEvents = "/ingest/vonage/events"

// playVonage is a websocket leg for each party. The platform can set no header,
// so each has a ticket in its address, which is asked for first.
func playVonage(ctx context.Context, o Options) ([]leg, error) {
	var legs []leg
	call := o.PlatformCall
	if call == "" {
		call = "CON-" + newSID("")
	}
	for _, who := range o.Recording.both() {
		s, err := newSampled(o, "vonage", call, who)
		if err != nil {
			return nil, err
		}
		var made struct {
			Token string `json:"token"`
		}
		err = o.post(ctx, "/v1/ingest/tokens", map[string]any{"platform": "vonage", "call": call, "party": who}, &made)
		if err != nil {
			return nil, err
		}
		s.query(map[string]any{"token": made.Token})
		s.first = s.facts()
		s.first["event"], s.first["content-type"] = "websocket:connected", fmt.Sprintf("audio/l16;rate=%d", telephone)
		s.told = func(ctx context.Context) error {
			return o.post(ctx, vonageEvents, map[string]any{"status": "completed", "direction": "inbound", "conversation_uuid": call}, nil)
		}
		legs = append(legs, s)
	}
	return legs, nil
}
