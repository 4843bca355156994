package brain_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/law/calllist"
	"heed/internal/store"
)

// world is a brain over a real store and the built-in catalogue.
type world struct {
	*brain.Brain
	store   *store.Store
	decider *decide.Decider
	clock   time.Time
	lists   *calllist.Lists
}

func (w *world) now() time.Time { return w.clock }

func open(t testing.TB, dir string) *world {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{store: s, decider: d, clock: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	w.lists = calllist.New(s, []byte("secret"), "US", w.now)
	w.Brain = brain.New(brain.Options{Store: s, Decider: d, Logger: slog.New(slog.DiscardHandler), Region: "US", Now: w.now, Listed: w.lists.Listed})
	return w
}

func newWorld(t testing.TB) *world { return open(t, filepath.Join(t.TempDir(), "data")) }

func (w *world) start(t *testing.T, id, from string) event.Call {
	t.Helper()
	c, err := w.CallStarted(t.Context(), event.Call{
		ID: id, Platform: "twilio", PlatformCall: "CA" + id, Direction: "inbound", From: from,
		To: "+1 202 555 0199", Status: event.CallLive, StartedAt: w.clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// say commits an utterance with one intent.
func (w *world) say(t *testing.T, call string, seq int, who insights.Speaker, intents ...string) insights.Utterance {
	t.Helper()
	u := insights.Utterance{
		ID: event.NewID(), CallID: call, Seq: seq, Speaker: who, Text: "words that were said",
		Start: insights.Seconds(seq * 10), End: insights.Seconds(seq*10 + 4), Confidence: .9,
	}
	var found []insights.Insight
	for _, name := range intents {
		found = append(found, insights.Insight{
			Kind: insights.Intent, Name: name, Confidence: .95, Speaker: who, Start: u.Start, End: u.End,
			Model: "test", UtteranceID: u.ID,
		})
	}
	if err := w.Heard(t.Context(), call, u, found); err != nil {
		t.Fatal(err)
	}
	return u
}

func (w *world) last(t *testing.T, call string) decide.Decision {
	t.Helper()
	all, err := w.store.Decisions(t.Context(), call)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d decisions, error %v", len(all), err)
	}
	return all[len(all)-1]
}

func (w *world) types(t *testing.T, call string) []event.Type {
	t.Helper()
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: call, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	var out []event.Type
	for _, e := range events {
		out = append(out, e.Type)
	}
	return out
}

func TestACallerIsFoundByNumberHoweverItIsWritten(t *testing.T) {
	w := newWorld(t)
	first := w.start(t, "a", "(202) 555-0142")
	again := w.start(t, "b", "+12025550142")
	other := w.start(t, "c", "+12025550143")
	if first.From != "+12025550142" || first.CustomerID == "" {
		t.Errorf("number %q, customer %q", first.From, first.CustomerID)
	}
	if first.CustomerID != again.CustomerID {
		t.Error("one number became two customers")
	}
	if other.CustomerID == first.CustomerID {
		t.Error("two numbers became one customer")
	}
	withheld, hidden := w.start(t, "d", "anonymous"), w.start(t, "e", "")
	if withheld.From != "" || withheld.CustomerID == "" || withheld.CustomerID == hidden.CustomerID {
		t.Errorf("withheld callers: %+v and %+v must be two new people", withheld, hidden)
	}
}

func TestOneCommitHoldsAFactAndWhatFollows(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	want := []event.Type{
		event.CallStarted, event.ProfileChanged, event.DecisionMade,
		event.UtteranceSpoken, event.SignalRaised, event.ProfileChanged, event.DecisionMade,
	}
	if got := w.types(t, "a"); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	d := w.last(t, "a")
	if len(d.Actions) == 0 || d.Actions[0].Issue != "retention" || d.Actions[0].Because == "" || d.Actions[0].Say == "" {
		t.Errorf("a caller who wants to cancel gets %+v", d.Actions)
	}
	if len(d.Actions) > 3 {
		t.Errorf("%d suggestions, at most three", len(d.Actions))
	}
}

// TestTalkFiguresGoOutAndAreNotKept: those of the whole call are stored when
// it ends, and those of a moment are true for that moment.
func TestTalkFiguresGoOutAndAreNotKept(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	u := insights.Utterance{ID: "u1", CallID: "a", Seq: 1, Speaker: insights.Agent, Text: "hello", Start: 1, End: 4}
	found := []insights.Insight{
		{Kind: insights.Moment, Name: "thanks", UtteranceID: "u1", Model: "test"},
		{Kind: insights.Talk, Name: "talk_ratio", Speaker: insights.Agent, Value: 1, Model: "test"},
		{Kind: insights.Talk, Name: "dead_air", Value: .25, Model: "test"},
	}
	if err := w.Heard(t.Context(), "a", u, found); err != nil {
		t.Fatal(err)
	}
	kept, err := w.store.Insights(t.Context(), "a")
	if err != nil || len(kept) != 1 || kept[0].Name != "thanks" {
		t.Errorf("kept %+v (%v), want the moment alone", kept, err)
	}
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: "a", Types: []event.Type{event.UtteranceSpoken}})
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	var spoken event.Spoken
	if err := json.Unmarshal(events[0].Data, &spoken); err != nil {
		t.Fatal(err)
	}
	if len(spoken.Insights) != 1 || len(spoken.Talk) != 2 || spoken.Talk["talk_ratio.agent"] != 1 || spoken.Talk["dead_air"] != .25 {
		t.Errorf("the event says %+v and %v", spoken.Insights, spoken.Talk)
	}
}

func TestTheSameUtteranceTwiceCountsOnce(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer, "cancel")
	before := w.types(t, "a")
	again := u
	again.ID = event.NewID()
	if err := w.Heard(t.Context(), "a", again, nil); err != nil {
		t.Fatal(err)
	}
	if after := w.types(t, "a"); len(after) != len(before) {
		t.Errorf("a repeated utterance added %v", after[len(before):])
	}
}

