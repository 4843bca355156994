package train

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"heed/insights/embed"
)

// Options say how to train. The zero value of a field means its default.
type Options struct {
	Dim    int     // length of the vectors; 96
	Passes int     // over all data; 5
	Least  int     // a piece that is rarer is left out; 4
	Rate   float64 // step at the start, falling to nothing; 0.05
	Scale  float64 // of the cosines before the softmax; 10
	Drop   float64 // share of words lost in training; 0.2
	Seed   uint64
	// Log, when there is one, hears how it goes.
	Log io.Writer
}

func (o Options) withDefaults() Options {
	if o.Dim == 0 {
		o.Dim = 96
	}
	if o.Passes == 0 {
		o.Passes = 5
	}
	if o.Least == 0 {
		o.Least = 4
	}
	if o.Rate == 0 {
		o.Rate = 0.05
	}
	if o.Scale == 0 {
		o.Scale = 10
	}
	if o.Drop == 0 {
		o.Drop = 0.2
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return o
}

// trainer is one training.
type trainer struct {
	opt   Options
	rand  *rand.Rand
	table *table
	heads [][]float32 // of each set: a vector a class
	sums  [][]float32 // of their squared gradients, one a class
	noise noise
	rate  float32
	loss  [kinds]mean
	// members says which examples bear each class, by the name of the set.
	members map[string][][]int
	left    [batch]encoding
	right   [batch]encoding
}

// batch is how many pairs are told apart from each other at a time.
const batch = 48

// mean is a running mean.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(x float64) { m.sum, m.n = m.sum+x, m.n+1 }

// take gives the mean and starts again.
func (m *mean) take() float64 {
	was := m.sum / float64(max(m.n, 1))
	*m = mean{}
	return was
}

// Train makes an encoder from a corpus. The same corpus, options and seed give
// the same rows.
func Train(c *Corpus, o Options) []embed.Row {
	o = o.withDefaults()
	t := &trainer{opt: o, rand: rand.New(rand.NewPCG(o.Seed, 1)), noise: noise{drop: o.Drop, alike: soundAlikes()}, members: map[string][][]int{}}
	t.table = newTable(c.texts, o.Dim, int32(o.Least), t.rand)
	for _, set := range c.Sets {
		head := make([]float32, len(set.Classes)*o.Dim)
		for i := range head {
			head[i] = float32(t.rand.NormFloat64()) * 0.1
		}
		t.heads = append(t.heads, head)
		t.sums = append(t.sums, make([]float32, len(set.Classes)))
		t.members[set.Name] = members(&set)
	}
	fmt.Fprintf(o.Log, "%d pieces of text\n", len(t.table.seen))
	steps := t.plan(c)
	for pass := range o.Passes {
		t.rand.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
		for i, s := range steps {
			done := (float64(pass) + float64(i)/float64(len(steps))) / float64(o.Passes)
			t.rate = float32(o.Rate * (1 - done))
			t.step(c, s)
		}
		fmt.Fprintf(o.Log, "pass %d: loss of labels %.3f, names %.3f, answers %.3f, halves %.3f\n", pass+1,
			t.loss[labels].take(), t.loss[names].take(), t.loss[answers].take(), t.loss[lines].take())
	}
	return t.table.export()
}

// texts gives all texts of the corpus.
func (c *Corpus) texts(yield func(string)) {
	for _, s := range c.Sets {
		for _, e := range s.Examples {
			yield(e.Text)
		}
	}
	for _, p := range c.Pairs {
		yield(p[0])
		yield(p[1])
	}
	for _, l := range c.Lines {
		yield(l)
	}
}

// kind is what a step learns from.
type kind int

const (
	labels  kind = iota // one labelled example
	names               // a batch of examples and the names of their classes
	answers             // a batch of utterances and what was answered
	lines               // a batch of halves of one utterance
)

// kinds is how many there are.
const kinds = int(lines) + 1

// step is one thing to learn from.
type step struct {
	kind    kind
	set, at int // for labels and names
}

// linesTwice is how often a pass reads each line, always torn in another way.
const linesTwice = 2

func (t *trainer) plan(c *Corpus) []step {
	var steps []step
	for s := range c.Sets {
		for i := range c.Sets[s].Examples {
			steps = append(steps, step{kind: labels, set: s, at: i})
		}
		if n := min(batch, len(c.Sets[s].Classes)); c.Sets[s].Named && n > 1 {
			for range len(c.Sets[s].Examples) / n {
				steps = append(steps, step{kind: names, set: s})
			}
		}
	}
	for range len(c.Pairs) / batch {
		steps = append(steps, step{kind: answers})
	}
	for range linesTwice * len(c.Lines) / batch {
		steps = append(steps, step{kind: lines})
	}
	return steps
}

func (t *trainer) step(c *Corpus, s step) {
	switch s.kind {
	case labels:
		t.label(s.set, c.Sets[s.set].Examples[s.at])
	case names:
		t.pairs(names, t.names(&c.Sets[s.set]))
	case answers:
		t.pairs(answers, func() (string, string) {
			p := c.Pairs[t.rand.IntN(len(c.Pairs))]
			return t.noise.of(t.rand, p[0]), t.noise.of(t.rand, p[1])
		})
	case lines:
		t.pairs(lines, func() (string, string) { return halves(t.rand, c.Lines[t.rand.IntN(len(c.Lines))]) })
	}
}

// label learns from one example: its vector should be nearer to its class than
// to the other classes of its set (a softmax over cosines). An example with
// several labels learns one of them at a time; the others do not count.
func (t *trainer) label(set int, x Example) {
	e := &t.left[0]
	if !t.table.forward(e, t.noise.of(t.rand, x.Text)) {
		return
	}
	want := x.Labels[t.rand.IntN(len(x.Labels))]
	head, dim := t.heads[set], t.opt.Dim
	cosines := make([]float32, len(head)/dim)
	lengths := make([]float32, len(cosines))
	for k := range cosines {
		row := head[k*dim:][:dim]
		lengths[k] = float32(math.Sqrt(float64(embed.Dot(row, row)))) + 1e-6
		cosines[k] = embed.Dot(row, e.unit) / lengths[k]
	}
	for _, other := range x.Labels {
		if other != want {
			cosines[other] = -10
		}
	}
	probs := softmax(cosines, float32(t.opt.Scale))
	t.loss[labels].add(-math.Log(float64(probs[want]) + 1e-12))
	for k, p := range probs {
		g := p * float32(t.opt.Scale)
		if k == want {
			g -= float32(t.opt.Scale)
		}
		if tiny(g) {
			continue
		}
		t.pull(set, k, g, cosines[k], lengths[k], e)
	}
	t.table.backward(e, t.rate)
}

// pull moves a class and the gradient of an example, where g is the gradient
// by their cosine.
func (t *trainer) pull(set, k int, g, cosine, length float32, e *encoding) {
	dim := t.opt.Dim
	row := t.heads[set][k*dim:][:dim]
	by := g / length
	var square float32
	for i := range row {
		d := by * (e.unit[i] - cosine*row[i]/length)
		square += d * d
	}
	t.sums[set][k] += square / float32(dim)
	rate := t.rate / float32(math.Sqrt(float64(t.sums[set][k])+1e-12))
	for i, x := range row {
		d := by * (e.unit[i] - cosine*x/length)
		e.grad[i] += by * x
		row[i] = x - rate*d
	}
}

// pairs learns to tell which of a batch of texts belongs to which.
func (t *trainer) pairs(k kind, draw func() (string, string)) {
	n := 0
	for range batch {
		a, b := draw()
		if t.table.forward(&t.left[n], a) && t.table.forward(&t.right[n], b) {
			n++
		}
	}
	scale := float32(t.opt.Scale)
	cosines := make([]float32, n)
	for i := range n {
		for j := range n {
			cosines[j] = embed.Dot(t.left[i].unit, t.right[j].unit)
		}
		probs := softmax(cosines, scale)
		t.loss[k].add(-math.Log(float64(probs[i]) + 1e-12))
		for j, p := range probs {
			g := p * scale
			if j == i {
				g -= scale
			}
			if tiny(g) {
				continue
			}
			addTo(t.left[i].grad, g, t.right[j].unit)
			addTo(t.right[j].grad, g, t.left[i].unit)
		}
	}
	for i := range n {
		t.table.backward(&t.left[i], t.rate)
		t.table.backward(&t.right[i], t.rate)
	}
}

// tiny says that a gradient is not worth the work.
func tiny(g float32) bool { return g < 1e-3 && g > -1e-3 }

// addTo adds by times b to a.
func addTo(a []float32, by float32, b []float32) {
	b = b[:len(a)]
	for i, x := range b {
		a[i] += by * x
	}
}

// softmax gives the probabilities, in a slice of its own.
func softmax(x []float32, scale float32) []float32 {
	largest := float32(math.Inf(-1))
	for _, v := range x {
		largest = max(largest, v)
	}
	out := make([]float32, len(x))
	var sum float32
	for i, v := range x {
		out[i] = float32(math.Exp(float64(scale * (v - largest))))
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
