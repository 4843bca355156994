package score

import "math"

// Clusters is how well groups match the expected ones, whatever they are
// called.
type Clusters struct {
	// ACC is the share of the rows in the right group after the best one-to-one
	// match of groups to labels; a group without a label is wrong as a whole.
	ACC float64 `json:"acc"`
	// NMI is the mutual information over the arithmetic mean of both entropies.
	NMI float64 `json:"nmi"`
	// ARI is the Rand index corrected for chance (Hubert and Arabie 1985): 0
	// for random groups, 1 for the expected ones, below 0 for worse than random.
	ARI float64 `json:"ari"`
	// K is how many groups were made.
	K int `json:"k"`
}

// Groups compares groups with labels.
func Groups[L, G comparable](labels []L, groups []G) Clusters {
	pair(len(labels), len(groups))
	t := cross(labels, groups)
	return Clusters{ACC: t.acc(), NMI: t.nmi(), ARI: t.ari(), K: len(t.cols)}
}

// table counts the rows of each label (row) in each group (column).
type table struct {
	n          int
	cells      [][]int
	rows, cols []int // sums
}

func cross[L, G comparable](labels []L, groups []G) table {
	row, rows := number(labels)
	col, cols := number(groups)
	t := table{n: len(labels), cells: make([][]int, rows), rows: make([]int, rows), cols: make([]int, cols)}
	for i := range t.cells {
		t.cells[i] = make([]int, cols)
	}
	for i := range row {
		t.cells[row[i]][col[i]]++
		t.rows[row[i]]++
		t.cols[col[i]]++
	}
	return t
}

// number gives each distinct value a number, in the order of first sight.
func number[T comparable](values []T) (ids []int, n int) {
	at := map[T]int{}
	ids = make([]int, len(values))
	for i, v := range values {
		id, known := at[v]
		if !known {
			id = len(at)
			at[v] = id
		}
		ids[i] = id
	}
	return ids, len(at)
}

func (t table) acc() float64 {
	size := max(len(t.rows), len(t.cols))
	cost := make([][]float64, size)
	for i := range cost {
		cost[i] = make([]float64, size)
		for j := range cost[i] {
			if i < len(t.rows) && j < len(t.cols) {
				cost[i][j] = -float64(t.cells[i][j])
			}
		}
	}
	right := 0.0
	for i, j := range Assign(cost) {
		right -= cost[i][j]
	}
	return ratio(right, float64(t.n))
}

func (t table) nmi() float64 {
	if t.n == 0 {
		return 0
	}
	h := (entropy(t.rows, t.n) + entropy(t.cols, t.n)) / 2
	if h == 0 {
		return 1 // one label, one group: they agree
	}
	mutual, n := 0.0, float64(t.n)
	for i, cells := range t.cells {
		for j, c := range cells {
			if c > 0 {
				mutual += float64(c) / n * math.Log(n*float64(c)/(float64(t.rows[i])*float64(t.cols[j])))
			}
		}
	}
	return min(max(mutual/h, 0), 1) // what is over is rounding
}

func entropy(counts []int, n int) float64 {
	h := 0.0
	for _, c := range counts {
		if c > 0 {
			p := float64(c) / float64(n)
			h -= p * math.Log(p)
		}
	}
	return h
}

func (t table) ari() float64 {
	if t.n == 0 {
		return 0
	}
	both, rows, cols := 0.0, 0.0, 0.0
	for _, cells := range t.cells {
		for _, c := range cells {
			both += pairs(c)
		}
	}
	for _, c := range t.rows {
		rows += pairs(c)
	}
	for _, c := range t.cols {
		cols += pairs(c)
	}
	chance := ratio(rows*cols, pairs(t.n))
	most := (rows + cols) / 2
	if most == chance {
		return 1 // all in one group, or all alone, on both sides
	}
	return (both - chance) / (most - chance)
}

func pairs(n int) float64 { return float64(n) * float64(n-1) / 2 }
