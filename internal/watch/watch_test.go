package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

type rig struct {
	*testing.T
	db  *store.Store
	now time.Time
	*watch.Service
	n     int
	asked func() // when the time is
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	r := &rig{T: t, db: db, now: noon}
	r.restart()
	return r
}

func (r *rig) restart() {
	r.Service = watch.New(watch.Options{
		Store: r.db, Now: r.clock, Secret: func() string { return "whsec_x" }, URL: func() string { return "https://heed.test" },
		CheckMail: func(a string) error {
			if a != "ann@heed.test" {
				return errors.New("expected an address")
			}
			return nil
		},
		Check: func(a string) error {
			if a != "https://hook.test/" {
				return errors.New("expected an https address")
			}
			return nil
		},
	})
}

func (r *rig) clock() time.Time {
	if r.asked != nil {
		r.asked()
	}
	return r.now
}

// commit writes an event of a call at the present moment, and its call.
func (r *rig) commit(t event.Type, c event.Call, data any) {
	r.Helper()
	e, err := event.New(t, r.now, event.About{Subject: c.ID, Call: c.ID}, data)
	if err != nil {
		r.Fatal(err)
	}
	err = r.db.Write(r.Context(), func(tx *store.Tx) error { return errors.Join(tx.SaveCall(c), tx.Append(e)) })
	if err != nil {
		r.Fatal(err)
	}
}

