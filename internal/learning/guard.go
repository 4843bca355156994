package learning

import (
	"math"
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

// add counts an answer and tells whether it has stopped the learning.
func (r *rates) add(now time.Time, yes bool) bool {
	today := r.today(now)
	today.N++
	if yes {
		today.Yes++
	}
	if !r.Stopped.IsZero() || today.Day == r.Trusted {
		return false
	}
	n, sum := 0.0, 0.0
	for i := range r.Days[:len(r.Days)-1] {
		n, sum = n+r.Days[i].N, sum+r.Days[i].Yes
	}
	if today.N < leastToday || n < leastBefore {
		return false
	}
	before := (sum + 0.5) / (n + 1)
	rate := today.Yes / today.N
	if rate-before <= jump*math.Sqrt(before*(1-before)/today.N) {
		return false
	}
	r.Stopped, r.Rate, r.Before = now, rate, before
	return true
}

// correct puts a later truth in the place of the first.
func (r *rates) correct(now time.Time, yes bool) {
	today := r.today(now)
	if yes {
		today.Yes++
	} else {
		today.Yes--
	}
}

func (r *rates) today(now time.Time) *daily {
	day := now.UTC().Format(time.DateOnly)
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
