package l16

import (
	"encoding/json"
	"net/http"

	"heed/internal/ingest/wire"
)

// StatusPath is where jambonz tells what becomes of its calls.
const StatusPath = "/ingest/jambonz/status"

// jambonz is the listen verb, also below dial and config. The first message
// has the call's attributes, the rate, the mix and the verb's metadata; what is
// meant for us stands in the metadata as the object "heed". In stereo the
// caller is on the left.
func jambonz() dialect {
	return dialect{
		platform: "jambonz", protocols: []string{"audio.jambonz.org", "audio.drachtio.org"}, audio: linear,
		first: func(data []byte) (facts, error) {
			f, err := factsIn(data)
			if err != nil {
				return nil, err
			}
			f.alias("call", "callsid", "call_sid")
			f.alias("rate", "samplerate")
			f.alias("mix", "mixtype")
			return f, nil
		},
		text: func(data []byte) message {
			var m struct {
				Event string `json:"event"`
				Type  string `json:"type"`
				DTMF  string `json:"dtmf"`
			}
			switch {
			case json.Unmarshal(data, &m) != nil:
				return message{kind: garbage}
			case m.Event == "dtmf":
				return pressed(m.DTMF)
			case m.Type == "mark", m.Type == "playDone":
				return message{kind: control}
			}
			return message{}
		},
	}
}

// jambonzStatus takes what becomes of a call. It may come twice, late or in any
// order: only the end does anything, and that may be told again.
func (d *Door) jambonzStatus(w http.ResponseWriter, r *http.Request) {
	counts := d.counts["jambonz"]
	if !d.allowed(r) {
		wire.Refuse(http.StatusUnauthorized, "key", strangerDetail).Send(w, counts)
		return
	}
	raw, p := d.limits.Body(w, r)
	if p != nil {
		p.Send(w, counts)
		return
	}
	var m struct {
		CallSID string `json:"call_sid"`
		Status  string `json:"call_status"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		wire.Refuse(http.StatusBadRequest, "body", "The body is no JSON object.").Send(w, counts)
		return
	}
	if !isID(m.CallSID) {
		wire.Missing("call_sid", "must be the platform's id of the call").Send(w, counts)
		return
	}
	switch m.Status {
	case "completed", "failed", "busy", "no-answer":
		d.options.Calls.Complete(r.Context(), "jambonz", m.CallSID)
	}
	w.WriteHeader(http.StatusNoContent)
}
