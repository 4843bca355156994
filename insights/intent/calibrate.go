package intent

import "math"

// outcome is what the scores of one held-out sentence led to.
type outcome struct {
	evidence evidence
	right    bool
	stranger bool // out of scope
	supposed bool // only as if it were
}

// evidence is what is known of an answer: its score, its lead over the next
// one, and how long the text was.
type evidence [3]float64

// cleared is the lead from which more lead says nothing.
const cleared = 3.0

// evidenceOf turns a best score and its lead over the next into features.
func evidenceOf(best, lead float64, words int) evidence {
	return evidence{best, min(lead, cleared), math.Log(float64(words))}
}

// judge gives the probability of an answer: that the text is in scope at all,
// times that the answer is right then. The first looks at the score and not at
// the lead: a stranger may resemble one intent only.
type judge struct {
	Known, Right curve
	Closed       bool // nothing is out of scope
}

func (j judge) probability(e evidence) float64 {
	p := j.Right.at(e)
	if !j.Closed {
		p *= j.Known.at(e.withoutLead())
	}
	return p
}

func (e evidence) withoutLead() evidence { return evidence{e[0], 0, e[2]} }

// strangers is the share of texts out of scope that is expected in use, at the
// least: sets bring few examples of what they are not about.
const strangers = 0.1

// judgeBy fits both curves to what came out.
func judgeBy(seen []outcome) judge {
	var in, all []example
	out, supposed := 0, false
	for _, o := range seen {
		supposed = supposed || o.supposed
		if o.stranger {
			out++
		} else {
			in = append(in, example{o.evidence, o.right, 1})
		}
	}
	j := judge{Right: fitCurve(in), Closed: out == 0}
	if j.Closed || len(in) == 0 {
		return j
	}
	weight := strangers / (1 - strangers) * float64(len(in)) / float64(out)
	if !supposed {
		weight = max(1, weight)
	}
	for _, o := range seen {
		e := example{o.evidence.withoutLead(), !o.stranger, 1}
		if o.stranger {
			e.weight = weight
		}
		all = append(all, e)
	}
	j.Known = fitCurve(all)
	return j
}

// curve is a logistic curve over evidence.
type curve struct {
	Weights evidence
	Bias    float64
}

func (c curve) at(e evidence) float64 { return 1 / (1 + math.Exp(-c.logit(e))) }

func (c curve) logit(e evidence) float64 {
	z := c.Bias
	for i, w := range c.Weights {
		z += w * e[i]
	}
	return z
}

// example is one point that a curve is fitted to.
type example struct {
	evidence evidence
	yes      bool
	weight   float64
}

const (
	newtonSteps = 25
	ridge       = 0.5 // on weights, as if half a sentence spoke against each
)

// fitCurve fits a logistic curve with a light penalty, by Newton's method
// (Platt scaling, on more than one score).
func fitCurve(seen []example) curve {
	var v [4]float64
	for range newtonSteps {
		c := curve{Weights: evidence(v[:3]), Bias: v[3]}
		step := solve(c.slopes(seen))
		moved := 0.0
		for i := range v {
			v[i] -= step[i]
			moved = max(moved, math.Abs(step[i]))
		}
		if moved < 1e-6 {
			break
		}
	}
	return curve{Weights: evidence(v[:3]), Bias: v[3]}
}

// slopes gives the second and first derivatives of what a curve is off by.
func (c curve) slopes(seen []example) (second [4][4]float64, first [4]float64) {
	for i, w := range [4]float64{c.Weights[0], c.Weights[1], c.Weights[2], c.Bias} {
		second[i][i] = ridge
		first[i] = ridge * w
	}
	for _, s := range seen {
		x, p := [4]float64{s.evidence[0], s.evidence[1], s.evidence[2], 1}, c.at(s.evidence)
		miss := p
		if s.yes {
			miss--
		}
		for a := range x {
			first[a] += s.weight * miss * x[a]
			for b := range x {
				second[a][b] += s.weight * p * (1 - p) * x[a] * x[b]
			}
		}
	}
	return second, first
}

// solve gives x of a x = b for a symmetric positive a, by elimination.
func solve(a [4][4]float64, b [4]float64) [4]float64 {
	for i := range b {
		for j := i + 1; j < len(b); j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < len(b); k++ {
				a[j][k] -= f * a[i][k]
			}
			b[j] -= f * b[i]
		}
	}
	for i := len(b) - 1; i >= 0; i-- {
		for k := i + 1; k < len(b); k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}

// caution says from which probability an answer is given.
type caution struct {
	least, most float64
	gain        func(c count) float64
}

// careful best keeps the right answers and drops the wrong ones, each side
// counting half, but never under a half nor over three in four: a wrong intent
// moves the customer's profile, a missed one is often said again.
var careful = caution{0.5, 0.76, func(c count) float64 {
	return share(c.kept, c.right) + share(c.dropped+c.refused, c.wrong+c.out)
}}

// forward gives up one right answer in a hundred for refusing at least
// thirty-three strangers in a hundred more: it is for sets of which the figures
// that people publish are accuracy in scope first, and recall out of scope
// beside it.
var forward = caution{0.12, 0.5, func(c count) float64 {
	return share(c.kept, c.right) + 0.03*share(c.refused, c.out)
}}

func share(part, of float64) float64 { return part / max(of, 1) }

// count is what a limit does to held-out sentences.
type count struct {
	kept, right    float64 // right answers given, of all right ones
	dropped, wrong float64 // wrong answers in scope
	refused, out   float64 // answers to what is out of scope
}

// limit is the probability that gains most.
func (w caution) limit(j judge, seen []outcome) float64 {
	best, at := math.Inf(-1), w.least
	for p := w.least; p <= w.most+1e-9; p += 0.02 {
		if gain := w.gain(tally(j, seen, p)); gain > best+1e-9 {
			best, at = gain, p
		}
	}
	return at
}

func tally(j judge, seen []outcome, limit float64) count {
	var c count
	for _, o := range seen {
		given := 0.0
		if j.probability(o.evidence) >= limit {
			given = 1
		}
		switch {
		case o.stranger:
			c.out++
			c.refused += 1 - given
		case o.right:
			c.right++
			c.kept += given
		default:
			c.wrong++
			c.dropped += 1 - given
		}
	}
	return c
}
