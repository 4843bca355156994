package search

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	// maxSuggested is how many suggestions there are at most.
	maxSuggested = 12
	// maxTerms is how many values of a field are looked at in a month.
	maxTerms = 5000
	// minValue is how many letters of a word are needed before values are
	// suggested for it that nobody named a field of.
	minValue = 2
)

// Suggestion is something that may stand at a place of a query.
type Suggestion struct {
	Text  string // the whole of what stands there then
	Kind  SuggestionKind
	About string // what it means, in a few words; empty of values
	Count int    // of a value: in how many utterances or calls it is, roughly
}

// SuggestionKind says what a suggestion is.
type SuggestionKind string

// The kinds of suggestion.
const (
	AField SuggestionKind = "field" // with its colon: a value is expected behind it
	AValue SuggestionKind = "value" // of a field, with it
	AJoint SuggestionKind = "joint" // AND, OR, NOT, then
)

// Completion is what may stand at a place of a query, in place of the bytes
// from From up to To.
type Completion struct {
	From, To    int
	Suggestions []Suggestion
}

// abouts say what fields are asked for. An example of what is compared stands
// in [examples].
var abouts = map[string]string{
	"speaker": "who says it", "intent": "what the speaker wants", "theme": "what it is about", "moment": "what happens in it",
	"sentiment": "the customer's mood, -1 to 1", "entity": "what is named", "call": "one call", "language": "the language",
	"date": "the day", "at": "where in the call", "first": "what a party says first", "duration": "the call's length",
	"silence": "the longest silence", "hold": "the longest hold", "agent": "who took the call", "direction": "inbound or outbound",
	"platform": "through which it came", "customer": "one customer", "outcome": "what came of a suggestion", "action": "which suggestion",
	"began": "when the call began", "source": "where the caller saw us", "medium": "and in what", "campaign": "which campaign brought the call",
	"keyword": "what the caller had searched for", "landing": "the page on which the visit began", "queue": "in which the caller waited",
}

// examples are values to begin with, of fields that are compared.
var examples = map[string][]string{
	"sentiment": {"<-0.3", ">0.3"}, "at": {"<60s", ">5m"}, "duration": {">10m", "<1m"}, "silence": {">20s"}, "hold": {">1m"},
	"date": {"today", "yesterday"}, "began": {"today", "yesterday"}, "entity." + money: {">100"},
}

// joints are the words that join others, and what they do.
var joints = []Suggestion{
	{"AND", AJoint, "both", 0}, {"OR", AJoint, "one of them", 0}, {"NOT", AJoint, "without it", 0}, {"then", AJoint, "followed by, within 30 s", 0},
}

