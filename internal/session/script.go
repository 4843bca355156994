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
	write    func(u *insights.Utterance) (string, []int)
	noise    *noise
	said     insights.Call // in order of commit
	seq      int
	ends     [parties]insights.Seconds // where each party's last utterance ended
	hints    [parties]transcribe.Hints // what engines are told; never changed
	past     bool                      // the call is one of a recording, and long over
	pauses   []insights.Stretch        // nothing is kept of; the last may have no end yet
}

func newScript(o *Options, record event.Call) *script {
	s := &script{
		o: o, redactor: o.Redactor(), write: o.Writer(record), noise: newNoise(record), past: record.Past(),
		said: insights.Call{ID: record.ID, Language: record.Language, Country: o.Country(record), StartedAt: record.StartedAt},
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
// speaker has said already and those that were heard in what is no speech. It
// is false when nothing is left.
func (s *script) draft(h heard, recovered bool) (insights.Utterance, bool) {
	u := s.whole(h, recovered)
	if len(u.Words) == 0 {
		return u, !s.covers(h.who, u.Start, u.End) && !s.unheard(h.who, u.Start, u.End)
	}
	words := slices.DeleteFunc(slices.Clone(u.Words), func(w insights.Word) bool {
		return s.covers(h.who, w.Start, w.End) || s.unheard(h.who, w.Start, w.End)
	})
	all := len(u.Words)
	u.Words = words
	switch len(words) {
	case 0:
		return u, false
	case all:
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

// whole makes an utterance of all of a segment.
func (s *script) whole(h heard, recovered bool) insights.Utterance {
	u := insights.Utterance{
		ID: event.NewID(), CallID: s.said.ID, Speaker: h.who,
		Start: insights.SecondsOf(h.seg.Start), End: insights.SecondsOf(h.seg.End),
		Text: h.seg.Text, Confidence: h.seg.Confidence, Language: s.said.Language,
		Engine: h.engine, Recovered: recovered,
	}
	if s.past { // what is newest is read off the ids
		u.ID = event.IDAt(s.said.StartedAt.Add(h.seg.Start))
	}
	for _, w := range h.seg.Words {
		u.Words = append(u.Words, insights.Word{
			Text: w.Text, Start: insights.SecondsOf(w.Start), End: insights.SecondsOf(w.End), Confidence: w.Confidence,
		})
	}
	return u
}

// hidden gives what must be silent in the recording although no word of it is
// kept: music may have been speech after all, and a card number be in it.
func (s *script) hidden(h heard) []redact.Mute {
	u := s.whole(h, false)
	if !slices.ContainsFunc(u.Words, func(w insights.Word) bool { return s.noise.covers(h.who, w.Start, w.End) }) &&
		!s.noise.covers(h.who, u.Start, u.End) {
		return nil
	}
	red := s.o.Redactor() // the call's own must not hear a word twice
	const context = 10
	for _, past := range s.said.Utterances[max(0, len(s.said.Utterances)-context):] {
		_, _, _ = red.Final(past)
	}
	_, _, mutes := red.Final(u)
	return mutes
}

// unheard tells whether a stretch is no speech, or lies in a pause, of which an
// engine got silence: what it made of that are no words.
func (s *script) unheard(who insights.Speaker, start, end insights.Seconds) bool {
	middle := (start + end) / 2
	return s.noise.covers(who, start, end) || slices.ContainsFunc(s.pauses, func(p insights.Stretch) bool {
		return middle >= p.Start && (p.End == 0 || middle < p.End)
	})
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

// read redacts an utterance, has it written for people and finds what is in
// it. What understands it reads the words as they were heard.
func (s *script) read(u insights.Utterance, h heard, red Redactor, before *insights.Call) line {
	u, found, mutes := red.Final(u)
	u.Written, u.WrittenWords = s.write(&u)
	found = append(found, s.spotted(h, &u, mutes)...)
	found = append(found, s.o.Analyzer.Analyze(&u, before)...)
	insights.Complete(&u, found)
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
