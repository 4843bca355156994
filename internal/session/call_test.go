package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

func TestCallFromFirstFrameToRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) {
			o.Analyzer = insights.AnalyzerFunc(func(u *insights.Utterance, c *insights.Call) []insights.Insight {
				if !strings.Contains(u.Text, "cancel") {
					return nil
				}
				return []insights.Insight{{Kind: insights.Intent, Name: "cancel", Confidence: 1, Value: float64(len(c.Utterances))}}
			})
			o.Measure = func(said []insights.Utterance, length insights.Seconds, _ []insights.Stretch) []insights.Insight {
				return []insights.Insight{{Kind: insights.Talk, Name: "utterances", Value: float64(len(said))}, {Kind: insights.Talk, Name: "length", Value: float64(length)}}
			}
		})
		began := time.Now()
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		c, said := r.finish(t, s)

		wantWords(t, said, dialogue)
		if len(said) != len(dialogue) {
			t.Errorf("%d utterances, want %d", len(said), len(dialogue))
		}
		if c.Status != event.CallOver || c.EndReason != "stop" || c.Duration != 60 || c.CustomerID != "customer-1" {
			t.Errorf("call ended as %+v", c)
		}
		if c.EndedAt == nil || c.EndedAt.Sub(began.UTC()).Round(second) != dialogueLength {
			t.Errorf("ended at %v, began at %v", c.EndedAt, began)
		}
		if c.Health.Frames != 6000 || c.Health.Dropped != 0 || c.Health.Gaps != 0 {
			t.Errorf("health %+v", c.Health)
		}
		w := heardBack(t, r, c.ID)
		if c.Recording.State != "kept" || c.Recording.Lost != 0 || len(w.Channels[0]) != 60*8000 {
			t.Errorf("recording %+v of %d samples", c.Recording, len(w.Channels[0]))
		}
		for at, want := range map[time.Duration][2]bool{2 * second: {true, false}, 6 * second: {false, true}, 8800 * time.Millisecond: {true, true}, 13 * second: {false, false}} {
			if got := [2]bool{loudAt(w, 0, at), loudAt(w, 1, at)}; got != want {
				t.Errorf("at %s agent and customer sound %v, want %v", at, got, want)
			}
		}
		found := r.brain.found[c.ID]
		if n := len(said); r.brain.soFar[c.ID+"utterances"] != float64(n) {
			t.Errorf("the last utterance went out with figures of %v utterances, want %d", r.brain.soFar[c.ID], n)
		}
		if len(found) != 3 || found[0].UtteranceID != said[1].ID || found[0].Value != 1 || found[0].Speaker != insights.Customer || found[1].Value != 9 || found[2].Value != 60 {
			t.Errorf("insights %+v", found)
		}
	})
}

func TestCaptionsGrowAndGiveWayToFinals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		var early []shownCaption
		r.brain.refuseHeard = func(u insights.Utterance) error {
			r.screen.mu.Lock()
			defer r.screen.mu.Unlock()
			if u.Seq == 1 {
				early = slices.Clone(r.screen.shown)
			}
			return nil
		}
		s := r.open(t, "a")
		play(s, 0, 0, 10*second, realTime)
		r.finish(t, s)
		if len(early) < 8 || early[0] != (shownCaption{insights.Agent, 1, "good"}) || !strings.HasPrefix(dialogue[0].Text, early[len(early)-1].text) {
			t.Errorf("captions before the first final: %v", early)
		}
		top := map[insights.Speaker]int{}
		for _, c := range r.screen.shown {
			if c.segment < top[c.who] {
				t.Errorf("%s caption %d after %d", c.who, c.segment, top[c.who])
			}
			top[c.who] = c.segment
		}
	})
}

// TestDrainKeepsACallThatIsBeingOpened: its caller was let in, and the drain
// came while the call was being stored.
func TestDrainKeepsACallThatIsBeingOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		drained := make(chan error, 1)
		r.brain.refuseStart = func(event.Call) error {
			go func() { drained <- r.Drain(t.Context()) }()
			synctest.Wait()
			return nil
		}
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		_, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if err := <-drained; err != nil {
			t.Error(err)
		}
	})
}

