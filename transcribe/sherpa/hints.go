package sherpa

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"heed/transcribe"
)

const (
	// maxPhrases bounds each list of a stream's hints: more words likelier is
	// no word likelier, and each costs time at the stream's start.
	maxPhrases = 200
	// maxPhraseWords and maxPhraseLength (in bytes) bound one phrase.
	maxPhraseWords, maxPhraseLength = 8, 80
	// maxHints bounds the hints of one stream on their way to the worker.
	maxHints = 48 << 10
)

var (
	_ transcribe.Hinter    = (*Engine)(nil)
	_ transcribe.Engine    = (*hinted)(nil)
	_ transcribe.Hinter    = (*hinted)(nil)
	_ transcribe.Describer = (*hinted)(nil)
	_ transcribe.Batcher   = (*Engine)(nil)
	_ transcribe.Batcher   = (*hinted)(nil)
)

// hints are what a stream is told beforehand: plain lower-case words only.
type hints struct {
	Boost []string `json:"boost,omitempty"` // made likelier in the transcript
	Spot  []string `json:"spot,omitempty"`  // listened for beside it
	Batch bool     `json:"batch,omitempty"` // everybody else comes first
	Bonus float64  `json:"-"`               // instead of the tuning's, if not 0; of this process only
}

// hinted is an engine for one call.
type hinted struct {
	*Engine
	hints hints
}

// With gives the engine for one call's hints. Phrases with anything but Latin
// letters and apostrophes are left out, as is what goes beyond 200 phrases, 8
// words or 80 letters. The language is the model's, whatever the hints say.
func (e *Engine) With(h transcribe.Hints) transcribe.Engine {
	told := hints{Boost: plainPhrases(h.Phrases), Spot: plainPhrases(h.Spot)}
	if len(told.Boost)+len(told.Spot) == 0 {
		return e
	}
	return &hinted{Engine: e, hints: told}
}

// Batch gives the engine for work that can wait: its streams are heard when no
// other one waits, and get no second pass but where all do.
func (e *Engine) Batch() transcribe.Engine { return &hinted{Engine: e, hints: hints{Batch: true}} }

// Batch gives the engine with the same hints.
func (e *hinted) Batch() transcribe.Engine {
	told := e.hints
	told.Batch = true
	return &hinted{Engine: e.Engine, hints: told}
}

// With gives the engine with other hints.
func (e *hinted) With(h transcribe.Hints) transcribe.Engine {
	told := hints{Boost: plainPhrases(h.Phrases), Spot: plainPhrases(h.Spot), Batch: e.hints.Batch}
	if len(told.Boost)+len(told.Spot) == 0 && !told.Batch {
		return e.Engine
	}
	return &hinted{Engine: e.Engine, hints: told}
}

// Transcribe implements [transcribe.Engine] as [Engine.Transcribe] does.
func (e *hinted) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.transcribe(ctx, e.hints, frames, emit)
}

// plainPhrases keeps what a stream may be told, each once, in its order.
func plainPhrases(phrases []string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, phrase := range phrases {
		phrase = strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(phrase, "’", "'"))), " ")
		if len(kept) < maxPhrases && !seen[phrase] && plain(phrase) {
			seen[phrase] = true
			kept = append(kept, phrase)
		}
	}
	return kept
}

// plain says whether a phrase is words of Latin letters and apostrophes with
// single spaces. The runtime takes other signs for commands, or ends.
func plain(phrase string) bool {
	if phrase == "" || len(phrase) > maxPhraseLength || strings.Count(phrase, " ") >= maxPhraseWords {
		return false
	}
	for word := range strings.SplitSeq(phrase, " ") {
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz'") != "" || strings.Trim(word, "'") == "" {
			return false
		}
	}
	return true
}

func (h hints) validate() error {
	for _, list := range [][]string{h.Boost, h.Spot} {
		if len(list) > maxPhrases {
			return fmt.Errorf("%w: %d phrases", errProtocol, len(list))
		}
		for _, phrase := range list {
			if !plain(phrase) {
				return fmt.Errorf("%w: a phrase of more than plain words", errProtocol)
			}
		}
	}
	return nil
}

// parseHints reads what openMessage wrote; nothing is no hints.
func parseHints(text []byte) (hints, error) {
	var h hints
	if len(text) == 0 {
		return h, nil
	}
	if err := json.Unmarshal(text, &h); err != nil {
		return hints{}, fmt.Errorf("%w: hints: %w", errProtocol, err)
	}
	return h, h.validate()
}
