package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/recording"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// states gives the caption states in the order in which they were shown.
func (b *memory) states() []event.CaptionState {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []event.CaptionState
	for _, c := range b.changed {
		if n := len(out); n == 0 || out[n-1] != c.Captions {
			out = append(out, c.Captions)
		}
	}
	return out
}

// engineOf makes the options' engine choice of one that each party keeps.
func engineOf(wrap func(who insights.Speaker, e transcribe.Engine) transcribe.Engine) func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) {
	made := map[insights.Speaker]transcribe.Engine{}
	var mu sync.Mutex
	return func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
		mu.Lock()
		defer mu.Unlock()
		if len(failed) > 0 {
			return nil, ""
		}
		if made[who] == nil {
			e, _ := knows(dialogue)(c, who, nil)
			made[who] = wrap(who, e)
		}
		return made[who], "wrapped"
	}
}

func TestEngineKilledInTheMiddle(t *testing.T) {
	for name, dies := range map[string]map[int]time.Duration{
		"while somebody speaks":   {1: 17 * second},
		"in silence":              {1: 30 * second},
		"at once":                 {1: 0},
		"again and again":         {1: 6 * second, 2: 7 * second, 3: 17 * second, 4: 20 * second, 5: 50 * second},
		"just after its end":      {1: 59*second + 990*time.Millisecond},
		"twice without a new one": {1: 17 * second, 2: 17 * second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(o *Options) {
					o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
						if who == insights.Agent {
							return e
						}
						return dying(e, new(int), dies, transcribe.Retry)
					})
				})
				s := r.open(t, "a")
				play(s, 0, 0, dialogueLength, realTime)
				c, said := r.finish(t, s)
				wantWords(t, said, dialogue)
				if len(said) != len(dialogue) || c.Captions != event.CaptionsLive {
					t.Errorf("%d utterances, captions %s at the end", len(said), c.Captions)
				}
				if slices.ContainsFunc(said, func(u insights.Utterance) bool { return u.Recovered }) {
					t.Error("words came late although the engine came back")
				}
				if name == "just after its end" {
					return
				}
				if got := r.brain.states(); len(got) < 2 || got[0] != event.CaptionsPaused || got[len(got)-1] != event.CaptionsLive {
					t.Errorf("captions went %v, want paused, then live", got)
				}
			})
		})
	}
}

func TestCaptionOfADeadEngineIsTakenAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) {
			o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
				return dying(e, new(int), map[int]time.Duration{1: 17 * second}, transcribe.Retry)
			})
		})
		s := r.open(t, "a")
		play(s, 0, 0, 30*second, realTime)
		r.finish(t, s)
		cleared := slices.IndexFunc(r.screen.shown, func(c shownCaption) bool { return c.text == "" })
		if cleared < 1 {
			t.Fatal("nothing was taken away")
		}
		gone := r.screen.shown[cleared]
		for _, c := range r.screen.shown[cleared+1:] {
			if c.who == gone.who && c.segment <= gone.segment {
				t.Errorf("caption %+v after its segment was taken away", c)
			}
		}
	})
}

func TestAnotherEngineTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) {
			o.Engine = func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
				e, _ := knows(dialogue)(c, who, nil)
				switch len(failed) {
				case 0:
					return dying(e, new(int), map[int]time.Duration{1: 25 * second}, transcribe.UseAnother), "best"
				case 1:
					return e, "next to " + failed[0]
				}
				return nil, ""
			}
		})
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		_, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if first, last := said[0].Engine, said[len(said)-1].Engine; first != "best" || last != "next to best" {
			t.Errorf("heard by %q first and by %q last", first, last)
		}
	})
}

