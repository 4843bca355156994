package slots_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/slots"
	"heed/internal/store"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// rig is the slots of a shop over a real store, in a time that the test sets.
type rig struct {
	t       *testing.T
	dir     string
	store   *store.Store
	brain   *brain.Brain
	decider *decide.Decider
	*slots.Service
	decisions *decisions.Service
	calls     called
	most      int // slots at once; 0 is as usual
	stop      func()

	mu    sync.Mutex
	clock time.Time
}

const goods = `version: 1
actions:
  - {id: sell, issue: sales, group: g, purpose: marketing, title: T, say: S, channels: [web, email, agent], value: {margin: 4000}, prior: {p: 0.2}, policies: [{id: want, kind: applicability, when: 'count("purchase", days(7)) == 0', why: it was bought}]}
  - {id: thank, issue: care, group: c, purpose: marketing, title: T, say: S, channels: [web, email, agent], value: {margin: 400}, prior: {p: 0.2}, policies: [{id: had, kind: applicability, when: 'count("purchase", days(7)) > 0', why: nothing was bought}]}
`

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "data"), clock: time.Date(2026, 5, 6, 15, 0, 0, 0, time.UTC)}
	r.start()
	t.Cleanup(func() { r.stop() })
	return r
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

func (r *rig) later(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(d)
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// start opens the store and lets the slots follow its log.
func (r *rig) start() {
	r.t.Helper()
	ctx := context.WithoutCancel(r.t.Context())
	var err error
	r.store, err = store.Open(ctx, store.Options{Path: r.dir})
	r.must(err)
	c, err := decide.LoadCatalogue(fstest.MapFS{"goods.yaml": &fstest.MapFile{Data: []byte(goods)}})
	r.must(err)
	r.decider, err = decide.New(decide.Options{Catalogue: c})
	r.must(err)
	log := slog.New(slog.DiscardHandler)
	r.brain = brain.New(brain.Options{Store: r.store, Decider: r.decider, Logger: log, Region: "US", Now: r.now})
	r.decisions = decisions.New(decisions.Options{Brain: r.brain, Store: r.store, Rules: r.decider, Callers: &r.calls})
	r.Service, err = slots.New(ctx, slots.Options{
		Store: r.store, Brain: r.brain, Decisions: r.decisions, Decider: r.decider, Logger: log, Now: r.now, Most: r.most,
	})
	r.must(err)
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { r.Run(ctx) })
	wg.Go(func() { _ = event.Follow(ctx, r.store, r.Service, event.Options{Types: slots.Types(), Gather: -1}) })
	r.stop = func() {
		cancel()
		wg.Wait()
		r.Close()
		_ = r.store.Close()
		r.stop = func() {}
	}
}

func (r *rig) person(id string) string {
	r.t.Helper()
	p := customer.New(id, r.now())
	p.Seen(customer.Identifier{Type: customer.Email, Value: id + "@example.com", FirstSeen: r.now(), LastSeen: r.now()})
	row := consent.Row{Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, At: r.now(), Source: "form", Actor: "customer", Evidence: "form"}
	r.must(r.brain.Plant(r.t.Context(), p, []consent.Row{row}))
	return id
}

func (r *rig) fact(person, name string) {
	r.t.Helper()
	_, err := r.brain.Receive(r.t.Context(), []brain.Received{{
		ID: event.NewID(), Source: "shop", At: r.now(), Identifiers: []customer.Identifier{{Type: customer.Email, Value: person + "@example.com"}},
		Facts: []customer.Fact{{Name: name}},
	}})
	r.must(err)
}

func (r *rig) open(person, slot string) slots.State {
	r.t.Helper()
	st, err := r.Open(r.t.Context(), brain.Question{Whom: brain.Whom{CustomerID: person}, Slot: slot}, time.Hour)
	r.must(err)
	return st
}

// until waits until a slot is as is says.
func (r *rig) until(id, what string, is func(slots.State) bool) slots.State {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	for {
		st, changed, err := r.Watch(ctx, id)
		r.must(err)
		if is(st) {
			return st
		}
		if changed == nil {
			r.t.Fatalf("%s: the slot is %s (%s)", what, st.State, st.Reason)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			r.t.Fatalf("%s: it shows %s", what, first(st))
		}
	}
}

