package sherpa

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"heed/transcribe"
)

// metrics count without labels that could name a call.
type metrics struct {
	streams  prometheus.Gauge
	restarts prometheus.Counter
	audio    prometheus.Counter
	cpu      prometheus.Counter
	segments *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		streams:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "heed_sherpa_streams", Help: "Streams being transcribed."}),
		restarts: prometheus.NewCounter(prometheus.CounterOpts{Name: "heed_sherpa_worker_deaths_total", Help: "Deaths of the speech worker."}),
		audio:    prometheus.NewCounter(prometheus.CounterOpts{Name: "heed_sherpa_audio_seconds_total", Help: "Audio heard."}),
		cpu:      prometheus.NewCounter(prometheus.CounterOpts{Name: "heed_sherpa_worker_cpu_seconds_total", Help: "CPU time of the speech worker."}),
		segments: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "heed_sherpa_segments_total", Help: "Segments emitted."}, []string{"kind"}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range m.all() {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.streams, m.restarts, m.audio, m.cpu, m.segments}
}

// forget makes room for the next engine.
func (m *metrics) forget(r prometheus.Registerer) {
	if r == nil {
		return
	}
	for _, c := range m.all() {
		r.Unregister(c)
	}
}

func (m *metrics) segment(s transcribe.Segment) {
	kind := "partial"
	if s.Final {
		kind = "final"
	}
	m.segments.WithLabelValues(kind).Inc()
}
