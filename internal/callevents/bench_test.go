package callevents_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/internal/ingest/webhook"
	"heed/internal/store"
)

// BenchmarkWebhooks sends 500 webhooks a second to a door over a real store,
// whose consequences are drawn beside, and reports how long their answers took.
func BenchmarkWebhooks(b *testing.B) {
	const perSecond = 500
	s, err := store.Open(b.Context(), store.Options{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	k := keeperOf(s)
	ctx, cancel := context.WithCancel(b.Context())
	var work sync.WaitGroup
	work.Go(func() { k.Run(ctx) })
	b.Cleanup(func() { cancel(); work.Wait(); _ = s.Close() })
	d, err := webhook.New(webhook.Options{Events: k, Allow: func(*http.Request) bool { return true }})
	if err != nil {
		b.Fatal(err)
	}
	door := d.Handlers()["POST /ingest/invoca/events"]
	took := make([]time.Duration, 0, b.N)
	var mu sync.Mutex
	var wg sync.WaitGroup
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	began := time.Now()
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		wg.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fmt.Sprintf(
				`{"transaction_id":"t%d","calling_phone_number":"+1415555%04d","destination_phone_number":"+18005550199","start_time_utc":1777636500,"utm_source":"google"}`, i, i%10_000)))
			w := httptest.NewRecorder()
			from := time.Now()
			door.ServeHTTP(w, r)
			mu.Lock()
			defer mu.Unlock()
			if took = append(took, time.Since(from)); w.Code != http.StatusNoContent {
				b.Errorf("answered %d", w.Code)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	at := func(p int) float64 { return float64(took[min(len(took)-1, len(took)*p/100)].Microseconds()) / 1000 }
	b.ReportMetric(at(50), "ms-p50")
	b.ReportMetric(at(99), "ms-p99")
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "webhooks/s")
	b.ReportMetric(0, "ns/op")
}
