package intent

import (
	"math/rand/v2"
	"slices"

	"heed/insights/spoken"
)

// spread makes more samples of the sentences, as calls bring them: behind an
// opening, and with words that the recogniser lost. A set of thousands brings
// its own variety.
func (l *learner) spread(samples []sample) []sample {
	if len(samples) > manySamples {
		return samples
	}
	openings := [][]spoken.Word{
		spoken.Words("hi i was calling because"), spoken.Words("yeah so"), spoken.Words("well you know"),
		spoken.Words("hello my name is john and"), spoken.Words("okay but"),
	}
	random := rand.New(rand.NewPCG(3, 5))
	out := slices.Clone(samples)
	for i, s := range samples {
		if len(s.words) < 4 {
			continue
		}
		if len(s.intents) > 0 {
			opening := openings[i%len(openings)]
			out = append(out, l.sample(slices.Concat(opening, s.words), s.intents))
		}
		if len(s.words) >= 6 {
			lost := random.IntN(len(s.words))
			out = append(out, l.sample(slices.Concat(s.words[:lost], s.words[lost+1:]), s.intents))
		}
	}
	return out
}

// named adds the names of the intents as examples: "card_arrival" says what it
// is about, which matters most where examples are few.
func (l *learner) named(samples []sample) []sample {
	out := slices.Clip(samples)
	for c, e := range l.set {
		if words := spoken.Words(e.Name); len(words) > 0 && !e.Act {
			out = append(out, l.sample(words, []int32{int32(c)}))
		}
	}
	return out
}
