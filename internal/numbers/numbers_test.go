package numbers

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/internal/callevents"
	"heed/internal/event"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func parse(t testing.TB, text string) *Pool {
	t.Helper()
	p, err := Parse("numbers.yaml", []byte(text), "US", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEntriesHoldForTheirDays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse("f", []byte(`
numbers:
  - {number: (202) 555-0111, source: google, campaign: old, to: 2026-03-31}
  - {number: "+12025550111", source: google, campaign: new, from: 2026-04-01, to: 2026-04-30}
  - {number: "+49 30 901820", source: radio}
`), "US", berlin)
	if err != nil || p.Len() != 3 {
		t.Fatalf("%v, %v", p, err)
	}
	for at, want := range map[string]string{
		"2020-01-01T00:00:00Z": "old", "2026-03-31T21:59:59Z": "old", "2026-03-31T22:00:00Z": "new", "2026-04-30T21:59:59Z": "new", "2026-04-30T22:00:00Z": "",
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := p.At("+12025550111", when); e.Campaign != want || ok != (want != "") {
			t.Errorf("%s: %+v", at, e)
		}
	}
	if e, ok := p.At("+4930901820", noon); !ok || e.Source != "radio" {
		t.Errorf("%+v", e)
	}
}

// A file that is wrong is refused with its line.
func TestWrongFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {"", "is empty"},
		"no number":      {"numbers:\n  - {number: soon, source: a}", `numbers.yaml:2: numbers[0].number: "soon" is no telephone number`},
		"no source":      {"numbers:\n  - {number: \"+12025550111\"}", "numbers[0].source: is missing"},
		"an unknown":     {"numbers:\n  - {number: \"+12025550111\", sorce: a}", "did you mean source?"},
		"twice":          {"numbers:\n  - {number: \"+12025550111\", source: a}\n  - {number: (202) 555-0111, source: b}", "numbers.yaml:3: numbers[1].number: is entry 1 as well"},
		"days that meet": {"numbers:\n  - {number: \"+12025550111\", source: a, to: 2026-04-01}\n  - {number: \"+12025550111\", source: b, from: 2026-04-01}", "is entry 1 as well"},
		"no day":         {"numbers:\n  - {number: \"+12025550111\", source: a, from: spring}", "is no day such as"},
		"backwards":      {"numbers:\n  - {number: \"+12025550111\", source: a, from: 2026-04-02, to: 2026-04-01}", "is before from"},
		"too long":       {"numbers:\n  - {number: \"+12025550111\", source: a, campaign: " + strings.Repeat("x", 300) + "}", "longer than 256"},
	} {
		if _, err := Parse("numbers.yaml", []byte(c.text), "US", time.UTC); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none"), "US", time.UTC); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestSumTellsPoolsApart(t *testing.T) {
	a := "numbers:\n  - {number: \"+12025550111\", source: a}\n  - {number: \"+12025550112\", source: b}"
	b := "numbers:\n  - {number: \"+12025550112\", source: b}\n  - {number: \"+12025550111\", source: a}"
	if x, y := parse(t, a).Sum(), parse(t, b).Sum(); x != y || x <= 0 {
		t.Errorf("the same in another order: %d and %d", x, y)
	}
	if parse(t, a).Sum() == parse(t, strings.Replace(a, "source: a", "source: c", 1)).Sum() {
		t.Error("another source has the same sum")
	}
	if (&Pool{}).Sum() != 0 {
		t.Error("no file is not what was before there was one")
	}
}

type nobody struct{}

func (nobody) Complete(context.Context, string, string) {}

