package whip

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"heed/internal/ingest/wire"
)

// metrics are the door's figures: those of every door, and those of RTP.
type metrics struct {
	*wire.Counts

	live              prometheus.Gauge
	padding, overflow prometheus.Counter
	concealed         prometheus.Counter // seconds
	stalls, restarts  prometheus.Counter
}

// watch registers what the kernel tells of the sockets.
func (s *sockets) watch(r prometheus.Registerer) {
	f := promauto.With(r)
	f.NewCounterFunc(prometheus.CounterOpts{
		Name: "heed_whip_kernel_drops_total", Help: "Packets that the kernel threw away because the receive buffer of the audio port was full.",
	}, s.kernelDrops)
	f.NewCounterFunc(prometheus.CounterOpts{
		Name: "heed_whip_stray_packets_total", Help: "Packets to the audio port that belong to no session: noise, or a flood.",
	}, func() float64 { return float64(s.stray.n.Load()) })
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "heed_whip_receive_buffer_bytes", Help: "Receive buffer of the audio port; net.core.rmem_max bounds it.",
	}, s.receiveBytes)
}

// newMetrics registers with r; nil registers nowhere.
func newMetrics(m *wire.Meters, r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	packets := f.NewCounterVec(prometheus.CounterOpts{
		Name: "heed_whip_packets_total", Help: "RTP packets of WHIP sessions that brought no audio: padding, and those that found the queue full.",
	}, []string{"kind"})
	jumps := f.NewCounterVec(prometheus.CounterOpts{
		Name: "heed_whip_clock_jumps_total", Help: "Times that a session's audio was placed anew by the wall clock, by reason.",
	}, []string{"reason"})
	return &metrics{
		Counts: m.Of(Platform),
		live: f.NewGauge(prometheus.GaugeOpts{
			Name: "heed_whip_sessions", Help: "WHIP sessions that are open.",
		}),
		concealed: f.NewCounter(prometheus.CounterOpts{
			Name: "heed_whip_concealed_seconds_total", Help: "Audio made up in place of packets that never came.",
		}),
		padding:  packets.WithLabelValues("padding"),
		overflow: packets.WithLabelValues("overflow"),
		stalls:   jumps.WithLabelValues("stall"),
		restarts: jumps.WithLabelValues("restart"),
	}
}