func TestTheAgentsWordsMoveNobody(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	before, err := w.store.Profile(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	w.say(t, "a", 1, insights.Agent, "cancel", "complaint")
	after, err := w.store.Profile(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	if after.Version != before.Version || len(w.last(t, "a").Actions) != 0 {
		t.Errorf("version %d -> %d, actions %v", before.Version, after.Version, w.last(t, "a").Actions)
	}
}

func TestUnknownCalls(t *testing.T) {
	w := newWorld(t)
	err := w.Heard(t.Context(), "nobody", insights.Utterance{}, nil)
	if !errors.Is(err, brain.ErrUnknownCall) {
		t.Errorf("error = %v", err)
	}
	c := w.start(t, "a", "+12025550142")
	twin, err := w.CallStarted(t.Context(), event.Call{ID: "other", Platform: c.Platform, PlatformCall: c.PlatformCall})
	if err != nil || twin.ID != "a" {
		t.Errorf("a platform's call that is known already came back as %q, %v", twin.ID, err)
	}
	c.Status = event.CallOver
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Heard(t.Context(), "a", insights.Utterance{ID: "u"}, nil); !errors.Is(err, brain.ErrUnknownCall) {
		t.Errorf("an utterance after the end: %v", err)
	}
}

func TestOutcomesAreRecordedOnceAndDecidedUpon(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	offered := w.last(t, "a")
	o := brain.Outcome{DecisionID: offered.ID, Action: offered.Actions[0].Action, Outcome: "dismissed", Actor: "me"}

	first, repeated, err := w.Outcome(t.Context(), o)
	if err != nil || repeated || first.ID == "" || first.CallID != "a" || first.Channel != "agent" {
		t.Fatalf("outcome %+v, repeated %v, error %v", first, repeated, err)
	}
	second, repeated, err := w.Outcome(t.Context(), o)
	if err != nil || !repeated || second.ID != first.ID {
		t.Errorf("again: %+v, repeated %v, error %v", second, repeated, err)
	}
	now := w.last(t, "a")
	if now.Supersedes != offered.ID {
		t.Errorf("the new decision supersedes %q", now.Supersedes)
	}
	if slices.ContainsFunc(now.Actions, func(c decide.Choice) bool { return c.Action == o.Action }) {
		t.Errorf("%s was dismissed and is offered again", o.Action)
	}
	for name, bad := range map[string]brain.Outcome{
		"not offered":      {DecisionID: offered.ID, Action: "no.such", Outcome: "accepted"},
		"unknown outcome":  {DecisionID: offered.ID, Action: o.Action, Outcome: "shrugged"},
		"unknown decision": {DecisionID: "nope", Action: o.Action, Outcome: "accepted"},
	} {
		if _, _, err := w.Outcome(t.Context(), bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestConsentOpensWhatWasClosed(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "upgrade_interest")
	sells := func() bool {
		return slices.ContainsFunc(w.last(t, "a").Actions, func(c decide.Choice) bool { return c.AllowedBy.Purpose == "marketing" })
	}
	if sells() {
		t.Fatal("an unknown permission is not a granted one")
	}
	_, err := w.SetConsent(t.Context(), consent.Row{
		CustomerID: c.CustomerID, Cell: consent.Cell{Purpose: consent.Marketing, Channel: "agent"}, State: consent.Granted,
		Source: "agent desk", Actor: "me", CallID: "a", CallSecond: 20, Wording: "May I tell you about offers?",
	})
	if err != nil {
		t.Fatal(err)
	}
	if !sells() {
		t.Errorf("after the yes: %+v", w.last(t, "a").Actions)
	}
	_, err = w.SetConsent(t.Context(), consent.Row{
		CustomerID: c.CustomerID, Cell: consent.Cell{Purpose: consent.Marketing, Channel: "agent"}, State: consent.Withdrawn, Source: "agent desk", Actor: "me",
	})
	if err != nil {
		t.Fatal(err)
	}
	if sells() {
		t.Error("after the no: still selling")
	}
}

func TestACallIsTakenUpAfterACrash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	w := open(t, dir)
	w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: "dismissed"}); err != nil {
		t.Fatal(err)
	}
	dismissed := d.Actions[0].Action
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}

	w = open(t, dir)
	calls, heard, err := w.OpenCalls(t.Context())
	if err != nil || len(calls) != 1 || len(heard["a"]) != 1 {
		t.Fatalf("open calls %v, heard %v, error %v", calls, heard, err)
	}
	w.say(t, "a", 2, insights.Customer, "complaint")
	for _, c := range w.last(t, "a").Actions {
		if c.Action == dismissed {
			t.Error("what was dismissed before the crash is offered after it")
		}
	}
	if w.last(t, "a").Supersedes == "" {
		t.Error("the decisions before the crash were forgotten")
	}
}

