package tagger

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
)

// Kinds are the classes of a model beside "none of these", in its order.
const kindNames = "name address email phone card_number national_id account_number password username postcode " +
	"bank_account place organization date person_detail"

const (
	classes = 16     // the first is none
	buckets = 100003 // prime
	magic   = "HEEDTAG1"

	maxVocabulary = 60000
)

// Kinds gives the names of what a model can find, in the order of the
// probabilities of [Word].
func Kinds() []string { return strings.Fields(kindNames) }

// Model is a trained tagger. It is never changed and safe for concurrent use.
type Model struct {
	weights    []int8 // classes in a row for each bucket
	scale      float32
	vocabulary []uint32 // sorted hashes of common words
	sum        uint32
}

//go:embed tagger.bin
var artefact []byte

// Default gives the committed model; it is read once.
func Default() *Model { return committed() }

var committed = sync.OnceValue(func() *Model {
	m, err := Read(bytes.NewReader(artefact))
	if err != nil {
		panic("tagger: the committed model: " + err.Error()) // a build fault, found by any test
	}
	return m
})

// Sum is a check sum of the model, to name its version.
func (m *Model) Sum() uint32 { return m.sum }

// ErrFormat is wrapped by every error about bytes that are no model.
var ErrFormat = errors.New("not a tagger model")

// Read reads what [Model.WriteTo] wrote, strictly: wrong sizes, unsorted
// words, trailing bytes and a wrong check sum are refused.
func Read(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return nil, fmt.Errorf("read tagger model: %w", err)
	}
	const head = len(magic) + 8
	if len(data) < head+4 || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: no header", ErrFormat)
	}
	body, want := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if crc32.ChecksumIEEE(body) != want {
		return nil, fmt.Errorf("%w: check sum differs", ErrFormat)
	}
	m := &Model{sum: want, scale: math.Float32frombits(binary.LittleEndian.Uint32(body[len(magic):]))}
	if !(m.scale > 0 && m.scale < 1) {
		return nil, fmt.Errorf("%w: scale %v is not between 0 and 1", ErrFormat, m.scale)
	}
	n := int(binary.LittleEndian.Uint32(body[len(magic)+4:]))
	if n > maxVocabulary || len(body) != head+4*n+classes*buckets {
		return nil, fmt.Errorf("%w: %d bytes with %d words", ErrFormat, len(data), n)
	}
	m.vocabulary = make([]uint32, n)
	for i := range m.vocabulary {
		m.vocabulary[i] = binary.LittleEndian.Uint32(body[head+4*i:])
	}
	if !slices.IsSorted(m.vocabulary) {
		return nil, fmt.Errorf("%w: words out of order", ErrFormat)
	}
	m.weights = make([]int8, classes*buckets)
	for i, b := range body[head+4*n:] {
		m.weights[i] = int8(b)
	}
	return m, nil
}

// WriteTo writes the model for [Read].
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	body := m.body()
	body = binary.LittleEndian.AppendUint32(body, crc32.ChecksumIEEE(body))
	n, err := w.Write(body)
	if err != nil {
		return int64(n), fmt.Errorf("write tagger model: %w", err)
	}
	return int64(n), nil
}

func (m *Model) body() []byte {
	body := make([]byte, 0, len(magic)+12+4*len(m.vocabulary)+len(m.weights))
	body = append(body, magic...)
	body = binary.LittleEndian.AppendUint32(body, math.Float32bits(m.scale))
	body = binary.LittleEndian.AppendUint32(body, uint32(len(m.vocabulary)))
	for _, h := range m.vocabulary {
		body = binary.LittleEndian.AppendUint32(body, h)
	}
	for _, b := range m.weights {
		body = append(body, byte(b))
	}
	return body
}

// knows says whether a word is in the common vocabulary.
func (m *Model) knows(hash uint64) bool {
	_, found := slices.BinarySearch(m.vocabulary, uint32(hash>>32))
	return found
}

