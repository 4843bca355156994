package audiosocket

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/wire"
	"heed/internal/mount"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is the door on a real listener.
type rig struct {
	door  *Door
	calls *ingesttest.Calls
	at    string
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &rig{calls: ingesttest.New(), at: l.Addr().String()}
	o := Options{Calls: g.calls, Listener: l, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	if change != nil {
		change(&o)
	}
	if g.door, err = New(o); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- g.door.Serve() }()
	t.Cleanup(func() {
		if err := g.door.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return g
}

func (g *rig) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", g.at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func send(t *testing.T, c net.Conn, frames ...[]byte) {
	t.Helper()
	if _, err := c.Write(bytes.Join(frames, nil)); err != nil {
		t.Fatal(err)
	}
}

// answer is all that the door says until it closes.
func answer(t *testing.T, c net.Conn) []byte {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	got, err := io.ReadAll(c)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	return got
}

var (
	id    = uuid.MustParse("40325ec2-5efd-4bd3-805f-53576e581d13")
	hello = Append(nil, kindID, id[:])
	end   = Append(nil, kindEnd, nil)
	known = ingest.Start{
		Platform: Platform, Call: "17.42", Direction: "inbound", From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US",
		Parties: []insights.Speaker{insights.Agent},
	}
)

func sound(kind byte, n int) []byte { return Append(nil, kind, make([]byte, n)) }

func (g *rig) announce(t *testing.T) {
	t.Helper()
	if _, err := g.door.known.add(id, known); err != nil {
		t.Fatal(err)
	}
}

func TestACall(t *testing.T) {
	t.Parallel()
	var logs bytes.Buffer
	g := newRig(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&logs, nil)) })
	g.announce(t)
	c := g.dial(t)
	all := bytes.Join([][]byte{
		hello, sound(0x12, 640), sound(0x12, 639), Append(nil, kindKey, []byte("5")), Append(nil, kindSilence, nil),
		Append(nil, 0x77, []byte("new")), sound(0x12, 641), end,
	}, nil)
	for len(all) > 0 { // TCP may cut anywhere
		n := min(len(all), 7)
		send(t, c, all[:n])
		all = all[n:]
	}
	if got := answer(t, c); len(got) != 0 {
		t.Errorf("answered %x", got)
	}
	r := g.calls.Next(t).Wait(t)
	if diff := cmp.Diff(known, r.Start, cmpopts.IgnoreFields(ingest.Start{}, "At", "Stream")); diff != "" {
		t.Errorf("start (-want +got):\n%s", diff)
	}
	if len(r.PCM[insights.Agent]) != 960 || r.Ends[insights.Agent] != 60*time.Millisecond || r.Why != ingest.Stopped || len(r.Faults) > 0 {
		t.Errorf("%d samples up to %v, ended as %s, faults %v", len(r.PCM[insights.Agent]), r.Ends[insights.Agent], r.Why, r.Faults)
	}
	if diff := cmp.Diff([]string{"agent 5 at 39"}, r.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if err := g.door.Close(t.Context()); err != nil {
		t.Error(err)
	}
	for _, private := range []string{"415555", "alice", id.String()} {
		if strings.Contains(logs.String(), private) {
			t.Errorf("the log has %q:\n%s", private, logs.String())
		}
	}
}

func TestHowACallEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		last func(*testing.T, *rig, net.Conn)
		why  ingest.Reason
	}{
		{"the other side says so", func(t *testing.T, _ *rig, c net.Conn) { send(t, c, end) }, ingest.Stopped},
		{"an error", func(t *testing.T, _ *rig, c net.Conn) { send(t, c, Append(nil, kindError, []byte{2})) }, ingest.Broken},
		{"closed", func(_ *testing.T, _ *rig, c net.Conn) { c.Close() }, ingest.Closed},
		{"closed within a frame", func(t *testing.T, _ *rig, c net.Conn) { send(t, c, []byte{0x10, 1}); c.Close() }, ingest.Broken},
		{"a frame that never comes in full", func(t *testing.T, _ *rig, c net.Conn) { send(t, c, []byte{0x10, 1, 0, 7}) }, ingest.Silent},
		{"garbage", func(t *testing.T, _ *rig, c net.Conn) {
			send(t, c, hello, sound(0x12, 2), Append(nil, kindKey, []byte("x")), Append(nil, kindKey, nil), hello)
		}, ingest.Broken},
		{"shutdown", func(t *testing.T, g *rig, _ net.Conn) {
			if err := g.door.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}, ingest.Shutdown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, func(o *Options) {
				o.Limits = wire.Limits{Garbage: 5}
				if c.why == ingest.Silent {
					o.Limits.SilentAfter = 50 * time.Millisecond
				}
			})
			g.announce(t)
			conn := g.dial(t)
			send(t, conn, hello, sound(0x10, 320))
			r := g.calls.Next(t)
			c.last(t, g, conn)
			if r.Wait(t); r.Why != c.why {
				t.Errorf("ended as %s, want %s", r.Why, c.why)
			}
		})
	}
}

func TestConnectionsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Options)
		sends  [][]byte
		want   []byte
		told   bool
	}{
		{name: "nobody announced it", sends: [][]byte{hello}, want: end},
		{name: "no UUID first", sends: [][]byte{sound(0x10, 320)}, want: end, told: true},
		{name: "half a UUID", sends: [][]byte{Append(nil, kindID, id[:8])}, want: end, told: true},
		{name: "says nothing", want: end, told: true},
		{name: "says half a header", sends: [][]byte{{1, 0}}, want: end, told: true},
		{name: "is over at once", sends: [][]byte{end}, told: true},
		{name: "no more calls", change: func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = ingest.ErrBusy }, sends: [][]byte{hello}, want: end, told: true},
		{name: "from elsewhere", change: func(o *Options) { o.Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }, told: true},
		{name: "no network at all", change: func(o *Options) { o.Networks = nil }, told: true},
		{name: "too many", change: func(o *Options) { o.Unnamed = -1 }, told: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, func(o *Options) {
				o.Announced, o.Limits.StartWithin = 50*time.Millisecond, 200*time.Millisecond
				if c.change != nil {
					c.change(o)
				}
			})
			if c.told {
				g.announce(t)
			}
			conn := g.dial(t)
			if c.want != nil || len(c.sends) > 0 {
				send(t, conn, c.sends...)
			}
			if got := answer(t, conn); !bytes.Equal(got, c.want) || g.calls.Count() > 0 {
				t.Errorf("answered %x, want %x; %d streams", got, c.want, g.calls.Count())
			}
		})
	}
}

func TestAUUIDIsGoodOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Announced = 50 * time.Millisecond })
	g.announce(t)
	first := g.dial(t)
	send(t, first, hello)
	g.calls.Next(t)
	second := g.dial(t)
	send(t, second, hello)
	if got := answer(t, second); !bytes.Equal(got, end) {
		t.Errorf("answered %x", got)
	}
	send(t, first, end)
	answer(t, first)
}

// The dialplan may connect before the call was announced, and what it sends
// meanwhile is kept: it is late, not a silence.
func TestTheConnectionMayComeFirst(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	c := g.dial(t)
	send(t, c, hello, sound(0x10, 320), sound(0x10, 320))
	g.announce(t)
	send(t, c, sound(0x10, 320), end)
	answer(t, c)
	if r := g.calls.Next(t).Wait(t); r.Ends[insights.Agent] != 60*time.Millisecond {
		t.Errorf("frames %v", r.Frames)
	}
}

func TestWhatIsAnnouncedIsBoundedAndExpires(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a := newAnnounced(func() time.Time { return now })
	for range maxAnnounced {
		if _, err := a.add(uuid.New(), known); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.add(id, known); err == nil {
		t.Error("one more was taken")
	}
	now = now.Add(Life + time.Second)
	if _, err := a.add(id, known); err != nil || len(a.calls) != 1 {
		t.Errorf("%v, %d are left", err, len(a.calls))
	}
	now = now.Add(Life + time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.take(ctx, id); err == nil {
		t.Error("it was taken when it was over")
	}
}

func TestAnnouncementByTheAPI(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	closed := newRig(t, func(o *Options) { o.Listener.Close(); o.Listener = nil })
	serve := func(d *Door) string {
		mux := http.NewServeMux()
		d.Routes(mount.Kit{
			API: humago.New(mux, huma.DefaultConfig("test", "1")),
			Operation: func(id, method, path, summary string, _ []string) huma.Operation {
				return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
			},
		})
		s := httptest.NewServer(mux)
		t.Cleanup(s.Close)
		return s.URL
	}
	post := func(base, body string) (int, map[string]any) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/v1/ingest/audiosocket", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		var out map[string]any
		_ = json.NewDecoder(a.Body).Decode(&out)
		return a.StatusCode, out
	}
	good := `{"uuid":"40325EC2-5efd-4bd3-805f-53576e581d13","call":"17.42"}`
	status, out := post(serve(g.door), good)
	if status != http.StatusOK || out["uuid"] != id.String() || out["address"] != g.at {
		t.Fatalf("answered %d %v", status, out)
	}
	c := g.dial(t)
	send(t, c, hello, end)
	answer(t, c)
	if s := g.calls.Next(t).Wait(t).Start; s.Call != "17.42" || s.Parties[0] != insights.Customer || s.Direction != "inbound" {
		t.Errorf("start %+v", s)
	}
	base := serve(g.door)
	for _, bad := range []string{`{"call":"a"}`, `{"uuid":"x","call":"a"}`, `{"uuid":"` + id.String() + `"}`, `{"uuid":"` + id.String() + `","call":"a b"}`, `{"uuid":"` + id.String() + `","call":"a","party":"robot"}`} {
		if status, out := post(base, bad); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: answered %d %v", bad, status, out)
		}
	}
	if status, _ := post(serve(closed.door), good); status != http.StatusConflict {
		t.Errorf("without a listener: answered %d", status)
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(bytes.Join([][]byte{sound(0x10, 320), Append(nil, kindKey, []byte("5")), end}, nil))
	f.Add([]byte{0x12, 0, 3, 1, 2, 3, 0xff, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		calls := ingesttest.New()
		d, err := New(Options{Calls: calls, Limits: wire.Limits{Garbage: 5}})
		if err != nil {
			t.Fatal(err)
		}
		defer d.end()
		ours, theirs := net.Pipe()
		go func() {
			_, _ = theirs.Write(append(bytes.Clone(hello), data...))
			_ = theirs.Close()
		}()
		if _, err := d.known.add(id, known); err != nil {
			t.Fatal(err)
		}
		d.open[ours], d.unnamed = struct{}{}, 1
		d.serve(ours)
		calls.Next(t).Wait(t)
	})
}
