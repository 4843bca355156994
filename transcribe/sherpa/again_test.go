package sherpa

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"heed/transcribe"
)

// fickle is a model that hears "word" on its first stream and "other" on all
// later ones, so that a second pass outvotes the first.
type fickle struct{ parrot }

func (f *fickle) open(h hints) (hearing, error) {
	s, err := f.parrot.open(h)
	if err != nil || f.opened == 1 {
		return s, err
	}
	return &other{s.(*parrotStream)}, nil
}

type other struct{ *parrotStream }

func (o *other) result() (hypothesis, error) {
	h, err := o.parrotStream.result()
	h.Tokens = slices.Clone(h.Tokens)
	for i := range h.Tokens {
		h.Tokens[i] = " OTHER"
	}
	return h, err
}

// sentence is 500 ms of speech and the silence that ends it.
func sentence() []int16 { return append(tone(500*ms, 8000), hush(2*time.Second, 8000)...) }

func TestSecondPassModes(t *testing.T) {
	for _, c := range []struct {
		mode Second
		idle bool
		want string
	}{
		{SecondAlways, false, "other"},
		{SecondIdle, true, "other"},
		{SecondIdle, false, "word"},
		{SecondNever, true, "word"},
	} {
		tuning := DefaultTuning()
		tuning.Second = c.mode
		f := new(fickle)
		var got []transcribe.Segment
		e, err := newEar(f, 8000, tuning, func(s transcribe.Segment) error { got = append(got, s); return nil })
		if err != nil {
			t.Fatal(err)
		}
		e.again.idle = func() bool { return c.idle }
		hearAll(t, e, 0, sentence())
		finals := onlyFinals(got)
		if len(finals) != 1 || finals[0].Text != c.want || got[0].Text != "word" {
			t.Errorf("%s, idle %t: %+v, want a final %q after a partial of the first pass", c.mode, c.idle, got, c.want)
		}
		if err := e.finish(); err != nil {
			t.Fatal(err)
		}
		if f.opened != f.closed {
			t.Errorf("%s: %d model streams opened, %d closed", c.mode, f.opened, f.closed)
		}
	}
}

// TestSentenceGoesOn: a second pass that began in a pause within a sentence is
// given up.
func TestSentenceGoesOn(t *testing.T) {
	f := new(fickle)
	tuning := DefaultTuning()
	tuning.Second = SecondAlways
	var got []transcribe.Segment
	e, err := newEar(f, 8000, tuning, func(s transcribe.Segment) error { got = append(got, s); return nil })
	if err != nil {
		t.Fatal(err)
	}
	at := hearAll(t, e, 0, append(tone(1500*ms, 8000), hush(420*ms, 8000)...))
	if e.again.pass == nil {
		t.Fatal("no second pass in a pause")
	}
	at = hearAll(t, e, at, tone(1500*ms, 8000))
	if e.again.pass != nil || len(onlyFinals(got)) > 0 {
		t.Fatalf("the second pass goes on, or a final came: %+v", got)
	}
	hearAll(t, e, at, hush(2*time.Second, 8000))
	if finals := onlyFinals(got); len(finals) != 1 || len(finals[0].Words) < 2 {
		t.Errorf("finals %+v, want one with both halves", finals)
	}
}

