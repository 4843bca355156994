package learning

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/slots"
	"heed/internal/store"
	"heed/internal/store/storetest"
)

var (
	crashRounds = flag.Int("crash.rounds", 4, "how often the crash test kills its server")
	crashSeed   = flag.Uint64("crash.seed", 1, "seed of the moments at which it does")
)

const crashSenders = 12

// act is one thing that is asked of the server.
type act struct {
	path string
	ask  crashAsk
	body string // in place of ask, for the door of events
}

// offer is a suggestion that may be answered.
type offer struct{ person, decision, action string }

// crashLog is what was asked and what of it was acknowledged.
type crashLog struct {
	sync.Mutex
	dice   *rand.Rand
	n      int
	open   []act // asked, and no answer came
	acked  []act
	people []string
	offers []offer
	slots  []slots.State // open, with a message
	early  []offer       // of which an outcome came before the decision
	let    map[string]string
}

// next gives what to ask: again what was not answered, as a client does, or
// something acknowledged once more, or something new.
func (l *crashLog) next() act {
	l.Lock()
	defer l.Unlock()
	if n := len(l.open); n > 0 {
		a := l.open[n-1]
		l.open = l.open[:n-1]
		return a
	}
	l.n++
	if len(l.people) < 3 || l.n%9 == 0 {
		return act{path: "/person", ask: crashAsk{Person: fmt.Sprint("p", l.n)}}
	}
	person := l.people[l.dice.IntN(len(l.people))]
	switch k := l.dice.IntN(20); {
	case k < 3 || len(l.offers) == 0:
		return act{path: "/decide", ask: crashAsk{Person: person}}
	case k < 5:
		return act{path: "/open", ask: crashAsk{Person: person}}
	case k < 7 && len(l.slots) > 0:
		s := l.slots[0]
		l.slots = l.slots[1:]
		return act{path: "/claim", ask: crashAsk{Person: s.CustomerID, ID: s.ID, DecisionID: s.DecisionID, Message: fmt.Sprint("msg", l.n)}}
	case k < 8:
		o := offer{person, fmt.Sprint("imported-", l.n), "sell"}
		l.early = append(l.early, o)
		return act{path: "/outcome", ask: crashAsk{Outcome: l.outcome(o)}}
	case k < 9 && len(l.early) > 0:
		o := l.early[0]
		l.early = l.early[1:]
		return act{path: "/imported", ask: crashAsk{Person: o.person, ID: o.decision}}
	case k < 11 && len(l.acked) > 0:
		return l.acked[l.dice.IntN(len(l.acked))]
	case k < 14:
		return l.told(l.offers[l.dice.IntN(len(l.offers))])
	default:
		return act{path: "/outcome", ask: crashAsk{Outcome: l.outcome(l.offers[l.dice.IntN(len(l.offers))])}}
	}
}

// outcome makes one of a suggestion, every second with a key of its own.
func (l *crashLog) outcome(of offer) decide.Outcome {
	words := []string{decide.Impression, decide.Impression, decide.Accepted, decide.Rejected, decide.Clicked, decide.Converted, decide.Dismissed, decide.Later}
	o := decide.Outcome{DecisionID: of.decision, Action: of.action, Outcome: words[l.dice.IntN(len(words))], Source: "shop", Actor: "api"}
	if l.n%2 == 0 {
		o.Key = fmt.Sprint("key", l.n)
	}
	return o
}

// told makes an event of another system about a suggestion.
func (l *crashLog) told(of offer) act {
	name := []string{"Promotion Viewed", "Promotion Clicked", "Order Completed", "Email Delivered"}[l.dice.IntN(4)]
	body := fmt.Sprintf(`{"messageId":"m%d","userId":%q,"event":%q,"properties":{"decision_id":%q,"action":%q}}`, l.n, of.person, name, of.decision, of.action)
	id := brain.MessageID(fmt.Sprint("m", l.n))
	return act{path: "/v1/track", body: body, ask: crashAsk{ID: id, Outcome: decide.Outcome{DecisionID: of.decision, Action: of.action}}}
}

