package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"heed/internal/slots"
)

// rounds is how often something happens to each person with an open slot.
const rounds = 4

// pace is how long all of them take to have something happen to them.
const pace = 2 * time.Second

// openSlots measures how long it takes from an event of another system until
// who shows an open slot knows of the changed answer.
func openSlots(ctx context.Context, n int) error {
	fmt.Printf("%d open slots, half of them on the web, half on agents' desks, each followed; something happens to each within %s (budget p95 150 ms, p99 300 ms)\n", n, pace)
	return withServer(ctx, load{people: n, batch: 1}, func(s *senders) error {
		shown := make([]*screen, n)
		for i := range shown {
			var err error
			if shown[i], err = s.show(ctx, i); err != nil {
				return err
			}
		}
		for _, what := range []struct{ name, event string }{{"gathered for 100 ms", "page.cancel"}, {"at once", "complaint.opened"}} {
			if err := s.happen(ctx, what.name, what.event, shown); err != nil {
				return fmt.Errorf("%s: %w", what.name, err)
			}
		}
		return nil
	})
}

// screen is a slot that somebody looks at.
type screen struct {
	user  string
	seen  chan slots.State
	state slots.State
}

// show opens a slot for somebody who may be sold to, and follows it.
func (s *senders) show(ctx context.Context, i int) (*screen, error) {
	v := &screen{user: fmt.Sprintf("slot-%d", i), seen: make(chan slots.State, 100)}
	if err := s.post(ctx, "/v1/identify", fmt.Appendf(nil, `{"userId":%q,"traits":{"plan":"gold"}}`, v.user)); err != nil {
		return nil, err
	}
	place := []string{"web.banner", "agent.desk"}[i%2]
	body := fmt.Appendf(nil, `{"identifiers":[{"type":"user_id","value":%q}],"slot":%q}`, v.user, place)
	if err := s.ask(ctx, "/v1/slots", body, &v.state); err != nil {
		return nil, err
	}
	if err := s.ask(ctx, "/v1/customers/"+v.state.CustomerID+"/consent", []byte(`{"purpose":"marketing","state":"granted","wording":"may we?"}`), nil); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/v1/slots/"+v.state.ID+"/events", nil)
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(s.key, "")
	res, err := (&http.Client{}).Do(r) //nolint:bodyclose // the follower closes it
	if err != nil {
		return nil, err
	}
	go func() {
		defer func() { _ = res.Body.Close() }() // the server ends it
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var st slots.State
			if text, is := strings.CutPrefix(lines.Text(), "data: "); is && json.Unmarshal([]byte(text), &st) == nil {
				v.seen <- st
			}
		}
	}()
	return v, nil
}

// ask posts and reads the answer.
func (s *senders) ask(ctx context.Context, path string, body []byte, into any) error {
	answer, err := s.answer(ctx, path, body)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// happen has something happen to each person, some times, and prints how long
// it took until their screens knew.
func (s *senders) happen(ctx context.Context, name, event string, shown []*screen) error {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	still := 0
	for range rounds {
		time.Sleep(2 * time.Second) // what came before is over
		var wg sync.WaitGroup
		for i, v := range shown {
			for len(v.seen) > 0 {
				v.state = <-v.seen
			}
			wg.Go(func() {
				time.Sleep(time.Duration(i) * pace / time.Duration(len(shown)))
				began := time.Now()
				err := s.post(ctx, "/v1/track", fmt.Appendf(nil, `{"userId":%q,"event":%q}`, v.user, event))
				mu.Lock()
				defer mu.Unlock()
				if failed = errors.Join(failed, err); err != nil {
					return
				}
				mu.Unlock()
				at, changed := v.await()
				mu.Lock()
				if changed {
					took = append(took, at.Sub(began))
				} else {
					still++
				}
			})
		}
		wg.Wait()
	}
	if failed != nil || len(took) == 0 {
		return errors.Join(failed, fmt.Errorf("%d screens changed", len(took)))
	}
	slices.Sort(took)
	at := func(q float64) time.Duration { return took[int(q*float64(len(took)-1))].Round(100 * time.Microsecond) }
	fmt.Printf("  %-20s event sent -> changed answer on the screen p50 %s  p95 %s  p99 %s  (%d changes; %d events changed nothing)\n",
		name, at(.5), at(.95), at(.99), len(took), still)
	return nil
}

// await gives when the screen got another answer, if it did within a while.
func (v *screen) await() (time.Time, bool) {
	over := time.After(1500 * time.Millisecond)
	for {
		select {
		case st := <-v.seen:
			now := time.Now()
			if st.DecisionID != v.state.DecisionID {
				v.state = st
				return now, true
			}
		case <-over:
			return time.Time{}, false
		}
	}
}
