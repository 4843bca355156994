package customer_test

import (
	cmps "cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/customer"
)

var (
	factNames = []string{"page.cancel", "purchase", "complaint.opened", "complaint.resolved", "contact.email", "cart.add", "page.other", "rating", "inactive.60d", "payment.failed", "call.inbound"}
	labels    = []string{"intent.cancel", "moment.competitor_named", "intent.competitor", "sentiment", "intent.price_question", "theme.price"}
)

// happenings draws what may happen to one person: facts, words on calls, few or
// many of them, traits, identifiers and outcomes, each with an id of its own.
func happenings(most int) *rapid.Generator[[]customer.Input] {
	return rapid.Custom(func(t *rapid.T) []customer.Input {
		calls := rapid.IntRange(1, most).Draw(t, "calls")
		n := rapid.IntRange(0, most).Draw(t, "n")
		out := make([]customer.Input, n)
		for i := range out {
			at := noon.Add(-time.Duration(rapid.IntRange(0, 60*24*3600).Draw(t, "age")) * time.Second)
			out[i] = happening(t, fmt.Sprintf("e%d", i), at, calls)
		}
		return out
	})
}

func happening(t *rapid.T, id string, at time.Time, calls int) customer.Input {
	in := customer.Input{EventID: id, At: at}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		in.Trait = &customer.Trait{
			Name: rapid.SampledFrom([]string{"name", "plan", "age"}).Draw(t, "trait"), Value: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "word"),
			Source: rapid.SampledFrom([]string{"crm", "shop"}).Draw(t, "source"), Kind: rapid.SampledFrom([]string{"", "declared", "inferred"}).Draw(t, "known"),
			At: at, EventID: id, Confidence: 1,
		}
	case 1:
		in.Seen = &customer.Identifier{
			Type: rapid.SampledFrom([]string{"phone", "email"}).Draw(t, "type"), Value: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "identifier"),
			Verified: rapid.Bool().Draw(t, "verified"), By: "form", Confidence: rapid.Float64Range(0, 1).Draw(t, "sure"), FirstSeen: at, LastSeen: at,
		}
	case 2:
		in.Influence = &customer.Influence{
			Scope: "action", Name: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "action"), Percent: 30, From: at,
			Until: at.Add(time.Duration(rapid.IntRange(1, 9).Draw(t, "days")) * day),
		}
	case 3, 4, 5:
		in.Fact = &customer.Fact{
			EventID: id, Name: rapid.SampledFrom(factNames).Draw(t, "name"), At: at,
			Props: map[string]any{"value": rapid.Float64Range(-1, 1).Draw(t, "value"), "product": rapid.SampledFrom([]string{"p", "q"}).Draw(t, "product")},
			Via:   &customer.Via{Type: "phone", Value: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "via")},
		}
	default:
		in.Signal = &insights.Signal{
			Label: rapid.SampledFrom(labels).Draw(t, "label"), Value: rapid.Float64Range(-1, 1).Draw(t, "value"),
			Confidence: rapid.Float64Range(0.2, 1).Draw(t, "confidence"), Speaker: insights.Customer,
			CallID: fmt.Sprintf("call_%d", rapid.IntRange(1, calls).Draw(t, "call")),
		}
	}
	return in
}

// log folds inputs as they come, as a store does that keeps all of them.
type log struct {
	customer.Profile
	inputs []customer.Input
	anew   int // how often it had to be projected anew
}

func newLog() *log { return &log{Profile: customer.New("c", noon.AddDate(-1, 0, 0))} }

func (l *log) take(in customer.Input) {
	l.inputs = append(l.inputs, in)
	if l.Take(in); l.Stale {
		l.Profile = customer.Project(customer.New(l.ID, l.CreatedAt), l.inputs)
		l.anew++
	}
}

func foldAll(all []customer.Input) customer.Profile {
	l := newLog()
	for _, in := range all {
		l.take(in)
	}
	return l.Profile
}

func same(t *rapid.T, what string, a, b customer.Profile) {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if string(x) != string(y) {
		t.Fatalf("%s: they differ\n%s", what, cmp.Diff(a, b))
	}
}

// The order in which facts and signals arrive does not matter, nor does it
// matter that some arrive twice: the profile is the same to the last bit.
func TestEveryOrderAndEveryReplayEndsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := happenings(250).Draw(t, "happenings")
		want := customer.Project(customer.New("c", noon.AddDate(-1, 0, 0)), all)
		same(t, "as they come", want, foldAll(all))
		shuffled := rapid.Permutation(all).Draw(t, "order")
		if len(all) > 0 {
			for range 40 {
				shuffled = append(shuffled, rapid.SampledFrom(all).Draw(t, "replayed"))
			}
		}
		same(t, "shuffled and replayed", want, foldAll(shuffled))
	})
}

// A call that repeats itself over eight times after part of it was folded is
// what once ended differently by order.
func TestACallThatRepeatsItselfWhileItIsFolded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(100, 200).Draw(t, "n")
		all := make([]customer.Input, n)
		for i := range all {
			s := said("intent.cancel", rapid.Float64Range(0.5, 1).Draw(t, "confidence"))
			s.CallID = rapid.SampledFrom([]string{"long", fmt.Sprint("short", i/4)}).Draw(t, "call")
			all[i] = customer.Input{EventID: fmt.Sprint("e", i), At: noon.Add(time.Duration(i) * time.Minute), Signal: &s}
		}
		same(t, "shuffled", foldAll(all), foldAll(rapid.Permutation(all).Draw(t, "order")))
	})
}

