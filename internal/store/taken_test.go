package store

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"heed/internal/event"
)

// What was taken is in the log, that of a call with the call, and of no call
// that there is not.
func TestWhatIsTakenIsNoted(t *testing.T) {
	s := openAt(t, t.TempDir())
	call := event.Call{ID: event.NewID(), Platform: "p", PlatformCall: "1", Status: event.CallLive, StartedAt: time.Now().UTC()}
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.SaveCall(call) }); err != nil {
		t.Fatal(err)
	}
	all := event.Taken{By: "Mo", Role: "marketer", What: "search", Format: "csv"}
	clip := event.Taken{By: "Mo", Role: "marketer", What: "clip", Format: "wav", Channel: "both", From: 1, To: 2.5}
	if err := errors.Join(s.NoteTaken(t.Context(), "", all), s.NoteTaken(t.Context(), call.ID, clip)); err != nil {
		t.Fatal(err)
	}
	if err := s.NoteTaken(t.Context(), event.NewID(), clip); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no call: %v", err)
	}
	events, err := s.Events(t.Context(), EventQuery{Types: []event.Type{event.DataExported}, Limit: 10})
	if err != nil || len(events) != 2 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, want := range []event.Taken{all, clip} {
		var got event.Taken
		if err := json.Unmarshal(events[i].Data, &got); err != nil || got != want || events[i].Call != []string{"", call.ID}[i] {
			t.Errorf("%+v of %q, %v", got, events[i].Call, err)
		}
	}
}
