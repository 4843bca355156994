package play

import (
	"bytes"
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
	"heed/internal/ingest/audiosocket"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/l16"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/vonage"
	"heed/internal/ingest/webhook"
	"heed/internal/mount"
	"heed/transcribe/audio"
)

// doors runs the doors of all platforms that send bare samples, and the part of
// the API that they need, and gives the server's address.
func doors(t *testing.T, c *calls) string {
	t.Helper()
	allow := func(r *http.Request) bool {
		_, password, _ := r.BasicAuth()
		return password == key || r.Header.Get("Authorization") == "Bearer "+key
	}
	tickets := ticket.New(bytes.Repeat([]byte{1}, ticket.KeySize))
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	samples, err := l16.New(l16.Options{Calls: c, Allow: allow, Tickets: tickets})
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := audiosocket.New(audiosocket.Options{Calls: c, Listener: listener, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	if err != nil {
		t.Fatal(err)
	}
	told := ingesttest.NewEvents(c)
	webhooks, err := vonage.New(vonage.Options{Events: told, Allow: allow, Tickets: tickets})
	if err != nil {
		t.Fatal(err)
	}
	others, err := webhook.New(webhook.Options{Events: told, Allow: allow})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for _, handlers := range []map[string]http.Handler{samples.Handlers(), webhooks.Handlers(), others.Handlers()} {
		for pattern, h := range handlers {
			mux.Handle(pattern, h)
		}
	}
	kit := mount.Kit{API: humago.New(mux, huma.DefaultConfig("test", "1")), Operation: func(id, method, path, summary string, _ []string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
	}}
	samples.Routes(kit)
	sockets.Routes(kit)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") && !allow(r) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	served := make(chan error, 1)
	go func() { served <- sockets.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := errors.Join(samples.Close(ctx), sockets.Close(ctx), <-served); err != nil {
			t.Errorf("close doors: %v", err)
		}
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return server.URL
}

func TestEveryPlatformOfBareSamplesArrivesWhole(t *testing.T) {
	t.Parallel()
	for name, sockets := range map[string]int{"jambonz": 1, "freeswitch": 1, "vonage": 2, "asterisk": 2, audiosocket.Platform: 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &calls{}
			url := doors(t, c)
			rec := record(t, 510*time.Millisecond) // the last frame is half a one
			o := Options{Recording: rec, URL: url, As: name, Key: key, Caller: Caller{From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US"}}
			r, err := Call(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			heard := map[insights.Speaker][]int16{}
			for _, h := range c.streams(t, sockets) {
				s := h.start
				if s.Platform != name || s.Call != r.PlatformCall || s.From != "+14155550100" || s.To != "+18005550199" || s.Agent != "alice" || s.Language != "en-US" {
					t.Errorf("start %+v", s)
				}
				if h.faults != 0 || h.why != ingest.Closed && h.why != ingest.Stopped {
					t.Errorf("ended as %s with %d faults", h.why, h.faults)
				}
				for who, pcm := range h.audio {
					heard[who] = append(heard[who], pcm...)
				}
			}
			for who, track := range map[insights.Speaker][]byte{insights.Customer: rec.customer, insights.Agent: rec.agent} {
				if !slices.Equal(heard[who], audio.DecodeMulaw(nil, track)) {
					t.Errorf("the %s's audio is not what was played", who)
				}
			}
			o.Key = "bad"
			refused := (*Refused)(nil)
			if _, err := Call(t.Context(), o); !errors.As(err, &refused) || !refused.Unauthorized() {
				t.Errorf("with another key: %v", err)
			}
		})
	}
}

func TestAMonoRecordingIsOneSocket(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jambonz", "vonage"} {
		c := &calls{}
		if _, err := Call(t.Context(), Options{Recording: quiet(time.Second), URL: doors(t, c), As: name, Key: key}); err != nil {
			t.Fatal(err)
		}
		if h := c.streams(t, 1)[0]; len(h.audio[insights.Customer]) != telephone || len(h.start.Parties) != 1 {
			t.Errorf("%s: %d samples of %v", name, len(h.audio[insights.Customer]), h.start.Parties)
		}
	}
}

func TestADoorThatIsBusyHangsUp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jambonz", "asterisk", audiosocket.Platform} {
		c := &calls{open: func(ingest.Start) error { return ingest.ErrBusy }}
		_, err := Call(t.Context(), Options{Recording: record(t, 200*time.Millisecond), URL: doors(t, c), As: name, Key: key})
		if h := (*HungUp)(nil); !errors.As(err, &h) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPlatforms(t *testing.T) {
	t.Parallel()
	_, err := Call(t.Context(), Options{Recording: quiet(time.Second), URL: "http://x", As: "smoke"})
	if err == nil || !strings.Contains(err.Error(), "jambonz") || !slices.IsSorted(Platforms()) {
		t.Errorf("%v, %v", err, Platforms())
	}
	for address, want := range map[string]string{"10.0.0.5:9092": "10.0.0.5:9092", "0.0.0.0:1": "heed.example:1", "[::]:1": "heed.example:1"} {
		if got, err := reachable(address, "https://heed.example:443"); err != nil || got != want {
			t.Errorf("%s: %s, %v", address, got, err)
		}
	}
	if _, err := reachable("x", "http://x"); err == nil {
		t.Error("an address that is none")
	}
}
