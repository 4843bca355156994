package rtp

import (
	"slices"
	"time"

	pion "github.com/pion/rtp"
)

// Settle is how long the first packets are looked at before a stream's zero is
// set: the one that was delayed least says when it was.
const Settle = 200 * time.Millisecond

// Packet is one RTP packet of a source.
type Packet struct {
	Seq     uint16
	Stamp   uint32 // RTP timestamp
	Source  uint32 // SSRC
	Type    uint8  // payload type
	Codec   Codec  // what that stands for; set by the door
	Payload []byte // empty for padding
	At      time.Time

	place int64 // sequence number without its wrap; set by order
}

// Read takes a packet's parts out of its bytes, which may be used again then.
// What is no packet is false.
func (p *Packet) Read(b []byte) bool {
	var r pion.Packet
	if err := r.Unmarshal(b); err != nil {
		return false
	}
	p.Seq, p.Stamp, p.Source, p.Type = r.SequenceNumber, r.Timestamp, r.SSRC, r.PayloadType
	p.Payload = slices.Clone(r.Payload)
	return true
}

// SortEarly puts the first packets of a source in the order of their numbers.
func SortEarly(early []Packet) {
	first := early[0].Seq
	slices.SortStableFunc(early, func(a, b Packet) int { return int(int16(a.Seq-first)) - int(int16(b.Seq-first)) })
}

// ZeroOf says when the first of the packets would have arrived, had it been
// delayed as little as the quickest of them. Packets sent ahead of time, as a
// recording may be, do not move it further than jitter can.
func ZeroOf(early []Packet) time.Time {
	first := early[0]
	zero := first.At
	for _, p := range early {
		if p.Source != first.Source || p.Codec != first.Codec {
			continue
		}
		after := time.Duration(int32(p.Stamp-first.Stamp)) * time.Second / time.Duration(p.Codec.Clock())
		if at := p.At.Add(-after); at.Before(zero) && first.At.Sub(at) <= Settle {
			zero = at
		}
	}
	return zero
}
