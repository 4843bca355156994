package audiohook

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"heed/insights"
)

// near is how close to a cut speech must be to count as going on over it.
const near = 500 * time.Millisecond

// entities are the parameters of event. The client looks at one entity of each
// message.
type entities struct {
	Entities []entity `json:"entities"`
}

type entity struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

// transcript is what was said in one stretch.
type transcript struct {
	ID string `json:"id"`
	// Channel is the side by its name, ChannelID by its place in the audio: the
	// protocol's versions differ in which they read.
	Channel      string        `json:"channel"`
	ChannelID    int           `json:"channelId"`
	IsFinal      bool          `json:"isFinal"`
	Offset       string        `json:"offset"`
	Duration     string        `json:"duration"`
	Alternatives []alternative `json:"alternatives"`
}

type alternative struct {
	Confidence      float64          `json:"confidence"`
	Languages       []string         `json:"languages,omitempty"`
	Interpretations []interpretation `json:"interpretations"`
}

type interpretation struct {
	Type       string  `json:"type"`
	Transcript string  `json:"transcript"`
	Tokens     []token `json:"tokens"`
}

type token struct {
	Type       string  `json:"type"`
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"`
	Offset     string  `json:"offset"`
	Duration   string  `json:"duration"`
	Language   string  `json:"language,omitempty"`
}

// assist is what the vendor calls agent assistance.
type assist struct {
	ID          string       `json:"id"`
	Utterances  []assisted   `json:"utterances,omitempty"`
	Suggestions []suggestion `json:"suggestions,omitempty"`
}

type assisted struct {
	ID         string  `json:"id"`
	Position   string  `json:"position"`
	Duration   string  `json:"duration"`
	Text       string  `json:"text"`
	Language   string  `json:"language"`
	Confidence float64 `json:"confidence"`
	Channel    string  `json:"channel"`
	IsFinal    bool    `json:"isFinal"`
}

type suggestion struct {
	Type        string            `json:"type"`
	ID          string            `json:"id"`
	Confidence  float64           `json:"confidence"`
	Position    string            `json:"position"`
	Title       string            `json:"title"`
	Excerpts    []string          `json:"excerpts"`
	DocumentURI string            `json:"documentUri"`
	Metadata    map[string]string `json:"metadata,omitempty"`
}

// idOf makes the id of what we say of something of ours: the same each time, and
// of a version that the protocol takes.
func idOf(ours string, part int) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%s/%d", ours, part)).String()
}

// channelOf is the protocol's name of a side.
func channelOf(who insights.Speaker) string {
	if who == insights.Agent {
		return "internal"
	}
	return "external"
}

// heardWord is a word as people write it, on the stream's clock.
type heardWord struct {
	text       string
	start, end time.Duration
	confidence float64
}

func (w heardWord) middle() time.Duration { return (w.start + w.end) / 2 }

// wordsOf gives an utterance's words, on a clock whose zero is at zero.
func wordsOf(u *insights.Utterance, zero time.Duration) []heardWord {
	spoken := make([]heardWord, 0, len(u.Words))
	for _, w := range u.Words {
		spoken = append(spoken, heardWord{w.Text, w.Start.Duration() - zero, w.End.Duration() - zero, w.Confidence})
	}
	if len(spoken) == 0 {
		spoken = spread(u, zero)
	}
	return written(u, spoken)
}

// spread gives words whose times are not known theirs by their length.
func spread(u *insights.Utterance, zero time.Duration) []heardWord {
	fields := strings.Fields(u.Text)
	letters := 0
	for _, f := range fields {
		letters += len(f) + 1
	}
	out := make([]heardWord, 0, len(fields))
	begin, all := u.Start.Duration()-zero, (u.End - u.Start).Duration()
	sofar := 0
	for _, f := range fields {
		from := begin + all*time.Duration(sofar)/time.Duration(letters)
		sofar += len(f) + 1
		out = append(out, heardWord{f, from, begin + all*time.Duration(sofar)/time.Duration(letters), u.Confidence})
	}
	return out
}

// written puts what people write in the place of the spoken words, where the
// utterance tells which stands for which.
func written(u *insights.Utterance, spoken []heardWord) []heardWord {
	tokens, sum := strings.Fields(u.Written), 0
	for _, n := range u.WrittenWords {
		sum += n
	}
	if len(tokens) == 0 || len(tokens) != len(u.WrittenWords) || sum != len(spoken) || u.WrittenWords[0] == 0 {
		return spoken
	}
	out := make([]heardWord, 0, len(tokens))
	for i, n := range u.WrittenWords {
		if n == 0 { // one more token for the words before
			w := out[i-1]
			w.text, w.start = tokens[i], w.end
			out = append(out, w)
			continue
		}
		w := spoken[0]
		w.text, w.end = tokens[i], spoken[n-1].end
		for _, other := range spoken[:n] {
			w.confidence = min(w.confidence, other.confidence)
		}
		spoken, out = spoken[n:], append(out, w)
	}
	return out
}

// stretch is a part of an utterance.
type stretch struct {
	start, end time.Duration
	words      []heardWord
}

func (s *stretch) text() string {
	texts := make([]string, len(s.words))
	for i, w := range s.words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// divide splits an utterance at the cuts that words lie on both sides of.
func divide(whole stretch, cuts []time.Duration) []stretch {
	out := []stretch{whole}
	for _, cut := range cuts {
		last := &out[len(out)-1]
		n, _ := slices.BinarySearchFunc(last.words, cut, func(w heardWord, cut time.Duration) int { return int(w.middle() - cut) })
		if n == 0 || n == len(last.words) {
			continue
		}
		before, after := last.words[n-1].end, last.words[n].start
		rest := stretch{start: after, end: last.end, words: last.words[n:]}
		last.words, last.end = last.words[:n], before
		if after-before < near || before > cut {
			last.end = cut
		}
		if after-before < near || after < cut {
			rest.start = cut
		}
		out = append(out, rest)
	}
	return out
}

// speech writes what was heard in the platform's positions.
type speech struct {
	time   *timeline
	tongue string
	index  int // of the speaker's channel
}

// transcript makes the entity of a part of an utterance.
func (s *speech) transcript(u *insights.Utterance, part int, h *stretch) transcript {
	from := s.time.begin(h.start)
	tokens := make([]token, 0, len(h.words))
	before := time.Duration(-1)
	for _, w := range h.words {
		// Two tokens of one place would be taken for one.
		offset := max(s.time.begin(w.start).Round(time.Millisecond), before+time.Millisecond)
		before = offset
		tokens = append(tokens, token{
			Type: "word", Value: w.text, Confidence: share(w.confidence), Language: s.tongue,
			Offset: position(offset), Duration: position(s.time.finish(w.end) - offset),
		})
	}
	a := alternative{Confidence: share(u.Confidence), Interpretations: []interpretation{{Type: "display", Transcript: h.text(), Tokens: tokens}}}
	if s.tongue != "" {
		a.Languages = []string{s.tongue}
	}
	return transcript{
		ID: idOf(u.ID, part), Channel: channelOf(u.Speaker), ChannelID: s.index, IsFinal: true,
		Offset: position(from), Duration: position(s.time.finish(h.end) - from), Alternatives: []alternative{a},
	}
}

// share keeps a figure between 0 and 1.
func share(p float64) float64 { return min(max(p, 0), 1) }
