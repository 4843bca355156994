// Package trend says which themes are new or growing, each against its own
// past: corrected for how much was said in all, for the day of the week, for
// how much a theme swings anyway, and for looking at many themes at once.
//
// Method. The past of a theme gives its share of all that was said, with factors
// for the days of the week that are drawn towards 1 by a gamma prior. What is
// expected now is the negative binomial that a gamma posterior of that share
// predicts (Gelman et al., Bayesian Data Analysis, 2.6). For counts that are
// mere chance this is the exact conditional test of two Poisson rates
// (Przyborowski and Wilenski, Biometrika 1940), which knows how little a short
// past says and works for a theme without any. How much days swing beyond
// chance is estimated by moments (Breslow, Applied Statistics 1984), each theme's
// drawn towards that of all themes, and widens the prediction. Several lengths
// of "now" are looked at and paid for (Bonferroni), and the themes are judged
// together (Benjamini and Hochberg, JRSS B 1995).
//
// The package is pure: the caller counts, brings the moment and keeps what it
// has announced.
package trend

import (
	"cmp"
	"slices"
	"time"
)

// Counts is what was counted, by buckets of an hour or a day. Every slice has
// one number a bucket.
type Counts struct {
	// Starts are the buckets' beginnings, in order, in the organisation's time
	// zone: days of the week are read from them. Buckets without any calls are
	// there too.
	Starts []time.Time
	// End is the end of the last bucket.
	End time.Time
	// Volume is all that could have carried a theme: customer turns, or calls.
	Volume []int
	Themes []Series
}

// Series is how often one theme was there, in the unit of the volume.
type Series struct {
	ID     string
	Counts []int
}

// Options say what counts as emerging. The zero value works.
type Options struct {
	// Windows are the lengths of "now" that are looked at; nil means 1, 2 and 7
	// days.
	Windows []time.Duration
	// Past is how far back the comparison goes; 0 means 8 weeks.
	Past time.Duration
	// Rate is the share of false alarms among alarms that is borne at one look,
	// 0..1; 0 means 0.05.
	Rate float64
	// MinRatio is how many times the expected count is worth telling; 0 means
	// 1.5.
	MinRatio float64
	// MinCount is the least count that is worth telling; 0 means 5.
	MinCount int
}

// Evidence is what was found about one theme: the window in which its growth
// is the least likely chance.
type Evidence struct {
	Theme string    `json:"theme"`
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	// Observed is the count between From and To, Expected what the theme's own
	// past and the volume let expect, Ratio the one by the other. A theme
	// without a past has the expectation of half a count in all its past.
	Observed int     `json:"observed"`
	Expected float64 `json:"expected"`
	Ratio    float64 `json:"ratio"`
	// Share is Observed by the volume of the window, Before the same in the past.
	Share  float64 `json:"share"`
	Before float64 `json:"before"`
	// Dispersion is how many times the variance of the theme's days is that of
	// pure chance, at least 1.
	Dispersion float64 `json:"dispersion"`
	// P is the chance of such a count or a greater one without any growth,
	// after paying for the windows; Q is corrected for the number of themes.
	P float64 `json:"p"`
	Q float64 `json:"q"`
	// Less is the chance of such a count or a smaller one without any decline,
	// after paying for the windows.
	Less float64 `json:"less"`
	// New says that the past had hardly any of it.
	New bool `json:"new"`
	// Emerging is the verdict: Q within the rate, and large enough to matter.
	Emerging bool `json:"emerging"`
}

func (o Options) withDefaults() Options {
	if len(o.Windows) == 0 {
		o.Windows = []time.Duration{24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour}
	}
	o.Past = cmp.Or(o.Past, 8*7*24*time.Hour)
	o.Rate = cmp.Or(o.Rate, 0.05)
	o.MinRatio = cmp.Or(o.MinRatio, 1.5)
	o.MinCount = cmp.Or(o.MinCount, 5)
	return o
}

const (
	// minPast is the least past that anything is compared with.
	minPast = 7 * 24 * time.Hour
	// newCount is how many counts in the past still make a theme new.
	newCount = 2
)

// Look judges every theme at the end of the counts, likeliest growth first. It
// gives nil when there is less than a week of past, or when the slices differ in
// length. Looking each hour is fine, and each look has its own rate of false
// alarms: an alarm should be told once, and again only after the theme has been
// quiet.
func Look(c Counts, o Options) []Evidence {
	o = o.withDefaults()
	n := len(c.Starts)
	if len(c.Volume) != n || n == 0 || slices.ContainsFunc(c.Themes, func(s Series) bool { return len(s.Counts) != n }) {
		return nil
	}
	best := c.likeliest(o)
	correct(best)
	for i := range best {
		e := &best[i]
		e.Emerging = e.Q <= o.Rate && e.Ratio >= o.MinRatio && e.Observed >= o.MinCount
	}
	slices.SortStableFunc(best, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(a.Q, b.Q), cmp.Compare(b.Ratio, a.Ratio), cmp.Compare(a.Theme, b.Theme))
	})
	return best
}

// likeliest gives for each theme the window that tells most, and pays for
// having looked through all; nil when no window has a past.
func (c Counts) likeliest(o Options) []Evidence {
	var best []Evidence
	looked := 0
	for _, w := range o.Windows {
		found := c.window(w, o)
		if found == nil {
			continue
		}
		if looked++; looked == 1 {
			best = found
			continue
		}
		for i, e := range found {
			if e.P < best[i].P {
				best[i] = e
			}
		}
	}
	for i := range best {
		best[i].P = min(1, best[i].P*float64(looked))
		best[i].Less = min(1, best[i].Less*float64(looked))
	}
	return best
}

// window holds all themes of one window against their pasts; nil when the past
// is too short.
func (c Counts) window(w time.Duration, o Options) []Evidence {
	from := c.End.Add(-w)
	now := c.bucket(from)
	first, last := c.past(from, slices.Max(o.Windows)-w, o.Past)
	if now == len(c.Starts) || last == first || c.Starts[last-1].Sub(c.Starts[first]) < minPast-24*time.Hour {
		return nil
	}
	pasts := make([]past, len(c.Themes))
	for i, s := range c.Themes {
		pasts[i] = c.learn(s, first, last)
	}
	swing := pooled(pasts)
	out := make([]Evidence, len(c.Themes))
	for i, s := range c.Themes {
		out[i] = c.compare(pasts[i], swing, s, now)
		out[i].Theme, out[i].From, out[i].To = s.ID, c.Starts[now], c.End
	}
	return out
}

// bucket gives the first bucket that begins at a moment or after it.
func (c Counts) bucket(t time.Time) int {
	at, _ := slices.BinarySearchFunc(c.Starts, t, time.Time.Compare)
	return at
}

// past gives the buckets to compare with: they end a gap before the window, so
// that growth that began some days ago is not its own past, unless that would
// leave less than two weeks.
func (c Counts) past(from time.Time, gap, length time.Duration) (first, last int) {
	end := from.Add(-gap)
	if end.Sub(c.Starts[0]) < 2*minPast {
		end = from
	}
	return c.bucket(end.Add(-length)), c.bucket(end)
}
