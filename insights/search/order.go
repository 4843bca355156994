package search

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"

	numbers "github.com/blevesearch/bleve/v2/numeric"
	"github.com/blevesearch/bleve/v2/search"
)

// anySum finds what names a sum of money.
var anySum = node{leaf: clause{field: "entity." + money, low: &bound{at: -math.MaxFloat64, with: true}}}

// sort is bleve's order. Ids of utterances are UUIDv7, which sort by time:
// sorting by the time itself was six times slower.
func (o Order) sort() (search.SortOrder, error) {
	switch o {
	case "", ByRelevance:
		return search.SortOrder{&search.SortScore{Desc: true}, &search.SortDocID{Desc: true}}, nil
	case Newest:
		return search.SortOrder{&search.SortDocID{Desc: true}}, nil
	case Oldest:
		return search.SortOrder{&search.SortDocID{}}, nil
	case ByValue:
		sum := &search.SortField{Field: money, Type: search.SortFieldAsNumber, Mode: search.SortFieldMax, Desc: true}
		return search.SortOrder{sum, &search.SortDocID{Desc: true}}, nil
	}
	return nil, &SyntaxError{0, "expected the order relevance, newest, oldest or value"}
}

// page is the place behind a hit, in an order.
type page struct {
	Order Order  `json:"o,omitempty"`
	Key   string `json:"s,omitempty"` // score or sum
	ID    string `json:"i"`
}

func pageAfter(o Order, m *search.DocumentMatch) string {
	p := page{Order: o, ID: m.ID}
	switch o {
	case "", ByRelevance:
		p.Key = strconv.FormatFloat(m.Score, 'g', -1, 64)
	case ByValue:
		sum, err := numbers.PrefixCoded(m.Sort[0]).Int64()
		if err != nil {
			return ""
		}
		p.Key = strconv.FormatFloat(numbers.Int64ToFloat64(sum), 'g', -1, 64)
	case Newest, Oldest:
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readPage(o Order, s string) ([]string, error) {
	bad := &SyntaxError{0, "expected after to be the next of an earlier page of the same search"}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, bad
	}
	var p page
	if err := json.Unmarshal(raw, &p); err != nil || p.ID == "" || p.Order != o {
		return nil, bad
	}
	if o == Newest || o == Oldest {
		return []string{p.ID}, nil
	}
	if _, err := strconv.ParseFloat(p.Key, 64); err != nil {
		return nil, bad
	}
	return []string{p.Key, p.ID}, nil
}
