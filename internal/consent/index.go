package consent

import (
	"slices"
	"sort"
	"time"
)

// Index answers questions to a long ledger without reading all of it. Its
// answers are those of [Now] and [AsOf]. It does not change and is safe for
// concurrent use.
type Index struct {
	cells  map[Cell][]stack     // one a member
	lifted map[string]time.Time // row -> since when it is known to be a mistake
	deep   int                  // members
}

// stack is what one member's ledger holds of exactly one cell, in the order of
// [beats].
type stack struct{ acts, rest []*Row }

// NewIndex reads a ledger, which must not be changed afterwards.
func NewIndex(rows []Row) *Index {
	x := &Index{cells: make(map[Cell][]stack), lifted: make(map[string]time.Time), deep: 1}
	for i := range rows {
		x.deep = max(x.deep, rows[i].Member+1)
	}
	for i := range rows {
		x.add(&rows[i])
	}
	for _, stacks := range x.cells {
		for i := range stacks {
			for _, list := range [...][]*Row{stacks[i].acts, stacks[i].rest} {
				slices.SortStableFunc(list, compare)
			}
		}
	}
	return x
}

func (x *Index) add(r *Row) {
	switch {
	case r.Lifts != "":
		if at, known := x.lifted[r.Lifts]; !known || r.RecordedAt.Before(at) {
			x.lifted[r.Lifts] = r.RecordedAt
		}
		return
	case r.Provisional && !closes(r.State):
		return
	}
	stacks := x.cells[r.Cell]
	if stacks == nil {
		stacks = make([]stack, x.deep)
		x.cells[r.Cell] = stacks
	}
	s := &stacks[r.Member]
	if acted(r.State) {
		s.acts = append(s.acts, r)
	} else {
		s.rest = append(s.rest, r)
	}
}

// Now is [Now] of the ledger.
func (x *Index) Now(c Cell, at time.Time) Answer {
	return restrict(c, func(c Cell) Answer { return x.answer(c, at, time.Time{}) })
}

// AsOf is [AsOf] of the ledger.
func (x *Index) AsOf(c Cell, valid, known time.Time) Answer {
	if known.IsZero() {
		return Answer{State: Unknown}
	}
	return restrict(c, func(c Cell) Answer { return x.answer(c, valid, known) })
}

func (x *Index) answer(c Cell, valid, known time.Time) Answer {
	chains := make([]slotPair, x.deep)
	for at := range len(slots{}) {
		asked, distinct := general(c, at)
		if !distinct {
			continue
		}
		for member, s := range x.cells[asked] {
			chains[member].acts[at] = x.top(s.acts, valid, known)
			chains[member].rest[at] = x.top(s.rest, valid, known)
		}
	}
	return strictest(chains, valid)
}

// general gives a cell with only those of its channel, topic and address that
// the bits name; it is not distinct when one of these is empty anyway.
func general(c Cell, bits int) (Cell, bool) {
	out := Cell{Purpose: c.Purpose}
	for i, pair := range [3][2]*string{{&out.Channel, &c.Channel}, {&out.Topic, &c.Topic}, {&out.Address, &c.Address}} {
		if bits>>i&1 == 0 {
			continue
		}
		if *pair[1] == "" {
			return out, false
		}
		*pair[0] = *pair[1]
	}
	return out, true
}

// top gives the row of a stack that stands for its cell.
func (x *Index) top(list []*Row, valid, known time.Time) *Row {
	n := sort.Search(len(list), func(i int) bool { return list[i].At.After(valid) })
	for _, r := range slices.Backward(list[:n]) {
		if counts(r, valid, known) && !x.mistaken(r, known) {
			return r
		}
	}
	return nil
}

func (x *Index) mistaken(r *Row, known time.Time) bool {
	at, is := x.lifted[r.ID]
	return is && (known.IsZero() || !at.After(known))
}

func compare(a, b *Row) int {
	switch {
	case beats(a, b):
		return 1
	case beats(b, a):
		return -1
	}
	return 0
}
