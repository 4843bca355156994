package sherpa

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	spotterPaths = 4
	// spotterBonus is what each piece of a phrase is given to stay in the beam.
	spotterBonus = 1.0
)

// spotting is one stream of the phrase spotter.
type spotting interface {
	decoding
	// spotted is the phrase that the last step completed, if any. It is asked
	// after each step.
	spotted() (sighting, bool, error)
}

// sighting is a phrase and when its pieces were heard, in seconds since the
// stream opened.
type sighting struct {
	phrase string
	times  []float64
}

const (
	// memory is how much audio is kept to weigh a sighting: the longest phrase.
	memory = 6 * time.Second
	// leadIn and leadOut are heard around a phrase when it is weighed.
	leadIn, leadOut = 2 * time.Second, 600 * time.Millisecond
	// weighingBonus makes the recognizer consider the phrase at all.
	weighingBonus = 3
)

// spotter listens for phrases to one party, while there is a model stream.
type spotter struct {
	models recognizer
	tuning Tuning
	stream spotting
	recent []float32 // the end of what was heard
	heard  int64     // samples since the stream opened
}

func (s *spotter) begin(models recognizer, h hints, t Tuning) error {
	if len(h.Spot) == 0 {
		return nil
	}
	stream, err := models.spot(h)
	if err != nil || stream == nil {
		return err
	}
	*s = spotter{models: models, tuning: t, stream: stream}
	return nil
}

// hear gives what was spotted by the end of the samples.
func (s *spotter) hear(samples []float32, zero time.Duration) ([]transcribe.Spot, error) {
	if s.stream == nil {
		return nil, nil
	}
	s.remember(samples)
	s.stream.accept(samples)
	var spots []transcribe.Spot
	for s.stream.step() {
		found, ok, err := s.stream.spotted()
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		first, last := seconds(found.times[0]), seconds(found.times[len(found.times)-1])
		probability, err := s.weigh(found.phrase, first)
		if err != nil {
			return nil, err
		}
		spots = append(spots, transcribe.Spot{
			Phrase: found.phrase, Confidence: probability,
			Start: zero + first - lateness, End: zero + last - lateness + lastToken,
		})
	}
	return spots, nil
}

// remember keeps the end of the audio. It moves it once in a while only.
func (s *spotter) remember(samples []float32) {
	keep := timeToSamples(memory, modelRate)
	s.recent = append(s.recent, samples...)
	s.heard += int64(len(samples))
	if len(s.recent) > 2*keep {
		s.recent = append(s.recent[:0], s.recent[len(s.recent)-keep:]...)
	}
}

// weigh gives the probability of a phrase that was spotted: that of its words
// in the recognizer's ears, when it hears the stretch again and considers the
// phrase. The spotter does not tell its own, only that it was over the
// threshold; that is the answer when the recognizer hears something else.
func (s *spotter) weigh(phrase string, first time.Duration) (float64, error) {
	stream, err := s.models.open(hints{Boost: []string{phrase}, Bonus: weighingBonus})
	if err != nil {
		return 0, fmt.Errorf("weigh a phrase: %w", err)
	}
	defer stream.close()
	back := min(int(s.heard)-timeToSamples(max(first-leadIn, 0), modelRate), len(s.recent))
	stream.accept(s.recent[len(s.recent)-back:])
	quiet := make([]int16, timeToSamples(leadOut, modelRate))
	audio.NewNoise(s.tuning.Seed, s.tuning.Noise).Add(quiet)
	stream.accept(audio.ToFloat(nil, quiet))
	for stream.step() {
		continue
	}
	h, err := stream.result()
	if err != nil {
		return 0, fmt.Errorf("weigh a phrase: %w", err)
	}
	return max(probabilityOf(strings.Fields(phrase), h.words(0)), s.tuning.Spotting), nil
}

// probabilityOf is the mean confidence of a phrase's words where they were
// heard in a row, and 0 where they were not.
func probabilityOf(phrase []string, heard []transcribe.Word) float64 {
	best := 0.0
	for i := 0; i+len(phrase) <= len(heard); i++ {
		sum := 0.0
		for j, word := range phrase {
			if heard[i+j].Text != word {
				sum = 0
				break
			}
			sum += heard[i+j].Confidence
		}
		best = max(best, sum/float64(len(phrase)))
	}
	return best
}

func (s *spotter) close() {
	if s.stream != nil {
		s.stream.close()
		s.stream, s.recent = nil, nil
	}
}

// keywords writes phrases as the runtime's spotter reads them: the pieces of
// one phrase in a line, and its number as its name. Those that cannot be
// written are left out.
func (v *vocabulary) keywords(phrases []string) string {
	var lines []string
	for i, phrase := range phrases {
		if pieces := v.pieces(phrase); pieces != nil {
			lines = append(lines, fmt.Sprintf("%s @%d", strings.Join(pieces, " "), i))
		}
	}
	return strings.Join(lines, "\n")
}

// hotwords writes phrases as the runtime's recognizer reads them,
// with a bonus that is not the tuning's if there is one.
func (v *vocabulary) hotwords(phrases []string, bonus float64) string {
	var lines []string
	for _, phrase := range phrases {
		if pieces := v.pieces(phrase); pieces != nil {
			joined := strings.Join(pieces, "")
			line := strings.TrimSpace(strings.ReplaceAll(joined, wordMark, " "))
			if bonus != 0 {
				line += fmt.Sprintf(" :%g", bonus)
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// parseSighting reads the spotter's result, whose keyword is a number into
// phrases and empty when nothing was spotted.
func parseSighting(text []byte, phrases []string) (sighting, bool, error) {
	var result struct {
		Keyword    string    `json:"keyword"`
		Timestamps []float64 `json:"timestamps"`
	}
	if err := json.Unmarshal(text, &result); err != nil {
		return sighting{}, false, fmt.Errorf("read the spotter's result: %w", err)
	}
	if result.Keyword == "" {
		return sighting{}, false, nil
	}
	n, err := strconv.Atoi(result.Keyword)
	if err != nil || n < 0 || n >= len(phrases) || len(result.Timestamps) == 0 {
		return sighting{}, false, fmt.Errorf("read the spotter's result: phrase %q with %d times", result.Keyword, len(result.Timestamps))
	}
	return sighting{phrase: phrases[n], times: result.Timestamps}, true, nil
}
