package rule

import (
	"math"
	"time"

	"heed/insights/theme/trend"
)

const (
	// pastWeeks is how far back a change is compared.
	pastWeeks = 8
	// leastPast is the least past that a change is compared with.
	leastPast = 2 * week
	// leastSample is how many calls of the past that comparison needs: nobody
	// should read a trend into a few.
	leastSample = 20
	// surely is the chance of a false alarm at one look, and maybe that at which
	// a change is over. Looks overlap, so that the first is strict.
	surely, maybe = 0.005, 0.05
	// worth is how many times more, or less, is worth telling, and leastCount the
	// count that is more, or was expected where there is less.
	worth, leastCount = 1.5, 5
)

// Note says why a look came to nothing where that is not plain.
type Note string

// The notes. A rule that cannot be judged neither fires nor ends.
const (
	NoteNone  Note = ""
	NoteShort Note = "short" // there is too little past to compare with
	NoteFew   Note = "few"   // there are too few calls in it
	NoteBroad Note = "broad" // it finds more calls than are counted
)

// Verdict is what a rule says at a moment.
type Verdict struct {
	Fires bool
	Ends  bool // what was told of is over
	// Count is that of the period, which begins at From and ends at To.
	Count    int
	From, To time.Time
	// Expected is what the past lets expect, and Sample how many calls of it
	// that rests on; of a change only.
	Expected float64
	Sample   int
	Note     Note
}

// Judge looks at a history as it was at a moment, in whose time zone days of
// the week are told apart.
func (r Rule) Judge(h History, at time.Time) Verdict {
	switch r.Kind {
	case Threshold:
		return r.threshold(h, at)
	case New:
		return r.emerged(h, at)
	case Change:
	}
	return r.change(h, at)
}

// threshold fires at its bound, and ends a fifth below it: a number that
// dances about the bound is told of once.
func (r Rule) threshold(h History, at time.Time) Verdict {
	v := Verdict{From: at.Add(-r.Period), To: at}
	v.Count = sum(span(h.Points, v.From, at), r.Unit)
	v.Fires = v.Count >= r.Least
	v.Ends = v.Count < int(math.Ceil(0.8*float64(r.Least)))
	return v
}

// emerged fires when there are calls and there were none for weeks.
func (r Rule) emerged(h History, at time.Time) Verdict {
	v := Verdict{From: at.Add(-fresh), To: at}
	v.Count = sum(span(h.Points, v.From, at), Calls)
	before := v.From.Add(-time.Duration(r.Weeks) * week)
	if h.From.IsZero() || h.From.After(before) {
		v.Note = NoteShort
		return v
	}
	v.Fires = v.Count > 0 && len(span(h.Points, before, v.From)) == 0
	v.Ends = v.Count == 0
	return v
}

// change compares the share of calls with that of the same days of past weeks.
func (r Rule) change(h History, at time.Time) Verdict {
	v := Verdict{From: at.Add(-r.Period), To: at}
	v.Count = sum(span(h.Points, v.From, at), Calls)
	first := at.Add(-r.Back())
	if h.From.After(first) {
		first = h.From
	}
	v.Sample = sum(span(h.Points, first, v.From), Calls)
	if v.Note = unfit(h, v, first); v.Note != NoteNone {
		return v
	}
	found := trend.Look(hourly(h, first, at), trend.Options{Windows: []time.Duration{r.Period}, Past: pastWeeks * week})
	if len(found) == 0 {
		v.Note = NoteShort
		return v
	}
	r.weigh(&v, found[0])
	return v
}

// unfit says why a count cannot be compared with a past that begins at a
// moment.
func unfit(h History, v Verdict, first time.Time) Note {
	switch {
	case h.More:
		return NoteBroad
	case h.From.IsZero() || v.From.Sub(first) < leastPast:
		return NoteShort
	case v.Sample < leastSample:
		return NoteFew
	}
	return NoteNone
}

// weigh says what the evidence means in the direction that is asked for.
func (r Rule) weigh(v *Verdict, e trend.Evidence) {
	v.Expected = e.Expected
	more := e.P <= surely && e.Ratio >= worth && e.Observed >= leastCount
	less := e.Less <= surely && float64(e.Observed)*worth <= e.Expected && e.Expected >= leastCount
	v.Fires = more && r.Direction != Down || less && r.Direction != Up
	v.Ends = (e.P > maybe || r.Direction == Down) && (e.Less > maybe || r.Direction == Up)
}

// hourly counts a history by the hours before a moment.
func hourly(h History, first, at time.Time) trend.Counts {
	hours := int(at.Sub(first) / time.Hour)
	begin := at.Add(-time.Duration(hours) * time.Hour)
	c := trend.Counts{End: at, Starts: make([]time.Time, hours)}
	for i := range c.Starts {
		c.Starts[i] = begin.Add(time.Duration(i) * time.Hour)
	}
	count := func(points []Point) []int {
		out := make([]int, hours)
		for _, p := range span(points, begin, at) {
			out[int(p.At.Sub(begin)/time.Hour)] += p.Calls
		}
		return out
	}
	c.Volume = count(h.Volume)
	c.Themes = []trend.Series{{Counts: count(h.Points)}}
	return c
}

// Standing is how a rule stands between two looks.
type Standing struct {
	// Above says that it was told, and that what was told of goes on.
	Above bool
	// Told is when it was last told; zero: never.
	Told time.Time
}

// Step takes a look into account, and says whether somebody is to be told now.
func (r Rule) Step(s *Standing, v Verdict) (tell bool) {
	if s.Above {
		s.Above = !v.Ends
		return false
	}
	if !v.Fires || !s.Told.IsZero() && v.To.Sub(s.Told) < r.Rest {
		return false
	}
	s.Above, s.Told = true, v.To
	return true
}

// Past is what a rule would have told.
type Past struct {
	Fired []time.Time
	// Last is the verdict at the end.
	Last Verdict
}

// mostSteps bounds how often the past is looked at.
const mostSteps = 8 * 7 * 24 * 4

// Replay takes the steps of a rule through a stretch of the past, though not as
// often as live: a quarter of an hour apart for an hour's calls, an hour for those
// of longer periods, six for what is compared, which costs about a millisecond.
func (r Rule) Replay(h History, from, to time.Time) Past {
	every := max(r.Every(), to.Sub(from)/mostSteps)
	switch {
	case r.Kind == Change:
		every = max(every, 6*time.Hour)
	case r.Period > time.Hour:
		every = max(every, time.Hour)
	}
	var p Past
	var s Standing
	for at := from; ; at = at.Add(every) {
		if at.After(to) {
			at = to
		}
		p.Last = r.Judge(h, at)
		if r.Step(&s, p.Last) {
			p.Fired = append(p.Fired, at)
		}
		if !at.Before(to) {
			return p
		}
	}
}
