package alerts

import (
	"context"
	"strings"
	"testing"
	"time"

	"heed/internal/store"
)

func TestWeeksFollowTheClocks(t *testing.T) {
	for _, c := range []struct{ zone, at, due, from, to string }{
		{"UTC", "2026-03-09T06:59:59Z", "2026-03-02T07:00:00Z", "2026-02-23T00:00:00Z", "2026-03-02T00:00:00Z"},
		{"UTC", "2026-03-09T07:00:00Z", "2026-03-09T07:00:00Z", "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"},
		{"UTC", "2026-03-15T23:00:00Z", "2026-03-09T07:00:00Z", "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"},
		{"Europe/Berlin", "2026-03-30T08:00:00+02:00", "2026-03-30T07:00:00+02:00", "2026-03-23T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"Europe/Berlin", "2026-10-26T07:00:00+01:00", "2026-10-26T07:00:00+01:00", "2026-10-19T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"Asia/Kolkata", "2026-03-09T01:30:00Z", "2026-03-09T07:00:00+05:30", "2026-03-02T00:00:00+05:30", "2026-03-09T00:00:00+05:30"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		due, from, to := weekOver(at.In(zone))
		for i, got := range []time.Time{due, from, to} {
			if want := []string{c.due, c.from, c.to}[i]; got.Format(time.RFC3339) != want {
				t.Errorf("%s in %s: %s, want %s", c.at, c.zone, got.Format(time.RFC3339), want)
			}
		}
	}
}

// A digest comes once, on Monday morning, also when the clocks change and when
// Heed is started again.
func TestADigestComesOnce(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	tune := func(o *Options) { o.Zone = berlin }
	due := time.Date(2026, 3, 30, 7, 0, 0, 0, berlin) // the first morning of summer time
	t.Run("before", func(t *testing.T) {
		r := newRig(t, dir, tune)
		r.set(due.AddDate(0, 0, -3))
		r.subscribe(Wish{Wanted: store.Wanted{Kind: Digest, Mail: "ann@example.com"}})
		r.saved("Refunds", "refund")
		r.saved("Nothing", "nothing")
		for d := range 10 {
			r.call(due.AddDate(0, 0, -d).Add(-10*time.Hour), "a refund", "my secret")
		}
		r.follow()
		for h := -40; h <= 0; h++ {
			r.watchAt(due.Add(time.Duration(h) * time.Hour))
			if got := r.mails.took(); (len(got) == 1) != (h == 0) {
				t.Fatalf("%d mails %d hours before", len(got), -h)
			} else if h == 0 {
				m := got[0]
				if m.Subject != "Your calls in the week from 23 March 2026" || !strings.Contains(m.Body, "Refunds: 7 calls, 3 the week before") ||
					strings.Contains(m.Body+m.HTML, "secret") || m.Message != "digest-2026-03-30-"+m.Subscription {
					t.Errorf("%s\n%s", m.Subject, m.Body)
				}
			}
		}
	})
	r := newRig(t, dir, tune)
	for h := 1; h < 100; h += 9 {
		r.watchAt(due.Add(time.Duration(h) * time.Hour))
	}
	if got := r.mails.took(); len(got) != 0 {
		t.Errorf("%d mails after a start", len(got))
	}
	// Heed was off until Wednesday noon: news of Monday are none any more. The week
	// after, there was nothing.
	r.watchAt(due.AddDate(0, 0, 7).Add(53 * time.Hour))
	r.watchAt(due.AddDate(0, 0, 21))
	if got := r.mails.took(); len(got) != 0 {
		t.Errorf("stale or empty: %+v", got)
	}
	subs, err := r.Subscriptions(t.Context(), r.ann, false)
	if err != nil || len(subs) != 1 || subs[0].Note != "nothing" {
		t.Errorf("%+v, %v", subs, err)
	}
}

// TestDigestsAreCountedWhole: an index that is behind makes a digest wait.
func TestDigestsAreCountedWhole(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	due := monday.AddDate(0, 0, 7).Truncate(24 * time.Hour).Add(morning * time.Hour)
	r.set(monday.Add(time.Hour))
	r.subscribe(Wish{Wanted: store.Wanted{Kind: Digest, Mail: "ann@example.com"}})
	r.saved("Refunds", "refund")
	r.call(monday, "a refund")
	r.watchAt(due)
	if got := r.mails.took(); len(got) != 0 {
		t.Errorf("sent with an empty index: %s", got[0].Body)
	}
	r.follow()
	r.watchAt(due.Add(time.Hour))
	if got := r.mails.took(); len(got) != 1 {
		t.Errorf("%d mails when it was counted", len(got))
	}
}

// The run looks each minute by a clock, and ends when it is told to.
func TestRunWatchesByTheClock(t *testing.T) {
	r := newRig(t, t.TempDir(), nil)
	r.subscribe(Wish{Search: r.saved("Refunds", "refund"), Wanted: threshold(1)})
	r.call(monday, "a refund")
	r.follow()
	r.set(monday.Add(time.Minute))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	select {
	case <-done:
		t.Fatal("it ended by itself")
	case <-r.mails.came:
	}
	cancel()
	<-done
}
