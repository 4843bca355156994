package search

import (
	"context"
	"time"
)

// step is how many hits are in memory at once while all of them are walked
// through. Each step looks at all that the query finds, so that few large ones
// are quick and many small ones are not.
const step = 10_000

// Walk gives all that a query finds, from q.After on, in pages of its order. It
// leaves out Limit, Facets and Highlight. Nothing is locked while a page is
// taken, however long that takes; what comes into the index meanwhile may be
// walked through or not. An error of take ends the walk and is given back, a
// query that does not parse is a *SyntaxError, told before the first page.
// State is [Partial] when the index did not hold all at some time on the way.
func (x *Index) Walk(ctx context.Context, q Query, take func(Result) error) (State, error) {
	return x.walk(ctx, q, step, take)
}

func (x *Index) walk(ctx context.Context, q Query, size int, take func(Result) error) (State, error) {
	root, err := parse(q.Text, time.Now()) // once: "today" is one day for all pages
	if err != nil {
		return Partial, err
	}
	state := Complete
	q.Facets = nil
	for {
		page, err := x.page(ctx, q, root, extent{size: size})
		if err != nil {
			return Partial, err
		}
		if page.State == Partial {
			state = Partial
		}
		if err := take(page); err != nil || page.Next == "" {
			return state, err
		}
		q.After = page.Next
	}
}
