package remotetest

import (
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/enginetest"
)

// hear gives all events of an ear that is fed pieces of a size.
func hear(e *Ear, pcm []int16, size int) []Event {
	var out []Event
	for len(pcm) > 0 {
		n := min(size, len(pcm))
		out = append(out, e.Hear(pcm[:n])...)
		pcm = pcm[n:]
	}
	return append(out, e.Finish()...)
}

// segments turns final events into segments, for Text.
func segments(events []Event) []transcribe.Segment {
	var out []transcribe.Segment
	for _, e := range events {
		s := transcribe.Segment{Final: e.Final, Words: e.Words}
		for i, w := range e.Words {
			if i > 0 {
				s.Text += " "
			}
			s.Text += w.Text
		}
		out = append(out, s)
	}
	return out
}

func TestEarHearsWhatIsSpoken(t *testing.T) {
	var vocabulary []transcribe.Word
	for k := range words {
		at := time.Duration(k) * 100 * time.Millisecond
		vocabulary = append(vocabulary, transcribe.Word{Text: Word(k), Start: at, End: at + 80*time.Millisecond})
	}
	for _, said := range [][]transcribe.Word{Said(), vocabulary} {
		for _, rate := range []int{8000, 16000, 24000} {
			pcm := Speak(t, said, rate, said[len(said)-1].End+time.Second)
			coded := audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, pcm))
			for _, heard := range [][]int16{pcm, coded} {
				events := hear(NewEar(rate), heard, 123)
				if want, got := Text(said, segments(events)); got != want {
					t.Errorf("%d Hz: heard %q, want %q", rate, got, want)
				}
				for i, w := range events[len(events)-1].Words {
					first := len(said) - len(events[len(events)-1].Words)
					if w.Start != said[first+i].Start || w.End != said[first+i].End {
						t.Errorf("%d Hz: %q at %v to %v, want %v to %v", rate, w.Text, w.Start, w.End, said[first+i].Start, said[first+i].End)
					}
				}
			}
		}
	}
}

func TestWordsThatAreCutAreHeardWrong(t *testing.T) {
	said := Said()[:1]
	pcm := Speak(t, said, 8000, time.Second)
	for name, part := range map[string][]int16{"beginning": pcm[:8000*500/1000], "end": pcm[8000*500/1000:]} {
		events := hear(NewEar(8000), part, 80)
		if want, got := Text(said, segments(events)); got == want || got == "" {
			t.Errorf("the %s alone: heard %q", name, got)
		}
	}
}

func TestScriptEarHearsLoudAudioOnly(t *testing.T) {
	sample := enginetest.Speech(t)
	var want []transcribe.Word
	for _, s := range sample.Sentences {
		want = append(want, transcribe.Word{Text: s.Text})
	}
	text, got := Text(want, segments(hear(NewScriptEar(t, 8000), sample.PCM, 160)))
	if got != text {
		t.Errorf("heard %q, want %q", got, text)
	}
	if events := hear(NewScriptEar(t, 8000), make([]int16, len(sample.PCM)), 160); len(events) > 0 {
		t.Errorf("heard %+v in silence", events)
	}
}

func TestFramesHoldAllOfTheAudio(t *testing.T) {
	pcm := Speak(t, Said(), 8000, 10*time.Second+5*time.Millisecond)
	frames := Frames(pcm, 8000, time.Hour, 20*time.Millisecond)
	n := 0
	for i, f := range frames {
		if want := time.Hour + time.Duration(i)*20*time.Millisecond; f.At != want {
			t.Fatalf("frame %d at %v, want %v", i, f.At, want)
		}
		n += len(f.PCM)
	}
	if n != len(pcm) {
		t.Errorf("frames hold %d of %d samples", n, len(pcm))
	}
}
