package twilio

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/wire"
)

func TestCallFromStartToStop(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t)
	before := time.Now()
	p.send(connected, start,
		frame("inbound", 1, 0, 0xFF), frame("outbound", 1, 0, 0x00),
		frame("inbound", 2, 20, 0xFF), frame("outbound", 2, 20, 0x00),
		`{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}`,
		`{"event":"mark","streamSid":"MZ1","mark":{"name":"m"}}`,
		`{"event":"something.new","new":[1,2,3]}`,
		stop)
	if code := p.closeCode(); code != websocket.CloseNormalClosure {
		t.Errorf("closed with %d", code)
	}
	r := g.stream(t).Wait(t)
	want := ingest.Start{
		Platform: "twilio", Call: "CA1", Stream: "MZ1", Direction: "inbound",
		From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US",
		Parties: []insights.Speaker{insights.Customer, insights.Agent},
	}
	if r.Start.At.Before(before) || r.Start.At.After(time.Now()) {
		t.Errorf("time zero is %v", r.Start.At)
	}
	r.Start.At = time.Time{}
	if diff := cmp.Diff(want, r.Start); diff != "" {
		t.Errorf("start (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"customer 0+20", "agent 0+20", "customer 20+20", "agent 20+20"}, r.Frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	// 0xFF is mu-law silence, 0x00 its loudest negative sample.
	if c, a := r.PCM[insights.Customer][0], r.PCM[insights.Agent][0]; c != 0 || a != -32124 {
		t.Errorf("samples %d and %d", c, a)
	}
	if diff := cmp.Diff([]string{"customer 5 at 40"}, r.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if r.Why != ingest.Stopped || len(r.Faults) != 0 {
		t.Errorf("ended as %q with faults %v", r.Why, r.Faults)
	}
}

func TestWhoIsTheCustomer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, tracks, parameters string
		direction                string
		want                     []string
	}{
		{"a call that comes in", `["inbound","outbound"]`, `{}`, "inbound", []string{"customer 0+20", "agent 0+20"}},
		{"a call that goes out", `["inbound","outbound"]`, `{"direction":"outbound"}`, "outbound", []string{"agent 0+20", "customer 0+20"}},
		{"as the platform's API calls it", `["inbound","outbound"]`, `{"Direction":"outbound-api"}`, "outbound", []string{"agent 0+20", "customer 0+20"}},
		{"the customer was dialled first", `["inbound","outbound"]`, `{"direction":"outbound","customer":"inbound"}`, "outbound", []string{"customer 0+20", "agent 0+20"}},
		{"one track", `["inbound"]`, `{}`, "inbound", []string{"customer 0+20"}},
		{"tracks by their other names", `["inbound_track","outbound_track","third"]`, `{}`, "inbound", []string{"customer 0+20", "agent 0+20"}},
		{"no tracks named", `[]`, `null`, "inbound", []string{"customer 0+20", "agent 0+20"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t)
			p.send(fmt.Sprintf(`{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1","tracks":%s,"customParameters":%s}}`, c.tracks, c.parameters),
				frame("inbound", 1, 0, 1), frame("outbound", 1, 0, 1), stop)
			r := g.stream(t).Wait(t)
			if diff := cmp.Diff(c.want, r.Frames); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
			if r.Start.Direction != c.direction {
				t.Errorf("direction %q", r.Start.Direction)
			}
		})
	}
}

