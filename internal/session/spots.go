package session

import (
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/redact"
	"heed/transcribe"
)

// maxSpots bounds those of one segment; a stretch of speech holds fewer.
const maxSpots = 32

// asked says which phrases an engine was told to listen for. What it gives
// otherwise is text of its own that no redactor has seen, and is dropped.
func (s *script) asked(who insights.Speaker, phrase string) bool {
	return slices.Contains(s.hints[partyOf(who)].Spot, phrase)
}

// spotted makes insights of what was spotted in a segment. One in a stretch
// that the redactor silences is dropped, as is one that the speaker was heard
// to say before the audio was heard again.
func (s *script) spotted(h heard, u *insights.Utterance, mutes []redact.Mute) []insights.Insight {
	var found []insights.Insight
	for _, spot := range h.seg.Spots {
		start, end := insights.SecondsOf(spot.Start), insights.SecondsOf(spot.End)
		if !s.asked(h.who, spot.Phrase) || s.covers(h.who, start, end) || muted(h.who, start, end, mutes) {
			continue
		}
		in := insights.Insight{
			Kind: insights.Spotted, Name: spot.Phrase, Confidence: spot.Confidence, Speaker: h.who,
			Start: start, End: end, Model: "spot/" + h.model, UtteranceID: u.ID,
		}
		if span, ok := wordsAt(u.Text, spot.Phrase); ok {
			in.Text, in.Evidence = spot.Phrase, []insights.Span{span}
		}
		found = append(found, in)
	}
	return found
}

// muted tells whether a stretch of a speaker's audio is being silenced.
func muted(who insights.Speaker, start, end insights.Seconds, mutes []redact.Mute) bool {
	for _, m := range mutes {
		if m.Speaker == who && start < m.To+muteMargin && end > m.From-muteMargin {
			return true
		}
	}
	return false
}

// wordsAt finds a phrase in a text as whole words.
func wordsAt(text, phrase string) (insights.Span, bool) {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 || phrase == "" {
			return insights.Span{}, false
		}
		at, end := from+i, from+i+len(phrase)
		if (at == 0 || text[at-1] == ' ') && (end == len(text) || text[end] == ' ') {
			return insights.Span{From: at, To: end}, true
		}
		from = at + 1
	}
}

// saneSpots holds spots to their contract as sane does words.
func saneSpots(spots []transcribe.Spot, s transcribe.Segment) []transcribe.Spot {
	if !s.Final || len(spots) == 0 {
		return nil
	}
	kept := make([]transcribe.Spot, 0, min(len(spots), maxSpots))
	for _, spot := range spots[:min(len(spots), maxSpots)] {
		spot.Start = min(max(spot.Start, s.Start), s.End)
		spot.End = min(max(spot.End, spot.Start), s.End)
		spot.Confidence = unit(spot.Confidence)
		kept = append(kept, spot)
	}
	return kept
}

// modelOf names the model that heard, or the engine where it does not say.
func modelOf(engine transcribe.Engine, name string) string {
	if d, ok := engine.(transcribe.Describer); ok && d.Info().Model != "" {
		return d.Info().Model
	}
	return name
}
