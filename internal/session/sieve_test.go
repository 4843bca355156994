package session

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// player makes one party's audio: what sounds when.
type player []struct {
	from, to time.Duration
	hz       []float64
}

// frame is 20 ms of it, over a telephone line.
func (p player) frame(at time.Duration) transcribe.Frame {
	f := transcribe.Frame{Rate: 8000, At: at, PCM: make([]int16, 160)}
	for i := range f.PCM {
		now := at + time.Duration(i)*time.Second/8000
		v := 0.0
		for _, s := range p {
			if now < s.from || now >= s.to {
				continue
			}
			for _, hz := range s.hz {
				v += 3000 * math.Sin(2*math.Pi*hz*now.Seconds())
			}
		}
		f.PCM[i] = int16(v)
	}
	f.PCM = audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, f.PCM))
	return f
}

// chords play from a moment to another, one a half second.
func chords(from, to time.Duration) (p player) {
	roots := []float64{262, 294, 330, 392}
	for i := 0; from < to; i++ {
		r := roots[i%4]
		p = append(p, player{{from, from + second/2, []float64{r, r * 1.26, r * 1.498, 2 * r}}}...)
		from += second / 2
	}
	return p
}

// keys are a card number typed, each key for 80 ms.
func keys(from time.Duration, n int) (p player) {
	for i := range n {
		low, high := []float64{697, 770, 852}[i%3], []float64{1209, 1336, 1477}[i/3%3]
		p = append(p, player{{from, from + 80*time.Millisecond, []float64{low, high}}}...)
		from += 200 * time.Millisecond
	}
	return p
}

// level is the root mean square of a stretch of a channel.
func level(w audio.WAV, channel int, from, to time.Duration) float64 {
	pcm, sum := w.Channels[channel][from*8000/second:to*8000/second], 0.0
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(pcm)))
}

// onTheLine is a call whose customer rings, is on hold, presses keys and
// speaks; the engine hears words everywhere.
var onTheLine = slices.Concat(
	player{{1 * second, 2 * second, []float64{425}}, {6 * second, 7 * second, []float64{425}}},
	chords(20*second, 32*second), keys(40*second, 16),
)

var heardInIt = []scripted.Line{
	{Speaker: "customer", Start: 1 * second, End: 2 * second, Text: "oh"},
	{Speaker: "customer", Start: 10 * second, End: 12 * second, Text: "hello it is me"},
	{Speaker: "customer", Start: 21 * second, End: 31 * second, Text: "the the a the and the"},
	{Speaker: "customer", Start: 33 * second, End: 35 * second, Text: "yes i am still here"},
	{Speaker: "customer", Start: 40 * second, End: 42 * second, Text: "two too to"},
}

// carry plays a customer's audio and speech into a call of 50 s.
func carry(s interface {
	Audio(insights.Speaker, transcribe.Frame)
}, p player,
) {
	for at := time.Duration(0); at < 50*second; at += realTime {
		f := p.frame(at)
		for i, v := range speechOf(heardInIt[1:4:4], at).PCM {
			if at < 20*second || at >= 32*second {
				f.PCM[i] += v
			}
		}
		s.Audio(insights.Customer, f)
		s.Audio(insights.Agent, transcribe.Frame{Rate: 8000, At: at, PCM: make([]int16, 160)})
		wait(realTime)
	}
}

// checkSounds checks what a call says about onTheLine.
func checkSounds(t *testing.T, c event.Call, said []insights.Utterance) {
	t.Helper()
	var texts []string
	for _, u := range said {
		texts = append(texts, u.Text)
	}
	slices.Sort(texts)
	if got := strings.Join(texts, ", "); got != "hello it is me, yes i am still here" {
		t.Errorf("said %q", got)
	}
	want := map[string][2]insights.Seconds{"ringing": {1, 7}, "music": {20, 32}, "keys": {40, 43.08}}
	for _, s := range c.Sounds {
		w, ok := want[s.Kind]
		if !ok || s.Speaker != insights.Customer || s.Open || math.Abs(float64(s.Start-w[0])) > 0.15 || math.Abs(float64(s.End-w[1])) > 0.15 {
			t.Errorf("sound %+v, want %v", s, w)
		}
		if s.Kind == "keys" && s.Keys != 16 {
			t.Errorf("%d keys, want 16", s.Keys)
		}
		delete(want, s.Kind)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v in %+v", want, c.Sounds)
	}
}