// rig is a real store with what keeps the records.
type rig struct {
	*testing.T
	db   *store.Store
	told *callevents.Keeper
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir(), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &rig{t, db, callevents.New(callevents.Options{
		Store: db, Calls: nobody{}, Region: "US", Now: func() time.Time { return noon },
		Untracked: func(person string) (bool, error) { return person == "p-shy", nil },
	})}
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// call commits that a call began.
func (r *rig) call(id, direction, from, to string, at time.Time) {
	r.Helper()
	c := event.Call{ID: id, Platform: "twilio", PlatformCall: "CA-" + id, Direction: direction, From: from, To: to, CustomerID: "p-" + id, Status: event.CallLive, StartedAt: at}
	e, err := event.New(event.CallStarted, at, event.About{Subject: id, Call: id}, c)
	r.ok(err)
	r.ok(r.db.Write(r.Context(), func(tx *store.Tx) error { return errors.Join(tx.SaveCall(c), tx.Append(e)) }))
}

// follow reads the log with a pool, from where the last one was.
func (r *rig) follow(text string) map[string]string {
	r.Helper()
	pool := &Pool{}
	if text != "" {
		pool = parse(r, text)
	}
	k, err := New(r.Context(), Options{Pool: pool, Store: r.db, Told: r.told, Region: "US"})
	r.ok(err)
	for {
		after, err := k.Cursor(r.Context())
		r.ok(err)
		events, err := r.db.Events(r.Context(), event.Query{After: after, Types: Types(), Limit: 500})
		r.ok(err)
		if len(events) == 0 {
			break
		}
		r.ok(k.Handle(r.Context(), events))
	}
	page, _, err := r.db.Tracking(r.Context(), store.TrackingQuery{})
	r.ok(err)
	out := map[string]string{}
	for _, t := range page {
		out[t.Call] = strings.TrimSpace(string(t.State) + " " + t.CallID + " " + t.Source + "/" + t.Campaign)
	}
	return out
}

// Calls get what their numbers say, also those that were heard before the entry
// was written and long ago; an entry that changes or goes changes them, and
// reading again changes nothing.
func TestCallsFollowTheFile(t *testing.T) {
	r := newRig(t)
	const ann, ours = "+14155550100", "+12025550111"
	r.call("old", "inbound", ann, ours, noon.AddDate(0, -3, 0))
	r.call("new", "inbound", "", "(202) 555-0111", noon)
	r.call("shy", "inbound", ann, ours, noon)
	r.call("out", "outbound", ours, ours, noon)
	r.call("other", "inbound", ann, "+12025550199", noon)
	check := func(when, file string, want map[string]string) {
		t.Helper()
		for range 2 {
			if diff := cmp.Diff(want, r.follow(file)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
	}
	check("without a file", "", map[string]string{})
	spring := "numbers: [{number: (202) 555-0111, source: google, campaign: spring, from: 2026-04-01}]"
	check("the first file", spring, map[string]string{"new": "joined new google/spring", "shy": "joined shy /"})
	events := func() int {
		all, err := r.db.Events(t.Context(), event.Query{Types: []event.Type{event.CallTracked}, Limit: 500})
		r.ok(err)
		return len(all)
	}
	before := events()
	check("again", spring, map[string]string{"new": "joined new google/spring", "shy": "joined shy /"})
	if after := events(); after != before {
		t.Errorf("reading again told %d events", after-before)
	}
	all := "numbers: [{number: (202) 555-0111, source: google, campaign: summer}]"
	check("other words and days", all, map[string]string{"new": "joined new google/summer", "old": "joined old google/summer", "shy": "joined shy /"})
	check("back again", spring, map[string]string{"new": "joined new google/spring", "old": "withdrawn  /", "shy": "joined shy /"})
	r.ok(r.db.DestroyKeys([]string{"p-new"}))
	r.ok(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.EraseCall("new") }))
	check("one is erased", all, map[string]string{"old": "joined old google/summer", "shy": "joined shy /"})
	var last event.Tracking
	logged, err := r.db.Events(t.Context(), event.Query{Types: []event.Type{event.CallTracked}, Limit: 500})
	r.ok(err)
	r.ok(json.Unmarshal(logged[len(logged)-1].Data, &last))
	if last.Provider != event.Numbers || last.Caller != "" || strings.Contains(string(logged[len(logged)-1].Data), "0100") {
		t.Errorf("the log tells %s", logged[len(logged)-1].Data)
	}
}

// A number that the platform tells only beside the audio counts as well.
func TestNumbersThatComeLater(t *testing.T) {
	r := newRig(t)
	r.call("c1", "inbound", "", "", noon)
	file := "numbers: [{number: (202) 555-0111, source: google, campaign: spring}]"
	if got := r.follow(file); len(got) != 0 {
		t.Errorf("nobody told the number: %v", got)
	}
	d := event.Detail{ID: "d1", Provider: "twilio", Call: "CA-c1", CallID: "c1", MadeAt: noon}
	d.Add(event.Told{ID: "1", At: noon, Received: noon, Fields: map[string]string{"to": "+12025550111", "from": "+14155550100", "direction": "inbound"}})
	e, err := event.New(event.CallTold, noon, event.About{Subject: "c1", Call: "c1"}, d.Facts())
	r.ok(err)
	r.ok(r.db.Write(t.Context(), func(tx *store.Tx) error { return errors.Join(tx.SaveDetail(d), tx.Append(e)) }))
	if diff := cmp.Diff(map[string]string{"c1": "joined c1 google/spring"}, r.follow(file)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("numbers:\n  - {number: \"+12025550111\", source: a, from: 2026-04-01}"))
	f.Add([]byte("numbers: [{number: 1, source: &a b, medium: *a}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("f", data, "US", time.UTC)
		if err != nil {
			return
		}
		for number, entries := range p.by {
			for i := range entries {
				for k := range entries[:i] {
					if entries[i].meets(entries[k]) {
						t.Errorf("%s stands twice at a time", number)
					}
				}
			}
		}
	})
}