func first(st slots.State) string {
	if len(st.Decision.Actions) == 0 {
		return ""
	}
	return st.Decision.Actions[0].Action
}

func shows(action string) func(slots.State) bool {
	return func(st slots.State) bool { return first(st) == action }
}

// happened gives the types of the log's events about slots.
func (r *rig) happened() []event.Type {
	r.t.Helper()
	events, err := r.store.Events(r.t.Context(), event.Query{Limit: 500, Types: []event.Type{
		event.SlotOpened, event.SlotSuperseded, event.SlotClaimed, event.SlotOvertaken, event.SlotClosed,
	}})
	r.must(err)
	out := make([]event.Type, len(events))
	for i := range events {
		out[i] = events[i].Type
	}
	return out
}

// TestARestartLosesNoSlot: what is open is open after a restart, and what
// happened in between is decided on.
func TestARestartLosesNoSlot(t *testing.T) {
	r := newRig(t)
	mia := r.person("mia")
	banner, email := r.open(mia, "web.banner"), r.open(mia, "outbound.email")
	if first(banner) != "sell" || first(email) != "sell" {
		t.Fatalf("shows %s and %s", first(banner), first(email))
	}
	r.stop()
	r.later(time.Minute)
	r.start()
	for _, id := range []string{banner.ID, email.ID} {
		if st := r.until(id, "as before", shows("sell")); st.State != event.SlotIsOpen {
			t.Errorf("%s is %s", st.Name, st.State)
		}
	}
	r.fact(mia, "purchase")
	st := r.until(email.ID, "thanks", shows("thank"))
	if st.Superseded == nil || st.Superseded.Decision != email.DecisionID {
		t.Errorf("called back: %+v", st.Superseded)
	}
	r.until(banner.ID, "thanks", shows("thank"))
	if n := len(slices.DeleteFunc(r.happened(), func(t event.Type) bool { return t != event.SlotSuperseded })); n != 1 {
		t.Errorf("%d messages were called back; a banner is none", n)
	}
}

// TestOnlyWhatWasReadCounts: what no rule reads has nothing decided again.
func TestOnlyWhatWasReadCounts(t *testing.T) {
	r := newRig(t)
	mia, ben := r.person("mia"), r.person("ben")
	of := r.open(mia, "web.banner")
	r.fact(mia, "newsletter.opened")
	r.fact(ben, "purchase")
	r.fact(mia, "purchase") // the events before it have been handled when this one is
	st := r.until(of.ID, "thanks", shows("thank"))
	if st.Decision.Supersedes != of.DecisionID {
		t.Errorf("it replaces %s, not %s: something was decided in between", st.Decision.Supersedes, of.DecisionID)
	}
}

