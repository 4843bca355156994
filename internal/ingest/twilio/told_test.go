package twilio

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"

	"github.com/google/go-cmp/cmp"
)

func TestStatusIsTold(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	stamped := []string{"Timestamp", "Fri, 01 May 2026 12:00:00 +0000"}
	usual := map[string]string{"from": "+14155550100", "to": "+18005550199", "direction": "inbound"}
	with := func(more ...string) map[string]string {
		out := maps.Clone(usual)
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	for _, c := range []struct {
		name string
		form []string
		want event.Told
	}{
		{"it rings", stamped, event.Told{At: at, Fields: with("phase", "ringing")}},
		{"answered", append([]string{"CallStatus", "in-progress"}, stamped...), event.Told{At: at, Fields: with("phase", "answered")}},
		{"over", []string{"CallStatus", "no-answer"}, event.Told{Ends: true, Fields: with("phase", "ended", "cause", "no-answer")}},
		{"failed", []string{"CallStatus", "failed", "SipResponseCode", "503"}, event.Told{Ends: true, Fields: with("phase", "ended", "cause", "failed: SIP 503")}},
		{"a stream", []string{"CallStatus", "", "StreamEvent", "stream-started", "Timestamp", "2026-05-01T12:00:00.000Z"}, event.Told{At: at, Fields: usual}},
		{"a recording", []string{
			"CallStatus", "", "RecordingStatus", "completed", "RecordingSid", "RE1", "RecordingUrl", "https://api.twilio.example/RE1", "RecordingChannels", "2", "RecordingStartTime", stamped[1],
		}, event.Told{Fields: with("recording_id", "RE1", "recording_url", "https://api.twilio.example/RE1", "recording_channels", "2", "recording_at", "2026-05-01T12:00:00Z")}},
		{"a recording that goes on", []string{"CallStatus", "", "RecordingStatus", "in-progress", "RecordingSid", "RE1"}, event.Told{Fields: usual}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, again := told(incoming(c.form...)), told(incoming(c.form...))
			if got.ID == "" || got.ID != again.ID {
				t.Errorf("a repeat has another id: %q, %q", got.ID, again.ID)
			}
			if other := told(incoming(append(c.form, "SequenceNumber", "7")...)); other.ID == got.ID {
				t.Error("another event has the same id")
			}
			c.want.Provider, c.want.Call, c.want.ID, c.want.Unknown = Platform, "CA1", got.ID, 1 // NewToday
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// What cannot be stored is not answered, and what was told is known when a
// stream opens that says nothing itself.
func TestStatusIsStoredBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	calls := ingesttest.New()
	events := calls.Events()
	d := New(Options{Setup: jsonmedia.Setup{Calls: calls, Events: events}, AuthToken: secret})
	const target = "https://heed.example" + StatusPath
	events.Refuse = errors.New("the disk is full")
	answer := post(d.Status(), secret, target, incoming("CallStatus", "completed"))
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" || len(calls.Completed()) != 0 {
		t.Errorf("answered %d, completed %v", answer.StatusCode, calls.Completed())
	}
	events.Refuse = nil
	if answer := post(d.Status(), secret, target, incoming("Direction", "outbound")); answer.StatusCode != http.StatusNoContent {
		t.Fatalf("answered %d", answer.StatusCode)
	}
	e := jsonmedia.Envelope{Start: []byte(`{"streamSid":"MZ1","callSid":"CA1","customParameters":{"tracking":"CAL1","from":"+14155550101"}}`)}
	o, err := d.readStart(t.Context(), &e)
	if s := o.Start; err != nil || s.From != "+14155550101" || s.To != "+18005550199" || s.Direction != "outbound" || s.Tracking != "CAL1" {
		t.Errorf("%+v, %v", s, err)
	}
}

// FuzzStatus: whatever a form holds, it is told as one event of its call.
func FuzzStatus(f *testing.F) {
	f.Add(incoming("CallStatus", "completed").Encode())
	f.Add("CallSid=CA1&RecordingStatus=completed&RecordingStartTime=x")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		if e := told(form); e.Call != form.Get("CallSid") || e.ID == "" || e.Tracking || e.Ends != (e.Fields["phase"] == "ended") {
			t.Errorf("%+v", e)
		}
	})
}