func TestWhatIsNoSpeechIsMarkedAndNotSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		loudest := map[time.Duration]int{} // of each second that the engine was given
		r := newRig(t, func(o *Options) {
			script := knows(heardInIt)
			o.Engine = func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
				engine, name := script(c, who, failed)
				return tapped(engine, func(f transcribe.Frame) {
					mu.Lock()
					defer mu.Unlock()
					if who == insights.Customer {
						loudest[f.At.Truncate(second)] = max(loudest[f.At.Truncate(second)], peak(f.PCM))
					}
				}), name
			}
		})
		s := r.open(t, "a")
		carry(s, onTheLine)
		c, said := r.finish(t, s)
		checkSounds(t, c, said)
		for _, at := range []time.Duration{25, 27, 29, 31} {
			if p := loudest[at*second]; p > 0 {
				t.Errorf("at %d s the engine was given a level of %d", at, p)
			}
		}
		for _, at := range []time.Duration{10, 11, 33, 34} {
			if p := loudest[at*second]; p < 5000 {
				t.Errorf("at %d s the engine was given a level of %d of the speech", at, p)
			}
		}
		w := heardBack(t, r, c.ID)
		if got := level(w, 1, 40*second, 43*second); got > 1 {
			t.Errorf("the keys have a level of %.1f in the recording", got)
		}
		if music, speech := level(w, 1, 25*second, 30*second), level(w, 1, 33*second, 35*second); music < 1000 || speech < 1000 {
			t.Errorf("the recording lost music (%.0f) or speech (%.0f)", music, speech)
		}
		live := 0
		for _, c := range r.brain.changed {
			if slices.ContainsFunc(c.Sounds, func(s event.Sound) bool { return s.Kind == "music" && s.Open }) {
				live++
			}
		}
		if live == 0 {
			t.Error("nobody was told of the music while it played")
		}
		if last := r.screen.shown[len(r.screen.shown)-1]; last.text != "" {
			t.Errorf("%q stands on the screen", last.text)
		}
	})
}

// tapped shows an engine's frames.
func tapped(engine transcribe.Engine, show func(transcribe.Frame)) transcribe.Engine {
	return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
		fed, done := make(chan transcribe.Frame), make(chan error, 1)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() { done <- engine.Transcribe(ctx, fed, emit) }()
		for f := range frames {
			show(f)
			select {
			case fed <- f:
			case <-ctx.Done():
			}
		}
		close(fed)
		return <-done
	})
}

// TestHeardAgainIsTheSame kills the engine at once, so that the whole call is
// heard from its spool.
func TestHeardAgainIsTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := true
		r := newRig(t, func(o *Options) {
			script := knows(heardInIt)
			o.Engine = func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
				if dead {
					return engineFunc(func(context.Context, <-chan transcribe.Frame, func(transcribe.Segment) error) error {
						return &transcribe.Error{Engine: "dead", Verdict: transcribe.GiveUp, Err: errEarly}
					}), "dead"
				}
				return script(c, who, failed)
			}
		})
		s := r.open(t, "a")
		carry(s, onTheLine)
		dead = false
		c, said := r.finish(t, s)
		checkSounds(t, c, said)
		if w := heardBack(t, r, c.ID); level(w, 1, 40*second, 43*second) > 1 {
			t.Error("the keys can be heard in the recording")
		}
	})
}

