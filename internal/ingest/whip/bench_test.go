package whip

import (
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

// deaf is a stream that costs nothing.
type deaf struct{}

func (deaf) Audio(insights.Speaker, transcribe.Frame)      {}
func (deaf) Digit(insights.Speaker, string, time.Duration) {}
func (deaf) Fault(ingest.Fault, int)                       {}
func (deaf) Stop(ingest.Reason)                            {}

// BenchmarkPacket is one packet of 20 ms from the queue to the call.
func BenchmarkPacket(b *testing.B) {
	for name, c := range map[string]struct {
		codec   codec
		payload []byte
	}{"pcmu": {pcmu, quiet}, "opus silence": {opusCodec, opusSilence}} {
		b.Run(name, func(b *testing.B) {
			zero := time.Now()
			f := newFeed(deaf{}, []insights.Speaker{insights.Customer}, zero, feedOptions{counts: newMetrics(nil, nil), window: time.Second})
			b.ReportAllocs()
			step := uint32(c.codec.clock() / 50)
			for i := 0; b.Loop(); i++ {
				f.order.push(packet{seq: uint16(i), stamp: uint32(i) * step, codec: c.codec, payload: c.payload, at: zero.Add(time.Duration(i) * 20 * time.Millisecond)})
			}
		})
	}
}
