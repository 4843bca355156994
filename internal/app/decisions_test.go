package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/brain"
	"heed/internal/client"
	"heed/internal/decide"
	"heed/internal/decisions"
)

// asRole gives a client with a key of a role.
func asRole(t *testing.T, c *client.Client, role string) *client.Client {
	t.Helper()
	var key struct{ Key string }
	if status := ask(t, c, http.MethodPost, "/v1/keys", fmt.Sprintf(`{"name": %q, "role": %q}`, role, role), &key); status != http.StatusOK {
		t.Fatalf("key of %s: %d", role, status)
	}
	as, err := client.New(c.Base(), key.Key)
	if err != nil {
		t.Fatal(err)
	}
	return as
}

func noonUTC() time.Time { return time.Date(2026, 5, 6, 16, 0, 0, 0, time.UTC) }

// TestAskingWhoIsMeant: a person is found by what names them; asking makes
// nobody, and whoever is unknown gets silence with the reason.
func TestAskingWhoIsMeant(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	mia := person(t, c, "+12025550142", `, "email": "mia@example.com"`)
	for name, q := range map[string]struct {
		who, subject, because string
	}{
		"by id":                 {fmt.Sprintf(`"customer_id": %q`, mia), mia, ""},
		"by number, as written": {`"identifiers": [{"type": "phone", "value": "+1 (202) 555-0142"}]`, mia, ""},
		"by address":            {`"identifiers": [{"type": "email", "value": "Mia@Example.com"}]`, mia, ""},
		"the surest counts":     {`"identifiers": [{"type": "user_id", "value": "u-77"}, {"type": "email", "value": "mia@example.com"}]`, "", "nobody is known"},
		"nobody's number":       {`"identifiers": [{"type": "phone", "value": "+12025550199"}]`, "", "nobody is known"},
		"no identifier at all":  {`"identifiers": [{"type": "user_id", "value": "null"}]`, "", "nobody is known"},
		"an unknown id":         {`"customer_id": "nobody"`, "", "nobody is known"},
	} {
		var d decide.Decision
		status := ask(t, c, http.MethodPost, "/v1/decisions", `{"slot": "web.banner", `+q.who+`}`, &d)
		if status != http.StatusOK || d.Subject != q.subject || !strings.Contains(d.Because, q.because) {
			t.Errorf("%s: %d about %q: %s", name, status, d.Subject, d.Because)
		}
		if known := d.ID != ""; known != (q.subject != "") || known != strings.HasPrefix(d.Snapshot, "sha256:") {
			t.Errorf("%s: id %q, snapshot %q", name, d.ID, d.Snapshot)
		}
	}
	var all struct{ Customers []struct{ ID string } }
	if ask(t, c, http.MethodGet, "/v1/customers", "", &all); len(all.Customers) != 1 {
		t.Errorf("asking made people: %d", len(all.Customers))
	}
	var refused struct{ Detail string }
	status := ask(t, c, http.MethodPost, "/v1/decisions", fmt.Sprintf(`{"customer_id": %q, "slot": "moon"}`, mia), &refused)
	if status != http.StatusUnprocessableEntity || !strings.Contains(refused.Detail, "web.banner") {
		t.Errorf("an unknown slot: %d %s", status, refused.Detail)
	}
}

// TestAskingIsFreshAndOnce: an answer rests on what was committed before it,
// and the same question with the same key is one decision.
func TestAskingIsFreshAndOnce(t *testing.T) {
	c, now, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	tick := func() {
		at := now.Load().Add(time.Millisecond)
		now.Store(&at)
	}
	mia := person(t, c, "+12025550142", "")
	for range 20 {
		tick()
		allow(t, c, mia, "marketing", "granted")
		if rule, _ := removedBy(decided(t, c, mia, "web")); strings.HasPrefix(rule, "consent") {
			t.Fatalf("after a yes: %s", rule)
		}
		tick()
		allow(t, c, mia, "marketing", "withdrawn")
		if rule, _ := removedBy(decided(t, c, mia, "web")); rule != "consent.marketing" {
			t.Fatalf("after a no: %q", rule)
		}
	}
	same := func(body string) (status int, id string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base()+"/v1/decisions", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+c.Key())
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "k1")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var d decide.Decision
		if err := json.NewDecoder(res.Body).Decode(&d); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, d.ID
	}
	body := fmt.Sprintf(`{"customer_id": %q, "slot": "web.banner"}`, mia)
	_, first := same(body)
	if status, again := same(body); status != http.StatusOK || again != first || first == "" {
		t.Errorf("the same again: %d %q, first %q", status, again, first)
	}
	if status, _ := same(strings.Replace(body, "web.banner", "web.account", 1)); status != http.StatusUnprocessableEntity {
		t.Errorf("another question with the same key: %d", status)
	}
}

