package segment_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heed/internal/event"
)

// BenchmarkEvents measures whole requests, answered after their commit, from
// 32 senders over the network.
func BenchmarkEvents(b *testing.B) {
	for _, c := range []struct{ people, batch int }{{1_000, 1}, {100_000, 1}, {1_000, 20}} {
		b.Run(fmt.Sprintf("people=%d/batch=%d", c.people, c.batch), func(b *testing.B) { benchEvents(b, c.people, c.batch) })
	}
}

func benchEvents(b *testing.B, people, batch int) {
	p := newPlace(b, nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(b.N) {
					return
				}
				parts := make([]string, batch)
				for i := range parts {
					at := int(n)*batch + i
					name := []string{"Product List Viewed", "Lamp Rubbed", "Product Viewed", "Product Added"}[at%4]
					parts[i] = fmt.Sprintf(`{"type":"track","messageId":%q,"userId":"u%d","event":%q,"properties":{"product_id":"p%d","price":9.5}}`,
						event.NewID(), at*7919%people, name, at%50)
				}
				began := time.Now()
				p.deliver(b, client, `{"batch":[`+strings.Join(parts, ",")+`]}`)
				took[n] = time.Since(began)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(took[b.N/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[(b.N-1)*99/100].Microseconds())/1000, "p99-ms")
}

func (p *place) deliver(b *testing.B, c *http.Client, body string) {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, p.URL+"/v1/batch", strings.NewReader(body))
	if err != nil {
		b.Error(err)
		return
	}
	r.SetBasicAuth("k1", "")
	res, err := c.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Errorf("%d %s, error %v", res.StatusCode, answer, err)
	}
}
