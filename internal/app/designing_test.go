package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestADesignerRanksWithoutReadingCalls: a ranking and a what-if about a person
// who called hold neither the call nor what was said in it.
func TestADesignerRanksWithoutReadingCalls(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	o.at(time.Date(2026, time.May, 3, 10, 12, 0, 0, time.UTC))
	call := o.caller(t, "+12025550142", "+12025550199", "i want to cancel my contract it is too expensive")
	o.at(time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC))
	designer := o.keyOf(t, "designer")
	const dear = `{"version":1,"actions":[{"id":"ret.contract_review","value":{"margin":900}}]}`
	var got struct {
		Now, Tried struct {
			Ranked []struct{ Action string }
			Out    []struct{ Action, Rule string }
		}
	}
	body := map[string]any{"customer_id": call.CustomerID, "channel": "agent", "at": "2026-05-03T10:13:00Z", "change": dear}
	if status := o.ask(t, designer, "POST", "/v1/rankings", body, &got); status != http.StatusOK || len(got.Now.Out) == 0 || len(got.Tried.Ranked) != len(got.Now.Ranked) {
		t.Errorf("a customer: %d %+v", status, got)
	}
	made := map[string]any{"given": map[string]any{"labels": []string{"intent.cancel"}}, "channel": "agent", "change": dear}
	if status := o.ask(t, designer, "POST", "/v1/rankings", made, &got); status != http.StatusOK || len(got.Tried.Ranked) == 0 || got.Tried.Ranked[0].Action == got.Now.Ranked[0].Action {
		t.Errorf("somebody made up: %d %+v", status, got)
	}
	var told map[string]any
	if status := o.ask(t, designer, "GET", "/v1/customers/"+call.CustomerID+"/whatif?at=2026-05-03T10:13:00Z", nil, &told); status != http.StatusOK {
		t.Fatalf("a what-if: %d", status)
	}
	for path, want := range map[string]map[string]int{
		"/v1/actions/health":   {"designer": 200, "agent": 403, "privacy": 403},
		"/v1/experiments":      {"designer": 200, "agent": 403},
		"/v1/experiments/lift": {"designer": 200, "agent": 403},
		"/v1/policies/words":   {"designer": 200, "viewer": 200, "agent": 403},
	} {
		for role, status := range want {
			if is := o.ask(t, o.keyOf(t, role), "GET", path, nil, nil); is != status {
				t.Errorf("%s reads %s: %d", role, path, is)
			}
		}
	}
	for role, status := range map[string]int{"marketer": 403, "viewer": 403, "agent": 403, "privacy": 200} {
		if is := o.ask(t, o.keyOf(t, role), "POST", "/v1/rankings", made, nil); is != status {
			t.Errorf("%s ranks: %d", role, is)
		}
	}
	for _, secret := range []string{"too expensive", call.ID} {
		if strings.Contains(textOf(t, told), secret) {
			t.Errorf("a designer is told %q", secret)
		}
	}
}

func textOf(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