// follow hands the service what is new, and all of it once more.
func (r *rig) follow() {
	r.Helper()
	after, err := r.Cursor(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	events, err := r.db.Events(r.Context(), event.Query{After: after, Types: watch.Types(), Limit: 500})
	if err != nil {
		r.Fatal(err)
	}
	for range 2 {
		if err := r.Handle(r.Context(), events); err != nil {
			r.Fatal(err)
		}
	}
}

func aCall(id string) event.Call {
	return event.Call{
		ID: id, Platform: "twilio", PlatformCall: id, Direction: "inbound", CustomerID: "p-" + id, CustomerName: "Maria " + id, Agent: "Ada",
		Status: event.CallLive, StartedAt: noon, Captions: event.CaptionsLive, Recording: event.Recording{State: "recording"},
	}
}

// say commits words at a second of a call, with what was understood.
func (r *rig) say(c event.Call, second float64, who insights.Speaker, text string, found ...insights.Insight) {
	r.Helper()
	r.n++
	for i := range found {
		found[i].Speaker, found[i].Start = who, insights.Seconds(second)
	}
	r.now = noon.Add(time.Duration((second + 2) * float64(time.Second)))
	u := insights.Utterance{ID: fmt.Sprint("u", r.n), CallID: c.ID, Seq: r.n, Speaker: who, Start: insights.Seconds(second), End: insights.Seconds(second + 2), Text: text}
	r.commit(event.UtteranceSpoken, c, event.Spoken{Utterance: u, Insights: found, Talk: event.Talk{"overlap": 0.3, "dead_air": 0.1}})
}

func mood(v float64) insights.Insight {
	return insights.Insight{Kind: insights.Sentiment, Name: "negative", Value: v}
}

func named(kind insights.Kind, name string) insights.Insight {
	return insights.Insight{Kind: kind, Name: name, Confidence: 0.9}
}

func (r *rig) make(w store.WatchWanted) store.WatchRule {
	r.Helper()
	w.Name = w.Kind
	rule, err := r.Make(r.Context(), watch.Person{ID: "sue", Name: "Sue", Role: "supervisor"}, w)
	if err != nil {
		r.Fatal(err)
	}
	return rule
}

func (r *rig) board() watch.Board {
	b, _, _, _ := r.Since("")
	return b
}

func (r *rig) kinds() []string {
	var out []string
	for _, a := range r.board().Alerts {
		out = append(out, a.Kind)
	}
	slices.Sort(out)
	return out
}

// The board shows a call as its events tell it, and finds it again after a start.
func TestACallOnTheBoard(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	r.follow()
	r.commit(event.CallTold, c, event.Facts{Queue: "billing", Agent: "ignored"})
	r.say(c, 1, insights.Agent, "hello", mood(-1), named(insights.Intent, "greeting"))
	r.say(c, 4, insights.Customer, "charged twice", mood(0.5), named(insights.Theme, "double_charge"), named(insights.Intent, "greeting"))
	r.say(c, 10, insights.Customer, "get me your boss", mood(-1), named(insights.Moment, "escalation"))
	r.follow()
	check := func() {
		t.Helper()
		calls := r.board().Calls
		if len(calls) != 1 {
			t.Fatalf("%d calls", len(calls))
		}
		got := calls[0]
		if got.Agent != "Ada" || got.Queue != "billing" || got.Customer != "Maria a" || got.Topic == nil || got.Topic.Name != "double_charge" || got.Spoken != 12 || got.Speaker != insights.Customer {
			t.Errorf("%+v", got)
		}
		// 0.5 first, then 0.5*0.6 - 0.4; the agent has no mood.
		if diff := cmp.Diff([]watch.Point{{At: 4, Value: 0.5}, {At: 10, Value: -0.1}}, got.Course); diff != "" || *got.Mood != -0.1 {
			t.Error(diff)
		}
		var parts []string
		for _, p := range got.Risk.Parts {
			parts = append(parts, p.Kind)
		}
		if diff := cmp.Diff([]string{"asks", "overlap", "falling", "mood"}, parts); diff != "" || got.Risk.Value < 0.6 || got.Risk.Value > 0.75 {
			t.Errorf("risk %v %s", got.Risk, diff)
		}
	}
	check()
	r.restart()
	r.follow()
	check()

	r.Heard("a", insights.Agent, 20)
	if got := r.board().Calls[0]; got.Spoken != 20 || got.Speaker != insights.Agent {
		t.Errorf("words in the making: %v %v", got.Spoken, got.Speaker)
	}
	c.Status = event.CallOver
	r.commit(event.CallEnded, c, c)
	r.follow()
	if got := r.board(); len(got.Calls) != 0 {
		t.Errorf("over, and still shown: %+v", got.Calls)
	}
}

// A screen is told what changed since it looked, and all of it when its mark
// means nothing.
func TestWhatChanged(t *testing.T) {
	r := newRig(t)
	a, b := aCall("a"), aCall("b")
	r.follow()
	_, none, _, _ := r.Since("")
	r.commit(event.CallStarted, a, a)
	r.commit(event.CallStarted, b, b)
	_, before, some, changed := r.Since(none)
	if some {
		t.Error("nothing was committed to the board yet")
	}
	r.follow()
	select {
	case <-changed:
	default:
		t.Error("nobody was woken")
	}
	got, both, _, _ := r.Since(before)
	if got.Whole || len(got.Calls) != 2 {
		t.Errorf("%+v", got)
	}
	a.Status = event.CallOver
	r.commit(event.CallEnded, a, a)
	r.say(b, 3, insights.Customer, "hi")
	r.follow()
	got, last, _, _ := r.Since(both)
	if got.Whole || len(got.Calls) != 1 || got.Calls[0].Call != "b" || !cmp.Equal(got.Ended, []string{"a"}) {
		t.Errorf("%+v", got)
	}
	if _, _, some, _ := r.Since(last); some {
		t.Error("nothing has changed")
	}
	if got, _, some, _ := r.AlertsSince(before); some || len(got.Calls)+len(got.Ended) > 0 {
		t.Errorf("no alert has changed: %+v", got)
	}
	for _, bad := range []string{"", "x", "x.1", both + "9", "other.1"} {
		if got, _, some, _ := r.Since(bad); !got.Whole || !some {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

// Each kind of rule comes true once a call, and not before it is true.
func TestRulesComeTrueOnce(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	r.follow()
	r.say(c, 1, insights.Customer, "lawyer", named(insights.Theme, "price"))
	r.follow()
	r.make(store.WatchWanted{Kind: watch.KindPhrase, Phrase: "lawyer|court", Speaker: "customer"})
	r.make(store.WatchWanted{Kind: watch.KindTheme, Theme: "price"})
	r.make(store.WatchWanted{Kind: watch.KindAsks})
	r.make(store.WatchWanted{Kind: watch.KindMood, Level: -0.3, Seconds: 10})
	r.make(store.WatchWanted{Kind: watch.KindSilence, Seconds: 15})
	r.make(store.WatchWanted{Kind: watch.KindRisk, Level: 0.6})
	r.make(store.WatchWanted{Kind: watch.KindLong, Seconds: 60})
	r.make(store.WatchWanted{Kind: watch.KindAsks, Agent: "bob"})
	deleted := r.make(store.WatchWanted{Kind: watch.KindOverlap, Level: 0.2})
	step := func(want ...string) {
		t.Helper()
		r.follow()
		for range 2 {
			r.Beat(t.Context())
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, r.kinds()); diff != "" {
			t.Error(diff)
		}
	}
	step() // what was said before a rule was made is not looked back at
	r.say(c, 5, insights.Agent, "a lawyer")
	step()
	r.say(c, 9, insights.Customer, "I go to court", named(insights.Theme, "price"))
	step("phrase", "theme")
	r.say(c, 12, insights.Customer, "bad", mood(-0.5))
	step("phrase", "theme")
	r.say(c, 22, insights.Customer, "your boss please", mood(-0.5), named(insights.Moment, "escalation"))
	step("phrase", "theme", "asks", "mood", "risk")
	r.now = noon.Add(38 * time.Second)
	step("phrase", "theme", "asks", "mood", "risk")
	r.now = noon.Add(39 * time.Second)
	step("phrase", "theme", "asks", "mood", "risk", "silence")
	if err := r.Delete(t.Context(), watch.Person{ID: "sue"}, deleted.ID); err != nil {
		t.Fatal(err)
	}
	r.now = noon.Add(61 * time.Second)
	step("phrase", "theme", "asks", "mood", "risk", "silence", "long")
	r.restart()
	step("phrase", "theme", "asks", "mood", "risk", "silence", "long")
	r.say(c, 62, insights.Agent, "here I am again")
	step("phrase", "theme", "asks", "mood", "risk", "silence", "long")
	if _, err := r.Restore(t.Context(), watch.Person{ID: "root", Role: "admin"}, deleted.ID); err != nil {
		t.Fatal(err)
	}
	step("phrase", "theme", "asks", "mood", "risk", "silence", "long", "overlap")
}

// An alert is seen to once, for all, and can be opened again.
func TestAlertsAreSeenTo(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	rule := r.make(store.WatchWanted{Kind: watch.KindLong, Seconds: 10, WatchWays: store.WatchWays{Webhook: "https://hook.test/", Mail: "ann@heed.test", Language: "ar"}})
	r.commit(event.CallStarted, c, c)
	r.follow()
	r.now = noon.Add(time.Minute)
	r.Beat(t.Context())
	a := r.board().Alerts[0]
	if a.Rule != rule.ID || a.Value != 60 || a.Agent != "Ada" || a.Acked != nil {
		t.Errorf("%+v", a)
	}
	posts, err := r.db.PostsDue(t.Context(), r.now, 10)
	slices.SortFunc(posts, func(a, b store.Post) int { return strings.Compare(a.By, b.By) })
	if err != nil || len(posts) != 2 || posts[1].Message != a.ID || posts[1].To != "https://hook.test/" || posts[1].Secret != "whsec_x" {
		t.Fatalf("%+v, %v", posts, err)
	}
	if m := posts[0]; m.To != "ann@heed.test" || m.Language != "ar" || !strings.Contains(m.Body, "https://heed.test/desk/a") || !strings.Contains(m.Body, "1:00") {
		t.Errorf("%+v", m)
	}
	_, mark, _, _ := r.Since("")
	for _, who := range []string{"Sue", "Bob"} {
		got, err := r.Ack(t.Context(), watch.Person{ID: who, Name: who}, a.ID, true)
		if err != nil || got.AckedBy != "Sue" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if got, _, _, _ := r.Since(mark); len(got.Alerts) != 1 || got.Alerts[0].Acked == nil {
		t.Errorf("others are told: %+v", got.Alerts)
	}
	if got := r.kinds(); len(got) != 0 {
		t.Errorf("still open: %v", got)
	}
	if _, err := r.Ack(t.Context(), watch.Person{ID: "Sue"}, a.ID, false); err != nil || len(r.kinds()) != 1 {
		t.Errorf("%v, %v", r.kinds(), err)
	}
	if page, _, err := r.Alerts(t.Context(), true, "", 10); err != nil || len(page) != 1 {
		t.Errorf("%v, %v", page, err)
	}
	if err := r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.ForgetCall("a") }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Ack(t.Context(), watch.Person{ID: "Sue"}, a.ID, true); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an alert of what is forgotten: %v", err)
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	r := newRig(t)
	sue := watch.Person{ID: "sue", Name: "Sue", Role: "supervisor"}
	for field, w := range map[string]store.WatchWanted{
		"name":    {Kind: watch.KindAsks},
		"kind":    {Name: "x", Kind: "gossip"},
		"level":   {Name: "x", Kind: watch.KindRisk},
		"seconds": {Name: "x", Kind: watch.KindSilence, Seconds: 1},
		"phrase":  {Name: "x", Kind: watch.KindPhrase, Phrase: "... x"},
		"theme":   {Name: "x", Kind: watch.KindTheme},
		"speaker": {Name: "x", Kind: watch.KindAsks, Speaker: "dog"},
		"webhook": {Name: "x", Kind: watch.KindAsks, WatchWays: store.WatchWays{Webhook: "http://inside"}},
		"mail":    {Name: "x", Kind: watch.KindAsks, WatchWays: store.WatchWays{Mail: "sue@heed.test"}},
	} {
		_, err := r.Make(t.Context(), sue, w)
		if bad, ok := errors.AsType[*watch.Invalid](err); !ok || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	rule := r.make(store.WatchWanted{Kind: watch.KindAsks})
	if _, err := r.Change(t.Context(), watch.Person{ID: "bob", Role: "supervisor"}, rule.ID, rule.WatchWanted); !errors.Is(err, watch.ErrNotYours) {
		t.Errorf("somebody else's: %v", err)
	}
	deleted := r.make(store.WatchWanted{Kind: watch.KindAsks})
	if err := r.Delete(t.Context(), sue, deleted.ID); err != nil {
		t.Fatal(err)
	}
	for range watch.MostRules - 1 {
		r.make(store.WatchWanted{Kind: watch.KindAsks})
	}
	if _, err := r.Restore(t.Context(), sue, deleted.ID); !errors.Is(err, watch.ErrTooMany) {
		t.Errorf("brought back where there is no room: %v", err)
	}
	if _, err := r.Make(t.Context(), sue, store.WatchWanted{Name: "x", Kind: watch.KindAsks}); !errors.Is(err, watch.ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
}

// Figures of few calls say nothing of moods; of enough they do.
func TestTeamFigures(t *testing.T) {
	r := newRig(t)
	for i := range 6 {
		c := aCall(fmt.Sprint("c", i))
		c.Duration, c.Status = 100, event.CallOver
		if i == 5 {
			c.Agent = "Bob"
		}
		u := insights.Utterance{ID: "u" + c.ID, CallID: c.ID, Seq: 1, Speaker: insights.Customer, Text: "x"}
		felt := mood(-0.5)
		felt.Speaker, felt.UtteranceID = insights.Customer, u.ID
		err := r.db.Write(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.SaveCall(c), tx.AddUtterance(u), tx.AddInsights(c.ID, []insights.Insight{felt}), tx.Recount(c.ID))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := r.TeamOf(t.Context(), noon.Add(-time.Hour), noon.Add(time.Hour))
	if err != nil || len(got.Agents) != 2 || got.All.Calls != 6 || got.All.Talk != 600 {
		t.Fatalf("%+v, %v", got, err)
	}
	ada, bob := got.Agents[0], got.Agents[1]
	if ada.Agent != "Ada" || ada.Calls != 5 || ada.Mood == nil || *ada.Mood != -0.5 || bob.Mood != nil || bob.MoodCalls != 1 || bob.Accepted != nil {
		t.Errorf("%+v %+v", ada, bob)
	}
	live := aCall("live")
	live.StartedAt, live.Duration = noon.Add(time.Minute), 3
	r.commit(event.CallStarted, live, live)
	r.now = noon.Add(5 * time.Minute)
	if got, err := r.TeamOf(t.Context(), noon.Add(-time.Hour), noon.Add(time.Hour)); err != nil || got.All.Live != 1 || got.All.Talk != 840 || got.All.Longest != 240 {
		t.Errorf("with one that goes on: %+v, %v", got.All, err)
	}
	if got, err := r.TeamOf(t.Context(), noon.Add(time.Hour), noon.Add(2*time.Hour)); err != nil || got.All.Calls != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