// TestOneIsClaimed: of many senders one may send.
func TestOneIsClaimed(t *testing.T) {
	r := newRig(t)
	mia := r.person("mia")
	of := r.open(mia, "outbound.email")
	if again := r.open(mia, "outbound.email"); again.ID != of.ID {
		t.Error("two messages wait for one person at once")
	}
	var wg sync.WaitGroup
	won := make(chan string, 20)
	for n := range 20 {
		wg.Go(func() {
			got, err := r.Claim(t.Context(), of.ID, slots.Claim{DecisionID: of.DecisionID, MessageID: fmt.Sprint(n), By: "mailer"})
			switch {
			case errors.Is(err, slots.ErrNotOpen):
			case err != nil || !got.Allowed || got.Repeated:
				t.Errorf("claim %d: %v %+v", n, err, got.Verdict)
			default:
				won <- fmt.Sprint(n)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d may send", len(won))
	}
	winner := <-won
	r.stop()
	r.start() // also after a restart
	got, err := r.Claim(t.Context(), of.ID, slots.Claim{DecisionID: of.DecisionID, MessageID: winner, By: "mailer"})
	if err != nil || !got.Allowed || !got.Repeated {
		t.Errorf("the same claim again: %v %+v", err, got.Verdict)
	}
	r.fact(mia, "purchase")
	st := r.until(of.ID, "overtaken", func(st slots.State) bool { return st.State == event.SlotIsOvertaken })
	if !strings.Contains(st.Reason, "it was bought") {
		t.Errorf("overtaken: %q", st.Reason)
	}
}

// TestOneWaits: of messages that are queued at once for one person one waits.
func TestOneWaits(t *testing.T) {
	r := newRig(t)
	mia := r.person("mia")
	var mu sync.Mutex
	opened := make(map[string]bool)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			st, err := r.Open(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: mia}, Slot: "outbound.email"}, time.Hour)
			mu.Lock()
			defer mu.Unlock()
			opened[st.ID] = true
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(opened) != 1 {
		t.Errorf("%d messages wait", len(opened))
	}
}

// TestAYesThatIsTakenBack: a withdrawal empties what waits, and the gate would
// refuse it as well.
func TestAYesThatIsTakenBack(t *testing.T) {
	r := newRig(t)
	mia := r.person("mia")
	of := r.open(mia, "outbound.email")
	r.later(time.Second)
	_, err := r.brain.SetConsent(t.Context(), consent.Row{
		CustomerID: mia, Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Withdrawn, At: r.now(), Source: "form", Actor: "customer", Evidence: "form",
	})
	r.must(err)
	st := r.until(of.ID, "silence", shows(""))
	if st.Superseded == nil || st.Superseded.Why == "" {
		t.Errorf("called back: %+v", st.Superseded)
	}
	got, err := r.Claim(t.Context(), of.ID, slots.Claim{DecisionID: of.DecisionID, MessageID: "m"})
	if err != nil || got.Allowed || got.Rule != "superseded" {
		t.Errorf("claimed: %v %+v", err, got.Verdict)
	}
	if got, err = r.Claim(t.Context(), of.ID, slots.Claim{DecisionID: st.DecisionID, MessageID: "m"}); err != nil || got.Allowed || got.Rule != "silence" {
		t.Errorf("silence claimed: %v %+v", err, got.Verdict)
	}
}

// TestAMergeCounts: what is known of somebody counts once they are one.
func TestAMergeCounts(t *testing.T) {
	r := newRig(t)
	mia, ben := r.person("mia"), r.person("ben")
	of := r.open(mia, "web.banner")
	r.fact(ben, "purchase")
	link, err := r.brain.Merge(t.Context(), mia, ben, "me")
	r.must(err)
	r.until(of.ID, "thanks", shows("thank"))
	_, err = r.brain.Unmerge(t.Context(), link.ID, "me")
	r.must(err)
	r.until(of.ID, "as before", shows("sell"))
}

// TestOtherRules: a catalogue that comes into force has all decided again.
func TestOtherRules(t *testing.T) {
	r := newRig(t)
	of := r.open(r.person("mia"), "web.banner")
	c, err := decide.LoadCatalogue(fstest.MapFS{"goods.yaml": &fstest.MapFile{Data: []byte(strings.ReplaceAll(goods, "id: sell,", "id: offer,"))}})
	r.must(err)
	r.decider.Use(c)
	r.until(of.ID, "the new one", shows("offer"))
}

// TestTheEnds: closed, over, unknown, too many.
// TestASlotThatIsAbolished ends what is open in a place that the policy has no
// more.
func TestASlotThatIsAbolished(t *testing.T) {
	r := newRig(t)
	banner, email := r.open(r.person("mia"), "web.banner"), r.open("mia", "outbound.email")
	c, err := decide.LoadCatalogue(fstest.MapFS{
		"goods.yaml":      &fstest.MapFile{Data: []byte(goods)},
		decide.PolicyFile: &fstest.MapFile{Data: []byte("version: 1\nslots: [{slot: agent.call, channel: agent}, {slot: outbound.email, channel: email}]\n")},
	})
	r.must(err)
	r.decider.Use(c)
	st := r.until(banner.ID, "it ends", func(st slots.State) bool { return st.State == event.SlotIsClosed })
	if !strings.Contains(st.Reason, "no such slot") {
		t.Errorf("closed because %q", st.Reason)
	}
	if st, err := r.Get(t.Context(), email.ID); err != nil || st.State != event.SlotIsOpen {
		t.Errorf("the other is %s, %v", st.State, err)
	}
	if _, err := r.Open(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: "mia"}, Slot: "web.banner"}, 0); !errors.Is(err, decisions.ErrUnknownSlot) {
		t.Errorf("opened: %v", err)
	}
}

