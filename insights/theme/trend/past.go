package trend

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// past is how a theme was before.
type past struct {
	count    float64
	volume   float64
	exposure float64    // volume, by the factors of its days
	week     [7]float64 // factor of each weekday, about 1
	counted  [7]float64 // counts by weekday
	days     []day
	// excess and squares are the sums over days of what the squared distance
	// from the expectation is beyond chance, and of the squared expectation.
	excess, squares float64
}

// day is one calendar day.
type day struct{ seen, expected float64 }

const (
	// weekPrior is how many expected counts a weekday's factor of 1 weighs.
	weekPrior = 30
	// ownDays is how many days of a theme weigh as much as all other themes do
	// when its swing is estimated.
	ownDays = 56
)

// learn reads a theme's past from buckets first to last (exclusive).
func (c Counts) learn(s Series, first, last int) past {
	var p past
	var counts, volumes [7]float64
	for i := first; i < last; i++ {
		d := c.Starts[i].Weekday()
		counts[d] += float64(s.Counts[i])
		volumes[d] += float64(c.Volume[i])
		p.count += float64(s.Counts[i])
		p.volume += float64(c.Volume[i])
	}
	share := 0.0
	if p.volume > 0 {
		share = p.count / p.volume
	}
	p.counted = counts
	spent := 1.0 // degrees of freedom
	for d := range p.week {
		expected := volumes[d] * share
		p.week[d] = (counts[d] + weekPrior) / (expected + weekPrior)
		p.exposure += volumes[d] * p.week[d]
		spent += expected / (expected + weekPrior)
	}
	p.days = c.daily(p, s, first, last)
	free := 1 - min(0.5, spent/float64(max(1, len(p.days))))
	for _, d := range p.days {
		p.excess += (d.seen-d.expected)*(d.seen-d.expected)/free - d.expected
		p.squares += d.expected * d.expected
	}
	return p
}

// daily gives what was seen and expected on each calendar day of buckets.
func (c Counts) daily(p past, s Series, first, last int) []day {
	var out []day
	for i := first; i < last; {
		var d day
		at := c.Starts[i].YearDay()
		for ; i < last && c.Starts[i].YearDay() == at; i++ {
			d.seen += float64(s.Counts[i])
			d.expected += p.rate() * float64(c.Volume[i]) * p.week[c.Starts[i].Weekday()]
		}
		out = append(out, d)
	}
	return out
}

// rate is what a unit of exposure brings. A theme without a past has half a
// count in it.
func (p past) rate() float64 {
	if p.exposure == 0 {
		return 0
	}
	return max(p.count, 0.5) / p.exposure
}

// pooled is how much the days of all themes swing beyond chance: the variance
// of their rates as a share of its square, by moments.
func pooled(all []past) float64 {
	var excess, squares float64
	for _, p := range all {
		excess += p.excess
		squares += p.squares
	}
	if squares == 0 {
		return 0
	}
	return max(0, excess/squares)
}

// scatter is, for a sum of days that swing on their own, the variance of its
// rate as a share of the square.
func scatter(days []day, swing float64) (share, expected float64) {
	var squares float64
	for _, d := range days {
		expected += d.expected
		squares += d.expected * d.expected
	}
	if expected == 0 {
		return 0, 0
	}
	return swing * squares / (expected * expected), expected
}

// compare holds the buckets from now on against the past. Swing is that of all
// themes.
func (c Counts) compare(p past, swing float64, s Series, now int) Evidence {
	var count, exposure, volume float64
	for i := now; i < len(c.Starts); i++ {
		count += float64(s.Counts[i])
		volume += float64(c.Volume[i])
		exposure += float64(c.Volume[i]) * p.week[c.Starts[i].Weekday()]
	}
	e := Evidence{Observed: int(count), Dispersion: 1, P: 1, Less: 1, New: p.count <= newCount}
	if exposure == 0 || p.exposure == 0 {
		return e
	}
	if p.squares > 0 {
		n := float64(len(p.days))
		swing = max(0, (ownDays*swing+n*p.excess/p.squares)/(ownDays+n))
	}
	present, expected := scatter(c.daily(p, s, now, len(c.Starts)), swing)
	before, _ := scatter(p.days, swing)
	e.Dispersion = 1 + present*expected
	e.Share, e.Before = count/volume, p.count/p.volume
	e.Expected = exposure * p.rate()
	e.Ratio = count / e.Expected
	doubt := present + before + c.weekDoubt(p, now) + 1/(p.count+1)
	mean := exposure * (p.count + 1) / p.exposure
	e.P = tail(count, mean, 1/doubt)
	e.Less = 1 - tail(count+1, mean, 1/doubt)
	return e
}

// weekDoubt is the variance that the factors of the weekdays from now on add to
// the expectation, as a share of its square: a gamma posterior's.
func (c Counts) weekDoubt(p past, now int) float64 {
	var parts [7]float64
	var sum float64
	for i := now; i < len(c.Starts); i++ {
		d := c.Starts[i].Weekday()
		x := float64(c.Volume[i]) * p.week[d]
		parts[d] += x
		sum += x
	}
	var out float64
	for d, x := range parts {
		out += (x / sum) * (x / sum) / (p.counted[d] + weekPrior)
	}
	return out
}

// tail is the chance of at least count when its rate is gamma distributed: the
// upper tail of the negative binomial, by the regularised incomplete beta
// function. The mean is (past+1)·exposure/past exposure and the size past+1
// when nothing swings; then it is the binomial tail of the test of Przyborowski
// and Wilenski. What swings makes the size smaller.
func tail(count, mean, size float64) float64 {
	if count <= 0 {
		return 1
	}
	return mathext.RegIncBeta(count, size, mean/(mean+size))
}

// correct sets Q, the least rate of false discoveries at which a theme would
// be told (Benjamini and Hochberg's step-up procedure).
func correct(all []Evidence) {
	order := make([]*Evidence, len(all))
	for i := range all {
		order[i] = &all[i]
	}
	slices.SortStableFunc(order, func(a, b *Evidence) int { return cmp.Compare(b.P, a.P) })
	least := 1.0
	for i, e := range order {
		least = math.Min(least, e.P*float64(len(order))/float64(len(order)-i))
		e.Q = least
	}
}
