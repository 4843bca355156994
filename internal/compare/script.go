package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"heed/internal/listen"
	"heed/internal/wer"
)

// Turn is what a party says. Role is agent or customer, or empty where nobody
// knows; the times are seconds, both 0 where nobody knows them.
type Turn struct {
	Role  string  `json:"role"`
	Text  string  `json:"text"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

// Script is what is really said in a recording.
type Script struct{ Turns []Turn }

// ErrNoWords is a reference without a single word to count.
var ErrNoWords = errors.New("there are no words in it")

// ParseScript reads a reference: the JSON of a recorded call's script, an
// object with "turns", or plain text.
func ParseScript(raw []byte) (*Script, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	s := &Script{Turns: []Turn{{Text: string(raw)}}}
	if looksLikeJSON(raw) {
		s.Turns = nil
		if err := json.Unmarshal(raw, s); err != nil {
			return nil, fmt.Errorf("read the script: %w", err)
		}
	}
	for i, t := range s.Turns {
		if t.Role != "" && t.Role != "agent" && t.Role != "customer" {
			return nil, fmt.Errorf("turn %d: role %q is neither agent nor customer", i+1, t.Role)
		}
	}
	if len(wer.Normalize(s.text(""))) == 0 {
		return nil, ErrNoWords
	}
	return s, nil
}

func looksLikeJSON(raw []byte) bool {
	trimmed := bytes.TrimSpace(raw)
	return len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[')
}

// text is what a party says; of all parties for an empty role.
func (s *Script) text(role string) string {
	var texts []string
	for _, t := range s.Turns {
		if role == "" || t.Role == role {
			texts = append(texts, t.Text)
		}
	}
	return strings.Join(texts, " ")
}

// timed says that every turn has its place.
func (s *Script) timed() bool {
	if s == nil {
		return false
	}
	for _, t := range s.Turns {
		if !(t.Start >= 0 && t.End > t.Start) { // so written, it refuses NaN
			return false
		}
	}
	return true
}

// utterances gives the turns; in a recording of one channel nobody is named.
func (s *Script) utterances(named bool) []listen.Utterance {
	out := make([]listen.Utterance, len(s.Turns))
	for i, t := range s.Turns {
		if !named {
			t.Role = ""
		}
		out[i] = listen.Utterance{Speaker: t.Role, Start: t.Start, End: t.End, Text: t.Text}
	}
	return out
}

// score counts the errors of the whole, and of each party where the recording
// and the script both tell them apart: the whole is then their sum, so that
// the order in which two people spoke at once is no error.
func (s *Script) score(t listen.Transcript) (*Score, map[string]Score) {
	if !named(t) || s.text("agent")+s.text("customer") == "" {
		e := wer.Compare(s.text(""), t.Text)
		return &Score{e, e.Rate()}, nil
	}
	parties := map[string]Score{}
	whole := wer.Compare(s.unknown(), "")
	for _, role := range []string{"agent", "customer"} {
		e := wer.Compare(s.text(role), said(t, role))
		parties[role] = Score{e, e.Rate()}
		whole = whole.Add(e)
	}
	return &Score{whole, whole.Rate()}, parties
}

// unknown is what the script gives to nobody.
func (s *Script) unknown() string {
	var texts []string
	for _, t := range s.Turns {
		if t.Role == "" {
			texts = append(texts, t.Text)
		}
	}
	return strings.Join(texts, " ")
}

// named says that a transcript tells the parties apart.
func named(t listen.Transcript) bool {
	return slices.ContainsFunc(t.Utterances, func(u listen.Utterance) bool { return u.Speaker != "" })
}

func said(t listen.Transcript, role string) string {
	var texts []string
	for _, u := range t.Utterances {
		if u.Speaker == role {
			texts = append(texts, u.Text)
		}
	}
	return strings.Join(texts, " ")
}
