package replay_test

import (
	"sync"
	"testing"
	"time"
)

// BenchmarkReplay replays 25,000 decisions of 2,000 people and reports how many
// a minute that is. Making them takes longer than replaying them.
func BenchmarkReplay(b *testing.B) {
	const people, rounds = 2000, 12
	s := newShop(b)
	for n := range people {
		s.person(b, n)
	}
	work := make(chan int)
	var wait sync.WaitGroup
	for range 64 { // commits share a wait for the disk
		wait.Go(func() {
			for n := range work {
				if err := s.banner(b.Context(), s.ids[n], ""); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range rounds {
		for n := range people {
			work <- n
		}
		s.later(time.Hour)
	}
	for n := range people / 2 {
		work <- n
	}
	close(work)
	wait.Wait()
	decisions := 0
	for b.Loop() {
		r, err := s.run(b, "version: 1\npolicy: {value: {gamma: 0.5}}\n", nil)
		if err != nil {
			b.Fatal(err)
		}
		decisions += r.Decisions
		if r.AsLogged.Same != r.Decisions {
			b.Errorf("%d of %d as logged: %v", r.AsLogged.Same, r.Decisions, r.AsLogged.Differ)
		}
	}
	b.ReportMetric(float64(decisions)/b.Elapsed().Minutes(), "decisions/min")
}
