package learning

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/decide"
)

// Clicks that come days after the time was over are of the day whose answers
// they correct: they are no jump of the day on which they come.
func TestLateTruthIsNoJump(t *testing.T) {
	r := newRig(t)
	late := make(map[string]string)
	for i := range 60 {
		at, who := noon.AddDate(0, 0, i/20), fmt.Sprint("cus_", i)
		id := r.decide(t, who, "a", at)
		r.answer(t, id, who, "a", decide.NoResponse, at)
		if i%2 == 0 {
			late[who] = id
		}
	}
	today := noon.AddDate(0, 0, 3)
	for who, id := range late {
		r.answer(t, id, who, "a", decide.Clicked, today)
	}
	for i := range 25 {
		who := fmt.Sprint("new_", i)
		r.answer(t, r.decide(t, who, "a", today), who, "a", map[bool]string{true: decide.Clicked, false: decide.Rejected}[i%2 == 0], today)
	}
	if h := health(t, r.learner(t, "", nil)); len(h.Stopped) != 0 || h.Lessons != 85 {
		t.Errorf("%d lessons, stopped %+v", h.Lessons, h.Stopped)
	}
}

// Answers that are turned into a yes one by one are a jump like any other, and
// while the learning is stopped none is turned; a no is always taken in.
func TestCorrectionsCanBeAJump(t *testing.T) {
	t.Parallel()
	r := newRates()
	before, today := noon.AddDate(0, 0, -1), noon.Format(time.DateOnly)
	for i := range 100 {
		r.add(before, i < 10)
	}
	for i := range 100 {
		r.add(noon, i < 10)
	}
	turned := 0
	for !r.correct(noon, today, true) {
		if turned++; turned > 90 {
			t.Fatal("all were turned into a yes and nothing stopped")
		}
	}
	if r.Stopped != noon || turned < 10 || r.Days[1].Yes != float64(10+turned) {
		t.Errorf("stopped %v after %d, %+v", r.Stopped, turned, r.Days)
	}
	if !r.correct(noon, today, true) || r.correct(noon, today, false) || r.Days[1].Yes != float64(9+turned) {
		t.Errorf("while stopped: %+v", r.Days)
	}
}

// No day has fewer than none or more than all of its answers a yes, whatever
// is corrected and whenever.
func TestRatesStayRates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type answer struct {
			day string
			yes bool
		}
		r, now, given := newRates(), noon, []answer(nil)
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			if len(given) > 0 && rapid.Bool().Draw(t, "correct") {
				a := &given[rapid.IntRange(0, len(given)-1).Draw(t, "which")]
				if !r.correct(now, a.day, !a.yes) {
					a.yes = !a.yes
				}
			} else {
				a := answer{now.Format(time.DateOnly), rapid.Bool().Draw(t, "yes")}
				if r.add(now, a.yes); r.Stopped.IsZero() {
					given = append(given, a)
				}
			}
			if len(r.Days) > week+1 {
				t.Fatalf("%d days", len(r.Days))
			}
			for _, d := range r.Days {
				if d.Yes < 0 || d.Yes > d.N {
					t.Fatalf("%+v", d)
				}
			}
		}
	})
}
