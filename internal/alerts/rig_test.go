package alerts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/insights/search"
	"heed/internal/alerts/letter"
	"heed/internal/event"
	"heed/internal/mail"
	"heed/internal/outbound"
	"heed/internal/store"
	"heed/internal/themes"
)

// TestMain is also the door of the child processes that one test kills.
func TestMain(m *testing.M) {
	if os.Getenv("HEED_ALERTS_CHILD") != "" {
		raiseChild()
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// morningOf is a Monday.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const rules = `version: 1
themes:
  - name: refund
    title: Refund
    phrases: [refund]
`

// way takes messages as a test says.
type way struct {
	check func(string) error
	mu    sync.Mutex
	fail  error
	got   []store.Post
	came  chan struct{} // room for one
	say   func(id string)
}

func (w *way) Check(address string) error { return w.check(address) }

func (w *way) Send(_ context.Context, p store.Post) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, p)
	if w.say != nil {
		w.say(p.Message)
	}
	select {
	case w.came <- struct{}{}:
	default:
	}
	return w.fail
}

func (w *way) failing(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail = err
}

// took gives what came, and forgets it.
func (w *way) took() []store.Post {
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.got
	w.got = nil
	return got
}

// known adapts the themes.
type knownThemes struct{ *themes.Themes }

func (k knownThemes) Known(ctx context.Context, id string) (title, as string, complete bool, err error) {
	known, err := k.Themes.Known(ctx, id)
	return known.Title, known.CountsAs, known.Complete, err
}

// rig is a real store, index and themes, with a clock and two ways out.
type rig struct {
	testing.TB
	*Service
	db     *store.Store
	index  *search.Index
	themes *themes.Themes
	mails  *way
	hooks  *way
	ann    Who

	mu    sync.Mutex
	clock time.Time
	n     int
}

func newRig(tb testing.TB, dir string, tune func(*Options)) *rig {
	tb.Helper()
	r := &rig{TB: tb, clock: monday, mails: &way{check: mail.Check, came: make(chan struct{}, 1)}, hooks: &way{check: outbound.Check}, ann: Who{"ann", "marketer"}}
	var err error
	r.db, err = store.Open(context.WithoutCancel(tb.Context()), store.Options{Path: dir})
	r.must(err)
	r.index, err = search.Open(filepath.Join(dir, "search"), search.Options{Head: r.db.LastSeq, Language: "en"})
	r.must(err)
	tb.Cleanup(func() {
		if err := errors.Join(r.index.Close(), r.db.Close()); err != nil {
			tb.Error(err)
		}
	})
	if _, err := r.db.User(tb.Context(), "ann"); errors.Is(err, store.ErrNotFound) {
		for _, u := range []store.User{{ID: "ann", Name: "Ann", Role: "marketer"}, {ID: "bo", Name: "Bo", Role: "viewer"}, {ID: "root", Name: "Root", Role: "admin"}} {
			r.must(r.db.AddUser(tb.Context(), u))
		}
	}
	r.themes, err = themes.New(tb.Context(), themes.Options{Store: r.db, Now: r.now, Rules: fstest.MapFS{"rules.yaml": {Data: []byte(rules)}}})
	r.must(err)
	o := Options{
		Store: r.db, Search: r.index, Themes: knownThemes{r.themes}, Mail: r.mails, Webhook: r.hooks, Secret: outbound.NewSecret,
		Key: make([]byte, 32), URL: func() string { return "https://heed.example" }, Now: r.now,
	}
	if tune != nil {
		tune(&o)
	}
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	o.Letters, err = letter.New(zone)
	r.must(err)
	r.Service = New(o)
	return r
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

// call commits a call in which a customer says these things.
func (r *rig) call(began time.Time, said ...string) {
	r.Helper()
	r.n++
	id := fmt.Sprintf("call-%d-%05d", began.Unix(), r.n)
	r.must(r.db.Write(r.Context(), func(tx *store.Tx) error {
		if err := tx.SaveCall(event.Call{ID: id, PlatformCall: id, StartedAt: began, CustomerName: "Maria K.", Status: event.CallOver}); err != nil {
			return err
		}
		for i, text := range said {
			u := insights.Utterance{
				ID: fmt.Sprintf("%s-%d", id, i), CallID: id, Seq: i + 1, Speaker: insights.Customer, Start: insights.Seconds(i), End: insights.Seconds(i) + .5, Text: text, Language: "en",
			}
			e, err := event.New(event.UtteranceSpoken, began, event.About{Subject: id, Call: id}, event.Reworded{Utterance: u})
			if err != nil {
				return err
			}
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// follow lets the index and the counters read the log to its end.
func (r *rig) follow() {
	r.Helper()
	for _, c := range []event.Consumer{r.index, r.themes.Counter(), r.Emerged()} {
		for {
			after, err := c.Cursor(r.Context())
			r.must(err)
			q := event.Query{After: after, Limit: 500}
			switch c.Name() {
			case "themes":
				q.Types = event.Readings()
			case consumer:
				q.Types = []event.Type{event.ThemeEmerged}
			}
			events, err := r.db.Events(r.Context(), q)
			r.must(err)
			if len(events) == 0 {
				break
			}
			r.must(c.Handle(r.Context(), events))
		}
	}
}

// watchAt looks at a moment, twice, and sends what is due.
func (r *rig) watchAt(at time.Time) {
	r.Helper()
	r.set(at)
	r.must(r.Watch(r.Context()))
	r.must(r.Watch(r.Context()))
	r.must(r.Send(r.Context()))
}

func (r *rig) saved(name, query string) string {
	r.Helper()
	s, err := r.Save(r.Context(), r.ann, Draft{Name: name, Query: query})
	r.must(err)
	return s.ID
}

func (r *rig) subscribe(w Wish) string {
	r.Helper()
	s, err := r.Subscribe(r.Context(), r.ann, w)
	r.must(err)
	return s.ID
}

// raised gives what the log says was raised.
func (r *rig) raised() []event.Event {
	r.Helper()
	found, err := r.db.Events(r.Context(), event.Query{Types: []event.Type{event.AlertRaised}, Limit: 500})
	r.must(err)
	return found
}
