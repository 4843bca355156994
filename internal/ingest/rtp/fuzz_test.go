package rtp

import (
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
)

// FuzzPackets: whatever comes as RTP after decryption neither stops the feed
// nor breaks a promise of the stream.
func FuzzPackets(f *testing.F) {
	rtp := func(kind byte, rest string) []byte {
		return append([]byte{0x80, kind, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7}, rest...)
	}
	f.Add(byte(1), rtp(96, "\xF8\xFF\xFE"), rtp(96, "\x0B\xE4\xC1\x36\xEC\xC5\x80"))
	f.Add(byte(2), rtp(0, strings.Repeat("\xFF", 160)), rtp(0, "\x00"))
	f.Add(byte(4), rtp(101, "\x05\x80\x03\x20"), rtp(101, "\xFF"))
	f.Add(byte(1), []byte{0xB0, 0xFF}, rtp(96, ""))
	f.Fuzz(func(t *testing.T, kind byte, first, second []byte) {
		l := newLine(t, Codec(kind%6), insights.Customer, insights.Agent)
		for i, raw := range [...][]byte{first, second, first} {
			p := Packet{At: l.zero.Add(time.Duration(i) * 20 * time.Millisecond), Codec: l.codec}
			if p.Read(raw) {
				l.feed.Push(p)
			}
		}
		l.feed.Finish(l.zero.Add(time.Second))
		l.tap.Stop(ingest.Closed)
		l.tap.Wait(t)
	})
}

// FuzzKey: an event is a key or none.
func FuzzKey(f *testing.F) {
	f.Add([]byte{5, 0x80, 3, 32})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if key, ok := readKey(raw); ok && (len(key) != 1 || !strings.Contains(keys, key)) {
			t.Fatalf("% x is the key %q", raw, key)
		}
	})
}