// Every kind of rubbish that a sender may mix in leaves the call as it is.
func TestBadInputIsCountedAndTheCallGoesOn(t *testing.T) {
	t.Parallel()
	loss := []string{frame("inbound", 2, 20, 1)}
	for i := range 15 {
		loss = append(loss, frame("inbound", 103+i, 2040+20*i, 1))
	}
	var late []string
	for _, m := range loss[1:] {
		late = append(late, "customer "+strings.Split(strings.Split(m, `"timestamp":"`)[1], `"`)[0]+"+20")
	}
	for _, c := range []struct {
		name   string
		send   []string // between the frame at 0 and stop
		want   []string // after the frame at 0
		faults map[ingest.Fault]int
	}{
		{
			"second start",
			[]string{strings.ReplaceAll(start, "CA1", "CA2"), frame("inbound", 2, 20, 1)},
			[]string{"customer 20+20"},
			map[ingest.Fault]int{ingest.Garbage: 1},
		},
		{
			"garbage JSON",
			[]string{"{", "", "nonsense", "[1,2]", `{"event":7}`, "\xff\xfe", frame("inbound", 2, 20, 1)},
			[]string{"customer 20+20"},
			map[ingest.Fault]int{ingest.Garbage: 6},
		},
		{
			"chunks swapped",
			[]string{frame("inbound", 3, 40, 1), frame("inbound", 2, 20, 1), frame("inbound", 4, 60, 1)},
			[]string{"customer 20+20", "customer 40+20", "customer 60+20"},
			nil,
		},
		{
			"chunks duplicated",
			[]string{frame("inbound", 1, 0, 1), frame("inbound", 2, 20, 1), frame("inbound", 2, 20, 1), frame("inbound", 1, 0, 1)},
			[]string{"customer 20+20"},
			map[ingest.Fault]int{ingest.Duplicate: 3},
		},
		{"2 s gap", loss, append([]string{"customer 20+20"}, late...), map[ingest.Fault]int{ingest.Lost: 100}},
		{
			"frame from behind a gap", append(slices.Clip(loss), frame("inbound", 50, 1000, 1)),
			append([]string{"customer 20+20"}, late...),
			map[ingest.Fault]int{ingest.Late: 1, ingest.Lost: 100},
		},
		{"another stream's frame", []string{strings.Replace(frame("inbound", 2, 20, 1), "MZ1", "MZ2", 1)}, nil, map[ingest.Fault]int{ingest.Garbage: 1}},
		{"unknown track", []string{frame("sideways", 2, 20, 1)}, nil, map[ingest.Fault]int{ingest.Garbage: 1}},
		{"no timestamp", []string{`{"event":"media","media":{"track":"inbound","payload":"AAAA"}}`}, nil, map[ingest.Fault]int{ingest.Garbage: 1}},
		{"timestamp of next year", []string{frame("inbound", 2, 86400_000*365, 1)}, nil, map[ingest.Fault]int{ingest.Garbage: 1}},
		{"timestamp of an hour ahead", []string{frame("inbound", 2, 3600_000, 1)}, nil, map[ingest.Fault]int{ingest.Garbage: 1}},
		{"payload is no base64", []string{`{"event":"media","media":{"track":"inbound","timestamp":20,"payload":"???"}}`}, nil, map[ingest.Fault]int{ingest.Garbage: 1}},
		{"empty payload", []string{`{"event":"media","media":{"track":"inbound","chunk":2,"timestamp":20,"payload":""}}`}, nil, nil},
		{"a key that is none", []string{`{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"x"}}`, `{"event":"dtmf"}`}, nil, map[ingest.Fault]int{ingest.Garbage: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t)
			p.send(connected, start, frame("inbound", 1, 0, 1))
			p.send(c.send...)
			p.send(stop)
			r := g.stream(t).Wait(t)
			if diff := cmp.Diff(append([]string{"customer 0+20"}, c.want...), r.Frames); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
			if c.faults == nil {
				c.faults = map[ingest.Fault]int{}
			}
			if diff := cmp.Diff(c.faults, r.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if r.Why != ingest.Stopped || r.Start.Call != "CA1" || g.calls.Count() != 1 {
				t.Errorf("ended as %q, call %q, %d streams", r.Why, r.Start.Call, g.calls.Count())
			}
		})
	}
}

func TestFramesBeforeStartAreDropped(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t)
	p.send(frame("inbound", 1, 0, 1), frame("inbound", 2, 20, 1), "{", `{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"5"}}`,
		start, frame("inbound", 3, 40, 1), stop)
	r := g.stream(t).Wait(t)
	if diff := cmp.Diff([]string{"customer 40+20"}, r.Frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	if r.Faults[ingest.Garbage] != 4 || len(r.Keys) != 0 {
		t.Errorf("faults %v, keys %v", r.Faults, r.Keys)
	}
}

