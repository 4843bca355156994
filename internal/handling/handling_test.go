package handling_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/handling"
	"heed/internal/store"
)

type rig struct {
	*handling.Keeper

	t     *testing.T
	store *store.Store
	now   time.Time
}

func start(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return r.now }
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data"), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r.store = s
	r.Keeper = handling.New(handling.Options{Store: s, Now: clock, Redact: func(text string) (string, error) {
		if strings.Contains(text, "refuse") {
			return "", errors.New("leave it out")
		}
		return strings.ReplaceAll(text, "4111", "[card number]"), nil
	}})
	r.call("c1", event.CallLive)
	return r
}

func (r *rig) call(id string, status event.CallStatus) {
	r.t.Helper()
	c := event.Call{ID: id, Platform: "twilio", PlatformCall: "CA" + id, Direction: "inbound", Agent: "Dana", Status: status, StartedAt: r.now.Add(-time.Minute)}
	if err := r.store.Write(r.t.Context(), func(tx *store.Tx) error { return tx.SaveCall(c) }); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) events(call string) (types []event.Type) {
	r.t.Helper()
	all, err := r.store.Events(r.t.Context(), store.EventQuery{Call: call})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range all {
		types = append(types, e.Type)
	}
	return types
}

func TestAMuteIsKeptAndCounted(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.call("c2", event.CallLive)
	m, err := r.Mute(t.Context(), "c1", "Dana", true, 5*time.Minute)
	if err != nil || !m.On || !m.Until.Equal(r.now.Add(5*time.Minute)) {
		t.Fatalf("%+v, %v", m, err)
	}
	if m, err = r.Mute(t.Context(), "c1", "Dana", false, 0); err != nil || m.On || !m.Until.IsZero() {
		t.Fatalf("%+v, %v", m, err)
	}
	if h, err := r.store.Handling(t.Context(), "c1"); err != nil || h.Mute == nil || h.Mute.On {
		t.Errorf("%+v, %v", h, err)
	}
	// A call that was muted for a part of it counts.
	if s, err := r.Muted(t.Context(), 1); err != nil || s.Calls != 2 || s.Muted != 1 || s.Share != 0.5 {
		t.Errorf("%+v, %v", s, err)
	}
	if got := r.events("c1"); len(got) != 2 || got[0] != event.SuggestionsMuted {
		t.Error(got)
	}
}

func TestAWrapUpIsRedactedAndKeptBesideTheMute(t *testing.T) {
	t.Parallel()
	r := start(t)
	if _, err := r.Mute(t.Context(), "c1", "Dana", true, 0); err != nil {
		t.Fatal(err)
	}
	w := event.WrapUp{
		CallID: "c1", Ending: "resolved", By: "Dana", Tags: []string{" late   parcel "}, Summary: "Paid with 4111.\n\n All well. ",
		Dismissed: []event.Dismissed{{DecisionID: "d", Action: "a", Reason: "irrelevant"}},
	}
	if _, err := r.WrapUp(t.Context(), w); !errors.Is(err, handling.ErrInvalid) {
		t.Errorf("a live call was wrapped up: %v", err)
	}
	r.call("c1", event.CallOver)
	if _, err := r.WrapUp(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	h, err := r.store.Handling(t.Context(), "c1")
	if err != nil || h.WrapUp == nil || h.Mute == nil || !h.Mute.On {
		t.Fatalf("%+v, %v", h, err)
	}
	if got := h.WrapUp; got.Summary != "Paid with [card number].\nAll well." || got.Tags[0] != "late parcel" || got.Dismissed[0].Reason != "irrelevant" {
		t.Errorf("%+v", got)
	}
	if _, err := r.Mute(t.Context(), "c1", "Dana", true, 0); !errors.Is(err, handling.ErrInvalid) {
		t.Errorf("a call that is over was muted: %v", err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.call("c1", event.CallOver)
	for name, w := range map[string]event.WrapUp{
		"too many tags":    {Tags: make([]string, handling.MaxTags+1)},
		"an empty tag":     {Tags: []string{"  "}},
		"a long tag":       {Tags: []string{strings.Repeat("é", handling.MaxTag+1)}},
		"a refused tag":    {Tags: []string{"refuse"}},
		"a long summary":   {Summary: strings.Repeat("x", handling.MaxSummary+1)},
		"a refused saying": {Summary: "please refuse"},
	} {
		w.CallID = "c1"
		if _, err := r.WrapUp(t.Context(), w); !errors.Is(err, handling.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.WrapUp(t.Context(), event.WrapUp{CallID: "none"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a call that is not there: %v", err)
	}
	if _, err := r.Mute(t.Context(), "c1", "Dana", false, handling.MaxMute+1); !errors.Is(err, handling.ErrInvalid) {
		t.Errorf("too long: %v", err)
	}
	if got := r.events("c1"); len(got) != 0 {
		t.Errorf("a refusal left %v", got)
	}
}

// Whatever is said of a call at the same moment, nothing of it is lost.
func TestNothingSaidAtOnceIsLost(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.call("c1", event.CallHearing)
	other := handling.New(handling.Options{Store: r.store, Redact: func(text string) (string, error) { return text, nil }})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := r.Mute(t.Context(), "c1", "Dana", true, 0); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, err := other.WrapUp(t.Context(), event.WrapUp{CallID: "c1", Ending: "resolved"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if h, err := r.store.Handling(t.Context(), "c1"); err != nil || h.Mute == nil || h.WrapUp == nil {
		t.Errorf("%+v, %v", h, err)
	}
}
