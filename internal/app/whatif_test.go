package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/decide"
	declog "heed/internal/offpolicy/logged"
	"heed/internal/simulate"
	"heed/internal/whatif"
)

// TestAChangeIsTriedAgainstThePast replays a call and a page through a running
// server: as it was it comes out as it was, and with a change otherwise.
func TestAChangeIsTriedAgainstThePast(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	o.at(time.Date(2026, time.May, 3, 10, 12, 0, 0, time.UTC))
	call := o.caller(t, "+12025550142", "+12025550199", "i want to cancel my contract it is too expensive")
	o.must(t, "POST", "/v1/decisions", map[string]any{"customer_id": call.CustomerID, "slot": "web.banner", "channel": "web", "n": 2}, nil)
	o.at(time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC))
	key := o.keyOf(t, "designer")
	simulation := func(ask simulate.Ask) simulate.Run {
		t.Helper()
		var run simulate.Run
		if status := o.ask(t, key, "POST", "/v1/simulations", ask, &run); status != http.StatusAccepted || run.ID == "" {
			t.Fatalf("start: %d", status)
		}
		wait(t, "the simulation to end", func() bool {
			o.ask(t, key, "GET", "/v1/simulations/"+run.ID, nil, &run)
			return run.State != simulate.Running
		})
		if run.State != simulate.Done || run.Report == nil {
			t.Fatalf("%s: %s", run.State, run.Error)
		}
		return run
	}
	same := simulation(simulate.Ask{Change: "version: 1", Since: "30d"}).Report
	if same.Decisions < 2 || same.AsLogged.Same != same.Decisions || same.Moved != 0 || same.People != 1 || len(same.Opened) != 0 {
		t.Errorf("without a change: %+v", same)
	}
	const dear = "version: 1\nactions:\n  - {id: ret.loyalty_discount, retired: true}\n"
	moved := simulation(simulate.Ask{Change: dear, Since: "2026-05-01", Cohort: "plan"})
	if r := moved.Report; r.Moved == 0 || r.Value.Refused == "" || moved.Changed[0] != "ret.loyalty_discount" || len(r.Cohorts) != 1 {
		t.Errorf("with an action retired: %+v", moved)
	}
	var all struct{ Simulations []simulate.Run }
	o.ask(t, key, "GET", "/v1/simulations", nil, &all)
	if len(all.Simulations) != 2 || all.Simulations[0].Report != nil {
		t.Errorf("kept: %+v", all)
	}
	for name, bad := range map[string]simulate.Ask{
		"no YAML":        {Change: "version: [", Since: "30d"},
		"unknown field":  {Change: "version: 1\ngama: 2", Since: "30d"},
		"no time":        {Change: "version: 1", Since: "yesterday"},
		"no such action": {Change: "version: 1\nlevers: [{scope: action, name: x, percent: 5, owner: a, reason: b, from: 2026-01-01, until: 2026-02-01}]", Since: "1d"},
	} {
		if status := o.ask(t, key, "POST", "/v1/simulations", bad, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status := o.ask(t, o.keyOf(t, "viewer"), "POST", "/v1/simulations", simulate.Ask{Change: "version: 1", Since: "1d"}, nil); status != http.StatusForbidden {
		t.Errorf("a viewer: %d", status)
	}
	if status := o.ask(t, key, "GET", "/v1/calls", nil, nil); status != http.StatusForbidden {
		t.Errorf("a designer reads calls: %d", status)
	}
	if status := o.ask(t, key, "DELETE", "/v1/simulations/none", nil, nil); status != http.StatusNotFound {
		t.Errorf("cancel what never was: %d", status)
	}
}

// TestDecisionsAreExportedWithoutNames gives a log that can be judged by, in
// which nobody is named.
func TestDecisionsAreExportedWithoutNames(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	o.at(time.Date(2026, time.May, 3, 10, 12, 0, 0, time.UTC))
	call := o.caller(t, "+12025550142", "+12025550199", "i want to cancel my contract it is too expensive")
	d := call.Decisions[len(call.Decisions)-1]
	o.must(t, "POST", "/v1/outcomes", map[string]any{"decision_id": d.ID, "action": d.Actions[0].Action, "outcome": "accepted"}, nil)
	o.at(time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC))
	get := func(key, query string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "GET", o.Base()+"/v1/decisions/export"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(raw)
	}
	status, text := get(o.Key(), "")
	lines, err := declog.Read(strings.NewReader(text), "export")
	if status != http.StatusOK || err != nil || len(lines) < 1 {
		t.Fatalf("%d: %d lines, %v in %s", status, len(lines), err, text)
	}
	if !slices.ContainsFunc(lines, func(l declog.Line) bool { return l.Outcome == "accepted" && l.Chosen == d.Actions[0].Action }) {
		t.Errorf("the outcome is not there: %s", text)
	}
	for _, l := range lines {
		if l.Subject != lines[0].Subject {
			t.Errorf("one person has two names: %q and %q", l.Subject, lines[0].Subject)
		}
	}
	for _, secret := range []string{call.CustomerID, "5550142", d.ID, call.ID, "cancel my"} {
		if strings.Contains(text, secret) {
			t.Errorf("the export holds %q", secret)
		}
	}
	_, again := get(o.Key(), "")
	if bytes.Contains([]byte(again), []byte(lines[0].Subject)) {
		t.Error("two exports use one name")
	}
	if status, _ := get(o.Key(), "?since=2026-05-04T00:00:00Z&until=2026-05-03T00:00:00Z"); status != http.StatusUnprocessableEntity {
		t.Errorf("no stretch of time: %d", status)
	}
	if status, _ := get(o.keyOf(t, "marketer"), ""); status != http.StatusForbidden {
		t.Errorf("a marketer: %d", status)
	}
}

