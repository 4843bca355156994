package themes

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
	"heed/internal/themes/query"
)

// TestMain is also the door of the child processes that one test starts.
func TestMain(m *testing.M) {
	if os.Getenv("HEED_THEMES_CHILD") != "" {
		scanChild()
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// morning is a Monday.
var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const rules = `version: 1
themes:
  - name: refund
    title: Refund
    phrases: [refund, money back]
  - name: late
    title: Late delivery
    phrases: [late, "where is my order"]
`

// rig is the themes of a real store, with a clock.
type rig struct {
	testing.TB
	*Themes
	db *store.Store

	mu    sync.Mutex
	clock time.Time
	n     int
}

func newRig(tb testing.TB, dir string) *rig {
	tb.Helper()
	db, err := store.Open(context.WithoutCancel(tb.Context()), store.Options{Path: dir})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	r := &rig{TB: tb, db: db, clock: morning}
	r.reopen(rules)
	return r
}

// reopen makes the themes anew, as after a start, with rule files.
func (r *rig) reopen(rules string) {
	r.Helper()
	saved, err := query.Compiler("en")
	r.must(err)
	r.Themes, err = New(r.Context(), Options{
		Store: r.db, Compiler: match.NewCompiler(nil, saved), Now: r.now,
		Rules: fstest.MapFS{"rules.yaml": {Data: []byte(rules)}},
	})
	r.must(err)
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

func (r *rig) set(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = at
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// call commits a call of a customer who says these things, a second apart, and
// gives the events. Nothing is counted yet.
func (r *rig) call(began time.Time, said ...string) (string, []event.Event) {
	r.Helper()
	r.n++
	id := fmt.Sprintf("call-%05d", r.n)
	var events []event.Event
	for i, text := range said {
		events = append(events, r.spoken(id, i+1, text))
	}
	r.must(r.db.Write(r.Context(), func(tx *store.Tx) error {
		c := event.Call{ID: id, PlatformCall: id, StartedAt: began, CustomerName: "Maria K.", Status: event.CallOver}
		if err := tx.SaveCall(c); err != nil {
			return err
		}
		for _, e := range events {
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	}))
	return id, events
}

func (r *rig) spoken(call string, n int, text string) event.Event {
	u := insights.Utterance{
		ID: fmt.Sprintf("%s/%d", call, n), CallID: call, Seq: n, Speaker: insights.Customer,
		Start: insights.Seconds(n), End: insights.Seconds(n) + .5, Text: text, Language: "en",
	}
	found := []insights.Insight{{Kind: insights.Intent, Name: "ask"}, {Kind: insights.Entity, Name: "money"}}
	return r.event(event.UtteranceSpoken, event.Reworded{Utterance: u, Insights: found})
}

func (r *rig) event(t event.Type, w event.Reworded) event.Event {
	r.Helper()
	e, err := event.New(t, morning, event.About{Subject: w.Utterance.CallID, Call: w.Utterance.CallID}, w)
	r.must(err)
	return e
}

// correct commits that an utterance reads otherwise.
func (r *rig) correct(e event.Event, text string) {
	r.Helper()
	var w event.Reworded
	r.must(json.Unmarshal(e.Data, &w))
	w.Utterance.Text = text
	again := r.event(event.UtteranceCorrected, w)
	r.must(r.db.Write(r.Context(), func(tx *store.Tx) error { return tx.Append(again) }))
}

// log gives all events.
func (r *rig) log() []event.Event {
	r.Helper()
	var all []event.Event
	for after := int64(0); ; {
		page, err := r.db.Events(r.Context(), event.Query{After: after, Limit: 500})
		r.must(err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		after = page[len(page)-1].Seq
	}
}

// follow counts what is new in the log, and reads the history that is due.
func (r *rig) follow() {
	r.Helper()
	after, err := r.Counter().Cursor(r.Context())
	r.must(err)
	for {
		events, err := r.db.Events(r.Context(), event.Query{After: after, Limit: 500})
		r.must(err)
		if len(events) == 0 {
			break
		}
		r.must(r.Counter().Handle(r.Context(), events))
		after = events[len(events)-1].Seq
	}
	r.history()
}

func (r *rig) history() {
	r.Helper()
	r.must(r.ReadHistory(r.Context()))
}

// counted gives the turns and calls of each theme that is not empty, by title.
func (r *rig) counted() map[string]store.Count {
	r.Helper()
	counts, err := r.db.ThemeCounts(r.Context(), []store.Bucket{{From: 0, To: 1 << 40}})
	r.must(err)
	rows, err := r.db.Themes(r.Context())
	r.must(err)
	out := map[string]store.Count{}
	for _, row := range rows {
		th, err := decode(row)
		r.must(err)
		if c := counts[th.ID]; c != nil {
			out[th.Title] = c[0]
		}
	}
	if c := counts[""]; c != nil {
		out[""] = c[0]
	}
	return out
}

func (r *rig) words(title string, phrases ...string) Theme {
	r.Helper()
	th, err := r.Define(r.Context(), match.Definition{Title: title, How: "words", Phrases: phrases}, "Ada")
	r.must(err)
	return th
}

func (r *rig) change(id string, e Edit) Theme {
	r.Helper()
	th, err := r.Change(r.Context(), id, e, "Ada")
	r.must(err)
	return th
}
