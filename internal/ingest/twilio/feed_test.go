package twilio

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
	"heed/transcribe"
)

// sink is the cheapest stream there is.
type sink struct{ frames int }

func (s *sink) Audio(insights.Speaker, transcribe.Frame)                  { s.frames++ }
func (s *sink) Digit(insights.Speaker, string, time.Duration)             {}
func (s *sink) Fault(ingest.Fault, int)                                   {}
func (s *sink) Stop(ingest.Reason)                                        {}
func (s *sink) Open(context.Context, ingest.Start) (ingest.Stream, error) { return s, nil }

func (s *sink) Complete(context.Context, string, string) {}

func newFeed(calls ingest.Calls) *jsonmedia.Feed {
	return jsonmedia.New(jsonmedia.Options{
		Dialect: jsonmedia.Dialect{Open: New(Options{Setup: jsonmedia.Setup{Calls: calls, Events: ingesttest.New().Events()}}).readStart}, Calls: calls, Counts: (*wire.Meters)(nil).Of(Platform),
		Limits: wire.Limits{}.WithDefaults(), Logger: slog.New(slog.DiscardHandler),
	})
}

// started gives a feed in the middle of a call and the messages of both
// tracks that follow.
func started(tb testing.TB, n int) (*jsonmedia.Feed, *sink, [][]byte) {
	tb.Helper()
	s := &sink{}
	f := newFeed(s)
	if end := f.Message(tb.Context(), websocket.TextMessage, []byte(start), time.Now()); end != nil {
		tb.Fatalf("ended: %+v", end)
	}
	messages := make([][]byte, 0, 2*n)
	for i := range n {
		messages = append(messages, []byte(frame("inbound", i+1, 20*i, 0xFF)), []byte(frame("outbound", i+1, 20*i, 0xFF)))
	}
	return f, s, messages
}

// One frame costs one allocation, its samples, which the receiver keeps.
func TestMediaFrameAllocates(t *testing.T) {
	f, s, messages := started(t, 500)
	ctx, now, i := t.Context(), time.Now(), 0
	f.Message(ctx, websocket.TextMessage, messages[i], now) // sizes the scratch buffer
	allocs := testing.AllocsPerRun(len(messages)-2, func() {
		i++
		if end := f.Message(ctx, websocket.TextMessage, messages[i], now); end != nil {
			t.Fatalf("ended: %+v", end)
		}
	})
	if allocs > 1 {
		t.Errorf("%.2f allocations a frame, want 1", allocs)
	}
	if s.frames != len(messages) {
		t.Errorf("%d frames delivered of %d", s.frames, len(messages))
	}
}

const key = `{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}`

// fed gives what becomes of messages.
func fed(t *testing.T, messages []string) *ingesttest.Recording {
	t.Helper()
	c := ingesttest.New()
	f := newFeed(c)
	for _, m := range append([]string{start}, messages...) {
		if end := f.Message(t.Context(), websocket.TextMessage, []byte(m), time.Now()); end != nil {
			t.Fatalf("ended: %+v", end)
		}
	}
	f.Finish(ingest.Stopped)
	return c.Next(t).Wait(t)
}

// One wild stamp costs its own frame: keys stay in their place, what comes
// after is heard, and the call is no longer than it was.
func TestWildStampMovesNothingElse(t *testing.T) {
	for name, wild := range map[string]string{
		"chunk in order":     frame("inbound", 11, 300_000, 1),
		"chunk out of order": frame("inbound", 70, 300_000, 1),
		"first of its track": frame("outbound", 1, 300_000, 1),
	} {
		t.Run(name, func(t *testing.T) {
			var messages []string
			for i := range 100 {
				if i == 10 {
					messages = append(messages, wild)
					continue
				}
				messages = append(messages, frame("inbound", i+1, 20*i, 1))
			}
			r := fed(t, append(messages, key))
			if diff := cmp.Diff([]string{"customer 5 at 2000"}, r.Keys); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			if n, end := len(r.Frames), r.Ends[insights.Customer]; n != 99 || end != 2*time.Second || r.Faults[ingest.Late] != 1 {
				t.Errorf("%d frames up to %s, faults %v", n, end, r.Faults)
			}
		})
	}
}

// A lasting jump is no wild stamp: what follows it is heard after the wait.
func TestLastingJumpIsFollowed(t *testing.T) {
	var messages []string
	for i := range 50 {
		at := 20 * i
		if i >= 10 {
			at += 60_000
		}
		messages = append(messages, frame("inbound", i+1, at, 1))
		if i == 30 {
			messages = append(messages, key)
		}
	}
	r := fed(t, messages)
	if len(r.Frames) != 50 || len(r.Faults) != 0 {
		t.Errorf("%d frames, faults %v", len(r.Frames), r.Faults)
	}
	if diff := cmp.Diff([]string{"customer 5 at 60620"}, r.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// A key belongs to its own track's time, however far the other one is.
func TestKeyLiesOnItsOwnTrack(t *testing.T) {
	r := fed(t, []string{frame("inbound", 1, 0, 1), frame("outbound", 1, 0, 1), frame("outbound", 2, 20, 1), frame("outbound", 3, 40, 1), key})
	if diff := cmp.Diff([]string{"customer 5 at 20"}, r.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func BenchmarkMediaFrame(b *testing.B) {
	f, _, messages := started(b, 5000)
	ctx, now := b.Context(), time.Now()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i == len(messages) {
			b.StopTimer()
			f, _, messages = started(b, 5000)
			b.StartTimer()
			i = 0
		}
		if end := f.Message(ctx, websocket.TextMessage, messages[i], now); end != nil {
			b.Fatalf("ended: %+v", end)
		}
		i++
	}
}

// FuzzFeed sends lines as messages and holds the stream to its contract.
func FuzzFeed(f *testing.F) {
	f.Add([]byte(start + "\n" + frame("inbound", 1, 0, 1) + "\n" + frame("inbound", 3, 40, 1) + "\n" + frame("inbound", 2, 20, 1) + "\n" + stop))
	f.Add([]byte(frame("inbound", 1, 0, 1) + "\n" + start + "\n" + start + "\n{\n" + frame("outbound", 9, 90071, 1)))
	f.Add([]byte(start + "\n" + `{"event":"media","media":{"track":"inbound","timestamp":"7","payload":"AAA="}}` + "\n" +
		`{"event":"media","media":{"track":"inbound","timestamp":"3","payload":"AAAAAAAA"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := ingesttest.New()
		feed := newFeed(c)
		now := time.Now()
		for line := range bytes.Lines(data) {
			if end := feed.Message(t.Context(), websocket.TextMessage, line, now); end != nil {
				if len(end.Text) > 123 {
					t.Fatalf("a close message cannot carry %q", end.Text)
				}
				break
			}
			now = now.Add(20 * time.Millisecond)
		}
		feed.Finish(ingest.Broken)
		feed.Finish(ingest.Broken)
		if c.Count() > 1 {
			t.Fatalf("%d streams from one connection", c.Count())
		}
		if c.Count() == 1 {
			c.Next(t).Wait(t)
		}
	})
}
