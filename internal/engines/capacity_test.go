package engines

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe"
)

// TestFullMachine: the third call of a machine that hears four streams is
// recorded, and says why; when one has gone there is room again.
func TestFullMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool(t, Options{
			Entries: []Entry{entry(&fake{name: "sherpa"}, false)}, Default: []string{"sherpa"},
			Capacity: NewCapacity(Record, 2, 4, time.Now),
		})
		ctx, hangUp := context.WithCancel(t.Context())
		defer hangUp()
		for _, call := range []string{"a", "b"} {
			for range 2 {
				e, name := p.For(Ask{Call: call, Live: true})
				if name != "sherpa" {
					t.Fatalf("call %s: %s", call, name)
				}
				go func() { _ = e.Transcribe(ctx, make(chan transcribe.Frame), nil) }()
			}
		}
		synctest.Wait()
		if e, why := p.For(Ask{Call: "c", Live: true}); e != nil || !strings.Contains(why, "hears 4 streams in time") {
			t.Errorf("third call: %v, %q", e, why)
		}
		if !p.Admits() {
			t.Error("a call that would be recorded is refused")
		}
		time.Sleep(time.Hour)
		if e, _ := p.For(Ask{Call: "d", Live: true}); e != nil {
			t.Error("two calls went on for an hour and lost their place")
		}
		hangUp()
		synctest.Wait()
		if e, _ := p.For(Ask{Call: "e", Live: true}); e != nil {
			t.Error("a call lost its place at once: its engine may be asked again")
		}
		time.Sleep(idleFor)
		if _, name := p.For(Ask{Call: "f", Live: true}); name != "sherpa" {
			t.Error("no room although the calls have gone")
		}
		if r := p.Room(); r.Calls != 1 || r.Turned != 3 || r.Streams != 4 {
			t.Errorf("room %+v", r)
		}
	})
}

// TestRemoteTakesTheRest: what this machine cannot hear goes elsewhere.
func TestRemoteTakesTheRest(t *testing.T) {
	p := pool(t, Options{
		Entries: []Entry{entry(&fake{name: "sherpa"}, false), entry(&fake{name: "deepgram"}, true)},
		Default: []string{"sherpa", "deepgram"}, Capacity: NewCapacity(Refuse, 2, 2, time.Now),
	})
	for i, want := range []string{"sherpa", "deepgram", "deepgram"} {
		if _, name := p.For(Ask{Call: fmt.Sprint(i), Live: true}); name != want {
			t.Errorf("call %d: %s, want %s", i, name, want)
		}
	}
	if !p.Admits() {
		t.Error("refused although there is an engine elsewhere")
	}
}

func TestRefusePolicy(t *testing.T) {
	p := pool(t, Options{
		Entries: []Entry{entry(&fake{name: "sherpa"}, false)}, Default: []string{"sherpa"},
		Capacity: NewCapacity(Refuse, 2, 2, time.Now),
	})
	if !p.Admits() {
		t.Fatal("an idle machine refuses")
	}
	p.For(Ask{Call: "a", Live: true})
	if p.Admits() {
		t.Error("a full machine takes another call")
	}
}

func TestMeasuredAndCorrected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCapacity(Record, 2, 8, time.Now)
		c.Measured(400*time.Second, 4*time.Second) // 100 times real time
		if r := c.Room(); r.Streams != 75 || r.Source != "measured" {
			t.Fatalf("measured %+v", r)
		}
		used := Load{}
		step := func(cpu, audio, behind time.Duration) Room {
			used.CPU, used.Audio, used.Behind = used.CPU+cpu, used.Audio+audio, behind
			time.Sleep(10 * time.Second)
			c.Observe(used)
			return c.Room()
		}
		step(0, 0, 0)
		if r := step(5*time.Second, 50*time.Second, 0); r.Streams != 75 {
			t.Errorf("with time to spare it is no news that hearing costs more: %+v", r)
		}
		for range 40 { // busy: 15 of 20 s of CPU for 300 s of audio is 0.05 a second
			step(15*time.Second, 300*time.Second, 0)
		}
		if r := c.Room(); r.Streams < 29 || r.Streams > 31 || r.Source != "corrected" {
			t.Errorf("corrected to %+v, want about 2 cores * 0.75 / 0.05 = 30", r)
		}
		for i := range 10 {
			c.grant(fmt.Sprint(i))
		}
		if r := step(time.Second, time.Second, 2*time.Second); r.Streams != 18 {
			t.Errorf("20 streams are behind: %+v, want 18", r)
		}
	})
}

