package alerts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// threshold wants to be told of so many calls in an hour.
func threshold(least int) store.Wanted {
	return store.Wanted{Kind: "threshold", Least: least, Unit: "calls", Period: "hour", Rest: time.Hour, Mail: "ann@example.com"}
}

// settled has the rule themes read their history.
func settled(t *testing.T, r *rig) {
	t.Helper()
	r.must(r.themes.Settle(t.Context(), "rule_refund"))
}

func TestACrossingIsToldOnce(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	id := r.saved("Maria's refunds", "refund -thanks")
	w := threshold(3)
	w.Webhook = "https://example.com/hook"
	sub := r.subscribe(Wish{Search: id, Wanted: w})
	say := func(minutes ...int) {
		for _, m := range minutes {
			r.call(monday.Add(time.Duration(m)*time.Minute), "my secret is a refund", "again a refund")
		}
		r.follow()
	}
	say(1, 2)
	r.watchAt(monday.Add(5 * time.Minute))
	if got := r.mails.took(); len(got) != 0 {
		t.Fatalf("told of two: %+v", got)
	}
	say(6, 7)
	for m := 8; m < 50; m += 7 {
		r.watchAt(monday.Add(time.Duration(m) * time.Minute))
	}
	mails, hooks := r.mails.took(), r.hooks.took()
	if len(mails) != 1 || len(hooks) != 1 || mails[0].Message != hooks[0].Message || strings.Contains(mails[0].Message, ".") {
		t.Fatalf("told %d by mail and %d by webhook", len(mails), len(hooks))
	}
	m := mails[0]
	if m.To != "ann@example.com" || m.Subject != "Maria's refunds: 4 calls in the last hour" || !strings.HasPrefix(m.Leave, "https://heed.example/unsubscribe/"+sub+".") {
		t.Errorf("mail %+v", m)
	}
	var hook struct {
		Type string
		Data event.Alert
	}
	if err := json.Unmarshal([]byte(hooks[0].Body), &hook); err != nil || hook.Type != "alert.raised" || hook.Data.Count != 4 || hook.Data.AlertID != m.Message ||
		hook.Data.Link != "https://heed.example/search?saved="+id+"&days=2026-03-02..2026-03-02" || !strings.HasPrefix(hooks[0].Secret, "whsec_") {
		t.Errorf("webhook %s, %v", hooks[0].Body, err)
	}
	// Neither what was said nor what was searched for goes out, nor, in the log
	// that all may read, what somebody calls a search of their own.
	raised := r.raised()
	if len(raised) != 1 {
		t.Fatalf("%d events", len(raised))
	}
	for _, out := range []string{m.Body, m.HTML, m.Subject, hooks[0].Body, string(raised[0].Data)} {
		for _, never := range []string{"secret", "thanks", "Maria K"} {
			if strings.Contains(out, never) {
				t.Errorf("%q goes out: %s", never, out)
			}
		}
	}
	if strings.Contains(string(raised[0].Data), "Maria") {
		t.Errorf("the log tells a name: %s", raised[0].Data)
	}
	// It falls, and comes back.
	r.watchAt(monday.Add(3 * time.Hour))
	say(200, 201, 202)
	r.watchAt(monday.Add(205 * time.Minute))
	if got := r.mails.took(); len(got) != 1 {
		t.Errorf("told %d times when it came back", len(got))
	}
	page, posts, _, err := r.Alerts(t.Context(), r.ann, AlertQuery{Subscription: sub})
	if err != nil || len(page) != 2 || len(posts[page[1].AlertID]) != 2 || posts[page[1].AlertID][0].State != store.PostSent || page[1].Name != "Maria's refunds" {
		t.Errorf("alerts %+v, posts %+v, %v", page, posts, err)
	}
}

