package embed

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The scan keeps the best k as it goes; sorting everything must agree.
func TestNearestAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 6).Draw(t, "dim")
		one := rapid.SliceOfN(rapid.Float32Range(-1, 1), dim, dim)
		rows := rapid.SliceOfN(one, 0, 30).Draw(t, "rows")
		query := one.Draw(t, "query")
		k := rapid.IntRange(-1, 35).Draw(t, "k")
		v := NewVectors(dim)
		var want []Hit
		for i, r := range rows {
			if row := v.Append(r); row != i {
				t.Fatalf("row %d, want %d", row, i)
			}
			if s := Dot(query, r); s > 0 {
				want = append(want, Hit{Row: i, Score: s})
			}
		}
		slices.SortStableFunc(want, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
		want = want[:max(0, min(k, len(want)))]
		if got := v.Nearest(query, k); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestForgottenIsNotFound(t *testing.T) {
	v := NewVectors(2)
	v.Append([]float32{1, 0})
	v.Append([]float32{0.6, 0.8})
	v.Forget(0)
	if got := v.Nearest([]float32{1, 0}, 5); len(got) != 1 || got[0].Row != 1 {
		t.Errorf("%v, want row 1 alone", got)
	}
	if v.Len() != 2 {
		t.Errorf("%d rows, want 2: the others keep their places", v.Len())
	}
}

func TestAppendRefusesAnotherLength(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a vector of another length was taken")
		}
	}()
	NewVectors(3).Append([]float32{1, 2})
}

func TestFuse(t *testing.T) {
	got := Fuse(1, []string{"a", "b", "c"}, []string{"c", "d"})
	want := []Fused[string]{{"c", 0.75}, {"a", 0.5}, {"b", 1.0 / 3}, {"d", 1.0 / 3}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Fuse[int](60); got != nil {
		t.Errorf("%v of nothing", got)
	}
}

// Words break the tie where meaning has none to offer, and not more.
func TestFuseSearchTrustsMeaningMore(t *testing.T) {
	order := func(words, meaning []int) []int {
		var out []int
		for _, f := range FuseSearch(words, meaning) {
			out = append(out, f.Item)
		}
		return out
	}
	if got := order([]int{1, 2}, []int{2, 1}); !slices.Equal(got, []int{2, 1}) {
		t.Errorf("%v, want the order of meaning", got)
	}
	if got := order([]int{1}, nil); !slices.Equal(got, []int{1}) {
		t.Errorf("%v, want what words found", got)
	}
	if got := order([]int{3, 1}, []int{1, 2}); got[0] != 1 {
		t.Errorf("%v, want first what both found", got)
	}
}

func BenchmarkNearest(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	v := NewVectors(96)
	one := make([]float32, 96)
	for range 100_000 {
		for i := range one {
			one[i] = float32(r.NormFloat64())
		}
		Normalize(one)
		v.Append(one)
	}
	b.ReportAllocs()
	for b.Loop() {
		v.Nearest(one, 20)
	}
}
