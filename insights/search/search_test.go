package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/event"
)

// bleve starts its analysis workers with the package and never stops them.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

var day = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// spoken makes the event of an utterance; seq is its number and its minute.
func spoken(seq int64, who insights.Speaker, text string, found ...insights.Insight) event.Event {
	return spokenIn("en-US", seq, who, text, found...)
}

// spokenIn makes that of an utterance in a language.
func spokenIn(language string, seq int64, who insights.Speaker, text string, found ...insights.Insight) event.Event {
	u := insights.Utterance{
		Language: language, ID: fmt.Sprintf("u%03d", seq), CallID: fmt.Sprintf("call%d", seq%2), Speaker: who, Text: text,
		Start: insights.Seconds(seq), End: insights.Seconds(seq) + 2.5,
	}
	e, err := event.New(event.UtteranceSpoken, day.Add(time.Duration(seq)*time.Minute), event.About{Subject: u.CallID, Call: u.CallID}, said{Utterance: u, Insights: found})
	if err != nil {
		panic(err)
	}
	e.Seq = seq
	return e
}

func intent(name string) insights.Insight { return insights.Insight{Kind: insights.Intent, Name: name} }

func theme(name string) insights.Insight { return insights.Insight{Kind: insights.Theme, Name: name} }

func corpus() []event.Event {
	return []event.Event{
		spoken(1, insights.Agent, "good morning this is customer care how may i help you"),
		spoken(2, insights.Customer, "I want to cancel my contract, it's too expensive", intent("cancel"), theme("price")),
		spoken(3, insights.Customer, "my order is late and i want a refund for the late delivery", intent("refund"), theme("late_delivery")),
		spoken(4, insights.Agent, "i will refund the delivery"),
		spokenIn("ar", 5, insights.Customer, "أريد إلغاء العقد من فضلك"),
		spokenIn("is", 6, insights.Customer, "Ég vil segja upp samningnum mínum, þetta er of dýrt"),
		spoken(7, insights.Customer, "refunds are slow and delivery is late", theme("late_delivery")),
		{Seq: 8, Type: event.CallEnded, Time: day},
	}
}

