package search

import (
	"cmp"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/text/unicode/norm"
)

const (
	asSaid = 2 // how much more the word as it was typed counts than its stem
	// samePrefix is how many first letters of a near word must be right: it
	// keeps the words to look at few.
	samePrefix = 1
)

// reader cuts the words of a query as those of utterances were cut.
type reader struct {
	words analysis.Analyzer
	stems map[string]analysis.Analyzer // by language
	in    tongues                      // whose stems are looked for
}

func readerOf(m mapping.IndexMapping) reader {
	r := reader{words: m.AnalyzerNamed(analyzer), stems: map[string]analysis.Analyzer{}}
	for language := range stemmers {
		r.stems[language] = m.AnalyzerNamed(stemField + language)
	}
	return r
}

// query makes bleve's query of a part, which finds utterances. Conditions on
// fields do not score.
func (r reader) query(n node) query.Query {
	if n.ofCall() {
		return &inCalls{calls: r.calls(n), utterances: everything()}
	}
	switch n.op {
	case is:
		return r.clause(n.leaf)
	case then:
		return &following{first: r.query(n.kids[0]), second: r.query(n.kids[1]), within: n.within}
	case some:
		return query.NewDisjunctionQuery(r.queries(n.kids))
	case not:
		return query.NewBooleanQuery([]query.Query{everything()}, nil, []query.Query{r.query(n.kids[0])})
	case all:
	}
	var must, without []query.Query
	calls := node{op: all}
	for _, k := range n.kids {
		switch {
		case k.ofCall():
			calls.kids = append(calls.kids, k)
		case k.op == not:
			without = append(without, r.query(k.kids[0]))
		default:
			must = append(must, r.query(k))
		}
	}
	q := conjunction(must, without)
	if len(calls.kids) > 0 {
		return &inCalls{calls: r.calls(calls), utterances: q}
	}
	return q
}

func conjunction(must, without []query.Query) query.Query {
	if len(must) == 0 {
		must = append(must, everything())
	}
	if len(without) == 0 && len(must) == 1 {
		return must[0]
	}
	return query.NewBooleanQuery(must, nil, without)
}

// calls makes bleve's query of a condition on whole calls, which finds calls.
func (r reader) calls(n node) query.Query {
	switch n.op {
	case is:
		return r.inField(n.leaf)
	case some:
		return query.NewDisjunctionQuery(r.eachOfCalls(n.kids))
	case not:
		return query.NewBooleanQuery([]query.Query{everyCall()}, nil, []query.Query{r.calls(n.kids[0])})
	case all, then: // the latter is of utterances
	}
	return query.NewConjunctionQuery(r.eachOfCalls(n.kids))
}

func (r reader) eachOfCalls(parts []node) []query.Query {
	out := make([]query.Query, len(parts))
	for i, k := range parts {
		out[i] = r.calls(k)
	}
	return out
}

func (r reader) queries(parts []node) []query.Query {
	out := make([]query.Query, len(parts))
	for i, k := range parts {
		out[i] = r.query(k)
	}
	return out
}

// everything finds all utterances, everyCall all calls.
func everything() query.Query { return inKey("kind", "utterance") }
func everyCall() query.Query  { return inKey("kind", "call") }

func (r reader) clause(c clause) query.Query {
	if c.field != "" {
		return r.inField(c)
	}
	switch c.how {
	case begins:
		q := bleve.NewPrefixQuery(folded(c.text))
		q.SetField("text")
		return q
	case near:
		q := bleve.NewFuzzyQuery(folded(c.text))
		q.SetField("text")
		q.SetFuzziness(c.edits)
		q.SetPrefix(samePrefix)
		return q
	case beside:
		return &closeBy{words: terms(r.words.Analyze([]byte(c.text))), slop: c.slop}
	case asTyped:
		return phrase("text", r.words, c.text, 1)
	case anyForm:
	}
	forms := []query.Query{phrase("text", r.words, c.text, asSaid)}
	for _, language := range r.in {
		forms = append(forms, phrase(stemField+language, r.stems[language], c.text, 1))
	}
	return bleve.NewDisjunctionQuery(forms...)
}

// folded writes a word as those of utterances are written in the index.
func folded(word string) string { return strings.ToLower(norm.NFKC.String(word)) }

// inField makes the query of a clause that names a field.
func (r reader) inField(c clause) query.Query {
	base, sub, _ := strings.Cut(c.field, ".")
	f, _, _ := fieldOf(c.field)
	switch {
	case ranges[c.field] != nil:
		return ranges[c.field](&c)
	case f.kind == ofMoment:
		return inTime(c)
	case c.how == begins && c.text == "" && f.whole:
		return inKey("has", c.field)
	case f.kind == ofWords:
		return r.inWords(c)
	case c.how == begins:
		return beginsIn(c.field, c.text)
	case c.low != nil || c.high != nil:
		return inRange(c)
	case base == "entity":
		return inKey("entity", sub+"="+c.text)
	}
	return inKey(c.field, c.text)
}

func inTime(c clause) query.Query {
	q := bleve.NewDateRangeQuery(c.from, c.to)
	q.SetField(c.field)
	return unscored{q}
}

func inRange(c clause) query.Query {
	q := bleve.NewNumericRangeInclusiveQuery(nil, nil, nil, nil)
	if c.low != nil {
		q.Min, q.InclusiveMin = &c.low.at, &c.low.with
	}
	if c.high != nil {
		q.Max, q.InclusiveMax = &c.high.at, &c.high.with
	}
	q.SetField(cmp.Or(numeric[c.field], c.field))
	return unscored{q}
}

// inWords finds what has words of a clause next to each other, or words and the
// beginning of another.
func (r reader) inWords(c clause) query.Query {
	if c.how != begins {
		return unscored{phrase(c.field, r.words, c.text, 1)}
	}
	tokens := terms(r.words.Analyze([]byte(c.text)))
	if len(tokens) == 0 {
		return bleve.NewMatchNoneQuery()
	}
	last := len(tokens) - 1
	must := []query.Query{beginsIn(c.field, tokens[last])}
	for _, t := range tokens[:last] {
		must = append(must, inKey(c.field, t))
	}
	return conjunction(must, nil)
}

func beginsIn(field, text string) query.Query {
	q := bleve.NewPrefixQuery(text)
	q.SetField(field)
	return unscored{q}
}

// numeric names what holds the numbers of a field, where that is another.
var numeric = map[string]string{"entity." + money: money}

func inKey(field, text string) query.Query {
	q := bleve.NewTermQuery(text)
	q.SetField(field)
	return unscored{q}
}

// phrase finds a word, or what is several words to the analyzer, in a field.
func phrase(field string, a analysis.Analyzer, text string, boost float64) query.Query {
	tokens := a.Analyze([]byte(text))
	switch len(tokens) {
	case 0:
		return bleve.NewMatchNoneQuery()
	case 1: // much cheaper than a phrase of one
		q := bleve.NewTermQuery(string(tokens[0].Term))
		q.SetField(field)
		q.SetBoost(boost)
		return q
	}
	q := bleve.NewPhraseQuery(terms(tokens), field)
	q.SetBoost(boost)
	return q
}
