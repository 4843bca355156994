package search

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// Days, moods and places in a call are words that sort as they do. A number or a
// moment is sixteen words to bleve, most of which few utterances have in common:
// a third of the index. Of these there are a month's days, 201 moods, and a call's
// seconds.

// ranges finds what a clause on one of them means.
var ranges = map[string]func(*clause) query.Query{
	"date": func(c *clause) query.Query { return withWords("day", dayOf(c.from), dayOf(c.to)) },
	"at": func(c *clause) query.Query {
		first, end := c.seconds()
		return withWords("second", secondAt(first), secondAt(end))
	},
	"sentiment": (*clause).moods,
}

// dayOf is the day of a moment in UTC, empty for none.
func dayOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("20060102")
}

// moodAt is a mood, which is of hundredths.
func moodAt(v float64) string { return fmt.Sprintf("%03d", hundredths(v)) }

// hundredths counts those of a mood from the worst.
func hundredths(v float64) int { return int(math.Round(100*max(-1, min(1, v)))) + 100 }

// moods finds the utterances whose mood a clause means.
func (c *clause) moods() query.Query {
	low, high := 0, 200
	for low <= high && !c.holds(float64(low-100)/100) {
		low++
	}
	for high >= low && !c.holds(float64(high-100)/100) {
		high--
	}
	if low > high {
		return bleve.NewMatchNoneQuery()
	}
	return withWords("sentiment", fmt.Sprintf("%03d", low), fmt.Sprintf("%03d", high+1))
}

// lastSecond is that of the latest place in a call which is told from others.
const lastSecond = 99_999

// secondOf is the second of a call in which something lies.
func secondOf(v float64) int { return int(max(0, min(v, lastSecond))) }

// secondAt is a second as a word, empty behind the last.
func secondAt(second int) string {
	if second > lastSecond {
		return ""
	}
	return fmt.Sprintf("%05d", second)
}

// seconds are those that a clause means: it goes by whole ones, and the one that
// a bound names is in where the bound is.
func (c *clause) seconds() (first, end int) {
	end = lastSecond + 1
	if c.low != nil {
		first = secondOf(c.low.at)
	}
	switch {
	case c.high == nil:
	case c.high.with:
		end = secondOf(c.high.at) + 1
	default:
		end = secondOf(math.Ceil(c.high.at))
	}
	return first, end
}

// withWords finds what has a word from first on and before end in a field; empty
// ones are open.
func withWords(field, first, end string) query.Query {
	with, without := true, false
	q := bleve.NewTermRangeInclusiveQuery(first, end, &with, &without)
	q.SetField(field)
	return unscored{q}
}

// unscored finds what a query does, but gives it no weight and does not say
// where it stands. Many words at once are then one set of utterances.
type unscored struct{ query.Query }

// Searcher is what bleve asks a query for.
func (q unscored) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	o.Score, o.IncludeTermVectors = "none", false
	return q.Query.Searcher(ctx, i, m, o) //nolint:wrapcheck // bleve calls it
}
