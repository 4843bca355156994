package learning

import (
	"math"
	"slices"
	"time"
)

const (
	// jump is how many standard deviations above the mean of the week before
	// the rate of a day has to be for learning to stop.
	jump = 6
	// leastToday and leastBefore are the answers that it takes to tell.
	leastToday, leastBefore = 20, 50
	week                    = 7
)

// rates are the answers to an action by day, this one and seven before.
type rates struct {
	Days    []daily   `json:"days"` // the latest last
	Stopped time.Time `json:"stopped,omitzero"`
	Rate    float64   `json:"rate,omitempty"`   // of the day that stopped it
	Before  float64   `json:"before,omitempty"` // of the week before
	// Trusted is the day of which somebody said that its rate is right.
	Trusted string `json:"trusted,omitempty"`
}

type daily struct {
	Day string  `json:"day"`
	N   float64 `json:"n"`
	Yes float64 `json:"yes"`
}

func newRates() *rates { return &rates{} }

// add counts an answer; it may stop the learning.
func (r *rates) add(now time.Time, yes bool) {
	today := r.today(now)
	today.N++
	if yes {
		today.Yes++
	}
	r.jumped(now)
}

// correct puts a later truth in the place of the first, on the day on which
// that was learnt: late answers to a big mailing are no jump of the day they
// come. It tells whether the truth is refused. While learning is stopped, or
// where it stops it, a yes is; a no takes back what was learnt and never is.
func (r *rates) correct(now time.Time, day string, yes bool) (refused bool) {
	at := slices.IndexFunc(r.Days, func(d daily) bool { return d.Day == day })
	switch {
	case yes && !r.Stopped.IsZero():
		return true
	case at < 0: // more than a week ago
		return false
	case !yes:
		r.Days[at].Yes--
		return false
	}
	r.Days[at].Yes++
	if refused = r.jumped(now); refused {
		r.Days[at].Yes--
	}
	return refused
}

// jumped stops the learning where the latest day is far above the week before
// it, and tells whether it did so now.
func (r *rates) jumped(now time.Time) bool {
	before, today := r.Days[:len(r.Days)-1], r.Days[len(r.Days)-1]
	if !r.Stopped.IsZero() || today.Day == r.Trusted {
		return false
	}
	n, sum := 0.0, 0.0
	for _, d := range before {
		n, sum = n+d.N, sum+d.Yes
	}
	if today.N < leastToday || n < leastBefore {
		return false
	}
	mean, rate := (sum+0.5)/(n+1), today.Yes/today.N
	if rate-mean <= jump*math.Sqrt(mean*(1-mean)/today.N) {
		return false
	}
	r.Stopped, r.Rate, r.Before = now, rate, mean
	return true
}

func (r *rates) today(now time.Time) *daily {
	day := dayOf(now)
	if n := len(r.Days); n == 0 || r.Days[n-1].Day != day {
		r.Days = append(r.Days, daily{Day: day})
		r.Days = r.Days[max(0, len(r.Days)-week-1):]
	}
	return &r.Days[len(r.Days)-1]
}

// resume has the learning go on: the rate of the day is right.
func (r *rates) resume() {
	if n := len(r.Days); n > 0 {
		r.Trusted = r.Days[n-1].Day
	}
	r.Stopped = time.Time{}
}

// dayOf names the day of a moment, in UTC.
func dayOf(at time.Time) string { return at.UTC().Format(time.DateOnly) }
