package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/event"
	"heed/internal/slots"
)

// fixedly is a server whose time the test sets, with the catalogue of a folder
// and the chances that it states.
func fixedly(t *testing.T, dir, actions string, now *atomic.Pointer[time.Time]) *client.Client {
	t.Helper()
	config := settings(t, dir)
	config.Content.Actions, config.Decide.Model = actions, "fixed"
	a, err := app.New(t.Context(), app.Options{
		Config: config, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil),
		Now: func() time.Time { return *now.Load() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return run(t, a)
}

// followed is a slot as its stream tells of it.
type followed struct {
	t      *testing.T
	states <-chan slots.State
	broke  chan error // how the stream ended; nil when it was closed in order
	now    slots.State
}

// openSlot opens a slot and follows it until the test ends.
func openSlot(t *testing.T, c *client.Client, customer, slot string) *followed {
	t.Helper()
	f := &followed{t: t}
	if status := ask(t, c, http.MethodPost, "/v1/slots", fmt.Sprintf(`{"customer_id": %q, "slot": %q}`, customer, slot), &f.now); status != http.StatusOK {
		t.Fatalf("open %s: %d", slot, status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Base()+"/v1/slots/"+f.now.ID+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key())
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("follow %s: %v %v", slot, res, err)
	}
	states := make(chan slots.State, 100)
	f.states = states
	f.broke = make(chan error, 1)
	go func() {
		defer close(states)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var st slots.State
			if text, is := strings.CutPrefix(lines.Text(), "data: "); is && json.Unmarshal([]byte(text), &st) == nil {
				states <- st
			}
		}
		f.broke <- lines.Err()
	}()
	return f
}

// until waits until the stream tells of what is wanted.
func (f *followed) until(what string, is func(slots.State) bool) slots.State {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	for !is(f.now) {
		select {
		case st, open := <-f.states:
			if !open {
				f.t.Fatalf("%s: the stream of %s ended; it is %s, showing %q", what, f.now.Name, f.now.State, offered(f.now.Decision))
			}
			f.now = st
		case <-ctx.Done():
			f.t.Fatalf("%s: %s is %s and shows %q: %s", what, f.now.Name, f.now.State, offered(f.now.Decision), f.now.Decision.Because)
		}
	}
	return f.now
}

func (f *followed) shows(action string) slots.State {
	f.t.Helper()
	return f.until("wait for "+action, func(st slots.State) bool {
		return len(st.Decision.Actions) > 0 && st.Decision.Actions[0].Action == action
	})
}

// claim claims what the slot held at a decision.
func (f *followed) claim(c *client.Client, decision, message string) (got slots.Claimed, status int) {
	f.t.Helper()
	status = ask(f.t, c, http.MethodPost, "/v1/slots/"+f.now.ID+"/claim", fmt.Sprintf(`{"decision_id": %q, "message_id": %q}`, decision, message), &got)
	return got, status
}

// TestExampleA on the real server: three looks at the page of leaving change
// what the agent, the web and the queued e-mail hold, a purchase changes it
// again and calls the e-mail back, and what went out is overtaken.
func TestExampleA(t *testing.T) {
	t.Parallel() // it waits more than it works
	at := time.Date(2026, 4, 14, 16, 0, 0, 0, time.UTC)
	now := &atomic.Pointer[time.Time]{}
	set := func(to time.Time) { now.Store(&to) }
	set(at)
	c := fixedly(t, filepath.Join(t.TempDir(), "data"), filepath.Join("..", "decide", "testdata", "example_a"), now)
	const phone = "+12135550101"
	id := person(t, c, phone, `, "email": "maria@example.com"`)
	allow(t, c, id, "marketing", "granted")
	places := []*followed{openSlot(t, c, id, "agent.desk"), openSlot(t, c, id, "web.banner"), openSlot(t, c, id, "outbound.email")}
	email := places[2]
	all := func(action string, priority float64) {
		t.Helper()
		for _, f := range places {
			d := f.shows(action).Decision
			if got := d.Actions[0].Priority; math.Abs(got-priority) > .005 {
				t.Errorf("%s: priority of %s is %.3f, want %.2f", d.Slot, action, got, priority)
			}
		}
	}
	all("up.fibre", 3.20)
	for range 3 {
		set(now.Load().Add(3 * time.Minute))
		report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a%s", "event": "page.cancel", "timestamp": %q}`, phone, now.Load().Format(time.RFC3339)), nil)
	}
	all("ret.loyalty20", 23.76)
	if because := places[0].now.Decision.Actions[0].Because; !strings.Contains(because, "three times") {
		t.Errorf("the agent is told %q", because)
	}
	leaving := email.now
	if leaving.Superseded == nil || leaving.Superseded.Action != "up.fibre" {
		t.Errorf("the first e-mail was not called back: %+v", leaving.Superseded)
	}
	set(now.Load().Add(time.Minute))
	track(t, c, *now.Load(), phone, "Order Completed", `{"order_id": "o1", "products": [{"product_id": "fibre500", "name": "Fibre 500", "price": 40}]}`)
	all("rew.thanks", 8.19)
	bought := email.now
	if s := bought.Superseded; s == nil || s.Reason != "superseded" || s.Action != "ret.loyalty20" || s.Decision != leaving.DecisionID || s.By != bought.DecisionID {
		t.Errorf("the e-mail that would hold the customer: %+v", bought.Superseded)
	}
	if got, status := email.claim(c, leaving.DecisionID, "m1"); status != http.StatusOK || got.Allowed || got.Rule != "superseded" || got.Slot.DecisionID != bought.DecisionID {
		t.Errorf("the one that was called back is claimed: %d %+v", status, got.Verdict)
	}
	if got, status := email.claim(c, bought.DecisionID, "m2"); status != http.StatusOK || !got.Allowed || !got.Counted || got.Slot.State != event.SlotIsClaimed {
		t.Errorf("the one that stands: %d %+v, slot %s", status, got.Verdict, got.Slot.State)
	}
	if got, status := email.claim(c, bought.DecisionID, "m2"); status != http.StatusOK || !got.Allowed || !got.Repeated {
		t.Errorf("the same claim again: %d %+v", status, got.Verdict)
	}
	if _, status := email.claim(c, bought.DecisionID, "m3"); status != http.StatusConflict {
		t.Errorf("a second sender: %d", status)
	}
	set(now.Load().Add(time.Minute))
	report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a%s", "event": "complaint.opened", "timestamp": %q}`, phone, now.Load().Format(time.RFC3339)), nil)
	over := email.until("overtaken", func(st slots.State) bool { return st.State == event.SlotIsOvertaken })
	if over.Reason == "" {
		t.Error("nobody is told why")
	}
	for _, f := range places[:2] {
		f.until("nothing is sold while a complaint is open", func(st slots.State) bool { return len(st.Decision.Actions) == 0 })
	}
}

// TestExampleC: what is queued to sell goes away while a complaint is open, and
// comes back two days after it was solved well, not before.
func TestExampleC(t *testing.T) {
	t.Parallel() // it waits more than it works
	at := time.Date(2026, 4, 14, 16, 0, 0, 0, time.UTC)
	now := &atomic.Pointer[time.Time]{}
	set := func(to time.Time) { now.Store(&to) }
	set(at)
	c := fixedly(t, filepath.Join(t.TempDir(), "data"), offers(t), now)
	const phone = "+12135550102"
	id := person(t, c, phone, `, "email": "maria@example.com"`)
	allow(t, c, id, "marketing", "granted")
	email := openSlot(t, c, id, "outbound.email")
	sells := func(st slots.State) bool { return strings.Contains(offered(st.Decision), "sell") }
	email.until("it sells", sells)
	complaint := func(what string) {
		report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a%s", "event": "complaint.%s", "timestamp": %q, "properties": {"id": "c1"}}`, phone, what, now.Load().Format(time.RFC3339)), nil)
	}
	set(at.Add(time.Minute))
	complaint("opened")
	email.until("it sells no more", func(st slots.State) bool { return !sells(st) })
	set(at.Add(time.Hour))
	complaint("resolved")
	var st slots.State
	touch := func() {
		t.Helper()
		if status := ask(t, c, http.MethodPut, "/v1/slots/"+email.now.ID, `{"hold": 600000}`, &st); status != http.StatusOK {
			t.Fatalf("held for longer: %d", status)
		}
	}
	touch()
	set(at.Add(48 * time.Hour))
	if touch(); sells(st) {
		t.Errorf("sold before two days are over: %s", st.Decision.Because)
	}
	set(at.Add(50 * time.Hour))
	if touch(); !sells(st) {
		t.Errorf("not sold after two days: %+v", st.Decision.NotChosen)
	}
}

// TestStreamsOfSlotsEnd: whose key is revoked sees no more, and a server that
// stops closes what is followed in order.
func TestStreamsOfSlotsEnd(t *testing.T) {
	t.Parallel() // it waits more than it works
	now := &atomic.Pointer[time.Time]{}
	at := noonUTC()
	now.Store(&at)
	config := settings(t, filepath.Join(t.TempDir(), "data"))
	config.Content.Actions = offers(t)
	a, err := app.New(t.Context(), app.Options{
		Config: config, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil),
		Now: func() time.Time { return *now.Load() },
	})
	if err != nil {
		t.Fatal(err)
	}
	c := run(t, a)
	mia := person(t, c, "+12025550142", "")
	var key struct{ ID, Key string }
	if status := ask(t, c, http.MethodPost, "/v1/keys", `{"name": "web shop", "role": "agent"}`, &key); status != http.StatusOK {
		t.Fatalf("key: %d", status)
	}
	shop, err := client.New(c.Base(), key.Key)
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := openSlot(t, shop, mia, "web.banner"), openSlot(t, c, mia, "web.banner")
	serves := func(st slots.State) bool { return offered(st.Decision) == "serve" }
	theirs.until("begun", serves)
	if status := ask(t, c, http.MethodDelete, "/v1/keys/"+key.ID, "", nil); status >= 300 {
		t.Fatalf("revoke: %d", status)
	}
	allow(t, c, mia, "marketing", "granted")
	ours.until("sold to", func(st slots.State) bool { return strings.Contains(offered(st.Decision), "sell") })
	for st := range theirs.states {
		if !serves(st) {
			t.Errorf("a revoked key sees %q", offered(st.Decision))
		}
	}
	if err := a.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range ours.states {
	}
	if err := <-ours.broke; err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
}