// outage is an engine that asks to be replaced between two moments, as one
// does whose worker keeps dying. There is no other.
func outage(from, to time.Duration) func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) {
	began := time.Now()
	out := func() bool { d := time.Since(began); return d >= from && d < to }
	return engineOf(func(_ insights.Speaker, e transcribe.Engine) transcribe.Engine {
		return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
			broken := &transcribe.Error{Engine: "only", Verdict: transcribe.UseAnother, Err: errors.New("worker keeps dying")}
			if out() {
				return broken
			}
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			fed, done := make(chan transcribe.Frame), make(chan error, 1)
			go func() { done <- e.Transcribe(ctx, fed, emit) }()
			for f := range frames {
				if out() {
					cancel()
					<-done
					return broken
				}
				select {
				case fed <- f:
				case <-ctx.Done():
				}
			}
			close(fed)
			return <-done
		})
	})
}

func TestOnlyEngineComesBackDuringTheCall(t *testing.T) {
	for _, length := range []time.Duration{4 * second, 20 * second, 40 * second} {
		t.Run(length.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(o *Options) { o.Engine = outage(13*second, 13*second+length) })
				s := r.open(t, "a")
				play(s, 0, 0, dialogueLength, realTime)
				wait(lastRest) // in silence
				c, said := r.finish(t, s)
				wantWords(t, said, dialogue)
				if got := r.brain.states(); !slices.Equal(got, []event.CaptionState{event.CaptionsPaused, event.CaptionsLive}) {
					t.Errorf("captions went %v, want paused, then live", got)
				}
				if c.Status != event.CallOver || c.Captions != event.CaptionsLive || len(c.Health.Notes) > 2 {
					t.Errorf("%s, captions %s, notes %q", c.Status, c.Captions, c.Health.Notes)
				}
			})
		})
	}
}

func TestCallEndsWhileTheOnlyEngineIsGone(t *testing.T) {
	for name, c := range map[string]struct {
		back   time.Duration // after the call
		status event.CallStatus
	}{"and it comes back soon": {15 * second, event.CallOver}, "and stays away": {20 * time.Minute, event.CallRecovered}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(o *Options) { o.Engine = outage(25*second, dialogueLength+c.back) })
				r.tend(t)
				s := r.open(t, "a")
				play(s, 0, 0, dialogueLength, realTime)
				s.Stop(ingest.Stopped)
				wait(c.back - second)
				ids, err := recording.Spooled(r.o.Dir)
				if open, _ := r.brain.only(t); err != nil || len(ids) != 1 || open.Status != event.CallLive {
					t.Fatalf("unheard, yet %s with spools %v, %v", open.Status, ids, err)
				}
				wait(3 * time.Minute)
				got, said := r.drained(t)
				wantWords(t, said, dialogue)
				if got.Status != c.status || got.Recording.State != "kept" || len(got.Health.Notes) != 0 {
					t.Errorf("%s, recording %s, notes %q", got.Status, got.Recording.State, got.Health.Notes)
				}
			})
		})
	}
}

// TestFewCallsAreHeardAgainAtOnce: six calls end while the engine hangs, and
// all of each must be heard again.
func TestFewCallsAreHeardAgainAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const calls = 6
		var mu sync.Mutex
		var at, most int
		hang := true
		busy := func(n int) {
			mu.Lock()
			defer mu.Unlock()
			at += n
			most = max(most, at)
		}
		r := newRig(t, func(o *Options) {
			o.Engine = func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
				return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					mu.Lock()
					hung := hang
					mu.Unlock()
					if hung {
						<-ctx.Done()
						return ctx.Err()
					}
					busy(1)
					defer busy(-1)
					return slow(scripted.New(scripted.ForParty(dialogue, string(who))), realTime).Transcribe(ctx, frames, emit)
				}), "slow"
			}
		})
		for i := range calls {
			s, err := r.Open(t.Context(), start(fmt.Sprint("call-", i), "a"))
			if err != nil {
				t.Fatal(err)
			}
			play(s, 0, 0, dialogueLength, 0)
			s.Stop(ingest.Stopped)
		}
		wait(flushWithin / 2)
		mu.Lock()
		hang = false
		mu.Unlock()
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, said := range r.brain.said {
			wantWords(t, said, dialogue)
		}
		if len(r.brain.said) != calls || most != againAtOnce*int(parties) {
			t.Errorf("%d calls heard, %d engines at once, want %d", len(r.brain.said), most, againAtOnce*int(parties))
		}
	})
}

func TestNoEngineAtAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Engine = nil })
		s := r.open(t, "a")
		play(s, 0, 0, 10*second, realTime)
		c, said := r.finish(t, s)
		if len(said) != 0 || c.Captions != event.CaptionsOff || c.Recording.State != "kept" {
			t.Errorf("%d utterances, captions %s, recording %s", len(said), c.Captions, c.Recording.State)
		}
		if len(c.Health.Notes) != 2 || c.Health.Notes[1] != "customer words missing from 0:00 to 0:10" {
			t.Errorf("notes %q", c.Health.Notes)
		}
	})
}

func TestEngineThatNeverRecovers(t *testing.T) {
	for _, verdict := range []transcribe.Verdict{transcribe.Retry, transcribe.GiveUp} {
		t.Run(verdict.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				runs := 0
				r := newRig(t, func(o *Options) {
					o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
						if who == insights.Agent {
							return e
						}
						return engineFunc(func(context.Context, <-chan transcribe.Frame, func(transcribe.Segment) error) error {
							runs++
							return &transcribe.Error{Engine: "dead", Verdict: verdict, Err: errors.New("no memory")}
						})
					})
				})
				s := r.open(t, "a")
				play(s, 0, 0, dialogueLength, realTime)
				c, said := r.finish(t, s)
				if len(said) != 5 || c.Status != event.CallOver || runs > 100 {
					t.Errorf("%d utterances of the agent, %d runs, %s", len(said), runs, c.Status)
				}
				if !slices.Equal(c.Health.Notes, []string{"customer words missing from 0:00 to 1:00"}) {
					t.Errorf("notes %q", c.Health.Notes)
				}
			})
		})
	}
}

// TestAudioThatKillsTheEngine: what kills every engine that hears it is left
// out and noted; everything around it is heard.
func TestAudioThatKillsTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) {
			o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
				if who == insights.Agent {
					return e
				}
				return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					ctx, cancel := context.WithCancelCause(ctx)
					defer cancel(nil)
					fed := make(chan transcribe.Frame)
					go func() {
						defer close(fed)
						for f := range frames {
							if f.At <= 20*second && f.End() > 20*second {
								cancel(errors.New("poison"))
								return
							}
							select {
							case fed <- f:
							case <-ctx.Done():
								return
							}
						}
					}()
					err := e.Transcribe(ctx, fed, emit)
					if cause := context.Cause(ctx); cause != nil {
						return &transcribe.Error{Engine: "poisoned", Verdict: transcribe.Retry, Err: cause}
					}
					return err
				})
			})
		})
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		c, said := r.finish(t, s)
		var around []scripted.Line
		for _, l := range dialogue {
			if l.Speaker == "agent" || l.Start != 14*second {
				around = append(around, l)
			}
		}
		said = slices.DeleteFunc(said, func(u insights.Utterance) bool {
			return u.Speaker == insights.Customer && u.Start >= 14 && u.End <= 22 // some words of it
		})
		for i := range said {
			said[i].Seq = i + 1
		}
		wantWords(t, said, around)
		if len(c.Health.Notes) == 0 || !strings.HasPrefix(c.Health.Notes[0], "customer words missing from 0:") {
			t.Errorf("notes %q", c.Health.Notes)
		}
	})
}

// slow is an engine that takes time for every frame.
func slow(e transcribe.Engine, each time.Duration) transcribe.Engine {
	return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
		fed := make(chan transcribe.Frame)
		go func() {
			defer close(fed)
			for f := range frames {
				select {
				case <-time.After(each):
				case <-ctx.Done():
					return
				}
				select {
				case fed <- f:
				case <-ctx.Done():
					return
				}
			}
		}()
		err := e.Transcribe(ctx, fed, emit)
		for range fed { //nolint:revive // waits for the goroutine
		}
		return err
	})
}

// long is the dialogue said n times over.
func long(n int) []scripted.Line {
	var out []scripted.Line
	for i := range n {
		for _, l := range dialogue {
			l.Start += time.Duration(i) * dialogueLength
			l.End += time.Duration(i) * dialogueLength
			out = append(out, l)
		}
	}
	return out
}

func TestEngineSlowerThanTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines := long(4)
		r := newRig(t, func(o *Options) {
			o.Engine = func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
				return slow(scripted.New(scripted.ForParty(lines, string(who))), 30*time.Millisecond), "slow"
			}
		})
		s := r.open(t, "a")
		for i := range 4 {
			shift := time.Duration(i) * dialogueLength
			play(s, -shift, 0, dialogueLength, realTime)
		}
		c, said := r.finish(t, s)
		wantWords(t, said, lines)
		if c.Health.Dropped == 0 {
			t.Error("an engine at two thirds of the needed speed dropped nothing")
		}
		live := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.Recovered })
		if live < len(lines)/3 {
			t.Errorf("only %d utterances came while the call lived", live)
		}
		if got := r.brain.states(); len(got) == 0 || got[0] != event.CaptionsPaused {
			t.Errorf("captions went %v, want paused", got)
		}
	})
}

func TestCallFasterThanTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines := long(3)
		r := newRig(t, func(o *Options) {
			o.Engine = func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
				return slow(scripted.New(scripted.ForParty(lines, string(who))), time.Millisecond), "scripted"
			}
		})
		s := r.open(t, "a")
		for i := range 3 {
			play(s, -time.Duration(i)*dialogueLength, 0, dialogueLength, 0)
		}
		c, said := r.finish(t, s)
		wantWords(t, said, lines)
		if c.Duration != 180 || c.Recording.State != "kept" {
			t.Errorf("call of %v s, recording %+v", c.Duration, c.Recording)
		}
		w := heardBack(t, r, c.ID)
		if len(w.Channels[0]) != 180*8000 || !loudAt(w, 0, 122*second) {
			t.Error("the recording is not complete")
		}
	})
}

func TestEngineThatHangsIsCutOffAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := map[insights.Speaker]int{}
		var mu sync.Mutex
		r := newRig(t, func(o *Options) {
			o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
				return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					mu.Lock()
					runs[who]++
					first := runs[who] == 1
					mu.Unlock()
					if first {
						<-ctx.Done()
						return ctx.Err()
					}
					return e.Transcribe(ctx, frames, emit)
				})
			})
		})
		s := r.open(t, "a")
		play(s, 0, 0, 20*second, realTime)
		at := time.Now()
		_, said := r.finish(t, s)
		if took := time.Since(at); took < flushWithin || took > flushWithin+second {
			t.Errorf("ended after %s, want %s", took, flushWithin)
		}
		if len(said) != 4 || !said[0].Recovered {
			t.Errorf("%d utterances", len(said))
		}
	})
}

func TestEngineThatLies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) {
			o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
				return engineFunc(func(_ context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					id := 0
					for f := range frames {
						if f.At%(2*second) != 0 {
							continue
						}
						id++
						err := errors.Join(
							emit(transcribe.Segment{ID: -id, Text: "huh"}),
							emit(transcribe.Segment{ID: id, Final: true, Text: "  "}),
							emit(transcribe.Segment{
								ID: id, Final: true, Text: " word ", Start: -time.Hour, End: 99 * time.Hour, Confidence: 7,
								Words: []transcribe.Word{{Text: "word", Start: time.Hour, End: -time.Hour, Confidence: -1}},
							}))
						if err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
		s := r.open(t, "a")
		play(s, 0, 0, 20*second, realTime)
		_, said := r.finish(t, s)
		end := map[insights.Speaker]insights.Seconds{}
		for _, u := range said {
			if u.Start < end[u.Speaker] || u.End < u.Start || u.End > 20 || u.Confidence != 1 || u.Text != "word" || u.Words[0].Confidence != 0 {
				t.Errorf("took %+v", u)
			}
			end[u.Speaker] = u.End
		}
		if len(said) == 0 {
			t.Error("nothing was kept")
		}
	})
}

func TestAnotherRateAfterAReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		rates := map[int]bool{}
		r := newRig(t, func(o *Options) {
			o.Engine = engineOf(func(who insights.Speaker, e transcribe.Engine) transcribe.Engine {
				return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					fed := make(chan transcribe.Frame)
					done := make(chan error, 1)
					go func() { done <- e.Transcribe(ctx, fed, emit) }()
					rate := 0
					for f := range frames {
						if rate != 0 && f.Rate != rate {
							t.Error("the rate changed within a run")
						}
						rate = f.Rate
						mu.Lock()
						rates[rate] = true
						mu.Unlock()
						fed <- f
					}
					close(fed)
					return <-done
				})
			})
		})
		s := r.open(t, "a")
		play(s, 0, 0, 30*second, realTime)
		for at := 30 * second; at < dialogueLength; at += realTime {
			for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
				f := speech(who, at)
				f.PCM, f.Rate = append(f.PCM, f.PCM...), 16000
				s.Audio(who, f)
			}
			wait(realTime)
		}
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if !rates[8000] || !rates[16000] || c.Recording.State != "kept" {
			t.Errorf("rates %v, recording %+v", rates, c.Recording)
		}
	})
}