// Word is a word of a text with its probabilities.
type Word struct {
	From, To int                  // bytes, marks round it left out
	P        [classes - 1]float32 // for each of [Kinds]; what is missing to 1 is none

	first, last int // the row of numbers or of a code's groups that it is in
}

// Set is a set of [Kinds], as bits in their order.
type Set uint32

// SetOf gives the set of the kinds that are wanted.
func SetOf(want func(kind string) bool) Set {
	var s Set
	for i, k := range Kinds() {
		if want(k) {
			s |= 1 << i
		}
	}
	return s
}

// Any gives the probability that the word is any of a set of kinds.
func (w *Word) Any(set Set) float32 {
	var sum float32
	for i, p := range w.P {
		if set>>i&1 == 1 {
			sum += p
		}
	}
	return sum
}

// best gives the likeliest of a set of kinds, as its place in [Kinds].
func (w *Word) best(set Set) int {
	best := -1
	for i, p := range w.P {
		if set>>i&1 == 1 && (best < 0 || p > w.P[best]) {
			best = i
		}
	}
	return best
}

// Tag gives the words of an utterance with their probabilities, in order. What
// stands in brackets has none. It takes a few microseconds a word.
func (m *Model) Tag(said string, asked Asked) []Word {
	t := text{words: m.split(said), asked: uint64(asked)}
	t.named = setOf(t.words)
	out := make([]Word, 0, len(t.words))
	buf := make([]uint64, 0, 128)
	for i := range t.words {
		s := &t.words[i]
		if s.sort == signs {
			continue
		}
		w := Word{From: s.from, To: s.to}
		w.first, w.last = s.row()
		w.first, w.last = len(out)-(i-w.first), len(out)+(w.last-i)
		if s.sort != foreign {
			buf, _ = t.features(buf[:0], i)
			m.probabilities(buf, &w.P)
		}
		out = append(out, w)
	}
	return out
}

// row gives the words that are one value with this one.
func (w *word) row() (first, last int) {
	if w.code.both {
		return w.code.first, w.code.last
	}
	return w.first, w.last
}

// probabilities is the softmax of the sums of the features' weights.
func (m *Model) probabilities(features []uint64, p *[classes - 1]float32) {
	var sums [classes]int32
	for _, f := range features {
		at := int(f%buckets) * classes
		row := m.weights[at : at+classes : at+classes]
		for c, w := range row {
			sums[c] += int32(w)
		}
	}
	top := slices.Max(sums[:])
	var total float64
	var e [classes]float64
	for c, s := range sums {
		e[c] = math.Exp(float64(s-top) * float64(m.scale))
		total += e[c]
	}
	for c := range p {
		p[c] = float32(e[c+1] / total)
	}
}

// Asked is what somebody asked for or announced, as a set of topics such as
// names or passwords; 0 is nothing that matters.
type Asked uint64

// AskedBy gives what an utterance asks for: its end counts, for the question
// comes last.
func AskedBy(said string) Asked {
	const end = 200 // bytes
	return NamedIn(said[max(0, len(said)-end):])
}

// NamedIn gives what an utterance names anywhere.
func NamedIn(said string) Asked {
	var set uint64
	for w := range strings.FieldsFuncSeq(said, func(r rune) bool { return !inside(r) && r != '\'' && r != '-' }) {
		set |= 1 << cues[strings.ToLower(w)]
	}
	return Asked(set &^ 1)
}

// Secret says whether it names something that secrets go by: a password, a
// code, a user, a national number, a bank account.
func (a Asked) Secret() bool {
	const secrets = 1<<7 | 1<<8 | 1<<9 | 1<<15 | 1<<22 | 1<<23 | 1<<24 // rows of cueWords
	return a&secrets != 0
}

// Named says whether it names personal data, and not only holds words such as
// "is" that stand near it.
func (a Asked) Named() bool { return a&(1<<weakCues-1) != 0 }
