package siprec

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heed/insights"
	"heed/internal/ingest"
)

func TestACall(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			var logs bytes.Buffer
			g := newRig(t, func(o *Options) {
				o.Logger = slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			s := g.dial(t, network)
			s.request("INVITE", mixed(two, document), "Require: siprec", "Record-Route: <sip:127.0.0.1;lr>")
			r := s.answer(200)
			s.to, _ = r.To().Params.Get("tag")
			s.request("ACK", "")
			a := sdpOf(t, r)
			if c := r.Contact(); c == nil || !c.Params.Has("+sip.srs") || c.Address.Host != "127.0.0.1" || r.GetHeader("Record-Route") == nil {
				t.Errorf("answered\n%s", r)
			}
			for i, m := range a.MediaDescriptions {
				label, _ := m.Attribute("label")
				_, listens := m.Attribute("recvonly")
				p := m.MediaName.Port.Value
				if label != []string{"1", "2"}[i] || !listens || p < 20000 || p > 20998 || p%2 != 0 || m.MediaName.Formats[0] != []string{"0", "8"}[i] || len(m.MediaName.Formats) != 2 {
					t.Errorf("line %d is %v", i, m)
				}
			}
			rec := g.calls.Next(t)
			customer, agent := voiceTo(t, a, 0), voiceTo(t, a, 1)
			customer.speak(maxEarly, 0x00)
			customer.packet(101, maxEarly*160, []byte{5, 0x80, 3, 32})
			agent.packet(8, 0, bytes.Repeat([]byte{0x2A}, 160))
			agent.seq = 1
			agent.speak(maxEarly-1, 0xFF)
			rec.Reach(t, insights.Customer, time.Second)
			rec.Reach(t, insights.Agent, time.Second)
			s.bye()
			rec.Wait(t)
			want := ingest.Start{
				Platform: Platform, Call: "ab30317f1a784dc48ff824d0d3715d86", Direction: "inbound", From: "+14155550142", To: "+18005550199",
				Agent: "Dana", Parties: []insights.Speaker{insights.Customer, insights.Agent},
			}
			if diff := cmp.Diff(want, rec.Start, cmpopts.IgnoreFields(ingest.Start{}, "At", "Stream")); diff != "" || rec.Start.Stream == "" {
				t.Errorf("start (-want +got):\n%s", diff)
			}
			for who, loudest := range map[insights.Speaker]int16{insights.Customer: -32124, insights.Agent: -32256} {
				if pcm := rec.PCM[who]; len(pcm) < 8000 || pcm[0] != loudest && pcm[0] != -loudest || rec.Gaps[who] > 1 {
					t.Errorf("%s: %d samples from %d on, %d gaps", who, len(pcm), pcm[0], rec.Gaps[who])
				}
			}
			if rec.Why != ingest.Stopped || len(rec.Faults) > 0 || len(rec.Keys) != 1 || !strings.HasPrefix(rec.Keys[0], "customer 5 at") {
				t.Errorf("ended as %s with %v, keys %v", rec.Why, rec.Faults, rec.Keys)
			}
			if err := g.door.Close(t.Context()); err != nil {
				t.Error(err)
			}
			for _, private := range []string{"4155550", "Dana", "127.0.0.1", s.call, "ab30317f"} {
				if strings.Contains(logs.String(), private) {
					t.Errorf("the log has %q:\n%s", private, logs.String())
				}
			}
		})
	}
}
