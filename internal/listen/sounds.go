package listen

import (
	"cmp"
	"slices"
	"time"

	"heed/transcribe"
	"heed/transcribe/sound"
)

// Sound is something on the line that is not speech: music, ringing, keys.
type Sound struct {
	Kind       string  `json:"kind"`
	Speaker    string  `json:"speaker,omitempty"`
	Start      float64 `json:"start"` // seconds from the start of the file
	End        float64 `json:"end"`
	Confidence float64 `json:"confidence"` // 0..1
	Keys       int     `json:"keys,omitempty"`
}

// sift silences what is not speech, so that no engine takes it for words, and
// tells what it was. The samples are changed in place. A rate that the detector
// does not know is left as it is.
func sift(pcm []int16, rate int) []transcribe.Sound {
	d, err := sound.New(sound.Options{Rate: rate})
	if err != nil {
		return nil
	}
	var found []transcribe.Sound
	var masked []transcribe.Stretch
	take := func(s transcribe.Sounds) {
		masked = append(masked, s.Masked...)
		for _, e := range s.Events {
			at := slices.IndexFunc(found, func(f transcribe.Sound) bool { return f.Kind == e.Kind && f.Start == e.Start })
			if at < 0 {
				found = append(found, e)
			} else {
				found[at] = e // the same, as it is known by now
			}
		}
	}
	size := max(rate/50, 1)
	for at := 0; at < len(pcm); at += size {
		take(d.Process(pcm[at:min(at+size, len(pcm))]))
	}
	take(d.Close())
	for _, m := range masked {
		from, to := sampleAt(m.Start, rate), sampleAt(m.End, rate)
		clear(pcm[min(from, len(pcm)):min(to, len(pcm))])
	}
	return found
}

func sampleAt(t time.Duration, rate int) int { return max(int(t*time.Duration(rate)/time.Second), 0) }

// note keeps the sounds of one party.
func (t *Transcript) note(found []transcribe.Sound, speaker string) {
	for _, f := range found {
		t.Sounds = append(t.Sounds, Sound{
			Kind: string(f.Kind), Speaker: speaker, Start: f.Start.Seconds(), End: f.End.Seconds(),
			Confidence: f.Confidence, Keys: f.Keys,
		})
	}
	slices.SortStableFunc(t.Sounds, func(a, b Sound) int { return cmp.Compare(a.Start, b.Start) })
}
