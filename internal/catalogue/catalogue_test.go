package catalogue_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"heed/fixtures"
	"heed/internal/catalogue"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/strict"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, time.March, 3, 12, 0, 0, 0, time.UTC)

// rig is a service over a real store and the demonstration's files.
type rig struct {
	*catalogue.Service

	store   *store.Store
	decider *decide.Decider
	alone   bool
}

func newRig(t *testing.T, alone bool) *rig {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	base, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: base})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{store: db, decider: d, alone: alone}
	r.open(t)
	return r
}

// open starts the service anew, as after a restart.
func (r *rig) open(t *testing.T) {
	t.Helper()
	s, err := catalogue.Open(t.Context(), catalogue.Options{
		Store: r.store, Files: fixtures.Actions(), Decider: r.decider, Alone: r.alone,
		Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Service = s
}

func doc(id, title string) json.RawMessage {
	return json.RawMessage(`{"id":"` + id + `","issue":"sales","group":"upgrades","purpose":"marketing","channels":["agent"],"title":"` + title + `","say":"S","value":{"margin":5},"prior":{"p":0.2}}`)
}

func edit(id, title string, based int64, by string) catalogue.Edit {
	return catalogue.Edit{Kind: "action", ID: id, Doc: doc(id, title), Based: based, By: by, Why: "spring"}
}

func move(id string, version int64, to, by string) catalogue.Move {
	return catalogue.Move{Kind: "action", ID: id, Version: version, To: to, By: by, Why: "fine"}
}

func (r *rig) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// title gives what is in force of an action, with a mark when it is retired.
func (r *rig) title(id string) string {
	for _, a := range r.decider.Catalogue().Actions() {
		if a.ID == id && a.Retired {
			return "(" + a.Title + ")"
		}
		if a.ID == id {
			return a.Title
		}
	}
	return ""
}

func TestAnActionGoesLiveAndStaysSo(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, false), t.Context()
	filed := r.title("up.fibre")
	_, err := r.Draft(ctx, edit("up.fibre", "One", 0, "Ada"))
	r.must(t, err)
	if r.title("up.fibre") != filed {
		t.Error("a draft is in force")
	}
	for _, m := range []catalogue.Move{move("up.fibre", 1, "live", "Bo"), move("up.fibre", 1, "reviewed", "Ada"), move("up.fibre", 1, "retired", "Bo")} {
		if _, err := r.Move(ctx, m); !isRefused(err) {
			t.Errorf("%+v gave %v", m, err)
		}
	}
	for _, m := range []catalogue.Move{move("up.fibre", 1, "reviewed", "Bo"), move("up.fibre", 1, "live", "Ada")} {
		_, err := r.Move(ctx, m)
		r.must(t, err)
	}
	if got := r.title("up.fibre"); got != "One" {
		t.Errorf("in force: %q", got)
	}
	r.open(t)
	if got := r.title("up.fibre"); got != "One" {
		t.Errorf("after a restart: %q", got)
	}
	item, err := r.Item(ctx, "action", "up.fibre")
	r.must(t, err)
	if len(item.Versions) != 2 || item.Versions[1].State != "retired" || item.Versions[1].Version != 0 || len(item.Steps) != 3 || item.Steps[1].By != "Bo" || !item.Steps[1].At.Equal(noon) {
		t.Errorf("kept: %+v", item)
	}
	told, err := r.store.Events(ctx, event.Query{Types: []event.Type{event.CatalogueChanged}})
	r.must(t, err)
	if len(told) != 3 || !strings.Contains(string(told[2].Data), `"live"`) {
		t.Errorf("events: %v", told)
	}
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*catalogue.Refused](err)
	return ok
}

// TestTwoDesigners: the second gets both versions, and neither is lost.
func TestTwoDesigners(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, true), t.Context()
	_, err := r.Draft(ctx, edit("up.fibre", "Hers", 0, "Ada"))
	r.must(t, err)
	_, err = r.Draft(ctx, edit("up.fibre", "His", 0, "Bo"))
	c, ok := errors.AsType[*catalogue.Conflict](err)
	if !ok || !errors.Is(err, store.ErrConflict) || c.Theirs.Version != 1 || !strings.Contains(string(c.Theirs.Doc), "Hers") || !strings.Contains(string(c.Yours), "His") {
		t.Fatalf("got %v", err)
	}
	_, err = r.Draft(ctx, edit("up.fibre", "His", 1, "Bo"))
	r.must(t, err)
	if _, err := r.Move(ctx, move("up.fibre", 1, "live", "Ada")); !isRefused(err) {
		t.Errorf("an older draft went live: %v", err)
	}
	if _, err := r.Draft(ctx, edit("up.none", "X", 3, "Bo")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a version of nothing: %v", err)
	}
	diff, err := r.Diff(ctx, "action", "up.fibre", 1, 2)
	r.must(t, err)
	if fmt.Sprintf("%s", diff) != `[{title "Hers" "His"}]` {
		t.Errorf("difference %s", diff)
	}
	if _, err := r.Diff(ctx, "action", "up.fibre", 1, 9); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a version that is none: %v", err)
	}
}

