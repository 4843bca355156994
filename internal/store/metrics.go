package store

import (
	"github.com/prometheus/client_golang/prometheus"
)

// metrics of one store.
type metrics struct {
	wait   prometheus.Histogram
	group  prometheus.Histogram
	failed *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer, queued func() float64) (*metrics, error) {
	m := &metrics{
		wait: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "heed_store_write_seconds", Help: "From asking for a write to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.00025, 2, 16),
		}),
		group: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "heed_store_group_writes", Help: "Writes that shared one commit.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 9),
		}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_store_failures_total", Help: "Commits or statements that failed for a reason of the machine.",
		}, []string{"reason"}),
	}
	if reg == nil {
		return m, nil
	}
	queue := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "heed_store_queued_writes", Help: "Writes waiting for the writer.",
	}, queued)
	for _, c := range []prometheus.Collector{m.wait, m.group, m.failed, queue} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}
