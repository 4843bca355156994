package session

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/transcribe"
)

// TestNoEngineSaysWhy: a call that is recorded only tells the operator, and is
// heard from its recording when it is over.
func TestNoEngineSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const full = "this machine hears as many calls as it can in time"
		var mu sync.Mutex
		asked := map[event.CallStatus]int{}
		r := newRig(t, func(o *Options) {
			o.Engine = func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
				mu.Lock()
				defer mu.Unlock()
				if asked[c.Status]++; c.Status == event.CallLive {
					return nil, full
				}
				return knows(dialogue)(c, who, failed)
			}
		})
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		live, _ := r.brain.only(t)
		if live.Captions != event.CaptionsOff || !slices.Contains(live.Health.Notes, "no captions: "+full) {
			t.Errorf("while it goes on: captions %s, notes %q", live.Captions, live.Health.Notes)
		}
		_, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		for _, u := range said {
			if !u.Recovered || u.Delay != 0 {
				t.Errorf("%q: recovered %t, delay %v: want recovered, which says that it is late", u.Text, u.Recovered, u.Delay)
			}
		}
		if asked[event.CallLive] != 2 || asked[event.CallOver] == 0 {
			t.Errorf("asked for an engine %v times, by status", asked)
		}
	})
}

// TestLateTextSaysSo: words that come long after they were said, because the
// engine was gone for a while, are marked; others are not.
func TestLateTextSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := false
		r := newRig(t, func(o *Options) {
			o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
				if who == insights.Agent {
					return e
				}
				return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					if failed {
						return e.Transcribe(ctx, frames, emit)
					}
					failed = true
					for f := range frames {
						if f.At >= 12*second {
							break
						}
					}
					wait(8 * second)
					return &transcribe.Error{Engine: "wrapped", Verdict: transcribe.Retry, Err: errors.New("worker hangs")}
				})
			})
		})
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		_, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		late := 0
		for _, u := range said {
			if u.Delay > 0 {
				late++
			}
			if u.Delay > 0 && (u.Speaker == insights.Agent || u.Delay < 3 || u.Delay > 30) {
				t.Errorf("%s at %v: delay %v", u.Speaker, u.Start, u.Delay)
			}
		}
		if late == 0 || late == len(said) {
			t.Errorf("%d of %d utterances are marked late", late, len(said))
		}
	})
}

func TestLateness(t *testing.T) {
	for delay, want := range map[time.Duration]insights.Seconds{
		-second: 0, 2900 * time.Millisecond: 0, 3 * second: 3, 12345 * time.Millisecond: 12.3,
	} {
		if got := lateness(delay); got != want {
			t.Errorf("lateness(%v) = %v, want %v", delay, got, want)
		}
	}
}

// TestNodeAdmitsNoMore: a full node refuses as one with too many calls does;
// the streams of calls that it has are still taken.
func TestNodeAdmitsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := false
		r := newRig(t, func(o *Options) { o.Admit = func() bool { return !full } })
		s := r.open(t, "a")
		full = true
		if _, err := r.Open(t.Context(), start("call-2", "b")); !errors.Is(err, ingest.ErrBusy) {
			t.Errorf("Open = %v, want ErrBusy", err)
		}
		again := r.open(t, "a2")
		again.Stop(ingest.Stopped)
		r.finish(t, s)
	})
}
