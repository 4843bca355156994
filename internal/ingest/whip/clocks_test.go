package whip

import (
	"testing"
	"time"

	"github.com/pion/rtcp"

	"heed/insights"
)

// report has the publisher say that a stamp was at a time of its wall.
func (p *publisher) report(stamp uint32, wall time.Time) {
	p.t.Helper()
	ntp := uint64(wall.Unix()+ntpEpoch)<<32 | uint64(wall.Nanosecond())<<32/uint64(time.Second)
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
	var streams []*tap
	for i, party := range []Party{Customer, Agent} {
		p := newPublisher(t, g, g.token(t, Grant{Call: "c", Party: party}), pcmu).publish("")
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
		moved = customer.length(insights.Customer) - time.Duration(sent)*20*time.Millisecond
	}
	for _, p := range ends {
		p.end()
	}
	// The last packet may still have been under way.
	off := customer.wait(t).length(insights.Customer) - time.Duration(sent)*20*time.Millisecond
	if off < 110*time.Millisecond || off > 400*time.Millisecond || customer.gaps[insights.Customer] != 0 {
		t.Errorf("the customer was moved by %v with %d gaps", off, customer.gaps[insights.Customer])
	}
	if agent := streams[1].wait(t).length(insights.Agent); agent > 1200*time.Millisecond {
		t.Errorf("the agent was moved as well: %v of audio of 200 ms", agent)
	}
	if len(g.door.clocks.calls) != 0 {
		t.Errorf("after the call there are clocks of %v", g.door.clocks.calls)
	}
}

func TestClocksOfACall(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	var c clocks
	for _, step := range []struct {
		session string
		late    time.Duration
		want    time.Duration
	}{
		{"a", 20 * ms, 0},
		{"b", 100 * ms, 0},
		{"a", 20 * ms, 80 * ms},
		{"a", 100 * ms, 0},
		{"c", 95 * ms, 0},                 // not worth it
		{"d", time.Hour, 0},               // a clock that is wrong
		{"e", time.Hour - 50*ms, 50 * ms}, // and one that is wrong in the same way
	} {
		if got := c.align("call", step.session, step.late); got != step.want {
			t.Errorf("%s at %v is moved by %v, want %v", step.session, step.late, got, step.want)
		}
	}
	if got := c.align("another", "a", 0); got != 0 {
		t.Errorf("calls share a clock: moved by %v", got)
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 12, 0, 0, 250_000_000, time.UTC)
	ntp := uint64(at.Unix()+ntpEpoch)<<32 | 1<<30 // a quarter
	raw, err := rtcp.Marshal([]rtcp.Packet{&rtcp.SenderReport{SSRC: 7, NTPTime: ntp, RTPTime: 160}})
	if err != nil {
		t.Fatal(err)
	}
	r := readReport(raw)
	if r == nil || r.source != 7 || r.stamp != 160 || !r.wall.Equal(at) {
		t.Fatalf("read %+v", r)
	}
	for _, none := range []string{"", "\x80", "\x81\xc9\x00\x07" + string(make([]byte, 28))} {
		if got := readReport([]byte(none)); got != nil {
			t.Errorf("% x is a report: %+v", none, got)
		}
	}
	l := newLine(t, pcmu, insights.Customer)
	if _, ok := l.feed.line.behind(*r); ok {
		t.Error("a report is of use before there is audio")
	}
	l.at(0, 0, 0, quiet)
	l.hangUp(t, 20*time.Millisecond)
	first := l.sent[0].stamp
	if late, ok := l.feed.line.behind(report{7, first + 160, l.zero.Add(-30 * time.Millisecond)}); !ok || late != 50*time.Millisecond {
		t.Errorf("audio is %v late, %v; want 50 ms", late, ok)
	}
	for _, other := range []report{{8, first, l.zero}, {7, first + 100*8000, l.zero}} {
		if _, ok := l.feed.line.behind(other); ok {
			t.Errorf("%+v is taken", other)
		}
	}
}