func TestBinaryFramesAreSkipped(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t)
	p.send(start)
	for i := range 200 {
		if err := p.ws.WriteMessage(websocket.BinaryMessage, make([]byte, 320)); err != nil {
			t.Fatal(err)
		}
		p.send(frame("inbound", i+1, 20*i, 1))
	}
	p.send(stop)
	r := g.stream(t).Wait(t)
	if len(r.Frames) != 200 || r.Faults[ingest.Garbage] != 200 || r.Why != ingest.Stopped {
		t.Errorf("%d frames, faults %v, ended as %q", len(r.Frames), r.Faults, r.Why)
	}
}

// A sender that sends nothing of use is sent away, with the reason in the
// protocol's words.
func TestEndings(t *testing.T) {
	t.Parallel()
	short := func(o *Options) { o.Limits.SilentAfter, o.Limits.StartWithin = 50*time.Millisecond, 5*time.Second }
	for _, c := range []struct {
		name   string
		change func(*Options)
		act    func(p *phone)
		code   int // 0: it does not matter
		why    ingest.Reason
		opened bool
	}{
		{"binary frames only", nil, func(p *phone) {
			p.send(start)
			for range 50 {
				_ = p.ws.WriteMessage(websocket.BinaryMessage, []byte{1})
			}
		}, websocket.CloseUnsupportedData, ingest.Broken, true},
		{"garbage only", nil, func(p *phone) {
			p.send(start)
			for range 50 {
				_ = p.ws.WriteMessage(websocket.TextMessage, []byte("{"))
			}
		}, websocket.ClosePolicyViolation, ingest.Broken, true},
		{"a 5 MB frame", nil, func(p *phone) {
			p.send(start, frame("inbound", 1, 0, 1))
			_ = p.ws.WriteMessage(websocket.TextMessage, []byte(`{"event":"media","x":"`+strings.Repeat("a", 5<<20)+`"}`))
		}, websocket.CloseMessageTooBig, ingest.Broken, true},
		{"no stop, clean close", nil, func(p *phone) {
			p.send(start, frame("inbound", 1, 0, 1))
			_ = p.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
		}, websocket.CloseNormalClosure, ingest.Closed, true},
		{"no stop, close without a code", nil, func(p *phone) {
			p.send(start)
			_ = p.ws.WriteMessage(websocket.CloseMessage, nil)
		}, websocket.CloseNoStatusReceived, ingest.Closed, true},
		{"no stop, connection lost", nil, func(p *phone) {
			p.send(start, frame("inbound", 1, 0, 1))
			p.ws.NetConn().Close()
		}, 0, ingest.Broken, true},
		{"the platform closes with an error", nil, func(p *phone) {
			p.send(start)
			_ = p.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseInternalServerErr, ""))
		}, websocket.CloseInternalServerErr, ingest.Broken, true},
		{"not the websocket protocol", nil, func(p *phone) {
			p.send(start)
			_, _ = p.ws.NetConn().Write([]byte("\xff\xff\xff\xff\xff\xff"))
		}, websocket.CloseProtocolError, ingest.Broken, true},
		{
			"silence", short, func(p *phone) { p.send(start, frame("inbound", 1, 0, 1)) },
			websocket.ClosePolicyViolation, ingest.Silent, true,
		},
		{"pings are no sign of life", short, func(p *phone) {
			p.send(start)
			_ = p.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
		}, websocket.ClosePolicyViolation, ingest.Silent, true},
		{"half a message", short, func(p *phone) {
			p.send(start)
			_, _ = p.ws.NetConn().Write([]byte{0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5})
		}, websocket.ClosePolicyViolation, ingest.Silent, true},
		{"ping flood", nil, func(p *phone) {
			p.send(start)
			for range 65 + 1 {
				_ = p.ws.WriteControl(websocket.PingMessage, []byte("x"), time.Now().Add(time.Second))
			}
		}, websocket.ClosePolicyViolation, ingest.Broken, true},
		{"no start", func(o *Options) { o.Limits.StartWithin = 50 * time.Millisecond }, func(p *phone) {
			p.send(connected, frame("inbound", 1, 0, 1))
		}, websocket.ClosePolicyViolation, "", false},
		{"stop before start", nil, func(p *phone) { p.send(stop) }, websocket.CloseNormalClosure, "", false},
		{
			"start without a call", nil, func(p *phone) { p.send(`{"event":"start","streamSid":"MZ1","start":{}}`) },
			websocket.ClosePolicyViolation, "", false,
		},
		{
			"start without a stream", nil, func(p *phone) { p.send(`{"event":"start","start":{"callSid":"CA1"}}`) },
			websocket.ClosePolicyViolation, "", false,
		},
		{"start without a body", nil, func(p *phone) { p.send(`{"event":"start"}`) }, websocket.ClosePolicyViolation, "", false},
		{"start with unknown tracks only", nil, func(p *phone) {
			p.send(`{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1","tracks":["sideways"]}}`)
		}, websocket.ClosePolicyViolation, "", false},
		{"call id with a line break", nil, func(p *phone) {
			p.send(`{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1\nlevel=ERROR"}}`)
		}, websocket.ClosePolicyViolation, "", false},
		{
			"too many calls", func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = fmt.Errorf("open: %w", ingest.ErrBusy) },
			func(p *phone) { p.send(start) }, websocket.CloseTryAgainLater, "", false,
		},
		{
			"shutting down", func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = ingest.ErrStopping },
			func(p *phone) { p.send(start) }, websocket.CloseServiceRestart, "", false,
		},
		{
			"the store is broken", func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = context.DeadlineExceeded },
			func(p *phone) { p.send(start) }, websocket.CloseInternalServerErr, "", false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, c.change)
			p := g.dial(t)
			c.act(p)
			if code := p.closeCode(); c.code != 0 && code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
			if !c.opened {
				if n := g.calls.Count(); n != 0 {
					t.Errorf("%d streams were opened", n)
				}
				return
			}
			if r := g.stream(t).Wait(t); r.Why != c.why {
				t.Errorf("ended as %q, want %q", r.Why, c.why)
			}
		})
	}
}