// A theme counts by its counters, and nothing is read out of unfinished ones.
func TestThemesAreWatchedByTheirCounters(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	settled(t, r)
	sub := r.subscribe(Wish{Theme: "rule_refund", Wanted: threshold(2)})
	at := monday.Add(20 * time.Minute)
	r.call(at, "a refund")
	r.call(at, "a refund")
	r.watchAt(at.Add(time.Minute))
	if one, err := r.Subscription(t.Context(), r.ann, sub); err != nil || one.Note != "partial" || one.Name != "Refund" || !one.Checked.Equal(monday) {
		t.Errorf("before all is counted: %+v, %v", one, err)
	}
	r.follow()
	r.watchAt(at.Add(2 * time.Minute))
	got := r.mails.took()
	if len(got) != 1 || got[0].Subject != "Refund: 2 calls in the last hour" || !strings.Contains(got[0].Body, "https://heed.example/themes/rule_refund") {
		t.Errorf("%+v", got)
	}
}

// An index that is behind must not look like a number that fell.
func TestAnIndexThatIsBehindEndsNothing(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	sub := r.subscribe(Wish{Search: r.saved("Refunds", "refund"), Wanted: threshold(1)})
	r.call(monday, "a refund")
	r.follow()
	r.watchAt(monday.Add(time.Minute))
	if got := r.mails.took(); len(got) != 1 {
		t.Fatalf("told %d times", len(got))
	}
	r.must(r.index.Rebuild())
	r.watchAt(monday.Add(10 * time.Minute))
	one, err := r.Subscription(t.Context(), r.ann, sub)
	if err != nil || !one.Above || one.Note != "partial" {
		t.Errorf("with an empty index: %+v, %v", one.Standing, err)
	}
	r.follow()
	r.watchAt(monday.Add(11 * time.Minute))
	if one, err = r.Subscription(t.Context(), r.ann, sub); err != nil || !one.Above || one.Note != "" || len(r.mails.took()) != 0 {
		t.Errorf("with a whole one: %+v, %v", one.Standing, err)
	}
}

func TestThemesThatEmerge(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	r.subscribe(Wish{Theme: AnyTheme, Wanted: store.Wanted{Kind: "new", Mail: "ann@example.com"}})
	r.subscribe(Wish{Theme: "rule_refund", Wanted: store.Wanted{Kind: "new", Mail: "ann@example.com", Language: "ar"}})
	emerge := func(theme string, at time.Time) {
		e, err := event.New(event.ThemeEmerged, at, event.About{Subject: theme}, event.Emergence{
			ThemeID: theme, Title: "Refund", From: at.Add(-24 * time.Hour), To: at, Observed: 7, Quotes: []event.ThemeQuote{{CallID: "c", Text: "my secret"}},
		})
		r.must(err)
		r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.Append(e) }))
	}
	emerge("rule_refund", monday.Add(-time.Hour)) // before anybody asked
	emerge("rule_refund", monday.Add(time.Hour))
	emerge("other", monday.Add(time.Hour))
	r.follow()
	events, err := r.db.Events(t.Context(), event.Query{Types: []event.Type{event.ThemeEmerged}})
	r.must(err)
	r.set(monday.Add(2 * time.Hour))
	r.must(r.Send(t.Context()))
	got := r.mails.took()
	if len(got) != 3 {
		t.Fatalf("%d mails", len(got))
	}
	arabic := 0
	for _, m := range got {
		if strings.Contains(m.Body+m.HTML, "secret") {
			t.Errorf("a quote goes out: %s", m.Body)
		}
		if strings.Contains(m.HTML, `dir="rtl"`) && strings.Contains(m.Subject, "٧ مكالمات") {
			arabic++
		}
	}
	if arabic != 1 {
		t.Errorf("%d in Arabic: %+v", arabic, got)
	}
	if n, err := r.Emerged().Cursor(t.Context()); err != nil || n < events[len(events)-1].Seq {
		t.Errorf("the cursor is at %d, %v", n, err)
	}
}

