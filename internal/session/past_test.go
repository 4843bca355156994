package session

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

const pastID = "0198c0de-0000-7000-8000-00000000ca11"

var longAgo = time.Date(2024, 2, 29, 9, 30, 0, 0, time.UTC)

func pastCall(id string) event.Call {
	return event.Call{ID: id, Platform: "test", PlatformCall: "of " + id, Direction: "inbound", From: "+15550100", StartedAt: longAgo}
}

// recorded writes both parties' audio of the dialogue, one after the other as
// a file's channels may come.
func recorded(w Write) error {
	for at := time.Duration(0); at < dialogueLength; at += transcribe.FrameDuration {
		for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
			if err := w(who, speech(who, at)); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestARecordingBecomesACallOfThePast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := 0
		r := newRig(t, func(o *Options) {
			inner := o.Engine
			o.Engine = func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
				if c.Status == event.CallLive {
					live++
				}
				return inner(c, who, failed)
			}
		})
		c, err := r.Past(t.Context(), pastCall(pastID), recorded)
		if err != nil {
			t.Fatal(err)
		}
		r.shut(t)
		stored, said := r.brain.only(t)
		wantWords(t, said, dialogue)
		for _, u := range said { // what is newest is read off the ids
			if from, to := event.IDAt(longAgo), event.IDAt(longAgo.Add(dialogueLength)); u.ID[:13] < from[:13] || u.ID[:13] > to[:13] {
				t.Errorf("utterance %s is none of %s", u.ID, longAgo)
			}
		}
		if c.Status != event.CallOver || stored.Status != event.CallOver || stored.EndReason != "recording" || stored.Captions != event.CaptionsLive {
			t.Errorf("it ended as %s (%s), captions %s", stored.Status, stored.EndReason, stored.Captions)
		}
		if !stored.StartedAt.Equal(longAgo) || !stored.EndedAt.Equal(longAgo.Add(dialogueLength)) || stored.Duration.Duration() != dialogueLength {
			t.Errorf("from %s to %s, %v s", stored.StartedAt, stored.EndedAt, stored.Duration)
		}
		if stored.Recording.State != string(recording.Kept) || !loudAt(heardBack(t, r, pastID), 1, 6*second) {
			t.Errorf("its recording is %+v", stored.Recording)
		}
		for _, u := range said {
			if u.Recovered || u.Delay != 0 {
				t.Errorf("%q is marked as late", u.Text)
			}
		}
		if live != 0 || len(r.screen.shown) > 0 || len(r.brain.changed) > 0 {
			t.Errorf("asked for %d engines as a live call, showed %d captions, told of %d changes", live, len(r.screen.shown), len(r.brain.changed))
		}
		if ids, err := recording.Spooled(r.o.Dir); err != nil || len(ids) > 0 {
			t.Errorf("spools left: %v, %v", ids, err)
		}
	})
}

func TestACallThatIsKnownIsNotMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		const other = "0198c0de-0000-7000-8000-00000000ca12"
		first := pastCall(pastID)
		if _, err := r.Past(t.Context(), first, recorded); err != nil {
			t.Fatal(err)
		}
		again := first
		again.ID = other
		if c, err := r.Past(t.Context(), again, recorded); !errors.Is(err, ErrKnown) || c.ID != pastID {
			t.Errorf("the same call of the platform: %s, %v", c.ID, err)
		}
		// The end was committed, and the process died before it was told.
		if c, err := r.Past(t.Context(), first, recorded); err != nil || c.Status != event.CallOver {
			t.Errorf("the same recording: %s, %v", c.Status, err)
		}
		r.shut(t)
		_, said := r.brain.only(t)
		wantWords(t, said, dialogue)
		if ids, _ := recording.Spooled(r.o.Dir); len(ids) > 0 || len(r.brain.ended) != 1 {
			t.Errorf("spools left: %v; it ended %d times", ids, len(r.brain.ended))
		}
		if !loudAt(heardBack(t, r, pastID), 1, 6*second) {
			t.Error("the recording did not survive")
		}
	})
}

