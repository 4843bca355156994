package trend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// weekly is how busy the days of a week are; Saturday and Sunday hardly.
var weekly = [7]float64{0.2, 1.3, 1.2, 1.1, 1.1, 1.2, 0.9}

// world simulates calls: themes with shares, their own weekdays and swings.
type world struct {
	rng    *rand.Rand
	calls  float64 // mean a day
	swing  float64 // variance of a day's rate, as a share of its square
	shares []float64
	grow   map[int]float64 // theme to factor, on the last days
	days   int             // how many last days grow
}

// counts makes n days of it.
func (w *world) counts(n int) Counts {
	c := Counts{End: monday.AddDate(0, 0, n)}
	c.Themes = make([]Series, len(w.shares))
	for d := range n {
		day := monday.AddDate(0, 0, d)
		volume := int(distuv.Poisson{Lambda: w.calls * weekly[day.Weekday()], Src: w.rng}.Rand())
		c.Starts, c.Volume = append(c.Starts, day), append(c.Volume, volume)
		for i, share := range w.shares {
			rate := share * float64(volume)
			if d >= n-w.days {
				rate *= max(1, w.grow[i])
			}
			if w.swing > 0 {
				rate *= distuv.Gamma{Alpha: 1 / w.swing, Beta: 1 / w.swing, Src: w.rng}.Rand()
			}
			said := 0
			if rate > 0 {
				said = int(distuv.Poisson{Lambda: rate, Src: w.rng}.Rand())
			}
			c.Themes[i].ID = fmt.Sprint("theme", i)
			c.Themes[i].Counts = append(c.Themes[i].Counts, said)
		}
	}
	return c
}

// first gives the first n buckets.
func (c Counts) first(n int) Counts {
	out := Counts{Starts: c.Starts[:n], Volume: c.Volume[:n], End: c.End}
	if n < len(c.Starts) {
		out.End = c.Starts[n]
	}
	for _, s := range c.Themes {
		out.Themes = append(out.Themes, Series{s.ID, s.Counts[:n]})
	}
	return out
}

// fifty themes of shares from 0.5 to 10 %.
func fifty() []float64 {
	out := make([]float64, 50)
	for i := range out {
		out[i] = 0.005 * math.Pow(20, float64(i)/49)
	}
	return out
}

// Without any growth, a year of looks at fifty themes gives false alarms in no
// greater share of looks than the rate.
func TestNothingGrows(t *testing.T) {
	for _, swing := range []float64{0, 0.05} {
		looks, alarms := 0, 0
		for seed := range uint64(3) {
			w := world{rng: rand.New(rand.NewPCG(seed, 7)), calls: 200, swing: swing, shares: fifty()}
			c := w.counts(52 * 7)
			for n := 28; n <= len(c.Starts); n += 3 {
				looks++
				for _, e := range Look(c.first(n), Options{Rate: 0.05, MinRatio: 1, MinCount: 1}) {
					if e.Emerging {
						alarms++
						break
					}
				}
			}
		}
		share := float64(alarms) / float64(looks)
		t.Logf("swing %v: %d of %d looks with a false alarm, %.4f", swing, alarms, looks, share)
		if share > 0.05 {
			t.Errorf("swing %v: a false alarm in %.3f of looks, at most 0.05", swing, share)
		}
	}
}

// A theme that doubles is found within two days at 100 calls a day: mostly when
// it was a tenth of them, nearly always when it was a fifth.
func TestDoubling(t *testing.T) {
	for _, c := range []struct {
		share float64
		least float64
	}{{0.1, 0.5}, {0.2, 0.9}} {
		found := 0
		const runs = 60
		for seed := range uint64(runs) {
			shares := fifty()
			shares[0] = c.share
			w := world{rng: rand.New(rand.NewPCG(seed, 11)), calls: 100, shares: shares, grow: map[int]float64{0: 2}, days: 2}
			// 8 weeks that end on a Wednesday
			for _, e := range Look(w.counts(8*7+3), Options{}) {
				if e.Theme == "theme0" && e.Emerging {
					found++
				}
			}
		}
		t.Logf("share %v: found in %d of %d", c.share, found, runs)
		if float64(found) < c.least*runs {
			t.Errorf("share %v: found in %d of %d", c.share, found, runs)
		}
	}
}

// Whatever was counted: chances are chances, Q is no less than P and in the
// order of P, and one more count now makes growth no less likely.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "days")
		c := Counts{End: monday.AddDate(0, 0, n)}
		for d := range n {
			c.Starts = append(c.Starts, monday.AddDate(0, 0, d))
		}
		c.Volume = rapid.SliceOfN(rapid.IntRange(0, 300), n, n).Draw(t, "volume")
		for i := range rapid.IntRange(1, 6).Draw(t, "themes") {
			c.Themes = append(c.Themes, Series{fmt.Sprint(i), rapid.SliceOfN(rapid.IntRange(0, 50), n, n).Draw(t, "counts")})
		}
		found := Look(c, Options{})
		before := 0.0
		p := map[string]float64{}
		for _, e := range found {
			if !(e.P >= 0 && e.P <= 1) || e.Q < e.P-1e-12 || e.Q > 1 || e.Q < before || e.Dispersion < 1 || math.IsNaN(e.Ratio) {
				t.Fatalf("%+v", e)
			}
			before, p[e.Theme] = e.Q, e.P
		}
		if n < 8 && len(found) > 0 {
			t.Fatalf("%d days and a verdict", n)
		}
		c.Themes[0].Counts[n-1]++
		for _, e := range Look(c, Options{}) {
			if e.Theme == "0" && e.P > p["0"]+1e-9 {
				t.Fatalf("one more count: %v after %v", e.P, p["0"])
			}
		}
	})
}

