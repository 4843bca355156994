package app_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/decide"
	"heed/internal/law"
)

// clocked is a server of one sale and one service whose time the test sets.
func clocked(t *testing.T, dir string, at time.Time) (c *client.Client, now *atomic.Pointer[time.Time], metrics *prometheus.Registry) {
	t.Helper()
	return clockedWith(t, dir, offers(t), at)
}

// clockedWith is a server with a folder of actions whose time the test sets.
func clockedWith(t *testing.T, dir, actions string, at time.Time) (c *client.Client, now *atomic.Pointer[time.Time], metrics *prometheus.Registry) {
	t.Helper()
	now = &atomic.Pointer[time.Time]{}
	now.Store(&at)
	metrics = prometheus.NewRegistry()
	config := settings(t, dir)
	config.Content.Actions = actions
	a, err := app.New(t.Context(), app.Options{
		Config: config, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil),
		Registry: metrics, Now: func() time.Time { return *now.Load() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return run(t, a), now, metrics
}

// offers is a catalogue of one sale and one service, on every channel.
func offers(t *testing.T) string {
	t.Helper()
	text := "version: 1\nactions:\n"
	for _, of := range [][2]string{{"sell", "marketing"}, {"serve", "service"}} {
		text += fmt.Sprintf(`  - {id: %s, issue: i, group: g, purpose: %s, title: T, say: S, channels: [agent, web, email, sms, call], value: {margin: 4000}, prior: {p: 0.2}}
`, of[0], of[1])
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "offers.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// person makes somebody by an event of another system and gives their id.
func person(t *testing.T, c *client.Client, phone, address string) string {
	t.Helper()
	report(t, c, "/v1/identify", fmt.Sprintf(`{"anonymousId": "a%s", "traits": {"phone": %q%s}}`, phone, phone, address), nil)
	var found struct{ Customers []struct{ ID string } }
	if ask(t, c, http.MethodGet, "/v1/customers?q="+strings.TrimPrefix(phone, "+"), "", &found); len(found.Customers) != 1 {
		t.Fatalf("%d customers with the number", len(found.Customers))
	}
	return found.Customers[0].ID
}

// event sends a message as a browser would.
func report(t *testing.T, c *client.Client, path, body string, headers http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, headers)
	r.SetBasicAuth(c.Key(), "")
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", path, res.StatusCode, err)
	}
}

// allow adds a row to somebody's ledger.
func allow(t *testing.T, c *client.Client, customer, purpose, state string) {
	t.Helper()
	body := fmt.Sprintf(`{"purpose": %q, "state": %q, "wording": "may we?"}`, purpose, state)
	if status := ask(t, c, http.MethodPost, "/v1/customers/"+customer+"/consent", body, nil); status != http.StatusOK {
		t.Fatalf("consent: %d", status)
	}
}

// decided asks what to do for somebody on a channel.
func decided(t *testing.T, c *client.Client, customer, channel string) (d decide.Decision) {
	t.Helper()
	body := fmt.Sprintf(`{"customer_id": %q, "slot": "outbound", "channel": %q}`, customer, channel)
	if status := ask(t, c, http.MethodPost, "/v1/decisions", body, &d); status != http.StatusOK {
		t.Fatalf("decide: %d", status)
	}
	return d
}

// removedBy says why the sale is not among the actions; empty when it is.
func removedBy(d decide.Decision) (rule, why string) {
	for _, e := range d.NotChosen {
		if e.Action == "sell" {
			return e.Rule, e.Why
		}
	}
	return "", ""
}

// TestExampleJQuietHours: five past nine in the evening by the address of a
// customer whose area code says early evening. The address wins; of a number
// that tells no place, the strictest of where it may be decides.
func TestExampleJQuietHours(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 4, 14, 21, 5, 0, 0, zone).UTC() // a Tuesday
	c, now, _ := clocked(t, filepath.Join(t.TempDir(), "data"), evening.Add(-24*time.Hour))
	const newYork = `, "address": {"state": "NY", "country": "US"}`
	ids := map[string]string{
		"moved":     person(t, c, "+12135550101", newYork),
		"stayed":    person(t, c, "+12135550102", ""),
		"went west": person(t, c, "+12125550103", `, "address": {"state": "California", "country": "US"}`),
		"toll free": person(t, c, "+18005550104", ""),
	}
	for _, id := range ids {
		allow(t, c, id, "marketing", "granted")
	}
	for _, q := range []struct {
		who string
		at  time.Time
		why string // empty: the call may go
	}{
		{"moved", evening, "21:05"},
		{"moved", evening.Add(-6 * time.Minute), ""},
		{"stayed", evening, ""}, // 18:05 in Los Angeles
		{"went west", evening, ""},
		{"went west", evening.Add(-10 * time.Hour), ""}, // 08:05 in California
		{"went west", evening.Add(-11 * time.Hour), "07:05"},
		{"toll free", evening, "20:05 on Tuesday in America/Chicago"},            // Alabama ends at eight
		{"toll free", evening.Add(-13 * time.Hour), "where the customer may be"}, // night further west
		{"toll free", evening.Add(-6 * time.Hour), ""},                           // day everywhere
	} {
		now.Store(&q.at)
		rule, why := removedBy(decided(t, c, ids[q.who], "call"))
		if (rule == "") != (q.why == "") || rule != "" && rule != "legal.quiet_hours" || !strings.Contains(why, q.why) {
			t.Errorf("%s at %s: removed by %q: %s", q.who, q.at.In(zone).Format("15:04"), rule, why)
		}
		var asked struct {
			Allowed bool
			Checks  []law.Finding
		}
		path := "/v1/customers/" + ids[q.who] + "/law?channel=call&at=" + q.at.Format(time.RFC3339)
		if ask(t, c, http.MethodGet, path, "", &asked); asked.Allowed != (q.why == "") || len(asked.Checks) != len(law.Checks()) {
			t.Errorf("%s: the law says %+v", q.who, asked)
		}
	}
}

// TestExampleGDoNotTrack: nothing but service is kept of who says so, nothing
// is scored, what is decided is plain service, and it can be taken back.
func TestExampleGDoNotTrack(t *testing.T) {
	at := time.Date(2026, 4, 14, 15, 0, 0, 0, time.UTC)
	c, now, metrics := clocked(t, filepath.Join(t.TempDir(), "data"), at)
	id := person(t, c, "+12125550105", "")
	allow(t, c, id, "marketing", "granted")
	track := func(name string) {
		at = at.Add(time.Minute)
		now.Store(new(at))
		report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a", "context": {"traits": {"phone": "+12125550105"}}, "event": %q}`, name), nil)
	}
	kept := func() (names []string) {
		var v struct {
			Facts    []struct{ Name string }
			Readings []any
		}
		ask(t, c, http.MethodGet, "/v1/customers/"+id, "", &v)
		for _, f := range v.Facts {
			names = append(names, f.Name)
		}
		return append(names, fmt.Sprint(len(v.Readings) > 0))
	}
	track("Product Added")
	if rule, why := removedBy(decided(t, c, id, "web")); rule != "" {
		t.Fatalf("tracked, the sale is removed by %s: %s", rule, why)
	}
	before, scored := kept(), value(t, metrics, "heed_decide_model_calls_total")
	if scored == 0 {
		t.Fatal("the model was not asked")
	}

	allow(t, c, id, "tracking", "withdrawn")
	track("Product Added")
	track("Product Viewed")
	report(t, c, "/v1/page", `{"anonymousId": "a", "context": {"traits": {"phone": "+12125550105"}}, "name": "Cancel"}`, nil)
	if got, want := kept(), append(before[:len(before)-1:len(before)-1], "false"); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("kept %v, want %v", got, want)
	}
	for _, channel := range []string{"web", "agent", "email"} {
		d := decided(t, c, id, channel)
		if rule, _ := removedBy(d); rule != "legal.do_not_track" {
			t.Errorf("on %s the sale is removed by %q", channel, rule)
		}
		if len(d.Actions) != 1 || d.Actions[0].Action != "serve" || len(d.Readings) != 0 {
			t.Errorf("on %s: %+v", channel, d.Actions)
		}
	}
	if n := value(t, metrics, "heed_decide_model_calls_total"); n != scored {
		t.Errorf("the model was asked %v times more", n-scored)
	}
	if n := value(t, metrics, "heed_events_untracked_total"); n != 3 {
		t.Errorf("%v events counted as dropped, want 3", n)
	}
	track("Order Completed") // they must be served
	if got := kept(); !slices.Contains(got, "purchase") {
		t.Errorf("the order is not among %v", got)
	}

	at = at.Add(time.Minute)
	now.Store(new(at))
	allow(t, c, id, "tracking", "granted")
	track("Product Viewed")
	if got := kept(); !slices.Contains(got, "page.product") || got[len(got)-1] != "true" {
		t.Errorf("taken back, kept %v", got)
	}
}

