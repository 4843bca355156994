package themes

import (
	"errors"
	"testing"
	"time"

	"heed/internal/store"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Days and weeks are those of the clocks on the wall, also where these go
// back an hour or are half an hour off.
func TestBucketsFollowTheClocks(t *testing.T) {
	for _, c := range []struct {
		zone  string
		step  Step
		at    string
		first string
		hours time.Duration
	}{
		{"UTC", Day, "2026-03-04T23:59:59Z", "2026-03-04T00:00:00Z", 24},
		{"UTC", Week, "2026-03-08T12:00:00Z", "2026-03-02T00:00:00Z", 7 * 24},
		{"UTC", Week, "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z", 7 * 24},
		{"Europe/Berlin", Day, "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00", 25},
		{"Europe/Berlin", Day, "2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00", 23},
		{"Europe/Berlin", Hour, "2026-10-25T02:30:00+01:00", "2026-10-25T02:00:00+01:00", 1},
		{"Asia/Kolkata", Day, "2026-03-04T12:00:00+05:30", "2026-03-04T00:00:00+05:30", 24},
		{"Asia/Kolkata", Hour, "2026-03-04T12:10:00+05:30", "2026-03-04T12:00:00+05:30", 1},
		{"Asia/Kathmandu", Hour, "2026-03-04T12:10:00+05:45", "2026-03-04T12:00:00+05:45", 1},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		start := c.step.begin(at.In(zone(t, c.zone)))
		if got := start.Format(time.RFC3339); got != c.first {
			t.Errorf("%s of %s in %s begins at %s, want %s", c.step, c.at, c.zone, got, c.first)
		}
		if got := c.step.next(start).Sub(start); got != c.hours*time.Hour {
			t.Errorf("%s of %s in %s has %s", c.step, c.at, c.zone, got)
		}
	}
}

func TestTrendCountsByTheClocks(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.zone = zone(t, "Asia/Kolkata")
	midnight := time.Date(2026, 3, 3, 0, 0, 0, 0, r.zone)
	r.call(midnight.Add(-time.Minute), "a refund", "a refund")
	r.call(midnight, "a refund")
	r.call(midnight.Add(time.Hour), "hello")
	r.follow()
	r.set(midnight.Add(12 * time.Hour))
	days, err := r.Trend(t.Context(), "rule_refund", Span{Step: Day})
	r.must(err)
	if n := len(days); n != 28 {
		t.Fatalf("%d days", n)
	}
	last := days[26:]
	if !last[1].Start.Equal(midnight) || last[0].Calls != 1 || last[0].Turns != 2 || last[1].Calls != 1 || last[1].OfCalls != 2 || last[1].OfTurns != 2 {
		t.Errorf("days %+v", last)
	}
	for step, n := range map[Step]int{Hour: 48, Week: 26} {
		points, err := r.Trend(t.Context(), "rule_refund", Span{Step: step})
		r.must(err)
		var sum int64
		for _, p := range points {
			sum += p.Calls
		}
		if len(points) != n || sum != 2 {
			t.Errorf("%d %ss with %d calls", len(points), step, sum)
		}
	}
	_, err = r.Trend(t.Context(), "rule_refund", Span{Step: Hour, From: midnight.AddDate(-1, 0, 0)})
	if bad := (*Invalid)(nil); !errors.As(err, &bad) || bad.Field != "from" {
		t.Errorf("a year of hours: %v", err)
	}
	if _, err = r.Trend(t.Context(), "rule_refund", Span{Step: Day, From: midnight.AddDate(1, 0, 0)}); !errors.As(err, new(*Invalid)) {
		t.Errorf("from the future: %v", err)
	}
	if _, err = r.Trend(t.Context(), "nobody", Span{Step: Day}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
}
