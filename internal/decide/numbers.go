package decide

import (
	"fmt"
	"slices"
	"time"

	"github.com/caio/go-tdigest/v4"

	"heed/internal/customer"
)

// leastNumbers is how many people must have a number before its bounds are
// taken from them.
const leastNumbers = 200

// Numbers gathers the numbers of a list's features over many people, to place
// the bounds between their bins anew. It keeps a digest of each (Dunning and
// Ertl, Computing extremely accurate quantiles using t-digests, 2019) and
// nobody's own. It is not safe for concurrent use.
type Numbers struct {
	of *Features
	by map[string]*tdigest.TDigest
}

// Gather begins with nobody.
func (f *Features) Gather() (*Numbers, error) {
	n := &Numbers{of: f, by: make(map[string]*tdigest.TDigest)}
	for _, name := range f.Numbers() {
		// A fixed source: the same people give the same bounds.
		d, err := tdigest.New(tdigest.LocalRandomNumberGenerator(1))
		if err != nil {
			return nil, fmt.Errorf("features: %s: %w", name, err)
		}
		n.by[name] = d
	}
	return n, nil
}

// Add takes in one person as they are at a moment. Only those who did not
// refuse to be profiled may be handed in; a number that is known for one
// purpose only is left out.
func (n *Numbers) Add(p *customer.Profile, at time.Time) error {
	for i := range n.of.list {
		f := &n.of.list[i]
		d := n.by[f.Name]
		if d == nil || f.Purpose != "" {
			continue
		}
		t, ok := p.Trait(f.Of, at)
		if !ok || t.Purpose != "" {
			continue
		}
		if x, ok := f.number(t.Value, at); ok {
			if err := d.Add(x); err != nil {
				return fmt.Errorf("features: %s: %w", f.Name, err)
			}
		}
	}
	return nil
}

// Features gives the list with bounds that put as many people into each of 12
// bins. A number that fewer than 200 have keeps its bounds.
func (n *Numbers) Features(version string) (*Features, error) {
	bounds := make(map[string][]float64)
	for name, d := range n.by {
		if d.Count() < leastNumbers {
			continue
		}
		var list []float64
		for i := 1; i <= mostBounds; i++ {
			list = append(list, d.Quantile(float64(i)/(mostBounds+1)))
		}
		bounds[name] = slices.Compact(list) // many have the same number
	}
	return n.of.WithBounds(version, bounds)
}
