package whip

import (
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
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
