package rtp

import (
	"testing"
	"time"

	"github.com/pion/rtcp"

	"heed/insights"
)

func TestClocksOfACall(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	var c Clocks
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
	r := ReadReport(raw)
	if r == nil || r.Source != 7 || r.Stamp != 160 || !r.Wall.Equal(at) {
		t.Fatalf("read %+v", r)
	}
	for _, none := range []string{"", "\x80", "\x81\xc9\x00\x07" + string(make([]byte, 28))} {
		if got := ReadReport([]byte(none)); got != nil {
			t.Errorf("% x is a report: %+v", none, got)
		}
	}
	l := newLine(t, PCMU, insights.Customer)
	if _, ok := l.feed.line.behind(*r); ok {
		t.Error("a report is of use before there is audio")
	}
	l.at(0, 0, 0, quiet)
	l.hangUp(t, 20*time.Millisecond)
	first := l.sent[0].Stamp
	if late, ok := l.feed.line.behind(Report{7, first + 160, l.zero.Add(-30 * time.Millisecond)}); !ok || late != 50*time.Millisecond {
		t.Errorf("audio is %v late, %v; want 50 ms", late, ok)
	}
	for _, other := range []Report{{8, first, l.zero}, {7, first + 100*8000, l.zero}} {
		if _, ok := l.feed.line.behind(other); ok {
			t.Errorf("%+v is taken", other)
		}
	}
}