// TestCloseCutsOffACallThatIsBeingOpened: it waits for the next process.
func TestCloseCutsOffACallThatIsBeingOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		closed := make(chan error, 1)
		r.brain.refuseStart = func(event.Call) error {
			go func() { closed <- r.Close(t.Context()) }()
			synctest.Wait()
			return nil
		}
		// Whether the stream still joins is a matter of who comes first.
		if _, err := r.Open(t.Context(), start("call-1", "a")); err != nil && !errors.Is(err, ingest.ErrOver) {
			t.Fatal(err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if c, _ := r.brain.only(t); c.Status != event.CallLive || len(r.brain.ended) != 0 {
			t.Errorf("the call is %s, ended %d times", c.Status, len(r.brain.ended))
		}
	})
}

func TestEndOfCall(t *testing.T) {
	for _, c := range []struct {
		why   ingest.Reason
		after time.Duration // of silence before the end is committed
	}{
		{ingest.Stopped, 0},
		{ingest.Completed, 0},
		{ingest.Shutdown, 0},
		{ingest.Closed, 15 * second},
		{ingest.Broken, 15 * second},
		{ingest.Silent, 15 * second},
	} {
		t.Run(string(c.why), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, nil)
				s := r.open(t, "a")
				play(s, 0, 0, 10*second, realTime)
				at := time.Now()
				s.Stop(c.why)
				s.Stop(ingest.Broken) // a door may say it twice
				got, said := r.drained(t)
				if took := time.Since(at); took < c.after || took > c.after+second {
					t.Errorf("ended after %s, want %s", took, c.after)
				}
				if got.EndReason != string(c.why) || got.Duration != 10 || len(said) != 3 {
					t.Errorf("ended as %q after %v s with %d utterances", got.EndReason, got.Duration, len(said))
				}
			})
		})
	}
	t.Run("status webhook", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, nil)
			s := r.open(t, "a")
			play(s, 0, 0, 10*second, realTime)
			r.Complete(t.Context(), "test", "unknown")
			r.Complete(t.Context(), "test", "call-1")
			r.Complete(t.Context(), "test", "call-1")
			if got, _ := r.drained(t); got.EndReason != "completed" {
				t.Errorf("ended as %q", got.EndReason)
			}
			s.Audio(insights.Agent, speech(insights.Agent, 10*second)) // too late, and harmless
			s.Stop(ingest.Stopped)
		})
	})
}

func TestReconnectGoesOnOnTheSameClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		play(s, 0, 0, 23*second, realTime)
		s.Stop(ingest.Broken)
		wait(7 * second)
		s = r.open(t, "b") // its zero is at 30 s
		play(s, 30*second, 30*second, dialogueLength, realTime)
		located, _ := s.(ingest.Located)
		c, said := r.finish(t, s)
		if call, zero := located.Located(); call != c.ID || zero != 30*second {
			t.Errorf("the stream is of call %s and begins at %v", call, zero)
		}
		lines := slices.Concat(dialogue[:4], dialogue[5:])
		lost := dialogue[4]
		wantWords(t, said, lines)
		if c.Health.Reconnects != 1 || c.Health.Gaps != 2 || c.Health.GapTime != 14 || c.Duration != 60 {
			t.Errorf("health %+v, length %v", c.Health, c.Duration)
		}
		w := heardBack(t, r, c.ID)
		if loudAt(w, 0, lost.Start+second) || !loudAt(w, 0, 36*second) || len(w.Channels[0]) != 60*8000 {
			t.Errorf("the gap is not in its place")
		}
	})
}

func TestReconnectAheadOfTimeOverlapsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		play(s, 0, 0, 30*second, 0) // in no time at all
		s.Stop(ingest.Broken)
		wait(second)
		s = r.open(t, "b")
		play(s, 30*second, 30*second, dialogueLength, 0)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if c.Health.Late != 0 || c.Health.Gaps != 0 || c.Health.Reconnects != 1 || c.Duration != 60 {
			t.Errorf("health %+v, length %v", c.Health, c.Duration)
		}
	})
}

func TestNoCaptionComesAfterItsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		committed := map[insights.Speaker]int{} // finals
		r.brain.refuseHeard = func(u insights.Utterance) error {
			wait(700 * time.Millisecond) // both wait here while the other speaks
			r.screen.mu.Lock()
			defer r.screen.mu.Unlock()
			committed[u.Speaker]++
			r.screen.shown = append(r.screen.shown, shownCaption{u.Speaker, committed[u.Speaker], "final"})
			return nil
		}
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		r.finish(t, s)
		final := map[insights.Speaker]int{}
		for _, c := range r.screen.shown {
			if c.text == "final" {
				final[c.who] = c.segment
			} else if c.segment <= final[c.who] {
				t.Errorf("%s: caption %d %q after its final", c.who, c.segment, c.text)
			}
		}
	})
}

func TestNewStreamReplacesOneThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		old := r.open(t, "a")
		play(old, 0, 0, 10*second, realTime)
		s := r.open(t, "b") // the platform has given up on a; a has not noticed
		old.Audio(insights.Agent, speech(insights.Agent, 10*second))
		old.Fault(ingest.Garbage, 5)
		play(s, 10*second, 10*second, dialogueLength, realTime)
		old.Stop(ingest.Broken)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if c.Health.Reconnects != 1 || c.Health.Frames != 6000 || c.Health.Garbage != 0 {
			t.Errorf("health %+v", c.Health)
		}
	})
}

func TestStreamsOfOnePartyEachAreNoReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		streams := map[insights.Speaker]ingest.Stream{}
		for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
			st := start("call-1", string(who))
			st.Parties = []insights.Speaker{who}
			s, err := r.Open(t.Context(), st)
			if err != nil {
				t.Fatal(err)
			}
			streams[who] = s
		}
		for at := time.Duration(0); at < dialogueLength; at += realTime {
			for who, s := range streams {
				s.Audio(who, speech(who, at))
			}
			wait(realTime)
		}
		streams[insights.Agent].Stop(ingest.Stopped)
		wait(20 * second) // one of two has stopped: the call lives on
		if r.Live() != 1 {
			t.Fatal("the call ended with its first stream")
		}
		c, said := r.finish(t, streams[insights.Customer])
		wantWords(t, said, dialogue)
		if c.Health.Reconnects != 0 {
			t.Errorf("health %+v", c.Health)
		}
	})
}

func TestGapOfTwoSecondsKeepsTheRecordingsLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		play(s, 0, 0, 22500*time.Millisecond, realTime)
		wait(2 * second)
		play(s, 0, 24500*time.Millisecond, dialogueLength, realTime)
		c, said := r.finish(t, s)
		if c.Health.Gaps != 2 || c.Health.GapTime != 4 { // 2 s of each party
			t.Errorf("health %+v", c.Health)
		}
		w := heardBack(t, r, c.ID)
		if len(w.Channels[0]) != 60*8000 || loudAt(w, 0, 24200*time.Millisecond) || !loudAt(w, 0, 25*second) {
			t.Errorf("%d samples", len(w.Channels[0]))
		}
		if len(said) != len(dialogue) {
			t.Errorf("%d utterances", len(said))
		}
	})
}

func TestSilentTrackIsNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		for at := time.Duration(0); at < dialogueLength; at += realTime {
			s.Audio(insights.Agent, speech(insights.Agent, at))
			f := speech(insights.Customer, at)
			if at >= 12*second {
				clear(f.PCM) // last heard at 0:09
			}
			s.Audio(insights.Customer, f)
			wait(realTime)
		}
		c, _ := r.finish(t, s)
		if want := []string{"customer track silent since 0:09"}; !slices.Equal(c.Health.Notes, want) {
			t.Errorf("notes %q, want %q", c.Health.Notes, want)
		}
		// It was shown when it was noticed, not at the end.
		shown := slices.IndexFunc(r.brain.changed, func(c event.Call) bool { return len(c.Health.Notes) > 0 })
		if shown < 0 || r.brain.changed[shown].Duration > 41 {
			t.Errorf("not shown in time")
		}
	})
}

