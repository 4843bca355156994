package rule

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// monday is the end of all histories here.
var monday = time.Date(2026, 3, 30, 9, 0, 0, 0, time.UTC)

// calls makes calls at times before monday.
func calls(before ...time.Duration) []Point {
	var out []Point
	for _, d := range before {
		out = append(out, Point{monday.Add(-d), 1, 2})
	}
	slices.SortFunc(out, func(a, b Point) int { return a.At.Compare(b.At) })
	return out
}

// steady is calls each day at noon for so many days, up to the day before monday's.
func steady(days int, each func(day int) int) (out []Point) {
	for d := days; d > 0; d-- {
		at := time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC).AddDate(0, 0, -d)
		for i := range each(d) {
			out = append(out, Point{at.Add(time.Duration(i) * time.Minute), 1, 1})
		}
	}
	return out
}

func TestAThresholdIsToldOnceACrossing(t *testing.T) {
	r := Rule{Kind: Threshold, Least: 5, Unit: Calls, Period: time.Hour, Rest: time.Hour}
	var s Standing
	for i, c := range []struct {
		calls int
		tell  bool
	}{{4, false}, {5, true}, {9, false}, {4, false}, {5, false}, {3, false}, {5, true}, {0, false}} {
		at := monday.Add(time.Duration(i) * 2 * time.Hour)
		h := History{Points: make([]Point, c.calls)}
		for j := range h.Points {
			h.Points[j] = Point{at.Add(-time.Minute), 1, 1}
		}
		if tell := r.Step(&s, r.Judge(h, at)); tell != c.tell {
			t.Errorf("step %d with %d calls: told %v", i, c.calls, tell)
		}
	}
}

func TestARuleRests(t *testing.T) {
	r := Rule{Kind: Threshold, Least: 1, Unit: Lines, Period: time.Hour, Rest: 24 * time.Hour}
	h := History{Points: calls(20*time.Hour, 10*time.Hour)}
	if p := r.Replay(h, monday.Add(-25*time.Hour), monday); len(p.Fired) != 1 {
		t.Errorf("told at %v within the rest", p.Fired)
	}
	r.Rest = 0
	if p := r.Replay(h, monday.Add(-25*time.Hour), monday); len(p.Fired) != 2 || p.Last.Fires {
		t.Errorf("told at %v", p.Fired)
	}
	// What begins within the rest and still is there after it, is told then.
	r.Rest = 90 * time.Minute
	h = History{Points: calls(10*time.Hour, 8*time.Hour+40*time.Minute)}
	p := r.Replay(h, monday.Add(-12*time.Hour), monday)
	if len(p.Fired) != 2 || p.Fired[1].Sub(p.Fired[0]) != 90*time.Minute {
		t.Errorf("told at %v", p.Fired)
	}
}