func TestFixedStays(t *testing.T) {
	c := NewCapacity(Record, 2, 8, time.Now)
	c.Fix(12)
	c.Measured(time.Hour, time.Second)
	c.Observe(Load{})
	c.Observe(Load{CPU: time.Hour, Audio: time.Second, Behind: time.Minute})
	if r := c.Room(); r.Streams != 12 || r.Source != "fixed" {
		t.Errorf("room %+v", r)
	}
}

// TestPlacesNeverExceedTheBound: whatever calls come, run and go, no call is
// granted a new place while the machine is full, and none that has one is
// turned away.
func TestPlacesNeverExceedTheBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		streams := rapid.IntRange(2, 20).Draw(t, "streams")
		at := time.Unix(0, 0)
		c := NewCapacity(Record, 2, streams, func() time.Time { return at })
		running := map[string][]func(){}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			call := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "call"))
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				had, before := c.calls[call] != nil, len(c.calls)
				if got := c.grant(call); had && len(running[call]) > 0 && !got {
					t.Fatalf("call %s lost its place", call)
				} else if got && !had && 2*len(c.calls) > max(streams, 2) {
					t.Fatalf("%d calls on %d streams", before+1, streams)
				}
			case 1:
				if c.calls[call] != nil {
					running[call] = append(running[call], c.hold(call))
				}
			case 2:
				if n := len(running[call]); n > 0 {
					running[call][n-1]()
					running[call] = running[call][:n-1]
				}
			case 3:
				at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			}
		}
	})
}

func TestCalibrate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := engineFunc(func(_ context.Context, frames <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
			for f := range frames {
				time.Sleep(f.Duration() / 50)
			}
			return nil
		})
		audio, took, err := Calibrate(t.Context(), slow, make([]int16, 80000), 8000, 4)
		if err != nil || audio != 40*time.Second || took != 200*time.Millisecond {
			t.Errorf("Calibrate = %v in %v, %v: want 40 s in 200 ms", audio, took, err)
		}
		dead := &fake{name: "x", fails: down(transcribe.UseAnother)}
		if _, _, err := Calibrate(t.Context(), dead, make([]int16, 8000), 8000, 2); err == nil {
			t.Error("a dead engine was measured")
		}
	})
}

type engineFunc func(context.Context, <-chan transcribe.Frame, func(transcribe.Segment) error) error

func (f engineFunc) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return f(ctx, frames, emit)
}

func TestWatchSumsTheEnginesHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, far := entry(&fake{name: "a"}, false), entry(&fake{name: "b"}, false), entry(&fake{name: "far"}, true)
		a.Load = func() Load { return Load{CPU: 1, Audio: 10, Behind: 3} }
		far.Load = func() Load { return Load{CPU: 100} }
		b.Load = func() Load { return Load{CPU: 2, Audio: 20, Behind: 1} }
		p := pool(t, Options{Entries: []Entry{a, b, far}, Default: []string{"a"}})
		if got := p.load(); got != (Load{CPU: 3, Audio: 30, Behind: 3}) {
			t.Errorf("load %+v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p.Watch(ctx, 10*time.Second)
		if p.capacity.at.IsZero() {
			t.Error("never looked")
		}
	})
}

// TestFullMachineWhileTheServiceRests: a call that this machine has no room
// for waits for the service that is left alone, and is not given up.
func TestFullMachineWhileTheServiceRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		remote := &fake{name: "deepgram", fails: down(transcribe.Retry)}
		p := pool(t, Options{
			Entries: []Entry{entry(&fake{name: "sherpa"}, false), entry(remote, true)},
			Default: []string{"sherpa", "deepgram"}, Capacity: NewCapacity(Record, 2, 2, time.Now),
		})
		p.For(Ask{Call: "a", Live: true})
		defer p.capacity.hold("a")() // it goes on
		for range 4 {
			e, name := p.For(Ask{Call: "b", Live: true})
			if name != "deepgram" {
				t.Fatalf("picked %q", name)
			}
			if transcribe.VerdictOf(drive(e)) == transcribe.GiveUp {
				t.Fatal("given up")
			}
		}
		if p.States()[1].State != "down" {
			t.Fatal("the breaker is not open")
		}
		remote.fails = nil
		time.Sleep(31 * time.Second)
		e, name := p.For(Ask{Call: "b", Live: true})
		if err := drive(e); name != "deepgram" || err != nil {
			t.Errorf("the service is back: %q, %v", name, err)
		}
	})
}
