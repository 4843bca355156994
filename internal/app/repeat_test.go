package app_test

import (
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/app"
)

// answered is what the description says of what an operation answers.
type answered struct {
	Security  []map[string][]string
	Repeat    string `json:"x-heed-repeat"`
	Responses map[string]struct {
		Headers map[string]any
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	}
}

// An answer with a secret that is shown once, or with a cookie, is not kept for
// who sends the same request again.
func TestNoSecretIsKeptForARepeat(t *testing.T) {
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	var doc struct {
		Paths      map[string]map[string]answered
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if status := ask(t, c, http.MethodGet, "/openapi.json", "", &doc); status != http.StatusOK {
		t.Fatalf("openapi: %d", status)
	}
	secret := func(op *answered) bool {
		for status, r := range op.Responses {
			if !strings.HasPrefix(status, "2") {
				continue
			}
			if _, cookie := r.Headers["Set-Cookie"]; cookie {
				return true
			}
			for _, body := range r.Content {
				name := path.Base(body.Schema.Ref)
				for _, field := range []string{"secret", "token", "key"} {
					if _, has := doc.Components.Schemas[name].Properties[field]; has && name != "KeyList" {
						return true
					}
				}
				if name == "AccountsLoginLink" {
					return true
				}
			}
		}
		return false
	}
	found := 0
	for where, methods := range doc.Paths {
		for method, op := range methods {
			if method == "get" || len(op.Security) == 0 || !secret(&op) {
				continue
			}
			if found++; op.Repeat != "secret" && where != "/v1/keys/{id}/restore" { // which shows a key without its secret
				t.Errorf("%s %s answers with a secret, and the answer is kept", method, where)
			}
		}
	}
	if found < 10 {
		t.Errorf("%d operations answer with secrets", found)
	}
}
