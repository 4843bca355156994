package attribution

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func day(n int) time.Time { return noon.AddDate(0, 0, n) }

func TestModels(t *testing.T) {
	for _, c := range []struct {
		amount int64
		n      int
		want   map[Model][]int64
	}{
		{1000, 0, map[Model][]int64{First: nil, Last: nil, Linear: nil, Position: nil}},
		{1000, 1, map[Model][]int64{First: {1000}, Last: {1000}, Linear: {1000}, Position: {1000}}},
		{1001, 2, map[Model][]int64{First: {1001, 0}, Last: {0, 1001}, Linear: {500, 501}, Position: {500, 501}}},
		{1000, 3, map[Model][]int64{First: {1000, 0, 0}, Last: {0, 0, 1000}, Linear: {333, 333, 334}, Position: {400, 200, 400}}},
		{1000, 4, map[Model][]int64{First: {1000, 0, 0, 0}, Last: {0, 0, 0, 1000}, Linear: {250, 250, 250, 250}, Position: {400, 100, 100, 400}}},
		{0, 3, map[Model][]int64{First: {0, 0, 0}, Last: {0, 0, 0}, Linear: {0, 0, 0}, Position: {0, 0, 0}}},
	} {
		for m, want := range c.want {
			if diff := cmp.Diff(want, m.Share(c.amount, c.n)); diff != "" {
				t.Errorf("%s of %d among %d (-want +got):\n%s", m, c.amount, c.n, diff)
			}
		}
	}
}

// Whatever the model, the parts are none below nothing and add up to the amount
// to the last unit.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := rapid.SampledFrom(Models()).Draw(rt, "model")
		amount, n := rapid.Int64Range(0, 1_000_000_000_000_000).Draw(rt, "amount"), rapid.IntRange(1, 300).Draw(rt, "n")
		parts := m.Share(amount, n)
		sum := int64(0)
		for _, p := range parts {
			if sum += p; p < 0 {
				rt.Fatalf("%v", parts)
			}
		}
		if sum != amount || len(parts) != n {
			rt.Fatalf("%d of %d in %d parts", sum, amount, len(parts))
		}
		if m == Position && n > 2 && (parts[0] != parts[n-1] && parts[0]+1 != parts[n-1] || parts[0]*5-2*amount > 5 || 2*amount-parts[0]*5 > 5) {
			rt.Fatalf("the ends have %d and %d of %d", parts[0], parts[n-1], amount)
		}
	})
}

// The order in which things are told changes nothing, nor do repeats.
func TestOrderOfTellingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var touches []Touch
		var told []Told
		for i := range rapid.IntRange(0, 8).Draw(rt, "touches") {
			touches = append(touches, Touch{fmt.Sprint("c", i), day(rapid.IntRange(-100, 3).Draw(rt, "day"))})
		}
		for i := range rapid.IntRange(0, 8).Draw(rt, "told") {
			told = append(told, Told{
				ID: fmt.Sprint("e", i), Order: rapid.SampledFrom([]string{"", "A", "B"}).Draw(rt, "order"), At: day(rapid.IntRange(0, 3).Draw(rt, "day")),
				Kind: rapid.SampledFrom([]Kind{Placed, Placed, Refunded, Cancelled}).Draw(rt, "kind"), Amount: rapid.Int64Range(0, 500).Draw(rt, "amount"),
				Stated: rapid.Bool().Draw(rt, "stated"), Currency: rapid.SampledFrom([]string{"EUR", "USD"}).Draw(rt, "currency"),
			})
		}
		again := append(rapid.Permutation(told).Draw(rt, "permutation"), told...)
		orders := Orders(told)
		if diff := cmp.Diff(orders, Orders(again)); diff != "" {
			rt.Fatalf("orders (-one way +another):\n%s", diff)
		}
		for _, o := range orders {
			if o.Amount < 0 || o.Amount > o.Gross {
				rt.Fatalf("%+v", o)
			}
			way := Journey(touches, o.At, 90*24*time.Hour)
			if diff := cmp.Diff(way, Journey(append(rapid.Permutation(touches).Draw(rt, "shuffled"), touches...), o.At, 90*24*time.Hour)); diff != "" {
				rt.Fatalf("journey (-one way +another):\n%s", diff)
			}
			for _, touch := range way {
				if touch.At.After(o.At) || o.At.Sub(touch.At) > 90*24*time.Hour {
					rt.Fatalf("%v is no contact before %v", touch, o.At)
				}
			}
		}
	})
}

func TestOrders(t *testing.T) {
	e := func(id, order string, at int, kind Kind, amount int64) Told {
		return Told{ID: id, Order: order, Person: "p" + id, At: day(at), Kind: kind, Amount: amount, Stated: amount > 0, Currency: "EUR"}
	}
	for name, c := range map[string]struct {
		told []Told
		want []Order
	}{
		"told by the page and the server": {
			[]Told{e("2", "A", 1, Placed, 999), e("1", "A", 0, Placed, 1000)},
			[]Order{{ID: "1", Person: "p1", At: day(0), Amount: 1000, Gross: 1000, Currency: "EUR", Told: 2}},
		},
		"without a number each is its own": {
			[]Told{e("1", "", 0, Placed, 10), e("2", "", 0, Placed, 20), e("3", "", 1, Refunded, 5)},
			[]Order{{ID: "1", Person: "p1", At: day(0), Amount: 10, Gross: 10, Currency: "EUR", Told: 1}, {ID: "2", Person: "p2", At: day(0), Amount: 20, Gross: 20, Currency: "EUR", Told: 1}},
		},
		"given back in parts": {
			[]Told{e("1", "A", 0, Placed, 100), e("2", "A", 1, Refunded, 30), e("3", "A", 2, Refunded, 20)},
			[]Order{{ID: "1", Person: "p1", At: day(0), Amount: 50, Gross: 100, Currency: "EUR", Told: 1}},
		},
		"given back whole, told first": {
			[]Told{e("0", "A", 0, Refunded, 0), e("1", "A", 1, Placed, 100)},
			[]Order{{ID: "1", Person: "p1", At: day(1), Gross: 100, Currency: "EUR", Told: 1}},
		},
		"more than was paid": {
			[]Told{e("1", "A", 0, Placed, 100), e("2", "A", 1, Refunded, 130)},
			[]Order{{ID: "1", Person: "p1", At: day(0), Gross: 100, Currency: "EUR", Told: 1}},
		},
		"called off": {
			[]Told{e("1", "A", 0, Placed, 100), e("2", "A", 1, Cancelled, 1)},
			[]Order{{ID: "1", Person: "p1", At: day(0), Gross: 100, Currency: "EUR", Told: 1}},
		},
		"of nobody's order": {[]Told{e("2", "B", 1, Refunded, 30)}, []Order{}},
	} {
		if diff := cmp.Diff(c.want, Orders(c.told)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
