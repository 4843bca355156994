package mount

import "github.com/danielgtaylor/huma/v2"

// Repeat says what becomes of the answer to a write that has an
// Idempotency-Key. Without one of these it is kept, and given to the same
// request when it is sent again.
type Repeat string

// RepeatKey is where an operation's metadata has its Repeat.
const RepeatKey = "repeat"

const (
	// Secret is never kept: the answer holds a secret that is shown once, or sets
	// a cookie.
	Secret Repeat = "secret"
	// Streamed has a body that is not held in memory: the route looks after the
	// key itself.
	Streamed Repeat = "streamed"
	// Resumed takes no key: its answer is a stream, which says how to go on.
	Resumed Repeat = "resumed"
)

// Of gives an operation whose answers are treated so.
func (r Repeat) Of(o huma.Operation) huma.Operation {
	about := map[string]any{RepeatKey: r}
	for k, v := range o.Metadata { // which another operation may have too
		if k != RepeatKey {
			about[k] = v
		}
	}
	o.Metadata = about
	return o
}
