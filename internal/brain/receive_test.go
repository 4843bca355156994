package brain_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// did is a message about something that the owner of a number did.
func did(phone, message, fact string, at time.Time, props map[string]any) brain.Received {
	return brain.Received{
		ID: brain.MessageID(message), Identifiers: []customer.Identifier{{Type: "phone", Value: phone}}, Source: "shop", At: at,
		Facts: []customer.Fact{{Name: fact, Props: props}}, Said: brain.Said{Kind: "track", Name: fact, MessageID: message},
	}
}

func (w *world) receive(t *testing.T, all ...brain.Received) []brain.Receipt {
	t.Helper()
	got, err := w.Receive(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFactsFromElsewhereChangeTheLiveCall(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	var all []brain.Received
	for i := range 3 {
		all = append(all, did("202-555-0142", fmt.Sprintf("m%d", i), "page.cancel", w.clock, nil))
	}
	before := w.types(t, "a")
	for _, r := range w.receive(t, all...) {
		if r.CustomerID != c.CustomerID || r.Repeated {
			t.Errorf("receipt %+v", r)
		}
	}
	d := w.last(t, "a")
	if len(d.Actions) == 0 || d.Actions[0].Issue != "retention" {
		t.Errorf("three views of the cancel page: %+v", d.Actions)
	}
	after := w.types(t, "a")[len(before):]
	want := []event.Type{event.FactObserved, event.FactObserved, event.FactObserved, event.ProfileChanged, event.DecisionMade}
	if !slices.Equal(after, want) {
		t.Errorf("events %v, want one decision for all: %v", after, want)
	}
	for _, r := range w.receive(t, all[1], all[1], all[0]) {
		if !r.Repeated || r.CustomerID != c.CustomerID {
			t.Errorf("a repeat: %+v", r)
		}
	}
	if got := len(w.types(t, "a")); got != len(before)+len(after) {
		t.Error("the same message twice counted twice")
	}
	mixed := w.receive(t, did("12", "m9", "page.cancel", w.clock, nil), did("+12025550142", "m10", "page.cancel", w.clock, nil))
	if !mixed[0].Nobody || mixed[1].Nobody || mixed[1].CustomerID != c.CustomerID {
		t.Errorf("one names nobody: %+v", mixed)
	}
}

// What lies in the cart is not offered, whoever asks; once it is out it is.
func TestTheCartChangesTheSuggestion(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	if _, err := w.SetConsent(t.Context(), consent.Row{
		CustomerID: c.CustomerID, Cell: consent.Cell{Purpose: consent.Marketing, Channel: "agent"}, State: consent.Granted, Source: "agent desk", Actor: "me",
		Wording: "May we tell you about offers?",
	}); err != nil {
		t.Fatal(err)
	}
	w.say(t, "a", 1, insights.Customer, "upgrade_interest")
	const fibre = "up.fibre"
	offers := func(product string) bool {
		return slices.ContainsFunc(w.last(t, "a").Actions, func(c decide.Choice) bool { return c.Action == product })
	}
	if !offers(fibre) {
		t.Fatalf("it is not even offered to one who asks for more: %+v", w.last(t, "a").NotChosen)
	}
	cart := map[string]any{"product": "fibre"}
	w.receive(t, did("+12025550142", "m1", "cart.add", w.clock, cart))
	if offers(fibre) {
		t.Errorf("it is in the cart: %+v", w.last(t, "a").NotChosen)
	}
	w.clock = w.clock.Add(time.Minute)
	w.receive(t, did("+12025550142", "m2", "cart.remove", w.clock, cart))
	if offers(fibre) {
		t.Error("it was taken out only now")
	}
	w.clock = w.clock.Add(25 * time.Hour)
	w.receive(t, did("+12025550142", "m2b", "cart.add", w.clock, map[string]any{"product": "phone"}))
	if !offers(fibre) {
		t.Errorf("it was taken out a day ago: %+v", w.last(t, "a").NotChosen)
	}
	w.clock = w.clock.Add(time.Minute)
	order := map[string]any{"products": []any{"phone", "fibre"}, "order": "o1"}
	w.receive(t, did("+12025550142", "m3", "order.placed", w.clock, order))
	if offers(fibre) {
		t.Errorf("it is on its way: %+v", w.last(t, "a").NotChosen)
	}
	w.clock = w.clock.Add(time.Minute)
	w.receive(t, did("+12025550142", "m4", "order.delivered", w.clock, map[string]any{"order": "o1"}))
	if !offers(fibre) {
		t.Errorf("it has arrived: %+v", w.last(t, "a").NotChosen)
	}
}

func (w *world) state(t *testing.T, id string, cell consent.Cell) consent.State {
	t.Helper()
	rows, err := w.store.Consent(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return consent.Now(rows, cell, w.clock).State
}

func TestAWishIsAnActOnlyWhenItChanges(t *testing.T) {
	w := newWorld(t)
	cell := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	n := 0
	say := func(granted bool) string {
		n++
		w.clock = w.clock.Add(time.Minute)
		m := did("+12025550142", fmt.Sprint("m", n), "page.product", w.clock, nil)
		m.Wishes = []brain.Wish{{Cell: cell, Granted: granted, Evidence: "category"}}
		return w.receive(t, m)[0].CustomerID
	}
	id := say(true)
	if got := w.state(t, id, cell); got != consent.Granted {
		t.Fatalf("after the yes: %s", got)
	}
	w.clock = w.clock.Add(time.Minute)
	if _, err := w.SetConsent(t.Context(), consent.Row{CustomerID: id, Cell: cell, State: consent.Withdrawn, Source: "agent desk", Actor: "me"}); err != nil {
		t.Fatal(err)
	}
	say(true)
	if got := w.state(t, id, cell); got != consent.Withdrawn {
		t.Errorf("a yes that is only repeated undid the no: %s", got)
	}
	say(false)
	say(true)
	if got := w.state(t, id, cell); got != consent.Granted {
		t.Errorf("the sender's own word changed: %s", got)
	}
	if rows, err := w.store.Consent(t.Context(), id); err != nil || len(rows) != 4 {
		t.Errorf("%d rows, error %v", len(rows), err)
	}
}

func TestAStrangersYesDoesNotOpenWhatWasClosed(t *testing.T) {
	w := newWorld(t)
	cell := consent.Cell{Purpose: consent.Marketing}
	id := w.receive(t, did("+12025550142", "m1", "page.product", w.clock, nil))[0].CustomerID
	if _, err := w.SetConsent(t.Context(), consent.Row{CustomerID: id, Cell: cell, State: consent.Denied, Source: "agent desk", Actor: "me"}); err != nil {
		t.Fatal(err)
	}
	m := did("+12025550142", "m2", "page.product", w.clock, nil)
	m.Wishes = []brain.Wish{{Cell: cell, Granted: true}}
	w.receive(t, m)
	if got := w.state(t, id, cell); got != consent.Denied {
		t.Errorf("nobody knows which came first: %s", got)
	}
}

// Two deliveries of the same messages at the same moment: each counts once.
func TestConcurrentRepeatsCountOnce(t *testing.T) {
	w := newWorld(t)
	var all []brain.Received
	for i := range 40 {
		all = append(all, did(fmt.Sprintf("+1202555%04d", 100+i%8), fmt.Sprint("m", i), "page.product", w.clock, nil))
	}
	errs := make(chan error)
	for range 4 {
		go func() {
			_, err := w.Receive(t.Context(), slices.Clone(all))
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	events, err := w.store.Events(t.Context(), store.EventQuery{Types: []event.Type{event.FactObserved}, Limit: 500})
	if err != nil || len(events) != len(all) {
		t.Errorf("%d facts of %d, error %v", len(events), len(all), err)
	}
}

// Whatever comes first, comes twice or comes in one delivery: the profile ends
// the same.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	now := newWorld(t).clock
	var all []brain.Received
	for i := range 24 {
		fact := []string{"cart.add", "purchase", "ticket.opened", "page.cancel"}[i%4]
		m := did("+12025550142", fmt.Sprint("m", i), fact, now.Add(-time.Duration(i%5)*time.Minute), map[string]any{"product": "fibre", "id": "t"})
		if i%3 == 0 {
			m.Facts = nil
			m.Traits = []customer.Trait{{Name: "plan", Value: fmt.Sprint("gold", i), Confidence: .9}, {Name: "level", Value: float64(i), Confidence: .9}}
		}
		all = append(all, m)
	}
	end := func(deliver func(*world)) string {
		w := newWorld(t)
		deliver(w)
		p, err := w.store.ProfileByIdentifier(t.Context(), "phone", "+12025550142")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal([]any{p.Facts, p.Traits, p.Evidence})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	straight := end(func(w *world) { w.receive(t, slices.Clone(all)...) })
	for name, deliver := range map[string]func(*world){
		"backwards": func(w *world) {
			for _, m := range slices.Backward(all) {
				w.receive(t, m)
			}
		},
		"twice": func(w *world) {
			w.receive(t, slices.Concat(all[12:], all[:12])...)
			w.receive(t, slices.Clone(all)...)
		},
	} {
		if got := end(deliver); got != straight {
			t.Errorf("%s:\n%s\nin order:\n%s", name, got, straight)
		}
	}
}

// What one of those who are one had closed is not opened by a first yes about
// the other, which would count for both.
func TestAYesAboutOneDoesNotOpenWhatTheOtherClosed(t *testing.T) {
	w := newWorld(t)
	cell := consent.Cell{Purpose: consent.Marketing}
	one := w.receive(t, did("+12025550142", "m1", "page.product", w.clock, nil))[0].CustomerID
	other := w.receive(t, did("+12025550143", "m2", "page.product", w.clock, nil))[0].CustomerID
	if _, err := w.SetConsent(t.Context(), consent.Row{CustomerID: other, Cell: cell, State: consent.Denied, Source: "agent desk", Actor: "me"}); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(time.Minute)
	if _, err := w.Merge(t.Context(), one, other, "me"); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(time.Minute)
	m := did("+12025550142", "m3", "page.product", w.clock, nil)
	m.Wishes = []brain.Wish{{Cell: cell, Granted: true}}
	w.receive(t, m)
	if got := consent.Now(w.person(t, one).Ledger, cell, w.clock).State; got != consent.Denied {
		t.Errorf("after a first yes about the other: %s", got)
	}
}

// A no on the phone is heard though the caller's own ledger says no already:
// a later yes of the other had opened both.
func TestANoIsHeardWhenTheOtherHadOpened(t *testing.T) {
	w := newWorld(t)
	cell := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	caller := w.receive(t, did("+12025550142", "m1", "page.product", w.clock, nil))[0].CustomerID
	other := w.receive(t, did("+12025550143", "m2", "page.product", w.clock, nil))[0].CustomerID
	set := func(id string, state consent.State) {
		t.Helper()
		w.clock = w.clock.Add(time.Minute)
		_, err := w.SetConsent(t.Context(), consent.Row{CustomerID: id, Cell: cell, State: state, Source: "agent desk", Actor: "me", Wording: "May we e-mail you?"})
		if err != nil {
			t.Fatal(err)
		}
	}
	set(caller, consent.Withdrawn)
	w.clock = w.clock.Add(time.Minute)
	if _, err := w.Merge(t.Context(), caller, other, "me"); err != nil {
		t.Fatal(err)
	}
	set(other, consent.Granted)
	now := func() consent.State { return consent.Now(w.person(t, caller).Ledger, cell, w.clock).State }
	if got := now(); got != consent.Granted {
		t.Fatalf("a word after the merge counts for both: %s", got)
	}
	w.clock = w.clock.Add(time.Minute)
	w.start(t, "a", "+12025550142")
	w.clock = w.clock.Add(time.Minute)
	w.say(t, "a", 1, insights.Customer, "stop_emails")
	if got := now(); got != consent.Withdrawn {
		t.Errorf("after the no on the phone: %s", got)
	}
}