func TestAnActionOfTheFilesIsRetired(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, false), t.Context()
	filed := r.title("up.fibre")
	_, err := r.Move(ctx, move("up.fibre", 0, "retired", "Ada"))
	r.must(t, err)
	r.open(t)
	if got := r.title("up.fibre"); got != "("+filed+")" {
		t.Errorf("in force: %q", got)
	}
	if _, err := r.Move(ctx, move("up.fibre", 0, "retired", "Ada")); !isRefused(err) {
		t.Errorf("retired twice: %v", err)
	}
	if _, err := r.Move(ctx, move("up.nothing", 0, "retired", "Ada")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("retired nothing: %v", err)
	}
	_, err = r.Draft(ctx, edit("up.fibre", "Again", 0, "Ada"))
	r.must(t, err)
	list, err := r.List(ctx)
	r.must(t, err)
	for _, l := range list {
		if l.ID == "up.fibre" && (l.State != "retired" || l.NewestState != "draft" || l.Newest != 1 || l.Version != 0) {
			t.Errorf("listed as %+v", l)
		}
	}
}

func TestLeversComeAndEnd(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, true), t.Context()
	e := catalogue.Edit{Kind: "lever", ID: "spring", By: "Ada", Doc: json.RawMessage(`{"scope":"group","name":"upgrades","percent":20,"owner":"Ada","reason":"spring","from":"2026-03-01T00:00:00Z","until":"2026-04-01T00:00:00Z"}`)}
	_, err := r.Draft(ctx, e)
	r.must(t, err)
	before := r.decider.Catalogue().Version()
	_, err = r.Move(ctx, catalogue.Move{Kind: "lever", ID: "spring", Version: 1, To: "live", By: "Ada"})
	r.must(t, err)
	if r.decider.Catalogue().Version() == before {
		t.Error("the lever is not in force")
	}
	_, err = r.Move(ctx, catalogue.Move{Kind: "lever", ID: "spring", Version: 1, To: "retired", By: "Bo"})
	r.must(t, err)
	e.Doc, e.Based = json.RawMessage(`{"scope":"group","name":"nothing"}`), 1
	if _, ok := errors.AsType[*strict.Problem](second(r.Draft(ctx, e))); !ok {
		t.Error("a lever on nothing was taken")
	}
}

