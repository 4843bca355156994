package brain_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

var anID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}`)

var withoutVersion = regexp.MustCompile(`"(version|updated_at)":("[^"]*"|[0-9]+),?`)

// plain writes something without the ids that are drawn anew each time: each
// becomes the number of its first place.
func plain(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	seen := map[string]string{}
	return anID.ReplaceAllStringFunc(string(raw), func(id string) string {
		if seen[id] == "" {
			seen[id] = fmt.Sprint("#", len(seen))
		}
		return seen[id]
	})
}

// portrait is all that can be told of a person: profile, timeline, what they
// allow and what would be suggested.
func (w *world) portrait(t *testing.T, id string) map[string]string {
	must := func(err error) {
		if err != nil {
			t.Fatalf("%+v", err)
		}
	}
	own, err := w.store.Profile(t.Context(), id)
	must(err)
	p, err := brain.Read(t.Context(), w.store, id)
	must(err)
	out := map[string]string{"own profile": plain(own), "profile": plain(p.Profile), "glance": plain(brain.View(p.Profile, p.Ledger, w.clock))}
	history, err := w.store.HistoryOf(t.Context(), id, []event.Type{
		event.FactObserved, event.SignalRaised, event.TraitSet, event.IdentifierSeen, event.ConsentChanged, event.OutcomeRecorded,
	})
	must(err)
	for i := range history {
		history[i].Seq = 0
	}
	out["timeline"] = plain(history)
	for _, channel := range []string{"agent", "email", "sms"} {
		out["may "+channel] = plain(consent.Now(p.Ledger, consent.Cell{Purpose: consent.Marketing, Channel: channel}, w.clock))
	}
	d, err := w.Decide(t.Context(), id, "web.banner", "web", 3)
	must(err)
	d.ID = ""
	out["next decision"] = plain(d)
	return out
}

// step is something that happens to one of two people, or to both.
type step struct {
	what, who string
	at        time.Duration
	n         int
}

var merging, parting = step{what: "merge"}, step{what: "unmerge"}

// twins is a world with two people, whose ids are known.
type twins struct {
	*world
	ids map[string]string
	l   string // the link between them
}

func (w *twins) do(t *testing.T, s step) {
	must := func(err error) {
		if err != nil {
			t.Fatalf("%s of %s: %v", s.what, s.who, err)
		}
	}
	at := w.clock.Add(-s.at)
	switch s.what {
	case "fact":
		names := []string{"page.cancel", "purchase", "complaint.opened", "contact.email", "cart.add"}
		_, err := w.Meet(t.Context(), customer.Proof{Kind: customer.ByImport}, names[s.n%len(names)], fmt.Sprintf("m%d", s.n), at, user(s.who))
		must(err)
	case "consent":
		state := []consent.State{consent.Granted, consent.Withdrawn}[s.n%2]
		channel := []string{"email", "sms", ""}[s.n%3]
		_, err := w.SetConsent(t.Context(), consent.Row{
			CustomerID: w.ids[s.who], Cell: consent.Cell{Purpose: consent.Marketing, Channel: channel}, State: state, At: at, Source: "test", Actor: "customer", Evidence: "said so",
		})
		must(err)
	case "words":
		label := []string{"cancel", "complaint", "price_question"}[s.n%3]
		u := insights.Utterance{ID: fmt.Sprintf("u%d", s.n), CallID: "call " + s.who, Seq: s.n + 1, Speaker: insights.Customer, Text: "x", Start: insights.Seconds(s.n * 5), End: insights.Seconds(s.n*5 + 3)}
		must(w.Heard(t.Context(), u.CallID, u, []insights.Insight{{
			Kind: insights.Intent, Name: label, Confidence: .9, Speaker: insights.Customer, Start: u.Start, End: u.End, UtteranceID: u.ID,
		}}))
	case "merge":
		l, err := w.Merge(t.Context(), w.ids["one"], w.ids["two"], "somebody")
		must(err)
		w.l = l.ID
	case "unmerge":
		_, err := w.Unmerge(t.Context(), w.l, "somebody")
		must(err)
	}
}

