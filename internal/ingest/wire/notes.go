package wire

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Note is what a webhook told of a call before its audio came.
type Note struct {
	From, To, Direction string
}

// Notes are what was told of calls whose audio may come. They are kept in
// memory, the latest so many and for a while only: a call without its note is
// taken all the same. It may be used by many goroutines.
type Notes struct {
	kept *lru.Cache[string, dated]
	keep time.Duration
}

type dated struct {
	Note

	at time.Time
}

// NewNotes keeps at most so many, each for so long.
func NewNotes(most int, keep time.Duration) *Notes {
	kept, err := lru.New[string, dated](most)
	if err != nil {
		panic(err) // most is a positive constant of the door
	}
	return &Notes{kept: kept, keep: keep}
}

// Put notes what was told of a call, and drops what is too old.
func (n *Notes) Put(call string, note Note, now time.Time) {
	for {
		_, oldest, ok := n.kept.GetOldest()
		if !ok || now.Sub(oldest.at) < n.keep {
			break
		}
		n.kept.RemoveOldest()
	}
	n.kept.Add(call, dated{note, now})
}

// Get gives what was told of a call; the zero value when nothing was.
func (n *Notes) Get(call string, now time.Time) Note {
	d, ok := n.kept.Peek(call)
	if !ok || now.Sub(d.at) >= n.keep {
		return Note{}
	}
	return d.Note
}