// TestRenderingsByRole: each role reads what it needs of a decision, and an
// erased person's decision is gone for all.
func TestRenderingsByRole(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	mia := person(t, c, "+12025550142", "")
	allow(t, c, mia, "marketing", "granted")
	d := decided(t, c, mia, "web")
	may := map[string][3]int{
		"admin": {200, 200, 200}, "privacy": {200, 200, 200}, "agent": {200, 200, 403},
		"marketer": {200, 403, 403}, "viewer": {200, 403, 403}, "ingest": {403, 403, 403},
	}
	for role, want := range may {
		as := asRole(t, c, role)
		for i, view := range []string{"agent", "customer", "auditor"} {
			var raw json.RawMessage
			status := ask(t, as, http.MethodGet, "/v1/decisions/"+d.ID+"?as="+view, "", &raw)
			if status != want[i] {
				t.Errorf("%s as %s: %d, want %d", role, view, status, want[i])
			}
			if inner := strings.Contains(string(raw), `"survivors"`); status == 200 && inner != (view == "auditor") {
				t.Errorf("%s as %s: survivors shown: %v", role, view, inner)
			}
		}
	}
	var told decisions.Explanation
	why := "/v1/decisions/" + d.ID + "?counterfactuals=true&as="
	if ask(t, asRole(t, c, "privacy"), http.MethodGet, why+"auditor", "", &told); told.Auditor.Counterfactuals == nil || told.Auditor.Counterfactuals.Tried < 1 {
		t.Errorf("what would have changed it: %+v", told.Auditor)
	}
	for role, view := range map[string]string{"agent": "auditor", "admin": "agent", "privacy": "customer"} {
		if status := ask(t, asRole(t, c, role), http.MethodGet, why+view, "", nil); status != http.StatusForbidden {
			t.Errorf("what would have changed it, to %s as %s: %d", role, view, status)
		}
	}
	var e decisions.Explanation
	ask(t, c, http.MethodGet, "/v1/decisions/"+d.ID+"?as=customer", "", &e)
	if len(e.Customer.Actions) == 0 || !strings.Contains(e.Customer.Actions[0].Ground, "You said yes to personal offers on our website on 6 May 2026 (") {
		t.Errorf("the customer reads %+v", e.Customer)
	}
	if ask(t, c, http.MethodGet, "/v1/decisions/"+d.ID+"?as=customer&language=ar", "", &e); e.Customer.Language != "ar" || !strings.Contains(e.Customer.Actions[0].Ground, "وافقت على العروض الشخصية على موقعنا في ٦ مايو ٢٠٢٦") {
		t.Errorf("in Arabic: %+v", e.Customer)
	}
	agent := decided(t, asRole(t, c, "agent"), mia, "web")
	if len(agent.Survivors)+len(agent.Features) > 0 || len(agent.Actions) == 0 {
		t.Errorf("an agent was given %d survivors and %d features", len(agent.Survivors), len(agent.Features))
	}
	if _, err := c.Erase(t.Context(), mia); err != nil {
		t.Fatal(err)
	}
	if status := ask(t, c, http.MethodGet, "/v1/decisions/"+d.ID, "", nil); status != http.StatusGone {
		t.Errorf("the decision of somebody erased: %d", status)
	}
	var silent decide.Decision
	if ask(t, c, http.MethodPost, "/v1/decisions", `{"identifiers": [{"type": "phone", "value": "+12025550142"}], "slot": "web.banner"}`, &silent); silent.Because != "Nothing to suggest: this person asked to be forgotten." {
		t.Errorf("asked about somebody erased: %q", silent.Because)
	}
}

// TestGate: a message may go when a decision would let it, once it is counted
// the next may not, and one that a later decision dropped may not either.
func TestGate(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	mia := person(t, c, "+12025550142", `, "email": "mia@example.com"`)
	gate := func(more string) (p brain.Passage) {
		t.Helper()
		body := fmt.Sprintf(`{"customer_id": %q, "channel": "email"%s}`, mia, more)
		if status := ask(t, c, http.MethodPost, "/v1/gate", body, &p); status != http.StatusOK {
			t.Fatalf("gate %s: %d", more, status)
		}
		return p
	}
	if p := gate(`, "purpose": "marketing"`); p.Allowed || p.Step != 1 || p.Rule != "consent.marketing" {
		t.Errorf("before any word: %+v", p)
	}
	allow(t, c, mia, "marketing", "granted")
	d := decided(t, c, mia, "email")
	if p := gate(`, "action": "sell", "decision_id": "` + d.ID + `"`); !p.Allowed || p.AllowedBy == nil || p.Counted {
		t.Errorf("after a yes: %+v", p)
	}
	if p := gate(`, "action": "sell", "address": "eve@example.com"`); p.Allowed || p.Rule != "address" {
		t.Errorf("to another's address: %+v", p)
	}
	const commit = `, "action": "sell", "message_id": "m1", "commit": true`
	if p := gate(commit); !p.Allowed || !p.Counted || p.Repeated {
		t.Errorf("the first message: %+v", p)
	}
	if p := gate(commit); !p.Allowed || !p.Counted || !p.Repeated {
		t.Errorf("the first message again: %+v", p)
	}
	if p := gate(strings.Replace(commit, "m1", "m2", 1)); p.Allowed || p.Counted || p.Step != 7 || p.Rule != "cp.email.week" {
		t.Errorf("the second message: %+v", p)
	}
	decided(t, c, mia, "email")
	if p := gate(`, "action": "sell", "decision_id": "` + d.ID + `"`); p.Allowed || p.Rule != "superseded" {
		t.Errorf("after a later decision without it: %+v", p)
	}
	for name, q := range map[string]struct {
		more string
		want int
	}{
		"no purpose":            {``, 422},
		"commit without its id": {`, "action": "sell", "commit": true`, 422},
		"unknown action":        {`, "action": "nothing"`, 422},
		"unknown decision":      {`, "action": "sell", "decision_id": "x"`, 404},
		"not what was decided":  {`, "action": "serves", "decision_id": "` + d.ID + `"`, 422},
	} {
		body := fmt.Sprintf(`{"customer_id": %q, "channel": "email"%s}`, mia, q.more)
		if status := ask(t, c, http.MethodPost, "/v1/gate", body, nil); status != q.want {
			t.Errorf("%s: %d, want %d", name, status, q.want)
		}
	}
}

