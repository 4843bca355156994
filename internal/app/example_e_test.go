package app_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/ledger"
	"heed/internal/web"
)

// system is one of the nine that are told of changes.
type system struct {
	name, key string
	next      string
	has       map[string]consent.State // what it holds, by the address
}

// poll asks for changes once, applies them and reads them back.
func (s *system) poll(t *testing.T, o *office) []ledger.ReadBack {
	t.Helper()
	var feed ledger.ConsentFeed
	if status := o.ask(t, s.key, "GET", "/v1/consent/changes?after="+s.next, nil, &feed); status != http.StatusOK {
		t.Fatalf("%s: changes %d", s.name, status)
	}
	s.next = feed.Next
	var sees []ledger.Confirmation
	for _, c := range feed.Changes {
		s.has[string(c.Purpose)+c.Channel] = c.State
		sees = append(sees, ledger.Confirmation{ID: c.ID, State: c.State})
	}
	return s.confirm(t, o, sees)
}

func (s *system) confirm(t *testing.T, o *office, sees []ledger.Confirmation) []ledger.ReadBack {
	t.Helper()
	var answer struct{ Verdicts []ledger.ReadBack }
	if len(sees) == 0 {
		return nil
	}
	if status := o.ask(t, s.key, "POST", "/v1/consent/confirmations", map[string]any{"confirmations": sees}, &answer); status != http.StatusOK {
		t.Fatalf("%s: confirmations %d", s.name, status)
	}
	return answer.Verdicts
}

// TestExampleE says "please stop emailing me" in a call: the cell closes at
// once, the agent is asked, nine systems are told, and the one that is silent
// is named.
func TestExampleE(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	const from = "+12025550142"
	person := o.caller(t, from, "+12025550199", "hello i have a question about my bill").CustomerID
	base := "/v1/customers/" + person + "/consent"
	var systems []*system
	for i := range 9 {
		s := &system{name: fmt.Sprint("system", i+1), has: map[string]consent.State{}}
		var made struct{ Key string }
		o.must(t, "POST", "/v1/consent/recipients", map[string]any{"name": s.name, "purposes": []string{"marketing"}}, &made)
		s.key = made.Key
		systems = append(systems, s)
	}
	o.must(t, "POST", base, map[string]any{"purpose": "marketing", "channel": "email", "state": "granted", "wording_id": "marketing.email"}, nil)
	if !o.standing(t, person, "email").Allowed {
		t.Fatal("the yes does not allow")
	}

	call := o.caller(t, from, "+12025550198", "please stop sending me emails i do not want your newsletter")
	closed := o.standing(t, person, "email")
	if closed.State != consent.Withdrawn || closed.Row == nil || !closed.Row.Provisional {
		t.Fatalf("after the words: %+v, heard %+v", closed, call.Insights)
	}
	if r := closed.Row; r.CallID != call.ID || r.CallSecond < 5 || r.CallSecond > 11 || r.Actor != "customer" || r.Evidence == "" {
		t.Errorf("the row does not point at the words: %+v", r)
	}
	if o.standing(t, person, "sms").State != consent.Unknown {
		t.Error("another channel was closed")
	}
	if last := call.Decisions[len(call.Decisions)-1]; last.CallID != call.ID {
		t.Errorf("the decision was not made again: %+v", last)
	}

	var list struct{ Wishes []ledger.Prompt }
	o.must(t, "GET", "/v1/calls/"+call.ID+"/wishes", nil, &list)
	if len(list.Wishes) != 1 || list.Wishes[0].Question != "Stop all marketing e-mail?" || !list.Wishes[0].Closed {
		t.Fatalf("the agent is asked: %+v", list.Wishes)
	}
	var firm consent.Row
	o.must(t, "POST", base+"/"+closed.Row.ID+"/answer", map[string]any{"answer": "confirmed"}, &firm)
	if firm.Confirms != closed.Row.ID || firm.Provisional || firm.CallID != call.ID || !firm.At.Equal(closed.Row.At) || firm.Verifier == "" {
		t.Errorf("the confirmation: %+v", firm)
	}
	if status := o.ask(t, o.Key(), "POST", base+"/"+closed.Row.ID+"/answer", map[string]any{"answer": "misheard"}, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("a second answer: %d", status)
	}
	o.must(t, "GET", "/v1/calls/"+call.ID+"/wishes", nil, &list)
	if len(list.Wishes) != 0 {
		t.Errorf("still asked: %+v", list.Wishes)
	}
	tellNine(t, o, systems, base+"/"+firm.ID+"/recipients")
}

