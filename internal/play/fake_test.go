package play

import (
	"bytes"
	"context"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/twilio"
	"heed/transcribe"
	"heed/transcribe/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// calls records what comes through the door.
type calls struct {
	open func(ingest.Start) error // nil takes everything
	mu   sync.Mutex
	all  []*heard
}

func (c *calls) Open(_ context.Context, s ingest.Start) (ingest.Stream, error) {
	if c.open != nil {
		if err := c.open(s); err != nil {
			return nil, err
		}
	}
	h := &heard{start: s, audio: map[insights.Speaker][]int16{}, stopped: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, h)
	return h, nil
}

func (c *calls) Complete(context.Context, string, string) {}

// streams gives what was heard, once all of it has ended.
func (c *calls) streams(t *testing.T, n int) []*heard {
	t.Helper()
	c.mu.Lock()
	all := c.all
	c.mu.Unlock()
	if len(all) != n {
		t.Fatalf("%d streams came, want %d", len(all), n)
	}
	for _, h := range all {
		select {
		case <-h.stopped:
		case <-time.After(10 * time.Second):
			t.Fatal("a stream did not end")
		}
	}
	return all
}

// heard is one stream. Frames must follow each other without a gap.
type heard struct {
	start   ingest.Start
	audio   map[insights.Speaker][]int16
	gaps    int
	faults  int
	why     ingest.Reason
	stopped chan struct{}
}

func (h *heard) Audio(who insights.Speaker, f transcribe.Frame) {
	if f.At != time.Duration(len(h.audio[who]))*time.Second/telephone {
		h.gaps++
	}
	h.audio[who] = append(h.audio[who], f.PCM...)
}

func (h *heard) Digit(insights.Speaker, string, time.Duration) {}

func (h *heard) Fault(_ ingest.Fault, n int) { h.faults += n }

func (h *heard) Stop(why ingest.Reason) {
	h.why = why
	close(h.stopped)
}

const key = "good"

// door runs the real door and gives its address.
func door(t testing.TB, c *calls, token string) (string, *twilio.Door) {
	t.Helper()
	d := twilio.New(twilio.Options{AuthToken: token, Setup: jsonmedia.Setup{Calls: c, Events: ingesttest.NewEvents(c), Allow: func(r *http.Request) bool {
		return r.Header.Get("Authorization") == "Bearer "+key
	}}})
	mux := http.NewServeMux()
	mux.Handle(twilio.MediaPath, d.Media())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := d.Close(ctx); err != nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
	})
	return server.URL, d
}

// tone is a sine of a quarter of full scale.
func tone(rate int, hz float64, d time.Duration) []int16 {
	pcm := make([]int16, int(d*time.Duration(rate)/time.Second))
	for i := range pcm {
		pcm[i] = int16(8192 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return pcm
}

// wav writes channels of equal length into a file.
func wav(t testing.TB, rate int, channels ...[]int16) []byte {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "x.wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: rate, Channels: len(channels), Encoding: audio.PCM16})
	if err != nil {
		t.Fatal(err)
	}
	mixed := make([]int16, 0, len(channels)*len(channels[0]))
	for i := range channels[0] {
		for _, c := range channels {
			mixed = append(mixed, c[i])
		}
	}
	if err := w.Write(mixed); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// record makes a recording with an agent of 300 Hz on the left and a customer
// of 800 Hz on the right.
func record(t testing.TB, d time.Duration) *Recording {
	t.Helper()
	rec, err := Read(bytes.NewReader(wav(t, telephone, tone(telephone, 300, d), tone(telephone, 800, d))), "")
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// quiet is a mono recording that costs nothing to make.
func quiet(d time.Duration) *Recording {
	return &Recording{customer: bytes.Repeat([]byte{0xFF}, int(d*telephone/time.Second))}
}

// pitch counts rising zero crossings a second.
func pitch(pcm []int16) float64 {
	n := 0
	for i := 1; i < len(pcm); i++ {
		if pcm[i-1] < 0 && pcm[i] >= 0 {
			n++
		}
	}
	return float64(n) * telephone / float64(len(pcm))
}

// steps is a clock that a test moves by waiting: it never really waits, and
// notes what was asked of it. late is added to the time at each Wait's end.
type steps struct {
	mu    sync.Mutex
	now   time.Time
	late  time.Duration
	asked []time.Duration // since the first Now
	first time.Time
	after func(n int) // called in the n-th Wait
}

func (s *steps) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first.IsZero() {
		s.now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		s.first = s.now
	}
	return s.now
}

func (s *steps) Wait(ctx context.Context, t time.Time) error {
	s.mu.Lock()
	s.asked = append(s.asked, t.Sub(s.first))
	n := len(s.asked)
	if t.After(s.now) {
		s.now = t
	}
	s.now = s.now.Add(s.late)
	s.mu.Unlock()
	if s.after != nil {
		s.after(n)
	}
	return ctx.Err()
}
