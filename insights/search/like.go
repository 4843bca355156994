package search

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// ErrUnknown says that the index holds no such utterance.
var ErrUnknown = errors.New("no such utterance")

const (
	// telling is how many of an utterance's words are looked for: the rarest.
	telling = 8
	// common is the share of utterances from which on a word tells nothing.
	common = 0.1
)

// like adds that an utterance has words of another one, of a call that is not
// the same. The rarest of its words count, and score by how rare they are.
func (x *Index) like(root node, utterance string) (node, error) {
	if utterance == "" {
		return root, nil
	}
	for _, m := range x.months.names() {
		v := x.months.get(m)
		doc, err := v.Document(utterance)
		if err != nil {
			return root, fmt.Errorf("search: %w", err)
		}
		if doc == nil {
			continue
		}
		fields := map[string]any{}
		doc.VisitFields(func(f index.Field) { fields[f.Name()] = string(f.Value()) })
		k, err := unkeep(fields)
		if err != nil {
			return root, err
		}
		text, _ := fields["text"].(string)
		words, err := v.rarest(terms(x.reader.words.Analyze([]byte(text))))
		if err != nil || len(words) == 0 {
			return node{op: not, kids: []node{{op: all}}}, err
		}
		alike := make([]node, len(words))
		for i, w := range words {
			alike[i] = node{leaf: clause{text: w}}
		}
		other := node{op: not, kids: []node{{leaf: clause{field: "call", text: k.Call}}}}
		return node{op: all, kids: []node{root, joinedBy(some, alike), other}}, nil
	}
	return root, ErrUnknown
}

// rarest gives the words that say most: those that stand in few utterances of
// the month.
func (v *volume) rarest(words []string) ([]string, error) {
	size, err := v.DocCount()
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	often := map[string]uint64{}
	for _, w := range words {
		if _, known := often[w]; known {
			continue
		}
		t := bleve.NewTermQuery(w)
		t.SetField("text")
		found, err := v.Search(bleve.NewSearchRequestOptions(t, 0, 0, false))
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		often[w] = found.Total
	}
	out := slices.SortedFunc(maps.Keys(often), func(a, b string) int {
		return cmp.Or(cmp.Compare(often[a], often[b]), cmp.Compare(a, b))
	})
	out = slices.DeleteFunc(out, func(w string) bool { return float64(often[w]) > max(2, common*float64(size)) })
	return out[:min(len(out), telling)], nil
}
