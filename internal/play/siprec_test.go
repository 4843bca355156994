package play

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/siprec"
	"heed/internal/mount"
	"heed/transcribe/audio"
)

// recorders runs a door for border controllers, and gives the server that says
// where it is.
func recorders(t *testing.T, c *calls, change func(*siprec.Options)) (*siprec.Door, string) {
	t.Helper()
	o := siprec.Options{
		Calls: c, Listen: "127.0.0.1:0", Ports: siprec.Range{First: 21000, Last: 21999}, Peers: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	}
	change(&o)
	d, err := siprec.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	d.Routes(mount.Kit{API: humago.New(mux, huma.DefaultConfig("test", "1")), Operation: func(id, method, path, summary string, _ []string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
	}})
	server := httptest.NewServer(mux)
	served := make(chan error, 1)
	go func() { served <- d.Serve() }()
	t.Cleanup(func() {
		if err := errors.Join(d.Close(context.WithoutCancel(t.Context())), <-served); err != nil {
			t.Error(err)
		}
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return d, server.URL
}

func TestACallArrivesWholeAtARecorder(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"", "udp"} {
		c := &calls{}
		d, url := recorders(t, c, func(o *siprec.Options) { o.Users = map[string]string{"sbc": "secret"} })
		rec := record(t, 510*time.Millisecond) // the last frame is half a one
		address := "sip:sbc:secret@" + d.Address()
		if transport != "" {
			address += ";transport=" + transport
		}
		o := Options{
			Recording: rec, URL: url, As: "siprec", SIP: address, Speed: 10, PlatformCall: "c1",
			Caller: Caller{From: "+14155550100", To: "+18005550199", Agent: "Alice <1> & co"},
		}
		r, err := Call(t.Context(), o)
		if err != nil || r.Frames != 52 || r.PlatformCall != "c1" {
			t.Fatalf("%+v: %v", r, err)
		}
		h := c.streams(t, 1)[0]
		if s := h.start; s.Platform != "siprec" || s.Call != "c1" || s.From != "+14155550100" || s.To != "+18005550199" || s.Agent != "Alice <1> & co" || s.Direction != "inbound" {
			t.Errorf("start %+v", s)
		}
		for who, track := range map[insights.Speaker][]byte{insights.Customer: rec.customer, insights.Agent: rec.agent} {
			if want := audio.DecodeMulaw(nil, track); len(h.audio[who]) < len(want) || !slices.Equal(h.audio[who][:len(want)], want) {
				t.Errorf("the %s's audio is not what was played", who)
			}
		}
		if h.faults != 0 || h.why != ingest.Stopped {
			t.Errorf("ended as %s with %d faults", h.why, h.faults)
		}
		o.SIP = strings.Replace(address, "secret", "guess", 1)
		if _, err := Call(t.Context(), o); !hungUpWith(err, 401) {
			t.Errorf("with another password: %v", err)
		}
	}
}

// hungUpWith says whether the door refused with a status.
func hungUpWith(err error, status int) bool {
	h := (*HungUp)(nil)
	return errors.As(err, &h) && h.Code == status
}

func TestARecorderThatDoesNotTakeACall(t *testing.T) {
	t.Parallel()
	c := &calls{open: func(ingest.Start) error { return ingest.ErrBusy }}
	_, url := recorders(t, c, func(*siprec.Options) {})
	o := Options{Recording: quiet(time.Second), URL: url, As: "siprec", Speed: 50}
	if _, err := Call(t.Context(), o); !hungUpWith(err, 503) || !strings.Contains(err.Error(), "no more calls") {
		t.Errorf("a door that is busy: %v", err)
	}
	_, nobody := recorders(t, c, func(o *siprec.Options) { o.Listen = "" })
	o.URL = nobody
	if _, err := Call(t.Context(), o); err == nil || !strings.Contains(err.Error(), "siprec-listen") {
		t.Errorf("a server without one: %v", err)
	}
	o.SIP = "10.0.0.5"
	if _, err := Call(t.Context(), o); err == nil || !strings.Contains(err.Error(), "sip:host:port") {
		t.Errorf("an address that is none: %v", err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.SIP = "sip:" + l.Addr().String()
	l.Close()
	unreachable := (*Unreachable)(nil)
	if _, err := Call(t.Context(), o); !errors.As(err, &unreachable) {
		t.Errorf("nobody there: %v", err)
	}
	if o.Speed = 0; !strings.Contains(func() string { _, err := Call(t.Context(), o); return err.Error() }(), "speed") {
		t.Error("without a pace it was played")
	}
}

// A recorder that hangs up ends the call.
func TestARecorderThatHangsUp(t *testing.T) {
	t.Parallel()
	c := &calls{}
	_, url := recorders(t, c, func(o *siprec.Options) { o.Limits.Longest = 200 * time.Millisecond })
	if _, err := Call(t.Context(), Options{Recording: quiet(20 * time.Second), URL: url, As: "siprec", Speed: 1}); !hungUpWith(err, 200) {
		t.Errorf("it was played on: %v", err)
	}
}
