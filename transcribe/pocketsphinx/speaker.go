package pocketsphinx

import (
	"strings"
	"time"

	"heed/transcribe"
)

// speaker makes final segments of utterances.
type speaker struct {
	clock *clock
	emit  func(transcribe.Segment) error
	id    int
	end   time.Duration // of the last final
}

// say emits an utterance. One that reaches over a gap in the audio becomes
// two finals, because nobody spoke in between.
func (s *speaker) say(words []heard) error {
	var open []transcribe.Word
	stretch := -1
	for _, w := range words {
		start, i := s.clock.at(w.start)
		end, _ := s.clock.at(w.end)
		if i != stretch && len(open) > 0 {
			if err := s.final(open); err != nil {
				return err
			}
			open = nil
		}
		stretch = i
		open = append(open, transcribe.Word{Text: w.text, Start: start, End: end, Confidence: w.confidence})
	}
	return s.final(open)
}

// final emits one segment, its words in order and after the last final.
func (s *speaker) final(words []transcribe.Word) error {
	if len(words) == 0 {
		return nil
	}
	texts := make([]string, len(words))
	sum, before := 0.0, s.end
	for i := range words {
		w := &words[i]
		w.Start = max(w.Start, before)
		w.End = max(w.End, w.Start)
		before = w.End
		texts[i] = w.Text
		sum += w.Confidence
	}
	segment := transcribe.Segment{
		ID: s.id + 1, Final: true, Text: strings.Join(texts, " "),
		Start: words[0].Start, End: before,
		Confidence: sum / float64(len(words)), Words: words,
	}
	if segment.End <= segment.Start {
		return nil // squeezed to nothing at the end of the audio: a noise, not speech
	}
	s.id++
	s.end = segment.End
	return s.emit(segment)
}