// plainDisk is the disk as it is, but for opening files.
type plainDisk struct{ recording.FS }

func (plainDisk) MkdirAll(name string, perm fs.FileMode) error { return os.MkdirAll(name, perm) }
func (plainDisk) Rename(from, to string) error                 { return os.Rename(from, to) }
func (plainDisk) Remove(name string) error                     { return os.Remove(name) }

// tightDisk refuses to write while it is full.
type tightDisk struct {
	plainDisk
	mu   sync.Mutex
	full bool
}

func (d *tightDisk) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

func (d *tightDisk) OpenFile(name string, flag int, perm fs.FileMode) (recording.File, error) {
	f, err := os.OpenFile(name, flag, perm)
	return &tightFile{f, d}, err
}

type tightFile struct {
	*os.File
	d *tightDisk
}

func (f *tightFile) WriteAt(b []byte, off int64) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if f.d.full {
		return 0, syscall.ENOSPC
	}
	return f.File.WriteAt(b, off)
}

func TestDiskFullWhileRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &tightDisk{}
		r := newRig(t, func(o *Options) { o.Disk = disk })
		s := r.open(t, "a")
		play(s, 0, 0, 20*second, realTime)
		disk.fill(true)
		play(s, 0, 20*second, 40*second, realTime)
		shown := slices.IndexFunc(r.brain.changed, func(c event.Call) bool { return c.Recording.State == "partial" })
		if shown < 0 {
			t.Error("the loss was not shown while the call lived")
		}
		disk.fill(false)
		play(s, 0, 40*second, dialogueLength, realTime)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue) // the call goes on
		if c.Recording.State != "partial" || c.Recording.Lost < 19.5 || c.Recording.Lost > 20.5 {
			t.Errorf("recording %+v", c.Recording)
		}
		w := heardBack(t, r, c.ID)
		if !loudAt(w, 1, 15*second) || loudAt(w, 0, 25*second) || !loudAt(w, 1, 47*second) || len(w.Channels[0]) != 60*8000 {
			t.Error("the recording does not go on in its place")
		}
	})
}

func TestDiskFullAtTheEndOfTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &tightDisk{}
		r := newRig(t, func(o *Options) { o.Disk = disk })
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		wait(3 * expireEvery) // all that was heard is on the disk
		disk.fill(true)
		s.Stop(ingest.Stopped)
		wait(patience / 2)
		if c, _ := r.brain.only(t); c.Status != event.CallLive {
			t.Errorf("ended as %s while nothing could be kept", c.Status)
		}
		disk.fill(false)
		c, said := r.drained(t)
		wantWords(t, said, dialogue)
		if c.Status != event.CallOver || c.Recording.State != "kept" {
			t.Errorf("with space again: %s, %+v", c.Status, c.Recording)
		}
	})
}

