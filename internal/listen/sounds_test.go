package listen

import (
	"math"
	"slices"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

// tone adds a sine of an amplitude to samples.
func tone(pcm []int16, rate int, from, to time.Duration, amplitude float64, hertz ...float64) {
	for i := sampleAt(from, rate); i < sampleAt(to, rate); i++ {
		for _, f := range hertz {
			pcm[i] += int16(amplitude * math.Sin(2*math.Pi*f*float64(i)/float64(rate)))
		}
	}
}

// TestSiftTakesRingingAndLeavesSpeech: North American ringing, two seconds of
// six, and then somebody speaks.
func TestSiftTakesRingingAndLeavesSpeech(t *testing.T) {
	sample := enginetest.Speech(t)
	const second = time.Second
	pcm := make([]int16, 13*sample.Rate)
	tone(pcm, sample.Rate, second, 3*second, 4000, 440, 480)
	tone(pcm, sample.Rate, 7*second, 9*second, 4000, 440, 480)
	spoken := len(pcm)
	pcm = append(pcm, sample.PCM...)
	before := slices.Clone(pcm)
	found := sift(pcm, sample.Rate)
	if len(found) == 0 || found[0].Kind != transcribe.SoundRinging || found[0].Start > 1200*time.Millisecond {
		t.Fatalf("found %+v", found)
	}
	if peak := slices.Max(pcm[2*sample.Rate : 29*sample.Rate/10]); peak > 500 {
		t.Errorf("the ring is still there, peak %d", peak)
	}
	if !slices.Equal(pcm[spoken:], before[spoken:]) {
		t.Error("speech was touched")
	}
}

func TestSiftPassesOverUnknownRates(t *testing.T) {
	pcm := []int16{1, 2, 3}
	if found := sift(pcm, 4000); found != nil || !slices.Equal(pcm, []int16{1, 2, 3}) {
		t.Errorf("found %v, samples %v", found, pcm)
	}
	if found := sift(nil, 8000); found != nil {
		t.Errorf("found %v in nothing", found)
	}
}

func TestNoteKeepsOrderAndSpeaker(t *testing.T) {
	var tr Transcript
	tr.note([]transcribe.Sound{{Kind: transcribe.SoundKeys, Start: 2 * time.Second, End: 3 * time.Second, Keys: 4, Confidence: 1}}, "customer")
	tr.note([]transcribe.Sound{{Kind: transcribe.SoundMusic, Start: time.Second, End: 9 * time.Second}}, "agent")
	if len(tr.Sounds) != 2 || tr.Sounds[0].Kind != "music" || tr.Sounds[1].Keys != 4 || tr.Sounds[1].Speaker != "customer" {
		t.Errorf("%+v", tr.Sounds)
	}
}
