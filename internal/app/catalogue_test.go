package app_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/app"
	"heed/internal/client"
)

// as gives a client with a key of a role.
func as(t *testing.T, c *client.Client, name, role string) *client.Client {
	t.Helper()
	var key struct{ Key string }
	if status := ask(t, c, http.MethodPost, "/v1/keys", `{"name":"`+name+`","role":"`+role+`"}`, &key); status != http.StatusOK {
		t.Fatalf("a key of role %s: %d", role, status)
	}
	out, err := client.New(c.Base(), key.Key)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// apology is a designer's version of care.apology.
const apology = `{"id":"care.apology","issue":"care","group":"apologies","purpose":"service","channels":["agent"],"title":"Say sorry %T","say":"I am sorry.","value":{"customer_benefit":9},"prior":{"p":0.6},"context":[{"label":"intent.complaint","weight":400}]}`

func version(title, based string) string {
	return `{"based":` + based + `,"why":"spring","doc":` + strings.Replace(apology, "%T", title, 1) + `}`
}

// TestDesignersChangeWhatIsSuggested goes through the whole server: drafted by
// one, reviewed by another, live for the next decision.
func TestDesignersChangeWhatIsSuggested(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	a := build(t, settings(t, dir), app.NoEngine())
	admin := run(t, a)
	ada, bo := as(t, admin, "Ada", "designer"), as(t, admin, "Bo", "designer")
	const item = "/v1/catalogue/action/care.apology"
	var v struct {
		Version int64
		State   string
	}
	if status := ask(t, ada, "PUT", item, version("once", "0"), &v); status != http.StatusOK || v.Version != 1 || v.State != "draft" {
		t.Fatalf("draft: %d %+v", status, v)
	}
	var clash struct {
		Detail string
		Yours  struct{ Title string }
		Theirs struct {
			Author string
			Doc    struct{ Title string }
		}
	}
	if status := ask(t, bo, "PUT", item, version("twice", "0"), &clash); status != http.StatusConflict || clash.Yours.Title != "Say sorry twice" || clash.Theirs.Doc.Title != "Say sorry once" || clash.Theirs.Author != "Ada" {
		t.Errorf("two designers: %d %+v", status, clash)
	}
	step := func(c *client.Client, to string) int {
		return ask(t, c, "POST", item+"/steps", `{"version":1,"to":"`+to+`","why":"fine"}`, nil)
	}
	for _, s := range []struct {
		who  *client.Client
		to   string
		want int
	}{{ada, "live", 409}, {ada, "reviewed", 409}, {as(t, admin, "Vi", "viewer"), "reviewed", 403}, {bo, "reviewed", 200}, {ada, "live", 200}, {ada, "live", 409}} {
		if status := step(s.who, s.to); status != s.want {
			t.Errorf("to %s: %d, want %d", s.to, status, s.want)
		}
	}
	if title := listed(t, ada, "care.apology"); title != "Say sorry once" {
		t.Errorf("live: %q", title)
	}
	refusals(t, ada, item)
	tried(t, ada)
	triedOn(t, admin, ada)
	if status := ask(t, ada, "GET", "/v1/customers", "", nil); status != http.StatusForbidden {
		t.Errorf("a designer reads customers: %d", status)
	}
}

func listed(t *testing.T, c *client.Client, id string) string {
	t.Helper()
	var list struct {
		Items []struct {
			ID  string
			Doc struct{ Title string }
		}
	}
	if status := ask(t, c, "GET", "/v1/catalogue", "", &list); status != http.StatusOK {
		t.Fatalf("list: %d", status)
	}
	for _, i := range list.Items {
		if i.ID == id {
			return i.Doc.Title
		}
	}
	return ""
}

// refusals say field, reason and hint, and change nothing.
func refusals(t *testing.T, c *client.Client, item string) {
	t.Helper()
	for change, field := range map[[2]string]string{
		{`"customer_benefit":9`, `"customer_benefit":0`}: "value", {`"p":0.6`, `"p":1`}: "prior.p", {`intent.complaint`, `complaint`}: "context[0].label", {`care.apology`, `care.other`}: "id",
	} {
		var no struct{ Field, Reason, Hint, Detail string }
		body := strings.Replace(version("x", "1"), change[0], change[1], 1)
		if status := ask(t, c, "PUT", item, body, &no); status != http.StatusUnprocessableEntity || no.Field != field || no.Reason == "" {
			t.Errorf("%v: %d %+v", change, status, no)
		}
	}
	var kept struct{ Versions, Steps []any }
	if status := ask(t, c, "GET", item, "", &kept); status != http.StatusOK || len(kept.Versions) != 2 || len(kept.Steps) != 3 {
		t.Errorf("kept: %d %+v", status, kept)
	}
	var diff struct{ Differences []struct{ Field string } }
	if status := ask(t, c, "GET", item+"/diff?from=0&to=1", "", &diff); status != http.StatusOK || len(diff.Differences) == 0 {
		t.Errorf("difference: %d %+v", status, diff)
	}
}

func tried(t *testing.T, c *client.Client) {
	t.Helper()
	var got struct {
		Type, Answer, Reason, Hint string
		Reads                      []string
	}
	if status := ask(t, c, "POST", "/v1/policies/check", `{"when":"high(\"churn_risk\")","given":{"signals":{"churn_risk":0.9}}}`, &got); status != http.StatusOK || got.Answer != "keep" || got.Type != "bool" || len(got.Reads) != 1 {
		t.Errorf("tried: %d %+v", status, got)
	}
	if status := ask(t, c, "POST", "/v1/policies/check", `{"when":"high(\"churn_rsk\")"}`, &got); status != http.StatusOK || got.Reason == "" || got.Hint != "did you mean churn_risk?" {
		t.Errorf("refused: %d %+v", status, got)
	}
	if status := ask(t, c, "POST", "/v1/policies/check", `{"when":"true","given":{"channel":"pigeon"}}`, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("nobody: %d", status)
	}
}

// triedOn asks rules about somebody who is known, which designers may not.
func triedOn(t *testing.T, c, designer *client.Client) {
	t.Helper()
	mia := person(t, c, "+12025550142", `, "plan": "gold"`)
	for when, want := range map[string]string{`trait("plan") == "gold"`: "keep", `trait("plan") == "basic"`: "remove", `trait("city") == "Rome"`: "unknown"} {
		var got struct{ Answer string }
		body := fmt.Sprintf(`{"when": %q, "customer_id": %q}`, when, mia)
		if status := ask(t, c, "POST", "/v1/policies/check", body, &got); status != http.StatusOK || got.Answer != want {
			t.Errorf("%s about a customer: %d %+v", when, status, got)
		}
		if status := ask(t, designer, "POST", "/v1/policies/check", body, nil); status != http.StatusForbidden {
			t.Errorf("a designer asks about a customer: %d", status)
		}
	}
	if status := ask(t, c, "POST", "/v1/policies/check", `{"when":"true","customer_id":"nobody"}`, nil); status != http.StatusNotFound {
		t.Errorf("about nobody: %d", status)
	}
}