func TestHeldFramesArriveWhenTheStreamEnds(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t)
	p.send(start, frame("inbound", 1, 0, 1), frame("inbound", 5, 80, 1), frame("outbound", 4, 60, 1))
	p.ws.NetConn().Close()
	r := g.stream(t).Wait(t)
	if diff := cmp.Diff([]string{"customer 0+20", "customer 80+20", "agent 60+20"}, r.Frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
}

func TestSecondStreamOfACallIsOpenedAsWell(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	first := g.dial(t)
	first.send(start, frame("inbound", 1, 0, 1))
	a := g.stream(t)
	second := g.dial(t)
	second.send(strings.ReplaceAll(start, "MZ1", "MZ2"), strings.Replace(frame("inbound", 1, 0, 1), "MZ1", "MZ2", 1),
		strings.ReplaceAll(stop, "MZ1", "MZ2"))
	b := g.stream(t).Wait(t)
	first.send(stop)
	a.Wait(t)
	if a.Start.Call != b.Start.Call || a.Start.Stream != "MZ1" || b.Start.Stream != "MZ2" || len(a.Frames) != 1 || len(b.Frames) != 1 {
		t.Errorf("first %+v with %v, second %+v with %v", a.Start, a.Frames, b.Start, b.Frames)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format string
		frames int
		sample int16
	}{
		{`{"encoding":"audio/x-mulaw","sampleRate":"8000","channels":"1"}`, 60, -32124},
		{`{"encoding":"audio/x-alaw"}`, 60, -5504},
		{`{}`, 60, -32124},
		{`{"encoding":"audio/x-l16","sampleRate":16000}`, 60, 0},
		{`{"encoding":"audio/opus","sampleRate":16000}`, 0, 0},
		{`{"encoding":"audio/x-mulaw","channels":2}`, 0, 0},
		{`{"encoding":"audio/x-mulaw","sampleRate":16000}`, 0, 0},
	} {
		t.Run(c.format, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t)
			p.send(`{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1","mediaFormat":` + c.format + `}}`)
			for i := range 60 {
				p.send(frame("inbound", i+1, 20*i, 0))
			}
			p.send(stop)
			r := g.stream(t).Wait(t)
			if len(r.Frames) != c.frames || r.Faults[ingest.Garbage] != 60-c.frames || r.Why != ingest.Stopped {
				t.Fatalf("%d frames, faults %v, ended as %q", len(r.Frames), r.Faults, r.Why)
			}
			if c.frames > 0 && r.PCM[insights.Customer][0] != c.sample {
				t.Errorf("first sample %d, want %d", r.PCM[insights.Customer][0], c.sample)
			}
		})
	}
}