func TestBadFramesAreCountedAndHarmless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		play(s, 0, 0, 30*second, realTime)
		bad := []transcribe.Frame{
			{},
			{Rate: 8000, At: 30 * second},
			{Rate: 11025, At: 30 * second, PCM: make([]int16, 160)},
			{Rate: 8000, At: -second, PCM: make([]int16, 160)},
			{Rate: 8000, At: 30 * second, PCM: make([]int16, 8000*11)},
			{Rate: 8000, At: 5 * time.Hour, PCM: make([]int16, 160)},
		}
		for _, f := range bad {
			s.Audio(insights.Customer, f)
		}
		s.Audio(insights.Customer, speech(insights.Customer, 20*second)) // its place is filled
		half := speech(insights.Customer, 30*second-10*time.Millisecond) // half of it is
		s.Audio(insights.Customer, half)
		s.Fault(ingest.Duplicate, 2)
		s.Fault(ingest.Late, 3)
		s.Fault(ingest.Garbage, 4)
		s.Fault(ingest.Garbage, -1)
		play(s, 0, 30*second, dialogueLength, realTime)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		h := c.Health
		if h.Garbage != int64(len(bad))+4 || h.Duplicates != 2 || h.Late != 1+3 || h.Gaps != 0 || h.Frames != 6001 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestCardNumberIsGoneFromEveryPlace(t *testing.T) {
	const digits = "my card number is four one one one one one one one one one one one one one one one thank you"
	lines := []scripted.Line{
		{Speaker: "agent", Start: second, End: 3 * second, Text: "can i have your card number please"},
		{Speaker: "customer", Start: 5 * second, End: 14 * second, Text: digits},
	}
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Engine = knows(lines) })
		s := r.open(t, "a")
		for at := time.Duration(0); at < 20*second; at += realTime {
			for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
				f := speech(who, at)
				for i := range f.PCM { // it hums all the time
					f.PCM[i] = int16(1000 + i)
				}
				s.Audio(who, f)
			}
			wait(realTime)
		}
		c, said := r.finish(t, s)
		for _, u := range said {
			if strings.Contains(u.Text, "one one one") {
				t.Errorf("stored %q", u.Text)
			}
		}
		for _, p := range r.screen.shown {
			if strings.Count(p.text, "one") > 8 {
				t.Errorf("shown %q", p.text)
			}
		}
		w := heardBack(t, r, c.ID)
		if loudAt(w, 1, 9*second) || loudAt(w, 1, 11*second) {
			t.Error("the number can be heard in the recording")
		}
		if !loudAt(w, 1, 5200*time.Millisecond) || !loudAt(w, 0, 9*second) {
			t.Error("more than the number was muted")
		}
	})
}

func TestPressedKeysAreMuted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		play(s, 0, 0, 18*second, realTime)
		s.Digit(insights.Customer, "4", 17*second)
		play(s, 0, 18*second, 30*second, realTime)
		c, _ := r.finish(t, s)
		w := heardBack(t, r, c.ID)
		if loudAt(w, 1, 17*second) || !loudAt(w, 1, 16*second) || !loudAt(w, 1, 18*second) {
			t.Error("the tone was not muted in its place")
		}
	})
}

func TestCommitsAreTriedUntilTheyHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		tries, ids := 0, map[string]bool{}
		r.brain.refuseHeard = func(u insights.Utterance) error {
			if u.Seq != 2 || tries >= 12 {
				return nil
			}
			tries++
			ids[u.ID] = true
			return errors.New("disk full")
		}
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		_, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if tries != 12 || len(ids) != 1 {
			t.Errorf("%d tries with %d ids, want 12 of one utterance", tries, len(ids))
		}
	})
}

