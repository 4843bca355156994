package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// exampleTags are the parts of the API whose every body has an example.
var exampleTags = []string{"decisions", "outcomes", "gate", "slots", "levers", "policies", "catalogue", "ingest", "recordings", "searches", "subscriptions", "alerts", "spend", "attribution", "conversions"}

// spec is the OpenAPI document with what checks against its schemas.
type spec struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
	checked  int
}

const specURL = "https://heed.test/openapi.json"

func pointer(path ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1", "%", "%25", "{", "%7B", "}", "%7D")
	var out strings.Builder
	for _, p := range path {
		out.WriteString("/" + escape.Replace(p))
	}
	return out.String()
}

// check validates an example against the schema at a path of the document.
func (s *spec) check(t *testing.T, example any, path ...string) {
	t.Helper()
	at := pointer(path...)
	schema, err := s.compiler.Compile(specURL + "#" + at)
	if err != nil {
		t.Errorf("%s: %v", at, err)
		return
	}
	s.checked++
	if err := schema.Validate(example); err != nil {
		t.Errorf("the example at %s: %v", at, err)
	}
}

// walk checks all examples below a place: of schemas, parameters, headers and
// bodies.
func (s *spec) walk(t *testing.T, v any, path ...string) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for i := range v {
			s.walk(t, v[i], append(slices.Clone(path), fmt.Sprint(i))...)
		}
	case map[string]any:
		schema := path
		if _, holds := v["schema"]; holds {
			schema = append(slices.Clone(path), "schema")
		}
		if e, given := v["example"]; given && !properties(path) {
			s.check(t, e, schema...)
		}
		if list, given := v["examples"].([]any); given && !properties(path) {
			for _, e := range list {
				s.check(t, e, schema...)
			}
		}
		for name, part := range v {
			if name != "example" && name != "examples" || properties(path) {
				s.walk(t, part, append(slices.Clone(path), name)...)
			}
		}
	}
}

// properties says that the keys of a place are names and no words of the schema.
func properties(path []string) bool {
	return len(path) > 0 && (path[len(path)-1] == "properties" || path[len(path)-1] == "schemas")
}

// TestEveryExampleIsOfItsSchema reads the API's own description: what it gives
// for an example is what it says that it takes and answers, and every body of
// the parts that other systems use has one.
func TestEveryExampleIsOfItsSchema(t *testing.T) {
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), noonUTC())
	s := &spec{compiler: jsonschema.NewCompiler()}
	if status := ask(t, c, http.MethodGet, "/openapi.json", "", &s.doc); status != http.StatusOK {
		t.Fatalf("openapi: %d", status)
	}
	s.compiler.AssertFormat()
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	if err := s.compiler.AddResource(specURL, s.doc); err != nil {
		t.Fatal(err)
	}
	s.walk(t, s.doc)
	if s.checked < 80 {
		t.Errorf("%d examples", s.checked)
	}
	raw, err := json.Marshal(s.doc["paths"])
	if err != nil {
		t.Fatal(err)
	}
	var paths map[string]map[string]operation
	if err := json.Unmarshal(raw, &paths); err != nil {
		t.Fatal(err)
	}
	for _, methods := range paths {
		for _, op := range methods {
			op.complete(t)
			if len(op.Security) > 0 && op.Scope == "" { // what is open to strangers has neither
				t.Errorf("%s has no scope: say in internal/web/scopes.go which keys may use it", op.OperationID)
			}
		}
	}
}

// operation is what the description says of one.
type operation struct {
	OperationID string
	Security    []map[string][]string
	Tags        []string
	Scope       string `json:"x-heed-scope"`
	Noted       string `json:"x-heed-noted"`
	RequestBody bodies
	Responses   map[string]bodies
}

type bodies struct {
	Content map[string]struct{ Example any }
}

// complete looks for the examples of an operation.
func (op *operation) complete(t *testing.T) {
	t.Helper()
	if !slices.ContainsFunc(op.Tags, func(tag string) bool { return slices.Contains(exampleTags, tag) }) {
		return
	}
	for kind, b := range op.RequestBody.Content {
		if b.Example == nil {
			t.Errorf("%s has no example of what it takes as %s", op.OperationID, kind)
		}
	}
	for status, r := range op.Responses {
		for kind, b := range r.Content {
			if b.Example == nil && strings.HasPrefix(status, "2") {
				t.Errorf("%s has no example of its answer %s as %s", op.OperationID, status, kind)
			}
		}
	}
}
