package score

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s is %.12f, want %.12f", what, got, want)
	}
}

func TestClasses(t *testing.T) {
	want := []string{"a", "a", "a", "b", "b", "c"}
	got := []string{"a", "a", "b", "b", "d", "d"}
	near(t, "accuracy", Accuracy(want, got), 0.5)
	f := Classes(want, got)
	// a: 2 right, 1 lost = 0.8; b: 1 right, 1 wrong, 1 lost = 0.5; c and d: 0.
	near(t, "macro", f.Macro, (0.8+0.5)/4)
	near(t, "micro", f.Micro, 0.5)
	near(t, "precision", f.Precision, 0.5)
	near(t, "recall", f.Recall, 0.5)
	if Accuracy[int](nil, nil) != 0 || Classes[int](nil, nil) != (F1{}) {
		t.Error("nothing does not score 0")
	}
}

func TestMultiClasses(t *testing.T) {
	f := MultiClasses(
		[][]string{{"a", "b"}, {}, {"a", "a"}, {"c"}},
		[][]string{{"a"}, {"b", "b"}, {"a", "c"}, nil},
	)
	// a: 2 right; b: 1 lost, 1 wrong; c: 1 wrong, 1 lost.
	near(t, "precision", f.Precision, 2.0/4)
	near(t, "recall", f.Recall, 2.0/4)
	near(t, "micro", f.Micro, 0.5)
	near(t, "macro", f.Macro, 1.0/3)
}

func TestECE(t *testing.T) {
	near(t, "sure and right", ECE([]float64{1, 1}, []bool{true, true}), 0)
	near(t, "sure and wrong", ECE([]float64{1, 1}, []bool{false, false}), 1)
	// Range 9 of 15 (0.53..0.6]: 0.6 and 0.55, one right: |1.15-1|; range 1: 0 and 0.05, none right.
	near(t, "two ranges", ECE([]float64{0.6, 0.55, 0, 0.05}, []bool{true, false, false, false}), (0.15+0.05)/4)
	near(t, "beyond the ends", ECE([]float64{-3, 7, math.NaN()}, []bool{false, true, false}), 0)
	// Opposite errors in one range cancel, in two they do not.
	near(t, "cancels", ECE([]float64{0.5, 0.5}, []bool{true, false}), 0)
	near(t, "nothing", ECE(nil, nil), 0)
}

func TestAUROC(t *testing.T) {
	yes, no := true, false
	near(t, "ordered", AUROC([]float64{1, 2, 3, 4}, []bool{no, no, yes, yes}), 1)
	near(t, "reversed", AUROC([]float64{4, 3, 2, 1}, []bool{no, no, yes, yes}), 0)
	near(t, "all tied", AUROC([]float64{5, 5, 5}, []bool{no, yes, yes}), 0.5)
	near(t, "some tied", AUROC([]float64{1, 2, 2, 3}, []bool{no, no, yes, yes}), 3.5/4)
	near(t, "one side", AUROC([]float64{1, 2}, []bool{yes, yes}), 0.5)
	near(t, "nothing", AUROC(nil, nil), 0.5)
}

// TestAUROCIsTheShareOfPairs compares with the definition, ties included.
func TestAUROCIsTheShareOfPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		scores, positive := make([]float64, n), make([]bool, n)
		for i := range n {
			scores[i] = float64(rapid.IntRange(0, 5).Draw(t, "score"))
			positive[i] = rapid.Bool().Draw(t, "positive")
		}
		won, all := 0.0, 0.0
		for i := range n {
			for j := range n {
				if !positive[i] || positive[j] {
					continue
				}
				all++
				if scores[i] > scores[j] {
					won++
				} else if scores[i] == scores[j] {
					won += 0.5
				}
			}
		}
		want := 0.5
		if all > 0 {
			want = won / all
		}
		if got := AUROC(scores, positive); math.Abs(got-want) > 1e-12 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestGroups(t *testing.T) {
	labels := []string{"a", "a", "a", "b", "b", "b"}
	for name, c := range map[string]struct {
		groups        []int
		acc, nmi, ari float64
		k             int
	}{
		"the same":    {[]int{7, 7, 7, 3, 3, 3}, 1, 1, 1, 2},
		"one group":   {[]int{1, 1, 1, 1, 1, 1}, 0.5, 0, 0, 1},
		"all alone":   {[]int{1, 2, 3, 4, 5, 6}, 2.0 / 6, 2 * math.Log(2) / (math.Log(2) + math.Log(6)), 0, 6},
		"one strayed": {[]int{0, 0, 1, 1, 2, 2}, 4.0 / 6, 0.515803742979, 0.242424242424, 3},
	} {
		got := Groups(labels, c.groups)
		near(t, name+" ACC", got.ACC, c.acc)
		near(t, name+" NMI", got.NMI, c.nmi)
		near(t, name+" ARI", got.ARI, c.ari)
		if got.K != c.k {
			t.Errorf("%s: %d groups, want %d", name, got.K, c.k)
		}
	}
	if Groups[int, int](nil, nil) != (Clusters{}) {
		t.Error("nothing does not score 0")
	}
	if got := Groups([]int{1, 1}, []int{2, 2}); got.NMI != 1 || got.ARI != 1 || got.ACC != 1 {
		t.Errorf("one label in one group: %+v", got)
	}
}