func TestSearchesAreKept(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	bo, root := Who{"bo", "viewer"}, Who{"root", Admin}
	s, err := r.Save(t.Context(), r.ann, Draft{Name: "  Late \n refunds ", Query: " refund "})
	if err != nil || s.Name != "Late refunds" || s.Query != "refund" || !s.Own {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, err := r.Search(t.Context(), bo, s.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody else sees it: %v", err)
	}
	if _, err := r.Replace(t.Context(), r.ann, s.ID, Draft{Name: "Late", Query: "refund late", Sort: "newest", Shared: true}); err != nil {
		t.Fatal(err)
	}
	r.call(monday, "a late refund")
	r.follow()
	page, next, err := r.Searches(t.Context(), bo, "", 10, true)
	if err != nil || next != "" || len(page) != 1 || page[0].Own || page[0].Total == nil || *page[0].Total != 1 || page[0].Sort != "newest" {
		t.Errorf("bo sees %+v, %v", page, err)
	}
	if err := r.Delete(t.Context(), bo, s.ID); !errors.Is(err, ErrNotYours) {
		t.Errorf("bo deletes it: %v", err)
	}
	if _, err := r.Subscribe(t.Context(), bo, Wish{Search: s.ID, Wanted: threshold(1)}); err != nil {
		t.Error(err)
	}
	r.must(r.Delete(t.Context(), root, s.ID)) // an administrator may, for it is shared
	if page, _, err := r.Searches(t.Context(), bo, "", 10, false); err != nil || len(page) != 0 {
		t.Errorf("deleted: %+v, %v", page, err)
	}
	r.watchAt(monday.Add(time.Hour))
	subs, err := r.Subscriptions(t.Context(), root, true)
	if err != nil || len(subs) != 1 || subs[0].Note != "gone" || subs[0].Name != "" {
		t.Errorf("of a deleted search: %+v, %v", subs, err)
	}
	if own, err := r.Subscriptions(t.Context(), r.ann, true); err != nil || len(own) != 0 {
		t.Errorf("ann sees what others asked for: %+v, %v", own, err)
	}
	if back, err := r.Restore(t.Context(), r.ann, s.ID); err != nil || !back.Deleted.IsZero() {
		t.Errorf("%+v, %v", back, err)
	}
	for i := range MostSearches - 1 {
		r.saved(fmt.Sprint(i), "x")
	}
	if _, err := r.Save(t.Context(), r.ann, Draft{Name: "one more", Query: "x"}); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
}

// A query that does not parse any more is shown with why, and watched no more.
func TestASearchWhoseFieldIsGone(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	id := r.saved("Old", "refund")
	sub := r.subscribe(Wish{Search: id, Wanted: threshold(1)})
	one, err := r.db.SavedSearch(t.Context(), id)
	r.must(err)
	one.Query = "speakr:customer"
	r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSearch(one) }))
	if s, err := r.Search(t.Context(), r.ann, id); err != nil || !strings.Contains(s.Problem, "perhaps speaker") {
		t.Errorf("%+v, %v", s, err)
	}
	r.watchAt(monday.Add(time.Hour))
	if s, err := r.Subscription(t.Context(), r.ann, sub); err != nil || s.Note != "unreadable" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	for field, d := range map[string]Draft{
		"name": {Name: " ", Query: "x"}, "name ": {Name: strings.Repeat("x", 81), Query: "x"}, "query": {Name: "x", Query: " "},
		"sort": {Name: "x", Query: "x", Sort: "odd"}, "query ": {Name: "x", Query: "refund speakr:agent"},
	} {
		_, err := r.Save(t.Context(), r.ann, d)
		var bad *Invalid
		if !errors.As(err, &bad) || bad.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
		if field == "query " && (!bad.Query || bad.Value != 7) {
			t.Errorf("%s: at %v", field, bad.Value)
		}
	}
	id := r.saved("x", "x")
	for field, change := range map[string]func(*Wish){
		"search_id":  func(w *Wish) { w.Search = "nothing" },
		"search_id ": func(w *Wish) { w.Theme = "rule_refund" },
		"theme_id":   func(w *Wish) { w.Search, w.Theme = "", "nothing" },
		"theme_id ":  func(w *Wish) { w.Search, w.Theme = "", AnyTheme },
		"mail":       func(w *Wish) { w.Mail = "ann@example.com\r\nBcc: eve@example.com" },
		"mail ":      func(w *Wish) { w.Mail = "" },
		"webhook":    func(w *Wish) { w.Webhook = "http://10.0.0.1/" },
		"language":   func(w *Wish) { w.Language = "xx" },
		"kind":       func(w *Wish) { w.Kind = Digest },
		"least":      func(w *Wish) { w.Least = 0 },
		"mail  ":     func(w *Wish) { *w = Wish{Wanted: store.Wanted{Kind: Digest, Webhook: "https://example.com/"}} },
	} {
		w := Wish{Search: id, Wanted: threshold(1)}
		change(&w)
		_, err := r.Subscribe(t.Context(), r.ann, w)
		var bad *Invalid
		if !errors.As(err, &bad) || bad.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for range MostSubscriptions {
		r.subscribe(Wish{Search: id, Wanted: threshold(1)})
	}
	if _, err := r.Subscribe(t.Context(), r.ann, Wish{Search: id, Wanted: threshold(1)}); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	if found, err := r.Subscriptions(t.Context(), r.ann, false); err != nil || len(found) != MostSubscriptions {
		t.Errorf("%d are kept, %v", len(found), err)
	}
}

