package rehearse_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/play"
	"heed/internal/rehearse"
	"heed/transcribe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo hears one word in all that it is given.
type echo struct{}

func (echo) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	for {
		select {
		case _, more := <-frames:
			if !more {
				return emit(transcribe.Segment{ID: 1, Final: true, Text: "hello"})
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func loud(v int16) transcribe.Frame {
	pcm := make([]int16, 160)
	for i := range pcm {
		pcm[i] = v
	}
	return transcribe.Frame{PCM: pcm, Rate: 8000}
}

type rig struct {
	*rehearse.Service
	calls *rehearse.Calls
	real  *ingesttest.Calls
}

func newRig(t *testing.T, play func(context.Context, *rig, string) error) *rig {
	t.Helper()
	r := &rig{real: ingesttest.New()}
	r.calls = rehearse.NewCalls(r.real, nil)
	r.Service = rehearse.New(rehearse.Options{
		Calls: r.calls, Hear: func(insights.Speaker) transcribe.Engine { return echo{} }, Logger: slog.New(slog.DiscardHandler),
		Play: func(ctx context.Context, _, id string, progress func(time.Duration)) error {
			progress(time.Second)
			return play(ctx, r, id)
		},
	})
	return r
}

func (r *rig) over(t *testing.T, platform string) rehearse.View {
	t.Helper()
	if err := r.Start(t.Context(), platform, "Dana"); err != nil {
		t.Fatal(err)
	}
	for {
		if v, _ := r.Last(); v.State != "playing" {
			return v
		}
		time.Sleep(time.Second) // of the test's own clock
	}
}

// both plays a second of both parties.
func both(agent int16) func(context.Context, *rig, string) error {
	return func(ctx context.Context, r *rig, id string) error {
		s, err := r.calls.Open(ctx, ingest.Start{Platform: "twilio", Call: id, Stream: "s", From: "+12025550142", Parties: []insights.Speaker{insights.Agent, insights.Customer}})
		if err != nil {
			return err
		}
		for range 50 {
			s.Audio(insights.Customer, loud(8000))
			s.Audio(insights.Agent, loud(agent))
		}
		s.Fault(ingest.Late, 2)
		s.Stop(ingest.Stopped)
		r.calls.Complete(ctx, "twilio", id)
		return nil
	}
}

// What a door brings in of a test call is shown and opens no call.
func TestATestCallStaysOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, both(4000))
		v := r.over(t, "twilio")
		if v.State != "done" || v.Fault != "" || v.Streams != 1 || v.Ended != "stop" || v.Faults != 2 || v.Told.From != "+12025550142" || v.Sent != time.Second {
			t.Errorf("the call is %+v", v)
		}
		if len(v.Parties) != 2 || v.Parties[1].Frames != 50 || v.Parties[1].Audio != time.Second || v.Parties[1].Level > -11 || v.Parties[1].Level < -13 {
			t.Errorf("the parties are %+v", v.Parties)
		}
		if len(v.Words) != 2 || v.Words[0].Text != "hello" {
			t.Errorf("the words are %+v", v.Words)
		}
		if n := r.real.Count(); n != 0 {
			t.Errorf("%d calls were opened", n)
		}
		// What comes afterwards under the same id is no test any more.
		if _, err := r.calls.Open(t.Context(), ingest.Start{Platform: "twilio", Call: "real", Stream: "s"}); err != nil || r.real.Count() != 1 || r.calls.Opened("twilio").IsZero() {
			t.Errorf("a real call: %v", err)
		}
	})
}

func TestWhatWasWrong(t *testing.T) {
	fails := func(err error) func(context.Context, *rig, string) error {
		return func(context.Context, *rig, string) error { return err }
	}
	for want, play := range map[string]func(context.Context, *rig, string) error{
		"nothing":     fails(nil),
		"refused":     fails(&play.Refused{URL: "x", Status: 401, Detail: "who are you"}),
		"unreachable": fails(&play.Unreachable{URL: "x", Err: errors.New("away")}),
		"hung_up":     fails(&play.HungUp{Code: 1008, Reason: "no"}),
		"other":       fails(errors.New("odd")),
		"one_sided":   both(0),
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newRig(t, play).over(t, "twilio")
			if v.State != "failed" || v.Fault != want {
				t.Errorf("want %s, got %s: %s %s", want, v.State, v.Fault, v.Detail)
			}
			if want == "refused" && !strings.Contains(v.Detail, "who are you") {
				t.Errorf("the detail is %q", v.Detail)
			}
		})
	}
}

// One at a time; it is hung up after a while, when somebody wishes, and at the end.
func TestATestCallEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, r *rig, id string) error {
			if err := both(4000)(ctx, r, id); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		if v := r.over(t, "twilio"); v.State != "done" || time.Since(began) > rehearse.Longest+2*time.Second {
			t.Errorf("%s after %s", v.State, time.Since(began))
		}
		if err := errors.Join(r.Start(t.Context(), "twilio", "Dana")); err != nil {
			t.Fatal(err)
		}
		if err := r.Start(t.Context(), "vonage", "Dana"); !errors.Is(err, rehearse.ErrRunning) {
			t.Errorf("a second one: %v", err)
		}
		if err := r.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v, _ := r.Last(); v.State != "stopped" {
			t.Errorf("a stopped one is %s", v.State)
		}
		if err := r.Start(t.Context(), "twilio", "Dana"); !errors.Is(err, rehearse.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
		if err := r.Start(t.Context(), "pigeon", "Dana"); !errors.Is(err, rehearse.ErrUnknown) {
			t.Errorf("a pigeon: %v", err)
		}
	})
}
