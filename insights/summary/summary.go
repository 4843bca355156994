// Package summary sums a call up in a few quotes: why the customer called,
// what was done, what was promised, what happens next and where it was left.
// Each line points at the utterance and the second that it comes from.
//
// It writes no sentence of its own, reads redacted words only, and gives the
// same summary for the same call. What was understood of a call (intents,
// moments) leads it to the lines; where nothing was, as in a language without
// models, the customer's turns that say most by their words stand in.
package summary

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
)

//go:embed rules.yaml
var rulesFile embed.FS

// version is part of the model's name and goes up with the code below.
const version = 2

// The moments that are quoted, by name.
const (
	promise    = "promise"
	commitment = "commitment"
)

// How many lines a part may have.
const (
	mostIssues   = 2
	mostDone     = 2
	mostPromises = 3
	mostNext     = 2
)

// Maker makes summaries. It is safe for concurrent use and never changed.
type Maker struct {
	rules *phrase.Matcher
	model string
}

// New makes a maker. It fails only when the rules that ship with the package
// are broken.
func New() (*Maker, error) {
	rules, err := phrase.Load(rulesFile, "rules")
	if err != nil {
		return nil, fmt.Errorf("summary: %w", err)
	}
	m := phrase.Compile(rules)
	return &Maker{rules: m, model: fmt.Sprintf("summary/%d.%08x", version, m.Version())}, nil
}

// Version names the rules; it is the model of each summary.
func (m *Maker) Version() string { return m.model }

// Make sums a call up. Said is the whole call in order of speech, redacted,
// each utterance with the text that it now has; found is what was understood
// of it. An insight whose evidence is not in the text is read without it.
func (m *Maker) Make(callID string, said []insights.Utterance, found []insights.Insight) insights.Summary {
	r := newReader(m.rules, said, found)
	issues := r.issues()
	rest := slices.Concat(r.ruled(insights.SummaryDone, mostDone), r.promises(), r.next(), r.outcome())
	if issues == nil {
		issues = r.telling(mostIssues) // of what no other line quotes
	}
	lines := slices.Concat(issues, rest)
	if lines == nil {
		lines = []insights.SummaryLine{}
	}
	return insights.Summary{CallID: callID, Lines: lines, Source: insights.FromWords, Model: m.model}
}

// reader is one call being summed up.
type reader struct {
	said  []insights.Utterance
	words [][]spoken.Word
	found [][]insights.Insight // by the place of the utterance
	rule  [][]phrase.Match
	used  map[int]bool // utterances that a line quotes already
}

func newReader(rules *phrase.Matcher, said []insights.Utterance, found []insights.Insight) *reader {
	r := &reader{
		said: said, words: make([][]spoken.Word, len(said)), found: make([][]insights.Insight, len(said)),
		rule: make([][]phrase.Match, len(said)), used: make(map[int]bool),
	}
	at := make(map[string]int, len(said))
	for i := range said {
		at[said[i].ID] = i
		r.words[i] = spoken.Words(said[i].Text)
		r.rule[i] = rules.Find(said[i].Speaker, r.words[i])
	}
	for _, in := range found {
		if i, ok := at[in.UtteranceID]; ok && in.UtteranceID != "" {
			r.found[i] = append(r.found[i], in)
		}
	}
	return r
}

// line quotes an utterance, or the words round some spans of a long one.
func (r *reader) line(part insights.SummaryPart, i int, spans []insights.Span) insights.SummaryLine {
	return r.quote(part, i, around(r.said[i].Text, spans))
}

// quote quotes a stretch of an utterance.
func (r *reader) quote(part insights.SummaryPart, i int, span insights.Span) insights.SummaryLine {
	r.used[i] = true
	u := &r.said[i]
	start, _ := spoken.Times(u, span)
	return insights.SummaryLine{Part: part, Text: written(u, span), UtteranceID: u.ID, Speaker: u.Speaker, Start: start}
}

// issues quotes the customer where they first say what they want most, and
// the next thing that they want. It gives
// nil when no intent was found.
func (r *reader) issues() []insights.SummaryLine {
	var places []int
	for i, w := range r.wishes() {
		if len(places) < mostIssues && !slices.Contains(places, w.first) && (i == 0 || w.weight > worth) {
			places = append(places, w.first)
		}
	}
	slices.Sort(places)
	var out []insights.SummaryLine
	for _, i := range places {
		out = append(out, r.line(insights.SummaryIssue, i, r.evidence(i, insights.Intent)))
	}
	return out
}

// wish is an intent of the customer: where it first came up surely, and how
// much it was said.
type wish struct {
	first  int
	sure   bool
	weight float64
}

// wishes gives the customer's intents, the strongest first.
func (r *reader) wishes() []wish {
	place := make(map[string]int)
	var all []wish
	for i := range r.said {
		for _, in := range r.found[i] {
			if in.Kind != insights.Intent || in.Speaker != insights.Customer {
				continue
			}
			at, ok := place[in.Name]
			if !ok {
				at = len(all)
				place[in.Name], all = at, append(all, wish{first: i})
			}
			if w := &all[at]; in.Confidence > sure && !w.sure {
				w.first, w.sure = i, true
			}
			all[at].weight += in.Confidence * early(i, len(r.said))
		}
	}
	slices.SortStableFunc(all, func(a, b wish) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.first, b.first))
	})
	return all
}

