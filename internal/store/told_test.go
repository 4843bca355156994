package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
)

var toldAt = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// trackedCall is what a service told of a call of ann's, with things in it that
// must not be found once she is erased.
func trackedCall(id, call string) event.Detail {
	d := event.Detail{ID: id, Provider: "callrail", Call: "SERVICECALL" + id, Tracking: true, CallID: call, State: event.Unjoined, MadeAt: toldAt}
	d.Add(event.Told{ID: "e" + id, At: toldAt, Fields: map[string]string{
		event.FieldCaller: "+14155550100", event.FieldNumber: "+18005550111", event.FieldDestination: "+18005550199",
		event.FieldStarted: toldAt.Format(time.RFC3339), "gclid": "CLICKTOKEN" + id, "landing": "https://shop.example/LANDINGTOKEN", "source": "google", "campaign": "Spring",
	}})
	return d
}

func withAnn(t *testing.T, s *Store) {
	t.Helper()
	p := customer.Profile{ID: "ann", Version: 1, CreatedAt: toldAt, Identifiers: []customer.Identifier{{Type: customer.Phone, Value: "+14155550100"}}}
	c := event.Call{ID: "c1", Platform: "twilio", PlatformCall: "CA1", CustomerID: "ann", Status: event.CallOver, StartedAt: toldAt}
	err := s.Write(t.Context(), func(tx *Tx) error { return errors.Join(tx.SaveProfile(p), tx.SaveCall(c)) })
	if err != nil {
		t.Fatal(err)
	}
}

// After an erasure nothing is left of what was told of a person's calls, heard
// or not: no row, no event, no byte of the files.
func TestErasureTakesWhatWasTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openAt(t, dir)
	withAnn(t, s)
	heard, alone := trackedCall("r1", ""), trackedCall("r2", "")
	facts := event.Detail{ID: "f1", Provider: "twilio", Call: "CA1", CallID: "c1", MadeAt: toldAt}
	facts.Add(event.Told{ID: "e", At: toldAt, Fields: map[string]string{"phase": "ringing", "from": "+14155550100", "agent": "AGENTTOKEN"}})
	tell := func(d event.Detail) func(*Tx) error {
		return func(tx *Tx) error {
			e, err := event.New(event.CallTracked, toldAt, event.About{Subject: d.ID, Call: d.CallID}, d.Tracked().Impersonal())
			return errors.Join(err, tx.SaveDetail(d), tx.Append(e))
		}
	}
	for _, write := range []func(*Tx) error{
		tell(heard), tell(alone), func(tx *Tx) error { return tx.SaveDetail(facts) },
		func(tx *Tx) error {
			return tx.SaveCallLine(CallLine{CallID: "c1", StartedAt: toldAt, Ours: "+18005550199", Caller: "+14155550100"})
		},
		func(tx *Tx) error {
			return tx.AddTold(event.Told{Provider: "twilio", ID: "x", Call: "CA1", Received: toldAt, Fields: map[string]string{"from": "+14155550100"}})
		},
	} {
		if err := s.Write(t.Context(), write); err != nil {
			t.Fatal(err)
		}
	}
	heard.CallID, heard.State = "c1", event.Joined
	if err := s.Write(t.Context(), tell(heard)); err != nil {
		t.Fatal(err)
	}
	keepOrigin(t, s, "c1")
	open, err := s.OpenTold(t.Context(), 10)
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v %v", open, err)
	}
	if err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.CloseTold(open[0].N); return err }); err != nil {
		t.Fatal(err)
	}

	if err := s.DestroyKeys([]string{"ann"}); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(*Tx) error{
		func(tx *Tx) error { return tx.EraseCall("c1") }, func(tx *Tx) error { return tx.ErasePerson("ann") },
	} {
		if err := s.Write(t.Context(), write); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := s.reads.Get(&rows, `SELECT (SELECT count(*) FROM call_detail) + (SELECT count(*) FROM call_origin) + (SELECT count(*) FROM call_line) + (SELECT count(*) FROM told WHERE doc IS NOT NULL)`); err != nil || rows != 0 {
		t.Errorf("%d rows are left, %v", rows, err)
	}
	events, err := s.Events(t.Context(), EventQuery{Types: []event.Type{event.CallTracked}})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		if !e.Erased() {
			t.Errorf("an event still tells %s", e.Data)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "heed.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"SERVICECALL", "CLICKTOKEN", "LANDINGTOKEN", "AGENTTOKEN", "4155550100"} {
			if bytes.Contains(raw, []byte(token)) {
				t.Errorf("%s is in %s", token, filepath.Base(f))
			}
		}
	}
}

