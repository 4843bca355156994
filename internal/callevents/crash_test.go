package callevents_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/internal/callevents"
	"heed/internal/event"
	"heed/internal/ingest/webhook"
	"heed/internal/store"
	"heed/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("HEED_CALLEVENTS_CHILD"); dir != "" {
		fmt.Fprintln(os.Stderr, crashChild(dir))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// silence is calls of which none lives.
type silence struct{}

func (silence) Complete(context.Context, string, string) {}

func keeperOf(s *store.Store) *callevents.Keeper {
	return callevents.New(callevents.Options{Store: s, Calls: silence{}, Region: "US"})
}

// crashChild serves webhooks for as long as it lives and prints its address.
func crashChild(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Path: dir})
	if err != nil {
		return err
	}
	k := keeperOf(s)
	go k.Run(ctx)
	d, err := webhook.New(webhook.Options{Events: k, Allow: func(*http.Request) bool { return true }})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	for pattern, h := range d.Handlers() {
		mux.Handle(pattern, h)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return http.Serve(l, mux) //nolint:gosec // it is killed within a second
}

// Killed between answers and consequences, the server has the consequences of
// every event that it answered, once each, when it runs again; also of those
// that were sent twice because no answer came.
func TestKillLosesNoEvent(t *testing.T) {
	dir, acked := t.TempDir(), map[string]bool{}
	for round := range 3 {
		crashOnce(t, dir, acked, 50+50*round) // it begins with what was sent before
	}
	if len(acked) < 100 {
		t.Fatalf("%d answered: the test is no test", len(acked))
	}
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { keeperOf(s).Run(ctx) })
	deadline := time.Now().Add(20 * time.Second)
	for open := -1; open != 0 && time.Now().Before(deadline); {
		rows, err := s.OpenTold(ctx, 500)
		if err != nil {
			t.Fatal(err)
		}
		open = len(rows)
	}
	cancel()
	running.Wait()
	versions, told := map[string]int{}, map[string]int{}
	for q := (store.TrackingQuery{Limit: 500}); ; {
		page, next, err := s.Tracking(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			versions[r.Call] = r.Version
			told[r.ID] = 0
		}
		if q.After = next; next == "" {
			break
		}
	}
	for id := range acked {
		if versions[id] != 1 {
			t.Errorf("%s was answered, and its record has %d events", id, versions[id])
		}
	}
	for after := int64(0); ; {
		events, err := s.Events(t.Context(), store.EventQuery{After: after, Types: []event.Type{event.CallTracked}, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			var r event.Tracking
			if err := json.Unmarshal(e.Data, &r); err != nil || r.Source != "google" {
				t.Errorf("event %d tells %s: %v", e.Seq, e.Data, err)
			}
			told[r.ID]++
			after = e.Seq
		}
	}
	for id, n := range told {
		if n != 1 {
			t.Errorf("the log tells %d times of %s", n, id)
		}
	}
}

// crashOnce runs a server, sends events to it, and kills it after so many
// answers. What was not answered is sent again in the next round.
func crashOnce(t *testing.T, dir string, acked map[string]bool, answers int) {
	t.Helper()
	child := storetest.StartChild(t, "HEED_CALLEVENTS_CHILD="+dir)
	url := child.URL + "/ingest/invoca/events"
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	var mu sync.Mutex
	next, left, enough := 0, answers, make(chan struct{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				mu.Lock()
				next++
				id := fmt.Sprintf("t%d", next)
				mu.Unlock()
				ok := crashSend(t, client, url, id)
				mu.Lock()
				if ok {
					acked[id] = true
					if left--; left == 0 {
						close(enough)
					}
				}
				mu.Unlock()
				if !ok {
					return
				}
			}
		})
	}
	<-enough
	_ = child.Process.Kill()
	wg.Wait()
	client.CloseIdleConnections()
	_ = child.Wait() // it says that it was killed
}

func crashSend(t *testing.T, c *http.Client, url, id string) bool {
	body := fmt.Sprintf(`{"transaction_id":%q,"calling_phone_number":"+14155550100","start_time_utc":1777636500,"utm_source":"google"}`, id)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := c.Do(r)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusNoContent
}
