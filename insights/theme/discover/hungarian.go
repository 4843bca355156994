package discover

import "math"

// match gives for each row the column that makes the sum of gains greatest
// when no column is taken twice, or -1 for rows that are left over. It is the
// Hungarian method with potentials (Kuhn 1955; Jonker and Volgenant 1987), of
// cubic cost.
func match(gain [][]float64) []int {
	n := len(gain)
	for _, row := range gain {
		n = max(n, len(row))
	}
	cost := func(i, j int) float64 {
		if i < len(gain) && j < len(gain[i]) {
			return -gain[i][j]
		}
		return 0
	}
	h := hungarian{
		row: make([]float64, n+1), col: make([]float64, n+1), owner: make([]int, n+1), via: make([]int, n+1),
		least: make([]float64, n+1), seen: make([]bool, n+1),
	}
	for i := 1; i <= n; i++ {
		h.insert(i, cost)
	}
	out := make([]int, len(gain))
	for i := range out {
		out[i] = -1
	}
	for j := 1; j <= n; j++ {
		if i := h.owner[j] - 1; i < len(gain) && i >= 0 && j <= len(gain[i]) {
			out[i] = j - 1
		}
	}
	return out
}

// hungarian counts rows and columns from 1; column 0 stands for the row that is
// being placed.
type hungarian struct {
	row, col []float64 // potentials
	owner    []int     // row of a column
	via      []int     // column before on the cheapest path
	least    []float64 // cheapest reduced cost by column
	seen     []bool
}

// insert places one more row, moving others along the cheapest path.
func (h *hungarian) insert(i int, cost func(i, j int) float64) {
	h.owner[0] = i
	for j := range h.least {
		h.least[j], h.seen[j] = math.Inf(1), false
	}
	at := 0
	for h.owner[at] != 0 {
		at = h.step(at, cost)
	}
	for at != 0 {
		before := h.via[at]
		h.owner[at] = h.owner[before]
		at = before
	}
}

// step widens the tree by the nearest column and gives it.
func (h *hungarian) step(at int, cost func(i, j int) float64) int {
	h.seen[at] = true
	i, delta, next := h.owner[at], math.Inf(1), 0
	for j := 1; j < len(h.col); j++ {
		if h.seen[j] {
			continue
		}
		if c := cost(i-1, j-1) - h.row[i] - h.col[j]; c < h.least[j] {
			h.least[j], h.via[j] = c, at
		}
		if h.least[j] < delta {
			delta, next = h.least[j], j
		}
	}
	for j := range h.col {
		if h.seen[j] {
			h.row[h.owner[j]] += delta
			h.col[j] -= delta
		} else {
			h.least[j] -= delta
		}
	}
	return next
}
