// Package sentiment scores the mood of the customer's words, from -1 to 1, and
// says when a customer has become annoyed.
//
// It reads words only, never the voice, and never scores the agent: inferring
// an employee's emotions at work is forbidden in the European Union (AI Act,
// article 5). Where the operator switches it off, for a country or
// altogether, nothing is said.
//
// The mood of a sentence is a linear model's over its words, pieces of words
// and the figures of VADER's lexicon, with two corrections for telephone
// service: what annoys without a word of feeling in it ("charged twice",
// "third time i am calling") pulls down, and courtesies ("thanks", "please",
// "good morning") do not count. MODELS.md says what the models were trained
// on and how good they are. English only.
package sentiment

import (
	_ "embed"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/sentiment/linear"
)

//go:embed mood.model
var moodModel []byte // never changed

//go:embed annoyed.model
var annoyedModel []byte // never changed

// quiet is the score below which nothing is said about a mood.
const quiet = 0.2

// Options say where moods are scored.
type Options struct {
	// Off: nowhere, but for the countries of On.
	Off bool
	// Except are the countries (ISO 3166, such as "DE") of the customer's number
	// for which it is the other way round.
	Except []string
}

// Analyzer scores utterances. It is safe for concurrent use.
type Analyzer struct {
	o       Options
	scorer  *Scorer
	annoyed *linear.Model
	version string
}

var _ insights.Versioned = (*Analyzer)(nil)

// New makes the analyzer, which takes some milliseconds: make one and share it.
func New(o Options) (*Analyzer, error) {
	mood, err := MoodModel()
	if err != nil {
		return nil, err
	}
	annoyed, err := linear.Read(annoyedModel)
	if err != nil {
		return nil, fmt.Errorf("annoyance model: %w", err)
	}
	sum := crc32.ChecksumIEEE(append(slices.Clone(moodModel), annoyedModel...))
	return &Analyzer{o: o, scorer: NewScorer(mood), annoyed: annoyed, version: fmt.Sprintf("sentiment/2-%08x", sum)}, nil
}

// MoodModel reads the model of moods that ships.
func MoodModel() (*linear.Model, error) {
	m, err := linear.Read(moodModel)
	if err != nil {
		return nil, fmt.Errorf("mood model: %w", err)
	}
	return m, nil
}

// Version names the models: the same models give the same version.
func (a *Analyzer) Version() string { return a.version }

// Analyze gives one insight with the mood in Value for a customer's utterance
// whose words show one, and another, [AnnoyedName], once a call, when what the
// customer said so far is that of somebody annoyed. Confidence is that of the
// model, less what the recogniser doubts.
func (a *Analyzer) Analyze(u *insights.Utterance, call *insights.Call) []insights.Insight {
	if u.Speaker != insights.Customer || !a.on(call) || !english(u, call) {
		return nil
	}
	m := a.scorer.read(u.Text)
	var found []insights.Insight
	if m.score != 0 {
		found = append(found, insights.Insight{
			Kind: insights.Sentiment, Name: name(m.score), Value: m.score, Confidence: doubted(m.sure, u),
			Speaker: u.Speaker, Start: u.Start, End: u.End, Evidence: m.evidence, Model: a.version, UtteranceID: u.ID,
		})
	}
	if in, ok := a.turned(u, m.score, call); ok {
		found = append(found, in)
	}
	return found
}

// on says whether moods are scored on a call.
func (a *Analyzer) on(call *insights.Call) bool {
	except := call != nil && call.Country != "" &&
		slices.ContainsFunc(a.o.Except, func(c string) bool { return strings.EqualFold(c, call.Country) })
	return a.o.Off == except
}

// english tells whether the models know the language.
func english(u *insights.Utterance, call *insights.Call) bool {
	language := u.Language
	if language == "" && call != nil {
		language = call.Language
	}
	tag, _, _ := strings.Cut(language, "-")
	return tag == "" || strings.EqualFold(tag, "en")
}

// Score gives the mood of a text; see [Scorer.Score].
func (a *Analyzer) Score(text string) (float64, []insights.Span) { return a.scorer.Score(text) }

// Scorer gives what scores single texts for the analyzer.
func (a *Analyzer) Scorer() *Scorer { return a.scorer }

// doubted lowers a confidence by what the recogniser doubts.
func doubted(sure float64, u *insights.Utterance) float64 {
	if u.Confidence > 0 && u.Confidence < 1 {
		sure *= 0.6 + 0.4*u.Confidence
	}
	return round(sure)
}

func chance(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

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
	slices.SortFunc(spans, func(a, b insights.Span) int { return a.From - b.From })
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