// TestThePolicyHasVersions: a draft is not in force, what is live is, and
// without one the files hold again; every step is kept.
func TestThePolicyHasVersions(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, true), t.Context()
	filed := r.decider.Catalogue().PolicyVersion()
	e := catalogue.Edit{Kind: "policy", ID: "policy", By: "Ada", Why: "spring", Doc: json.RawMessage(`{"limits":{"email":{"most":2}}}`)}
	_, err := r.Draft(ctx, e)
	r.must(t, err)
	if r.decider.Catalogue().PolicyVersion() != filed {
		t.Error("a draft is in force")
	}
	if c, ok := errors.AsType[*catalogue.Conflict](second(r.Draft(ctx, e))); !ok || !strings.Contains(string(c.Theirs.Doc), "most") {
		t.Errorf("two designers: %v", c)
	}
	for _, bad := range []catalogue.Edit{
		{Kind: "policy", ID: "other", Doc: e.Doc},
		{Kind: "policy", ID: "policy", Based: 1, Doc: json.RawMessage(`{"limits":{"email":{"most":-2}}}`)},
		{Kind: "policy", ID: "policy", Based: 1, Doc: json.RawMessage(`{"limit":{}}`)},
	} {
		if p, ok := errors.AsType[*strict.Problem](second(r.Draft(ctx, bad))); !ok || p.Reason == "" || p.Field == "" {
			t.Errorf("%s was taken: %+v", bad.Doc, p)
		}
	}
	to := func(state string) {
		t.Helper()
		_, err := r.Move(ctx, catalogue.Move{Kind: "policy", ID: "policy", Version: 1, To: state, By: "Ada", Why: "fine"})
		r.must(t, err)
	}
	to("live")
	r.open(t)
	if d := r.decider.Catalogue().Differences(); len(d) != 1 || d[0].Field != "limits.email.most" {
		t.Errorf("in force: %v", d)
	}
	diff, err := r.Diff(ctx, "policy", "policy", 0, 1)
	r.must(t, err)
	if !strings.Contains(fmt.Sprintf("%s", diff), `{limits.email.most "1" "2"}`) && !strings.Contains(fmt.Sprintf("%s", diff), `{limits.email.most 1 2}`) {
		t.Errorf("difference %s", diff)
	}
	to("retired")
	line := func() (out catalogue.Line) {
		list, err := r.List(ctx)
		r.must(t, err)
		for _, l := range list {
			if l.Kind == "policy" {
				out = l
			}
		}
		return out
	}
	if l := line(); r.decider.Catalogue().PolicyVersion() != filed || l.State != "live" || l.Version != 0 || l.Newest != 1 {
		t.Errorf("retired: %+v", l)
	}
	item, err := r.Item(ctx, "policy", "policy")
	r.must(t, err)
	if len(item.Steps) != 3 || len(item.Versions) != 2 || item.Versions[1].State != "live" {
		t.Errorf("kept: %+v", item)
	}
}

func second[T any](_ T, err error) error { return err }

// TestWhatIsNotUnderstoodIsSetAside: a version that an older program took does
// not stop the start of this one.
func TestWhatIsNotUnderstoodIsSetAside(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, true), t.Context()
	old := catalogue.Version{Kind: "action", ID: "up.fibre", Version: 1, State: "live", Author: "Ada", Doc: json.RawMessage(`{"id":"up.fibre","colour":"red"}`)}
	r.must(t, r.store.Write(ctx, func(tx *store.Tx) error { return tx.AddCatalogueVersion(old) }))
	r.open(t)
	if a := r.Asides(); len(a) != 1 || a[0].ID != "up.fibre" || !strings.Contains(a[0].Reason, "colour") || r.title("up.fibre") != "" {
		t.Errorf("aside %+v, in force %q", a, r.title("up.fibre"))
	}
	_, err := r.Draft(ctx, edit("up.fibre", "Mended", 1, "Ada"))
	r.must(t, err)
	_, err = r.Move(ctx, move("up.fibre", 2, "live", "Ada"))
	r.must(t, err)
	if len(r.Asides()) != 0 || r.title("up.fibre") != "Mended" {
		t.Errorf("aside %+v, in force %q", r.Asides(), r.title("up.fibre"))
	}
}

// TestAnyOrderOfSteps: whatever people try, one version at most is live, what
// is in force is what is stored, also after a restart, nobody reviews their
// own, and every change of state has its step.
func TestAnyOrderOfSteps(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, false), t.Context()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		id := fmt.Sprintf("act.%d", n)
		newest, want := int64(0), ""
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			by := rapid.SampledFrom([]string{"Ada", "Bo"}).Draw(rt, "by")
			if rapid.Bool().Draw(rt, "drafts") {
				v, err := r.Draft(ctx, edit(id, fmt.Sprintf("T%d", newest+1), newest, by))
				if err != nil {
					rt.Fatal(err)
				}
				newest = v.Version
				continue
			}
			m := move(id, rapid.Int64Range(1, newest+1).Draw(rt, "version"), rapid.SampledFrom([]string{"reviewed", "live", "retired", "draft", "x"}).Draw(rt, "to"), by)
			v, err := r.Move(ctx, m)
			switch {
			case err != nil && !isRefused(err) && !errors.Is(err, store.ErrNotFound):
				rt.Fatal(err)
			case err != nil:
				continue
			case m.To == "reviewed" && v.Author == by:
				rt.Fatal("somebody reviewed their own")
			case m.To == "live":
				want = fmt.Sprintf("T%d", m.Version)
			case m.To == "retired":
				want = "(" + want + ")"
			}
			if got := r.title(id); got != want {
				rt.Fatalf("after %+v %q is in force, want %q", m, got, want)
			}
		}
		r.open(t)
		if got := r.title(id); got != want {
			rt.Fatalf("after a restart %q is in force, want %q", got, want)
		}
		item, err := r.Item(ctx, "action", id)
		if newest > 0 && err != nil {
			rt.Fatal(err)
		}
		live := 0
		for _, v := range item.Versions {
			if v.State == "live" {
				live++
			}
			last := ""
			for _, s := range item.Steps {
				if s.Version == v.Version {
					last = s.State
				}
			}
			if last != v.State {
				rt.Fatalf("version %d is %s and its last step %s", v.Version, v.State, last)
			}
		}
		if live > 1 {
			rt.Fatalf("%d live versions", live)
		}
	})
}

