package remote

import (
	"testing"
	"testing/synctest"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

const ms = time.Millisecond

// sentences gives words of 300 ms with 40 ms between them, and a pause after
// each count.
func sentences(pause time.Duration, counts ...int) []transcribe.Word {
	var out []transcribe.Word
	at, k := 500*ms, 0
	for _, n := range counts {
		for range n {
			out = append(out, transcribe.Word{Text: remotetest.Word(k), Start: at, End: at + 300*ms})
			at += 340 * ms
			k++
		}
		at += pause
	}
	return out
}

// spoken gives frames of 20 ms in which the words are said.
func spoken(t *testing.T, said []transcribe.Word) []transcribe.Frame {
	t.Helper()
	length := said[len(said)-1].End + time.Second
	return remotetest.Frames(remotetest.Speak(t, said, 8000, length), 8000, 0, 20*ms)
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		s := &service{}
		s.newEar = func(rate int) *remotetest.Ear { return remotetest.NewScriptEar(t, rate) }
		r, err := New(Options{Name: "fake", Dial: s.dial, Rates: []int{16000}, KeepAlive: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		return described{r}
	}, enginetest.Options{Recall: 1})
}

// described adds what a vendor's engine says of itself.
type described struct{ *Runner }

func (described) Info() transcribe.Info { return transcribe.Info{Name: "fake"} }

func TestHearsEveryWordWhateverTheHabits(t *testing.T) {
	for name, h := range map[string]habits{
		"plain":                        {},
		"keyed":                        {keyed: true},
		"pieces":                       {pieces: true},
		"doubled finals":               {doubled: true},
		"doubled finals with keys":     {doubled: true, keyed: true},
		"finals out of order":          {swapped: true, keyed: true},
		"no times":                     {untimed: true},
		"no times, doubled":            {untimed: true, doubled: true},
		"no times, closed again":       {untimed: true, cutAfter: []time.Duration{1500 * ms, 2 * time.Second, 700 * ms}},
		"no times, pieces":             {untimed: true, pieces: true},
		"closed in the middle":         {cutAfter: []time.Duration{1500 * ms}},
		"closed again and again":       {cutAfter: []time.Duration{1500 * ms, 2 * time.Second, 700 * ms}},
		"closed between pieces":        {pieces: true, cutAfter: []time.Duration{2300 * ms}},
		"first dials fail":             {refuse: []error{errCut, errCut, errCut}},
		"cannot connect again at once": {cutAfter: []time.Duration{1500 * ms}, refuse: []error{nil, errCut, errCut}},
	} {
		for _, live := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					said := sentences(900*ms, 5, 3, 7, 1, 4)
					got, err := says{frames: spoken(t, said), live: live}.transcribe(t, &service{habits: h})
					if err != nil {
						t.Fatal(err)
					}
					if text := finalText(got); text != join(said) {
						t.Errorf("live %t: heard %q\nwant %q", live, text, join(said))
					}
				})
			})
		}
	}
}
