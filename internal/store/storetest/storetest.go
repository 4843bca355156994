// Package storetest is the contract of the store as tests: whatever keeps
// Heed's facts must pass it, SQLite today and PostgreSQL beside it.
//
// It holds what callers may rely on, and nothing about files, locks or
// commits, which each kind of storage tests for itself.
package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Place opens one and the same store each time that it is called, with a
// clock. The store of the call before was closed.
type Place func(now func() time.Time) (*store.Store, error)

// Run runs the contract; fresh gives an empty place that lives as long as t.
func Run(t *testing.T, fresh func(t *testing.T) Place) {
	t.Helper()
	for _, part := range []struct {
		name string
		test func(*kit)
	}{
		{"log keeps order and content", logKeepsOrder},
		{"log pages by call and type", logPages},
		{"log refuses a repeated event", logRefusesRepeat},
		{"log is told in order", logTells},
		{"cursor moves with its effect", cursorMoves},
		{"a write is whole or nothing", writeIsWhole},
		{"calls are found", callsFound},
		{"the numbers of calls", numbersOfCalls},
		{"calls page in any mixture", callsPage},
		{"page marks are checked", marksChecked},
		{"utterances come once", utterancesOnce},
		{"insights of a whole call replace", insightsReplace},
		{"corrections are kept apart", correctionsKept},
		{"comments are kept with their call", commentsKept},
		{"summaries replace", summariesReplace},
		{"rules tell once", rulesTellOnce},
		{"utterances know when they were said", spokenFound},
		{"history is read again", historyReread},
		{"themes are kept", themesKept},
		{"the catalogue is kept", catalogueKept},
		{"what was taken up is counted", takenCounted},
		{"turns are counted", turnsCount},
		{"turns need their call", turnsNeedCalls},
		{"themes are quoted", themesQuoted},
		{"themes have calls behind them", themesHaveCalls},
		{"turns are read in order", turnsRead},
		{"episodes open once", episodesOpenOnce},
		{"profiles change one by one", profilesVersioned},
		{"identifiers have one owner", identifiersOwned},
		{"profiles are searched", profilesSearched},
		{"consent is a chain", consentChains},
		{"recipients are told", recipients},
		{"days are signed once", signedDays},
		{"decisions and outcomes", decisionsOutcomes},
		{"simulations", simulations},
		{"recordings come once", recordingsOnce},
		{"idempotency keys", idempotencyKeys},
		{"login links burn", loginLinks},
		{"sessions end", sessionsEnd},
		{"users change", usersChange},
		{"passwords are kept", passwordsKept},
		{"passkeys are kept", passkeysKept},
		{"identities join users", identitiesJoin},
		{"sessions go idle", sessionsGoIdle},
		{"API keys", apiKeys},
		{"API keys end", apiKeysEnd},
		{"everything is there after opening again", reopens},
	} {
		t.Run(part.name, func(t *testing.T) {
			k := &kit{T: t, place: fresh(t), clock: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
			k.open()
			part.test(k)
		})
	}
}

// kit is one test with its store.
type kit struct {
	*testing.T
	*store.Store
	place Place

	mu    sync.Mutex
	clock time.Time
}

func (k *kit) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.clock
}

func (k *kit) pass(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clock = k.clock.Add(d)
}

func (k *kit) open() {
	k.Helper()
	s, err := k.place(k.now)
	k.must(err)
	k.Store = s
	k.Cleanup(func() {
		if err := s.Close(); err != nil {
			k.Error(err)
		}
	})
}

func (k *kit) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// write writes and expects no error.
func (k *kit) write(fn func(tx *store.Tx) error) {
	k.Helper()
	k.must(k.Write(k.Context(), fn))
}

// same compares, and shows how they differ.
func same[T any](k *kit, what string, got, want T) {
	k.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		k.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// got unwraps a read that must succeed.
func got[T any](v T, err error) func(k *kit) T {
	return func(k *kit) T {
		k.Helper()
		k.must(err)
		return v
	}
}

// at is a moment so many seconds into the test's morning.
func at(seconds int) time.Time {
	return time.Date(2026, 3, 1, 9, 0, seconds, 0, time.UTC)
}

func someCall(n int) event.Call {
	return event.Call{
		ID: fmt.Sprintf("call-%03d", n), Platform: "twilio", PlatformCall: fmt.Sprintf("CA%03d", n),
		Direction: "inbound", From: "+31612345678", Status: event.CallLive, StartedAt: at(n),
		Captions: event.CaptionsLive, Recording: event.Recording{State: "recording"},
		Health: event.Health{Notes: []string{"customer track silent since 0:42"}},
		Sounds: []event.Sound{
			{Kind: "music", Speaker: insights.Customer, Start: 42, End: 130.5, Confidence: 0.97, Open: true},
			{Kind: "keys", Speaker: insights.Customer, Start: 140, End: 144, Confidence: 1, Keys: 16},
		},
		MoreSounds: 3,
	}
}

func someEvent(id string, t event.Type, call string) event.Event {
	return event.Event{
		ID: id, Type: t, Source: "/heed", Time: at(1), Subject: call, Call: call,
		Data: []byte(`{"text":"it's \"ünïcode\" ☎"}`),
	}
}

func someProfile(id, name, phone string) customer.Profile {
	return customer.Profile{
		ID: id, Version: 1, CreatedAt: at(0), UpdatedAt: at(0),
		Identifiers: []customer.Identifier{{Type: "phone", Value: phone, FirstSeen: at(0), LastSeen: at(0)}},
		Traits:      []customer.Trait{{Name: "name", Value: name, Source: "crm", At: at(0), Confidence: 1}},
		Evidence: map[string][]customer.Evidence{"churn_risk": {{
			EventID: "e1", Label: "intent.cancel", Weight: 0.6, HalfLife: 72 * time.Hour, Confidence: 0.9, At: at(0),
		}}},
	}
}