// twoPeople makes a world where two people call.
func twoPeople(t *testing.T) *twins {
	w := &twins{world: newWorld(t), ids: map[string]string{}}
	for i, who := range []string{"one", "two"} {
		w.clock = w.clock.Add(time.Second)
		number := fmt.Sprintf("+1202555014%d", i)
		id, err := w.Meet(t.Context(), customer.Proof{Kind: customer.ByAgent}, "page.home", "first"+who, w.clock, user(who), phone(number))
		if err != nil {
			t.Fatal(err)
		}
		if w.ids[who] = id; w.start(t, "call "+who, number).CustomerID != id {
			t.Fatal("the caller is somebody else")
		}
	}
	return w
}

// story is what happens to two people, and when they are merged and parted.
type story struct {
	steps    []step
	from, to int
}

func stories() *rapid.Generator[story] {
	return rapid.Custom(func(rt *rapid.T) story {
		var s story
		s.steps = rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			return step{
				what: rapid.SampledFrom([]string{"fact", "fact", "words", "consent"}).Draw(rt, "what"),
				who:  rapid.SampledFrom([]string{"one", "two"}).Draw(rt, "who"),
				at:   time.Duration(rapid.IntRange(0, 3000).Draw(rt, "minutes ago")) * time.Minute,
			}
		}), 4, 24).Draw(rt, "steps")
		s.from = rapid.IntRange(0, len(s.steps)-1).Draw(rt, "merged before")
		s.to = rapid.IntRange(s.from, len(s.steps)-1).Draw(rt, "parted after")
		return s
	})
}

// A merge that is undone leaves no trace, whatever happened to the two before,
// between and after: each is, to the last byte, what they would be without.
// A world is a store on the disk, so only so many are drawn.
func TestUnmergeIsExact(t *testing.T) {
	for seed := range 12 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := stories().Example(seed)
			with, without := twoPeople(t), twoPeople(t)
			for i, step := range s.steps {
				step.n = i
				if i == s.from {
					with.do(t, merging)
				}
				with.clock, without.clock = with.clock.Add(time.Minute), without.clock.Add(time.Minute)
				with.do(t, step)
				without.do(t, step)
				if i == s.to {
					with.do(t, parting)
				}
			}
			for _, who := range []string{"one", "two"} {
				if diff := cmp.Diff(without.portrait(t, without.ids[who]), with.portrait(t, with.ids[who])); diff != "" {
					t.Fatalf("%s: -never merged +merged and parted\n%s\n%+v", who, diff, s)
				}
			}
		})
	}
}

