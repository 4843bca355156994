package intake

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/session"
	"heed/internal/store"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := child(context.Background(), dir); err != nil {
			fmt.Println("child:", err)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

var masterKey = bytes.Repeat([]byte{7}, 32)

var dialogue = []scripted.Line{
	{Speaker: "agent", Start: 500 * time.Millisecond, End: 2 * time.Second, Text: "good morning how can i help you"},
	{Speaker: "customer", Start: 3 * time.Second, End: 5 * time.Second, Text: "i would like to cancel my contract please"},
}

// recorded is a WAV of the dialogue; salt makes it another one.
func recorded(channels int, salt uint64) []byte {
	const rate, seconds = 8000, 6
	b := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: rate, Channels: channels, Encoding: audio.PCM16}, int64(2*channels*rate*seconds))
	noise := rand.New(rand.NewPCG(salt, 1))
	for i := range rate * seconds {
		at := time.Duration(i) * time.Second / rate
		for c := range channels {
			v := 0
			for _, l := range dialogue {
				if at >= l.Start && at < l.End && (channels == 1 || (l.Speaker == "agent") == (c == 0)) {
					v = noise.IntN(12000) - 6000
				}
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(int16(v)))
		}
	}
	return b
}

// rig is a queue over a real store and real sessions.
type rig struct {
	*Service
	store    *store.Store
	sessions *session.Manager
	dir      string
	live     int
	mu       sync.Mutex
	gate     chan struct{} // an engine begins when it can take from it; nil is at once
	hearing  int
	most     int // engines at once
}

func open(ctx context.Context, dir string, change func(*Options)) (*rig, error) {
	r := &rig{dir: dir}
	log := slog.New(slog.DiscardHandler)
	var err error
	if r.store, err = store.Open(ctx, store.Options{Path: dir}); err != nil {
		return nil, err
	}
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		return nil, err
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		return nil, err
	}
	r.sessions, err = session.New(session.Options{
		Brain: brain.New(brain.Options{Store: r.store, Decider: d, Logger: log, Region: "US"}),
		Dir:   filepath.Join(dir, "audio"), Key: masterKey, Logger: log, Engine: r.engine,
	})
	if err != nil {
		return nil, err
	}
	o := Options{
		Store: r.store, Dir: filepath.Join(dir, "audio"), Key: masterKey, Logger: log,
		Past: func(ctx context.Context, c event.Call, fill func(Write) error) (event.Call, bool, error) {
			c, err := r.sessions.Past(ctx, c, func(w session.Write) error { return fill(Write(w)) })
			if errors.Is(err, session.ErrKnown) {
				return c, true, nil
			}
			return c, false, err
		},
		Limits: Limits{Together: 2, Live: func() int { r.mu.Lock(); defer r.mu.Unlock(); return r.live }},
	}
	if change != nil {
		change(&o)
	}
	r.Service = New(o)
	return r, nil
}

// engine says the dialogue, and counts how many hear at once.
func (r *rig) engine(_ event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(failed) > 0 {
		return nil, ""
	}
	inner := scripted.New(scripted.ForParty(dialogue, string(who)))
	if who == insights.Agent {
		return inner, "scripted"
	}
	return watched{inner, r}, "scripted"
}

type watched struct {
	transcribe.Engine
	r *rig
}

func (w watched) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	w.r.mu.Lock()
	w.r.hearing++
	w.r.most = max(w.r.most, w.r.hearing)
	gate := w.r.gate
	w.r.mu.Unlock()
	defer func() { w.r.mu.Lock(); w.r.hearing--; w.r.mu.Unlock() }()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return w.Engine.Transcribe(ctx, frames, emit)
}

func (r *rig) close(ctx context.Context) error {
	return errors.Join(r.sessions.Close(context.WithoutCancel(ctx)), r.store.Close())
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	r, err := open(t.Context(), t.TempDir(), change)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// work runs the queue until the test ends or stop is called.
func (r *rig) work(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); r.Work(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

// await waits for a recording to be in a state.
func (r *rig) await(t *testing.T, id string, state store.IncomingState) store.Incoming {
	t.Helper()
	var i store.Incoming
	eventually(t, func() bool {
		var err error
		i, err = r.Get(t.Context(), id)
		return err == nil && i.State == state
	}, func() string { return fmt.Sprintf("recording is %s (%s), want %s", i.State, i.Note, state) })
	return i
}

func eventually(t *testing.T, is func() bool, what func() string) {
	t.Helper()
	limit := time.After(30 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal(what())
		}
	}
}

func (r *rig) add(t *testing.T, sub Submission, body []byte) store.Incoming {
	t.Helper()
	i, taken, err := r.Add(t.Context(), sub, bytes.NewReader(body))
	if err != nil || !taken {
		t.Fatalf("taken %v, %v", taken, err)
	}
	return i
}

// pages is a platform's host by hand.
type pages struct {
	mu    sync.Mutex
	asked int
	serve func(n int, to io.Writer) error
}

func (p *pages) Check(_, address string) error {
	if address == "https://elsewhere.example/x" {
		return errors.New("that host is not allowed")
	}
	return nil
}

func (p *pages) Fetch(_ context.Context, _, _ string, to io.Writer) error {
	p.mu.Lock()
	p.asked++
	n := p.asked
	p.mu.Unlock()
	return p.serve(n, to)
}