func TestDoorPings(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.PingEvery = time.Millisecond })
	p := g.dial(t)
	pings := 0
	p.ws.SetPingHandler(func(string) error {
		if pings++; pings == 3 {
			return p.ws.WriteMessage(websocket.TextMessage, []byte(stop))
		}
		return nil
	})
	if code := p.closeCode(); code != websocket.CloseNormalClosure {
		t.Errorf("closed with %d after %d pings", code, pings)
	}
}

func TestCloseEndsStreamsAsShutdown(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t)
	p.send(start, frame("inbound", 1, 0, 1))
	r := g.stream(t)
	idle := g.dial(t) // upgraded, nothing sent
	codes := make(chan int, 2)
	for _, x := range []*phone{p, idle} {
		go func() { codes <- x.closeCode() }()
	}
	if err := g.door.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.Wait(t).Why != ingest.Shutdown {
		t.Errorf("ended as %q", r.Why)
	}
	for range 2 {
		if code := <-codes; code != websocket.CloseGoingAway {
			t.Errorf("closed with %d", code)
		}
	}
	_, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(g.url, "http")+MediaPath, bearer())
	if err == nil || answer == nil || answer.StatusCode != 503 {
		t.Errorf("after Close: %v, %v", answer, err)
	}
	if err := g.door.Close(t.Context()); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestCloseCutsOffWhoDoesNotAnswer(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t)
	p.send(start)
	r := g.stream(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.door.Close(ctx); err == nil {
		t.Error("no error for a cancelled context")
	}
	if r.Wait(t).Why != ingest.Shutdown {
		t.Errorf("ended as %q", r.Why)
	}
}

func TestMetricsAndLogsHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	reg := prometheus.NewPedanticRegistry()
	g := newRig(t, func(o *Options) {
		o.Meters = wire.NewMeters(reg)
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	p := g.dial(t)
	p.send(start, frame("inbound", 1, 0, 1), frame("inbound", 1, 0, 1), "{", `{"event":"new"}`, stop)
	p.closeCode()
	g.stream(t).Wait(t)
	if err := g.door.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := `
		# HELP heed_door_messages_total Messages received on media sockets, by platform and what became of them.
		# TYPE heed_door_messages_total counter
		heed_door_messages_total{kind="binary",platform="twilio"} 0
		heed_door_messages_total{kind="control",platform="twilio"} 2
		heed_door_messages_total{kind="garbage",platform="twilio"} 1
		heed_door_messages_total{kind="media",platform="twilio"} 2
		heed_door_messages_total{kind="unknown",platform="twilio"} 1
		# HELP heed_door_sockets Media sockets that are open, by platform.
		# TYPE heed_door_sockets gauge
		heed_door_sockets{platform="twilio"} 0
		# HELP heed_door_streams_ended_total Streams ended, by platform and reason.
		# TYPE heed_door_streams_ended_total counter
		heed_door_streams_ended_total{platform="twilio",reason="stop"} 1
	`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want),
		"heed_door_messages_total", "heed_door_sockets", "heed_door_streams_ended_total"); err != nil {
		t.Error(err)
	}
	for _, s := range []string{"+1415", "0100", "0199", "alice", secret} {
		if strings.Contains(log.String(), s) {
			t.Errorf("the log holds %q:\n%s", s, log.String())
		}
	}
	for _, s := range []string{"call=CA1", "stream=MZ1", "reason=stop", "duplicates=1", "garbage=1"} {
		if !strings.Contains(log.String(), s) {
			t.Errorf("the log does not say %s:\n%s", s, log.String())
		}
	}
}