// who serves the page on which one unsubscribes.
func page(r *rig, method, path string) (int, string) {
	mux := http.NewServeMux()
	for pattern, h := range r.Leave() {
		mux.Handle(pattern, h)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader("List-Unsubscribe=One-Click")))
	return w.Code, w.Body.String()
}

func TestUnsubscribing(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	w := threshold(1)
	w.Language = "ar"
	sub := r.subscribe(Wish{Search: r.saved("x", "refund"), Wanted: w})
	path := "/unsubscribe/" + r.token(sub)
	if code, text := page(r, http.MethodGet, path); code != 200 || !strings.Contains(text, `dir="rtl"`) || !strings.Contains(text, "<button") {
		t.Errorf("asked: %d %s", code, text)
	}
	if one, err := r.Subscription(t.Context(), r.ann, sub); err != nil || one.State != store.SubscriptionActive {
		t.Errorf("a look ended it: %+v, %v", one.State, err)
	}
	for _, bad := range []string{path + "x", path[:len(path)-2], "/unsubscribe/x", "/unsubscribe/" + sub} {
		if code, _ := page(r, http.MethodPost, bad); code != 404 {
			t.Errorf("%s: %d", bad, code)
		}
	}
	// What waits is not sent any more.
	r.mails.failing(errors.New("not now"))
	r.call(monday, "a refund")
	r.follow()
	r.watchAt(monday.Add(time.Minute))
	r.mails.took()
	r.mails.failing(nil)
	for range 2 {
		if code, text := page(r, http.MethodPost, path); code != 200 || strings.Contains(text, "<button") {
			t.Errorf("done: %d %s", code, text)
		}
	}
	r.watchAt(monday.Add(10 * time.Hour))
	one, err := r.Subscription(t.Context(), r.ann, sub)
	if err != nil || one.State != store.SubscriptionPaused || one.Note != "unsubscribed" || len(r.mails.took()) != 0 {
		t.Errorf("%+v, %v", one, err)
	}
	active := store.SubscriptionActive
	if one, err = r.Change(t.Context(), r.ann, sub, Edit{State: &active}); err != nil || one.Note != "" || one.Above {
		t.Errorf("again: %+v, %v", one, err)
	}
}