// Complete suggests what may stand at a byte of a query's text: fields, values
// that the index holds, the most frequent first, and words that join. Hidden
// says of which fields nothing is told, nil hides none. Ids of calls and
// customers, and what entities say, are never suggested: they may be of people.
// A text that is too long, or a place outside of it, is a *SyntaxError.
func (x *Index) Complete(text string, at int, hidden func(field string) bool) (Completion, error) {
	if len(text) > maxQuery {
		return Completion{}, &SyntaxError{maxQuery, fmt.Sprintf("expected at most %d bytes", maxQuery)}
	}
	if at < 0 || at > len(text) {
		return Completion{}, &SyntaxError{len(text), "expected a place in the query"}
	}
	if hidden == nil {
		hidden = func(string) bool { return false }
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.months == nil {
		return Completion{}, errClosed
	}
	p := placeAt(text, at)
	out := Completion{From: p.from, To: p.to, Suggestions: []Suggestion{}}
	var err error
	switch {
	case p.fixed:
	case p.field != "":
		if base, _, _ := strings.Cut(p.field, "."); !hidden(base) {
			out.Suggestions, err = x.valuesOf(p.field, p.begun, maxSuggested)
		}
	default:
		out.Suggestions, err = x.begun(p, hidden)
	}
	return out, err
}

// begun suggests what begins as a word that names no field yet.
func (x *Index) begun(p spot, hidden func(string) bool) ([]Suggestion, error) {
	begin := strings.ToLower(p.begun)
	if strings.Contains(begin, ".") {
		return x.entityTypes(begin, hidden)
	}
	out := []Suggestion{}
	for _, f := range fields {
		if name := named(f); strings.HasPrefix(name, begin) && !hidden(f.name) {
			out = append(out, Suggestion{Text: name, Kind: AField, About: abouts[f.name]})
		}
	}
	if begin != "" {
		out = append(out, joining(begin, p.joins)...)
	}
	if len([]rune(begin)) < minValue {
		return out, nil
	}
	for _, f := range []string{"intent", "theme", "moment"} {
		if hidden(f) {
			continue
		}
		values, err := x.valuesOf(f, p.begun, maxSuggested/3)
		if err != nil {
			return nil, err
		}
		out = append(out, values...)
	}
	return out, nil
}

// joining gives the words that join and begin so; but for NOT they need
// something before them.
func joining(begin string, joins bool) (out []Suggestion) {
	for _, j := range joints {
		if (joins || j.Text == "NOT") && strings.HasPrefix(strings.ToLower(j.Text), begin) {
			out = append(out, j)
		}
	}
	return out
}

// named is a field as it is begun.
func named(f field) string {
	if f.kind == ofEntity {
		return f.name + "."
	}
	return f.name + ":"
}

// entityTypes suggests the types of entity that there are, such as
// entity.money:.
func (x *Index) entityTypes(begin string, hidden func(string) bool) ([]Suggestion, error) {
	base, sub, _ := strings.Cut(begin, ".")
	out := []Suggestion{}
	if base != "entity" || hidden(base) {
		return out, nil
	}
	types := map[string]bool{}
	for _, m := range x.months.names() {
		if err := x.months.get(m).types(sub, types); err != nil {
			return nil, err
		}
	}
	for t := range types {
		out = append(out, Suggestion{Text: "entity." + t + ":", Kind: AField})
	}
	slices.SortFunc(out, func(a, b Suggestion) int { return strings.Compare(a.Text, b.Text) })
	return out[:min(len(out), maxSuggested)], nil
}

// types adds the types of entity that a month has. Each is found by the first
// of its values: there may be many of those.
func (v *volume) types(begin string, into map[string]bool) (err error) {
	for from := begin; len(into) < maxTerms; {
		dict, err := v.FieldDictRange("entity", []byte(from), []byte(begin+"\xff"))
		if err != nil {
			return fmt.Errorf("search index: types of entity: %w", err)
		}
		e, err := dict.Next()
		if err = errors.Join(err, dict.Close()); err != nil {
			return fmt.Errorf("search index: types of entity: %w", err)
		}
		if e == nil {
			return nil
		}
		t, _, ok := strings.Cut(e.Term, "=")
		if ok && strings.HasPrefix(t, begin) {
			into[t] = true
		}
		from = t + "=\xff"
	}
	return nil
}

// valuesOf suggests values of a field that begin so.
func (x *Index) valuesOf(name, begun string, most int) ([]Suggestion, error) {
	f, _, ok := fieldOf(name)
	if !ok {
		return []Suggestion{}, nil
	}
	var found []Count
	switch f.kind {
	case ofChoice:
		found = beginning(f.one[:], strings.ToLower(begun))
	case ofDay, ofMoment, ofNumber, ofTime, ofEntity:
		found = beginning(examples[name], begun)
	default:
		var err error
		if found, err = x.held(f, begun); err != nil {
			return nil, err
		}
	}
	out := []Suggestion{}
	for _, c := range found[:min(len(found), most)] {
		out = append(out, Suggestion{Text: name + ":" + quoted(c.Value), Kind: AValue, Count: c.Count})
	}
	return out, nil
}

// beginning gives those of some values that begin so.
func beginning(values []string, begun string) (out []Count) {
	for _, v := range values {
		if strings.HasPrefix(v, begun) {
			out = append(out, Count{Value: v})
		}
	}
	return out
}

// held gives the values of a field that the index holds and that begin so. Of
// ids only those of actions are given: calls and customers are people's.
func (x *Index) held(f field, begun string) ([]Count, error) {
	if f.kind == ofID {
		if f.name != "action" {
			return nil, nil
		}
		return x.termsOf(f.name, begun)
	}
	return x.termsOf(f.name, key(begun))
}

// termsOf gives the values of a field that the months hold, the most frequent
// first. What was deleted counts until its part of the index is written anew.
func (x *Index) termsOf(field, begin string) ([]Count, error) {
	counts := map[string]int{}
	for _, m := range x.months.names() {
		dict, err := x.months.get(m).FieldDictPrefix(field, []byte(begin))
		if err != nil {
			return nil, fmt.Errorf("search index: values of %s: %w", field, err)
		}
		for range maxTerms {
			e, nextErr := dict.Next()
			if err = nextErr; err != nil || e == nil {
				break
			}
			counts[e.Term] += total(e.Count)
		}
		if err = errors.Join(err, dict.Close()); err != nil {
			return nil, fmt.Errorf("search index: values of %s: %w", field, err)
		}
	}
	out := make([]Count, 0, len(counts))
	for v, n := range counts {
		out = append(out, Count{v, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value)) })
	return out, nil
}

// quoted writes a value as a query must have it.
func quoted(v string) string {
	if strings.ContainsAny(v, " ()\t\n") {
		return `"` + strings.ReplaceAll(v, `"`, "") + `"`
	}
	return v
}
