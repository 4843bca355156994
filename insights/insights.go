// Package insights is the contract between what was said on a call and what
// Heed makes of it: an [Analyzer] reads an [Utterance] and gives [Insight]
// values; those that matter beyond the call become a [Signal].
//
// The package holds the vocabulary only. It imports the standard library
// alone, keeps nothing, and knows neither audio nor customers.
package insights

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Seconds is a time from the start of the call, or a length of time, in
// seconds with millisecond precision. It is what people and JSON see.
type Seconds float64

// SecondsOf converts a duration, rounded to the millisecond.
func SecondsOf(d time.Duration) Seconds {
	return Seconds(math.Round(float64(d)/float64(time.Millisecond)) / 1000)
}

// Duration converts back.
func (s Seconds) Duration() time.Duration {
	return time.Duration(math.Round(float64(s)*1000)) * time.Millisecond
}

// Stretch is a part of a call, from Start up to End.
type Stretch struct {
	Start Seconds `json:"start"`
	End   Seconds `json:"end"`
}

// Speaker says which side of the call spoke.
type Speaker string

// The two sides of a call. Only the customer's words move mood, churn and
// intent; the agent's words are never scored for emotion.
const (
	Customer Speaker = "customer"
	Agent    Speaker = "agent"
)

// Word is one spoken word with its times from the start of the call.
type Word struct {
	Text       string  `json:"text"`
	Start      Seconds `json:"start"`
	End        Seconds `json:"end"`
	Confidence float64 `json:"confidence"` // 0..1
}

// Utterance is one stretch of speech of one speaker, final and redacted.
type Utterance struct {
	ID      string  `json:"id"`
	CallID  string  `json:"call_id"`
	Seq     int     `json:"seq"` // 1, 2, 3... within the call, in order of commit
	Speaker Speaker `json:"speaker"`
	Start   Seconds `json:"start"`
	End     Seconds `json:"end"`
	Text    string  `json:"text"`
	// Written is Text as people write it: casing, punctuation, numbers, money,
	// dates. It is for people to read; everything that understands reads Text.
	Written string `json:"written,omitempty"`
	// WrittenWords says for each token of Written (they have one space between)
	// how many words of Text it stands for; 0 is one more token for the words
	// of the token before it.
	WrittenWords []int `json:"written_words,omitempty"`

	Words      []Word  `json:"words,omitempty"`
	Confidence float64 `json:"confidence"` // 0..1
	Language   string  `json:"language,omitempty"`
	Engine     string  `json:"engine,omitempty"`
	// Recovered marks text made from the recording after a crash or a loss.
	Recovered bool `json:"recovered,omitempty"`
	// Delay is how long after End the text was there, when that is so long
	// that a listener must be told that this is not happening now.
	Delay Seconds `json:"delay,omitempty"`
}

// Kind groups insights of one nature.
type Kind string

// The kinds of insight.
const (
	Intent    Kind = "intent"    // what the speaker wants; Name is the intent
	Theme     Kind = "theme"     // what it is about; Name is the theme
	Sentiment Kind = "sentiment" // Value is -1..1; customer only
	Entity    Kind = "entity"    // Name is the type; Text the value
	Moment    Kind = "moment"    // something that happened: thanks, promise, competitor named
	Redacted  Kind = "redacted"  // Name is what was removed; never holds the text
	Spotted   Kind = "spotted"   // a phrase listened for; Name is the phrase, heard even where Text is garbled
	Talk      Kind = "talk"      // talk behaviour of the whole call; Value is the figure
)

// Annoyed is the name of the [Sentiment] insight that says, once a call, that
// the customer has become annoyed; Value is how likely that is. Others of its
// kind are the mood of one utterance.
const Annoyed = "annoyed"

// Span is a stretch of an utterance's text, in bytes.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Insight is one thing understood from an utterance.
type Insight struct {
	Kind       Kind    `json:"kind"`
	Name       string  `json:"name"`
	Value      float64 `json:"value,omitempty"`
	Text       string  `json:"text,omitempty"`
	Confidence float64 `json:"confidence"` // 0..1, calibrated where the analyzer can
	Speaker    Speaker `json:"speaker"`
	Start      Seconds `json:"start"`
	End        Seconds `json:"end"`
	// Evidence points at the words that carried it. Empty means the whole text.
	Evidence []Span `json:"evidence,omitempty"`
	// Model names the analyzer and its version, such as "intent/7f3a".
	Model string `json:"model"`
	// UtteranceID is empty for insights about the whole call.
	UtteranceID string `json:"utterance_id,omitempty"`
	// Due is the words that say by when, of a promise or a commitment.
	Due string `json:"due,omitempty"`
	// DueOn is when that is, where the words and the day of the call tell it:
	// a day, "2026-11-06", a week, "2026-W46", a month, "2026-12", or a year
	// (ISO 8601).
	DueOn string `json:"due_on,omitempty"`
}

