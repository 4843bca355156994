package search

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"heed/insights"
)

// maxOpen bounds how many calls it is remembered of who has spoken in them.
const maxOpen = 20_000

// opened remembers when each party of a call began to speak, so that the
// index is asked once a call and party.
type opened map[string]map[insights.Speaker]insights.Seconds

// first says whether an utterance is the first of its party in its call. What
// was heard again later, and earlier in the call, is one too.
func (x *Index) first(v *volume, u *insights.Utterance) (bool, error) {
	if len(x.opened) > maxOpen {
		clear(x.opened)
	}
	since := x.opened[u.CallID]
	if since == nil {
		since = map[insights.Speaker]insights.Seconds{}
		x.opened[u.CallID] = since
	}
	began, known := since[u.Speaker]
	if !known {
		var err error
		if began, err = v.began(u); err != nil {
			return false, err
		}
	}
	since[u.Speaker] = min(began, u.Start)
	return u.Start <= began, nil
}

// began asks the index when the party was first heard, u included.
func (v *volume) began(u *insights.Utterance) (insights.Seconds, error) {
	r := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(inKey("call", u.CallID), inKey("speaker", string(u.Speaker))), 1, 0, false)
	r.Fields = []string{"kept"}
	r.SortBy([]string{"lies"})
	found, err := v.Search(r)
	if err != nil {
		return 0, fmt.Errorf("search index: what was said before: %w", err)
	}
	for _, m := range found.Hits {
		k, _, err := unkeep(m.Fields)
		return min(k.Start, u.Start), err
	}
	return u.Start, nil
}
