package whip

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/sdp/v3"

	"heed/insights"
	"heed/internal/ingest"
)

// FuzzOffer: whatever is posted is refused, or becomes an offer of one audio
// that the library answers or refuses.
func FuzzOffer(f *testing.F) {
	f.Add(offerOf())
	f.Add(offerOf("a=group:BUNDLE 0\r\n", "", "a=mid:0\r\n", ""))
	f.Add(offerOf("a=sendonly\r\n", "", "OPUS", "PCMA"))
	f.Add("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP\r\n")
	network, err := listenUDP(f.Context(), "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = network.close() })
	ends, err := newPeers(network, nil, Limits{}.withDefaults())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		offer, err := readOffer(raw)
		if err != nil {
			return
		}
		if len(offer.MediaDescriptions) != 1 || offer.MediaDescriptions[0].MediaName.Media != "audio" {
			t.Fatalf("taken: %q", raw)
		}
		text, err := offer.Marshal()
		if err != nil {
			return
		}
		pc, err := ends.open(false)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = pc.GracefulClose() }()
		ours, err := answer(t.Context(), pc, string(text))
		if err != nil {
			return
		}
		ours, err = whole(ours, false)
		if err != nil {
			return
		}
		var s sdp.SessionDescription
		if err := s.UnmarshalString(ours); err != nil || strings.Contains(ours, "m=video") {
			t.Fatalf("answered with %q", ours)
		}
	})
}

// FuzzFragment: whatever is patched is refused or within its bounds.
func FuzzFragment(f *testing.F) {
	f.Add("a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\na=end-of-candidates\r\n")
	f.Add("a=candidate:1 1 UDP 1 x.local 9 typ host\n")
	f.Add("\r\n=\r\na=\r\n")
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := readFragment(raw)
		if !ok {
			return
		}
		if len(got.candidates) > maxCandidates || !wellFormed(got.credentials) {
			t.Fatalf("taken: %+v", got)
		}
		for _, c := range got.candidates {
			if strings.ContainsAny(c, "\r\n") {
				t.Fatalf("a candidate of two lines: %q", c)
			}
			usable(c)
		}
		if again, ok := readFragment(writeFragment(raw)); !ok || len(again.candidates) != len(got.candidates) {
			t.Fatalf("%q is not what it was when written again", raw)
		}
	})
}

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
		l := newLine(t, codec(kind%5), insights.Customer, insights.Agent)
		for i, raw := range [...][]byte{first, second, first} {
			p := packet{at: l.zero.Add(time.Duration(i) * 20 * time.Millisecond), codec: l.codec}
			if p.read(raw) {
				l.feed.order.push(p)
			}
		}
		l.feed.finish(ingest.Closed, l.zero.Add(time.Second))
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
