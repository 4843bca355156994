package app_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/internal/client"
	"heed/internal/decide"
	"heed/internal/ledger"
)

// shopfront is a catalogue of a sale and one of the same kind, of help with
// the cart, and of one message about an order.
const shopfront = `version: 1
actions:
  - {id: sell, issue: sales, group: g, purpose: marketing, product: router, category: Network, title: T, say: S, channels: [agent, web, email], value: {margin: 4000}, prior: {p: 0.2}}
  - {id: sell.mesh, issue: sales, group: h, purpose: marketing, product: mesh, category: Network, title: T, say: S, channels: [agent, web, email], value: {margin: 4000}, prior: {p: 0.2}}
  - id: help.cart
    issue: service
    group: s
    purpose: service
    title: T
    say: S
    channels: [agent, web, email]
    value: {margin: 40}
    prior: {p: 0.2}
    policies: [{id: cart, kind: applicability, when: 'count("cart.add", days(1)) > 0', why: nothing is in the cart}]
  - id: tell.order
    issue: service
    group: s
    purpose: service
    title: T
    say: S
    channels: [agent, email]
    value: {margin: 80}
    prior: {p: 0.5}
    context: [{label: intent.order_status, weight: 60}]
    policies: [{id: underway, kind: applicability, when: 'count("order.*", days(10)) > 0 || label("intent.order_status")', why: no order is under way}]
`

// shopped is a server whose time the test sets, with that catalogue.
func shopped(t *testing.T, at time.Time) (*client.Client, func(time.Time)) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(shopfront), 0o600); err != nil {
		t.Fatal(err)
	}
	c, now, _ := clockedWith(t, filepath.Join(t.TempDir(), "data"), dir, at)
	return c, func(to time.Time) { now.Store(&to) }
}

// track sends a named event of a shop.
func track(t *testing.T, c *client.Client, at time.Time, who, event, props string) {
	t.Helper()
	report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a%s", "event": %q, "timestamp": %q, "properties": %s}`, who, event, at.Format(time.RFC3339), props), nil)
}

// offered gives the ids that a channel would show, best first.
func offered(d decide.Decision) string {
	ids := make([]string, len(d.Actions))
	for i, a := range d.Actions {
		ids[i] = a.Action
	}
	return strings.Join(ids, " ")
}

// TestExampleB puts a router into the cart: nothing of its kind is sold on any
// channel, help with the cart is offered. Bought, it stays away, for it is
// owned; taken out, it comes back after a day.
func TestExampleB(t *testing.T) {
	at := time.Date(2026, 4, 14, 10, 0, 0, 0, time.UTC)
	c, set := shopped(t, at.Add(-time.Hour))
	const buyer, doubter = "+12135550101", "+12135550102"
	ids := map[string]string{buyer: person(t, c, buyer, ""), doubter: person(t, c, doubter, "")}
	for _, id := range ids {
		allow(t, c, id, "marketing", "granted")
	}
	expect := func(who, when, rule, shown string) {
		t.Helper()
		for _, channel := range []string{"agent", "web", "email"} {
			d := decided(t, c, ids[who], channel)
			if got, why := removedBy(d); got != rule || offered(d) != shown {
				t.Errorf("%s, by %s: removed by %q (%s), offered %q; want %q and %q", when, channel, got, why, offered(d), rule, shown)
			}
		}
	}
	set(at)
	expect(buyer, "nothing in the cart", "", "sell sell.mesh")
	const router = `{"product_id": "router", "name": "router", "category": "Network", "price": 99}`
	for who := range ids {
		track(t, c, at, who, "Product Added", router)
	}
	set(at.Add(time.Minute))
	for who := range ids {
		expect(who, "in the cart", "context.cart", "help.cart")
	}
	track(t, c, at.Add(2*time.Minute), buyer, "Order Completed", `{"order_id": "o1", "products": [`+router+`]}`)
	track(t, c, at.Add(2*time.Minute), doubter, "Product Removed", router)
	set(at.Add(2 * time.Hour))
	expect(doubter, "just taken out", "context.cart", "help.cart")
	set(at.Add(25 * time.Hour))
	expect(doubter, "a day later", "", "sell sell.mesh")
	if rule, _ := removedBy(decided(t, c, ids[buyer], "web")); rule != "applicability.owned" {
		t.Errorf("bought: removed by %q", rule)
	}
	if d := decided(t, c, ids[buyer], "web"); !strings.Contains(offered(d), "sell.mesh") {
		t.Errorf("what goes with it is not offered: %q", offered(d))
	}
}

