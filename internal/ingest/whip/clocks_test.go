package whip

import (
	"testing"
	"time"

	"github.com/pion/rtcp"

	"heed/insights"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/rtp"
)

// report has the publisher say that a stamp was at a time of its wall.
func (p *publisher) report(stamp uint32, wall time.Time) {
	p.t.Helper()
	ntp := uint64(wall.Unix()+2208988800)<<32 | uint64(wall.Nanosecond())<<32/uint64(time.Second)
	ssrc := p.pc.GetSenders()[0].GetParameters().Encodings[0].SSRC
	if err := p.pc.WriteRTCP([]rtcp.Packet{&rtcp.SenderReport{SSRC: uint32(ssrc), NTPTime: ntp, RTPTime: stamp}}); err != nil {
		p.t.Fatal(err)
	}
}

// Two publishers of a call that follow one clock are heard as it says, and not
// as their networks deliver: the customer's audio came 150 ms sooner.
func TestReportsBringPartiesTogether(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	var ends []*publisher
	var streams []*ingesttest.Recording
	for i, party := range []Party{Customer, Agent} {
		p := newPublisher(t, g, g.token(t, Grant{Call: "c", Party: party}), rtp.PCMU).publish("")
		for i := range 10 {
			p.send(uint16(i), uint32(i*160), quiet)
		}
		r := g.stream(t)
		p.report(0, r.Start.At.Add(time.Duration(-i)*150*time.Millisecond))
		ends, streams = append(ends, p), append(streams, r)
	}
	customer, tick := streams[0], time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	sent := 10
	for moved := time.Duration(0); moved < 140*time.Millisecond && sent < 500; sent++ {
		<-tick.C
		ends[0].send(uint16(sent), uint32(sent*160), quiet)
		moved = customer.Length(insights.Customer) - time.Duration(sent)*20*time.Millisecond
	}
	for _, p := range ends {
		p.end()
	}
	// The last packet may still have been under way.
	off := wait(t, customer).Length(insights.Customer) - time.Duration(sent)*20*time.Millisecond
	if off < 110*time.Millisecond || off > 400*time.Millisecond || customer.Gaps[insights.Customer] != 0 {
		t.Errorf("the customer was moved by %v with %d gaps", off, customer.Gaps[insights.Customer])
	}
	if agent := wait(t, streams[1]).Length(insights.Agent); agent > 1200*time.Millisecond {
		t.Errorf("the agent was moved as well: %v of audio of 200 ms", agent)
	}
	if g.door.clocks.Len() != 0 {
		t.Errorf("after the call there are clocks of %d", g.door.clocks.Len())
	}
}