// What comes in order never needs the whole history.
func TestInOrderNothingIsProjectedAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := happenings(250).Draw(t, "happenings")
		slices.SortFunc(all, func(a, b customer.Input) int {
			return cmps.Or(a.At.Compare(b.At), strings.Compare(a.EventID, b.EventID))
		})
		l := newLog()
		for _, in := range all {
			l.take(in)
		}
		if l.anew > 0 {
			t.Fatalf("%d times", l.anew)
		}
	})
}

// Joining two people is what all that happened to both would make, but for the
// rounding of what was folded.
func TestJoiningIsProjectingBoth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := happenings(200).Draw(t, "happenings")
		var a, b []customer.Input
		for i, in := range all {
			if in.Signal != nil { // a call has one person
				s := *in.Signal
				s.CallID += fmt.Sprint(i % 2)
				in.Signal = &s
				all[i] = in
			}
			if i%2 == 0 {
				a = append(a, in)
			} else {
				b = append(b, in)
			}
		}
		one, other := customer.Project(customer.New("c", noon), a), customer.Project(customer.New("d", noon), b)
		before := one.Clone()
		joined := customer.Join(one, other)
		same(t, "the joined person", before, one)
		both := customer.Project(customer.New("c", noon), all)
		for i, r := range both.Readings(noon) {
			if got := joined.Readings(noon)[i]; math.Abs(got.Value-r.Value) > 0.02 {
				t.Fatalf("%s reads %v joined and %v as one", r.Name, got.Value, r.Value)
			}
		}
		joined.Evidence, both.Evidence, joined.Marks, both.Marks = nil, nil, nil, nil
		same(t, "all but the evidence", both, joined)
	})
}

func TestAProfileStaysSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := foldAll(happenings(400).Draw(t, "happenings"))
		for name, list := range p.Evidence {
			if len(list) > 64 {
				t.Fatalf("%s keeps %d pieces", name, len(list))
			}
			perCall := map[string]int{}
			for _, e := range list {
				if perCall[e.CallID+e.Label]++; e.CallID != "" && perCall[e.CallID+e.Label] > 8 {
					t.Fatalf("%s keeps %d of %s in one call", name, perCall[e.CallID+e.Label], e.Label)
				}
			}
		}
		if len(p.Facts) > 256 {
			t.Fatalf("%d facts", len(p.Facts))
		}
		for _, r := range p.Readings(noon) {
			if math.IsNaN(r.Value) || (r.Name != customer.Fatigue && math.Abs(r.Value) > 1) {
				t.Fatalf("%s reads %v", r.Name, r.Value)
			}
		}
	})
}

func TestFoldingOlderEvidenceLosesNothingButNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(57, 300).Draw(t, "n")
		p := customer.New("c", noon.AddDate(-1, 0, 0))
		want := -2.2
		for i := range n {
			at := noon.Add(-time.Duration(rapid.IntRange(1, 90*24).Draw(t, "hours")) * time.Hour)
			p.Observe(customer.Fact{EventID: fmt.Sprint(i), Name: "page.cancel", At: at})
			want += 1.1 * math.Exp2(-noon.Sub(at).Hours()/72)
		}
		got := p.Value(customer.ChurnRisk, noon)
		if math.Abs(got-1/(1+math.Exp(-want))) > 1e-9 {
			t.Fatalf("reads %v, the sum says %v", got, 1/(1+math.Exp(-want)))
		}
	})
}

// Folding into a clone never shows in the original, and folding into the
// original never in an earlier copy.
func TestClonesAreIndependent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := foldAll(happenings(120).Draw(t, "before"))
		p.Seen(customer.Identifier{Type: "phone", Value: "+12025550143", FirstSeen: noon, LastSeen: noon})
		p.SetTrait(customer.Trait{Name: "name", Value: "A", Source: "crm", At: noon})
		p.Remember(customer.Influence{Scope: "action", Name: "a", Percent: 30, From: noon, Until: noon.Add(day)})
		before, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		c := p.Clone()
		for i, in := range happenings(120).Draw(t, "after") {
			in.EventID = fmt.Sprintf("late%d", i)
			if in.Fact != nil {
				in.Fact.EventID = in.EventID
			}
			c.Take(in)
		}
		c.Seen(customer.Identifier{Type: "phone", Value: "+12025550143", Verified: true, LastSeen: noon.Add(day)})
		c.SetTrait(customer.Trait{Name: "name", Value: "B", Source: "crm", At: noon.Add(day)})
		c.Remember(customer.Influence{Scope: "action", Name: "b", Percent: 30, From: noon, Until: noon.Add(time.Hour)})
		after, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if string(before) != string(after) {
			t.Fatal("the original changed with its clone")
		}
	})
}

func BenchmarkReadings(b *testing.B) {
	p := customer.New("c", noon)
	for i := range 200 {
		s := said("sentiment", 0.9)
		s.Value, s.CallID = 0.5, fmt.Sprint("call", i/20)
		p.Hear(s, fmt.Sprint("s", i), noon.Add(time.Duration(i)*time.Second))
		p.Observe(customer.Fact{EventID: fmt.Sprint("v", i), Name: "page.cancel", At: noon.Add(time.Duration(i) * time.Minute)})
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Readings(noon)
	}
}