// done takes in an acknowledged answer.
func (l *crashLog) done(t *testing.T, a act, answer []byte) {
	l.Lock()
	defer l.Unlock()
	var d decide.Decision
	var st slots.State
	var c slots.Claimed
	var err error
	switch a.path {
	case "/person":
		if !slices.Contains(l.people, a.ask.Person) {
			l.people = append(l.people, a.ask.Person)
		}
	case "/decide", "/imported":
		if err = json.Unmarshal(answer, &d); len(d.Actions) > 0 {
			l.offers = append(l.offers, offer{a.ask.Person, d.ID, d.Actions[0].Action})
		}
	case "/open":
		if err = json.Unmarshal(answer, &st); st.State == event.SlotIsOpen && len(st.Decision.Actions) > 0 {
			l.slots = append(l.slots, st)
		}
	case "/claim":
		if err = json.Unmarshal(answer, &c); c.Allowed {
			l.let[a.ask.ID] = a.ask.Message
			l.offers = append(l.offers, offer{a.ask.Person, a.ask.DecisionID, c.Slot.Decision.Actions[0].Action})
		}
	}
	if err != nil {
		t.Errorf("%s: %v", a.path, err)
	}
	l.acked = append(l.acked, a)
}

func (l *crashLog) again(a act) {
	l.Lock()
	defer l.Unlock()
	l.open = append(l.open, a)
}

// Killed or ended at any moment, the server has each outcome that it
// acknowledged exactly once, by whichever way it came; a message that two
// claims let go counts as one contact; and what was learnt is to the last bit
// what the log teaches from its beginning.
func TestKillLosesNoOutcome(t *testing.T) {
	var dir string
	var l *crashLog
	dice := rand.New(rand.NewPCG(*crashSeed, 0))
	for round := range *crashRounds {
		if round%8 == 0 { // so that comparing does not take ever longer
			dir = t.TempDir()
			l = &crashLog{dice: rand.New(rand.NewPCG(*crashSeed, uint64(round))), let: make(map[string]string)}
		}
		before := len(l.acked)
		crashOnce(t, dir, l, 20+dice.IntN(250), round%4 == 3)
		crashInspect(t, dir, l, round == *crashRounds-1 || round%8 == 7)
		t.Logf("round %d: ended after %d acknowledged, %d let go", round, len(l.acked)-before, len(l.let))
		if t.Failed() {
			return
		}
	}
}