// TestHurry: the last word comes before the audio that follows it, and the
// times of later words are the call's all the same.
func TestHurry(t *testing.T) {
	tuning := DefaultTuning()
	var last [2]time.Duration // when the word was shown
	for i, hurry := range []time.Duration{0, tuning.Hurry} {
		tuning.Hurry = hurry
		var got []transcribe.Segment
		e, err := newEar(new(parrot), 8000, tuning, func(s transcribe.Segment) error {
			got = append(got, s)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		at := time.Duration(0)
		for ; len(got) == 0; at += 20 * ms {
			hearAll(t, e, at, append(hush(100*ms, 8000), sentence()...)[timeToSamples(at, 8000):][:160])
		}
		last[i] = at
		begin := 3 * time.Second
		hearAll(t, e, at, hush(begin-at, 8000))
		hearAll(t, e, begin, sentence())
		finals := onlyFinals(got)
		if len(finals) != 2 {
			t.Fatalf("hurry %v: finals %+v, want 2", hurry, finals)
		}
		if off := finals[1].Start - begin; off.Abs() > lateness+50*ms {
			t.Errorf("hurry %v: second word %v off", hurry, off)
		}
	}
	if last[1] > last[0] {
		t.Errorf("hurried, the first word is shown at %v, else at %v", last[1], last[0])
	}
}

func TestClockWithoutWhatWasInserted(t *testing.T) {
	c := clock{next: time.Second}
	c.insert(300 * ms)
	c.next = 2 * time.Second
	c.insert(500 * ms)
	for in, want := range map[time.Duration]time.Duration{
		500 * ms: 500 * ms, 1000 * ms: 1000 * ms, 1200 * ms: 1000 * ms, 1300 * ms: 1000 * ms, 1400 * ms: 1100 * ms,
		2300 * ms: 2000 * ms, 2700 * ms: 2000 * ms, 2900 * ms: 2100 * ms,
	} {
		if got := c.without(in); got != want {
			t.Errorf("%v of the model is %v of the call, want %v", in, got, want)
		}
	}
	c.forget()
	if c.zero != -800*ms || c.without(time.Hour) != time.Hour {
		t.Errorf("after a stretch %+v", c)
	}
}

func TestPause(t *testing.T) {
	hum := func(level float64, d time.Duration) []int16 {
		random := rand.New(rand.NewPCG(1, 2))
		pcm := make([]int16, timeToSamples(d, modelRate))
		for i := range pcm {
			pcm[i] = int16(random.NormFloat64() * level)
		}
		return pcm
	}
	p := newPause()
	p.hear(hum(30, time.Second))
	p.hear(hum(3000, 500*ms))
	if p.quiet != 0 || !p.talked {
		t.Errorf("in speech %+v", p)
	}
	p.hear(hum(30, 300*ms))
	if p.quiet < 290*ms || p.quiet > 300*ms {
		t.Errorf("quiet for %v, want 300 ms", p.quiet)
	}
	p.hear(hum(3000, 30*ms)) // a click
	p.hear(hum(30, 200*ms))
	if p.quiet < 490*ms {
		t.Errorf("a click ended the pause: %v", p.quiet)
	}
	p.hear(hum(3000, 200*ms))
	if p.quiet != 0 {
		t.Errorf("still quiet: %v", p.quiet)
	}
	loud := newPause()
	loud.hear(hum(3000, 5*time.Second))
	loud.hear(hum(1500, 2*time.Second))
	if loud.quiet != 0 {
		t.Errorf("a pause in steady noise: %+v", loud)
	}
}

func TestSpeedAndLevel(t *testing.T) {
	pcm := tone(time.Second, modelRate)
	for _, speed := range []float64{0.93, 1, 1.07} {
		if got, want := len(atSpeed(pcm, speed)), float64(len(pcm))/speed; float64(got) < want-2 || float64(got) > want+2 {
			t.Errorf("%v times the speed gives %d samples, want %.0f", speed, got, want)
		}
	}
	if got := atSpeed(nil, 1.07); len(got) != 0 {
		t.Errorf("nothing gives %d samples", len(got))
	}
	low := tone(time.Second, modelRate)
	for i := range low {
		low[i] /= 20
	}
	for _, pcm := range [][]int16{pcm, low} {
		if peak := slices.Max(levelled(pcm, 0.5)); peak < 15500 || peak > 17500 {
			t.Errorf("peak %d, want half of full scale", peak)
		}
	}
	if got := levelled(make([]int16, 100), 0.5); slices.Max(got) != 0 {
		t.Error("silence is not silent")
	}
}
