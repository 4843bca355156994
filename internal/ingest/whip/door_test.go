package whip

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/rtp"
)

// loudest is mu-law's and A-law's loudest negative sample, and quiet silence.
var loudest = map[rtp.Codec]byte{rtp.PCMU: 0x00, rtp.PCMA: 0x2A}

func TestCallFromOfferToDelete(t *testing.T) {
	t.Parallel()
	for _, c := range []rtp.Codec{rtp.PCMU, rtp.PCMA} {
		g := newRig(t, nil)
		before := time.Now()
		p := newPublisher(t, g, g.token(t, Grant{
			Call: "call-1", Party: Agent, Direction: "outbound", From: "+12025550142", To: "+12025550199", Agent: "dana", Language: "en-GB",
		}), c)
		p.bare = c == rtp.PCMA
		p.publish("")
		payload := bytes.Repeat([]byte{loudest[c]}, 160)
		for i := range 50 {
			p.send(uint16(65520+i), uint32(0xFFFFFF00)+uint32(i*160), payload) // over both wraps
		}
		r := g.stream(t)
		r.Reach(t, insights.Agent, 980*time.Millisecond)
		p.end()
		wait(t, r)
		want := ingest.Start{
			Platform: "whip", Call: "call-1", Direction: "outbound", From: "+12025550142", To: "+12025550199",
			Agent: "dana", Language: "en-GB", Parties: []insights.Speaker{insights.Agent},
		}
		if diff := cmp.Diff(want, r.Start, cmpopts.IgnoreFields(ingest.Start{}, "At", "Stream")); diff != "" {
			t.Errorf("start (-want +got):\n%s", diff)
		}
		if r.Start.At.Before(before.Add(-rtp.Settle)) || r.Start.At.After(time.Now()) || r.Start.Stream == "" {
			t.Errorf("stream %q began at %v", r.Start.Stream, r.Start.At)
		}
		pcm := r.PCM[insights.Agent]
		if len(pcm) < 8000 || len(pcm) > 16000 || r.Gaps[insights.Agent] != 0 {
			t.Errorf("%d samples with %d gaps, want a second without", len(pcm), r.Gaps[insights.Agent])
		}
		if at := pcm[4000]; at > -28000 {
			t.Errorf("a loud sample came out as %d", at)
		}
		if r.Why != ingest.Stopped || len(r.Faults) != 0 {
			t.Errorf("ended as %q with faults %v", r.Why, r.Faults)
		}
		if a, _ := g.ask(t, "DELETE", p.session, "", "Authorization", "Bearer "+p.token); a.StatusCode != 404 {
			t.Errorf("a second DELETE was answered %d", a.StatusCode)
		}
	}
}

var quiet = bytes.Repeat([]byte{0xFF}, 160) // 20 ms of mu-law silence

// opusSilence is 20 ms of nothing, by CELT.
var opusSilence = []byte{0xF8, 0xFF, 0xFE}

func TestOpusWithSilenceNotSent(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := newPublisher(t, g, "key", rtp.Opus).publish("?call=c&party=customer")
	if !strings.Contains(p.answer, "a=recvonly") || strings.Contains(p.answer, "stereo=1") {
		t.Errorf("the answer is not one of a receiver of one channel:\n%s", p.answer)
	}
	stamp := uint32(1000)
	for i := range 20 {
		p.send(uint16(i), stamp, opusSilence)
		stamp += 960
		if i%5 == 4 {
			stamp += 8 * 960 // silence that is not sent
		}
	}
	p.send(20, stamp, nil) // a probe
	p.send(21, stamp, opusSilence)
	r := g.stream(t)
	want := time.Duration(21+4*8) * 20 * time.Millisecond
	r.Reach(t, insights.Customer, want)
	p.end()
	wait(t, r)
	if r.Gaps[insights.Customer] != 0 || r.Length(insights.Customer) > want+time.Second {
		t.Errorf("%v of audio with %d gaps, want %v without", r.Length(insights.Customer), r.Gaps[insights.Customer], want)
	}
}

func TestEndings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(*publisher)
		want ingest.Reason
	}{
		{"by DELETE", func(p *publisher) { p.end() }, ingest.Stopped},
		{"by DTLS", func(p *publisher) { _ = p.pc.GracefulClose() }, ingest.Closed},
		{"by our stop", func(p *publisher) { _ = p.g.door.Close(t.Context()) }, ingest.Shutdown},
		{"by silence of ICE", func(p *publisher) { _ = p.pc.SCTP().Transport().ICETransport().Stop() }, ingest.Silent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, func(o *Options) { o.Limits.SilentAfter = 2 * time.Second })
			p := newPublisher(t, g, g.token(t, Grant{Call: "c", Party: Customer}), rtp.PCMU).publish("")
			for i := range 5 {
				p.send(uint16(i), uint32(i*160), slices.Repeat([]byte{0xFF}, 160))
			}
			r := g.stream(t)
			r.Reach(t, insights.Customer, 90*time.Millisecond)
			c.end(p)
			if wait(t, r); r.Why != c.want {
				t.Errorf("ended as %q, want %q", r.Why, c.want)
			}
		})
	}
}