// Call is what is known of a call when an utterance is analysed. Analyzers
// read it and never change it.
type Call struct {
	ID       string
	Language string
	// Country (ISO 3166) is that of the customer's number; empty when unknown.
	Country string
	// StartedAt is when the call began, in the zone of the people on it; zero
	// when that is not known. Words such as "tomorrow" count from it.
	StartedAt time.Time
	// Utterances holds what was said before, oldest first.
	Utterances []Utterance
	// Insights holds what was understood before, oldest first.
	Insights []Insight
}

// LastOf gives the latest utterance of a speaker before now, if any.
func (c *Call) LastOf(s Speaker) (Utterance, bool) {
	for _, u := range slices.Backward(c.Utterances) {
		if u.Speaker == s {
			return u, true
		}
	}
	return Utterance{}, false
}

// Analyzer reads one utterance. Analyze is pure, safe for concurrent use,
// allocates little and takes under 1 ms. It gives nil when it finds nothing.
type Analyzer interface {
	Analyze(u *Utterance, call *Call) []Insight
}

// AnalyzerFunc lets a function be an [Analyzer].
type AnalyzerFunc func(u *Utterance, call *Call) []Insight

// Analyze calls f.
func (f AnalyzerFunc) Analyze(u *Utterance, call *Call) []Insight { return f(u, call) }

// Chain runs analyzers in order and joins what they give. Each sees the
// insights of those before it at the end of call.Insights.
type Chain []Analyzer

// Analyze runs the chain.
func (c Chain) Analyze(u *Utterance, call *Call) []Insight {
	seen := *call
	var all []Insight
	for _, a := range c {
		found := a.Analyze(u, &seen)
		all = append(all, found...)
		seen.Insights = append(slices.Clip(seen.Insights), found...)
	}
	return all
}

// Signal is a fact about the customer that leaves the call: it moves the
// profile and can change the next best action.
type Signal struct {
	// Label is what happened, such as "intent.cancel", "sentiment" or
	// "moment.competitor_named": the insight's kind and name.
	Label      string  `json:"label"`
	Value      float64 `json:"value,omitempty"`
	Confidence float64 `json:"confidence"`
	Speaker    Speaker `json:"speaker"`
	CallID     string  `json:"call_id"`
	At         Seconds `json:"at"` // from the start of the call
	// UtteranceID points at the words that said so.
	UtteranceID string `json:"utterance_id"`
	// Quote is the evidence in the speaker's own (redacted) words.
	Quote string `json:"quote,omitempty"`
}

// Signals turns the insights of one utterance into signals: intents, themes,
// moments, spotted phrases ("spotted.cancel_my_account") and the customer's
// sentiment. The rest stays with the call.
func Signals(u *Utterance, found []Insight) []Signal {
	var out []Signal
	for _, in := range found {
		label := string(in.Kind) + "." + in.Name
		switch in.Kind {
		case Intent, Theme, Moment:
		case Spotted:
			label = string(Spotted) + "." + strings.ReplaceAll(in.Name, " ", "_")
		case Sentiment:
			label = string(Sentiment)
			if in.Name == Annoyed {
				label = "mood." + Annoyed
			}
		case Entity, Redacted, Talk:
			continue
		}
		if in.Kind == Sentiment && u.Speaker != Customer {
			continue
		}
		out = append(out, Signal{
			Label: label, Value: in.Value, Confidence: in.Confidence,
			Speaker: u.Speaker, CallID: u.CallID, At: in.Start,
			UtteranceID: u.ID, Quote: said(u, &in),
		})
	}
	return out
}

// said is the quote of an insight; a phrase that the text lacks has none.
func said(u *Utterance, in *Insight) string {
	if in.Kind == Spotted && len(in.Evidence) == 0 {
		return ""
	}
	return quote(u, in.Evidence)
}

// quote gives the words of the evidence, or the whole text.
func quote(u *Utterance, spans []Span) string {
	if len(spans) == 0 {
		return u.Text
	}
	from, to := len(u.Text), 0
	for _, s := range spans {
		from, to = min(from, s.From), max(to, s.To)
	}
	if from < 0 || to > len(u.Text) || from >= to {
		return u.Text
	}
	return u.Text[from:to]
}
