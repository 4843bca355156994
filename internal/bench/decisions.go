package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// decisionPeople is how many people are asked about.
	decisionPeople = 1_000
	// decisionRate is how many decisions a second the budget asks for.
	decisionRate = 1_000
)

// decisions measures decisions over HTTP, each kept before it is answered: how
// long they take at the rate of the budget, and how many a server gives a
// second at most; and the latter of those that keep nothing.
func decisions(ctx context.Context, each time.Duration) error {
	fmt.Printf("Decisions, demo catalogue, %d people (budget %d a second, p99 50 ms)\n", decisionPeople, decisionRate)
	return withServer(ctx, load{people: decisionPeople, batch: 100}, func(s *senders) error {
		people, err := s.settle(ctx)
		if err != nil {
			return err
		}
		for _, way := range []struct {
			name, more string
			rate       int
		}{
			{fmt.Sprintf("kept, %d/s", decisionRate), "", decisionRate},
			{"kept, all that go", "", 0},
			{"not kept, all that go", `,"dry_run":true`, 0},
		} {
			if err := s.askFor(ctx, asking{people: people, more: way.more, rate: way.rate, each: each}, way.name); err != nil {
				return fmt.Errorf("decisions %s: %w", way.name, err)
			}
		}
		return nil
	})
}

// settle makes the people, with some history each, and gives their ids.
func (s *senders) settle(ctx context.Context) (ids []string, err error) {
	dice := rand.New(rand.NewPCG(1, 1))
	for range 10 * decisionPeople / s.batch {
		path, body := s.request(dice)
		if err := s.post(ctx, path, body); err != nil {
			return nil, err
		}
	}
	after := ""
	for {
		raw, err := s.get(ctx, "/v1/customers?limit=500&after="+after)
		if err != nil {
			return nil, err
		}
		var page struct {
			Customers []struct{ ID string }
			Next      string
		}
		if err := json.Unmarshal(raw, &page); err != nil {
			return nil, err
		}
		for _, c := range page.Customers {
			ids = append(ids, c.ID)
		}
		if after = page.Next; after == "" {
			return ids, nil
		}
	}
}

// asking is one way of asking for decisions.
type asking struct {
	people []string
	more   string // fields of the question
	rate   int    // a second, whether or not those before were answered; 0: at all connections, each after its answer
	each   time.Duration
}

// askFor asks for a while, after a second of warming up, and prints how long
// the answers took. At a rate each takes from the moment it was due, so that
// one that waits for those before it counts as slow.
func (s *senders) askFor(ctx context.Context, a asking, name string) error {
	start := time.Now().Add(eventsWarm)
	end := start.Add(a.each)
	due := make(chan time.Time)
	workers := connections
	if a.rate > 0 {
		workers = mostAsked
		due = make(chan time.Time, int(float64(a.rate)*(a.each+eventsWarm).Seconds())+1)
	}
	ctx, stop := context.WithDeadline(ctx, end.Add(answerWithin))
	defer stop()
	go schedule(ctx, a.rate, end, due)
	took := make([][]time.Duration, workers)
	failed := make([]error, workers)
	began := cpu()
	var asked atomic.Int64
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(i), 2))
			for at := range due {
				if a.rate == 0 {
					at = time.Now()
				}
				body := fmt.Appendf(nil, `{"customer_id":%q,"slot":"web.banner","context":{"page":"cancel"}%s}`, a.people[dice.IntN(len(a.people))], a.more)
				if err := s.post(ctx, "/v1/decisions", body); err != nil && failed[i] == nil {
					failed[i] = err
					stop()
				}
				asked.Add(1)
				if at.After(start) {
					took[i] = append(took[i], time.Since(at))
				}
			}
		})
	}
	wg.Wait()
	used := cpu() - began
	if err := errors.Join(failed...); err != nil {
		return err
	}
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(all) == 0 {
		return errors.New("nothing was answered in time")
	}
	at := func(q float64) time.Duration { return all[int(q*float64(len(all)-1))].Round(10 * time.Microsecond) }
	fmt.Printf("  %-22s %6.0f decisions/s   p50 %s  p95 %s  p99 %s  most %s   CPU %.2f cores, %.0f µs a decision, senders included\n", name,
		float64(len(all))/a.each.Seconds(), at(.5), at(.95), at(.99), at(1), used.Seconds()/(a.each+eventsWarm).Seconds(),
		used.Seconds()*1e6/float64(asked.Load()))
	return nil
}

const (
	// mostAsked is how many decisions are asked for at once at a rate.
	mostAsked = 256
	// answerWithin is how long the last answer may take.
	answerWithin = 30 * time.Second
)

// schedule says when each question is due, at a rate or as soon as one is free,
// until end.
func schedule(ctx context.Context, rate int, end time.Time, due chan<- time.Time) {
	defer close(due)
	next := time.Now()
	for next.Before(end) && ctx.Err() == nil {
		if rate > 0 {
			next = next.Add(time.Second / time.Duration(rate))
			time.Sleep(time.Until(next))
		} else {
			next = time.Now()
		}
		select {
		case due <- next:
		case <-ctx.Done():
		}
	}
}