// TestOnePersonAtAPastMoment asks what would have been said in the middle of a
// call, whether it was allowed, and what if the caller had been content.
func TestOnePersonAtAPastMoment(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	day := func(d, h, m int) time.Time { return time.Date(2026, time.May, d, h, m, 0, 0, time.UTC) }
	o.at(day(3, 10, 12))
	person := o.caller(t, "+12025550142", "+12025550199", "i want to cancel my contract it is too expensive").CustomerID
	base := "/v1/customers/" + person
	yes := map[string]any{"purpose": "marketing", "state": "granted", "wording_id": "marketing.email", "source": "web form", "method": "ticked a box", "evidence": "form 7", "at": day(3, 10, 0)}
	o.must(t, "POST", base+"/consent", yes, nil)
	o.at(day(5, 8, 0))
	no := map[string]any{"purpose": "marketing", "state": "withdrawn", "source": "letter", "evidence": "letter of 2 May", "at": day(3, 10, 30)}
	o.must(t, "POST", base+"/consent", no, nil)
	o.at(day(6, 8, 0))
	key := o.keyOf(t, "designer")
	ask := func(q url.Values) whatif.Answer {
		t.Helper()
		var a whatif.Answer
		if status := o.ask(t, key, "GET", base+"/whatif?"+q.Encode(), nil, &a); status != http.StatusOK {
			t.Fatalf("%v: %d", q, status)
		}
		return a
	}
	at := day(4, 9, 0).Format(time.RFC3339)
	then := ask(url.Values{"at": {at}, "channel": {"web"}})
	marketing := func(a whatif.Answer) whatif.Allowed {
		t.Helper()
		i := slices.IndexFunc(a.Allowed, func(w whatif.Allowed) bool { return w.Purpose == consent.Marketing })
		return a.Allowed[i]
	}
	if m := marketing(then); m.KnownAt.State != consent.Granted || m.AsOf.State != consent.Withdrawn || m.AsOf.Source != "letter" {
		t.Errorf("in good faith and in truth: %+v", m)
	}
	if m := marketing(ask(url.Values{"at": {at}, "known_at": {day(5, 9, 0).Format(time.RFC3339)}, "channel": {"web"}})); m.KnownAt.State != consent.Withdrawn {
		t.Errorf("known a day later: %+v", m)
	}
	keeps := func(c decide.Choice) bool { return c.Issue == "retention" }
	if d := then.Decision; slices.ContainsFunc(d.Actions, keeps) || len(d.Trace) == 0 || d.ID != "what-if" {
		t.Errorf("a day later a discount is offered: %+v", d.Actions)
	}
	leaving := ask(url.Values{"at": {at}, "channel": {"web"}, "set": {"churn_risk:0.9"}, "trait": {"plan:basic", "arrears:true"}})
	if !slices.ContainsFunc(leaving.Decision.Actions, keeps) || len(leaving.Supposed) != 3 {
		t.Errorf("who is about to leave is offered %+v", leaving.Decision)
	}
	for name, bad := range map[string]string{
		"tomorrow": "at=2199-01-01T00:00:00Z", "no signal": "set=luck:1", "no number": "set=churn_risk:much", "no trait": "trait=plan", "no channel": "channel=pigeon",
	} {
		if status := o.ask(t, key, "GET", base+"/whatif?"+bad, nil, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status := o.ask(t, key, "GET", "/v1/customers/none/whatif", nil, nil); status != http.StatusNotFound {
		t.Errorf("nobody: %d", status)
	}
	if status := o.ask(t, o.keyOf(t, "agent"), "GET", base+"/whatif", nil, nil); status != http.StatusForbidden {
		t.Errorf("an agent: %d", status)
	}
	if status := o.ask(t, o.Key(), "GET", "/v1/decisions/what-if", nil, nil); status != http.StatusNotFound {
		t.Errorf("a what-if was stored: %d", status)
	}
}
