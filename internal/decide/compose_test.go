package decide_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/strict"
)

// fibreEdit is up.fibre of oneAction as a designer changed it.
const fibreEdit = `{"id":"up.fibre","issue":"sales","group":"upgrades","purpose":"marketing","channels":["agent"],
 "title":"Offer fibre \ud83d\ude00 \/ now","say":"Fibre <is> here.","value":{"margin":50},"prior":{"p":0.2},
 "valid":{"until":"2027-01-01T00:00:00Z"}}`

func compose(t *testing.T, edits ...decide.Edit) (*decide.Catalogue, []decide.Aside) {
	t.Helper()
	c, aside, err := decide.Compose(fstest.MapFS{"a.yaml": {Data: []byte(oneAction)}}, edits)
	if err != nil {
		t.Fatal(err)
	}
	return c, aside
}

func fibre(doc string) decide.Edit {
	return decide.Edit{Kind: decide.ActionEdit, ID: "up.fibre", Doc: json.RawMessage(doc)}
}

func TestEditsLieOverTheFiles(t *testing.T) {
	t.Parallel()
	base, aside := compose(t)
	if len(aside) != 0 || base.Actions()[0].Title != "Offer fibre" {
		t.Fatalf("without edits: %+v, aside %v", base.Actions(), aside)
	}
	other := fibre(strings.Replace(fibreEdit, "up.fibre", "up.more", 1))
	other.ID = "up.more"
	lever := decide.Edit{Kind: decide.LeverEdit, ID: "l1", Doc: json.RawMessage(`{"scope":"action","name":"up.more","percent":10,"owner":"O","reason":"R","from":"2026-04-01T00:00:00Z","until":"2026-05-01T00:00:00Z"}`)}
	c, aside := compose(t, lever, fibre(fibreEdit), other)
	got := c.Actions()
	if len(got) != 2 || len(aside) != 0 || got[0].Title != "Offer fibre \U0001F600 / now" || got[1].ID != "up.more" {
		t.Errorf("%+v, aside %v", got, aside)
	}
	if c.Version() == base.Version() {
		t.Error("an edit left the version as it was")
	}
	gone := fibre(fibreEdit)
	gone.Retired = true
	if c, _ := compose(t, gone); !c.Actions()[0].Retired {
		t.Error("a retired action is on offer")
	}
}

