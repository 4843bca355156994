package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// decisionPeople is how many people are asked about.
const decisionPeople = 1_000

// decisions measures how many decisions a server gives a second over HTTP, each
// kept before it is answered, and then those that keep nothing.
func decisions(ctx context.Context, each time.Duration) error {
	fmt.Printf("Decisions at %d connections, demo catalogue, %d people (budget 1,000 a second, p99 50 ms)\n", connections, decisionPeople)
	return withServer(ctx, load{people: decisionPeople, batch: 100}, func(s *senders) error {
		people, err := s.settle(ctx)
		if err != nil {
			return err
		}
		for _, way := range []struct{ name, more string }{{"kept", ""}, {"not kept", `,"dry_run":true`}} {
			if err := s.askFor(ctx, way.name, people, way.more, each); err != nil {
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

// askFor asks at all connections for a while, after a second of warming up.
func (s *senders) askFor(ctx context.Context, name string, people []string, more string, each time.Duration) error {
	start := time.Now().Add(eventsWarm)
	end := start.Add(each)
	took := make([][]time.Duration, connections)
	failed := make([]error, connections)
	began := cpu()
	var wg sync.WaitGroup
	for i := range connections {
		wg.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(i), 2))
			for time.Now().Before(end) && failed[i] == nil {
				body := fmt.Appendf(nil, `{"customer_id":%q,"slot":"web.banner","context":{"page":"cancel"}%s}`, people[dice.IntN(len(people))], more)
				asked := time.Now()
				failed[i] = s.post(ctx, "/v1/decisions", body)
				if asked.After(start) {
					took[i] = append(took[i], time.Since(asked))
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(all) == 0 {
		return errors.New("nothing was answered in time")
	}
	at := func(q float64) time.Duration { return all[int(q*float64(len(all)-1))].Round(10 * time.Microsecond) }
	fmt.Printf("  %-10s %6.0f decisions/s   p50 %s  p95 %s  p99 %s   CPU %.2f cores, senders included\n", name,
		float64(len(all))/each.Seconds(), at(.5), at(.95), at(.99), (cpu()-began).Seconds()/(each+eventsWarm).Seconds())
	return nil
}
