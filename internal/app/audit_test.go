package app_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heed/internal/app"
)

type readings struct {
	Reads []struct {
		Kind, Role string
		Times      int
		Call       string `json:"call_id"`
		Customer   string `json:"customer_id"`
	}
}

// Who read whom is found by call and customer, taken out as a file and
// verified; when the customer is erased, the rows stay without them.
func TestReadingsAreAudited(t *testing.T) {
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	id := person(t, c, "+12135550101", `, "name": "Ann Example"`)
	for range 3 {
		if status := ask(t, c, http.MethodGet, "/v1/customers/"+id, "", nil); status != http.StatusOK {
			t.Fatalf("the customer: %d", status)
		}
	}
	var v readings
	if status := ask(t, c, http.MethodGet, "/v1/audit?customer="+id, "", &v); status != http.StatusOK || len(v.Reads) != 1 || v.Reads[0].Kind != "customer" || v.Reads[0].Times != 3 || v.Reads[0].Role != "admin" {
		t.Fatalf("the audit: %d %+v", status, v)
	}
	status, file, _ := send(t, c, http.MethodGet, "/v1/audit/export", "", "")
	if status != http.StatusOK || !strings.Contains(file, id) || !strings.HasPrefix(file, "n,first_at,") {
		t.Errorf("as a file: %d %q", status, file)
	}
	if status := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/erase", `{"confirm": "erase"}`, nil); status != http.StatusOK {
		t.Fatalf("erase: %d", status)
	}
	v = readings{} // what an answer leaves out would stay
	if ask(t, c, http.MethodGet, "/v1/audit", "", &v); len(v.Reads) == 0 {
		t.Error("the rows are gone with the customer")
	}
	for _, r := range v.Reads {
		if r.Customer != "" {
			t.Errorf("a row still names the customer: %+v", r)
		}
	}
	a, err := c.VerifyAudit(t.Context())
	if err != nil || a.Bad != 0 || a.Open == 0 {
		t.Errorf("verified: %+v, %v", a, err)
	}
}

// silent are the routes whose reading is not noted: those that tell of no call
// and no customer, and after them those that note which calls they show.
const silent = `/v1/actions /v1/actions/health /v1/alerts /v1/attribution /v1/audit /v1/audit/verify /v1/catalogue
/v1/catalogue/export /v1/catalogue/{kind}/{id} /v1/catalogue/{kind}/{id}/diff /v1/consent/recipients /v1/consent/verify
/v1/consent/wordings /v1/counters /v1/do-not-call /v1/experiments /v1/experiments/lift /v1/ingest/siprec /v1/keys /v1/law
/v1/levers /v1/live/rules /v1/me /v1/me/passkeys /v1/me/sessions /v1/muted /v1/platforms /v1/platforms/test
/v1/platforms/{platform}/guide /v1/policies/words /v1/reanalyze /v1/retention/{class}/preview /v1/search/complete
/v1/searches /v1/searches/{id} /v1/simulations /v1/simulations/{id} /v1/sources /v1/spend /v1/spend/uploads /v1/status
/v1/subscriptions /v1/subscriptions/{id} /v1/team /v1/themes /v1/themes/{id}/trend /v1/users /v1/users/{id}/history
/v1/engines/trials /v1/engines/trials/{id} /v1/search /v1/themes/emerged /v1/themes/{id}`

// Each route that reads is noted or is known to tell of nobody.
func TestNoReadingIsForgotten(t *testing.T) {
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	var doc struct {
		Paths map[string]map[string]operation
	}
	if status := ask(t, c, http.MethodGet, "/openapi.json", "", &doc); status != http.StatusOK {
		t.Fatalf("openapi: %d", status)
	}
	known := strings.Fields(silent)
	for path, methods := range doc.Paths {
		op, reads := methods["get"]
		if !reads || len(op.Security) == 0 {
			continue
		}
		if i := slices.Index(known, path); i >= 0 {
			known = slices.Delete(known, i, i+1)
			if op.Noted != "" {
				t.Errorf("%s is noted as %q and is said to be of nobody", path, op.Noted)
			}
		} else if op.Noted == "" {
			t.Errorf("reading %s is not noted: see internal/web/reads.go", path)
		}
	}
	if len(known) > 0 {
		t.Errorf("there is no %q", known)
	}
}

// What a list, a screen and a decision show is noted too.
func TestListsAreAudited(t *testing.T) {
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	for path, kind := range map[string]string{
		"/v1/customers": "customers", "/v1/calls": "calls", "/v1/live": "live", "/v1/reviews": "reviews", "/v1/contests": "contests",
		"/v1/corrections": "corrections", "/v1/erasures": "erasures",
	} {
		if status := ask(t, c, http.MethodGet, path, "", nil); status != http.StatusOK {
			t.Fatalf("%s: %d", path, status)
		}
		var v readings
		if ask(t, c, http.MethodGet, "/v1/audit?kind="+kind, "", &v); len(v.Reads) != 1 || v.Reads[0].Times != 1 {
			t.Errorf("%s: %+v", path, v.Reads)
		}
	}
}