// crashOnce runs a server, asks it, and kills it after so many answers, or has
// it end as a server does when it is told to.
func crashOnce(t *testing.T, dir string, l *crashLog, answers int, gently bool) {
	t.Helper()
	child := storetest.StartChild(t, "HEED_LEARNING_CHILD="+dir)
	enough := make(chan struct{}, 1)
	var left sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: crashSenders}}
	count := len(l.acked)
	for range crashSenders {
		left.Go(func() {
			for l.send(t, client, child.URL) {
				if l.answered()-count >= answers {
					select {
					case enough <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	<-enough
	if gently {
		_ = child.In.Close()
	} else {
		_ = child.Process.Kill()
	}
	left.Wait()
	client.CloseIdleConnections()
	if err := child.Wait(); gently && err != nil || child.Complaints.Len() > 0 {
		t.Fatalf("the server complains: %v %s", err, child.Complaints.String())
	}
}

func (l *crashLog) answered() int {
	l.Lock()
	defer l.Unlock()
	return len(l.acked)
}

// send asks for one thing and tells whether the server is still there.
func (l *crashLog) send(t *testing.T, c *http.Client, url string) bool {
	a := l.next()
	body := []byte(a.body)
	if a.body == "" {
		body, _ = json.Marshal(a.ask)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+a.path, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return false
	}
	res, err := c.Do(r)
	if err != nil {
		l.again(a)
		return false
	}
	answer, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	switch {
	case err != nil:
		l.again(a)
		return false
	case res.StatusCode != http.StatusOK && (strings.Contains(string(answer), slots.ErrNotOpen.Error()) || strings.Contains(string(answer), brain.ErrNotOffered.Error())):
		return true // claimed before as another message, or an outcome that waited for another suggestion
	case res.StatusCode != http.StatusOK:
		t.Errorf("%s %s: %d %s", a.path, body, res.StatusCode, answer)
		return false
	}
	l.done(t, a, answer)
	return true
}

// crashInspect opens what is left and compares it with what was acknowledged.
func crashInspect(t *testing.T, dir string, l *crashLog, last bool) {
	t.Helper()
	ahead := time.Minute // of the clock, so that no answer is waited for any more
	s, err := newCrashServer(t.Context(), dir, func() time.Time { return time.Now().Add(ahead) })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		s.slots.Close()
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	}()
	crashCompare(t, s)
	if last {
		for { // an outcome that waited for its decision is itself waited for an answer to
			ahead += time.Minute
			done, err := s.brain.Sweep(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if done.TimedOut+done.Matched == 0 {
				break
			}
		}
		crashCompare(t, s)
	}
	k := crashRead(t, s.store)
	k.outcomes(t, s, l)
	k.contacts(t, s, l)
	if last {
		k.silences(t)
	}
}

// crashCompare compares the learner that goes on from the checkpoint with one
// that learns all anew.
func crashCompare(t *testing.T, s *crashServer) {
	t.Helper()
	model, err := crashModel()
	if err != nil {
		t.Fatal(err)
	}
	o := s.learner.o
	o.Model, o.File = model, ""
	anew, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	from := s.learner.s.Seq
	r := &rig{store: s.store}
	r.teach(t, s.learner)
	r.teach(t, anew)
	if !bytes.Equal(s.learner.bytes(t), anew.bytes(t)) {
		t.Errorf("the model that goes on after event %d is not the one that is rebuilt", from)
	}
	kept, err := json.Marshal(s.learner.s)
	if err != nil {
		t.Fatal(err)
	}
	rebuilt, err := json.Marshal(anew.s)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, rebuilt) {
		t.Errorf("what is known beside the model that goes on after event %d is not what is rebuilt:\n%.2000s\n%.2000s", from, kept, rebuilt)
	}
}

// crashKept is what the log says.
type crashKept struct {
	keys      map[string]int // by key
	of        map[offer][]string
	reached   map[string]int // by decision
	perPerson map[string]int
	claims    map[string][]string // messages by slot
}

func crashRead(t *testing.T, s *store.Store) *crashKept {
	t.Helper()
	k := &crashKept{make(map[string]int), make(map[offer][]string), make(map[string]int), make(map[string]int), make(map[string][]string)}
	types := []event.Type{event.OutcomeRecorded, event.FactObserved, event.SlotClaimed}
	for after := int64(0); ; {
		events, err := s.Events(t.Context(), store.EventQuery{After: after, Types: types, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return k
		}
		for _, e := range events {
			after = e.Seq
			var of struct {
				decide.Outcome
				Name      string
				Props     struct{ Decision string }
				MessageID string `json:"message_id"`
				Slot      string `json:"slot_id"`
			}
			if err := json.Unmarshal(e.Data, &of); err != nil {
				t.Fatal(err)
			}
			switch {
			case e.Type == event.OutcomeRecorded:
				k.keys[of.Key]++
				o := offer{of.Subject, of.DecisionID, of.Action}
				k.of[o] = append(k.of[o], of.Outcome.Outcome)
			case e.Type == event.SlotClaimed:
				k.claims[of.Slot] = append(k.claims[of.Slot], of.MessageID)
			case strings.HasPrefix(of.Name, "contact."):
				k.reached[of.Props.Decision]++
				k.perPerson[e.Subject]++
			}
		}
	}
}

// outcomes checks that each acknowledged one is there once.
func (k *crashKept) outcomes(t *testing.T, s *crashServer, l *crashLog) {
	t.Helper()
	for key, n := range k.keys {
		if n != 1 {
			t.Errorf("the outcome %s is in the log %d times", key, n)
		}
		if _, err := s.store.OutcomeByKey(t.Context(), key); err != nil {
			t.Errorf("the outcome %s is in the log only: %v", key, err)
		}
	}
	parked, err := s.store.Parked(t.Context(), 500)
	if err != nil {
		t.Fatal(err)
	}
	waits := make(map[string]bool)
	for _, p := range parked {
		waits[p.Key] = true
	}
	stored := 0
	for _, person := range l.people {
		of, err := s.store.OutcomesOf(t.Context(), person, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		stored += len(of)
	}
	if stored != len(k.keys) {
		t.Errorf("%d outcomes, %d of them in the log", stored, len(k.keys))
	}
	for _, a := range l.acked {
		key := ""
		switch o := a.ask.Outcome; {
		case a.path == "/outcome" && o.Key != "":
			key = "api/" + o.Key
		case a.path == "/outcome":
			key = o.DecisionID + "/" + o.Action + "/" + o.Outcome
		case a.path == "/v1/track":
			known, err := s.store.HasEvents(t.Context(), []string{a.ask.ID})
			if err != nil {
				t.Fatal(err)
			}
			if !known[a.ask.ID] && k.reached[a.ask.Outcome.DecisionID] == 0 {
				t.Errorf("the event %s was acknowledged and is gone", a.body)
			}
			if !slices.ContainsFunc([]string{decide.Impression, decide.Clicked, decide.Converted}, func(word string) bool {
				return k.keys["segment:shop/"+a.ask.ID+"/"+word] == 1
			}) {
				t.Errorf("what the event %s says of a suggestion is gone", a.body)
			}
			continue
		default:
			continue
		}
		if k.keys[key] == 1 || waits[key] {
			continue
		}
		if d, err := s.store.Decision(t.Context(), a.ask.Outcome.DecisionID); err != nil || slices.ContainsFunc(d.Actions, func(c decide.Choice) bool { return c.Action == a.ask.Outcome.Action }) {
			t.Errorf("the outcome %s was acknowledged and is gone", key)
		}
	}
}

// contacts checks that what went out counts once.
func (k *crashKept) contacts(t *testing.T, s *crashServer, l *crashLog) {
	t.Helper()
	for slot, messages := range k.claims {
		st, err := s.store.Slot(t.Context(), slot)
		if err != nil || len(messages) != 1 || st.MessageID != messages[0] {
			t.Errorf("slot %s was claimed by %v, says %q: %v", slot, messages, st.MessageID, err)
		}
		if k.reached[st.DecisionID] != 1 {
			t.Errorf("the message of slot %s counts %d times", slot, k.reached[st.DecisionID])
		}
	}
	for slot, message := range l.let {
		if !slices.Equal(k.claims[slot], []string{message}) {
			t.Errorf("message %s of slot %s was let go, the log says %v", message, slot, k.claims[slot])
		}
	}
	for decision, n := range k.reached {
		if n != 1 {
			t.Errorf("decision %s reached its person %d times", decision, n)
		}
	}
	for person, n := range k.perPerson {
		p, err := s.store.Profile(t.Context(), person)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Count("contact.*", 24*time.Hour, s.brain.Now()); got != n {
			t.Errorf("a profile counts %d contacts, the log %d", got, n)
		}
	}
}

// silences checks, once no answer is waited for, that what was shown is over
// once where nobody had answered, and where somebody had, was over at most once
// before.
func (k *crashKept) silences(t *testing.T) {
	t.Helper()
	over, late := 0, 0
	for of, words := range k.of {
		silent, first := 0, -1
		for i, w := range words {
			switch {
			case w == decide.NoResponse:
				silent++
			case decide.Answered(w) && first < 0:
				first = i
			}
		}
		at := slices.Index(words, decide.NoResponse)
		switch {
		case silent > 1, silent == 0 && first < 0, first >= 0 && at > first:
			t.Errorf("%+v: %v", of, words)
		case silent == 1 && first > at:
			late++
		case silent == 1:
			over++
		}
	}
	t.Logf("%d suggestions without an answer, %d answered too late, %d in all", over, late, len(k.of))
	if over == 0 || late == 0 || len(k.claims) == 0 {
		t.Error("nothing timed out, nothing was late or nothing was claimed: the test tests nothing")
	}
}
