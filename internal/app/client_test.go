package app_test

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// schemaPath has the types of the app's client, as "make client" writes them.
const schemaPath = "../../ui/src/schema.ts"

// TestTheAppsClientIsOfThisAPI holds the types that the app is compiled with
// to the API's own description: they begin with the sum of what they were made
// of. With -update it writes that to build/openapi.json, for "make client".
func TestTheAppsClientIsOfThisAPI(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	var doc map[string]any
	if status := ask(t, c, http.MethodGet, "/openapi.json", "", &doc); status != http.StatusOK {
		t.Fatalf("openapi: %d", status)
	}
	shape, err := json.Marshal(map[string]any{
		"openapi": doc["openapi"], "info": map[string]any{"title": "Heed", "version": "1"},
		"paths": shapes(doc["paths"], true), "components": shapes(doc["components"], false),
	})
	if err != nil {
		t.Fatal(err)
	}
	if flag.Lookup("update").Value.String() == "true" { // of the golden files
		if err := os.WriteFile("../../build/openapi.json", shape, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("// sha256:%x", sha256.Sum256(shape)); !strings.HasPrefix(string(have), want) {
		t.Errorf("the API is no longer the one that the app's types were made of; run \"make client\" and mend what does not compile")
	}
}

// shapes leaves of a description what types are made of: no words, no
// examples, and of answers those of success. Names of properties are kept
// whatever they are.
func shapes(v any, words bool) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = shapes(v[i], true)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, part := range v {
			if !words || !wordy(name) {
				out[name] = shapes(part, name != "properties" && name != "schemas")
			}
		}
		if answers, ok := out["responses"].(map[string]any); ok && words {
			for status := range answers {
				if !strings.HasPrefix(status, "2") {
					delete(answers, status)
				}
			}
		}
		return out
	default:
		return v
	}
}

// wordy says that a key of a description is for people.
func wordy(name string) bool {
	switch name {
	case "description", "summary", "example", "examples", "tags", "security":
		return true
	default:
		return strings.HasPrefix(name, "x-")
	}
}