func open(t *testing.T, dir string, o Options) *Index {
	t.Helper()
	x, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func filled(t *testing.T) *Index {
	t.Helper()
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	if err := x.Handle(t.Context(), corpus()); err != nil {
		t.Fatal(err)
	}
	return x
}

// find gives the ids of a query's hits, in order.
func find(t *testing.T, x *Index, q Query) []string {
	t.Helper()
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	ids := []string{}
	for _, h := range r.Hits {
		ids = append(ids, h.UtteranceID)
	}
	return ids
}

func TestSearch(t *testing.T) {
	x := filled(t)
	for _, c := range []struct {
		q    Query
		want []string
	}{
		{Query{Text: "cancel"}, []string{"u002"}},
		{Query{Text: "CANCEL contract"}, []string{"u002"}},
		{Query{Text: "refund delivery"}, []string{"u004", "u003", "u007"}}, // u007 has refunds
		{Query{Text: "refund -late"}, []string{"u004"}},
		{Query{Text: `"refund"`}, []string{"u004", "u003"}},
		{Query{Text: "delivery -refunded"}, []string{}},
		{Query{Text: `delivery -"refund"`}, []string{"u007"}},
		{Query{Text: `"late delivery"`}, []string{"u003"}},
		{Query{Text: `-"late delivery" delivery`}, []string{"u004", "u007"}},
		{Query{Text: "refund*"}, []string{"u007", "u004", "u003"}},
		{Query{Text: "refund speaker:agent"}, []string{"u004"}},
		{Query{Text: "intent:cancel"}, []string{"u002"}},
		{Query{Text: "intent:refund"}, []string{"u003"}},
		{Query{Text: `theme:"late delivery"`}, []string{"u007", "u003"}},
		{Query{Text: "theme:late_delivery -speaker:agent slow"}, []string{"u007"}},
		{Query{Text: "العقد"}, []string{"u005"}},
		{Query{Text: "samning*"}, []string{"u006"}},
		{Query{Text: "ÞETTA dýrt"}, []string{"u006"}},
		{Query{Text: "nothing"}, []string{}},
		{Query{Text: "call:call1 refund*"}, []string{"u007", "u003"}},
		{Query{Text: "call:call0"}, []string{"u006", "u004", "u002"}},
		{Query{Text: ""}, []string{"u007", "u006", "u005", "u004", "u003", "u002", "u001"}},
		{Query{Text: "date:2026-11-02 cancel"}, []string{"u002"}},
		{Query{Text: "date:2026-11-03.. cancel"}, []string{}},
		{Query{Text: "date:..2026-11-02 cancel"}, []string{"u002"}},
		{Query{Text: "it's"}, []string{"u002"}},
		{Query{Text: "contract OR slow"}, []string{"u007", "u002"}},
		{Query{Text: "(contract OR refund) speaker:customer"}, []string{"u002", "u003", "u007"}},
		{Query{Text: "refund AND NOT (late OR slow)"}, []string{"u004"}},
		{Query{Text: "NOT speaker:customer"}, []string{"u004", "u001"}},
		{Query{Text: "expansive~ contract"}, []string{"u002"}},
		{Query{Text: "contarct~1"}, []string{"u002"}},
		{Query{Text: "deliverey~2 -refund"}, []string{}},
		{Query{Text: `"delivery refund"~2`}, []string{"u004"}},
		{Query{Text: `"delivery refund"~3`}, []string{"u004", "u003"}},
		{Query{Text: `"refund delivery"~0`}, []string{}},
		{Query{Text: "at:<3s"}, []string{"u002", "u001"}},
		{Query{Text: "at:4..6 -speaker:agent"}, []string{"u006", "u005"}},
		{Query{Text: "first:customer"}, []string{"u003", "u002"}},
		{Query{Text: "first:agent"}, []string{"u004", "u001"}},
		{Query{Text: "language:ar OR language:IS"}, []string{"u006", "u005"}},
		{Query{Text: "late then<3s slow"}, []string{"u007"}},
		{Query{Text: "late then<1s slow"}, []string{}},
		{Query{Text: "slow then late"}, []string{}},
		{Query{Text: "speaker:customer cancel then speaker:agent refund"}, []string{"u004"}},
		{Query{Text: "good then late then slow"}, []string{"u007"}},
		{Query{Text: `"then"`}, []string{}},
	} {
		if diff := cmp.Diff(c.want, find(t, x, c.q)); diff != "" {
			t.Errorf("%+v: %s", c.q, diff)
		}
	}
}

func TestHit(t *testing.T) {
	r, err := filled(t).Search(t.Context(), Query{Text: `expensive cancel "my contract"`})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Hits) != 1 || r.Total != 1 || r.Next != "" || r.State != Complete {
		t.Fatalf("%+v", r)
	}
	h := r.Hits[0]
	want := Hit{
		CallID: "call0", UtteranceID: "u002", Speaker: insights.Customer, Start: 2, End: 4.5,
		Text: "I want to cancel my contract, it's too expensive", At: day.Add(2 * time.Minute), Score: h.Score,
		Highlight: []insights.Span{{From: 10, To: 28}, {From: 39, To: 48}},
	}
	if diff := cmp.Diff(want, h); diff != "" || h.Score <= 0 {
		t.Error(diff)
	}
	r, err = filled(t).Search(t.Context(), Query{Text: "dýrt"})
	if err != nil || len(r.Hits) != 1 {
		t.Fatal(r, err)
	}
	if h := r.Hits[0]; h.Text[h.Highlight[0].From:h.Highlight[0].To] != "dýrt" {
		t.Errorf("highlight %v of %q", h.Highlight, h.Text)
	}
}

