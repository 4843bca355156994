package app_test

import (
	"net/http"
	"path/filepath"
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