// What was told of a call goes with the call to another person, under whose key
// it then is.
func TestWhatWasToldMovesWithTheCall(t *testing.T) {
	t.Parallel()
	s := openAt(t, t.TempDir())
	withAnn(t, s)
	d := trackedCall("r1", "c1")
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.SaveDetail(d) }); err != nil {
		t.Fatal(err)
	}
	keepOrigin(t, s, "c1")
	c, err := s.Call(t.Context(), "c1")
	if err != nil {
		t.Fatal(err)
	}
	c.CustomerID = "bob"
	bob := customer.Profile{ID: "bob", Version: 1, CreatedAt: toldAt}
	err = s.Write(t.Context(), func(tx *Tx) error { return errors.Join(tx.SaveProfile(bob), tx.MoveCall(c, "ann", nil)) })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DestroyKeys([]string{"ann"}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.DetailsOf(t.Context(), "c1"); err != nil || len(got) != 1 || got[0].Tracked().Source != "google" {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := s.CallOrigin(t.Context(), "c1"); err != nil || got.Campaign != "Spring" || got.Clicks["gclid"] != "CLICKTOKENr1" || got.TrackingID != "r1" {
		t.Errorf("%+v %v", got, err)
	}
	if err := s.DestroyKeys([]string{"bob"}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.DetailsOf(t.Context(), "c1"); err != nil || len(got) != 0 {
		t.Errorf("after the erasure of whose call it is: %+v %v", got, err)
	}
	if _, err := s.CallOrigin(t.Context(), "c1"); !errors.Is(err, ErrErased) {
		t.Errorf("after the erasure of whose call it is: %v", err)
	}
}

// keepOrigin keeps where a call came from by what was told of it.
func keepOrigin(t *testing.T, s *Store, call string) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *Tx) error {
		o, err := tx.Origin(call)
		return errors.Join(err, tx.SaveOrigin(call, o))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOriginsAreReadByPages(t *testing.T) {
	t.Parallel()
	s := openAt(t, t.TempDir())
	for i := range 5 {
		id := string(rune('a' + i))
		c := event.Call{ID: id, Platform: "twilio", PlatformCall: id, StartedAt: toldAt.Add(time.Duration(i/2) * time.Minute), CustomerID: "person-" + id}
		d := event.Detail{ID: id, Provider: "ctm", Call: id, Tracking: true, CallID: id, State: event.Joined, MadeAt: toldAt}
		d.Add(event.Told{ID: "e", At: toldAt, Fields: map[string]string{"source": "google", "campaign": id}})
		if err := s.Write(t.Context(), func(tx *Tx) error { return errors.Join(tx.SaveCall(c), tx.SaveDetail(d)) }); err != nil {
			t.Fatal(err)
		}
		keepOrigin(t, s, id)
	}
	list := func(q OriginQuery) (ids string) {
		for {
			page, next, err := s.CallOrigins(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page {
				if p.Call.ID != p.Origin.Campaign {
					t.Errorf("%s has the origin of %s", p.Call.ID, p.Origin.Campaign)
				}
				ids += p.Call.ID
			}
			if q.After = next; next == "" {
				return ids
			}
		}
	}
	if err := s.DestroyKeys([]string{"person-c"}); err != nil { // of which a page is the shorter
		t.Fatal(err)
	}
	for want, q := range map[string]OriginQuery{
		"edba": {Limit: 2}, "d": {From: toldAt.Add(time.Minute), To: toldAt.Add(2 * time.Minute)}, "ba": {To: toldAt.Add(time.Minute)},
	} {
		if got := list(q); got != want {
			t.Errorf("%+v: %s, want %s", q, got, want)
		}
	}
	err := s.Write(t.Context(), func(tx *Tx) error { return tx.SaveOrigin("nobody's", event.Origin{}) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("of a call that is none: %v", err)
	}
}

func TestTrackingIsListedByPages(t *testing.T) {
	t.Parallel()
	s := openAt(t, t.TempDir())
	for i := range 5 {
		d := event.Detail{ID: string(rune('a' + i)), Provider: "ctm", Call: string(rune('a' + i)), Tracking: true, State: event.Unjoined, MadeAt: toldAt}
		source := "google"
		if i == 3 {
			source = "bing"
		}
		d.Add(event.Told{ID: "e", At: toldAt, Fields: map[string]string{
			"source": source, "campaign": "spring", event.FieldStarted: toldAt.Add(time.Duration(i/2) * time.Minute).Format(time.RFC3339),
		}})
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.SaveDetail(d) }); err != nil {
			t.Fatal(err)
		}
	}
	list := func(q TrackingQuery) string {
		var ids []string
		for {
			page, next, err := s.Tracking(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page {
				ids = append(ids, p.ID)
			}
			if q.After = next; next == "" {
				return strings.Join(ids, "")
			}
		}
	}
	for want, q := range map[string]TrackingQuery{
		"edcba": {Limit: 2}, "ecba": {Limit: 1, Source: "GOOGLE"}, "d": {Source: "bing", Campaign: "Spring"}, "": {State: "joined"},
		"dc": {From: toldAt.Add(time.Minute), To: toldAt.Add(2 * time.Minute)},
	} {
		if got := list(q); got != want {
			t.Errorf("%+v: %s, want %s", q, got, want)
		}
	}
	if _, _, err := s.Tracking(t.Context(), TrackingQuery{After: "?"}); !errors.Is(err, ErrBadPage) {
		t.Errorf("a mark that is none: %v", err)
	}
}

// A full disk refuses an event, which is taken when there is space again.
func TestFullDiskKeepsNoEvent(t *testing.T) {
	t.Parallel()
	s := openAt(t, t.TempDir())
	add := func(id string, size int) error {
		e := event.Told{Provider: "p", ID: id, Call: "c", Received: toldAt, Fields: map[string]string{"cause": strings.Repeat("x", size)}}
		return s.Write(t.Context(), func(tx *Tx) error { return tx.AddTold(e) })
	}
	if err := add("1", 1); err != nil {
		t.Fatal(err)
	}
	pages(t, s, 1)
	if err := add("2", 200_000); !errors.Is(err, ErrFull) {
		t.Fatalf("on a full disk: %v", err)
	}
	pages(t, s, 1<<30)
	if err := add("2", 1); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if err := add("1", 1); !errors.Is(err, ErrDuplicate) {
		t.Errorf("a repeat: %v", err)
	}
	open, err := s.OpenTold(t.Context(), 10)
	if raw, _ := json.Marshal(open); err != nil || len(open) != 2 {
		t.Errorf("%s %v", raw, err)
	}
}
