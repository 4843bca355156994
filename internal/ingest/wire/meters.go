package wire

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"heed/internal/ingest"
)

// Meters are the figures of all doors, by platform.
type Meters struct {
	live                            *prometheus.GaugeVec
	messages, faults, refused, ends *prometheus.CounterVec
}

// NewMeters registers with r; nil registers nowhere.
func NewMeters(r prometheus.Registerer) *Meters {
	f := promauto.With(r)
	return &Meters{
		live: f.NewGaugeVec(prometheus.GaugeOpts{
			Name: "heed_door_sockets", Help: "Media sockets that are open, by platform.",
		}, []string{"platform"}),
		messages: f.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_door_messages_total", Help: "Messages received on media sockets, by platform and what became of them.",
		}, []string{"platform", "kind"}),
		faults: f.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_door_frames_dropped_total", Help: "Media frames that are missing, by platform and reason: they had no place any more, or never came.",
		}, []string{"platform", "reason"}),
		refused: f.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_door_refused_total", Help: "Requests and streams refused, by platform and reason.",
		}, []string{"platform", "reason"}),
		ends: f.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_door_streams_ended_total", Help: "Streams ended, by platform and reason.",
		}, []string{"platform", "reason"}),
	}
}

// Counts are one platform's figures. Those of the media path are looked up
// once, so that counting a frame is one atomic addition.
type Counts struct {
	meters   *Meters
	platform string
	live     prometheus.Gauge

	// What became of messages.
	Frames, Control, Unknown, Binary, Garbage prometheus.Counter
	// Why frames are missing.
	Early, Duplicates, Late, Lost prometheus.Counter
}

// Of gives a platform's figures. A nil m registers them nowhere.
func (m *Meters) Of(platform string) *Counts {
	if m == nil {
		m = NewMeters(nil)
	}
	message := func(kind string) prometheus.Counter { return m.messages.WithLabelValues(platform, kind) }
	fault := func(reason string) prometheus.Counter { return m.faults.WithLabelValues(platform, reason) }
	return &Counts{
		meters: m, platform: platform, live: m.live.WithLabelValues(platform),
		Frames: message("media"), Control: message("control"), Unknown: message("unknown"),
		Binary: message("binary"), Garbage: message("garbage"),
		Early: fault("before_start"), Duplicates: fault("duplicate"), Late: fault("late"), Lost: fault("lost"),
	}
}

// Refused counts a refusal.
func (c *Counts) Refused(reason string) { c.meters.refused.WithLabelValues(c.platform, reason).Inc() }

// Ended counts the end of a stream.
func (c *Counts) Ended(why ingest.Reason) {
	c.meters.ends.WithLabelValues(c.platform, string(why)).Inc()
}

// Live counts connections of doors that have no [Sockets]: 1 when one opens, -1
// when it ends.
func (c *Counts) Live(change float64) { c.live.Add(change) }
