// Package sentiment scores the mood of the customer's words, from -1 to 1.
//
// It reads words only, never the voice, and never scores the agent: inferring
// an employee's emotions at work is forbidden in the European Union (AI Act,
// article 5). The score is VADER's, made for short informal texts, with two
// corrections for telephone service: what annoys without a word of feeling in
// it ("charged twice", "third time i am calling") pulls down, and courtesies
// ("thanks", "please", "good morning") do not count.
package sentiment

import (
	"math"
	"strings"

	"github.com/jonreiter/govader"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
)

const (
	model = "sentiment/vader-1"
	// maxWords bounds the work on one utterance: the rest of a longer one is
	// not scored.
	maxWords = 400
	// quiet is the score below which nothing is said about a mood.
	quiet = 0.05
)

// Analyzer scores utterances. It is safe for concurrent use.
type Analyzer struct {
	vader *govader.SentimentIntensityAnalyzer
	cues  *phrase.Matcher
}

var _ insights.Versioned = (*Analyzer)(nil)

// New makes the analyzer, which takes some milliseconds: make one and share it.
func New() *Analyzer {
	return &Analyzer{vader: govader.NewSentimentIntensityAnalyzer(), cues: phrase.Compile(cues())}
}

// Version names the lexicon and the rules.
func (a *Analyzer) Version() string { return model }

// Analyze gives one insight with the mood in Value for a customer's utterance
// whose words show one, else nil. Confidence grows with the strength of the
// mood and falls with what the recogniser doubts.
func (a *Analyzer) Analyze(u *insights.Utterance, _ *insights.Call) []insights.Insight {
	if u.Speaker != insights.Customer {
		return nil
	}
	score, evidence := a.Score(u.Text)
	if math.Abs(score) < quiet {
		return nil
	}
	confidence := 0.5 + 0.4*math.Abs(score)
	if u.Confidence > 0 && u.Confidence < 1 {
		confidence *= 0.6 + 0.4*u.Confidence
	}
	return []insights.Insight{{
		Kind: insights.Sentiment, Name: name(score), Value: score, Confidence: round(confidence),
		Speaker: u.Speaker, Start: u.Start, End: u.End, Evidence: evidence, Model: model, UtteranceID: u.ID,
	}}
}

// Score gives the mood of a text, -1..1, and the places of the cues and the
// words of feeling that made it.
func (a *Analyzer) Score(text string) (float64, []insights.Span) {
	words := spoken.Words(text)
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	if len(words) == 0 {
		return 0, nil
	}
	score := a.vader.PolarityScores(plain(words)).Compound
	var evidence []insights.Span
	for _, m := range a.cues.Find(insights.Customer, words) {
		pull := strength(m.Rule.Name)
		for range min(len(m.Spans), 2) {
			score = toward(score, pull)
		}
		evidence = append(evidence, m.Spans...)
	}
	if len(evidence) == 0 {
		evidence = a.felt(words, score)
	}
	return round(score), inOrder(evidence)
}

// plain joins the words for VADER, courtesies left out that carry no mood.
func plain(words []spoken.Word) string {
	var b strings.Builder
	for i, w := range words {
		if courtesy(words, i) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// polite are forms of politeness, yeses, and words of feeling that name a
// thing on the phone: a credit card, customer care, a security code. Never
// changed.
var polite = map[string]bool{
	"please": true, "yes": true, "yeah": true, "okay": true, "ok": true, "sure": true, "hello": true, "dear": true,
	"well": true, "like": true, "pretty": true, "interest": true, "number": true, "honestly": true,
	"actually": true, "pay": true, "better": true, "thank": true, "thanks": true, "welcome": true,
	"want": true, "wants": true, "hope": true, "sorry": true, "no": true, "cancel": true, "leave": true,
	"honest": true, "falling": true, "shared": true, "grand": true, // misheard: honestly, calling, sure, and
	"credit": true, "care": true, "security": true, "share": true, "secure": true,
}

// goodWhat follows a good that wishes.
var goodWhat = map[string]bool{"morning": true, "afternoon": true, "evening": true, "day": true, "bye": true, "by": true}

// courtesy says that a word carries no feeling where it stands.
func courtesy(words []spoken.Word, i int) bool {
	var before, next string
	if i > 0 {
		before = words[i-1].Text
	}
	if i+1 < len(words) {
		next = words[i+1].Text
	}
	switch word := words[i].Text; word {
	case "good", "fine":
		return i == 0 || goodWhat[next]
	case "problem", "problems":
		return before == "no"
	case "help":
		return before == "you" || before == "can" || next == "me" || next == "you"
	default:
		return polite[word]
	}
}

// felt gives the places of the words whose valence has the sign of the score.
func (a *Analyzer) felt(words []spoken.Word, score float64) []insights.Span {
	var out []insights.Span
	for i, w := range words {
		v, ok := a.vader.Lexicon[w.Text]
		if ok && v*score > 0 && !courtesy(words, i) && len(out) < 6 {
			out = append(out, insights.Span{From: w.From, To: w.To})
		}
	}
	return out
}

// toward moves a score part of the way to a pull and never away from it.
func toward(score, pull float64) float64 {
	if pull < 0 {
		return math.Max(-1, math.Min(score, 0)+pull*(1+math.Min(score, 0)))
	}
	return math.Min(1, math.Max(score, 0)+pull*(1-math.Max(score, 0)))
}

func name(score float64) string {
	if score < 0 {
		return "negative"
	}
	return "positive"
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// inOrder sorts places and joins those that overlap.
func inOrder(spans []insights.Span) []insights.Span {
	for i := 1; i < len(spans); i++ {
		for j := i; j > 0 && spans[j].From < spans[j-1].From; j-- {
			spans[j], spans[j-1] = spans[j-1], spans[j]
		}
	}
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.From < out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}
