package search

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"heed/insights"
)

// maxOpen bounds how many calls it is remembered of who has spoken in them.
const maxOpen = 20_000

// opened remembers when each party of a call began to speak, so that the
// index is asked once a call and party, and not at all of a call that began
// while its events were read.
type opened map[string]*parts

// parts is when the parties of one call began to speak.
type parts struct {
	whole bool // it was read from its start
	began map[insights.Speaker]insights.Seconds
}

// of gives what is remembered of a call.
func (o opened) of(call string) *parts {
	if o[call] == nil {
		if len(o) > maxOpen {
			clear(o)
		}
		o[call] = &parts{began: map[insights.Speaker]insights.Seconds{}}
	}
	return o[call]
}

// first says whether an utterance is the first of its party in its call. What
// was heard again later, and earlier in the call, is one too.
func (x *Index) first(v *volume, u *insights.Utterance) (bool, error) {
	call := x.opened.of(u.CallID)
	began, known := call.began[u.Speaker]
	switch {
	case known:
	case call.whole:
		began = u.Start
	default:
		var err error
		if began, err = v.began(u); err != nil {
			return false, err
		}
	}
	call.began[u.Speaker] = min(began, u.Start)
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
		k, err := unkeep(m.Fields)
		return min(k.Start, u.Start), err
	}
	return u.Start, nil
}
