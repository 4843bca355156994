package session

import (
	"cmp"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/event"
	"heed/transcribe"
)

// muteMargin widens what the redactor silences: word times of engines are
// off by about as much.
const muteMargin = insights.Seconds(0.15)

// script is what was said on a call so far.
type script struct {
	o        *Options
	redactor Redactor
	said     insights.Call // in order of commit
	seq      int
	ends     [parties]insights.Seconds // where each party's last utterance ended
	hints    [parties]transcribe.Hints // what engines are told; never changed
}

func newScript(o *Options, record event.Call) *script {
	s := &script{
		o: o, redactor: o.Redactor(),
		said: insights.Call{ID: record.ID, Language: record.Language},
	}
	for p := range parties {
		s.hints[p] = o.Hints(record, p.speaker())
	}
	return s
}

// line is an utterance ready to be committed.
type line struct {
	insights.Utterance

	found []insights.Insight
	mutes []redact.Mute
}

// draft makes an utterance of a segment, without the words that the same
// speaker has said already. It is false when nothing is left.
func (s *script) draft(h heard, recovered bool) (insights.Utterance, bool) {
	u := insights.Utterance{
		ID: event.NewID(), CallID: s.said.ID, Speaker: h.who,
		Start: insights.SecondsOf(h.seg.Start), End: insights.SecondsOf(h.seg.End),
		Text: h.seg.Text, Confidence: h.seg.Confidence, Language: s.said.Language,
		Engine: h.engine, Recovered: recovered,
	}
	if len(h.seg.Words) == 0 {
		return u, !s.covers(h.who, u.Start, u.End)
	}
	words := make([]insights.Word, 0, len(h.seg.Words))
	for _, w := range h.seg.Words {
		word := insights.Word{
			Text: w.Text, Start: insights.SecondsOf(w.Start), End: insights.SecondsOf(w.End), Confidence: w.Confidence,
		}
		if !s.covers(h.who, word.Start, word.End) {
			words = append(words, word)
		}
	}
	u.Words = words
	switch len(words) {
	case 0:
		return u, false
	case len(h.seg.Words):
		return u, true
	}
	u.Start, u.End = words[0].Start, words[len(words)-1].End
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	u.Text = strings.Join(texts, " ")
	return u, true
}

// covers tells whether the middle of a stretch lies in what the speaker was
// heard to say before.
func (s *script) covers(who insights.Speaker, start, end insights.Seconds) bool {
	middle := (start + end) / 2
	if middle >= s.ends[partyOf(who)] {
		return false // as always while a call lives
	}
	for i := len(s.said.Utterances) - 1; i >= 0; i-- {
		if u := &s.said.Utterances[i]; u.Speaker == who && u.Start <= middle && middle < u.End {
			return true
		}
	}
	return false
}

// read redacts an utterance and finds what is in it.
func (s *script) read(u insights.Utterance, h heard, red Redactor, before *insights.Call) line {
	u, found, mutes := red.Final(u)
	found = append(found, s.spotted(h, &u, mutes)...)
	found = append(found, s.o.Analyzer.Analyze(&u, before)...)
	for i := range found {
		in := &found[i]
		if in.UtteranceID == "" {
			in.UtteranceID = u.ID
		}
		if in.Speaker == "" {
			in.Speaker = u.Speaker
		}
		if in.Start == 0 && in.End == 0 {
			in.Start, in.End = u.Start, u.End
		}
	}
	return line{u, found, mutes}
}

// add takes a committed line into the script.
func (s *script) add(l line) {
	s.seq = max(s.seq, l.Seq)
	p := partyOf(l.Speaker)
	s.ends[p] = max(s.ends[p], l.End)
	s.said.Utterances = append(s.said.Utterances, l.Utterance)
	s.said.Insights = append(s.said.Insights, l.found...)
}

// inOrder gives the utterances in order of time.
func (s *script) inOrder() []insights.Utterance {
	return slices.SortedStableFunc(slices.Values(s.said.Utterances), func(a, b insights.Utterance) int {
		return cmp.Compare(a.Start, b.Start)
	})
}
