package search

import (
	"slices"
	"time"
)

// node is a part of a query: one condition, or others that are joined.
type node struct {
	op   op
	kids []node
	leaf clause // of is
	// within is how much later the second of then may begin than the first ends.
	within time.Duration
}

// op says how the parts of a node are joined.
type op int

const (
	is   op = iota // leaf holds
	all            // every part holds
	some           // at least one does
	not            // the only part does not
	then           // the second follows the first in the same call
)

// clause is one condition.
type clause struct {
	field string // empty: the words of the utterance
	text  string
	how   how
	edits int // of near: letters that may differ
	slop  int // of beside: words that may stand between

	from, to time.Time // of a day; to is exclusive
	low      *bound    // of a number
	high     *bound
}

// how says how words are compared.
type how int

const (
	anyForm how = iota // in all forms of the word
	asTyped            // in quotes: as they stand, in this order
	begins             // by its first letters
	near               // with a few letters that differ
	beside             // in quotes, with other words between, in any order
)

// bound is one end of a range of numbers.
type bound struct {
	at   float64
	with bool // the end itself is in
}

// holds says whether a number lies within the bounds of a clause.
func (c *clause) holds(v float64) bool {
	low := c.low == nil || v > c.low.at || c.low.with && v == c.low.at
	high := c.high == nil || v < c.high.at || c.high.with && v == c.high.at
	return low && high
}

// ofCall says whether a part is a condition on whole calls alone.
func (n *node) ofCall() bool {
	if n.op == is {
		f, _, _ := fieldOf(n.leaf.field)
		return f.whole
	}
	for i := range n.kids {
		if !n.kids[i].ofCall() {
			return false
		}
	}
	return n.op != then && len(n.kids) > 0
}

// scores says whether a query asks for words, by which what it finds differs.
func (n *node) scores() bool {
	if n.op == is {
		return n.leaf.field == "" && n.leaf.text != ""
	}
	return n.op != not && slices.ContainsFunc(n.kids, func(k node) bool { return k.scores() })
}

// follows says whether a query asks for what comes after something else.
func (n *node) follows() bool {
	if n.op == then {
		return true
	}
	for i := range n.kids {
		if n.kids[i].follows() {
			return true
		}
	}
	return false
}
