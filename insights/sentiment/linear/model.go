package linear

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
)

// ErrModel is in every error about bytes that are no model.
var ErrModel = errors.New("not a linear model")

const (
	magic      = "HEEDLIN1"
	minBits    = 8
	maxBits    = 20
	maxOutputs = 16
	maxDense   = 32
	maxName    = 32
	// mostNumber keeps sums of what is read finite.
	mostNumber = 1e6
	// rarityStep is what one unit of a stored rarity is worth.
	rarityStep = 1.0 / 16
)

// Model is one linear model for each of some outputs over the same features.
// It is never changed after it is made and safe for concurrent use.
type Model struct {
	// Bits: there are 1<<Bits buckets.
	Bits int
	// Rarity is, for each bucket, how much less usual it is than what every
	// text has (its inverse document frequency), in sixteenths.
	Rarity []uint8
	// Dense is how many figures a text has beside its words.
	Dense   int
	Outputs []Output
}

// Output is one linear model.
type Output struct {
	Name string
	// Weights of the buckets, in units of Scale; Dense those of the figures.
	Weights []int8
	Scale   float32
	Bias    float32
	Dense   []float32
	// Least is the score from which the output is said to be so.
	Least float32
}

// Find gives the place of an output by its name, or -1.
func (m *Model) Find(name string) int {
	return slices.IndexFunc(m.Outputs, func(o Output) bool { return o.Name == name })
}

// Buckets turns features (see [Features]) into buckets in place: each once, in
// order.
func Buckets(features []uint32, bits int) []uint32 {
	mask := uint32(1)<<bits - 1
	for i := range features {
		features[i] &= mask
	}
	slices.Sort(features)
	return slices.Compact(features)
}

// Norm is what the rarities of buckets are divided by, so that a long text
// weighs as much as a short one.
func Norm(rarity []uint8, buckets []uint32) float64 {
	var sum float64
	for _, b := range buckets {
		r := float64(rarity[b]) * rarityStep
		sum += r * r
	}
	return math.Sqrt(sum + 1e-9)
}

// Rarities gives the rarity of each bucket in texts: those that count of n
// texts have.
func Rarities(counts []int, n int) []uint8 {
	out := make([]uint8, len(counts))
	for i, c := range counts {
		idf := math.Log(float64(n+1)/float64(c+1)) + 1
		out[i] = uint8(math.Min(255, math.Round(idf/rarityStep)))
	}
	return out
}

// Value is what a bucket with a rarity adds to a text's feature, before Norm.
func Value(rarity uint8) float64 { return float64(rarity) * rarityStep }

// Score gives the log-odds of every output for a text's features, which it
// sorts, and its figures. Dst has the length of Outputs.
func (m *Model) Score(dst []float64, features []uint32, dense []float64) {
	buckets := Buckets(features, m.Bits)
	norm := Norm(m.Rarity, buckets)
	for k := range m.Outputs {
		o := &m.Outputs[k]
		var sum float64
		for _, b := range buckets {
			sum += float64(o.Weights[b]) * Value(m.Rarity[b])
		}
		sum = sum*float64(o.Scale)/norm + float64(o.Bias)
		for i, w := range o.Dense {
			sum += float64(w) * dense[i]
		}
		dst[k] = sum
	}
}

// Quantise makes an output of plain weights.
func Quantise(name string, weights []float64, dense []float64, bias, least float64) Output {
	var most float64
	for _, w := range weights {
		most = math.Max(most, math.Abs(w))
	}
	o := Output{Name: name, Weights: make([]int8, len(weights)), Bias: float32(bias), Least: float32(least)}
	o.Scale = float32(math.Max(most, 1e-9) / 127)
	for i, w := range weights {
		o.Weights[i] = int8(math.Round(w / float64(o.Scale)))
	}
	for _, w := range dense {
		o.Dense = append(o.Dense, float32(w))
	}
	return o
}

// header begins a file.
type header struct {
	Magic                [8]byte
	Bits, Dense, Outputs uint8
}

// Write writes a model: the header, the rarities, each output, and a checksum
// of all of it.
func (m *Model) Write(w io.Writer) error {
	sum := crc32.NewIEEE()
	out := bufio.NewWriter(io.MultiWriter(w, sum))
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(out, binary.LittleEndian, v) // Flush gives the error
		}
	}
	h := header{Bits: uint8(m.Bits), Dense: uint8(m.Dense), Outputs: uint8(len(m.Outputs))}
	copy(h.Magic[:], magic)
	put(h, m.Rarity)
	for _, o := range m.Outputs {
		put(uint8(len(o.Name)), []byte(o.Name), o.Scale, o.Bias, o.Least, o.Dense, o.Weights)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write a model: %w", err)
	}
	if err := binary.Write(w, binary.LittleEndian, sum.Sum32()); err != nil {
		return fmt.Errorf("write a model: %w", err)
	}
	return nil
}

// Read reads what [Model.Write] wrote, strictly: anything else is [ErrModel].
func Read(data []byte) (*Model, error) {
	if len(data) < 4 {
		return nil, fmt.Errorf("%w: %d bytes", ErrModel, len(data))
	}
	body, sum := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return nil, fmt.Errorf("%w: the checksum is wrong", ErrModel)
	}
	r := &reader{rest: body}
	m := r.model()
	if r.failed != "" {
		return nil, fmt.Errorf("%w: %s", ErrModel, r.failed)
	}
	if len(r.rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes too many", ErrModel, len(r.rest))
	}
	return m, nil
}

// reader takes pieces off a file; after a failure it gives zeros.
type reader struct {
	rest   []byte
	failed string
}

func (r *reader) take(n int) []byte {
	if r.failed == "" && len(r.rest) < n {
		r.failed = "it is cut off"
	}
	if r.failed != "" {
		return make([]byte, n)
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) number() float32 {
	f := math.Float32frombits(binary.LittleEndian.Uint32(r.take(4)))
	if !(math.Abs(float64(f)) <= mostNumber) {
		r.failed = "a weight is no number"
	}
	return f
}

func (r *reader) model() *Model {
	if string(r.take(len(magic))) != magic {
		r.failed = "the first bytes are wrong"
	}
	m := &Model{Bits: int(r.take(1)[0]), Dense: int(r.take(1)[0])}
	n := int(r.take(1)[0])
	if r.failed == "" && (m.Bits < minBits || m.Bits > maxBits || m.Dense > maxDense || n < 1 || n > maxOutputs) {
		r.failed = "its sizes are out of range"
	}
	if r.failed != "" {
		return nil
	}
	m.Rarity = slices.Clone(r.take(1 << m.Bits))
	for range n {
		m.Outputs = append(m.Outputs, r.output(m))
		if r.failed != "" {
			return nil
		}
	}
	return m
}

func (r *reader) output(m *Model) Output {
	size := int(r.take(1)[0])
	if size < 1 || size > maxName {
		r.failed = "the name of an output is too long or empty"
		return Output{}
	}
	o := Output{Name: string(r.take(size)), Scale: r.number(), Bias: r.number(), Least: r.number()}
	for range m.Dense {
		o.Dense = append(o.Dense, r.number())
	}
	o.Weights = make([]int8, 1<<m.Bits)
	for i, b := range r.take(1 << m.Bits) {
		o.Weights[i] = int8(b)
	}
	return o
}