// TestHitsAreShownAsWritten finds by the words as they were heard, marks them
// there, and gives the written form with its alignment beside them.
func TestHitsAreShownAsWritten(t *testing.T) {
	u := insights.Utterance{
		ID: "u1", CallID: "c", Language: "en", Text: "i pay fifty dollars", Written: "I pay $50.", WrittenWords: []int{1, 1, 2},
	}
	e, err := event.New(event.UtteranceSpoken, day, event.About{Subject: "c", Call: "c"}, said{Utterance: u})
	if err != nil {
		t.Fatal(err)
	}
	e.Seq = 1
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	if err := x.Handle(t.Context(), []event.Event{e}); err != nil {
		t.Fatal(err)
	}
	r, err := x.Search(t.Context(), Query{Text: "fifty"})
	if err != nil || len(r.Hits) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	h := r.Hits[0]
	if h.Written != u.Written || !slices.Equal(h.Words, u.WrittenWords) || h.Text[h.Highlight[0].From:h.Highlight[0].To] != "fifty" {
		t.Errorf("%+v", h)
	}
}

// Words are found by the stems of the language in which they were said.
func TestStems(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	err := x.Handle(t.Context(), []event.Event{
		spoken(1, insights.Customer, "please cancel it"),
		spoken(2, insights.Customer, "I Cancelled the order's delivery"),
		spokenIn("EN", 3, insights.Customer, "we are cancelling both orders, and the cancellation fee"),
		spokenIn("de", 4, insights.Customer, "wir wurden gecancelt, orders"),
		spokenIn("", 5, insights.Customer, "they cancelled charges"),
		spokenIn("fr", 6, insights.Customer, "trois cancels et deux charge"),
		spoken(7, insights.Customer, "e\u0301crits are charging me twice"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		want  []string
		marks []string // what is highlighted in the first
	}{
		{"cancel", []string{"u001", "u006", "u003", "u002"}, []string{"cancel"}},
		{"cancelled", []string{"u002", "u005", "u001", "u003"}, []string{"Cancelled"}},
		{"cancelling", []string{"u003", "u001", "u002"}, []string{"cancelling", "cancellation"}},
		{"CANCELS order", []string{"u002", "u003"}, []string{"Cancelled", "order's"}},
		{`"cancelled"`, []string{"u005", "u002"}, []string{"cancelled"}},
		{`"cancel the"`, nil, nil},
		{"cancell*", []string{"u003", "u005", "u002"}, []string{"cancelling", "cancellation"}},
		{"order", []string{"u002", "u003"}, []string{"order's"}},
		{"orders", []string{"u004", "u003", "u002"}, []string{"orders"}},
		{"charge", []string{"u006", "u007"}, []string{"charge"}},
		{"charged", []string{"u007"}, []string{"charging"}},
		{"order -cancelled", nil, nil},
		{`order -"cancelled"`, []string{"u003"}, []string{"orders"}},
		{"we'll", nil, nil},
		{"the", []string{"u002", "u003"}, []string{"the"}},
	} {
		r, err := x.Search(t.Context(), Query{Text: c.text})
		if err != nil {
			t.Fatal(err)
		}
		var ids, marks []string
		for _, h := range r.Hits {
			ids = append(ids, h.UtteranceID)
		}
		if len(r.Hits) > 0 {
			h := r.Hits[0]
			for _, m := range h.Highlight {
				marks = append(marks, h.Text[m.From:m.To])
			}
		}
		if diff := cmp.Diff(c.want, ids) + cmp.Diff(c.marks, marks); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
	}
}

// What utterances of no language are is a setting; another one is applied to
// all of them.
func TestLanguageOfSilence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	log := []event.Event{spokenIn("", 1, insights.Customer, "i was charged"), spokenIn("de", 2, insights.Customer, "charged")}
	for _, c := range []struct {
		language string
		want     []string
	}{
		{"", []string{}},
		{"en-GB", []string{"u001"}},
		{"de", []string{}},
	} {
		x := open(t, dir, Options{Language: c.language})
		if err := x.Handle(t.Context(), log); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, find(t, x, Query{Text: "charge"})); diff != "" {
			t.Errorf("%q: %s", c.language, diff)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The word as it was typed comes before its other forms.
func TestExactFirst(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	err := x.Handle(t.Context(), []event.Event{
		spoken(1, insights.Customer, "i was charged for it"),
		spoken(2, insights.Customer, "the charges are here"),
		spoken(3, insights.Customer, "you keep charging me"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"charged": "u001", "charges": "u002", "charging": "u003"} {
		if got := find(t, x, Query{Text: text}); len(got) != 3 || got[0] != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// What was said is the owner's alone, whatever a folder was before.
func TestFolderIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	for range 2 {
		x := open(t, dir, Options{})
		if err := x.Handle(t.Context(), corpus()); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]fs.FileMode{".": 0o700, "2026-11/index_meta.json": 0o600, "2026-11": 0o700, "2026-11/store": 0o700, "months": 0o600} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("%s: %o, want %o", name, got, want)
			}
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	x := filled(t)
	for _, c := range []struct {
		text string
		pos  int
		want string
	}{
		{`refund "late delivery`, 7, "a closing quote"},
		{"speaker:boss", 8, "customer or agent"},
		{"refund mood:bad", 7, `one of the fields speaker, intent, theme, moment, sentiment, entity, call, language, date, at, first, duration, silence, hold, agent, direction, platform, customer, began, source, medium, campaign, keyword, landing, queue, outcome, action, got "mood"`},
		{"refund sentimnt:<0", 7, "perhaps sentiment"},
		{"intnet:cancel", 0, "perhaps intent"},
		{"entity:5", 0, "entity.money"},
		{"entity.money:lots", 13, "a sum as >100"},
		{"sentiment:<", 10, "a number as -0.3"},
		{"sentiment:NaN", 10, "a number as -0.3"},
		{"sentiment:2..1", 10, "a number as -0.3"},
		{"at:<-3", 3, "a time in the call"},
		{"first:boss", 6, "customer or agent"},
		{"(refund late", 0, "a closing bracket"},
		{"refund (late OR (slow)", 7, "a closing bracket"},
		{"refund late)", 11, "an opening bracket"},
		{"()", 1, "a word"},
		{"refund OR", 9, "what OR joins"},
		{"OR refund", 0, "a word"},
		{"refund AND", 10, "what AND joins"},
		{"refund OR OR late", 10, "a word"},
		{"refund then", 11, "what follows"},
		{"refund then<0s late", 12, "how soon"},
		{"refund then<2h late", 12, "how soon"},
		{"then late", 0, "a word"},
		{"refund NOT", 10, "a word"},
		{"abc~", 0, "at least 4 letters before the tilde"},
		{"refund~9", 0, "at least 4 letters before the tilde"},
		{`"refund late"~99`, 14, "at most 20 words"},
		{strings.Repeat("(", 500) + "a" + strings.Repeat(")", 500), 12, "at most 12 brackets"},
		{strings.Repeat("-", 500) + "a", 12, "at most 12 brackets"},
		{"/(a+)+$/", 0, "a word"},
		{"date:2026-02-31", 5, "a day as 2026-11-01"},
		{"intent:", 7, "a value behind intent:"},
		{"a b c*", 4, "at least 2 letters before the star"},
		{"re*fund*", 0, "at least 2 letters before the star"},
		{"refund ...", 7, "a word"},
		{"refund -", 8, "a word"},
		{"date:tomorrow", 5, "a day as 2026-11-01"},
		{"date:2026-11-05..2026-11-01", 5, "the first not after the second"},
		{"date:..", 5, "a day as"},
		{"ok \xff", 3, "UTF-8"},
		{strings.Repeat("a ", 80), 128, "at most 64 conditions"},
		{strings.Repeat("x", 10000), 2000, "at most 2000 bytes"},
		{`theme:"late`, 6, "a closing quote"},
		{`""`, 0, "a word"},
	} {
		_, err := x.Search(t.Context(), Query{Text: c.text})
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Pos != c.pos || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got %v, want %q at %d", c.text, err, c.want, c.pos)
		}
		if Check(c.text) == nil {
			t.Errorf("%.40q passes Check", c.text)
		}
	}
	var syntax *SyntaxError
	for _, after := range []string{"x", "e30", "bm8", "eyJzIjoieCIsImkiOiIzIn0"} {
		if _, err := x.Search(t.Context(), Query{After: after}); !errors.As(err, &syntax) {
			t.Errorf("after %q: %v", after, err)
		}
	}
	if err := Check(`10:30 http://x "a:b" is a word`); err == nil || !strings.Contains(err.Error(), "http") {
		t.Errorf("got %v", err)
	}
}

func TestPages(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	var events []event.Event
	for i := range int64(57) {
		text := "the same words"
		if i%3 == 0 {
			text += " and a few more of the same"
		}
		events = append(events, spoken(i+1, insights.Customer, text))
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"same", ""} {
		seen := make(map[string]bool)
		after, pages := "", 0
		for {
			r, err := x.Search(t.Context(), Query{Text: text, Limit: 10, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				if seen[h.UtteranceID] {
					t.Fatalf("%q: %s twice", text, h.UtteranceID)
				}
				seen[h.UtteranceID] = true
			}
			pages++
			if after = r.Next; after == "" || pages > 20 {
				break
			}
		}
		if len(seen) != 57 || pages > 7 {
			t.Errorf("%q: %d hits on %d pages", text, len(seen), pages)
		}
	}
	if r, err := x.Search(t.Context(), Query{Limit: 5000}); err != nil || len(r.Hits) != 57 {
		t.Errorf("%d hits, %v", len(r.Hits), err)
	}
}

func TestHandleTwiceIsOnce(t *testing.T) {
	x := filled(t)
	if err := x.Handle(t.Context(), corpus()); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{}); len(got) != 7 {
		t.Errorf("%d utterances", len(got))
	}
	if c, err := x.Cursor(t.Context()); c != 8 || err != nil {
		t.Errorf("cursor %d, %v", c, err)
	}
}

func TestUnreadableEventIsLeftOut(t *testing.T) {
	reg := prometheus.NewRegistry()
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{Registerer: reg})
	bad := event.Event{Seq: 1, Type: event.UtteranceSpoken, Data: []byte(`{"utterance":5}`)}
	if err := x.Handle(t.Context(), []event.Event{bad, spoken(2, insights.Agent, "fine")}); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "fine"}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	err := testutil.GatherAndCompare(reg, strings.NewReader(`
# HELP heed_search_indexed_total Utterances put into the search index.
# TYPE heed_search_indexed_total counter
heed_search_indexed_total 1
# HELP heed_search_unreadable_total Events that the search index left out because they do not parse.
# TYPE heed_search_unreadable_total counter
heed_search_unreadable_total 1
`), "heed_search_indexed_total", "heed_search_unreadable_total")
	if err != nil {
		t.Error(err)
	}
}

func TestSurvivesReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	x := open(t, dir, Options{})
	if err := x.Handle(t.Context(), corpus()); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if err := x.Handle(t.Context(), corpus()); err == nil {
		t.Error("a closed index takes events")
	}
	if _, err := x.Search(t.Context(), Query{}); err == nil {
		t.Error("a closed index answers")
	}
	y := open(t, dir, Options{})
	if c, _ := y.Cursor(t.Context()); c != 8 {
		t.Errorf("cursor %d", c)
	}
	if got := find(t, y, Query{Text: "cancel"}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

// Damage of any kind empties the index; the log fills it again.
func TestDamagedIsBuiltAgain(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"missing":       func(t *testing.T, dir string) { remove(t, dir) },
		"month missing": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "2026-11")) },
		"no list":       func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "months")) },
		"no meta":       func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "2026-11", "index_meta.json")) },
		"meta garbage":  func(t *testing.T, dir string) { write(t, filepath.Join(dir, "2026-11", "index_meta.json"), "{") },
		"bolt garbage": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "2026-11", "store", "root.bolt"), strings.Repeat("x", 1<<16))
		},
		"bolt missing": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "2026-11", "store", "root.bolt")) },
		"segments missing": func(t *testing.T, dir string) {
			files, err := filepath.Glob(filepath.Join(dir, "2026-11", "store", "*.zap"))
			if err != nil || len(files) == 0 {
				t.Fatal("no segments", err)
			}
			for _, f := range files {
				remove(t, f)
			}
		},
		"old layout": func(t *testing.T, dir string) {
			b, _, err := openExisting(filepath.Join(dir, "2026-11"), layout)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.SetInternal([]byte(layoutKey), []byte("0")); err != nil {
				t.Fatal(err)
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "search")
			x := open(t, dir, Options{})
			if err := x.Handle(t.Context(), corpus()); err != nil {
				t.Fatal(err)
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir)
			head := func(context.Context) (int64, error) { return 8, nil }
			y := open(t, dir, Options{Head: head, Logger: slog.New(slog.DiscardHandler)})
			if c, _ := y.Cursor(t.Context()); c != 0 {
				t.Fatalf("cursor %d of a damaged index", c)
			}
			if s := y.State(t.Context()); s != Partial {
				t.Errorf("state %s while it is built", s)
			}
			if err := y.Handle(t.Context(), corpus()); err != nil {
				t.Fatal(err)
			}
			if got := find(t, y, Query{Text: "cancel"}); len(got) != 1 {
				t.Errorf("got %v", got)
			}
			if s := y.State(t.Context()); s != Complete {
				t.Errorf("state %s when it is built", s)
			}
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestState(t *testing.T) {
	head, failing := int64(8), error(nil)
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{
		Head: func(context.Context) (int64, error) { return head, failing },
	})
	expect := func(want State, why string) {
		t.Helper()
		if got := x.State(t.Context()); got != want {
			t.Errorf("%s: %s", why, got)
		}
	}
	expect(Partial, "new")
	if err := x.Handle(t.Context(), corpus()); err != nil {
		t.Fatal(err)
	}
	expect(Complete, "caught up")
	head = 20
	expect(Complete, "a few behind the live log")
	head = 5000
	expect(Partial, "far behind")
	failing = errors.New("no store")
	expect(Partial, "unknown")
	failing, head = nil, 20
	if err := x.Rebuild(); err != nil {
		t.Fatal(err)
	}
	expect(Partial, "rebuilding")
	if got := find(t, x, Query{}); len(got) != 0 {
		t.Errorf("%v after a rebuild", got)
	}
}

