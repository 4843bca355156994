package app_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/desk"
	"heed/internal/event"
)

type trackingPage struct {
	Records []event.Tracking
}

// What a platform and a call-tracking service tell of a call is in its record
// and in the list, for those who may see it; when the caller is erased, nothing
// of it is left.
func TestWhatIsToldOfACall(t *testing.T) {
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.Webhooks.Mapping = filepath.Join("..", "..", "deploy", "doors", "tracking.yaml")
	c := serveWith(t, cfg, app.NoEngine())
	const caller = "+14155550177"
	early := time.Now().UTC()
	tell := func(path, body string) {
		t.Helper()
		if got := ask(t, c, http.MethodPost, path, body, nil); got != http.StatusNoContent {
			t.Fatalf("%s: %d", path, got)
		}
	}
	// One comes before the call, of which nobody knows yet.
	tell("/ingest/tracking/ctm", fmt.Sprintf(`{"id":"ctm-1","unix_time":%d,"caller_number":%q,"tracking_number":"+18005550111",
		"business_number":"+12025550199","called_at":%q,"source":"google","campaign":"fibre","gclid":"click-1","never":"seen"}`,
		early.Unix(), caller, early.Format(time.RFC3339)))
	tell("/ingest/tracking/ctm", fmt.Sprintf(`{"id":"ctm-2","unix_time":%d,"caller_number":%q,"tracking_number":"+18005550111","called_at":"2026-01-01T00:00:00Z","source":"bing"}`, early.Unix(), caller))
	r := call(t, c, recording(t, names(t)[0]), caller, 40)
	tell("/ingest/twilio/status?CallSid="+r.PlatformCall+"&CallStatus=ringing&From="+strings.ReplaceAll(caller, "+", "%2B"), "")
	tell("/ingest/twilio/status?CallSid="+r.PlatformCall+"&CallStatus=completed", "")
	var got *desk.Record
	wait(t, "what was told", func() bool {
		var err error
		got, err = c.Call(t.Context(), r.ID)
		return err == nil && len(got.Tracking) == 1 && got.PlatformEvents != nil && got.PlatformEvents.State == "ended" && got.Origin != nil
	})
	if tr := got.Tracking[0]; tr.State != event.Joined || tr.By != "numbers" || tr.Source != "google" || tr.Clicks["gclid"] != "click-1" || tr.Unknown != 1 || tr.Caller != caller {
		t.Errorf("the record has %+v", tr)
	}
	if o := got.Origin; o.Source != "google" || o.Campaign != "fibre" || o.Provider != "ctm" || o.TrackingID != got.Tracking[0].ID || o.Clicks["gclid"] != "click-1" {
		t.Errorf("it came from %+v", o)
	}
	if f := got.PlatformEvents; f.From != caller || f.Cause != "completed" || f.RingingAt == nil {
		t.Errorf("the platform told %+v", f)
	}
	for role, sees := range map[string]bool{"marketer": true, "viewer": false, "agent": false, "privacy": false} {
		as := asRole(t, c, role)
		seen, err := as.Call(t.Context(), r.ID)
		if err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		if (len(seen.Tracking) == 1) != sees || (seen.Origin != nil) != sees || seen.PlatformEvents == nil {
			t.Errorf("%s sees %+v, %+v", role, seen.Tracking, seen.Origin)
		}
		var page trackingPage
		if status := ask(t, as, http.MethodGet, "/v1/tracking", "", &page); (status == http.StatusOK) != sees || (len(page.Records) == 2) != sees {
			t.Errorf("%s: list answered %d with %d", role, status, len(page.Records))
		}
	}
	list := func(query string) (ids string) {
		var page trackingPage
		if status := ask(t, c, http.MethodGet, "/v1/tracking?"+query, "", &page); status != http.StatusOK {
			t.Fatalf("%s: %d", query, status)
		}
		for _, p := range page.Records {
			ids += p.Call + " " + string(p.State) + ";"
		}
		return ids
	}
	for query, want := range map[string]string{
		"state=joined": "ctm-1 joined;", "source=Bing": "ctm-2 unjoined;", "campaign=fibre": "ctm-1 joined;",
		"from=2025-12-31T00:00:00Z&to=2026-01-02T00:00:00Z": "ctm-2 unjoined;",
	} {
		if got := list(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if _, err := c.Erase(t.Context(), r.CustomerID); err != nil {
		t.Fatal(err)
	}
	if left := list(""); left != "" {
		t.Errorf("after the erasure: %s", left)
	}
	// What comes later brings nobody back.
	tell("/ingest/tracking/ctm", fmt.Sprintf(`{"id":"ctm-3","unix_time":%d,"caller_number":%q,"tracking_number":"+18005550111","called_at":%q,"source":"google","gclid":"click-3"}`, early.Unix(), caller, early.Format(time.RFC3339)))
	wait(t, "the later record", func() bool { return list("") == "ctm-3 unjoined;" })
	var page trackingPage
	ask(t, c, http.MethodGet, "/v1/tracking", "", &page)
	if p := page.Records[0]; p.Caller != "" || p.Clicks != nil || p.Source != "google" {
		t.Errorf("somebody who was erased is known again: %+v", p)
	}
}
