package sherpa

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"heed/transcribe"
)

// recognizer is a loaded model that opens streams. It is safe for use by many
// goroutines; each of its streams is used by one at a time. Streams are never
// decoded in a batch: the model aborts on that.
type recognizer interface {
	// open makes the hinted phrases likelier; those that the model cannot
	// write are left out.
	open(h hints) (hearing, error)
	// spot listens for the hinted phrases; nil when there is none that the
	// model could write.
	spot(h hints) (spotting, error)
	close()
}

// hearing is one stream of a recognizer.
type hearing interface {
	// accept queues samples, 16 kHz, -1 to 1.
	accept(samples []float32)
	// step decodes one chunk, or says that there is not enough audio for one.
	step() bool
	// result is the best guess since the last reset.
	result() (hypothesis, error)
	// reset starts a new stretch of speech; times go on counting from its start.
	reset()
	close()
}

// hypothesis is the runtime's best guess for the stretch under way.
type hypothesis struct {
	Tokens     []string  `json:"tokens"`
	Timestamps []float64 `json:"timestamps"` // seconds since StartTime
	LogProbs   []float64 `json:"ys_probs"`
	StartTime  float64   `json:"start_time"` // seconds since the stream opened
	endpoint   bool
}

func parseHypothesis(text []byte) (hypothesis, error) {
	var h hypothesis
	if err := json.Unmarshal(text, &h); err != nil {
		return hypothesis{}, fmt.Errorf("read the runtime's result: %w", err)
	}
	if len(h.Timestamps) < len(h.Tokens) {
		return hypothesis{}, fmt.Errorf("read the runtime's result: %d tokens with %d times", len(h.Tokens), len(h.Timestamps))
	}
	return h, nil
}

const (
	// wordMark begins a word in the model's vocabulary; the runtime writes it
	// as a space.
	wordMark = "▁"
	// lateness is how long after its sound the model emits a token, and
	// lastToken how long a word goes on after its last token's sound began:
	// medians over the turns of synthetic calls, whose times are known.
	lateness  = 180 * time.Millisecond
	lastToken = 150 * time.Millisecond
)

// words joins tokens into words whose times count from zero.
func (h hypothesis) words(zero time.Duration) []transcribe.Word {
	var words []transcribe.Word
	var logProb float64
	var pieces int
	finish := func() {
		if len(words) > 0 {
			words[len(words)-1].Confidence = math.Round(1000*math.Exp(logProb/float64(max(pieces, 1)))) / 1000
		}
	}
	for i, token := range h.Tokens {
		at := zero + seconds(h.StartTime+h.Timestamps[i]) - lateness
		text, begins := strings.CutPrefix(strings.Replace(token, " ", wordMark, 1), wordMark)
		if begins || len(words) == 0 {
			finish()
			words = append(words, transcribe.Word{Start: at})
			logProb, pieces = 0, 0
		}
		word := &words[len(words)-1]
		word.Text += strings.ToLower(text)
		word.End = at + lastToken
		if i < len(h.LogProbs) {
			logProb += min(h.LogProbs[i], 0)
		}
		pieces++
	}
	finish()
	return tidy(words)
}

// tidy drops words without letters and keeps each word from reaching into the
// next one.
func tidy(words []transcribe.Word) []transcribe.Word {
	kept := words[:0]
	for _, w := range words {
		if strings.Trim(w.Text, "' ") == "" {
			continue
		}
		if n := len(kept); n > 0 {
			kept[n-1].End = min(kept[n-1].End, w.Start)
		}
		kept = append(kept, w)
	}
	return kept
}

func seconds(s float64) time.Duration {
	return time.Duration(s*1000) * time.Millisecond
}

// segment makes words, of which there is at least one, into a segment.
func segment(id int, words []transcribe.Word, final bool) transcribe.Segment {
	s := transcribe.Segment{
		ID: id, Final: final, Words: words,
		Start: words[0].Start, End: words[len(words)-1].End,
	}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
		s.Confidence += w.Confidence / float64(len(words))
	}
	s.Text = strings.Join(texts, " ")
	return s
}
