package decide_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/strict"
)

const declared = `version: 1
traits:
  - {name: plan, type: enum, values: [basic, plus], tell: your plan}
  - {name: fee, type: number, least: 0, most: 500, unit: USD}
  - {name: rooms.*, type: number}
  - {name: ends, type: date, keep: 30d}
  - {name: late, type: boolean, from: [verified]}
  - {name: mascot, type: string, sensitive: true}
  - {name: city, type: string}
`

// declaring is a catalogue with what is declared above and one rule.
func declaring(when string) (*decide.Catalogue, error) {
	rule := "    purpose: service\n    policies: [{id: r, kind: eligibility, when: '" + when + "', why: w}]"
	return decide.LoadCatalogue(fstest.MapFS{
		decide.TraitsFile: &fstest.MapFile{Data: []byte(declared)},
		"a.yaml":          &fstest.MapFile{Data: []byte(catalogueText(actionText("one", rule)))},
	})
}

// TestRulesAskForWhatIsDeclared refuses a rule that names what is not declared,
// compares it with something else, or names what is never used.
func TestRulesAskForWhatIsDeclared(t *testing.T) {
	t.Parallel()
	for when, want := range map[string][2]string{
		`trait("plan") == "basic"`:                               {},
		`trait("plan") in ["basic", "plus"]`:                     {},
		`trait("fee") >= 20.0 && trait("rooms.bed") > 1.0`:       {},
		`trait("ends") < timestamp("2026-12-31T00:00:00Z")`:      {},
		`flag("late") || trait("late")`:                          {},
		`trait("city") + "x" == "ax" || trait("country") == "a"`: {},
		`owns("fibre") && flag("vulnerable")`:                    {},
		`trait("pan") == "basic"`:                                {`trait "pan" is not declared`, "did you mean plan?"},
		`flag("behind")`:                                         {`trait "behind" is not declared`, decide.TraitsFile},
		`trait("plan") == 5`:                                     {"does not check", `trait "plan" is one of its values`},
		`trait("plan") == "basc"`:                                {`trait "plan" is never "basc"`, "basic, plus"},
		`"none" != trait("plan")`:                                {`trait "plan" is never "none"`, "basic, plus"},
		`trait("plan") in ["basic", "none"]`:                     {`trait "plan" is never "none"`, "basic, plus"},
		`trait("fee") == "20"`:                                   {"does not check", "write numbers with a point"},
		`trait("fee") >= 20`:                                     {"does not check", "write numbers with a point"},
		`trait("ends") == "2026-01-01"`:                          {"does not check", "write timestamp"},
		`trait("late") == "yes"`:                                 {"does not check", "true or false"},
		`trait("vulnerable") == "yes"`:                           {"does not check", "true or false"},
		`flag("plan")`:                                           {`trait "plan" is one of its values, and flag() asks for true or false`, "compare"},
		`trait("mascot") == "x"`:                                 {"is sensitive", "leave it out"},
		`trait(channel()) == "x"`:                                {"needs its name written out", "usage"},
		`"@trait_string"("plan") == "x"`:                         {"does not check", ""},
	} {
		_, err := declaring(when)
		p, refused := errors.AsType[*strict.Problem](err)
		switch {
		case want[0] == "" && err != nil:
			t.Errorf("%s: %v", when, err)
		case want[0] != "" && (!refused || p.Field != "actions[0].policies[0].when" || !strings.Contains(p.Reason, want[0])):
			t.Errorf("%s: %v, want %q", when, err, want[0])
		case want[1] != "" && want[1] != "usage" && !strings.Contains(p.Hint, want[1]):
			t.Errorf("%s: the hint is %q, want %q", when, p.Hint, want[1])
		}
	}
}

