package twilio

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics are the door's figures. Those of the media path are looked up once,
// so that counting a frame is one atomic addition.
type metrics struct {
	live    prometheus.Gauge
	refused *prometheus.CounterVec // by reason
	ended   *prometheus.CounterVec // by reason

	frames, control, unknown, binary, garbage prometheus.Counter
	early, duplicates, late                   prometheus.Counter
}

// newMetrics registers with r; nil registers nowhere.
func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	messages := f.NewCounterVec(prometheus.CounterOpts{
		Name: "heed_twilio_messages_total", Help: "Messages received on media sockets, by what became of them.",
	}, []string{"kind"})
	faults := f.NewCounterVec(prometheus.CounterOpts{
		Name: "heed_twilio_frames_dropped_total", Help: "Media frames that had no place any more, by reason.",
	}, []string{"reason"})
	return &metrics{
		live: f.NewGauge(prometheus.GaugeOpts{
			Name: "heed_twilio_sockets", Help: "Media sockets that are open.",
		}),
		refused: f.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_twilio_refused_total", Help: "Requests and streams refused, by reason.",
		}, []string{"reason"}),
		ended: f.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_twilio_streams_ended_total", Help: "Streams ended, by reason.",
		}, []string{"reason"}),
		frames:     messages.WithLabelValues("media"),
		control:    messages.WithLabelValues("control"),
		unknown:    messages.WithLabelValues("unknown"),
		binary:     messages.WithLabelValues("binary"),
		garbage:    messages.WithLabelValues("garbage"),
		early:      faults.WithLabelValues("before_start"),
		duplicates: faults.WithLabelValues("duplicate"),
		late:       faults.WithLabelValues("late"),
	}
}
