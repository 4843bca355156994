package decide

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/caio/go-tdigest/v4"

	"heed/internal/consent"
	"heed/internal/customer"
)

const (
	// leastNumbers is how many people must have a number before its bounds are
	// taken from them.
	leastNumbers = 200
	// moved is the share of the people by which a bound must be out of place
	// before a number gets new ones, half of a bin: what was learnt of a bin that
	// goes is lost.
	moved = 0.5 / (mostBounds + 1)
)

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

// Add takes in one person as they are at a moment, but for somebody who refused
// to be profiled, tracked or processed on any channel. A number that is known
// for one purpose only is left out.
func (n *Numbers) Add(p *customer.Profile, ledger []consent.Row, at time.Time) error {
	if refuses(ledger, at) {
		return nil
	}
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

func refuses(ledger []consent.Row, at time.Time) bool {
	for _, channel := range channelNames {
		for _, purpose := range []consent.Purpose{consent.Profiling, consent.Tracking, consent.Processing} {
			if consent.Now(ledger, consent.Cell{Purpose: purpose, Channel: channel}, at).Denies() {
				return true
			}
		}
	}
	return false
}

// Bounds gives bounds that put as many people into each of 12 bins, by the names
// of the numbers that need them: one that fewer than 200 have keeps its own, and
// so does one whose bounds are still about where they belong.
func (n *Numbers) Bounds() map[string][]float64 {
	out := make(map[string][]float64)
	for name, d := range n.by {
		if d.Count() < leastNumbers {
			continue
		}
		var fresh []float64
		for i := 1; i <= mostBounds; i++ {
			x := short(d.Quantile(float64(i) / (mostBounds + 1)))
			if len(fresh) == 0 || x > fresh[len(fresh)-1] { // many have the same number
				fresh = append(fresh, x)
			}
		}
		i := slices.IndexFunc(n.of.list, func(f featureSpec) bool { return f.Name == name })
		if !fits(d, n.of.list[i].Bounds, fresh) {
			out[name] = fresh
		}
	}
	return out
}

// fits says whether old bounds part the people about as fresh ones do.
func fits(d *tdigest.TDigest, old, fresh []float64) bool {
	return slices.EqualFunc(old, fresh, func(a, b float64) bool { return math.Abs(d.CDF(a)-d.CDF(b)) <= moved })
}

// short rounds to three digits, which the names of bins show.
func short(x float64) float64 {
	out, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64) // it was just written
	return out
}

// Bounds gives the bounds of every number of the list.
func (f *Features) Bounds() map[string][]float64 {
	out := make(map[string][]float64)
	for i := range f.list {
		if s := &f.list[i]; len(s.Bounds) > 0 {
			out[s.Name] = slices.Clone(s.Bounds)
		}
	}
	return out
}