func TestARecordingThatCannotBeReadStoresNothing(t *testing.T) {
	r := newRig(t, nil)
	broken := errors.New("not a recording")
	_, err := r.Past(t.Context(), pastCall(pastID), func(w Write) error {
		return errors.Join(w(insights.Customer, speech(insights.Customer, 5*second)), broken)
	})
	if !errors.Is(err, broken) || len(r.brain.calls) > 0 {
		t.Errorf("%v; %d calls", err, len(r.brain.calls))
	}
	if ids, _ := recording.Spooled(r.o.Dir); len(ids) > 0 {
		t.Errorf("spools left: %v", ids)
	}
	r.shut(t)
}

func TestWhoRefusedIsNotHeardFromARecordingEither(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Assent = func(event.Call) Assent { return Assent{How: "ask", Answer: "no"} }
		o.Engine = func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) {
			t.Error("an engine was asked for")
			return nil, ""
		}
	})
	c, err := r.Past(t.Context(), pastCall(pastID), recorded)
	if err != nil || c.Status != event.CallOver || c.Recording.State != string(recording.Refused) {
		t.Errorf("%s, recording %s, %v", c.Status, c.Recording.State, err)
	}
	r.shut(t)
	if ids, _ := recording.Spooled(r.o.Dir); len(ids) > 0 || recording.Stored(r.o.Dir, pastID) || len(r.brain.said[pastID]) > 0 {
		t.Error("something of the call is left")
	}
}

// A pass of Recover beside it neither ends the call nor sweeps its spool.
func TestRecoveringLeavesCallsOfThePastAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuse := errors.New("not now")
		r := newRig(t, nil)
		r.brain.refuseHeard = func(insights.Utterance) error { return refuse }
		if _, err := r.Past(t.Context(), pastCall(pastID), recorded); !errors.Is(err, refuse) {
			t.Fatal(err)
		}
		if err := r.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		if ids, _ := recording.Spooled(r.o.Dir); len(ids) != 1 || !r.brain.calls[pastID].Past() {
			t.Fatalf("spools %v, the call is %s", ids, r.brain.calls[pastID].Status)
		}
		r.brain.refuseHeard = nil
		_, err := r.Past(t.Context(), pastCall(pastID), func(Write) error { return errors.New("it was asked again") })
		if err != nil {
			t.Fatal(err)
		}
		r.shut(t)
		_, said := r.brain.only(t)
		wantWords(t, said, dialogue)
	})
}

// pastChild hears a recording and says how far it is.
func pastChild(ctx context.Context, m *Manager, dir string) error {
	fmt.Println("begun")
	frames := 0
	_, err := m.Past(ctx, pastCall(pastID), func(w Write) error {
		return recorded(func(who insights.Speaker, f transcribe.Frame) error {
			if frames++; frames == 1000 {
				fmt.Println("spooling")
			}
			return w(who, f)
		})
	})
	fmt.Println("done", err, filepath.Base(dir))
	return err
}

// Killed at any moment, the call is made once and every word is said once.
func TestKilledWhileARecordingIsHeard(t *testing.T) {
	for _, c := range []struct {
		after string
		delay time.Duration
	}{{"begun", 0}, {"spooling", 0}, {"spooling", 150 * time.Millisecond}, {"spooling", 400 * time.Millisecond}, {"never", 0}} {
		t.Run(fmt.Sprint(c.after, c.delay), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			kill(t, dir, "past", c.after, c.delay)
			j, err := openJournal(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = j.file.Close() }()
			m, err := New(Options{Brain: j, Dir: dir, Key: masterKey, Logger: slogDiscard(), Engine: knows(dialogue)})
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Recover(t.Context()); err != nil { // as every start does
				t.Fatal(err)
			}
			if _, err := m.Past(t.Context(), pastCall(pastID), recorded); err != nil {
				t.Fatal(err)
			}
			if err := m.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			call, said := j.only(t)
			wantWords(t, said, dialogue)
			if call.Status != event.CallOver {
				t.Errorf("the call is %s", call.Status)
			}
		})
	}
}