func TestDiskThatStaysFullLeavesTheCallToRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &tightDisk{}
		r := newRig(t, func(o *Options) { o.Disk = disk })
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		wait(second)
		disk.fill(true)
		s.Stop(ingest.Stopped)
		wait(2 * patience)
		if ids, err := recording.Spooled(r.o.Dir); err != nil || len(ids) != 1 {
			t.Fatalf("the only copy of the audio is gone: %v, %v", ids, err)
		}
		disk.fill(false)
		if err := r.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, said := r.drained(t)
		wantWords(t, said, dialogue)
		if c.Status != event.CallRecovered || c.Recording.State == "lost" {
			t.Errorf("recovered as %s, %+v", c.Status, c.Recording)
		}
		if w := heardBack(t, r, c.ID); !loudAt(w, 1, 15*second) || !loudAt(w, 0, 57*second) {
			t.Error("the recovered recording is not whole")
		}
	})
}

// TestQueueNeverMixesUpAudio: whatever a queue is asked to do, its reader
// gets the frames in order, each once between two rewinds, and every frame
// that was pushed is read, dropped and counted, or still waiting.
func TestQueueNeverMixesUpAudio(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		q := newQueue()
		var at, last, covered time.Duration
		var dropped int64
		pushed, read := 0, map[time.Duration]bool{}
		rt.Repeat(map[string]func(*rapid.T){
			"push": func(rt *rapid.T) {
				for range rapid.IntRange(1, 900).Draw(rt, "n") {
					dropped += q.push(transcribe.Frame{Rate: 8000, PCM: make([]int16, 160), At: at}, rapid.IntRange(0, 3).Draw(rt, "level"))
					at += realTime
					pushed++
				}
			},
			"read": func(rt *rapid.T) {
				for range rapid.IntRange(1, 900).Draw(rt, "n") {
					f, ok, err := q.take()
					if errors.Is(err, errBehind) {
						from, some := q.rewind()
						if !some || from < last {
							rt.Fatalf("behind: goes on at %v, after %v", from, last)
						}
						last = from
						continue
					}
					if !ok {
						return
					}
					if f.At < last {
						rt.Fatalf("frame of %v after %v", f.At, last)
					}
					last = f.End()
					read[f.At] = true
				}
			},
			"final": func(rt *rapid.T) {
				covered = max(covered, last-time.Duration(rapid.IntRange(0, 3000).Draw(rt, "open"))*time.Millisecond)
				q.heard(covered)
			},
			"restart": func(rt *rapid.T) {
				from, some := q.rewind()
				if some && from+realTime <= covered {
					rt.Fatalf("goes on at %v although %v is covered", from, covered)
				}
				if some {
					last = from
				}
			},
			"": func(rt *rapid.T) {
				waiting := int(q.backlog() / realTime)
				if waiting > int((queueLength+keepFed)/realTime) {
					rt.Fatalf("%d frames wait", waiting)
				}
				if len(read)+int(dropped)+waiting < pushed {
					rt.Fatalf("%d pushed, %d read, %d dropped, %d wait", pushed, len(read), dropped, waiting)
				}
				if len(q.frames) > 3*int((queueLength+keepFed)/realTime) {
					rt.Fatalf("%d frames are held", len(q.frames))
				}
			},
		})
	})
}

func TestResumesAtAQuietMoment(t *testing.T) {
	q := newQueue()
	at := time.Duration(0)
	for dropped := int64(0); dropped == 0; at += realTime {
		level := 5000
		if at == 28*second {
			level = 10
		}
		dropped = q.push(transcribe.Frame{Rate: 8000, PCM: make([]int16, 160), At: at}, level)
	}
	if from, _ := q.rewind(); from != 28*second {
		t.Errorf("goes on at %s, want the pause at 28 s", from)
	}
}

func TestNotesAreFewAndFresh(t *testing.T) {
	var n notes
	for i := range 20 {
		n.set(fmt.Sprintf("subject %d ", i), "a")
	}
	n.set("subject 19 ", "b")
	before := n.version
	n.set("subject 19 ", "b")
	if got := n.list(); len(got) != maxNotes || got[7] != "subject 19 b" || n.version != before {
		t.Errorf("notes %q", got)
	}
	if got := clock(61*time.Minute + 7*second); got != "61:07" {
		t.Errorf("clock %q", got)
	}
}

