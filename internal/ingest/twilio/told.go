package twilio

import (
	"cmp"
	"net/url"

	"heed/internal/event"
	"heed/internal/ingest/wire"
)

// told puts a status callback of a call, a stream or a recording into our
// names. The platform gives an event no id: what differs between two is taken.
func told(form url.Values) event.Told {
	get := form.Get
	t := event.Told{
		Provider: Platform, Call: get("CallSid"), At: wire.Moment(get("Timestamp")),
		ID: wire.EventID(get("CallSid"), get("CallStatus"), get("SequenceNumber"), get("Timestamp"), get("StreamSid"), get("StreamEvent"),
			get("RecordingSid"), get("RecordingStatus")),
		Fields: map[string]string{
			event.FieldFrom: get("From"), event.FieldTo: get("To"), event.FieldDirection: get("Direction"),
		},
	}
	switch status := get("CallStatus"); status {
	case "ringing":
		t.Fields[event.FieldPhase] = event.PhaseRinging
	case "in-progress":
		t.Fields[event.FieldPhase] = event.PhaseAnswered
	case "completed", "busy", "failed", "no-answer", "canceled":
		t.Ends = true
		t.Fields[event.FieldPhase], t.Fields[event.FieldCause] = event.PhaseEnded, status
		if code := get("SipResponseCode"); status == "failed" && code != "" {
			t.Fields[event.FieldCause] = "failed: SIP " + code
		}
	}
	if get("RecordingStatus") == "completed" {
		t.Fields[event.FieldRecording], t.Fields[event.FieldRecordingURL] = get("RecordingSid"), get("RecordingUrl")
		t.Fields[event.FieldRecordingAt] = wire.Written(wire.Moment(get("RecordingStartTime")))
		t.Fields[event.FieldRecordingChannels] = cmp.Or(get("RecordingChannels"), "1")
	}
	for name := range form {
		if !understood(name) {
			t.Unknown++
		}
	}
	return t
}

// understood says whether a parameter is read here, or only repeats what is.
func understood(name string) bool {
	switch name {
	case "CallSid", "CallStatus", "From", "To", "Direction", "Timestamp", "SequenceNumber", "StreamSid", "StreamEvent", "StreamError",
		"SipResponseCode", "RecordingSid", "RecordingStatus", "RecordingUrl", "RecordingStartTime", "RecordingChannels",
		"AccountSid", "ApiVersion", "Called", "Caller", "CallbackSource":
		return true
	}
	return false
}
