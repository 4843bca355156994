package comments_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/comments"
	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

var (
	ada  = comments.Author{ID: "ada", Name: "Ada", Role: mount.Agent}
	bo   = comments.Author{ID: "bo", Name: "Bo", Role: mount.Supervisor}
	paul = comments.Author{ID: "paul", Name: "Paul", Role: mount.Privacy}
)

type desk struct {
	*comments.Comments
	*testing.T

	db  *store.Store
	now time.Time
}

// open gives comments over a call of a minute with one utterance.
func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if d.db, err = store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir(), Now: func() time.Time { return d.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.must(d.db.Close()) })
	over := d.now
	d.must(d.db.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(
			tx.SaveCall(event.Call{ID: "c1", Platform: "p", PlatformCall: "1", Status: "ended", StartedAt: d.now, EndedAt: &over, Duration: 60}),
			tx.AddUtterance(insights.Utterance{ID: "u1", CallID: "c1", Seq: 1, Speaker: insights.Customer, Start: 12, End: 14, Text: "call me back"}),
		)
	}))
	d.Comments = comments.New(comments.Options{
		Store: d.db, Now: func() time.Time { return d.now },
		Redact: func(s string) string { return strings.ReplaceAll(s, "4111", "[card number]") },
	})
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) add(text string) event.Comment {
	d.Helper()
	c, err := d.Add(d.Context(), "c1", comments.Draft{Text: text}, ada)
	d.must(err)
	return c
}

func (d *desk) stands() (texts []string) {
	d.Helper()
	all, _, err := d.Of(d.Context(), "c1", "", 0)
	d.must(err)
	for _, c := range all {
		texts = append(texts, c.Text)
	}
	return texts
}

func TestACommentIsWrittenChangedRemovedAndBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx := t.Context()
	c, err := d.Add(ctx, "c1", comments.Draft{Text: " Nobody\x00 called\nback: 4111 ", UtteranceID: "u1"}, ada)
	d.must(err)
	if c.Text != "Nobody called back: [card number]" || c.Second == nil || *c.Second != 12 || c.By != "Ada" || !c.Edited.IsZero() {
		t.Errorf("%+v", c)
	}
	d.now = d.now.Add(time.Minute)
	c, err = d.Edit(ctx, "c1", c.ID, "Somebody did", ada)
	d.must(err)
	if c.Text != "Somebody did" || !c.Edited.Equal(d.now) {
		t.Errorf("%+v", c)
	}
	d.must(d.Remove(ctx, "c1", c.ID, ada))
	d.must(d.Remove(ctx, "c1", c.ID, ada)) // twice is once
	if got := d.stands(); got != nil {
		t.Errorf("after removing: %v", got)
	}
	if _, err := d.Edit(ctx, "c1", c.ID, "again", ada); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("one that was removed is changed: %v", err)
	}
	_, err = d.Restore(ctx, "c1", c.ID, ada)
	d.must(err)
	if got := d.stands(); !slices.Equal(got, []string{"Somebody did"}) {
		t.Errorf("brought back: %v", got)
	}
	events, err := d.db.Events(ctx, store.EventQuery{Call: "c1"})
	d.must(err)
	var types []string
	for _, e := range events {
		types = append(types, string(e.Type))
		if strings.Contains(string(e.Data), "back") || strings.Contains(string(e.Data), "did") || !strings.Contains(string(e.Data), c.ID) {
			t.Errorf("%s says %s", e.Type, e.Data)
		}
	}
	if want := "comment.added comment.edited comment.removed comment.restored"; strings.Join(types, " ") != want {
		t.Errorf("events %v", types)
	}
}

func TestWhatWasRemovedIsGoneAfterADay(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.add("mistaken")
	d.must(d.Remove(t.Context(), "c1", c.ID, ada))
	d.now = d.now.Add(25 * time.Hour)
	d.add("another")
	if _, err := d.Restore(t.Context(), "c1", c.ID, ada); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a day: %v", err)
	}
}

func TestOthersComments(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.add("mine")
	if _, err := d.Edit(t.Context(), "c1", c.ID, "yours", paul); !errors.Is(err, comments.ErrNotYours) {
		t.Errorf("changed by another: %v", err)
	}
	if err := d.Remove(t.Context(), "c1", c.ID, bo); !errors.Is(err, comments.ErrNotYours) {
		t.Errorf("removed by another: %v", err)
	}
	d.must(d.Remove(t.Context(), "c1", c.ID, paul))
	if _, err := d.Restore(t.Context(), "c1", c.ID, bo); !errors.Is(err, comments.ErrNotYours) {
		t.Errorf("brought back by another: %v", err)
	}
	if slices.Contains(comments.Writers(), mount.Viewer) || !slices.Contains(comments.Writers(), mount.Supervisor) {
		t.Errorf("writers are %v", comments.Writers())
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx := t.Context()
	after, before := insights.Seconds(62), insights.Seconds(-1)
	for name, draft := range map[string]comments.Draft{
		"text":         {Text: " \n\x01 "},
		"text of 2001": {Text: strings.Repeat("ж", comments.MaxText+1)},
		"second":       {Text: "x", Second: &after},
		"second <0":    {Text: "x", Second: &before},
		"utterance_id": {Text: "x", UtteranceID: "u2"},
	} {
		_, err := d.Add(ctx, "c1", draft, ada)
		bad, ok := errors.AsType[*comments.Invalid](err)
		if field, _, _ := strings.Cut(name, " "); !ok || bad.Field != field {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := d.add("here")
	_, ofNone := d.Add(ctx, "c9", comments.Draft{Text: "x"}, ada)
	_, _, listed := d.Of(ctx, "c9", "", 0)
	_, elsewhere := d.Edit(ctx, "c9", c.ID, "x", ada)
	for _, err := range []error{ofNone, listed, elsewhere, d.Remove(ctx, "c1", "none", ada)} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	}
}

func TestACallHasSoManyComments(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.must(d.db.Write(t.Context(), func(tx *store.Tx) error {
		for range comments.MaxOfCall {
			if err := tx.SaveComment(event.Comment{ID: event.NewID(), CallID: "c1", Text: "x", At: d.now}); err != nil {
				return err
			}
		}
		return nil
	}))
	if _, err := d.Add(t.Context(), "c1", comments.Draft{Text: "one more"}, ada); !errors.Is(err, comments.ErrTooMany) {
		t.Errorf("%v", err)
	}
}
