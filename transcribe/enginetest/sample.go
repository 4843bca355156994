package enginetest

import (
	"bytes"
	_ "embed" // the sample
	"encoding/json"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

//go:embed testdata/speech.wav
var speechWAV []byte

//go:embed testdata/speech.json
var speechJSON []byte

// Spoken is one sentence with its stream times.
type Spoken struct {
	Start, End time.Duration
	Text       string
}

// Sample is the kit's audio: one party at 8 kHz.
type Sample struct {
	PCM       []int16
	Rate      int
	Sentences []Spoken
}

// Speech gives the sample.
func Speech(t testing.TB) Sample {
	t.Helper()
	wav, err := audio.ReadWAV(bytes.NewReader(speechWAV))
	if err != nil {
		t.Fatalf("sample: %v", err)
	}
	s := Sample{PCM: wav.Channels[0], Rate: wav.Rate}
	var transcript struct {
		Turns []struct {
			Start, End float64
			Text       string
		}
	}
	if err := json.Unmarshal(speechJSON, &transcript); err != nil {
		t.Fatalf("sample: %v", err)
	}
	for _, turn := range transcript.Turns {
		s.Sentences = append(s.Sentences, Spoken{Start: duration(turn.Start), End: duration(turn.End), Text: turn.Text})
	}
	return s
}

// Script gives every sentence at every stream time at which the kit plays
// it, for engines that go by time and not by ear.
func Script(t testing.TB) []Spoken {
	t.Helper()
	var all []Spoken
	for _, at := range [3]time.Duration{0, later, resumed} {
		for _, s := range Speech(t).Sentences {
			all = append(all, Spoken{Start: at + s.Start, End: at + s.End, Text: s.Text})
		}
	}
	return all
}

// duration converts seconds.
func duration(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}

// words gives the sample's words.
func (s Sample) words() []string {
	var all []string
	for _, sentence := range s.Sentences {
		all = append(all, strings.Fields(sentence.Text)...)
	}
	return all
}

// at gives the sample at another rate.
func (s Sample) at(t testing.TB, rate int) Sample {
	t.Helper()
	r, err := audio.NewResampler(s.Rate, rate)
	if err != nil {
		t.Fatal(err)
	}
	return Sample{PCM: r.Flush(r.Process(nil, s.PCM)), Rate: rate, Sentences: s.Sentences}
}

// frames cuts the sample into frames from a stream time on; the lengths are
// used in turn.
func (s Sample) frames(from time.Duration, lengths ...time.Duration) []transcribe.Frame {
	var out []transcribe.Frame
	for at, i := 0, 0; at < len(s.PCM); i++ {
		n := max(int(lengths[i%len(lengths)].Seconds()*float64(s.Rate)+0.5), 1)
		n = min(n, len(s.PCM)-at)
		out = append(out, transcribe.Frame{
			PCM:  bytes16(s.PCM[at : at+n]),
			Rate: s.Rate,
			At:   from + time.Duration(at)*time.Second/time.Duration(s.Rate),
			Wall: time.Now(),
		})
		at += n
	}
	return out
}

// bytes16 copies samples, because a frame's receiver may keep and change them.
func bytes16(pcm []int16) []int16 { return append([]int16(nil), pcm...) }

// closed gives a channel that holds all frames and is already closed.
func closed(frames []transcribe.Frame) <-chan transcribe.Frame {
	c := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		c <- f
	}
	close(c)
	return c
}

// open gives a channel that holds all frames and never closes.
func open(frames []transcribe.Frame) <-chan transcribe.Frame {
	c := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		c <- f
	}
	return c
}