func TestAnEditThatDoesNotCheckIsSetAside(t *testing.T) {
	t.Parallel()
	two := oneAction + "\n"
	files := fstest.MapFS{"a.yaml": {Data: []byte(two)}, "b.yaml": {Data: []byte(strings.ReplaceAll(strings.Split(two, "levers:")[0], "up.fibre", "up.other"))}}
	c, aside, err := decide.Compose(files, []decide.Edit{fibre(`{"id":"up.fibre","gone_key":1}`), {Kind: decide.LeverEdit, ID: "l", Doc: json.RawMessage(`{"scope":"action","name":"none"}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(aside) != 2 || aside[0].ID != "up.fibre" || !strings.Contains(aside[0].Reason, "gone_key") {
		t.Errorf("aside: %+v", aside)
	}
	if got := c.Actions(); len(got) != 1 || got[0].ID != "up.other" {
		t.Errorf("in force: %+v", got)
	}
}

func TestActionsAreCheckedAlone(t *testing.T) {
	t.Parallel()
	if err := new(decide.Catalogue).CheckAction("up.fibre", []byte(fibreEdit)); err != nil {
		t.Error(err)
	}
	if err := new(decide.Catalogue).CheckAction("up.phone", []byte(fibreEdit)); err == nil || !strings.Contains(err.Error(), "id: ") {
		t.Errorf("another id: %v", err)
	}
	for doc, want := range map[string][2]string{
		strings.Replace(fibreEdit, `"margin":50`, `"margin":0`, 1): {"value", "worth nothing"},
		strings.Replace(fibreEdit, `"margin"`, `"margn"`, 1):       {"value", "margn"},
		strings.Replace(fibreEdit, `"p":0.2`, `"p":7`, 1):          {"prior.p", "below 1"},
		strings.Replace(fibreEdit, `"valid"`, `"policies":[{"id":"x","kind":"contact","when":"signal(\"churn\")>1.0","why":"w"}],"valid"`, 1): {"policies[0].when", "no signal"},
		`[]`:    {"", "JSON object"},
		`{} {}`: {"", "JSON object"},
		`null`:  {"", "JSON object"},
		`{"a":`: {"", "JSON object"},
	} {
		err := new(decide.Catalogue).CheckAction("up.fibre", []byte(doc))
		p, ok := errors.AsType[*strict.Problem](err)
		if !ok || !strings.HasPrefix(p.Field, want[0]) || !strings.Contains(p.Error(), want[1]) || strings.Contains(p.Field, "[0].value") {
			t.Errorf("%s\ngave %v, want %v", doc, err, want)
		}
	}
}

func TestLeversAreCheckedAlone(t *testing.T) {
	t.Parallel()
	c, _ := compose(t)
	good := `{"scope":"group","name":"upgrades","percent":10,"owner":"O","reason":"R","from":"2026-04-01T00:00:00Z","until":"2026-05-01T00:00:00Z"}`
	if err := c.CheckLever([]byte(good)); err != nil {
		t.Error(err)
	}
	for change, field := range map[[2]string]string{
		{`upgrades`, `nobody`}: "name", {`"O"`, `""`}: "owner", {`2026-05-01`, `2026-07-02`}: "until", {`10`, `1e9`}: "percent",
	} {
		p, ok := errors.AsType[*strict.Problem](c.CheckLever([]byte(strings.Replace(good, change[0], change[1], 1))))
		if !ok || p.Field != field {
			t.Errorf("%v gave %v, want %s refused", change, p, field)
		}
	}
}

// TestAnotherCatalogueIsUsed: what is decided changes at once, a decision of
// the old catalogue is to be made again, and nobody sees half of either.
func TestAnotherCatalogueIsUsed(t *testing.T) {
	t.Parallel()
	old, _ := compose(t)
	edited, _ := compose(t, fibre(fibreEdit))
	d, err := decide.New(decide.Options{Catalogue: old})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() decide.Decision {
		return d.Decide("x", request(cus("c"), grant(consent.Marketing), "intent.upgrade_interest"))
	}
	before := ask()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 200 {
			d.Use([]*decide.Catalogue{edited, old}[i%2])
		}
	}()
	for range 200 {
		got := ask()
		if len(got.Actions) != 1 || (got.Versions["catalogue"] == edited.Version()) != strings.Contains(got.Actions[0].Title, "now") {
			t.Fatalf("half of two catalogues: %s %+v", got.Versions["catalogue"], got.Actions)
		}
	}
	<-done
	d.Use(edited)
	if d.Options().Catalogue != edited {
		t.Error("a decider made like this one would have the old catalogue")
	}
	if !d.Affected(before, nil) || d.Affected(ask(), nil) {
		t.Error("a decision of another catalogue is to be made again, and only that")
	}
}

// BenchmarkComposeLarge is what a publication costs at the size that is
// promised: 2,500 actions with 5,000 treatments.
func BenchmarkComposeLarge(b *testing.B) {
	files := fstest.MapFS{}
	for f := range 25 {
		var text strings.Builder
		text.WriteString("version: 1\nactions:\n")
		for i := range 100 {
			one := strings.ReplaceAll(strings.TrimPrefix(strings.Split(oneAction, "levers:")[0], "version: 1\nactions:\n"), "up.fibre", fmt.Sprintf("up.a%d", f*100+i))
			text.WriteString(one + "      - {id: web.v1, channel: web, language: en, title: T, say: S}\n")
		}
		files[fmt.Sprintf("f%02d.yaml", f)] = &fstest.MapFile{Data: []byte(text.String())}
	}
	edits := []decide.Edit{fibre(fibreEdit)}
	for b.Loop() {
		if c, aside, err := decide.Compose(files, edits); err != nil || len(aside) != 0 || len(c.Actions()) != 2501 {
			b.Fatal(err, aside)
		}
	}
}

func FuzzCheckAction(f *testing.F) {
	f.Add([]byte(fibreEdit))
	f.Add([]byte(`{"id":"a","policies":[{"when":"1/0 == 1"}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		err := new(decide.Catalogue).CheckAction("up.fibre", doc)
		if _, ok := errors.AsType[*strict.Problem](err); err != nil && !ok {
			t.Fatalf("got %v, want a refusal with its place", err)
		}
	})
}