// The browser's signal is an opt-out of sale and sharing at once, of somebody
// known and of somebody who is not.
func TestGlobalPrivacyControl(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), time.Date(2026, 4, 14, 15, 0, 0, 0, time.UTC))
	id := person(t, c, "+12125550106", "")
	for range 2 { // once is enough
		report(t, c, "/v1/page", `{"anonymousId": "a", "context": {"traits": {"phone": "+12125550106"}}}`, http.Header{"Sec-Gpc": {"1"}})
	}
	var ledger struct {
		Rows []struct{ Purpose, State, Evidence string }
	}
	ask(t, c, http.MethodGet, "/v1/customers/"+id+"/consent", "", &ledger)
	if len(ledger.Rows) != 1 || ledger.Rows[0].Purpose != "sale_share" || ledger.Rows[0].State != "denied" || !strings.Contains(ledger.Rows[0].Evidence, "Sec-GPC") {
		t.Errorf("ledger %+v", ledger.Rows)
	}
	report(t, c, "/v1/page", `{"anonymousId": "stranger"}`, http.Header{"Sec-Gpc": {"1"}})
	var found struct{ Customers []struct{ ID string } }
	if ask(t, c, http.MethodGet, "/v1/customers?q=stranger", "", &found); len(found.Customers) != 1 {
		t.Fatalf("%d strangers", len(found.Customers))
	}
	if ask(t, c, http.MethodGet, "/v1/customers/"+found.Customers[0].ID+"/consent", "", &ledger); len(ledger.Rows) != 1 {
		t.Errorf("the stranger's ledger %+v", ledger.Rows)
	}
}

