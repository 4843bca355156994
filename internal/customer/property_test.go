package customer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/customer"
)

// happening is one thing that folds into a profile.
type happening struct {
	fact   *customer.Fact
	signal *insights.Signal
	id     string
	at     time.Time
}

func (h happening) fold(p *customer.Profile) bool {
	if h.fact != nil {
		return p.Observe(*h.fact)
	}
	return p.Hear(*h.signal, h.id, h.at)
}

var (
	factNames = []string{"page.cancel", "purchase", "complaint.opened", "complaint.resolved", "contact.email", "cart.add", "page.other", "rating", "inactive.60d", "payment.failed"}
	labels    = []string{"intent.cancel", "moment.competitor_named", "intent.competitor", "sentiment", "intent.price_question", "theme.price"}
)

// happenings draws a set of facts and signals with ids of their own: either
// few in few calls, so that calls repeat themselves, or many in many calls, so
// that the oldest are folded. Both at once is the one case in which the order
// can show; see Profile.add.
func happenings(most int) *rapid.Generator[[]happening] {
	return rapid.Custom(func(t *rapid.T) []happening {
		limit, calls := most, most*4
		if rapid.Bool().Draw(t, "few") {
			limit, calls = min(most, 56), 5
		}
		n := rapid.IntRange(0, limit).Draw(t, "n")
		out := make([]happening, n)
		for i := range out {
			at := noon.Add(-time.Duration(rapid.IntRange(0, 60*24*3600).Draw(t, "age")) * time.Second)
			id := fmt.Sprintf("e%d", i)
			if rapid.Bool().Draw(t, "fact") {
				out[i].fact = &customer.Fact{
					EventID: id, Name: rapid.SampledFrom(factNames).Draw(t, "name"), At: at,
					Props: map[string]any{"value": rapid.Float64Range(-1, 1).Draw(t, "value")},
				}
				continue
			}
			out[i] = happening{id: id, at: at, signal: &insights.Signal{
				Label: rapid.SampledFrom(labels).Draw(t, "label"), Value: rapid.Float64Range(-1, 1).Draw(t, "value"),
				Confidence: rapid.Float64Range(0.2, 1).Draw(t, "confidence"), Speaker: insights.Customer,
				CallID: fmt.Sprintf("call_%d", rapid.IntRange(1, calls).Draw(t, "call")),
			}}
		}
		return out
	})
}

func foldAll(all []happening) customer.Profile {
	p := customer.New("c", noon.AddDate(-1, 0, 0))
	for _, h := range all {
		h.fold(&p)
	}
	return p
}

func same(t *rapid.T, what string, a, b customer.Profile) {
	for i, r := range a.Readings(noon) {
		other := b.Readings(noon)[i]
		if math.Abs(r.Value-other.Value) > 1e-9 {
			t.Fatalf("%s: %s reads %v and %v", what, r.Name, r.Value, other.Value)
		}
		if a.High(r.Name, noon) != b.High(r.Name, noon) {
			t.Fatalf("%s: %s is high in one only", what, r.Name)
		}
		ids := func(list []customer.Evidence) (out []string) {
			for _, e := range list {
				out = append(out, e.EventID+e.Label)
			}
			return out
		}
		if x, y := ids(a.Evidence[r.Name]), ids(b.Evidence[r.Name]); !slices.Equal(x, y) {
			t.Fatalf("%s: %s keeps %v and %v", what, r.Name, x, y)
		}
	}
	if len(a.Facts) != len(b.Facts) {
		t.Fatalf("%s: %d and %d facts", what, len(a.Facts), len(b.Facts))
	}
	for i := range a.Facts {
		if a.Facts[i].EventID != b.Facts[i].EventID {
			t.Fatalf("%s: fact %d is %s and %s", what, i, a.Facts[i].EventID, b.Facts[i].EventID)
		}
	}
}

// The order in which facts and signals arrive does not matter, nor does it
// matter that some arrive twice.
func TestEveryOrderAndEveryReplayEndsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := happenings(250).Draw(t, "happenings")
		a := foldAll(all)
		shuffled := rapid.Permutation(all).Draw(t, "order")
		b := foldAll(shuffled)
		same(t, "shuffled", a, b)
		if len(all) == 0 {
			return
		}
		twice := b.Clone()
		for range 40 {
			h := rapid.SampledFrom(all).Draw(t, "replayed")
			h.fold(&twice)
		}
		same(t, "replayed", b, twice)
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
		if len(p.Facts) > 256 || len(p.Folded) > 512 {
			t.Fatalf("%d facts, %d folded", len(p.Facts), len(p.Folded))
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
		for i, h := range happenings(120).Draw(t, "after") {
			h.id = fmt.Sprintf("late%d", i)
			if h.fact != nil {
				h.fact.EventID = h.id
			}
			h.fold(&c)
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
