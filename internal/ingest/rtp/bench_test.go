package rtp

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
		codec   Codec
		payload []byte
	}{"pcmu": {PCMU, quiet}, "opus silence": {Opus, opusSilence}} {
		b.Run(name, func(b *testing.B) {
			zero := time.Now()
			f := NewFeed(deaf{}, []insights.Speaker{insights.Customer}, Options{Meters: NewMeters(nil, nil, "test"), Window: time.Second, Zero: zero})
			b.ReportAllocs()
			step := uint32(c.codec.Clock() / 50)
			for i := 0; b.Loop(); i++ {
				f.Push(Packet{Seq: uint16(i), Stamp: uint32(i) * step, Codec: c.codec, Payload: c.payload, At: zero.Add(time.Duration(i) * 20 * time.Millisecond)})
			}
		})
	}
}
