package rtp

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"heed/internal/ingest/wire"
)

// Meters are a platform's figures: those of every door, and those of RTP.
type Meters struct {
	*wire.Counts

	// Overflow counts packets that the door could not queue, and Paused those that
	// came while nothing was to be heard.
	Overflow, Paused prometheus.Counter
	padding          prometheus.Counter
	concealed        prometheus.Counter // seconds
	stalls, restarts prometheus.Counter
}

// NewMeters registers with r, under the platform's name; nil registers nowhere.
func NewMeters(m *wire.Meters, r prometheus.Registerer, platform string) *Meters {
	f, name := promauto.With(r), "heed_"+platform+"_"
	packets := f.NewCounterVec(prometheus.CounterOpts{
		Name: name + "packets_total", Help: "RTP packets of " + strings.ToUpper(platform) + " sessions that brought no audio: padding, and those that found the queue full or came in a pause.",
	}, []string{"kind"})
	jumps := f.NewCounterVec(prometheus.CounterOpts{
		Name: name + "clock_jumps_total", Help: "Times that a session's audio was placed anew by the wall clock, by reason.",
	}, []string{"reason"})
	return &Meters{
		Counts: m.Of(platform),
		concealed: f.NewCounter(prometheus.CounterOpts{
			Name: name + "concealed_seconds_total", Help: "Audio made up in place of packets that never came.",
		}),
		padding:  packets.WithLabelValues("padding"),
		Overflow: packets.WithLabelValues("overflow"),
		Paused:   packets.WithLabelValues("paused"),
		stalls:   jumps.WithLabelValues("stall"),
		restarts: jumps.WithLabelValues("restart"),
	}
}