// The signal counts on the customer's own pages too, and what they choose there
// afterwards stands above it.
func TestGlobalPrivacyControlOnOwnPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := servedWithOffers(t, dir)
	id := person(t, c, "+12125550107", "")
	var got map[string]any
	if status := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/door-link", `{"by":"phone"}`, &got); status != http.StatusOK {
		t.Fatalf("link: %d %v", status, got)
	}
	_, text := letter(t, dir, map[string]bool{})
	v := newVisitor(t, c)
	v.http.Transport = signalling{}
	u, err := url.Parse(doorLink.FindString(text))
	if err != nil {
		t.Fatal(err)
	}
	v.get(u.RequestURI())
	v.post("/my/open", "t", u.Query().Get("t"))
	v.wants(http.StatusOK, "What we know")
	sale := func() (rows []string) {
		var ledger struct {
			Rows []struct{ Purpose, State string }
		}
		ask(t, c, http.MethodGet, "/v1/customers/"+id+"/consent", "", &ledger)
		for _, r := range ledger.Rows {
			if r.Purpose == "sale_share" {
				rows = append(rows, r.State)
			}
		}
		return rows
	}
	v.get("/my/known")
	v.get("/my/choices")
	if got := sale(); !slices.Equal(got, []string{"withdrawn"}) {
		t.Errorf("the ledger says %v", got)
	}
}

// signalling is a browser that sends the signal.
type signalling struct{}

func (signalling) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Sec-GPC", "1")
	return http.DefaultTransport.RoundTrip(r)
}

// value reads a counter.
func value(t *testing.T, r *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	return 0
}