// TestSpeechIsNotDelayed sends frames one by one: while nothing is masked
// each goes on at once.
func TestSpeechIsNotDelayed(t *testing.T) {
	n := newNoise(event.Call{})
	s := &sieve{who: insights.Customer, noise: n, detect: detects, mute: func(insights.Speaker, time.Duration, time.Duration) {}}
	for at := time.Duration(0); at < 30*second; at += realTime {
		f := speech(insights.Customer, at)
		out := s.pass(f)
		if len(out) != 1 || out[0].At != at || &out[0].PCM[0] != &f.PCM[0] {
			t.Fatalf("at %v %d frames go on", at, len(out))
		}
	}
}

// TestSieveLosesNothing checks that every frame comes out once, in order,
// with other rates, gaps and cuts between.
func TestSieveLosesNothing(t *testing.T) {
	n := newNoise(event.Call{})
	s := &sieve{who: insights.Customer, noise: n, detect: detects, mute: func(insights.Speaker, time.Duration, time.Duration) {}}
	p, in, out := chords(0, 60*second), []time.Duration{}, []time.Duration{}
	at := time.Duration(0)
	take := func(frames []transcribe.Frame) {
		for _, f := range frames {
			out = append(out, f.At)
		}
	}
	for i := range 2000 {
		f := p.frame(at)
		switch {
		case i == 500 || i == 900:
			at += 3 * second
		case i == 700:
			at += time.Minute
		case i > 1200 && i < 1500:
			f.PCM, f.Rate = append(f.PCM, f.PCM...), 16000
		case i == 1600:
			f.Rate, f.PCM = 4000, f.PCM[:80] // no detector takes it
		}
		f.At = at
		in = append(in, at)
		take(s.pass(f))
		at = f.End()
	}
	take(s.end())
	if !slices.Equal(in, out) {
		t.Errorf("%d frames in, %d out", len(in), len(out))
	}
}

func TestNoiseIsBounded(t *testing.T) {
	n := newNoise(event.Call{Sounds: []event.Sound{{Kind: "beep", Speaker: insights.Agent, Open: true}}})
	for i := range 3 * event.MaxSounds {
		at := time.Duration(i) * 10 * second
		n.tell(insights.Customer, at, transcribe.Sound{Kind: transcribe.SoundBeep, Start: second, End: 2 * second, Confidence: 0.8})
		for k := range 10 {
			n.mask(insights.Customer, at+time.Duration(k)*second, at+time.Duration(k)*second+second/2)
		}
	}
	sounds, more, _ := n.list()
	if len(sounds) != event.MaxSounds || more != 2*event.MaxSounds+1 || sounds[0].Open || sounds[1].Start != 1 {
		t.Errorf("%d sounds and %d more, first %+v", len(sounds), more, sounds[:2])
	}
	if got := len(n.masks[customer]); got > mostMasks {
		t.Errorf("%d masks", got)
	}
	if !n.covers(insights.Customer, 5990, 5990.2) || n.covers(insights.Agent, 5990, 5990.2) {
		t.Error("the newest mask is forgotten, or is the other party's")
	}
}

func TestReportedKeysJoinThoseHeard(t *testing.T) {
	n := newNoise(event.Call{})
	for i := range 4 {
		n.pressed(insights.Customer, 10*second+time.Duration(i)*second)
	}
	n.tell(insights.Customer, 0, transcribe.Sound{Kind: transcribe.SoundKeys, Start: 10 * second, End: 13 * second, Keys: 4, Confidence: 1, Open: true})
	n.pressed(insights.Agent, 11*second)
	n.pressed(insights.Customer, 60*second)
	sounds, _, version := n.list()
	if len(sounds) != 3 || sounds[0].Keys != 4 || sounds[1].Speaker != insights.Agent || sounds[2].Keys != 1 || version != 7 {
		t.Errorf("version %d, %+v", version, sounds)
	}
}
