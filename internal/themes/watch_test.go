package themes

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// weeks commits a steady past: so many calls a day, each tenth with a refund.
func (r *rig) steady(from time.Time, days, calls int) {
	for d := range days {
		for c := range calls {
			text := "hello"
			if (d+c)%10 == 0 {
				text = "a refund"
			}
			r.call(midnight(from, d).Add(8*time.Hour+time.Duration(c)*10*time.Minute), text)
		}
	}
}

func (r *rig) emerged() []event.Emergence {
	r.Helper()
	found, err := r.db.Events(r.Context(), event.Query{Types: []event.Type{event.ThemeEmerged}, Limit: 500})
	r.must(err)
	var out []event.Emergence
	for _, e := range found {
		var g event.Emergence
		r.must(json.Unmarshal(e.Data, &g))
		if e.Subject != g.ThemeID || e.Call != "" {
			r.Errorf("event about %q of call %q", e.Subject, e.Call)
		}
		out = append(out, g)
	}
	return out
}

// watchTill looks again and again up to a moment.
func (r *rig) watchTill(end time.Time, every time.Duration) {
	r.Helper()
	for at := r.now(); !at.After(end); at = at.Add(every) {
		r.set(at)
		r.must(r.Watch(r.Context()))
		r.must(r.Watch(r.Context())) // twice is once
	}
}

func TestAThemeEmergesOnceAnEpisode(t *testing.T) {
	r := newRig(t, t.TempDir())
	router := r.words("Router", "router")
	hidden := r.words("Hidden", "router")
	r.change(hidden.ID, Edit{State: new(Hidden)})
	r.steady(morning, 16, 15)
	r.follow()
	r.set(midnight(morning, 16))
	r.watchTill(midnight(morning, 16).Add(5*time.Hour), time.Hour)
	if got := r.emerged(); len(got) != 0 {
		t.Fatalf("emerged in a steady past: %+v", got)
	}

	// What is not counted yet is no quiet hour.
	r.call(midnight(morning, 16), "hello")
	r.set(midnight(morning, 16).Add(6 * time.Hour))
	if err := r.Watch(t.Context()); !errors.Is(err, errBehind) {
		t.Fatalf("watched before all is counted: %v", err)
	}
	if l, err := r.Lines(t.Context(), 1, false); err != nil || l.State != "partial" {
		t.Errorf("the list is %q before all is counted, %v", l.State, err)
	}
	r.follow()

	// Half of a day's calls are about something new.
	burst := func(day int) {
		for c := range 10 {
			r.call(midnight(morning, day).Add(8*time.Hour+time.Duration(c)*10*time.Minute), "the router is dead", "the router again")
			r.call(midnight(morning, day).Add(8*time.Hour+time.Duration(c)*10*time.Minute), "hello")
		}
		r.follow()
	}
	burst(16)
	r.watchTill(midnight(morning, 17), time.Hour)
	got := r.emerged()
	if len(got) != 1 {
		t.Fatalf("%d emergences: %+v", len(got), got)
	}
	e := got[0]
	if e.ThemeID != router.ID || e.Title != "Router" || !e.New || e.Observed != 10 && e.Observed < 5 || e.Expected > 1 || e.Q > 0.01 || len(e.Quotes) != told {
		t.Errorf("evidence %+v", e)
	}
	if e.Quotes[0].Text != "the router again" || e.Quotes[0].CallID == e.Quotes[1].CallID {
		t.Errorf("quotes %+v", e.Quotes)
	}
	list, err := r.Lines(t.Context(), 7, false)
	r.must(err)
	if first := list.Themes[0]; list.State != "complete" || first.ID != router.ID || first.Emerging == nil || first.Now.Calls != 10 {
		t.Errorf("first in the list: %+v", first)
	}

	// It goes on for the windows it is in; then it is quiet; then it comes back.
	r.steady(midnight(morning, 17), 17, 15)
	r.follow()
	r.watchTill(midnight(morning, 30), 12*time.Hour)
	if got := r.emerged(); len(got) != 1 {
		t.Fatalf("%d emergences in one episode", len(got))
	}
	if open, _, err := r.Emerged(t.Context(), true, "", 10); err != nil || len(open) != 0 {
		t.Fatalf("open after weeks of quiet: %+v, %v", open, err)
	}
	burst(34)
	burst(34)
	r.watchTill(midnight(morning, 35), 6*time.Hour)
	all, _, err := r.Emerged(t.Context(), false, "", 10)
	r.must(err)
	if len(r.emerged()) != 2 || len(all) != 2 || all[0].Ended != nil || all[1].Ended == nil {
		t.Errorf("%d emergences, episodes %+v", len(r.emerged()), all)
	}
}

// Nobody reads a trend into five calls, and a busy week is no growth.
func TestChangeIsOfShares(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.words("Quux", "quux")
	for d, calls := range []int{10, 10, 10, 20, 20, 20} {
		for c := range calls {
			text := "hello"
			if c%2 == 0 {
				text = "a refund"
			}
			r.call(midnight(morning, d).Add(time.Duration(c)*time.Minute), text)
		}
	}
	r.follow()
	r.set(midnight(morning, 5).Add(13 * time.Hour))
	list, err := r.Lines(t.Context(), 3, false)
	r.must(err)
	if len(list.Themes) != 2 || list.Themes[0].Title != "Refund" || list.Themes[1].Title != "Quux" {
		t.Fatalf("themes %+v", list.Themes)
	}
	refund := list.Themes[0]
	differ(t, "now", refund.Now, store.Count{Turns: 30, Calls: 30})
	differ(t, "trend", refund.Trend, []int64{10, 10, 10})
	differ(t, "all", list.Trend, []int64{20, 20, 20})
	if refund.Change == nil || *refund.Change > 0.01 || *refund.Change < -0.01 {
		t.Errorf("change %v with twice as many calls of all kinds", refund.Change)
	}
	if list.Themes[1].Change != nil {
		t.Error("a change of nothing")
	}
	list, err = r.Lines(t.Context(), 1, true)
	if r.must(err); list.Themes[len(list.Themes)-1].Now.Calls != 0 || len(list.Themes) != 3 {
		t.Errorf("all themes: %+v", list.Themes)
	}
}
