package app_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"heed/internal/app"
)

type aging struct {
	Rules []struct {
		Class, By string
		Days      int
	}
	Holds []struct {
		ID   string
		Call string `json:"call_id"`
		Why  string
	}
	Lifted []struct {
		ID string
		By string `json:"lifted_by"`
	}
}

// Periods are set and looked at, and calls are put on hold, by who may.
func TestRetentionIsSet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	over(t, dir, "c1")
	_, c := serve(t, dir, app.NoEngine())
	const path, holds = "/v1/retention", "/v1/retention/holds"
	var v aging
	if status := ask(t, c, http.MethodPut, path+"/transcripts", `{"days": 30}`, &v); status != http.StatusOK || len(v.Rules) != 1 || v.Rules[0].Days != 30 || v.Rules[0].By == "" {
		t.Fatalf("setting a period: %d %+v", status, v)
	}
	var look struct{ Calls int }
	if status := ask(t, c, http.MethodGet, path+"/transcripts/preview?days=7", "", &look); status != http.StatusOK || look.Calls != 0 {
		t.Errorf("the preview: %d %+v", status, look)
	}
	var held struct{ ID string }
	if status := ask(t, c, http.MethodPost, holds, `{"call_id": "c1", "why": "case 17"}`, &held); status != http.StatusCreated || held.ID == "" {
		t.Fatalf("a hold: %d", status)
	}
	if ask(t, c, http.MethodGet, path, "", &v); len(v.Holds) != 1 || v.Holds[0].Call != "c1" || v.Holds[0].Why != "case 17" {
		t.Errorf("the holds are %+v", v.Holds)
	}
	for body, want := range map[string]int{
		`{"call_id": "c1", "customer_id": "anna", "why": "x"}`: http.StatusUnprocessableEntity,
		`{"why": "x"}`:                      http.StatusUnprocessableEntity,
		`{"call_id": "nobody", "why": "x"}`: http.StatusNotFound,
	} {
		if status := ask(t, c, http.MethodPost, holds, body, nil); status != want {
			t.Errorf("%s: %d, want %d", body, status, want)
		}
	}
	if status := ask(t, c, http.MethodDelete, holds+"/"+held.ID, "", nil); status != http.StatusNoContent {
		t.Errorf("lifting it: %d", status)
	}
	if ask(t, c, http.MethodGet, path, "", &v); len(v.Holds) != 0 || len(v.Lifted) != 1 || v.Lifted[0].ID != held.ID || v.Lifted[0].By == "" {
		t.Errorf("after it was lifted: %+v", v)
	}
	if status := ask(t, c, http.MethodPut, path+"/recordings", `{"days": 3}`, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("three days: %d", status)
	}
}
