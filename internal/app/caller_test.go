package app_test

import (
	"net/http"
	"testing"

	"heed/internal/desk"
	"heed/internal/event"
)

// A call that was somebody else's is moved after it is over, by an agent: its
// page, its recording and the customers' pages tell the other one.
func TestACallIsMovedToWhoItWas(t *testing.T) {
	o := openOffice(t)
	first := o.caller(t, "+12025550142", "+12025550199", "hello i want to cancel my contract")
	other := o.caller(t, "+12025550143", "+12025550198", "hello i have a question about my bill")
	call, anna, bert := first.ID, first.CustomerID, other.CustomerID
	for _, bad := range []map[string]any{{}, {"new": true, "customer_id": bert}, {"type": "email"}, {"customer_id": anna}} {
		if status := o.ask(t, o.Key(), http.MethodPost, "/v1/calls/"+call+"/caller/move", bad, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, status)
		}
	}
	var moved event.Call
	o.must(t, http.MethodPost, "/v1/calls/"+call+"/caller/move", map[string]any{"customer_id": bert, "shared": true}, &moved)
	if moved.CustomerID != bert {
		t.Fatalf("%+v", moved)
	}
	var r desk.Record
	o.must(t, http.MethodGet, "/v1/calls/"+call, nil, &r)
	if r.CustomerID != bert || len(r.Utterances) == 0 || r.Customer.ID != bert {
		t.Errorf("the call's page: %s with %d utterances", r.CustomerID, len(r.Utterances))
	}
	wait(t, "the recording", func() bool {
		return o.ask(t, o.Key(), http.MethodGet, "/v1/calls/"+call+"/recording", nil, nil) == http.StatusOK
	})
	var who struct {
		Shared  bool
		Callers []struct{ ID string }
	}
	o.must(t, http.MethodGet, "/v1/calls/"+call+"/callers", nil, &who)
	if !who.Shared || len(who.Callers) != 1 || who.Callers[0].ID != anna {
		t.Errorf("who else: %+v", who)
	}
	if again := o.caller(t, "+12025550142", "+12025550197", "hello"); again.CustomerID == anna || again.CustomerID == bert {
		t.Error("the next call from the household is taken for somebody's")
	}
	if status := o.ask(t, o.Key(), http.MethodPut, "/v1/calls/"+call+"/caller/shared", map[string]any{"shared": false}, nil); status != http.StatusNoContent {
		t.Errorf("unshare: %d", status)
	}
	if again := o.caller(t, "+12025550142", "+12025550196", "hello"); again.CustomerID != anna {
		t.Error("the number is not hers again")
	}
	// Erased, she takes nothing of his call with her.
	if status := o.ask(t, o.Key(), http.MethodPost, "/v1/customers/"+anna+"/erase", map[string]any{"confirm": "erase"}, nil); status >= 300 {
		t.Fatalf("erase: %d", status)
	}
	o.must(t, http.MethodGet, "/v1/calls/"+call, nil, &r)
	if len(r.Utterances) == 0 {
		t.Error("his words went with her")
	}
}