func TestSomethingIsNewAfterWeeksWithout(t *testing.T) {
	r := Rule{Kind: New, Weeks: 4}
	old := monday.AddDate(0, 0, -60)
	for name, c := range map[string]struct {
		h     History
		fires bool
		note  Note
	}{
		"new":             {History{Points: calls(time.Hour), From: old}, true, ""},
		"there before":    {History{Points: calls(time.Hour, 10*day), From: old}, false, ""},
		"long before":     {History{Points: calls(time.Hour, 40*day), From: old}, true, ""},
		"none":            {History{From: old}, false, ""},
		"too short a log": {History{Points: calls(time.Hour), From: monday.AddDate(0, 0, -20)}, false, NoteShort},
		"no log":          {History{}, false, NoteShort},
	} {
		if v := r.Judge(c.h, monday); v.Fires != c.fires || v.Note != c.note {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestAChangeIsAgainstItsOwnPast(t *testing.T) {
	volume := steady(70, func(int) int { return 60 })
	old := monday.AddDate(0, 0, -70)
	for name, c := range map[string]struct {
		found     []Point
		volume    []Point
		direction string
		from      time.Time
		fires     bool
		note      Note
	}{
		"as ever":          {steady(70, func(int) int { return 6 }), volume, Either, old, false, ""},
		"more":             {steady(70, func(d int) int { return map[bool]int{true: 30, false: 6}[d == 1] }), volume, Either, old, true, ""},
		"more, not asked":  {steady(70, func(d int) int { return map[bool]int{true: 30, false: 6}[d == 1] }), volume, Down, old, false, ""},
		"fewer":            {steady(70, func(d int) int { return map[bool]int{true: 1, false: 12}[d == 1] }), volume, Down, old, true, ""},
		"fewer, not asked": {steady(70, func(d int) int { return map[bool]int{true: 1, false: 12}[d == 1] }), volume, Up, old, false, ""},
		"few":              {steady(70, func(d int) int { return map[bool]int{true: 1}[d%10 == 1] }), volume, Either, old, false, NoteFew},
		"short":            {steady(9, func(int) int { return 6 }), volume, Either, monday.AddDate(0, 0, -9), false, NoteShort},
	} {
		r := Rule{Kind: Change, Period: day, Direction: c.direction}
		v := r.Judge(History{Points: c.found, Volume: c.volume, From: c.from}, monday)
		if v.Fires != c.fires || v.Note != c.note {
			t.Errorf("%s: %+v", name, v)
		}
	}
	// A quiet day of all is no decline: shares are compared.
	few := steady(70, func(d int) int { return map[bool]int{true: 10, false: 60}[d == 1] })
	found := steady(70, func(d int) int { return map[bool]int{true: 2, false: 12}[d == 1] })
	r := Rule{Kind: Change, Period: day, Direction: Either}
	if v := r.Judge(History{Points: found, Volume: few, From: old}, monday); v.Fires {
		t.Errorf("a quiet day: %+v", v)
	}
	if v := r.Judge(History{Points: found, Volume: few, From: old, More: true}, monday); v.Note != NoteBroad {
		t.Errorf("more than is counted: %+v", v)
	}
}

// A day of the week that always is quiet does not fall each week.
func TestQuietWeekdaysAreNoDecline(t *testing.T) {
	of := func(n int) func(int) int {
		return func(d int) int {
			if wd := monday.AddDate(0, 0, -d).Weekday(); wd == time.Sunday || wd == time.Saturday {
				return n / 6
			}
			return n
		}
	}
	h := History{Points: steady(120, of(12)), Volume: steady(120, of(12)), From: monday.AddDate(0, 0, -120)}
	p := Rule{Kind: Change, Period: day, Direction: Either}.Replay(h, monday.AddDate(0, 0, -56), monday)
	if len(p.Fired) != 0 {
		t.Errorf("told at %v", p.Fired)
	}
}

// Whatever the numbers, nothing is told twice without having ended, nor within
// the rest.
func TestNoAlarmRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rule{
			Kind: Threshold, Least: rapid.IntRange(1, 6).Draw(t, "least"), Unit: Calls, Period: time.Hour,
			Rest: time.Duration(rapid.IntRange(0, 10).Draw(t, "rest")) * time.Hour,
		}
		var h History
		for range rapid.IntRange(0, 60).Draw(t, "calls") {
			h.Points = append(h.Points, Point{monday.Add(-time.Duration(rapid.IntRange(0, 3000).Draw(t, "minute")) * time.Minute), 1, 1})
		}
		slices.SortFunc(h.Points, func(a, b Point) int { return a.At.Compare(b.At) })
		var s Standing
		var last time.Time
		ended := true
		for at := monday.Add(-50 * time.Hour); at.Before(monday); at = at.Add(time.Minute) {
			v := r.Judge(h, at)
			ended = ended || v.Ends
			if !r.Step(&s, v) {
				continue
			}
			if !ended || !last.IsZero() && at.Sub(last) < r.Rest || v.Count < r.Least {
				t.Fatalf("told at %s with %d, after %s", at, v.Count, last)
			}
			last, ended = at, false
		}
	})
}

func TestWhatIsNoRule(t *testing.T) {
	good := Rule{Kind: Threshold, Least: 1, Unit: Calls, Period: time.Hour}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for field, change := range map[string]func(*Rule){
		"kind":      func(r *Rule) { r.Kind = "digest" },
		"least":     func(r *Rule) { r.Least = 0 },
		"unit":      func(r *Rule) { r.Unit = "words" },
		"period":    func(r *Rule) { r.Period = time.Minute },
		"rest":      func(r *Rule) { r.Rest = -1 },
		"direction": func(r *Rule) { r.Kind, r.Period = Change, day },
		"weeks":     func(r *Rule) { r.Kind = New },
	} {
		r := good
		change(&r)
		var bad *Invalid
		if err := r.Check(); !errors.As(err, &bad) || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func BenchmarkReplayOfAChange(b *testing.B) {
	h := History{Points: steady(119, func(int) int { return 60 }), Volume: steady(119, func(int) int { return 600 }), From: monday.AddDate(0, 0, -119)}
	r := Rule{Kind: Change, Period: day, Direction: Either}
	for b.Loop() {
		r.Replay(h, monday.AddDate(0, 0, -56), monday)
	}
}
