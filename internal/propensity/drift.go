package propensity

import (
	"math"
	"slices"
	"time"
)

// window holds the recent history of a number in buckets of growing size and
// finds the moment where its mean changed: ADWIN (Bifet and Gavalda, Learning
// from time-changing data with adaptive windowing, 2007).
type window struct {
	Buckets []bucket `json:"buckets"` // oldest first, sizes falling
	Added   int64    `json:"added"`
}

// bucket sums N neighbours, a power of two.
type bucket struct {
	N   float64 `json:"n"`
	Sum float64 `json:"sum"`
	Sq  float64 `json:"sq"`
}

const (
	bucketsOfSize = 5     // at most, before two are joined
	lookEvery     = 32    // numbers between two looks for a change
	leastSide     = 100   // numbers on each side of one
	doubt         = 0.002 // the chance of a false alarm of one look (delta)
	mostOff       = 5.0   // bounds a number on either side
)

// add takes in one number and says whether the mean moved away from 0.
func (w *window) add(x float64) bool {
	w.Buckets = append(w.Buckets, bucket{1, x, x * x})
	w.join()
	w.Added++
	return w.Added%lookEvery == 0 && w.cut()
}

// amend corrects the latest number.
func (w *window) amend(from, to float64) {
	if n := len(w.Buckets); n > 0 {
		b := &w.Buckets[n-1]
		b.Sum += to - from
		b.Sq = max(0, b.Sq+to*to-from*from)
	}
}

// join keeps at most so many buckets of a size, the oldest two become one.
func (w *window) join() {
	for end := len(w.Buckets); end > 0; {
		start := end - 1
		for start > 0 && w.Buckets[start-1].N == w.Buckets[end-1].N {
			start--
		}
		if end-start <= bucketsOfSize {
			return
		}
		a, b := w.Buckets[start], w.Buckets[start+1]
		w.Buckets[start] = bucket{a.N + b.N, a.Sum + b.Sum, a.Sq + b.Sq}
		w.Buckets = slices.Delete(w.Buckets, start+1, start+2)
		end = start + 1
	}
}

// cut looks for a place that parts the window into two of clearly different
// means, lets go of what is older, and says whether the newer mean is farther
// from 0.
func (w *window) cut() bool {
	var all, old bucket
	for _, b := range w.Buckets {
		all = bucket{all.N + b.N, all.Sum + b.Sum, all.Sq + b.Sq}
	}
	variance := max(0, all.Sq/all.N-(all.Sum/all.N)*(all.Sum/all.N))
	for i, b := range w.Buckets {
		old = bucket{old.N + b.N, old.Sum + b.Sum, old.Sq + b.Sq}
		n := all.N - old.N
		if old.N < leastSide || n < leastSide {
			continue
		}
		was, is := old.Sum/old.N, (all.Sum-old.Sum)/n
		if math.Abs(was-is) > bound(old.N, n, variance) {
			w.Buckets = slices.Delete(w.Buckets, 0, i+1)
			return math.Abs(is) > math.Abs(was)
		}
	}
	return false
}

// bound is how far two means of one distribution may lie apart, for numbers
// between -5 and 5.
func bound(a, b, variance float64) float64 {
	m := 1 / (1/a + 1/b)
	l := math.Log(2 * math.Log(a+b) / doubt)
	return math.Sqrt(2/m*variance*l) + 2.0/3/m*2*mostOff*l
}

// learner is what the model keeps of an action beside its weights.
type learner struct {
	Own    []owned   `json:"own"`
	Top    []named   `json:"top"`
	Least  float64   `json:"least"` // the smallest of Top when it last changed
	Drift  window    `json:"drift"`
	Alarms int64     `json:"alarms"`
	Alarm  time.Time `json:"alarm,omitzero"`
}

// owned is a slot that the action was the first to use.
type owned struct {
	Slot uint32  `json:"i"`
	Q0   float64 `json:"q0"` // its prior precision
}

func (m *Model) learnerOf(action string) *learner {
	l := m.actions[action]
	if l == nil {
		l = &learner{}
		m.actions[action] = l
	}
	return l
}

// surplus is how much greater the log loss was than the model itself expected
// of a chance: 0 in the mean while it is right, in whichever direction it goes
// wrong.
func (s scored) surplus() float64 {
	y := 0.0
	if s.Yes {
		y = 1
	}
	p := min(1-1e-9, max(1e-9, s.P))
	return min(mostOff, max(-mostOff, (p-y)*logit(p)))
}

// watch looks whether an action has changed. If so the model becomes as unsure
// of its weights as four times the variance, and learns faster.
func (m *Model) watch(who *learner, l *lesson, old scored, again bool) {
	if again {
		who.Drift.amend(old.surplus(), l.Score.surplus())
		return
	}
	if !who.Drift.add(l.Score.surplus()) {
		return
	}
	who.Alarms++
	who.Alarm = l.At
	for _, o := range who.Own {
		s := &m.slots[o.Slot]
		q := o.Q0 + s.more*m.time.keep
		s.more = max(0, q/4-o.Q0) / m.time.keep
	}
}
