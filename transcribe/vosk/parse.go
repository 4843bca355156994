package vosk

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// answer is one message of the server.
type answer struct {
	final      bool
	text       string
	words      []transcribe.Word
	confidence float64
}

// message is every form that an answer has.
type message struct {
	Partial *string `json:"partial"`
	hypothesis
	Alternatives []hypothesis `json:"alternatives"`
}

// hypothesis is a result, or one candidate of it.
type hypothesis struct {
	Text   *string `json:"text"`
	Result []word  `json:"result"`
}

// word is a word with its times in seconds of the session.
type word struct {
	Word  string  `json:"word"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
	Conf  float64 `json:"conf"`
}

// parse reads one message. A server that was started with alternatives gives
// candidates, the likeliest first, without confidences of words.
func parse(b []byte) (answer, error) {
	var m message
	if err := json.Unmarshal(b, &m); err != nil {
		return answer{}, fmt.Errorf("answer of %d bytes: %w", len(b), remote.ErrGarbage)
	}
	if m.Partial != nil {
		return answer{text: *m.Partial}, nil
	}
	h := m.hypothesis
	if len(m.Alternatives) > 0 {
		h = m.Alternatives[0]
	}
	if h.Text == nil {
		return answer{}, fmt.Errorf("neither a partial nor a text: %w", remote.ErrGarbage)
	}
	a := answer{final: true, text: *h.Text}
	for _, w := range h.Result {
		a.words = append(a.words, transcribe.Word{
			Text: w.Word, Start: seconds(w.Start), End: seconds(w.End), Confidence: min(max(w.Conf, 0), 1),
		})
		a.confidence += min(max(w.Conf, 0), 1) / float64(len(h.Result))
	}
	return a, nil
}

// seconds converts a time, which may be anything.
func seconds(s float64) time.Duration {
	if math.IsNaN(s) || s <= 0 {
		return 0
	}
	return time.Duration(min(s, 1e6) * float64(time.Second))
}
