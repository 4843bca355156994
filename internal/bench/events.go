package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/event"
)

const (
	// connections is how many senders are at work at once.
	connections = 32
	// eventsWarm is left out of the figures: connections and caches begin.
	eventsWarm = time.Second
)

// load is one way of sending events.
type load struct {
	name   string
	people int
	batch  int // messages a request; 1 sends them singly
}

// events measures how many messages of the tracking API a server takes a
// second, each answered after its commit, and how long the senders wait.
func events(ctx context.Context, each time.Duration) error {
	fmt.Printf("Events at %d connections, durable (budget 3000 events/s, p99 60 ms)\n", connections)
	for _, l := range []load{
		{"single, 1,000 people", 1_000, 1},
		{"single, 100,000 people", 100_000, 1},
		{"batches of 50, 1,000 people", 1_000, 50},
		{"batches of 100, 100,000 people", 100_000, 100},
	} {
		if err := sendFor(ctx, l, each); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

func sendFor(ctx context.Context, l load, each time.Duration) error {
	return withServer(ctx, l, func(s *senders) error { return s.run(ctx, each) })
}

// withServer starts a server of its own and hands what can send to it.
func withServer(ctx context.Context, l load, do func(*senders) error) error {
	return serving(ctx, func(o *app.Options) {
		o.Config.Segment.Rate = 0
		o.Engine, o.Analyzer = app.NoEngine(), insights.Chain{} // nobody speaks here
	}, func(a *app.App) error {
		s := &senders{
			load: l, url: "http://" + a.Addr().String(), key: a.Key(),
			client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: mostAsked}},
		}
		defer s.client.CloseIdleConnections()
		return do(s)
	})
}

// senders send for as long as they may.
type senders struct {
	load
	url, key string
	client   *http.Client

	mu   sync.Mutex
	took []time.Duration
}

func (s *senders) run(ctx context.Context, each time.Duration) error {
	ctx, stop := context.WithTimeout(ctx, eventsWarm+each)
	defer stop()
	start := time.Now().Add(eventsWarm)
	var warmCPU atomic.Int64
	warm := time.AfterFunc(eventsWarm, func() { warmCPU.Store(int64(cpu())) })
	defer warm.Stop()
	var wg sync.WaitGroup
	failed := make([]error, connections)
	for i := range connections {
		wg.Go(func() { failed[i] = s.send(ctx, start, uint64(i)) })
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	used := cpu() - time.Duration(warmCPU.Load())
	slices.Sort(s.took)
	if len(s.took) == 0 {
		return errors.New("nothing was answered in time")
	}
	at := func(q float64) time.Duration {
		return s.took[int(q*float64(len(s.took)-1))].Round(10 * time.Microsecond)
	}
	n := len(s.took) * s.batch
	fmt.Printf("  %-31s %7.0f events/s   request p50 %s  p95 %s  p99 %s   CPU %.2f cores, %.0f µs an event, senders included\n", s.name,
		float64(n)/each.Seconds(), at(.5), at(.95), at(.99), used.Seconds()/each.Seconds(), used.Seconds()*1e6/float64(n))
	return nil
}

func (s *senders) send(ctx context.Context, start time.Time, seed uint64) error {
	dice := rand.New(rand.NewPCG(seed, 1))
	var took []time.Duration
	for ctx.Err() == nil {
		path, body := s.request(dice)
		began := time.Now()
		err := s.post(ctx, path, body)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		if began.After(start) {
			took = append(took, time.Since(began))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took = append(s.took, took...)
	return nil
}

func (s *senders) request(dice *rand.Rand) (path string, body []byte) {
	if s.batch == 1 {
		kind, message := s.message(dice)
		return "/v1/" + kind, []byte("{" + message + "}")
	}
	parts := make([]string, s.batch)
	for i := range parts {
		kind, message := s.message(dice)
		parts[i] = `{"type":"` + kind + `",` + message + "}"
	}
	return "/v1/batch", []byte(`{"batch":[` + strings.Join(parts, ",") + `]}`)
}

// message is what a shop sends: most of it looks, some of it deeds.
func (s *senders) message(dice *rand.Rand) (kind, fields string) {
	common := fmt.Sprintf(`"messageId":%q,"userId":"user-%d","timestamp":%q,"context":{"library":{"name":"bench"},"locale":"en-GB","page":{"path":"/shop","title":"Shop"}}`,
		event.NewID(), dice.IntN(s.people), time.Now().UTC().Format(time.RFC3339Nano))
	switch n := dice.IntN(100); {
	case n < 40:
		return "page", common + `,"name":"Shop","properties":{"path":"/shop/phones","title":"Phones","referrer":"https://example.com/"}`
	case n < 70:
		return "track", common + `,"event":"Product List Viewed","properties":{"list_id":"phones","category":"Phones"}`
	case n < 90:
		return "track", common + fmt.Sprintf(`,"event":"Product Viewed","properties":{"product_id":"p%d","category":"Phones","price":199.5,"currency":"EUR"}`, dice.IntN(50))
	case n < 96:
		return "track", common + fmt.Sprintf(`,"event":"Product Added","properties":{"product_id":"p%d","category":"Phones","price":199.5,"quantity":1}`, dice.IntN(50))
	case n < 98:
		return "track", common + fmt.Sprintf(`,"event":"Order Completed","properties":{"order_id":%q,"total":199.5,"products":[{"product_id":"p%d"}]}`, event.NewID(), dice.IntN(50))
	default:
		return "identify", common + `,"traits":{"plan":"gold","logins":5}`
	}
}

// post sends what nothing but a success is expected of.
func (s *senders) post(ctx context.Context, path string, body []byte) error {
	_, err := s.answer(ctx, path, body)
	return err
}

// answer sends and gives what came back.
func (s *senders) answer(ctx context.Context, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(s.key, "")
	res, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"rejected"`)) {
		return nil, fmt.Errorf("%s: %d %.200s", path, res.StatusCode, answer)
	}
	return answer, nil
}