func TestTheEnds(t *testing.T) {
	r := newRig(t)
	mia := r.person("mia")
	of := r.open(mia, "web.banner")
	st, err := r.End(t.Context(), of.ID, "Closed.")
	if err != nil || st.State != event.SlotIsClosed || st.Reason != "Closed." {
		t.Errorf("closed: %v %+v", err, st.Slot)
	}
	if st, err = r.End(t.Context(), of.ID, "Again."); err != nil || st.Reason != "Closed." {
		t.Errorf("closed again: %v %+v", err, st.Slot)
	}
	if _, err := r.Update(t.Context(), of.ID, slots.Update{}); !errors.Is(err, slots.ErrNotOpen) {
		t.Errorf("updated: %v", err)
	}
	if _, err := r.Get(t.Context(), "nothing"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
	ask := func(who, slot string) error {
		_, err := r.Open(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: who}, Slot: slot}, 0)
		return err
	}
	if err := ask("nobody", "web.banner"); !errors.Is(err, slots.ErrNobody) {
		t.Errorf("nobody's: %v", err)
	}
	if err := ask(mia, "moon"); !errors.Is(err, decisions.ErrUnknownSlot) {
		t.Errorf("an unknown place: %v", err)
	}
	for range 20 {
		r.must(ask(mia, "web.banner"))
	}
	if err := ask(mia, "web.banner"); !errors.Is(err, slots.ErrTooMany) {
		t.Errorf("the 21st: %v", err)
	}
	all, err := r.Of(t.Context(), mia, event.SlotIsOpen, 0)
	if err != nil || len(all) != 20 {
		t.Errorf("%d are open: %v", len(all), err)
	}
	r.later(31 * time.Minute)
	for _, s := range all {
		r.until(s.ID, "over", func(st slots.State) bool { return st.State == event.SlotIsExpired })
	}
}

// TestEveryEventIsKnown: a new type of event must be said to move decisions or
// not to.
func TestEveryEventIsKnown(t *testing.T) {
	t.Parallel()
	still := []string{
		"OutcomeProposed", "CallStarted", "CallChanged", "CallSummarised", "UtteranceSpoken", "UtteranceCorrected", "CorrectionWithdrawn",
		"UtteranceReanalyzed", "CallReanalyzed", "ActivityNoted", "ProfileChanged", "DecisionMade", "ThemeEmerged", "LearningResumed",
		"CatalogueChanged", "ExperimentEnded", "GateAsked", "DecisionContested", "ContestAnswered", "DoorUsed", "FeaturesRefreshed",
		"SlotOpened", "SlotSuperseded", "SlotClaimed", "SlotOvertaken", "SlotClosed", "CallTold", "CallTracked", "CallWrapped", "SuggestionsMuted", "DataExported", "AlertRaised", "ConversionsExported",
		"UserAdded", "UserChanged", "KeyChanged",
		"CommentAdded", "CommentEdited", "CommentRemoved", "CommentRestored",
	}
	known := slots.Types()
	for _, c := range eventTypes(t) {
		if moves := slices.Contains(known, c.value); moves == slices.Contains(still, c.name) {
			t.Errorf("%s: it must be among the readers or among those that move nothing", c.name)
		}
	}
}

type constant struct {
	name  string
	value event.Type
}

func eventTypes(t *testing.T) (out []constant) {
	t.Helper()
	files, err := filepath.Glob("../event/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				return true
			}
			typ, is := v.Type.(*ast.Ident)
			lit, text := v.Values[0].(*ast.BasicLit)
			if is && text && typ.Name == "Type" {
				out = append(out, constant{v.Names[0].Name, event.Type(strings.Trim(lit.Value, `"`))})
			}
			return true
		})
	}
	return out
}