const (
	// sure is the confidence from which an intent is quoted where it came up
	// first, and worth what a second one must add up to.
	sure  = 0.6
	worth = 0.7
)

// early weighs what comes early in a call: people say first what they call
// for. It falls from 1.5 to 0.5.
func early(i, n int) float64 { return 1.5 - float64(i)/float64(max(n, 1)) }

// evidence joins the evidence of a kind in an utterance.
func (r *reader) evidence(i int, kind insights.Kind) []insights.Span {
	var out []insights.Span
	for _, in := range r.found[i] {
		if in.Kind == kind {
			out = append(out, in.Evidence...)
		}
	}
	return out
}

// ruled quotes the latest utterances that a rule of the part's name matches.
func (r *reader) ruled(part insights.SummaryPart, most int) []insights.SummaryLine {
	var out []insights.SummaryLine
	for i := len(r.said) - 1; i >= 0 && len(out) < most; i-- {
		for _, m := range r.rule[i] {
			if m.Rule.Name == string(part) && !r.used[i] {
				out = append(out, r.before(part, i, m.Spans))
				break
			}
		}
	}
	slices.Reverse(out)
	return out
}

// before quotes an utterance up to a promise in it, which gets a line of its
// own.
func (r *reader) before(part insights.SummaryPart, i int, spans []insights.Span) insights.SummaryLine {
	for _, in := range r.found[i] {
		if in.Kind != insights.Moment || in.Name != promise || len(in.Evidence) == 0 {
			continue
		}
		if ends := spans[len(spans)-1].To; ends <= in.Evidence[0].From {
			return r.quote(part, i, insights.Span{To: len(strings.TrimSuffix(strings.TrimRight(r.said[i].Text[:in.Evidence[0].From], " "), " and"))})
		}
	}
	return r.line(part, i, spans)
}

// moments quotes the latest moments of a name, those with a date first.
func (r *reader) moments(name string, part insights.SummaryPart, most int) []insights.SummaryLine {
	type place struct {
		at int
		in insights.Insight
	}
	var all []place
	for i := range r.said {
		for _, in := range r.found[i] {
			if in.Kind == insights.Moment && in.Name == name && (in.Due != "" || len(r.words[i]) >= shortest) {
				all = append(all, place{i, in})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b place) int {
		if dated := cmp.Compare(len(b.in.Due), len(a.in.Due)); (a.in.Due == "") != (b.in.Due == "") {
			return dated
		}
		return cmp.Compare(b.at, a.at)
	})
	all = all[:min(len(all), most)]
	slices.SortFunc(all, func(a, b place) int { return cmp.Compare(a.at, b.at) })
	var out []insights.SummaryLine
	for _, p := range all {
		l := r.exactly(part, p.at, p.in.Evidence)
		l.Due, l.DueOn = p.in.Due, p.in.DueOn
		out = append(out, l)
	}
	return out
}

// exactly quotes the spans alone when the utterance says more than that.
func (r *reader) exactly(part insights.SummaryPart, i int, spans []insights.Span) insights.SummaryLine {
	n := len(spans)
	if n == 0 || len(r.words[i]) <= plenty && !r.used[i] || spans[0].From < 0 || spans[n-1].To > len(r.said[i].Text) {
		return r.line(part, i, spans)
	}
	return r.quote(part, i, insights.Span{From: spans[0].From, To: spans[n-1].To})
}

// plenty is how many words are quoted whole although not all of them matter.
const plenty = 16

// shortest is the fewest words that say something by themselves.
const shortest = 4

func (r *reader) promises() []insights.SummaryLine {
	return r.moments(promise, insights.SummaryPromise, mostPromises)
}

func (r *reader) next() []insights.SummaryLine {
	own := r.moments(commitment, insights.SummaryNext, mostNext)
	out := append(own, r.ruled(insights.SummaryNext, mostNext-len(own))...)
	slices.SortStableFunc(out, func(a, b insights.SummaryLine) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// outcome quotes the customer's latest word on how it was left: what a rule
// knows, else what was wanted or happened in the last third, else their last
// turn that is not too short.
func (r *reader) outcome() []insights.SummaryLine {
	if out := r.ruled(insights.SummaryOutcome, 1); out != nil {
		return out
	}
	last := -1
	for i := len(r.said) - 1; i >= len(r.said)*2/3; i-- {
		if r.said[i].Speaker != insights.Customer || r.used[i] || len(r.words[i]) < shortest {
			continue
		}
		if last < 0 {
			last = i
		}
		if len(r.found[i]) > 0 {
			last = i
			break
		}
	}
	if last < 0 {
		return nil
	}
	return []insights.SummaryLine{r.line(insights.SummaryOutcome, last, nil)}
}
