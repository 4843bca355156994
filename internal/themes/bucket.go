package themes

import (
	"fmt"
	"time"

	"heed/internal/store"
)

// Step is the length of the buckets of a trend, on the organisation's clocks.
type Step string

// The steps of a trend. A week begins on Monday.
const (
	Hour Step = "hour"
	Day  Step = "day"
	Week Step = "week"
)

// maxBuckets bounds a trend.
const maxBuckets = 1000

// local gives a moment in the organisation's time zone.
func (t *Themes) local(at time.Time) time.Time { return at.In(t.zone) }

// begin is the beginning of the bucket in which a moment lies.
func (s Step) begin(at time.Time) time.Time {
	switch s {
	case Day:
		return midnight(at, 0)
	case Week:
		return midnight(at, -(int(at.Weekday())+6)%7)
	case Hour:
	}
	return hourOf(at)
}

// next is the beginning of the bucket behind one. Days may have 23 or 25 hours.
func (s Step) next(start time.Time) time.Time {
	switch s {
	case Day:
		return midnight(start, 1)
	case Week:
		return midnight(start, 7)
	case Hour:
	}
	return start.Add(time.Hour)
}

// usual is how far back a trend goes when nobody says: 48 hours, 28 days or 26
// weeks, with the one that is not over.
func (s Step) usual(to time.Time) time.Time {
	last := s.begin(to.Add(-1))
	switch s {
	case Day:
		return midnight(last, -27)
	case Week:
		return midnight(last, -25*7)
	case Hour:
	}
	return last.Add(-47 * time.Hour)
}

// midnight is the beginning of the day that is some days from a moment's.
func midnight(at time.Time, days int) time.Time {
	y, m, d := at.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, at.Location())
}

// hourOf is the beginning of a moment's hour on the clocks of its zone.
func hourOf(at time.Time) time.Time {
	return at.Add(-time.Duration(at.Minute())*time.Minute - time.Duration(at.Second())*time.Second - time.Duration(at.Nanosecond()))
}

// buckets gives the beginnings of the buckets from the one that holds from to
// the one before to, and the same in slots.
func (s Step) buckets(from, to time.Time) ([]time.Time, []store.Bucket, error) {
	if !from.Before(to) {
		return nil, nil, &Invalid{"from", "expected a time before to"}
	}
	var starts []time.Time
	var slots []store.Bucket
	for at := s.begin(from); at.Before(to); {
		if len(starts) == maxBuckets {
			return nil, nil, &Invalid{"from", fmt.Sprintf("expected at most %d buckets: a shorter time, or a longer bucket", maxBuckets)}
		}
		next := s.next(at)
		starts = append(starts, at)
		slots = append(slots, store.Bucket{From: store.Slot(at), To: store.Slot(next)})
		at = next
	}
	return starts, slots, nil
}
