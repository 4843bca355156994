package telnyx

import (
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"heed/internal/event"
	"heed/internal/ingest/wire"
)

// Headers of a signed webhook.
const (
	SignatureHeader = "telnyx-signature-ed25519"
	TimestampHeader = "telnyx-timestamp"
)

// tolerance is how old or how far ahead a webhook may be.
const tolerance = 5 * time.Minute

type eventBody struct {
	Data struct {
		ID         string  `json:"id"`
		Type       string  `json:"event_type"`
		OccurredAt string  `json:"occurred_at"`
		Payload    payload `json:"payload"`
	} `json:"data"`
}

type payload struct {
	CallControlID string            `json:"call_control_id"`
	Direction     string            `json:"direction"`
	From          string            `json:"from"`
	To            string            `json:"to"`
	HangupCause   string            `json:"hangup_cause"`
	RecordingID   string            `json:"recording_id"`
	Started       string            `json:"recording_started_at"`
	Channels      string            `json:"channels"`
	URLs          map[string]string `json:"recording_urls"`
	PublicURLs    map[string]string `json:"public_recording_urls"`
}

// Events takes the webhooks of calls. They may come twice, late or in any
// order.
func (d *Door) Events() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, p := d.signedBody(w, r)
		var e eventBody
		if p == nil && json.Unmarshal(raw, &e) != nil {
			p = wire.Refuse(http.StatusBadRequest, "json", "The body is no JSON object.")
		}
		if p != nil {
			p.Send(w, d.Counts)
			return
		}
		if e.Data.Type == "streaming.failed" && isID(e.Data.Payload.CallControlID) {
			d.Log.Warn("the platform could not stream", "call", e.Data.Payload.CallControlID)
		}
		wire.Keep(w, r, d.Keeper, d.Counts, e.told(raw)...)
	})
}

// told puts an event of a call into our names; of another kind, there is
// nothing to tell and no reason to have it sent again.
func (e *eventBody) told(raw []byte) []event.Told {
	p := &e.Data.Payload
	if !isID(p.CallControlID) {
		return nil
	}
	t := event.Told{
		Provider: Platform, ID: cmp.Or(e.Data.ID, wire.EventID(string(raw))), Call: p.CallControlID, At: wire.Moment(e.Data.OccurredAt),
		Fields: map[string]string{
			event.FieldFrom: number(p.From), event.FieldTo: number(p.To), event.FieldDirection: map[string]string{"incoming": "inbound", "outgoing": "outbound"}[p.Direction],
		},
	}
	switch e.Data.Type {
	case "call.initiated":
		t.Fields[event.FieldPhase] = event.PhaseRinging
	case "call.answered":
		t.Fields[event.FieldPhase] = event.PhaseAnswered
	case "call.hangup":
		t.Fields[event.FieldPhase], t.Fields[event.FieldCause], t.Ends = event.PhaseEnded, p.HangupCause, true
	case "call.recording.saved":
		t.Fields[event.FieldRecording], t.Fields[event.FieldRecordingAt] = p.RecordingID, wire.Written(wire.Moment(p.Started))
		t.Fields[event.FieldRecordingURL] = cmp.Or(p.URLs["wav"], p.URLs["mp3"], p.PublicURLs["wav"], p.PublicURLs["mp3"])
		t.Fields[event.FieldRecordingChannels] = map[string]string{"single": "1", "dual": "2"}[p.Channels]
	default:
		return nil
	}
	return []event.Told{t}
}

// signedBody reads a webhook that the platform signed, or that bears an API key.
func (d *Door) signedBody(w http.ResponseWriter, r *http.Request) ([]byte, *wire.Problem) {
	allowed := d.Allows(r)
	signature, stamp := r.Header.Get(SignatureHeader), r.Header.Get(TimestampHeader)
	switch {
	case allowed:
	case d.key == nil:
		return nil, wire.Refuse(http.StatusForbidden, "closed", "This door has no Telnyx public key, so it takes no webhook. "+
			"Set telnyx-public-key (HEED_TELNYX_PUBLIC_KEY), or present an API key of role ingest.")
	case signature == "" || stamp == "":
		return nil, wire.Refuse(http.StatusBadRequest, "unsigned", SignatureHeader+" and "+TimestampHeader+" are missing.")
	}
	raw, p := d.Limits.Body(w, r)
	if p != nil || allowed {
		return raw, p
	}
	switch at, err := strconv.ParseInt(stamp, 10, 64); {
	case !d.verify(signature, stamp, raw):
		return nil, wire.Refuse(http.StatusForbidden, "signature", SignatureHeader+" does not fit this request. Check telnyx-public-key.")
	case err != nil || d.now().Sub(time.Unix(at, 0)).Abs() > tolerance:
		return nil, wire.Refuse(http.StatusForbidden, "stale", "The webhook is older than five minutes, or a clock is wrong.")
	}
	return raw, nil
}

// verify checks an Ed25519 signature over timestamp, "|" and body.
func (d *Door) verify(signature, stamp string, body []byte) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && len(raw) == ed25519.SignatureSize && ed25519.Verify(d.key, append([]byte(stamp+"|"), body...), raw)
}
