package redact

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"heed/insights"
)

const (
	subjectSeconds  = 60 // a question for a number is open that long
	subjectTurns    = 10
	longestKept     = 12 // digits in a row that may stay, in any reading
	longestQuantity = 6
	lookAhead       = 6 // words after a number in which it may be named
	joinedGap       = 3 // words between groups of a card number that was asked for
)

// Mute is a stretch of one speaker's audio to silence in the recording, in
// seconds from the start of the call. It can lie in an earlier utterance.
type Mute struct {
	Speaker  insights.Speaker
	From, To insights.Seconds
}

// Redactor follows one call, both speakers. It is safe for concurrent use.
type Redactor struct {
	policy *ruleset

	mu       sync.Mutex
	subject  subject
	tails    map[insights.Speaker]tail
	readings map[insights.Speaker]reading
	heard    insights.Seconds // where the last of all finals ended
	wanted   wanted
	foreign  map[string]lexeme // words of the last final's language
}

// tail is how a speaker's finals end: digits that were kept and may go on, or
// a removed run that may go on.
type tail struct {
	digits        string
	most, pending int
	removed       string // name of what was removed; empty when kept
	from, to      insights.Seconds
	soft, softTo  insights.Seconds // of a last word that may be a digit
}

// New makes a redactor for one call.
func New(p Policy) *Redactor {
	return &Redactor{
		policy: p.set(), tails: make(map[insights.Speaker]tail), readings: make(map[insights.Speaker]reading),
	}
}

// Final redacts a final utterance. Finals of one speaker must come in order of
// time. It gives the utterance as it may be stored, one insight for each
// removal and the audio to silence: of either speaker, since a sentence of one
// may be what shows how far the other's reading went.
func (r *Redactor) Final(u insights.Utterance) (insights.Utterance, []insights.Insight, []Mute) {
	u = valid(u)
	r.mu.Lock()
	r.foreign = wordsOf(u.Language)
	p := r.pass(u.Speaker, u.Text, u.Start, u.End)
	before := r.tails[u.Speaker]
	r.subject = p.subject
	r.subject.left--
	ending := p.ending(before, u)
	ending.soft, ending.softTo = p.softEnd(u)
	r.tails[u.Speaker] = ending
	silent := r.follow(u, p, before)
	r.wanted = r.wanted.after(u)
	r.mu.Unlock()
	u, found, mutes := cut(u, p, before)
	return u, found, merge(append(mutes, silent...))
}

// Partial gives a partial caption as it may be shown. It changes no state and
// hides more than Final: any run of 4 digits or more that still grows.
func (r *Redactor) Partial(who insights.Speaker, text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	r.mu.Lock()
	now := insights.Seconds(r.subject.until - subjectSeconds)
	p := r.pass(who, text, now, now)
	r.mu.Unlock()
	for i := range p.runs {
		run := &p.runs[i]
		if run.name == "" && run.ends && !run.quantity && len(run.digits) >= 4 &&
			!run.topic.harmless() {
			run.name = nameNumber
		}
	}
	shown, _ := replace(text, p.cuts())
	return shown
}

// valid mends bytes that are no UTF-8; the caller's words stay as they are.
func valid(u insights.Utterance) insights.Utterance {
	u.Text = strings.ToValidUTF8(u.Text, "\uFFFD")
	for i, w := range u.Words {
		if utf8.ValidString(w.Text) {
			continue
		}
		u.Words = slices.Clone(u.Words)
		for j := i; j < len(u.Words); j++ {
			u.Words[j].Text = strings.ToValidUTF8(u.Words[j].Text, "\uFFFD")
		}
		break
	}
	return u
}

// pass decides over one text. It reads state and changes none.
func (r *Redactor) pass(who insights.Speaker, text string, start, end insights.Seconds) *pass {
	tokens := tokenize(text, r.foreign)
	mentions := findMentions(tokens)
	p := &pass{
		policy: r.policy, who: who, text: text, tokens: tokens, mentions: mentions, tail: r.tails[who],
		subject: r.subject.at(float64(start)), now: float64(end),
	}
	own := r.readings[who]
	p.flows = own.flows && start <= own.to+readingGap
	for _, run := range findRuns(tokens, p.hearing()) {
		p.runs = append(p.runs, judged{run: run})
	}
	born := p.subject.topic == birth
	p.judge()
	p.look(born, r.wanted.at(start))
	return p
}

// Removal is a stretch of a text that a policy takes out.
type Removal struct {
	From, To int    // bytes, whole words
	Kind     string // one of [Kinds]
}

// Find gives what a policy takes out of one valid text by itself, in order and
// apart: a call of one utterance.
func (p Policy) Find(who insights.Speaker, text string) []Removal {
	cuts := New(p).pass(who, text, 0, 0).cuts()
	_, _ = replace(text, cuts)
	out := make([]Removal, 0, len(cuts))
	for _, c := range cuts {
		if c.to > c.from {
			out = append(out, Removal{From: c.from, To: c.to, Kind: c.name})
		}
	}
	return out
}