// TestExampleD: an order is on its way. Nothing sells that product again, one
// message about it may go out, and an agent who is asked sees the order first.
func TestExampleD(t *testing.T) {
	t.Parallel() // it waits more than it works
	at := time.Date(2026, 4, 14, 10, 0, 0, 0, time.UTC)
	c, set := shopped(t, at.Add(-time.Hour))
	const who = "+12135550101"
	id := person(t, c, who, "")
	allow(t, c, id, "marketing", "granted")
	set(at)
	track(t, c, at, who, "Order Completed", `{"order_id": "o1", "products": [{"product_id": "router", "name": "router"}]}`)
	set(at.Add(time.Hour))
	first := decided(t, c, id, "email")
	if rule, _ := removedBy(first); rule != "applicability.owned" && rule != "context.delivery" {
		t.Errorf("the product is sold again: %q", rule)
	}
	told := func(d decide.Decision) bool {
		return slices.ContainsFunc(d.Actions, func(a decide.Choice) bool { return a.Action == "tell.order" })
	}
	if !told(first) {
		t.Fatalf("no word on the order: %q", offered(first))
	}
	body := fmt.Sprintf(`{"decision_id": %q, "action": "tell.order", "outcome": "impression", "channel": "email"}`, first.ID)
	if status := ask(t, c, http.MethodPost, "/v1/outcomes", body, nil); status != http.StatusCreated {
		t.Fatalf("outcome: %d", status)
	}
	set(at.Add(3 * time.Hour))
	if again := decided(t, c, id, "email"); told(again) {
		t.Error("the same is written twice")
	} else if e := again.NotChosen; !slices.ContainsFunc(e, func(e decide.Exclusion) bool { return e.Action == "tell.order" && e.Rule == "contact.told" }) {
		t.Errorf("%+v", e)
	}
	track(t, c, at.Add(4*time.Hour), who, "Order Shipped", `{"order_id": "o1"}`)
	set(at.Add(5 * time.Hour))
	if !told(decided(t, c, id, "email")) {
		t.Error("that it was sent is not told")
	}

	// The shop's own catalogue, and the question asked on the phone.
	o := openOffice(t)
	call := o.caller(t, "+12025550142", "+12025550199", "hello where is my order it should have been here yesterday")
	last := call.Decisions[len(call.Decisions)-1]
	if offered(last) == "" || last.Actions[0].Action != "srv.delivery_status" {
		t.Errorf("asked on the phone the agent sees %q", offered(last))
	}
}

// TestExampleN: an upset customer, three contacts this week, and nothing but a
// sale at hand. The answer is silence with its reason, stored like any other.
func TestExampleN(t *testing.T) {
	at := time.Date(2026, 4, 14, 10, 0, 0, 0, time.UTC)
	c, now, _ := clocked(t, filepath.Join(t.TempDir(), "data"), at.Add(-72*time.Hour))
	const who = "+12135550101"
	id := person(t, c, who, "")
	allow(t, c, id, "marketing", "granted")
	allow(t, c, id, "service", "denied")
	for i := range 3 {
		track(t, c, at.Add(-time.Duration(50-i)*time.Hour), who, "Email Delivered", `{}`)
	}
	now.Store(new(at.Add(-time.Minute)))
	track(t, c, at.Add(-2*time.Minute), who, "Complaint Opened", `{"id": "c1"}`)
	now.Store(&at)
	d := decided(t, c, id, "agent")
	if len(d.Actions) != 0 || d.Arm != "silence" || !strings.HasPrefix(d.Because, "Nothing to suggest: ") {
		t.Fatalf("%q by %s: %s", offered(d), d.Arm, d.Because)
	}
	if rule, why := removedBy(d); rule != "context.open_issue" || why == "" {
		t.Errorf("removed by %q: %s", rule, why)
	}
	var kept struct {
		Auditor struct{ Decision decide.Decision }
	}
	if status := ask(t, c, http.MethodGet, "/v1/decisions/"+d.ID+"?as=auditor", "", &kept); status != http.StatusOK || kept.Auditor.Decision.Because != d.Because || kept.Auditor.Decision.Arm != "silence" {
		t.Errorf("%d: %+v", status, kept)
	}
}

// TestConsentInFlight: a yes to marketing holds for outbound channels only when
// every system that is told of it has confirmed what it sees; a call that goes
// on elsewhere keeps them shut as well.
func TestConsentInFlight(t *testing.T) {
	at := time.Date(2026, 4, 14, 10, 0, 0, 0, time.UTC)
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), at)
	id := person(t, c, "+12135550101", "")
	made := asAdmin[struct{ Key string }](t, c, http.MethodPost, "/v1/consent/recipients", map[string]any{"name": "mailer"})
	allow(t, c, id, "marketing", "granted")
	if rule, why := removedBy(decided(t, c, id, "email")); rule != "context.consent_in_flight" || why == "" {
		t.Errorf("nobody has confirmed: removed by %q", rule)
	}
	if rule, _ := removedBy(decided(t, c, id, "web")); rule != "" {
		t.Errorf("our own page: removed by %q", rule)
	}
	mailer, err := client.New(c.Base(), made.Key)
	if err != nil {
		t.Fatal(err)
	}
	var feed ledger.ConsentFeed
	if status := ask(t, mailer, http.MethodGet, "/v1/consent/changes", "", &feed); status != http.StatusOK || len(feed.Changes) != 1 {
		t.Fatalf("%d: %+v", status, feed)
	}
	body := fmt.Sprintf(`{"confirmations": [{"id": %q, "state": "granted"}]}`, feed.Changes[0].ID)
	if status := ask(t, mailer, http.MethodPost, "/v1/consent/confirmations", body, nil); status != http.StatusOK {
		t.Fatalf("confirm: %d", status)
	}
	if rule, _ := removedBy(decided(t, c, id, "email")); rule != "" {
		t.Errorf("confirmed: removed by %q", rule)
	}
}
