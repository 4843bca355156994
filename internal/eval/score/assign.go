package score

import "math"

// Assign gives each row of a square matrix a column of its own such that the
// sum of the costs is the least: the Hungarian method with potentials (Kuhn
// 1955, Munkres 1957), O(n³). Costs must be finite; a matrix that is not
// square panics.
func Assign(cost [][]float64) []int {
	n := len(cost)
	for _, row := range cost {
		pair(n, len(row))
	}
	a := assignment{
		cost: cost, u: make([]float64, n+1), v: make([]float64, n+1),
		rowOf: make([]int, n+1), way: make([]int, n+1),
	}
	for row := 1; row <= n; row++ {
		a.place(row)
	}
	cols := make([]int, n)
	for col := 1; col <= n; col++ {
		cols[a.rowOf[col]-1] = col - 1
	}
	return cols
}

// assignment counts rows and columns from 1; 0 is "none yet".
type assignment struct {
	cost       [][]float64
	u, v       []float64 // potentials of the rows and columns
	rowOf, way []int     // by column: its row, and the column before it on the path
}

// place finds the cheapest path from an unplaced row to a free column and
// moves everybody on it by one.
func (a *assignment) place(row int) {
	n := len(a.cost)
	least := make([]float64, n+1)
	for i := range least {
		least[i] = math.Inf(1)
	}
	used := make([]bool, n+1)
	a.rowOf[0] = row
	col := 0
	for a.rowOf[col] != 0 {
		used[col] = true
		next, delta := a.relax(col, least, used)
		for j := range used {
			if used[j] {
				a.u[a.rowOf[j]] += delta
				a.v[j] -= delta
			} else {
				least[j] -= delta
			}
		}
		col = next
	}
	for col != 0 {
		before := a.way[col]
		a.rowOf[col] = a.rowOf[before]
		col = before
	}
}

// relax looks at the columns from the row of col and gives the nearest.
func (a *assignment) relax(col int, least []float64, used []bool) (next int, delta float64) {
	row := a.rowOf[col]
	delta = math.Inf(1)
	for j := 1; j < len(used); j++ {
		if used[j] {
			continue
		}
		if c := a.cost[row-1][j-1] - a.u[row] - a.v[j]; c < least[j] {
			least[j], a.way[j] = c, col
		}
		if least[j] < delta {
			next, delta = j, least[j]
		}
	}
	return next, delta
}
