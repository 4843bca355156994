package wer

import "slices"

// Pair is one step of an alignment: what was said and what was heard for it.
// One of the two is empty where a word was left out or put in.
type Pair struct{ Said, Heard string }

// Same says that the word was heard as it was said.
func (p Pair) Same() bool { return p.Said == p.Heard }

// The ways into a cell of the edit table.
const (
	diagonal byte = iota
	above         // a word of the reference was left out
	left          // a word was put in
)

// An edit costs far more than all words that are the same can give back: of
// several ways with the least edits Align takes one with most of those.
const (
	edit  = 1 << 32
	found = -1
)

// Align gives the least edits between two rows of words, step by step; their
// number is that of [Count]. It takes len(reference)*len(heard) bytes of
// memory: align stretches, not whole calls.
func Align(reference, heard []string) []Pair {
	from := steps(reference, heard)
	var pairs []Pair
	for i, j := len(reference), len(heard); i > 0 || j > 0; {
		way := left
		switch {
		case i > 0 && j > 0:
			way = from[(i-1)*len(heard)+j-1]
		case i > 0:
			way = above
		}
		var p Pair
		if way != left {
			i--
			p.Said = reference[i]
		}
		if way != above {
			j--
			p.Heard = heard[j]
		}
		pairs = append(pairs, p)
	}
	slices.Reverse(pairs)
	return pairs
}

// steps fills the edit table and gives the way into each cell.
func steps(reference, heard []string) []byte {
	from := make([]byte, len(reference)*len(heard))
	row := make([]int, len(heard)+1)
	for j := range row {
		row[j] = j * edit
	}
	for i, said := range reference {
		corner := row[0]
		row[0] = (i + 1) * edit
		for j, got := range heard {
			cost, way := corner+edit, diagonal
			if said == got {
				cost = corner + found
			}
			if row[j+1]+edit < cost {
				cost, way = row[j+1]+edit, above
			}
			if row[j]+edit < cost {
				cost, way = row[j]+edit, left
			}
			corner = row[j+1]
			row[j+1], from[i*len(heard)+j] = cost, way
		}
	}
	return from
}