func TestWordsSaidBeforeAreNotSaidAgain(t *testing.T) {
	o, err := Options{Brain: newMemory(), Dir: "d", Key: masterKey, Logger: slogDiscard()}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s := newScript(&o, event.Call{ID: "c"})
	s.add(line{Utterance: insights.Utterance{Speaker: insights.Customer, Start: 2, End: 4, Text: "two three", Seq: 1}})
	word := func(text string, from time.Duration) transcribe.Word {
		return transcribe.Word{Text: text, Start: from, End: from + second}
	}
	seg := transcribe.Segment{Start: second, End: 5 * second, Text: "one two three four", Words: []transcribe.Word{
		word("one", second), word("two", 2*second), word("three", 3*second), word("four", 4*second),
	}}
	u, ok := s.draft(heard{who: insights.Customer, seg: seg}, true)
	if !ok || u.Text != "one four" || u.Start != 1 || u.End != 5 || !u.Recovered {
		t.Errorf("left %+v, %v", u, ok)
	}
	if u, ok := s.draft(heard{who: insights.Agent, seg: seg}, true); !ok || u.Text != seg.Text {
		t.Errorf("the other party's words: %+v", u)
	}
	seg.Words, seg.Start, seg.End = nil, 2*second, 4*second
	if u, ok := s.draft(heard{who: insights.Customer, seg: seg}, true); ok {
		t.Errorf("doubled %q", strings.ToUpper(u.Text))
	}
}

// TestAnalyzersKnowTheCall has them see when and from where it is.
func TestAnalyzersKnowTheCall(t *testing.T) {
	var seen insights.Call
	o, err := Options{
		Brain: newMemory(), Dir: "d", Key: masterKey, Logger: slogDiscard(),
		Analyzer: insights.AnalyzerFunc(func(_ *insights.Utterance, c *insights.Call) []insights.Insight {
			seen = *c
			return nil
		}),
		Extras: Extras{Country: func(c event.Call) string { return "of " + c.From }},
	}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC)
	s := newScript(&o, event.Call{ID: "c", From: "+49301", Language: "de", StartedAt: began})
	s.read(insights.Utterance{ID: "u", Speaker: insights.Customer, End: 9, Text: "morgen"}, heard{}, s.redactor, &s.said)
	if seen.ID != "c" || seen.Language != "de" || seen.Country != "of +49301" || !seen.StartedAt.Equal(began) {
		t.Errorf("the call is %+v", seen)
	}
}

// TestWhatIsWrittenIsRedacted has the writer see what the redactor left, with
// the names of its own call, and the analyzers read the words as heard.
func TestWhatIsWrittenIsRedacted(t *testing.T) {
	var read []string
	o, err := Options{
		Brain: newMemory(), Dir: "d", Key: masterKey, Logger: slogDiscard(),
		Analyzer: insights.AnalyzerFunc(func(u *insights.Utterance, _ *insights.Call) []insights.Insight {
			read = append(read, u.Text)
			return nil
		}),
		Extras: Extras{Writer: func(c event.Call) func(*insights.Utterance) (string, []int) {
			return func(u *insights.Utterance) (string, []int) {
				return c.CustomerName + ": " + strings.ToUpper(u.Text), []int{len(strings.Fields(u.Text))}
			}
		}},
	}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s := newScript(&o, event.Call{ID: "c", CustomerName: "Ann"})
	const said = "my card number is four one one one one one one one one one one one one one one one"
	l := s.read(insights.Utterance{ID: "u", Speaker: insights.Customer, End: 9, Text: said}, heard{}, s.redactor, &s.said)
	if l.Written != "Ann: MY CARD NUMBER IS [CARD NUMBER]" || len(l.WrittenWords) != 1 {
		t.Errorf("written %q %v", l.Written, l.WrittenWords)
	}
	if len(read) != 1 || read[0] != l.Text || l.Text != "my card number is [card number]" {
		t.Errorf("analyzed %q, text %q", read, l.Text)
	}
}
