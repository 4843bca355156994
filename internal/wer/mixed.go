package wer

// Mixed counts the errors of one text that was heard where two people spoke
// at once: the order between their words is free, the order within each is
// not. It is the least number of edits over all ways to interleave the two.
func Mixed(one, other, heard string) Errors {
	return countMixed(Normalize(one), Normalize(other), Normalize(heard))
}

// countMixed keeps a table over the words taken from each speaker for one
// heard word after the other.
func countMixed(one, other, heard []string) Errors {
	row := newTable(len(one), len(other))
	for i := range row {
		for j := range row[i] {
			row[i][j].Deletions = i + j
		}
	}
	for _, got := range heard {
		next := newTable(len(one), len(other))
		for i := range next {
			for j := range next[i] {
				next[i][j] = mixedCell(one, other, got, row, next, i, j)
			}
		}
		row = next
	}
	total := row[len(one)][len(other)]
	total.Words = len(one) + len(other)
	return total
}

// mixedCell is the table's entry for i words of one and j of the other after
// the heard word.
func mixedCell(one, other []string, got string, row, next [][]Errors, i, j int) Errors {
	cell := row[i][j]
	cell.Insertions++
	if i > 0 {
		cell = least(cell, taken(row[i-1][j], one[i-1] == got), passed(next[i-1][j]))
	}
	if j > 0 {
		cell = least(cell, taken(row[i][j-1], other[j-1] == got), passed(next[i][j-1]))
	}
	return cell
}

func newTable(one, other int) [][]Errors {
	table := make([][]Errors, one+1)
	for i := range table {
		table[i] = make([]Errors, other+1)
	}
	return table
}

func taken(e Errors, same bool) Errors {
	if !same {
		e.Substitutions++
	}
	return e
}

func passed(e Errors) Errors {
	e.Deletions++
	return e
}

func least(e Errors, others ...Errors) Errors {
	for _, o := range others {
		if o.Sum() < e.Sum() {
			e = o
		}
	}
	return e
}

// Right tells of each heard word whether it stands where the reference has
// it, in an alignment with the least number of edits. Both are taken as they
// are; see [Normalize].
func Right(reference, heard []string) []bool {
	cost := make([][]int, len(reference)+1)
	for i := range cost {
		cost[i] = make([]int, len(heard)+1)
		for j := range cost[i] {
			switch {
			case i == 0 || j == 0:
				cost[i][j] = i + j
			case reference[i-1] == heard[j-1]:
				cost[i][j] = cost[i-1][j-1]
			default:
				cost[i][j] = 1 + min(cost[i-1][j-1], cost[i-1][j], cost[i][j-1])
			}
		}
	}
	right := make([]bool, len(heard))
	for i, j := len(reference), len(heard); i > 0 && j > 0; {
		switch {
		case reference[i-1] == heard[j-1]:
			i, j = i-1, j-1
			right[j] = true
		case cost[i][j] == cost[i-1][j-1]+1:
			i, j = i-1, j-1
		case cost[i][j] == cost[i-1][j]+1:
			i--
		default:
			j--
		}
	}
	return right
}
