package siprec

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/pion/sdp/v3"

	"heed/insights"
	"heed/internal/ingest/rtp"
)

// refusedWell says whether an error is an answer that SIP has.
func refusedWell(t *testing.T, err error) {
	t.Helper()
	r := (*refusal)(nil)
	if err != nil && (!errors.As(err, &r) || r.code < 400 || r.code > 599 || strings.ContainsAny(r.why, "\r\n\"")) {
		t.Fatalf("%v is no answer", err)
	}
}

// FuzzBody: a body is taken apart or refused.
func FuzzBody(f *testing.F) {
	for _, b := range []string{mixed(two, document), plain(two), metadataType + "\n" + document, "multipart/mixed;boundary=\"\"\nx", "multipart/mixed; boundary=b\n--b\r\n\r\n--b--"} {
		kind, raw, _ := strings.Cut(b, "\n")
		f.Add(kind, "", []byte(raw))
	}
	f.Add("application/sdp", "gzip", []byte("x"))
	f.Fuzz(func(t *testing.T, kind, encoding string, raw []byte) {
		b, err := readBody(kind, encoding, raw)
		refusedWell(t, err)
		if err == nil && len(b.sdp)+len(b.metadata) > len(raw) {
			t.Fatalf("%d bytes of %d", len(b.sdp)+len(b.metadata), len(raw))
		}
	})
}

// FuzzMetadata: a document is understood within its bounds or refused, and
// whatever it says, each line has one party.
func FuzzMetadata(f *testing.F) {
	f.Add(document, "1")
	f.Add(`<recording><dataMode>partial</dataMode><participant id="p"><aor>tel:1</aor><send>s</send></participant><stream id="s"><label>1</label></stream></recording>`, "1")
	f.Add(`<!DOCTYPE r [<!ENTITY x "y">]><recording>&x;</recording>`, "")
	f.Add("<a>"+strings.Repeat("<a>", 40), "a_leg/1")
	f.Fuzz(func(t *testing.T, raw, label string) {
		m, err := readMetadata([]byte(raw))
		refusedWell(t, err)
		if err != nil {
			return
		}
		m = m.merge(m)
		req := sip.NewRequest(sip.INVITE, sip.Uri{Host: "x"})
		id := sip.CallIDHeader("id")
		for _, h := range []sip.Header{&sip.FromHeader{Address: sip.Uri{User: "1", Host: "x"}}, &sip.ToHeader{Address: sip.Uri{User: "2", Host: "x"}}, &id} {
			req.AppendHeader(h)
		}
		facts := readFacts(req, m, &Options{Agents: []string{"2???", "*@x"}})
		for _, s := range []string{facts.call, facts.from(), facts.to(), facts.agentName()} {
			if len(s) > maxValue || strings.ContainsAny(s, "\r\n") {
				t.Fatalf("kept %q", s)
			}
		}
		got := facts.parties([]offered{{taken: true, label: label}, {}, {taken: true, label: "2"}})
		if facts.call == "" || got[1] != "" || got[0] == got[2] || got[0] == "" {
			t.Fatalf("call %q, parties %v", facts.call, got)
		}
	})
}

// FuzzOffer: an offer is answered line by line, or refused.
func FuzzOffer(f *testing.F) {
	f.Add(two)
	f.Add(head + "m=audio 0 RTP/AVP 0\r\nm=audio 1 RTP/AVP 13 8\r\nc=IN IP6 ::1\r\na=inactive\r\na=rtpmap:8 PCMA/8000/1\r\n")
	f.Add("v=0\r\nm=audio 1 RTP/AVP 0\r\n")
	f.Fuzz(func(t *testing.T, raw string) {
		lines, err := readOffer([]byte(raw))
		refusedWell(t, err)
		if err != nil {
			return
		}
		all := make([]answered, len(lines))
		for i, l := range lines {
			all[i].offered = l
			if l.taken {
				all[i].port = 20000
				for kind, c := range l.types {
					if c == rtp.Unknown || kind > 127 {
						t.Fatalf("type %d is %v", kind, c)
					}
				}
			}
		}
		answer := writeAnswer(netip.MustParseAddr("::1"), 1, 1, all)
		var s sdp.SessionDescription
		if err := s.Unmarshal(answer); err != nil || len(s.MediaDescriptions) != len(lines) {
			t.Fatalf("%q\nis answered with\n%q: %v", raw, answer, err)
		}
		facts := facts{meta: &metadata{}}
		var heard []insights.Speaker
		for _, who := range facts.parties(lines) {
			if who != "" {
				heard = append(heard, who)
			}
		}
		if len(heard) == 0 || len(heard) > 2 || len(heard) == 2 && heard[0] == heard[1] {
			t.Fatalf("%q is heard as %v", raw, heard)
		}
	})
}

// FuzzStranger: whatever a stranger sends is answered no, or not at all.
func FuzzStranger(f *testing.F) {
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n"))
	f.Add([]byte("SIP/2.0 200 OK\r\n\r\n"))
	f.Add([]byte("ACK sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n"))
	from := &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 5060}
	f.Fuzz(func(t *testing.T, raw []byte) {
		g := newGate(nil, rtp.NewMeters(nil, nil, Platform).Counts, nil)
		if no := g.refusal(raw, from); no != nil && !strings.Contains(string(no[:min(len(no), 64)]), " 403 ") {
			t.Fatalf("%q is answered %q", raw, no)
		}
		d := Door{counts: rtp.NewMeters(nil, nil, Platform)}
		if m, err := g.parser.ParseSIP(raw); err == nil {
			if req, is := m.(*sip.Request); is && malformed(req) == "" {
				d.limits.MinExpires = 1
				_, _, err := d.readRequest(req)
				refusedWell(t, err)
			}
		}
	})
}
