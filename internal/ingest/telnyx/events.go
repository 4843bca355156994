package telnyx

import (
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

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
		Type    string `json:"event_type"`
		Payload struct {
			CallControlID string `json:"call_control_id"`
			Direction     string `json:"direction"`
			From          string `json:"from"`
			To            string `json:"to"`
			FailureReason string `json:"failure_reason"`
		} `json:"payload"`
	} `json:"data"`
}

// Events takes the webhooks of calls. They may come twice, late or in any
// order: what is told of a call fills in what its stream leaves out, and its
// end may be told again.
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
		d.event(r, &e)
		w.WriteHeader(http.StatusNoContent)
	})
}

func (d *Door) event(r *http.Request, e *eventBody) {
	call := &e.Data.Payload
	if !isID(call.CallControlID) {
		return // an event of something else: it is no reason to have it sent again
	}
	switch e.Data.Type {
	case "call.initiated", "call.answered":
		note := d.notes.Get(call.CallControlID, d.now())
		note.From, note.To = cmp.Or(number(call.From), note.From), cmp.Or(number(call.To), note.To)
		switch call.Direction {
		case "incoming":
			note.Direction = "inbound"
		case "outgoing":
			note.Direction = "outbound"
		}
		d.notes.Put(call.CallControlID, note, d.now())
	case "call.hangup":
		d.Calls.Complete(r.Context(), Platform, call.CallControlID)
	case "streaming.failed":
		d.Log.Warn("the platform could not stream", "call", call.CallControlID)
	}
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
