package search

import (
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt/errors"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics of one index.
type metrics struct {
	indexed, unreadable prometheus.Counter
	batches, queries    prometheus.Histogram
}

func newMetrics(r prometheus.Registerer) (metrics, error) {
	m := metrics{
		indexed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "heed_search_indexed_total", Help: "Utterances put into the search index.",
		}),
		unreadable: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "heed_search_unreadable_total", Help: "Events that the search index left out because they do not parse.",
		}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "heed_search_batch_seconds", Help: "Time to index one batch.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2.5, 10),
		}),
		queries: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "heed_search_query_seconds", Help: "Time to answer one query.",
			Buckets: prometheus.ExponentialBuckets(0.0002, 2.5, 10),
		}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.indexed, m.unreadable, m.batches, m.queries} {
		if err := r.Register(c); err != nil {
			return m, fmt.Errorf("search metrics: %w", err)
		}
	}
	return m, nil
}

func (m metrics) batch(utterances int, took time.Duration) {
	m.indexed.Add(float64(utterances))
	m.batches.Observe(took.Seconds())
}

func (m metrics) query(took time.Duration) { m.queries.Observe(took.Seconds()) }

// inUse tells a lock held by another process from damage.
func inUse(err error) bool { return errors.Is(err, bolt.ErrTimeout) }
