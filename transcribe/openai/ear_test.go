package openai

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// understanding gives the words in a stretch of audio, by the audio's clock. The
// services get no silence, so their fakes cannot go by the call's clock.
type understanding func(pcm []int16, rate int) []transcribe.Word

// spoken understands remotetest's audio.
func spoken(pcm []int16, rate int) []transcribe.Word {
	ear := remotetest.NewEar(rate)
	var out []transcribe.Word
	for _, e := range append(ear.Hear(pcm), ear.Finish()...) {
		if e.Final {
			out = append(out, e.Words...)
		}
	}
	return out
}

// grain is the length in which loudness is compared.
const grain = 10 * time.Millisecond

// contour is the loudness of audio, in dB by grains.
func contour(pcm []int16, rate int) []float64 {
	size := int(int64(grain) * int64(rate) / int64(time.Second))
	var out []float64
	for at := 0; at+size <= len(pcm); at += size {
		out = append(out, max(level(pcm[at:at+size]), -60))
	}
	return out
}

// sampled understands enginetest's sample: it looks where in it the audio
// comes from.
func sampled(t testing.TB) understanding {
	sample := enginetest.Speech(t)
	whole := contour(sample.PCM, sample.Rate)
	var words []transcribe.Word
	for _, s := range sample.Sentences {
		at := s.Start
		for text := range strings.FieldsSeq(s.Text) {
			end := at + (s.End-s.Start)*time.Duration(len(text)+1)/time.Duration(len(s.Text)+1)
			words = append(words, transcribe.Word{Text: text, Start: at, End: end, Confidence: 0.9})
			at = end
		}
	}
	return func(pcm []int16, rate int) []transcribe.Word {
		part := contour(pcm, rate)
		best, where := -1.0, 0
		for at := -50; at+len(part)/2 < len(whole); at++ {
			if r := alike(part, whole, at); r > best {
				best, where = r, at
			}
		}
		if best < 0.6 {
			return nil
		}
		shift := time.Duration(where) * grain
		var out []transcribe.Word
		for _, w := range words {
			if m := (w.Start+w.End)/2 - shift; m >= 0 && m < time.Duration(len(part))*grain {
				w.Start, w.End = max(w.Start-shift, 0), w.End-shift
				out = append(out, w)
			}
		}
		return out
	}
}

// alike is the correlation of part with whole from a grain on.
func alike(part, whole []float64, at int) float64 {
	var n, a, b, aa, bb, ab float64
	for i, x := range part {
		y := -60.0
		if at+i >= 0 && at+i < len(whole) {
			y = whole[at+i]
		}
		n++
		a, b, aa, bb, ab = a+x, b+y, aa+x*x, bb+y*y, ab+x*y
	}
	spread := math.Sqrt((n*aa - a*a) * (n*bb - b*b))
	if spread == 0 {
		return 0
	}
	return (n*ab - a*b) / spread
}

// text joins words.
func text(words []transcribe.Word) string {
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}

// said gives sentences of six words of 300 ms, with a pause between.
func said(sentences int) []transcribe.Word {
	var out []transcribe.Word
	for k := range 6 * sentences {
		at := 500*ms + time.Duration(k)*340*ms + time.Duration(k/6)*900*ms
		out = append(out, transcribe.Word{Text: remotetest.Word(k), Start: at, End: at + 300*ms})
	}
	return out
}

// want is the text of said.
func want(sentences int) string {
	var out []string
	for i := range sentences {
		out = append(out, text(said(sentences)[6*i:6*i+6]))
	}
	return strings.Join(out, " | ")
}

// outcome is what a transcription gave.
type outcome struct {
	text   string
	finals []transcribe.Segment
	all    []transcribe.Segment
	err    error
}

// hear transcribes words at a rate and checks the contract.
func hear(t *testing.T, e transcribe.Engine, words []transcribe.Word, rate int) outcome {
	t.Helper()
	pcm := remotetest.Speak(t, words, rate, words[len(words)-1].End+time.Second)
	frames := remotetest.Frames(pcm, rate, time.Minute, 20*ms)
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	var out outcome
	var once sync.Mutex
	out.err = e.Transcribe(t.Context(), feed, func(s transcribe.Segment) error {
		if !once.TryLock() {
			t.Error("emit was called twice at once")
		}
		defer once.Unlock()
		out.all = append(out.all, s)
		if s.Final {
			out.finals = append(out.finals, s)
		}
		return nil
	})
	if out.err == nil {
		for _, problem := range enginetest.Check(out.all, frames) {
			t.Error(problem)
		}
	}
	var texts []string
	for _, s := range out.finals {
		texts = append(texts, s.Text)
	}
	out.text = strings.Join(texts, " | ")
	return out
}

// near checks that words of the last sentence are where they were spoken.
func (o outcome) near(t *testing.T, sentences int, within time.Duration) {
	t.Helper()
	for i, w := range o.finals[len(o.finals)-1].Words {
		exact := said(sentences)[6*(sentences-1)+i].Start + time.Minute
		if w.Start < exact-within || w.Start > exact+within {
			t.Errorf("%q begins at %v, was spoken at %v", w.Text, w.Start, exact)
		}
	}
}
