package sherpaws

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// longest is how long a word's last token may last: servers say when tokens
// begin and never when they end.
const longest = 250 * time.Millisecond

// message is one message of the server.
type message struct {
	text    string
	words   []transcribe.Word // by the session's clock; empty when the server gives no times
	segment int
	final   bool
}

// same tells whether two finals are one that came twice.
func (m message) same(other message) bool {
	if m.segment != other.segment || m.text != other.text || len(m.words) != len(other.words) {
		return false
	}
	return len(m.words) == 0 || m.words[0].Start == other.words[0].Start
}

// wire is the message as it is sent. Versions differ: timestamps were once a
// text, and the field for the end has had two names.
type wire struct {
	Text       *string         `json:"text"`
	Tokens     []string        `json:"tokens"`
	Timestamps json.RawMessage `json:"timestamps"`
	StartTime  float64         `json:"start_time"`
	Segment    int             `json:"segment"`
	IsFinal    bool            `json:"is_final"`
	Final      bool            `json:"final"`
}

// parse reads one message.
func parse(b []byte) (message, error) {
	var w wire
	if err := json.Unmarshal(b, &w); err != nil || w.Text == nil {
		return message{}, fmt.Errorf("message of %d bytes: %w", len(b), remote.ErrGarbage)
	}
	m := message{text: strings.TrimSpace(*w.Text), segment: w.Segment, final: w.IsFinal || w.Final}
	if times := stamps(w.Timestamps); len(times) == len(w.Tokens) && len(times) > 0 {
		m.words = assemble(w.Tokens, times, seconds(w.StartTime))
	}
	if !spells(m.words, m.text) {
		m.words = spread(m.text, m.words)
	}
	return m, nil
}

// stamps reads the tokens' times, in seconds from the stretch's start; nil
// when there are none.
func stamps(raw json.RawMessage) []float64 {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	var times []float64
	if json.Unmarshal(raw, &times) != nil {
		return nil
	}
	return times
}

// assemble joins tokens to words: one that begins with a space, or with the
// mark that stands for it, begins a word.
func assemble(tokens []string, times []float64, from time.Duration) []transcribe.Word {
	var out []transcribe.Word
	parted := true // the next letters begin a word
	for i, token := range tokens {
		at := from + seconds(times[i])
		bare := strings.TrimLeft(token, " ▁")
		parted = parted || bare != token
		if bare == "" {
			continue
		}
		if parted {
			out = append(out, transcribe.Word{Start: at})
		}
		if n := len(out); parted && n > 1 {
			out[n-2].End = min(out[n-2].End, max(at, out[n-2].Start))
		}
		last := &out[len(out)-1]
		last.Text += bare
		last.End = at + longest
		parted = false
	}
	return out
}

// spells tells whether words are those of a text. They are not when tokens
// are bytes of letters, or the server changed the text afterwards.
func spells(words []transcribe.Word, text string) bool {
	fields := strings.Fields(text)
	if len(fields) != len(words) {
		return false
	}
	for i, w := range words {
		if w.Text != fields[i] {
			return false
		}
	}
	return true
}

// spread gives a text's words the time of the words that do not spell it.
func spread(text string, words []transcribe.Word) []transcribe.Word {
	fields := strings.Fields(text)
	if len(words) == 0 || len(fields) == 0 {
		return nil
	}
	start := words[0].Start
	step := max(words[len(words)-1].End-start, 0) / time.Duration(len(fields))
	out := make([]transcribe.Word, len(fields))
	for i, f := range fields {
		out[i] = transcribe.Word{Text: f, Start: start + time.Duration(i)*step, End: start + time.Duration(i+1)*step}
	}
	return out
}

// seconds converts a time, which may be anything.
func seconds(s float64) time.Duration {
	if math.IsNaN(s) || s <= 0 {
		return 0
	}
	return time.Duration(min(s, 1e6) * float64(time.Second))
}