func TestMergedPeopleAreAnsweredAsOne(t *testing.T) {
	w := twoPeople(t)
	ctx := t.Context()
	set := func(who, channel string, state consent.State) {
		if _, err := w.SetConsent(ctx, consent.Row{CustomerID: w.ids[who], Cell: consent.Cell{Purpose: consent.Marketing, Channel: channel}, State: state, Source: "t", Actor: "t", Evidence: "said so"}); err != nil {
			t.Fatal(err)
		}
	}
	set("one", "email", consent.Withdrawn)
	w.clock = w.clock.Add(time.Second)
	set("two", "email", consent.Granted) // later, and yet it opens nothing for both
	before := w.last(t, "call two")
	w.do(t, step{what: "words", who: "one", n: 0}) // one says that they want to leave
	w.do(t, merging)
	after := w.last(t, "call two")
	if after.ID == before.ID || after.Subject != w.ids["two"] {
		t.Error("the live call of the other was not decided again, or is not theirs any more")
	}
	p := w.person(t, w.ids["two"])
	if p.ID != w.ids["one"] || p.Value(customer.ChurnRisk, w.clock) < 0.3 {
		t.Errorf("%s, churn %v", p.ID, p.Value(customer.ChurnRisk, w.clock))
	}
	if a := consent.Now(p.Ledger, consent.Cell{Purpose: consent.Marketing, Channel: "email"}, w.clock); a.State != consent.Withdrawn {
		t.Errorf("a merge opened what was closed: %s", a.State)
	}
	if _, err := w.Merge(ctx, w.ids["two"], w.ids["one"], "x"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("a loop of merges: %v", err)
	}
	if _, err := w.Merge(ctx, w.ids["one"], w.ids["one"], "x"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("somebody with themselves: %v", err)
	}
	if _, err := w.Merge(ctx, w.ids["one"], "nobody", "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("with nobody: %v", err)
	}
	if _, err := w.Unmerge(ctx, w.l, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Unmerge(ctx, w.l, "x"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("parted twice: %v", err)
	}
	// Parted by hand: no rule joins them again.
	if _, err := w.Meet(ctx, customer.Proof{Kind: customer.ByAgent}, "x", "again", w.clock, phone("+12025550140"), phone("+12025550141")); err != nil {
		t.Fatal(err)
	}
	if p := w.person(t, w.ids["one"]); len(p.Members) != 1 || len(w.queue(t)) != 1 {
		t.Errorf("members %v, %d to review", p.Members, len(w.queue(t)))
	}
}

// Of three people joined in a row, parting the first leaves the others joined.
func TestPartingOneOfThree(t *testing.T) {
	w := newWorld(t)
	var id []string
	for i := range 3 {
		w.clock = w.clock.Add(time.Second)
		id = append(id, w.meet(t, customer.ByImport, user(fmt.Sprint("u", i))))
	}
	first, err := w.Merge(t.Context(), id[1], id[0], "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Merge(t.Context(), id[2], id[1], "x"); err != nil {
		t.Fatal(err)
	}
	if p := w.person(t, id[2]); !slices.Equal(p.Members, id) {
		t.Errorf("members %v, want %v", p.Members, id)
	}
	if _, err := w.Unmerge(t.Context(), first.ID, "x"); err != nil {
		t.Fatal(err)
	}
	if a, b := w.person(t, id[0]), w.person(t, id[2]); len(a.Members) != 1 || !slices.Equal(b.Members, id[1:]) || b.ID != id[1] {
		t.Errorf("%v and %v", a.Members, b.Members)
	}
}

func TestReviewsAreDecidedOnce(t *testing.T) {
	w := newWorld(t)
	a := w.meet(t, customer.ByImport, email("a@example.org"))
	b := w.meet(t, customer.ByForm, user("u"), email("a@example.org"))
	for range 3 {
		w.meet(t, customer.ByForm, user("u"), email("a@example.org"))
	}
	q := w.queue(t)
	if len(q) != 1 || q[0].Count != 4 || q[0].Kind != customer.Conflict || q[0].Why == "" {
		t.Fatalf("queue %+v", q)
	}
	if _, err := w.Review(t.Context(), q[0].ID, true, "officer"); err != nil {
		t.Fatal(err)
	}
	if p := w.person(t, a); !maps.Equal(setOf(p.Members), setOf([]string{a, b})) {
		t.Errorf("members %v", p.Members)
	}
	if _, err := w.Review(t.Context(), q[0].ID, false, "officer"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("decided twice: %v", err)
	}
	if len(w.queue(t)) != 0 {
		t.Error("it is still asked")
	}
}

func setOf(list []string) map[string]bool {
	out := map[string]bool{}
	for _, v := range list {
		out[v] = true
	}
	return out
}

func TestTheAgentConfirmsTheCaller(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	state := func() customer.Identifier { return w.person(t, c.CustomerID).Identifiers[0] }
	if id := state(); id.Verified || id.By != customer.ByCall {
		t.Errorf("a caller's number is %+v before anybody confirmed it", id)
	}
	for range 2 {
		id, err := w.ConfirmCaller(t.Context(), "a", "Dana")
		if err != nil || !id.Verified || id.By != customer.ByAgent {
			t.Errorf("%+v, %v", id, err)
		}
	}
	if !state().Verified {
		t.Error("not kept")
	}
	w.start(t, "b", "anonymous")
	if _, err := w.ConfirmCaller(t.Context(), "b", "Dana"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("a withheld number: %v", err)
	}
	if _, err := w.ConfirmCaller(t.Context(), "nobody", "Dana"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no call: %v", err)
	}
}
