package session

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the figures of all calls of a manager.
type metrics struct {
	live           prometheus.Gauge
	refused        prometheus.Counter
	ended          *prometheus.CounterVec
	utterances     *prometheus.CounterVec
	engineFailures prometheus.Counter
	commitFailures prometheus.Counter
	dropped        prometheus.Counter
	recordingLost  prometheus.Counter
	reading        prometheus.Histogram
	committing     prometheus.Histogram
}

// newMetrics makes the metrics and registers them where there is a registerer.
func newMetrics(r prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "heed", Subsystem: "session", Name: name, Help: help})
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "heed", Subsystem: "session", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, first float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "heed", Subsystem: "session", Name: name, Help: help,
			Buckets: prometheus.ExponentialBuckets(first, 2, 12),
		})
	}
	m := &metrics{
		live: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "heed", Subsystem: "session", Name: "calls_live", Help: "Calls that have not ended.",
		}),
		refused:        counter("calls_refused_total", "Calls refused because too many were live."),
		ended:          counters("calls_ended_total", "Calls closed, by how.", "status"),
		utterances:     counters("utterances_total", "Utterances committed.", "speaker", "recovered"),
		engineFailures: counter("engine_failures_total", "Runs of an engine that failed."),
		commitFailures: counter("commit_failures_total", "Commits that failed and were tried again."),
		dropped:        counter("frames_dropped_total", "Frames that an engine was too slow for; heard again later."),
		recordingLost:  counter("recording_lost_seconds_total", "Audio that could not be written."),
		reading:        histogram("reading_seconds", "From a final segment to the start of its commit.", 10e-6),
		committing:     histogram("committing_seconds", "Length of the commit of an utterance.", 250e-6),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.live, m.refused, m.ended, m.utterances, m.engineFailures, m.commitFailures,
		m.dropped, m.recordingLost, m.reading, m.committing,
	} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics of the session: %w", err)
		}
	}
	return m, nil
}