// TestDeclaredTraitsHaveVersions: what is declared is checked with all rules,
// goes live and is gone again.
func TestDeclaredTraitsHaveVersions(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, true), t.Context()
	item, err := r.Item(ctx, "traits", "traits")
	r.must(t, err)
	doc := string(item.Versions[0].Doc)
	edit := func(doc string) error {
		_, err := r.Draft(ctx, catalogue.Edit{Kind: "traits", ID: "traits", By: "Ada", Why: "new", Doc: json.RawMessage(doc)})
		return err
	}
	if p, ok := errors.AsType[*strict.Problem](edit(strings.Replace(doc, `"name":"arrears","type":"boolean"`, `"name":"arrears","type":"string"`, 1))); !ok || !strings.Contains(p.Reason, "would not check any more") {
		t.Errorf("arrears that are a text: %v", p)
	}
	r.must(t, edit(strings.Replace(doc, `"name":"city","type":"string"`, `"name":"city","type":"enum","values":["Springfield"]`, 1)))
	takes := func(value string) bool {
		return r.decider.Catalogue().Takes(customer.Trait{Name: "city", Value: value}) == ""
	}
	for _, c := range []struct {
		state  string
		others bool
	}{{"live", false}, {"retired", true}} {
		_, err := r.Move(ctx, catalogue.Move{Kind: "traits", ID: "traits", Version: 1, To: c.state, By: "Ada", Why: "fine"})
		r.must(t, err)
		r.open(t)
		if !takes("Springfield") || takes("Elsewhere") != c.others {
			t.Errorf("%s: another city is taken: %v", c.state, takes("Elsewhere"))
		}
	}
}

// TestTheWayBack: a draft is dropped, and what was live is live again, that of
// the files too, without another review.
func TestTheWayBack(t *testing.T) {
	t.Parallel()
	r, ctx := newRig(t, false), t.Context()
	filed := r.title("up.fibre")
	for n, title := range []string{"One", "Two"} {
		v := int64(n) + 1
		_, err := r.Draft(ctx, edit("up.fibre", title, int64(n), "Ada"))
		r.must(t, err)
		for _, to := range []string{"reviewed", "live"} {
			_, err := r.Move(ctx, move("up.fibre", v, to, "Bo"))
			r.must(t, err)
		}
	}
	for _, back := range []struct {
		version int64
		want    string
	}{{1, "One"}, {0, filed}, {2, "Two"}} {
		_, err := r.Move(ctx, move("up.fibre", back.version, "live", "Ada"))
		r.must(t, err)
		if got := r.title("up.fibre"); got != back.want {
			t.Errorf("back to %d: %q", back.version, got)
		}
	}
	_, err := r.Draft(ctx, edit("up.fibre", "Three", 2, "Ada"))
	r.must(t, err)
	_, err = r.Move(ctx, move("up.fibre", 3, "dropped", "Ada"))
	r.must(t, err)
	for _, to := range []string{"reviewed", "live", "dropped", "retired"} {
		if _, err := r.Move(ctx, move("up.fibre", 3, to, "Bo")); !isRefused(err) {
			t.Errorf("what was dropped goes to %s: %v", to, err)
		}
	}
	r.open(t)
	if got := r.title("up.fibre"); got != "Two" {
		t.Errorf("after a restart: %q", got)
	}
	lines, err := r.List(ctx)
	r.must(t, err)
	for _, l := range lines {
		if l.ID == "up.fibre" && (l.Newest != 2 || l.NewestState != "live" || l.Version != 2) {
			t.Errorf("listed: %+v", l)
		}
	}
	if _, err := r.Draft(ctx, edit("up.fibre", "Four", 3, "Bo")); err != nil {
		t.Errorf("after what was dropped: %v", err)
	}
}