// The evidence of a theme that nobody had spoken of before.
func TestNewTheme(t *testing.T) {
	c := flat(30, 100, 0, 10)
	c.Themes[0].Counts[29] = 12
	got := Look(c, Options{})
	e := got[0]
	if e.Theme != "0" || !e.New || !e.Emerging || e.Observed != 12 || e.From != monday.AddDate(0, 0, 29) || e.To != c.End || e.Share != 0.12 {
		t.Errorf("%+v", e)
	}
	if got[1].Emerging || got[1].New || got[1].Ratio != 1 {
		t.Errorf("the other: %+v", got[1])
	}
}

// flat makes n days of one volume, and a theme for each count a day.
func flat(n, volume int, counts ...int) Counts {
	c := Counts{End: monday.AddDate(0, 0, n), Themes: make([]Series, len(counts))}
	for d := range n {
		c.Starts, c.Volume = append(c.Starts, monday.AddDate(0, 0, d)), append(c.Volume, volume)
		for i, count := range counts {
			c.Themes[i].ID = fmt.Sprint(i)
			c.Themes[i].Counts = append(c.Themes[i].Counts, count)
		}
	}
	return c
}

// Three times the calls are three times the counts, and no news.
func TestVolumeIsNoNews(t *testing.T) {
	c := flat(30, 100, 10)
	for d := 28; d < 30; d++ {
		c.Volume[d], c.Themes[0].Counts[d] = 300, 30
	}
	if e := Look(c, Options{})[0]; e.Emerging || e.Ratio > 1.01 {
		t.Errorf("%+v", e)
	}
	c.Volume[28], c.Volume[29] = 100, 100
	if e := Look(c, Options{})[0]; !e.Emerging || e.Ratio < 2.9 {
		t.Errorf("without the volume: %+v", e)
	}
}

// A theme of Mondays is no news on a Monday.
func TestMondaysAreNoNews(t *testing.T) {
	c := flat(8*7+1, 100, 4)
	for d := 0; d < len(c.Starts); d += 7 {
		c.Themes[0].Counts[d] = 20
	}
	if e := Look(c, Options{Windows: []time.Duration{24 * time.Hour}})[0]; e.Emerging || e.Ratio > 1.5 {
		t.Errorf("Monday: %+v", e)
	}
	c = c.first(8*7 - 1)
	c.Themes[0].Counts[len(c.Starts)-1] = 20
	if e := Look(c, Options{Windows: []time.Duration{24 * time.Hour}})[0]; !e.Emerging {
		t.Errorf("Saturday: %+v", e)
	}
}

// Hours give what days give.
func TestHours(t *testing.T) {
	c := Counts{End: monday.AddDate(0, 0, 30), Themes: []Series{{ID: "a"}}}
	for h := range 30 * 24 {
		count := 1
		if h >= 28*24 {
			count = 2
		}
		c.Starts, c.Volume = append(c.Starts, monday.Add(time.Duration(h)*time.Hour)), append(c.Volume, 10)
		c.Themes[0].Counts = append(c.Themes[0].Counts, count)
	}
	e := Look(c, Options{})[0]
	if !e.Emerging || e.Observed != 96 || math.Abs(e.Ratio-2) > 0.05 || e.From != monday.AddDate(0, 0, 28) {
		t.Errorf("%+v", e)
	}
}

func TestNoVerdict(t *testing.T) {
	for name, c := range map[string]Counts{
		"nothing": {}, "a week": flat(7, 10, 1), "uneven": {Starts: []time.Time{monday}, Volume: nil},
		"a short series": func() Counts { c := flat(30, 10, 1); c.Themes[0].Counts = nil; return c }(),
	} {
		if got := Look(c, Options{}); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := Look(flat(30, 0, 0), Options{}); len(got) != 1 || got[0].Emerging || got[0].P != 1 {
		t.Errorf("no calls: %+v", got)
	}
}

func TestCorrect(t *testing.T) {
	all := []Evidence{{P: 0.01}, {P: 0.04}, {P: 0.03}, {P: 0.5}}
	correct(all)
	for i, want := range []float64{0.04, 0.16 / 3, 0.16 / 3, 0.5} {
		if math.Abs(all[i].Q-want) > 1e-12 {
			t.Errorf("%d: %v, want %v", i, all[i].Q, want)
		}
	}
}

func BenchmarkLook(b *testing.B) {
	w := world{rng: rand.New(rand.NewPCG(1, 1)), calls: 200, shares: fifty()}
	c := w.counts(9 * 7)
	b.ReportAllocs()
	for b.Loop() {
		Look(c, Options{})
	}
}
