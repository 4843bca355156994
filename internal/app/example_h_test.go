package app_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/ledger"
)

// TestExampleH asks whether the e-mail of 3 May 10:12 was allowed, when a
// withdrawal of 2 May was learnt on 4 May: in truth no, in good faith yes.
func TestExampleH(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	day := func(d, h, m int) time.Time { return time.Date(2026, time.May, d, h, m, 0, 0, time.UTC) }
	o.at(day(1, 9, 0))
	person := o.caller(t, "+12025550142", "+12025550199", "hello i have a question about my bill").CustomerID
	base := "/v1/customers/" + person + "/consent"
	yes := map[string]any{
		"purpose": "marketing", "channel": "email", "state": "granted", "wording_id": "marketing.email",
		"source": "web form", "medium": "web", "method": "ticked a box", "at": day(1, 8, 0),
	}
	var granted consent.Row
	o.must(t, "POST", base, yes, &granted)
	if granted.WordingHash == "" || granted.WordingVersion != 1 || granted.Language != "en" || granted.Actor == "" {
		t.Errorf("what was shown is not on the row: %+v", granted)
	}
	o.at(day(4, 8, 30))
	no := map[string]any{
		"purpose": "marketing", "channel": "email", "state": "withdrawn", "source": "letter", "medium": "paper",
		"evidence": "letter of 2 May", "at": day(2, 12, 0),
	}
	o.must(t, "POST", base, no, nil)

	at := func(valid, known time.Time) ledger.Past {
		t.Helper()
		q := url.Values{"purpose": {"marketing"}, "channel": {"email"}, "valid": {valid.Format(time.RFC3339)}}
		if !known.IsZero() {
			q.Set("known", known.Format(time.RFC3339))
		}
		var p ledger.Past
		o.must(t, "GET", base+"/at?"+q.Encode(), nil, &p)
		return p
	}
	for name, c := range map[string]struct {
		past        ledger.Past
		asOf, known consent.State
	}{
		"the e-mail of 3 May":             {at(day(3, 10, 12), time.Time{}), consent.Withdrawn, consent.Granted},
		"the same, known on 4 May at 9":   {at(day(3, 10, 12), day(4, 9, 0)), consent.Withdrawn, consent.Withdrawn},
		"an e-mail before the withdrawal": {at(day(2, 9, 0), time.Time{}), consent.Granted, consent.Granted},
		"before anything":                 {at(day(1, 7, 0), time.Time{}), consent.Unknown, consent.Unknown},
	} {
		if c.past.AsOf.State != c.asOf || c.past.KnownAt.State != c.known {
			t.Errorf("%s: as of %s, known at %s; want %s and %s", name, c.past.AsOf.State, c.past.KnownAt.State, c.asOf, c.known)
		}
	}
	if p := at(day(3, 10, 12), time.Time{}); p.AsOf.Row == nil || p.AsOf.Row.Source != "letter" || p.KnownAt.Row.Source != "web form" || p.Verdict == "" {
		t.Errorf("the answers do not name their rows: %+v", p)
	}

	var h ledger.LedgerPage
	o.must(t, "GET", base+"?limit=1", nil, &h)
	if h.Total != 2 || !h.Verified || len(h.Rows) != 1 || h.Rows[0].State != consent.Withdrawn || h.Next == "" {
		t.Errorf("history: %+v", h)
	}
	var second ledger.LedgerPage
	o.must(t, "GET", base+"?limit=1&after="+h.Next, nil, &second)
	if len(second.Rows) != 1 || second.Rows[0].ID != granted.ID || second.Rows[0].Text == "" || second.Next != "" {
		t.Errorf("the next page: %+v", second)
	}

	// Both days are over: their ledgers are signed when the server looks next.
	var audit ledger.Audit
	o.must(t, "GET", "/v1/consent/verify", nil, &audit)
	if len(audit.Problems) != 0 || audit.Rows != 2 || audit.Ledgers != 1 {
		t.Errorf("audit %+v", audit)
	}
	for name, bad := range map[string]map[string]any{
		"a yes without proof": {"purpose": "marketing", "channel": "sms", "state": "granted"},
		"tomorrow's":          {"purpose": "marketing", "state": "withdrawn", "at": "2199-01-01T00:00:00Z", "expires": "2026-01-01T00:00:00Z"},
		"unknown words":       {"purpose": "marketing", "state": "granted", "wording_id": "made.up"},
		"unknown channel":     {"purpose": "marketing", "channel": "pigeon", "state": "denied"},
	} {
		if status := o.ask(t, o.Key(), "POST", base, bad, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	o.must(t, "GET", base, nil, &h)
	if h.Total != 2 {
		t.Errorf("%d rows after what was refused", h.Total)
	}
}
