package watch_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/watch"
)

// told has a rule come true on a call, and gives its alert.
func (r *rig) told(w store.WatchWanted) (store.WatchRule, watch.Alert) {
	r.Helper()
	w.Kind, w.Seconds = watch.KindLong, 10
	rule := r.make(w)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	r.follow()
	r.now = noon.Add(time.Minute)
	r.Beat(r.Context())
	return rule, r.board().Alerts[0]
}

// Of many who see to an alert at once one was first, for all of them.
func TestWhoWasFirstStays(t *testing.T) {
	r := newRig(t)
	_, a := r.told(store.WatchWanted{})
	var got [8]string
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			seen, err := r.Ack(t.Context(), watch.Person{Name: fmt.Sprint("Sue ", i)}, a.ID, true)
			if err != nil {
				t.Error(err)
			}
			got[i] = seen.AckedBy
		})
	}
	all.Wait()
	page, _, err := r.Alerts(t.Context(), false, "", 10)
	if err != nil || len(page) != 1 {
		t.Fatalf("%v, %v", page, err)
	}
	for i, name := range got {
		if name == "" || name != page[0].AckedBy {
			t.Errorf("%d was told that %q was first, and %q was", i, name, page[0].AckedBy)
		}
	}
}

// Who changes a rule that somebody else has changed meanwhile is told so.
func TestNobodyChangesWhatTheyHaveNotSeen(t *testing.T) {
	r := newRig(t)
	sue, root := watch.Person{ID: "sue", Name: "Sue"}, watch.Person{ID: "root", Name: "Root", Role: "admin"}
	rule := r.make(store.WatchWanted{Kind: watch.KindAsks})
	r.now = noon.Add(time.Second)
	first := rule.WatchWanted
	first.Name = "first"
	if _, err := r.Change(t.Context(), root, rule.ID, first); err != nil {
		t.Fatal(err)
	}
	second := rule.WatchWanted
	second.Name = "second"
	if _, err := r.Change(t.Context(), sue, rule.ID, second); !errors.Is(err, store.ErrConflict) {
		t.Errorf("unseen: %v", err)
	}
	if rules, err := r.Rules(t.Context()); err != nil || rules[0].Name != "first" || rules[0].By != "Sue" {
		t.Errorf("%+v, %v", rules, err)
	}
}

// due gives what waits to be sent, by the way it goes.
func (r *rig) due() map[string]store.Post {
	r.Helper()
	posts, err := r.db.PostsDue(r.Context(), r.now.Add(time.Hour), 10)
	if err != nil {
		r.Fatal(err)
	}
	out := map[string]store.Post{}
	for _, p := range posts {
		out[p.By] = p
	}
	return out
}

// What waits for an address that a rule tells no more is given up, and nothing
// is sent to one that is gone.
func TestAddressesThatAreNoMore(t *testing.T) {
	r := newRig(t)
	sue := watch.Person{ID: "sue", Name: "Sue"}
	ways := store.WatchWays{Webhook: "https://hook.test/", Mail: "ann@heed.test"}
	rule, _ := r.told(store.WatchWanted{WatchWays: ways})
	post, both := r.due()["webhook"], len(r.due())
	wanted := rule.WatchWanted
	wanted.Changed, wanted.Webhook = time.Time{}, ""
	if _, err := r.Change(t.Context(), sue, rule.ID, wanted); err != nil {
		t.Fatal(err)
	}
	if got := r.due(); both != 2 || len(got) != 1 || got["mail"].To == "" {
		t.Errorf("%d waited, now %v", both, got)
	}
	if err := r.Delete(t.Context(), sue, rule.ID); err != nil {
		t.Fatal(err)
	}
	if got := r.due(); len(got) != 0 {
		t.Errorf("of a deleted rule: %v", got)
	}

	refused := func() store.WatchRule {
		t.Helper()
		err := r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.RefusePosts(post, r.now) })
		rules, wrong := r.Rules(t.Context())
		if err != nil || wrong != nil {
			t.Fatal(err, wrong)
		}
		return rules[0]
	}
	if _, err := r.Restore(t.Context(), sue, rule.ID); err != nil {
		t.Fatal(err)
	}
	if got := refused(); got.WebhookOff != "" {
		t.Errorf("it goes elsewhere by now: %+v", got.WatchWays)
	}
	wanted.Webhook = post.To
	if _, err := r.Change(t.Context(), sue, rule.ID, wanted); err != nil {
		t.Fatal(err)
	}
	if got := refused(); got.WebhookOff != "gone away" {
		t.Errorf("%+v", got.WatchWays)
	}
	c := aCall("b")
	r.commit(event.CallStarted, c, c)
	r.follow()
	r.Beat(t.Context())
	if got := r.due(); len(got) != 1 || got["mail"].To == "" {
		t.Errorf("by mail alone: %v", got)
	}
	if got, err := r.Change(t.Context(), sue, rule.ID, wanted); err != nil || got.WebhookOff != "" {
		t.Errorf("%+v, %v", got.WatchWays, err)
	}
}