// TestOpenCallsNamesTheLiveOnes: a call that this process left open must be
// closed by it as well, and the spools of calls that are not named are destroyed.
func TestOpenCallsNamesTheLiveOnes(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "complaint")
	before := w.last(t, "a")
	for range 2 {
		calls, heard, err := w.OpenCalls(t.Context())
		if err != nil || len(calls) != 1 || calls[0].ID != "a" || len(heard["a"]) != 1 {
			t.Fatalf("open calls %v, heard %v, error %v", calls, heard, err)
		}
	}
	w.say(t, "a", 2, insights.Customer, "cancel")
	if now := w.last(t, "a"); now.ID == before.ID {
		t.Error("the live call was not decided on any more")
	}
}

func TestManyCallsOfOneCustomerAtOnce(t *testing.T) {
	w := newWorld(t)
	const calls, words = 8, 10
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() {
			id := fmt.Sprintf("c%d", i)
			w.start(t, id, "+12025550142")
			for n := range words {
				w.say(t, id, n+1, insights.Customer, "complaint")
			}
		})
	}
	wg.Wait()
	found, err := w.store.ProfileByIdentifier(t.Context(), "phone", "+12025550142")
	if err != nil {
		t.Fatal(err)
	}
	if people, _, err := w.store.Profiles(t.Context(), "", "", 10); err != nil || len(people) != 1 {
		t.Errorf("%d people, error %v", len(people), err)
	}
	if found.Version < calls {
		t.Errorf("version %d after %d calls: changes were lost", found.Version, calls)
	}
}

func TestACancelledContextCommitsNothing(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	n := len(w.types(t, "a"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Heard(ctx, "a", insights.Utterance{ID: "u", CallID: "a", Seq: 1, Speaker: insights.Customer, Text: "x"}, nil); err == nil {
		t.Error("no error")
	}
	if got := len(w.types(t, "a")); got != n {
		t.Errorf("%d events were committed", got-n)
	}
}

func TestARefusalIsRememberedInTheNextCall(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	refused := d.Actions[0].Action
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: refused, Outcome: "rejected"}); err != nil {
		t.Fatal(err)
	}
	c.Status = event.CallOver
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(24 * time.Hour)
	w.start(t, "b", "+12025550142")
	w.say(t, "b", 1, insights.Customer, "cancel")
	for _, a := range w.last(t, "b").Actions {
		if a.Action == refused {
			t.Errorf("%s was refused yesterday and is offered again", refused)
		}
	}
	web, err := w.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: c.CustomerID}, Slot: "web.banner", Channel: "web", N: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range web.Actions {
		if a.Action == refused {
			t.Errorf("%s was refused on the phone and is offered on the web", refused)
		}
	}
}

func TestKeysOfTwoCallersDoNotMeet(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	o := brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: "impression", Key: "1"}
	for _, actor := range []string{"crm", "shop"} {
		o.Actor = actor
		if _, repeated, err := w.Outcome(t.Context(), o); err != nil || repeated {
			t.Errorf("%s: repeated %v, error %v", actor, repeated, err)
		}
	}
	o.Outcome = "accepted"
	if _, _, err := w.Outcome(t.Context(), o); !errors.Is(err, store.ErrMismatch) {
		t.Errorf("the same key for another outcome: %v", err)
	}
}