// TestGroupNamesDoNotMatter renames the groups and shuffles the rows.
func TestGroupNamesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		labels, groups := make([]int, n), make([]int, n)
		for i := range n {
			labels[i], groups[i] = rapid.IntRange(0, 4).Draw(t, "label"), rapid.IntRange(0, 6).Draw(t, "group")
		}
		a := Groups(labels, groups)
		order := rand.New(rand.NewPCG(1, uint64(n))).Perm(n)
		l2, g2 := make([]int, n), make([]string, n)
		for i, j := range order {
			l2[i], g2[i] = 10-labels[j], "g"+string(rune('a'+groups[j]))
		}
		b := Groups(l2, g2)
		if math.Abs(a.ACC-b.ACC)+math.Abs(a.NMI-b.NMI)+math.Abs(a.ARI-b.ARI) > 1e-9 || a.K != b.K {
			t.Fatalf("%+v, renamed %+v", a, b)
		}
		if a.ACC <= 0 || a.ACC > 1 || a.NMI < 0 || a.NMI > 1 || a.ARI > 1 {
			t.Fatalf("out of range: %+v", a)
		}
	})
}

// TestAssignIsTheBest compares with every permutation.
func TestAssignIsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "n")
		cost := make([][]float64, n)
		for i := range cost {
			cost[i] = make([]float64, n)
			for j := range cost[i] {
				cost[i][j] = float64(rapid.IntRange(-9, 9).Draw(t, "cost"))
			}
		}
		cols := Assign(cost)
		sorted := slices.Sorted(slices.Values(cols))
		got := 0.0
		for i, j := range cols {
			got += cost[i][j]
			if sorted[i] != i {
				t.Fatalf("%v is no permutation", cols)
			}
		}
		if want := cheapest(cost, 0, 0); got != want {
			t.Fatalf("cost %v, want %v", got, want)
		}
	})
}

// cheapest tries every free column for each row from i on.
func cheapest(cost [][]float64, i int, taken uint) float64 {
	if i == len(cost) {
		return 0
	}
	best := math.Inf(1)
	for j, c := range cost[i] {
		if taken&(1<<j) == 0 {
			best = min(best, c+cheapest(cost, i+1, taken|1<<j))
		}
	}
	return best
}

func TestRanking(t *testing.T) {
	hits := []bool{true, false, true}
	near(t, "nDCG@10", NDCG(hits, 2, 10), 1.5/(1+1/math.Log2(3)))
	near(t, "nDCG@1", NDCG(hits, 2, 1), 1)
	near(t, "nDCG of more than k relevant", NDCG([]bool{true, true}, 50, 2), 1)
	near(t, "average precision", AveragePrecision(hits, 3), (1+2.0/3)/3)
	near(t, "precision at 2", PrecisionAt(hits, 2), 0.5)
	near(t, "precision at 10", PrecisionAt(hits, 10), 0.2)
	near(t, "nothing relevant", NDCG(nil, 0, 10)+AveragePrecision(nil, 0)+PrecisionAt(nil, 0), 0)
	near(t, "mean", Mean([]float64{1, 2, 6}), 3)
}

func TestUnequalLengthsPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two expected and one answered row were scored")
		}
	}()
	Accuracy([]int{1, 2}, []int{1})
}

func BenchmarkGroups(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	labels, groups := make([]int, 1500), make([]int, 1500)
	for i := range labels {
		labels[i], groups[i] = rng.IntN(29), rng.IntN(50)
	}
	b.ReportAllocs()
	for b.Loop() {
		Groups(labels, groups)
	}
}
