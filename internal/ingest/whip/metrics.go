package whip

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"heed/internal/ingest/rtp"
	"heed/internal/ingest/wire"
)

// metrics are the door's figures: those of RTP, and how many sessions are open.
type metrics struct {
	*rtp.Meters

	live prometheus.Gauge
}

// watch registers what the kernel tells of the sockets.
func (s *sockets) watch(r prometheus.Registerer) {
	f := promauto.With(r)
	f.NewCounterFunc(prometheus.CounterOpts{
		Name: "heed_whip_kernel_drops_total", Help: "Packets that the kernel threw away because the receive buffer of the audio port was full.",
	}, func() float64 { return rtp.KernelDrops(s.conns...) })
	f.NewCounterFunc(prometheus.CounterOpts{
		Name: "heed_whip_stray_packets_total", Help: "Packets to the audio port that belong to no session: noise, or a flood.",
	}, func() float64 { return float64(s.stray.n.Load()) })
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "heed_whip_receive_buffer_bytes", Help: "Receive buffer of the audio port; net.core.rmem_max bounds it.",
	}, func() float64 { return rtp.ReceiveBytes(s.conns...) })
}

// newMetrics registers with r; nil registers nowhere.
func newMetrics(m *wire.Meters, r prometheus.Registerer) *metrics {
	return &metrics{
		Meters: rtp.NewMeters(m, r, Platform),
		live: promauto.With(r).NewGauge(prometheus.GaugeOpts{
			Name: "heed_whip_sessions", Help: "WHIP sessions that are open.",
		}),
	}
}