// tellNine has eight of nine systems read back what they were told.
func tellNine(t *testing.T, o *office, systems []*system, who string) {
	t.Helper()
	silent := systems[8]
	for _, s := range systems[:8] {
		for _, v := range s.poll(t, o) {
			if v.Verdict != "confirmed" {
				t.Errorf("%s: %+v", s.name, v)
			}
		}
		if s.has["marketingemail"] != consent.Withdrawn {
			t.Errorf("%s holds %v", s.name, s.has)
		}
	}
	if status := o.ask(t, silent.key, "GET", "/v1/customers", nil, nil); status != http.StatusForbidden {
		t.Errorf("a recipient's key reads customers: %d", status)
	}
	o.at(o.now().Add(61 * time.Minute))
	expectKnowers(t, o, who, "late")
	if got := recipientOf(t, o, silent.name); got.State != "late" || got.Waiting == 0 || !got.Asked.IsZero() {
		t.Errorf("after an hour: %+v", got)
	}
	o.at(o.now().Add(24 * time.Hour))
	expectKnowers(t, o, who, "overdue")
	if got := recipientOf(t, o, silent.name); got.State != "overdue" {
		t.Errorf("after a day: %+v", got)
	}
	for _, s := range systems[:8] {
		if got := recipientOf(t, o, s.name); got.State != "ok" {
			t.Errorf("%s: %+v", s.name, got)
		}
	}

	// It comes back, but its own system does not take the change: said so
	// until it does. Withdrawals are the first that it gets.
	var feed ledger.ConsentFeed
	if status := o.ask(t, silent.key, "GET", "/v1/consent/changes", nil, &feed); status != http.StatusOK || len(feed.Changes) != 3 {
		t.Fatalf("%d, %+v", status, feed)
	}
	if c := feed.Changes[2]; c.State != consent.Withdrawn {
		t.Errorf("an old yes is told as what holds now, got %+v", c)
	}
	last := feed.Changes[1].ID
	if v := silent.confirm(t, o, []ledger.Confirmation{{ID: last, State: consent.Granted}, {ID: "made-up", State: consent.Denied}}); v[0].Verdict != "mismatch" || v[1].Verdict != "not told" {
		t.Errorf("it sees something else: %+v", v)
	}
	expectKnowers(t, o, who, "mismatch")
	silent.confirm(t, o, []ledger.Confirmation{{ID: last, State: consent.Denied}})
	if got := recipientOf(t, o, silent.name); got.State != "ok" || got.Waiting != 0 {
		t.Errorf("when it sees it right: %+v", got)
	}
}

// expectKnowers wants eight confirmed and the ninth in a state of trouble.
func expectKnowers(t *testing.T, o *office, path, trouble string) {
	t.Helper()
	var all struct{ Recipients []ledger.Knows }
	o.must(t, "GET", path, nil, &all)
	confirmed := 0
	for _, k := range all.Recipients {
		if k.State == "confirmed" {
			confirmed++
		} else if k.Recipient != "system9" || (k.Late != trouble && k.State != trouble) {
			t.Errorf("%+v, want %s", k, trouble)
		}
	}
	if len(all.Recipients) != 9 || confirmed != 8 {
		t.Errorf("%d systems, %d confirmed", len(all.Recipients), confirmed)
	}
}

// recipientOf is a system on the status page.
func recipientOf(t *testing.T, o *office, name string) web.RecipientStatus {
	t.Helper()
	var s web.Status
	o.must(t, "GET", "/v1/status", nil, &s)
	for _, r := range s.Recipients {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("%s is not on the status page", name)
	return web.RecipientStatus{}
}

// TestSaidAndNotConfirmed keeps what was heard closed until somebody answers,
// and opens nothing on words alone.
func TestSaidAndNotConfirmed(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	const from = "+12025550147"
	call := o.caller(t, from, "+12025550199", "please do not call me any more")
	base := "/v1/customers/" + call.CustomerID + "/consent"
	if got := o.standing(t, call.CustomerID, "call"); got.State != consent.Withdrawn || !got.Row.Provisional {
		t.Fatalf("not closed: %+v, heard %+v", got, call.Insights)
	}
	o.must(t, "POST", base+"/"+o.standing(t, call.CustomerID, "call").Row.ID+"/answer", map[string]any{"answer": "misheard"}, nil)
	if got := o.standing(t, call.CustomerID, "call"); got.State != consent.Unknown {
		t.Errorf("after it was misheard: %+v", got)
	}

	call = o.caller(t, from, "+12025550198", "yes you may send me offers by email")
	if got := o.standing(t, call.CustomerID, "email"); got.Allowed {
		t.Errorf("words alone have opened: %+v", got)
	}
	var list struct{ Wishes []ledger.Prompt }
	o.must(t, "GET", "/v1/calls/"+call.ID+"/wishes", nil, &list)
	if len(list.Wishes) != 1 || list.Wishes[0].Ask == "" || list.Wishes[0].Closed {
		t.Fatalf("the agent is given the words to ask: %+v", list.Wishes)
	}
	var yes consent.Row
	o.must(t, "POST", base+"/"+list.Wishes[0].Row.ID+"/answer", map[string]any{"answer": "confirmed"}, &yes)
	if got := o.standing(t, call.CustomerID, "email"); !got.Allowed || yes.WordingHash == "" || yes.CallID != call.ID {
		t.Errorf("after the agent asked: %+v, %+v", got, yes)
	}
	o.must(t, "POST", base+"/"+yes.ID+"/undo", nil, nil)
	if got := o.standing(t, call.CustomerID, "email"); got.Allowed {
		t.Errorf("after the undo: %+v", got)
	}
}
