package session

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/event"
)

// metrics are the figures of all calls of a manager.
type metrics struct {
	live           prometheus.Gauge
	refused        prometheus.Counter
	ended          *prometheus.CounterVec
	utterances     *prometheus.CounterVec
	engineFailures prometheus.Counter
	commitFailures prometheus.Counter
	faults         *prometheus.CounterVec // of frames, by kind
	gapTime        prometheus.Counter
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
		faults:         counters("stream_faults_total", "What went wrong on the way in of calls; \"dropped\" is by us: an engine was too slow, and they are heard again later.", "kind"),
		gapTime:        counter("gap_seconds_total", "Audio that never came."),
		recordingLost:  counter("recording_lost_seconds_total", "Audio that could not be written."),
		reading:        histogram("reading_seconds", "From a final segment to the start of its commit.", 10e-6),
		committing:     histogram("committing_seconds", "Length of the commit of an utterance.", 250e-6),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.live, m.refused, m.ended, m.utterances, m.engineFailures, m.commitFailures,
		m.faults, m.gapTime, m.recordingLost, m.reading, m.committing,
	} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics of the session: %w", err)
		}
	}
	return m, nil
}

// stream counts what went wrong on a call's way in since it was counted last.
func (m *metrics) stream(before, now *event.Health) {
	for kind, n := range map[string]int64{
		"duplicate": now.Duplicates - before.Duplicates, "late": now.Late - before.Late, "lost": now.Lost - before.Lost, "garbage": now.Garbage - before.Garbage,
		"dropped": now.Dropped - before.Dropped, "gap": now.Gaps - before.Gaps, "reconnect": now.Reconnects - before.Reconnects,
	} {
		if n > 0 {
			m.faults.WithLabelValues(kind).Add(float64(n))
		}
	}
	if gap := now.GapTime - before.GapTime; gap > 0 {
		m.gapTime.Add(float64(gap))
	}
}