func TestCallThatCannotBeCommittedIsLeftForRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		broken := true
		r.brain.refuseHeard = func(u insights.Utterance) error {
			if broken && u.Seq > 2 {
				return errors.New("disk full")
			}
			return nil
		}
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		s.Stop(ingest.Stopped)
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(r.brain.ended) != 0 {
			t.Fatal("the call was closed although its words were not stored")
		}
		broken = false
		r.next(t)
		if err := r.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, said := r.drained(t)
		wantWords(t, said, dialogue)
		if c.Status != event.CallRecovered {
			t.Errorf("status %s", c.Status)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	ok := start("c", "s")
	for name, change := range map[string]func(*ingest.Start){
		"no platform":   func(s *ingest.Start) { s.Platform = "" },
		"no call":       func(s *ingest.Start) { s.Call = "" },
		"no stream":     func(s *ingest.Start) { s.Stream = "" },
		"no party":      func(s *ingest.Start) { s.Parties = nil },
		"unknown party": func(s *ingest.Start) { s.Parties = []insights.Speaker{"robot"} },
		"long id":       func(s *ingest.Start) { s.Call = strings.Repeat("x", 257) },
	} {
		r := newRig(t, nil)
		s := ok
		change(&s)
		if _, err := r.Open(t.Context(), s); !errors.Is(err, ErrStart) {
			t.Errorf("%s: %v", name, err)
		}
		if len(r.brain.calls) != 0 {
			t.Errorf("%s: something was stored", name)
		}
		r.shut(t)
	}
}

func TestLimitsOfTheManager(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.MaxCalls = 2 })
		streams := []ingest.Stream{}
		for _, id := range []string{"1", "2", "2"} { // a reconnect needs no room
			s, err := r.Open(t.Context(), start(id, "s"))
			if err != nil {
				t.Fatal(err)
			}
			streams = append(streams, s)
		}
		if _, err := r.Open(t.Context(), start("3", "s")); !errors.Is(err, ingest.ErrBusy) {
			t.Errorf("third call: %v, want ErrBusy", err)
		}
		streams[0].Stop(ingest.Stopped)
		wait(second)
		if _, err := r.Open(t.Context(), start("1", "late")); !errors.Is(err, ingest.ErrOver) {
			t.Errorf("a call that is over: %v, want ErrOver", err)
		}
		s, err := r.Open(t.Context(), start("3", "s"))
		if err != nil {
			t.Errorf("with room again: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), second)
		defer cancel()
		if err := r.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("drained with live calls: %v", err)
		}
		if _, err := r.Open(t.Context(), start("4", "s")); !errors.Is(err, ingest.ErrStopping) {
			t.Errorf("while draining: %v, want ErrStopping", err)
		}
		streams[2].Stop(ingest.Stopped)
		s.Stop(ingest.Closed)
		if err := r.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if r.Live() != 0 || len(r.brain.ended) != 3 {
			t.Errorf("%d live, %d ended", r.Live(), len(r.brain.ended))
		}
		r.shut(t)
		r.shut(t)
	})
}

func TestEngineThatDoesNotReturnDoesNotHoldUpTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := newRig(t, func(o *Options) {
			o.Engine = func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) {
				return engineFunc(func(context.Context, <-chan transcribe.Frame, func(transcribe.Segment) error) error {
					<-release // whatever ctx says
					return nil
				}), "stuck"
			}
		})
		s := r.open(t, "a")
		play(s, 0, 0, 5*second, realTime)
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*second)
		defer cancel()
		if err := r.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 10*second {
			t.Errorf("closed after %s: %v", time.Since(began), err)
		}
		close(release)
		r.shut(t)
		if c, _ := r.brain.only(t); c.Status != event.CallLive {
			t.Errorf("a call that was cut off is %s", c.Status)
		}
	})
}

func TestCallsOpenedAtOnceAreOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		begun := 0
		r.brain.refuseStart = func(event.Call) error {
			begun++
			wait(50 * time.Millisecond) // the database takes its time
			return nil
		}
		errs := make(chan error)
		for i := range 5 {
			go func() {
				_, err := r.Open(t.Context(), start("call-1", fmt.Sprint(i)))
				errs <- err
			}()
		}
		for range 5 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if begun != 1 {
			t.Errorf("%d calls were stored", begun)
		}
		r.shut(t)
	})
}

func TestFailedStartStoresNothingAndLeavesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.MaxCalls = 1 })
		full := errors.New("disk full")
		r.brain.refuseStart = func(event.Call) error { return full }
		if _, err := r.Open(t.Context(), start("call-1", "s")); !errors.Is(err, full) {
			t.Errorf("%v, want the store's error", err)
		}
		r.brain.refuseStart = nil
		s := r.open(t, "s")
		c, _ := r.finish(t, s)
		if c.Recording.State != "none" || c.Duration != 0 {
			t.Errorf("a call without audio: %+v", c)
		}
	})
}
