package play

import (
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe/audio"
)

func TestCallArrivesWhole(t *testing.T) {
	t.Parallel()
	c := &calls{}
	url, _ := door(t, c, "")
	rec := record(t, 1010*time.Millisecond) // the last frame is half a one
	var progress []time.Duration
	r, err := Call(t.Context(), Options{
		Recording: rec, URL: url, Key: key,
		Caller:   Caller{From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US"},
		Progress: func(p Progress) { progress = append(progress, p.At) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h := c.streams(t, 1)[0]
	if h.start.At.IsZero() || h.why != ingest.Stopped || h.gaps != 0 || h.faults != 0 {
		t.Errorf("at %v, ended as %q with %d gaps and %d faults", h.start.At, h.why, h.gaps, h.faults)
	}
	h.start.At = time.Time{}
	want := ingest.Start{
		Platform: "twilio", Call: r.PlatformCall, Stream: r.Stream, Direction: "inbound", From: "+14155550100",
		To: "+18005550199", Agent: "alice", Language: "en-US", Parties: []insights.Speaker{insights.Customer, insights.Agent},
	}
	if diff := cmp.Diff(want, h.start); diff != "" {
		t.Errorf("start (-want +got):\n%s", diff)
	}
	for who, track := range map[insights.Speaker][]byte{insights.Customer: rec.customer, insights.Agent: rec.agent} {
		if !slices.Equal(h.audio[who], audio.DecodeMulaw(nil, track)) {
			t.Errorf("the %s's audio is not what was played", who)
		}
	}
	if r.Frames != 102 || r.Audio != rec.Duration() || len(r.PlatformCall) != 34 || !strings.HasPrefix(r.PlatformCall, "CA") || !strings.HasPrefix(r.Stream, "MZ") {
		t.Errorf("result %+v", r)
	}
	if diff := cmp.Diff([]time.Duration{0, time.Second, 1010 * time.Millisecond}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestWhoIsOnWhichChannel(t *testing.T) {
	t.Parallel()
	left, right := tone(telephone, 300, time.Second), tone(telephone, 800, time.Second)
	for _, c := range []struct {
		name            string
		file            []byte
		side            Side
		direction       string
		customer, agent float64 // Hz; 0 for nobody
	}{
		{"stereo", wav(t, telephone, left, right), "", "", 800, 300},
		{"customer on the left", wav(t, telephone, left, right), Left, "inbound", 300, 800},
		{"a call that goes out", wav(t, telephone, left, right), Right, "outbound", 800, 300},
		{"mono", wav(t, telephone, left), "", "", 300, 0},
		{"mono that goes out", wav(t, telephone, left), "", "outbound", 300, 0},
		{"44.1 kHz", wav(t, 44100, tone(44100, 300, time.Second), tone(44100, 800, time.Second)), "", "", 800, 300},
		{"16 kHz", wav(t, 16000, tone(16000, 300, time.Second), tone(16000, 800, time.Second)), "", "", 800, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fake := &calls{}
			url, _ := door(t, fake, "")
			rec, err := Read(strings.NewReader(string(c.file)), c.side)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Call(t.Context(), Options{Recording: rec, URL: url, Key: key, Caller: Caller{Direction: c.direction}}); err != nil {
				t.Fatal(err)
			}
			h := fake.streams(t, 1)[0]
			for who, hz := range map[insights.Speaker]float64{insights.Customer: c.customer, insights.Agent: c.agent} {
				got := h.audio[who]
				if hz == 0 {
					if len(got) != 0 || slices.Contains(h.start.Parties, who) {
						t.Errorf("a %s was heard", who)
					}
					continue
				}
				if len(got) != telephone || math.Abs(pitch(got)-hz) > 5 {
					t.Errorf("%s: %d samples of %.0f Hz, want %.0f Hz", who, len(got), pitch(got), hz)
				}
			}
		})
	}
}

func TestSignedAsThePlatformDoes(t *testing.T) {
	t.Parallel()
	c := &calls{}
	url, _ := door(t, c, "secret")
	if _, err := Call(t.Context(), Options{Recording: record(t, frame), URL: url, AuthToken: "secret"}); err != nil {
		t.Fatal(err)
	}
	c.streams(t, 1)
}

func TestSamePlatformCallTwiceIsAReconnect(t *testing.T) {
	t.Parallel()
	c := &calls{}
	url, _ := door(t, c, "")
	o := Options{Recording: record(t, frame), URL: url, Key: key, PlatformCall: "CA1"}
	for range 2 {
		if _, err := Call(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	all := c.streams(t, 2)
	if all[0].start.Call != "CA1" || all[1].start.Call != "CA1" || all[0].start.Stream == all[1].start.Stream {
		t.Errorf("streams %+v and %+v", all[0].start, all[1].start)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	open, _ := door(t, &calls{}, "secret")
	closed, _ := door(t, &calls{}, "")
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	for _, c := range []struct {
		name         string
		o            Options
		status       int
		detail       string
		unauthorized bool
	}{
		{"wrong key", Options{URL: open, Key: "bad"}, 401, "API key", true},
		{"wrong token", Options{URL: open, AuthToken: "bad"}, 403, "public-url", true},
		{"neither", Options{URL: open}, 400, "X-Twilio-Signature", false},
		{"a door without a token", Options{URL: closed, AuthToken: "secret"}, 403, "HEED_TWILIO_AUTH_TOKEN", true},
		{"no door", Options{URL: web.URL}, 404, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.Recording = record(t, frame)
			_, err := Call(t.Context(), c.o)
			var r *Refused
			if !errors.As(err, &r) {
				t.Fatalf("error %v", err)
			}
			if r.Status != c.status || !strings.Contains(r.Detail, c.detail) || r.Unauthorized() != c.unauthorized ||
				!strings.Contains(err.Error(), c.detail) {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	_, err = Call(t.Context(), Options{Recording: record(t, frame), URL: url, Key: key})
	var u *Unreachable
	if !errors.As(err, &u) || !strings.Contains(err.Error(), "cannot be reached") || errors.Unwrap(u) == nil {
		t.Errorf("error %v", err)
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	rec := record(t, frame)
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"no recording", Options{URL: "http://x"}, "no audio"},
		{"negative speed", Options{Recording: rec, URL: "http://x", Speed: -1}, "speed"},
		{"unknown platform", Options{Recording: rec, URL: "http://x", As: "carrier pigeon"}, "carrier pigeon"},
		{"no scheme", Options{Recording: rec, URL: "localhost:8080"}, "http://"},
		{"no host", Options{Recording: rec, URL: "http://"}, "no host"},
		{"no address", Options{Recording: rec, URL: "http://a b"}, "address"},
	} {
		if _, err := Call(t.Context(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
}

func TestBusyDoor(t *testing.T) {
	t.Parallel()
	url, _ := door(t, &calls{open: func(ingest.Start) error { return ingest.ErrBusy }}, "")
	_, err := Call(t.Context(), Options{Recording: quiet(time.Minute), URL: url, Key: key})
	var h *HungUp
	if !errors.As(err, &h) || !h.Busy() || h.Code != websocket.CloseTryAgainLater || !strings.Contains(err.Error(), "no more calls") {
		t.Errorf("error %v", err)
	}
}

func TestDoorShutsInTheMiddle(t *testing.T) {
	t.Parallel()
	opened := make(chan struct{})
	c := &calls{open: func(ingest.Start) error {
		close(opened)
		return nil
	}}
	url, d := door(t, c, "")
	clock := &steps{after: func(n int) {
		if n == 50 {
			<-opened
			if err := d.Close(t.Context()); err != nil {
				t.Errorf("close door: %v", err)
			}
		}
	}}
	r, err := Call(t.Context(), Options{Recording: quiet(time.Minute), URL: url, Key: key, Speed: 1, Clock: clock})
	var h *HungUp
	if !errors.As(err, &h) || !h.Busy() || h.Code != websocket.CloseGoingAway {
		t.Errorf("error %v", err)
	}
	if r.PlatformCall == "" || r.Frames == 0 || r.Audio >= time.Minute {
		t.Errorf("result %+v", r)
	}
	if got := c.streams(t, 1)[0].why; got != ingest.Shutdown {
		t.Errorf("ended as %q", got)
	}
}

func TestLostConnection(t *testing.T) {
	t.Parallel()
	// A server that takes the upgrade and drops the line.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil); err == nil {
			ws.Close()
		}
	}))
	t.Cleanup(server.Close)
	_, err := Call(t.Context(), Options{Recording: quiet(10 * time.Minute), URL: server.URL})
	var h *HungUp
	if !errors.As(err, &h) || h.Code != websocket.CloseAbnormalClosure || h.Busy() || errors.Unwrap(h) == nil {
		t.Errorf("error %v", err)
	}
}

func TestEndingTheContextHangsUp(t *testing.T) {
	t.Parallel()
	c := &calls{}
	url, _ := door(t, c, "")
	ctx, cancel := context.WithCancel(t.Context())
	clock := &steps{after: func(n int) {
		if n == 10 {
			cancel()
		}
	}}
	r, err := Call(ctx, Options{Recording: quiet(time.Minute), URL: url, Key: key, Speed: 1, Clock: clock})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	h := c.streams(t, 1)[0]
	if h.why != ingest.Stopped || len(h.audio[insights.Customer]) != 9*frameSamples || r.Frames != 9 {
		t.Errorf("ended as %q after %d samples; result %+v", h.why, len(h.audio[insights.Customer]), r)
	}
}

func TestEndingTheContextBeforeTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	url, _ := door(t, &calls{}, "")
	if _, err := Call(ctx, Options{Recording: record(t, frame), URL: url, Key: key}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