func TestOpenRefusesAFolderInUse(t *testing.T) {
	if testing.Short() {
		t.Skip("waits two seconds for the lock")
	}
	dir := filepath.Join(t.TempDir(), "search")
	if err := open(t, dir, Options{}).Handle(t.Context(), corpus()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
}

func TestFoundAtOnce(t *testing.T) {
	x := filled(t)
	if err := x.Handle(t.Context(), []event.Event{spoken(9, insights.Customer, "brand new words")}); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "brand"}); len(got) != 1 {
		t.Errorf("not found after Handle: %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a "b c" d* -e speaker:customer`, `theme:"x y" date:2026-01-01..`, `"`, `-`, "\xff", "intent:\"", "ÞETTA* :: a:b:c", `(a OR NOT b) then<5s "c d"~2 at:<1m entity.money:>=5`} {
		f.Add(s)
	}
	m, err := newMapping()
	if err != nil {
		f.Fatal(err)
	}
	words := readerOf(m)
	f.Fuzz(func(t *testing.T, s string) {
		root, err := parse(s, day)
		var syntax *SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Fatal(err)
		}
		if syntax != nil && (syntax.Pos < 0 || syntax.Pos > len(s)) {
			t.Fatalf("position %d of %q", syntax.Pos, s)
		}
		if err == nil {
			words.query(root)
		}
	})
}
