package app_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/campaigns"
	"heed/internal/client"
	"heed/internal/event"
)

// send makes a request with a body of a kind, and gives status, body and header.
func send(t *testing.T, c *client.Client, method, path, kind, body string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.Base()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key())
	r.Header.Set("Content-Type", kind)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw), res.Header
}

// What a campaign brought and cost: a call to a number of the file, an order
// after it, what was spent; then the conversions of who allowed them, and
// nothing of who was erased.
func TestCampaigns(t *testing.T) {
	dir := t.TempDir()
	cfg := settings(t, filepath.Join(dir, "data"))
	cfg.Campaigns.Numbers = filepath.Join(dir, "numbers.yaml")
	cfg.Campaigns.Qualified = time.Second
	file := `numbers: [{number: "+12025550199", source: google, medium: cpc, campaign: Fibre Spring, keyword: fast fibre, landing: "https://example.com/fibre?x=1"}]`
	if err := os.WriteFile(cfg.Campaigns.Numbers, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	c := serveWith(t, cfg, app.NoEngine())
	const caller = "+14155550177"
	r := call(t, c, recording(t, names(t)[0]), caller, 40)
	var listed struct{ Records []event.Tracking }
	wait(t, "the number's record", func() bool {
		return ask(t, c, http.MethodGet, "/v1/tracking", "", &listed) == http.StatusOK && len(listed.Records) == 1
	})
	if got := listed.Records[0]; got.Provider != event.Numbers || got.State != event.Joined || got.CallID != r.ID || got.Campaign != "Fibre Spring" || got.Caller != caller {
		t.Errorf("the number tells %+v", got)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	if status, body, _ := send(t, c, http.MethodPost, "/v1/spend", "text/csv", "date;source;campaign;cost\n"+today+";google;fibre spring;12,50\n"); status != http.StatusOK || !strings.Contains(body, `"total":12.5`) {
		t.Errorf("spend: %d %s", status, body)
	}
	report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a1", "event": "Order Completed", "messageId": "m1", "context": {"traits": {"phone": %q}}, "properties": {"order_id": "A-1", "revenue": 99.99, "total": 120, "currency": "EUR"}}`, caller), nil)
	report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a1", "event": "Order Completed", "messageId": "m2", "context": {"traits": {"phone": %q}}, "properties": {"order_id": "A-1", "revenue": 99.99, "currency": "EUR"}}`, caller), nil)
	report(t, c, "/v1/track", fmt.Sprintf(`{"anonymousId": "a1", "event": "Order Refunded", "messageId": "m3", "context": {"traits": {"phone": %q}}, "properties": {"order_id": "A-1", "total": 9.99}}`, caller), nil)
	days := "from=" + today + "&to=" + time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	var got campaigns.Results
	defer func() { t.Logf("%+v", got) }()
	wait(t, "the order", func() bool {
		ask(t, c, http.MethodGet, "/v1/attribution?"+days, "", &got)
		return len(got.Rows) > 0 && got.Rows[0].Revenue.Last == 90
	})
	row := got.Rows[0]
	if row.Name != "Fibre Spring" || row.Calls != 1 || row.Qualified != 1 || row.Orders != 1 || row.Cost == nil || *row.Cost != 12.5 || *row.PerCall != 12.5 ||
		*row.OnSpend != 7.2 || row.Revenue.First != 90 || row.Revenue.Position != 90 || got.Left.Repeated != 1 || len(got.Assumptions) < 5 {
		t.Errorf("%+v %+v", row, got.Left)
	}
	for by, want := range map[string]string{"source": "google", "keyword": "fast fibre", "landing": "example.com/fibre"} {
		var got campaigns.Results
		if status := ask(t, c, http.MethodGet, "/v1/attribution?by="+by+"&"+days, "", &got); status != http.StatusOK || got.Rows[0].Name != want || got.Total.Revenue.Linear != 90 {
			t.Errorf("by %s: %d %+v", by, status, got.Rows)
		}
	}
	export := func() (string, http.Header) {
		status, body, header := send(t, c, http.MethodGet, "/v1/conversions?format=google-ads&identify=numbers&"+days, "", "")
		if status != http.StatusOK {
			t.Fatalf("conversions: %d %s", status, body)
		}
		return body, header
	}
	if body, header := export(); strings.Count(body, "\n") != 2 || header.Get("Heed-Left-Out-Consent") != "1" {
		t.Errorf("without a yes: %s %v", body, header)
	}
	allow(t, c, r.CustomerID, "sale_share", "granted")
	if body, header := export(); !strings.Contains(body, ",Heed order,") || !strings.Contains(body, ",90.00,EUR,") || strings.Contains(body, caller) || header.Get("Heed-Conversions") != "1" {
		t.Errorf("with a yes: %s %v", body, header)
	}
	for role, want := range map[string]int{"marketer": http.StatusOK, "viewer": http.StatusForbidden, "agent": http.StatusForbidden, "privacy": http.StatusForbidden, "designer": http.StatusForbidden} {
		as := asRole(t, c, role)
		for _, path := range []string{"/v1/attribution?" + days, "/v1/spend", "/v1/spend/uploads", "/v1/conversions?format=microsoft-ads&" + days} {
			if status, body, _ := send(t, as, http.MethodGet, path, "", ""); status != want {
				t.Errorf("%s of a %s: %d %s", path, role, status, body)
			}
		}
	}
	if _, err := c.Erase(t.Context(), r.CustomerID); err != nil {
		t.Fatal(err)
	}
	got = campaigns.Results{}
	ask(t, c, http.MethodGet, "/v1/attribution?"+days, "", &got)
	if got.Total.Calls != 0 || got.Total.Revenue != (campaigns.Revenue{}) || *got.Total.Cost != 12.5 {
		t.Errorf("after the erasure: %+v", got.Total)
	}
	if body, _ := export(); strings.Count(body, "\n") != 2 {
		t.Errorf("after the erasure: %s", body)
	}
}

// What makes no sense is refused with a sentence.
func TestQuestionsAboutCampaigns(t *testing.T) {
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	for path, says := range map[string]string{
		"/v1/attribution": "required",
		"/v1/attribution?from=2026-03-01&to=2026-02-01":              "to is before from",
		"/v1/attribution?from=2020-01-01&to=2026-02-01":              "at most 400 days",
		"/v1/attribution?from=2026-02-31&to=2026-03-31":              "want a day such as",
		"/v1/attribution?from=2026-03-01&to=2026-03-31&model=magic":  "one of",
		"/v1/conversions?from=2026-03-01&to=2026-03-31":              "required",
		"/v1/conversions?from=2026-03-01&to=2026-03-31&format=yahoo": "one of",
		"/v1/spend?from=March":                                       "pattern",
		"/v1/spend?after=%21":                                        "after must be the next",
	} {
		if status, body, _ := send(t, c, http.MethodGet, path, "", ""); status/100 != 4 || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	for _, b := range []struct{ kind, body, says string }{
		{"text/csv", "date,source,campaign,cost\nx,a,b,1\n", "line 2: date"},
		{"application/json", `{"rows": [{"date": "2026-03-01", "source": "a", "campaign": "b", "cost": 1, "currency": "USD"}]}`, "is not EUR"},
		{"application/json", `{"rows": [{"day": 1}]}`, "unknown field"},
		{"application/json", `{`, "no list of rows"},
		{"application/pdf", `x`, "send text/csv"},
	} {
		if status, body, _ := send(t, c, http.MethodPost, "/v1/spend", b.kind, b.body); status/100 != 4 || !strings.Contains(body, b.says) {
			t.Errorf("%s: %d %s", b.body, status, body)
		}
	}
	if status, body, _ := send(t, c, http.MethodPost, "/v1/spend?dry_run=true", "application/json", `{"rows": [{"date": "2026-03-01", "source": "a", "campaign": "b", "cost": 1.5}]}`); status != http.StatusOK || !strings.Contains(body, `"kept":false`) || !strings.Contains(body, `"cost":1.5`) {
		t.Errorf("a look: %d %s", status, body)
	}
	if status, body, _ := send(t, c, http.MethodGet, "/v1/spend", "", ""); status != http.StatusOK || !strings.Contains(body, `"spend":[]`) {
		t.Errorf("kept: %d %s", status, body)
	}
	if status, body, _ := send(t, c, http.MethodDelete, "/v1/spend?from=2026-03-01&to=2026-03-31", "", ""); status != http.StatusOK || !strings.Contains(body, `"rows":0`) {
		t.Errorf("taken back: %d %s", status, body)
	}
}
