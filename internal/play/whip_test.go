package play

import (
	"bytes"
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4/pkg/media/oggwriter"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/whip"
)

// whipDoor runs the real door and gives its address.
func whipDoor(t *testing.T, c ingest.Calls) string {
	t.Helper()
	tokens, err := whip.NewTokens(make([]byte, whip.KeySize), nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := whip.New(t.Context(), whip.Options{
		Calls: c, Tokens: tokens, Listen: "127.0.0.1:0",
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+key },
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for pattern, h := range d.Handlers() {
		mux.Handle(pattern, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := d.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return server.URL
}

func TestCallOverWebRTC(t *testing.T) {
	t.Parallel()
	if overWebRTC != whip.Platform || whipPath != whip.Path {
		t.Fatalf("the door is %s at %s", whip.Platform, whip.Path)
	}
	c := ingesttest.New()
	rec := record(t, 2*time.Second)
	r, err := Call(t.Context(), Options{
		Recording: rec, URL: whipDoor(t, c), Key: key, As: "whip", Speed: 4,
		Caller: Caller{From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Frames != 200 || r.Audio != 2*time.Second || r.Stream == "" {
		t.Errorf("result %+v", r)
	}
	var parties []insights.Speaker
	for range 2 {
		h := c.Next(t).Wait(t)
		who := h.Start.Parties[0]
		parties = append(parties, who)
		if h.Start.Call != r.PlatformCall || h.Start.From != "+14155550100" || h.Start.Agent != "alice" || h.Why != ingest.Stopped {
			t.Errorf("start %+v, ended as %q", h.Start, h.Why)
		}
		want := map[insights.Speaker]float64{insights.Customer: 800, insights.Agent: 300}[who]
		if got := pitch(h.PCM[who]); math.Abs(got-want) > 10 || (h.Ends[who]-2*time.Second).Abs() > 100*time.Millisecond {
			t.Errorf("the %s is heard at %.0f Hz for %v", who, got, h.Ends[who])
		}
	}
	if slices.Sort(parties); !slices.Equal(parties, []insights.Speaker{insights.Agent, insights.Customer}) {
		t.Errorf("heard were %v", parties)
	}
}

func TestOpusOverWebRTC(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "call.opus")
	w, err := oggwriter.New(file, opusClock, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		err := w.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i * 960)}, Payload: []byte{0xFC, 0xFF, 0xFE}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rec, err := Open(file, Left)
	if err != nil || rec.Duration() != time.Second || !rec.Stereo() {
		t.Fatalf("%v, %v long", err, rec.Duration())
	}
	c := ingesttest.New()
	if _, err := Call(t.Context(), Options{Recording: rec, URL: whipDoor(t, c), Key: key, As: "whip", Speed: 4}); err != nil {
		t.Fatal(err)
	}
	h := c.Next(t).Wait(t)
	if !slices.Equal(h.Start.Parties, []insights.Speaker{insights.Customer, insights.Agent}) || (h.Ends[insights.Agent]-time.Second).Abs() > 100*time.Millisecond || h.Ends[insights.Customer] != h.Ends[insights.Agent] {
		t.Errorf("parties %v, audio until %v", h.Start.Parties, h.Ends)
	}
	if _, err := Call(t.Context(), Options{Recording: rec, URL: "http://localhost", As: "twilio"}); err == nil {
		t.Error("Opus is played as Twilio")
	}
}

func TestWebRTCThatComesToNothing(t *testing.T) {
	t.Parallel()
	busy := ingesttest.New()
	busy.Refuse = ingest.ErrBusy
	url := whipDoor(t, busy)
	o := Options{Recording: quiet(5 * time.Second), URL: url, Key: key, As: "whip", Speed: 1}
	wrong, unhurried, nowhere := o, o, o
	wrong.Key, unhurried.Speed, nowhere.URL = "bad", 0, "ftp://x"
	if _, err := Call(t.Context(), wrong); !errors.As(err, new(*Refused)) {
		t.Errorf("with a bad key: %v", err)
	}
	if _, err := Call(t.Context(), unhurried); err == nil {
		t.Error("a speed of 0 is taken")
	}
	if _, err := Call(t.Context(), nowhere); err == nil {
		t.Error("an address of another kind is taken")
	}
	if _, err := Call(t.Context(), o); !errors.As(err, new(*HungUp)) {
		t.Errorf("when no more calls are taken: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c := ingesttest.New()
	o.URL = whipDoor(t, c)
	o.Progress = func(p Progress) {
		if p.At >= time.Second {
			cancel()
		}
	}
	if _, err := Call(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("hanging up gave %v", err)
	}
	if h := c.Next(t).Wait(t); h.Why != ingest.Stopped {
		t.Errorf("hanging up ended the stream as %q", h.Why)
	}
}

func TestOpusThatIsNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "OggS", "RIFF0000WAVE"} {
		if _, err := readOpus(bytes.NewReader([]byte(raw)), Right); err == nil {
			t.Errorf("%q is taken", raw)
		}
	}
	for want, packet := range map[time.Duration][]byte{
		20 * time.Millisecond: {0xF8}, 60 * time.Millisecond: {0x18}, 120 * time.Millisecond: {0x19}, 2500 * time.Microsecond: {0x80}, 40 * time.Millisecond: {0xFB, 2},
		0: {0xFB, 0}, -1: {0x1B, 63}, -2: {},
	} {
		if got, err := opusLength(packet); got != max(want, 0) || (err != nil) != (want <= 0) {
			t.Errorf("% x is %v long, %v; want %v", packet, got, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.opus"), Right); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
