package telnyx

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
)

func envelope(t *testing.T, m string) *jsonmedia.Envelope {
	t.Helper()
	var e jsonmedia.Envelope
	if err := json.Unmarshal([]byte(m), &e); err != nil {
		t.Fatal(err)
	}
	return &e
}

// FuzzEvents: whatever a webhook holds, it is answered, and what comes of it
// names a call that can be one.
func FuzzEvents(f *testing.F) {
	f.Add(hook("call.initiated", "incoming"))
	f.Add(hook("call.hangup", ""))
	f.Add(`{"data":null}`)
	f.Add(`{"data":{"event_type":7}}`)
	f.Fuzz(func(t *testing.T, body string) {
		calls := ingesttest.New()
		d := New(Options{Setup: jsonmedia.Setup{Calls: calls, Events: calls.Events(), Allow: func(*http.Request) bool { return true }}})
		w := httptest.NewRecorder()
		d.Events().ServeHTTP(w, httptest.NewRequest(http.MethodPost, EventsPath, strings.NewReader(body)))
		if w.Code != http.StatusNoContent && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("answer %d", w.Code)
		}
		for _, c := range calls.Completed() {
			if !isID(strings.TrimPrefix(c, "telnyx ")) {
				t.Errorf("ended %q", c)
			}
		}
	})
}

// FuzzStart: a start message that is taken names what a call must have.
func FuzzStart(f *testing.F) {
	f.Add([]byte(start("+1", `{"agent":"a"}`)))
	f.Add([]byte(start("", "track=inbound_track&from=%2B1")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var e jsonmedia.Envelope
		if json.Unmarshal(raw, &e) != nil {
			return
		}
		o, err := New(Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}}).readStart(t.Context(), &e)
		if err == nil && (!isID(o.Start.Call) || !isID(o.Start.Stream) || len(o.Start.Parties) == 0 || len(o.Start.From) > jsonmedia.MaxParameter) {
			t.Errorf("%+v", o.Start)
		}
	})
}