// TestATypedRule answers by the type, and does not know what was kept before it
// was declared to be something else.
func TestATypedRule(t *testing.T) {
	t.Parallel()
	cat, err := declaring(`trait("city") == "a"`)
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: cat})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		when  string
		trait string
		value any
		want  string
	}{
		{`trait("ends") < timestamp("2026-12-31T00:00:00Z")`, "ends", "2026-12-30", "keep"},
		{`trait("ends") < timestamp("2026-12-31T00:00:00Z")`, "ends", "2027-12-30T10:00:00Z", "remove"},
		{`trait("ends") < timestamp("2026-12-31T00:00:00Z")`, "ends", "soon", "unknown"},
		{`trait("fee") > 10.0`, "fee", 11.0, "keep"},
		{`trait("fee") > 10.0`, "fee", "eleven", "unknown"},
		{`trait("late")`, "late", true, "keep"},
		{`trait("late")`, "late", 1.0, "unknown"},
		{`trait("plan") == "plus"`, "plan", "plus", "keep"},
		{`trait("city") == "x"`, "plan", "plus", "unknown"},
	} {
		p := cus("c")
		p.SetTrait(customer.Trait{Name: c.trait, Value: c.value, Source: "crm", At: noon, Confidence: 1})
		got, err := d.TryPolicy(c.when, decide.Request{At: noon, Profile: p})
		if err != nil || got.Answer != c.want {
			t.Errorf("%s of %v: %+v, want %s, %v", c.when, c.value, got, c.want, err)
		}
	}
	if _, err := cat.TryPolicy("true", decide.Given{Traits: map[string]any{"fee": "much"}}); err == nil || !strings.Contains(err.Error(), `trait "fee" must be a number`) {
		t.Errorf("a made-up person: %v", err)
	}
}

func TestWhatIsTakenOfTraits(t *testing.T) {
	t.Parallel()
	cat, err := declaring("true")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, kind string
		value      any
		want       string
	}{
		{"plan", "", "basic", ""},
		{"plan", "", "gold", "must be one of basic, plus"},
		{"fee", "", 500.0, ""},
		{"fee", "", 501.0, "must be between 0 and 500"},
		{"fee", "", "5", "must be a number"},
		{"rooms.bed", "", true, "must be a number"},
		{"ends", "", "2026-02-30", "must be a date such as 2026-03-01"},
		{"ends", "", "2026-02-28", ""},
		{"late", "verified", true, ""},
		{"late", "", true, `is not taken as "observed"; it is taken as verified`},
		{"late", "verified", "yes", "must be true or false"},
		{"product.tv", "", "yes", "must be true or false"},
		{"country", "", 49.0, "must be a text"},
		{"nobody.declared", "", 49.0, ""},
	} {
		if got := cat.Takes(customer.Trait{Name: c.name, Kind: c.kind, Value: c.value}); got != c.want {
			t.Errorf("%s %v as %q: %q, want %q", c.name, c.value, c.kind, got, c.want)
		}
	}
	month := noon.Add(30 * 24 * time.Hour)
	for name, want := range map[string]time.Time{"ends": month, "plan": {}} {
		if got := cat.Keeps(customer.Trait{Name: name, At: noon}); !got.Expires.Equal(want) {
			t.Errorf("%s holds until %v, want %v", name, got.Expires, want)
		}
	}
	if got := cat.Keeps(customer.Trait{Name: "ends", At: noon, Expires: noon.Add(time.Hour)}); !got.Expires.Equal(noon.Add(time.Hour)) {
		t.Errorf("what expires sooner holds until %v", got.Expires)
	}
}

func TestDeclarationsAreRefused(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		"{name: A, type: string}":                                `traits[0].name: "A" is not the name`,
		"{name: a, type: text}":                                  `traits[0].type: "text" is not a type`,
		"{name: a, type: enum}":                                  "traits[0].values: go with the type enum",
		"{name: a, type: string, values: [x]}":                   "traits[0].values: go with the type enum",
		"{name: a, type: enum, values: [x, x]}":                  `traits[0].values[1]: "x" is not a new value`,
		"{name: a, type: string, unit: m}":                       "traits[0].unit: goes with the type number",
		"{name: a, type: number, least: 2, most: 1}":             "traits[0].most: is below least",
		"{name: a, type: string, from: [guess]}":                 `traits[0].from[0]: "guess" is not a way`,
		"{name: a, type: string, sensitive: true, tell: x}":      "traits[0].tell: is for what is decided by",
		"{name: a, type: string, keep: -1h}":                     "traits[0].keep: is -1h",
		"{name: vulnerable, type: string}":                       "traits[0].type: Heed's own rules read it as true or false",
		"{name: vulnerable, type: boolean, sensitive: true}":     "traits[0].type: Heed's own rules read it",
		"{name: a, type: string, kind: x}":                       "traits[0].kind: is not a known key",
		"{name: a, type: string}\n  - {name: a, type: string}\n": `traits[1].name: "a" is there twice`,
	} {
		_, err := loadFiles(map[string]string{decide.TraitsFile: "version: 1\ntraits:\n  - " + item, "a.yaml": oneAction})
		if _, ok := errors.AsType[*strict.Problem](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", item, err, want)
		}
	}
}

