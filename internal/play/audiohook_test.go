package play

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/audiohook"
	"heed/transcribe/audio"
)

// hookDoor runs the real door and gives its address.
func hookDoor(t *testing.T, c *calls) string {
	t.Helper()
	d := audiohook.New(audiohook.Options{
		Calls: c, Keys: audiohook.Keys{"k": []byte("secret"), "open": nil},
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+key },
	})
	mux := http.NewServeMux()
	mux.Handle(audiohook.MediaPath, d.Media())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := d.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
	})
	return server.URL
}

func TestAudioHookArrivesWhole(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"signed": {AudioHook: &AudioHook{Key: "k", Secret: []byte("secret"), Sign: audiohook.Sign}}, "unsigned": {AudioHook: &AudioHook{Key: "open"}}, "an API key": {Key: key},
	} {
		c := &calls{}
		o.As, o.URL, o.Recording = "audiohook", hookDoor(t, c), record(t, 1010*time.Millisecond) // the last frame is short
		o.Caller = Caller{From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US", Direction: "outbound"}
		o.Clock = &steps{}
		o.Speed = 1
		r, err := Call(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		h := c.streams(t, 1)[0]
		if s := h.start; s.Call != r.PlatformCall || s.From != "+14155550100" || s.Agent != "alice" || s.Direction != "outbound" || h.why != ingest.Stopped || h.gaps > 0 {
			t.Errorf("%s: %+v, ended as %q with %d gaps", name, s, h.why, h.gaps)
		}
		for who, track := range map[insights.Speaker][]byte{insights.Customer: o.Recording.customer, insights.Agent: o.Recording.agent} {
			if !slices.Equal(h.audio[who], audio.DecodeMulaw(nil, track)) {
				t.Errorf("%s: the %s's audio is not what was played", name, who)
			}
		}
	}
}

func TestAudioHookLeavesHoles(t *testing.T) {
	t.Parallel()
	c := &calls{}
	rec := quiet(4 * time.Second)
	r, err := Call(t.Context(), Options{As: "audiohook", URL: hookDoor(t, c), Key: key, Recording: rec, AudioHook: &AudioHook{Holes: []Hole{
		{From: time.Second, To: 2 * time.Second}, {From: 3 * time.Second, To: 3500 * time.Millisecond, Discarded: true},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	// 500 ms end in the middle of a frame, which is left out.
	if h := c.streams(t, 1)[0]; r.Frames != 20-5-3 || len(h.audio[insights.Customer]) != 12*1600 || h.gaps == 0 {
		t.Errorf("%d frames were sent and %d samples came", r.Frames, len(h.audio[insights.Customer]))
	}
}

func TestAudioHookRefusals(t *testing.T) {
	t.Parallel()
	url := hookDoor(t, &calls{open: func(ingest.Start) error { return ingest.ErrBusy }})
	_, err := Call(t.Context(), Options{As: "audiohook", URL: url, Recording: quiet(time.Second), AudioHook: &AudioHook{Key: "k", Secret: []byte("guess"), Sign: audiohook.Sign}})
	if r := (*Refused)(nil); !errors.As(err, &r) || !r.Unauthorized() {
		t.Errorf("a wrong secret: %v", err)
	}
	_, err = Call(t.Context(), Options{As: "audiohook", URL: url, Recording: quiet(time.Second), AudioHook: &AudioHook{Key: "k", Secret: []byte("secret"), Sign: audiohook.Sign}})
	if h := (*HungUp)(nil); !errors.As(err, &h) || !strings.Contains(h.Reason, "No more calls") {
		t.Errorf("a busy door: %v", err)
	}
}
