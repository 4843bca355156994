package siprec

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"heed/insights"
	"heed/internal/ingest"
)

// sends says which directions the lines of an answer have.
func directions(t *testing.T, s *sbc, method, body string) (out []string) {
	t.Helper()
	s.request(method, body)
	r := s.answer(200)
	if method == "INVITE" {
		s.request("ACK", "")
	}
	for _, m := range sdpOf(t, r).MediaDescriptions {
		d := ""
		for _, a := range m.Attributes {
			if a.Key == "recvonly" || a.Key == "inactive" {
				d = a.Key
			}
		}
		out = append(out, d)
	}
	return out
}

// A recording that is paused hears nothing, and what comes after it is where it
// was said.
func TestAPause(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"INVITE", "UPDATE"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			s := g.dial(t, "tcp")
			a := s.invite(mixed(two, document))
			rec := g.calls.Next(t)
			v := voiceTo(t, a, 0)
			v.speak(maxEarly, 1)
			rec.Reach(t, customer, time.Second)
			before := rec.Length(customer)
			held := swap(two, "sendonly", "inactive")
			if got := directions(t, s, method, plain(held)); got[0] != "inactive" || got[1] != "inactive" {
				t.Errorf("the pause is answered with %v", got)
			}
			v.speak(25, 2) // is not heard
			tick := time.NewTicker(time.Millisecond)
			for range tick.C {
				if testutil.ToFloat64(g.door.counts.Paused) == 25 {
					break
				}
			}
			tick.Stop()
			if got := directions(t, s, method, mixed(two, document)); got[0] != "recvonly" {
				t.Errorf("the end of the pause is answered with %v", got)
			}
			v.speak(25, 3)
			rec.Reach(t, customer, before+500*time.Millisecond)
			s.bye()
			rec.Wait(t)
			for _, sample := range rec.PCM[customer] {
				if sample == expand(2) {
					t.Fatal("what was said in the pause is heard")
				}
			}
			if n := len(rec.PCM[customer]); n < 2*4000 || rec.Why != ingest.Stopped {
				t.Errorf("%d samples, ended as %s", n, rec.Why)
			}
		})
	}
}

// A line may come later, end, and be refused, and the rest of the call does not
// notice.
func TestLinesThatComeAndGo(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	s := g.dial(t, "tcp")
	a := s.invite(mixed(head+opening, document))
	first := g.calls.Next(t)
	v := voiceTo(t, a, 0)
	v.speak(10, 1)
	first.Reach(t, customer, 200*time.Millisecond)
	for _, body := range []string{
		plain(head), plain(head + swap(opening, "AVP 0 8 101", "AVP 96")), "text/plain\nx", mixed(two, "<recording>"), plain("x"),
	} {
		s.request("INVITE", body)
		for r := s.answerAny(); r < 400; r = s.answerAny() {
			t.Fatalf("%q is answered %d", body, r)
		}
		s.request("ACK", "")
	}
	g.calls.Refuse = ingest.ErrBusy
	s.request("INVITE", plain(two))
	s.answer(503)
	s.request("ACK", "")
	g.calls.Refuse = nil
	s.request("INVITE", mixed(two, `<recording><datamode>partial</datamode><participant participant_id="p3"><nameID aor="sip:3@x"/></participant></recording>`))
	a = s.agreed()
	second := g.calls.Next(t)
	if a.MediaDescriptions[0].MediaName.Port.Value != v.port() || second.Start.Call != first.Start.Call || second.Start.Stream == first.Start.Stream {
		t.Errorf("answered %v, call %+v", a, second.Start)
	}
	w := voiceTo(t, a, 1)
	w.speak(10, 2)
	v.speak(10, 1)
	second.Reach(t, agent, 200*time.Millisecond)
	first.Reach(t, customer, 400*time.Millisecond)
	s.request("INVITE", plain(head+swap(opening, "40000", "0")+secondLine))
	a = s.agreed()
	if a.MediaDescriptions[0].MediaName.Port.Value != 0 || a.MediaDescriptions[1].MediaName.Port.Value == 0 {
		t.Errorf("answered %v", a)
	}
	s.request("INVITE", plain(head+opening)) // fewer lines than before
	s.answer(488)
	s.request("ACK", "")
	w.speak(10, 2)
	second.Reach(t, agent, 400*time.Millisecond)
	s.bye()
	for who, rec := range map[insights.Speaker]string{customer: first.Wait(t).Start.Stream, agent: second.Wait(t).Start.Stream} {
		if rec == "" {
			t.Errorf("%s has no stream", who)
		}
	}
	if len(first.PCM[customer]) < 3200 || len(second.PCM[agent]) < 3200 || second.Start.Parties[0] != agent || len(first.Faults)+len(second.Faults) > 0 {
		t.Errorf("%d and %d samples, parties %v, faults %v, %v", len(first.PCM[customer]), len(second.PCM[agent]), second.Start.Parties, first.Faults, second.Faults)
	}
}

// secondLine is that of the constants; here a stream is called second.
const secondLine = second

// Two lines have one clock, and the senders' own reports move the one that the
// network held up less.
func TestOneClock(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	s := g.dial(t, "udp")
	a := s.invite(mixed(two, document))
	rec := g.calls.Next(t)
	one, other := voiceTo(t, a, 0), voiceTo(t, a, 1)
	one.speak(25, 1)
	other.speak(25, 2)
	rec.Reach(t, customer, 500*time.Millisecond)
	rec.Reach(t, agent, 500*time.Millisecond)
	if off := (rec.Length(customer) - rec.Length(agent)).Abs(); off > 150*time.Millisecond {
		t.Errorf("the lines are %v apart", off)
	}
	one.report(rec.Start.At)
	other.report(rec.Start.At.Add(-150 * time.Millisecond)) // as late as that it came
	before, sent := rec.Length(customer), time.Duration(0)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	moved := time.Duration(0)
	for ; moved < 120*time.Millisecond && sent < 10*time.Second; sent += 20 * time.Millisecond {
		<-tick.C
		one.speak(1, 1)
		moved = rec.Length(customer) - before - sent
	}
	s.bye()
	if rec.Wait(t); moved < 100*time.Millisecond || moved > 300*time.Millisecond || rec.Length(agent) > 2*time.Second || len(rec.Faults) > 0 {
		t.Errorf("moved by %v, the other's audio ends at %v, faults %v", moved, rec.Length(agent), rec.Faults)
	}
}

// report sends what a line's sender says of its clock: its first stamp was at a
// time of its wall.
func (v *voice) report(wall time.Time) {
	v.t.Helper()
	ntp := uint64(wall.Unix()+2208988800)<<32 | uint64(wall.Nanosecond())<<32/uint64(time.Second)
	raw, err := rtcp.Marshal([]rtcp.Packet{&rtcp.SenderReport{SSRC: v.from, NTPTime: ntp, RTPTime: 0}})
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := v.conn.Write(raw); err != nil {
		v.t.Fatal(err)
	}
}