func loadFiles(texts map[string]string) (*decide.Catalogue, error) {
	folder := fstest.MapFS{}
	for name, text := range texts {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return decide.LoadCatalogue(folder)
}

// TestTraitsAsAnEdit lays declarations over the files: all rules have to check
// under them, or they are not taken.
func TestTraitsAsAnEdit(t *testing.T) {
	t.Parallel()
	rule := "    purpose: service\n    policies: [{id: r, kind: eligibility, when: 'trait(\"plan\") == \"basic\"', why: w}]"
	files := fstest.MapFS{"a.yaml": &fstest.MapFile{Data: []byte(catalogueText(actionText("one", rule)))}}
	plain, err := decide.LoadCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	const good, bad = `{"traits":[{"name":"plan","type":"string"}]}`, `{"traits":[{"name":"plan","type":"number"}]}`
	if err := plain.CheckTraits(json.RawMessage(good)); err != nil {
		t.Error(err)
	}
	for doc, want := range map[string]string{
		bad:                              "action one would not check any more",
		`{"traits":[]}`:                  "action one would not check any more",
		`{"traits":[{"name":"plan"}]}`:   "type",
		`{"trait":[]}`:                   "is not a known key",
		`{"traits":[{"name":"plan",2]}}`: "is not one JSON object",
	} {
		if p, ok := errors.AsType[*strict.Problem](plain.CheckTraits(json.RawMessage(doc))); !ok || !strings.Contains(p.Error(), want) {
			t.Errorf("%s: %v, want %q", doc, p, want)
		}
	}
	edit := decide.Edit{Kind: decide.TraitsEdit, ID: decide.TraitsEdit, Doc: json.RawMessage(good)}
	live, asides, err := decide.Compose(files, []decide.Edit{edit})
	if err != nil || len(asides) > 0 || live.Takes(customer.Trait{Name: "plan", Value: 1.0}) == "" || live.Version() == plain.Version() {
		t.Errorf("in force: %v, aside %v", err, asides)
	}
	again, err := live.Export()
	if err != nil || !strings.Contains(string(again[decide.TraitsFile]), "name: plan") {
		t.Errorf("exported: %q, %v", again[decide.TraitsFile], err)
	}
	if err := live.CheckAction("two", json.RawMessage(strings.ReplaceAll(twoEdit, "PLAN", "plam"))); err == nil || !strings.Contains(err.Error(), "not declared") {
		t.Errorf("an action that asks for what is not declared: %v", err)
	}
	if err := live.CheckAction("two", json.RawMessage(strings.ReplaceAll(twoEdit, "PLAN", "plan"))); err != nil {
		t.Error(err)
	}
	edit.Doc = json.RawMessage(bad)
	aside, asides, err := decide.Compose(files, []decide.Edit{edit})
	if err != nil || len(asides) != 1 || asides[0].Kind != decide.TraitsEdit || aside.Takes(customer.Trait{Name: "plan", Value: 1.0}) != "" {
		t.Errorf("one that the files do not check under: %v, aside %v", err, asides)
	}
	edit.Retired = true
	if _, asides, err := decide.Compose(files, []decide.Edit{edit}); err != nil || len(asides) > 0 {
		t.Errorf("retired: %v, aside %v", err, fmt.Sprint(asides))
	}
}

const twoEdit = `{"id":"two","issue":"i","group":"g","purpose":"service","title":"T","say":"S","channels":["web"],"value":{"margin":4},"prior":{"p":0.2},` +
	`"policies":[{"id":"r","kind":"eligibility","when":"trait(\"PLAN\") == \"x\"","why":"w"}]}`

// TestSensitiveTraitsAreNotUsed: no model is told of one, and the person is not
// told that what has no words counted.
func TestSensitiveTraitsAreNotUsed(t *testing.T) {
	t.Parallel()
	cat, err := declaring("true")
	if err != nil {
		t.Fatal(err)
	}
	f := features(t, "  - {name: plan, kind: category, of: plan}\n  - {name: home, kind: category, of: mascot}\n")
	d, err := decide.New(decide.Options{Catalogue: cat, Features: f})
	if err != nil {
		t.Fatal(err)
	}
	r := request(cus("c"), nil)
	has("plan", "plus")(&r.Profile)
	has("mascot", "any")(&r.Profile)
	if got := fmt.Sprint(d.Decide("d", r).Features); !strings.Contains(got, "plus") || strings.Contains(got, "home") || strings.Contains(got, "any") {
		t.Errorf("the model is told %s", got)
	}
}