// lines asks for a batch and gives its lines, at most so many.
func lines(t *testing.T, c *client.Client, body string, most int) (out []decisions.Line) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel() // hanging up ends the batch
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base()+"/v1/decisions/batch", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key())
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	in := bufio.NewScanner(res.Body)
	in.Buffer(nil, 1<<20)
	for len(out) < most && in.Scan() {
		var l decisions.Line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatalf("%d %s: %v", res.StatusCode, in.Bytes(), err)
		}
		out = append(out, l)
	}
	return out
}

// TestBatch: a selection that was cut off goes on from the last line of
// progress, everybody is decided for, and a failure is a line.
func TestBatch(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	want := map[string]int{}
	for i := range 50 {
		want[person(t, c, fmt.Sprintf("+120255501%02d", i), "")] = 0
	}
	const all = `{"selection": {"all": true}, "slot": "outbound.email"%s}`
	after := ""
	for _, l := range lines(t, c, fmt.Sprintf(all, ""), 21) {
		if l.Decision != nil {
			want[l.CustomerID]++
		}
		if l.Progress != nil {
			after = l.Progress.After
		}
	}
	if after == "" {
		t.Fatal("no mark to go on from")
	}
	rest := lines(t, c, fmt.Sprintf(all, fmt.Sprintf(`, "after": %q`, after)), 1000)
	for len(rest) == 1 && strings.Contains(rest[0].Error, "another selection") { // the one that was cut is coming to its end
		rest = lines(t, c, fmt.Sprintf(all, fmt.Sprintf(`, "after": %q`, after)), 1000)
	}
	for _, l := range rest {
		if l.Decision != nil {
			want[l.CustomerID]++
		}
	}
	for id, n := range want {
		if n != 1 {
			t.Errorf("%s was decided for %d times", id, n)
		}
	}
	if last := rest[len(rest)-1]; last.Progress == nil || last.Progress.After != "" {
		t.Errorf("the last line is %+v", last)
	}
	named := lines(t, c, `{"selection": {"customer_ids": ["nobody"]}, "slot": "outbound.email", "dry_run": true}`, 1000)
	if len(named) != 2 || named[0].Decision == nil || named[0].Decision.ID != "" || named[1].Progress.Total != 1 {
		t.Errorf("a person who is unknown: %+v", named)
	}
	for body, want := range map[string]int{
		`{"selection": {"theme": {"id": "nothing"}}, "slot": "outbound.email"}`:                         404,
		`{"selection": {"theme": {"id": "x"}, "all": true}, "slot": "outbound.email"}`:                  422,
		`{"selection": {"customer_ids": ["a"]}, "slot": "outbound.email", "hold": 60, "dry_run": true}`: 422,
		`{"selection": {"customer_ids": ["a"]}, "slot": "web.banner", "hold": 60}`:                      422,
	} {
		if status := ask(t, c, http.MethodPost, "/v1/decisions/batch", body, nil); status != want {
			t.Errorf("%s: %d, want %d", body, status, want)
		}
	}
	var kept string
	for id := range want {
		held := lines(t, c, fmt.Sprintf(`{"selection": {"customer_ids": [%q]}, "slot": "outbound.email", "hold": 60}`, id), 1000)
		kept = held[0].SlotID
		break
	}
	if status := ask(t, c, http.MethodGet, "/v1/slots/"+kept, "", nil); kept == "" || status != http.StatusOK {
		t.Errorf("the slot %q of a message that waits: %d", kept, status)
	}
	if status := ask(t, asRole(t, c, "agent"), http.MethodPost, "/v1/decisions/batch", fmt.Sprintf(all, ""), nil); status != http.StatusForbidden {
		t.Errorf("an agent asked for everybody: %d", status)
	}
}
