package app_test

import (
	"net/http"
	"testing"
)

// TestLiftedAddressReturns lets an address of somebody who was forgotten come
// back by an import once a privacy officer has said that its owner agreed
// anew, and nothing else of them.
func TestLiftedAddressReturns(t *testing.T) {
	o := openOffice(t)
	identify := func(user, message string, traits map[string]any) int {
		return o.ask(t, o.Key(), "POST", "/v1/identify", map[string]any{"userId": user, "messageId": message, "traits": traits}, nil)
	}
	lift := func(key string, body map[string]any, lifted *bool) int {
		var answer struct{ Lifted bool }
		status := o.ask(t, key, "POST", "/v1/suppressions/lift", body, &answer)
		*lifted = answer.Lifted
		return status
	}
	const address = "anna.berg@example.com"
	if status := identify("anna-1", "m1", map[string]any{"email": address, "phone": "+12025550163"}); status != http.StatusOK {
		t.Fatal(status)
	}
	was := o.people(t, "anna-1")
	if len(was) != 1 {
		t.Fatalf("she is %v", was)
	}
	o.must(t, "POST", "/v1/customers/"+was[0]+"/erase", map[string]any{"confirm": "erase"}, nil)
	imported := map[string]any{"email": address}
	if status := identify("anna-2", "m2", imported); status == http.StatusOK && len(o.people(t, address)) > 0 {
		t.Fatal("the address came back by itself")
	}

	agreed := map[string]any{"type": "email", "value": " Anna.Berg@Example.COM", "confirm": "agreed anew"}
	var lifted bool
	if status := lift(o.keyOf(t, "agent"), agreed, &lifted); status != http.StatusForbidden {
		t.Errorf("an agent is answered %d", status)
	}
	if status := lift(o.Key(), map[string]any{"type": "email", "value": address, "confirm": "yes"}, &lifted); status != http.StatusUnprocessableEntity {
		t.Errorf("without the words it answers %d", status)
	}
	officer := o.keyOf(t, "privacy")
	if status := lift(officer, agreed, &lifted); status != http.StatusOK || !lifted {
		t.Errorf("lifted %v, status %d", lifted, status)
	}
	if status := lift(officer, agreed, &lifted); status != http.StatusOK || lifted {
		t.Errorf("lifted twice: %v, status %d", lifted, status)
	}

	if status := identify("anna-3", "m3", imported); status != http.StatusOK {
		t.Errorf("the import of the address is answered %d", status)
	}
	if now := o.people(t, address); len(now) != 1 || now[0] == was[0] {
		t.Errorf("she is %v and was %v", now, was)
	}
	if status := identify("anna-1", "m4", map[string]any{"name": "Anna"}); status != http.StatusBadRequest {
		t.Errorf("her old user id, which nobody lifted, is answered %d", status)
	}
	if again := o.ask(t, o.Key(), "GET", "/v1/customers/"+was[0], nil, nil); again != http.StatusGone {
		t.Errorf("what was forgotten is answered %d", again)
	}
}

// keyOf makes an API key of a role.
func (o *office) keyOf(t *testing.T, role string) string {
	t.Helper()
	var made struct{ Key string }
	o.must(t, "POST", "/v1/keys", map[string]any{"name": role, "role": role}, &made)
	return made.Key
}
