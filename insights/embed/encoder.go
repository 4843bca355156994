package embed

import "math"

// Encoder turns a text into a vector of [Encoder.Dim] numbers: texts that mean
// much the same have a large dot product. It never changes after it was made,
// so any number of goroutines may use it.
type Encoder struct {
	dim     int
	version string
	keys    []uint32 // ascending
	scales  []float32
	rows    string   // dim bytes a key, each an int8
	slots   []uint32 // open addressing: 1 + the place in keys, or 0
	shift   uint
}

// Dim is the length of every vector.
func (e *Encoder) Dim() int { return e.dim }

// Version is "embed/" and eight hex digits that follow from the artefact's
// bytes. Vectors of two versions must not be compared.
func (e *Encoder) Version() string { return e.version }

// Encode writes the vector of a text into dst, which must have length
// [Encoder.Dim]: of length one, or all zero when nothing in the text is known.
// It allocates nothing for an utterance of usual length.
func (e *Encoder) Encode(dst []float32, text string) {
	clear(dst)
	var room [768]uint32
	for _, key := range Keys(room[:0], text) {
		if at, ok := e.find(key); ok {
			e.add(dst, at)
		}
	}
	Normalize(dst)
}

// add adds one row to the sum. How much a piece counts is the length of its
// row: training found it together with its direction.
func (e *Encoder) add(sum []float32, at int) {
	row := e.rows[at*e.dim:][:len(sum)]
	scale := e.scales[at]
	for i := range sum {
		sum[i] += scale * float32(int8(row[i]))
	}
}

// find looks a key up.
func (e *Encoder) find(key uint32) (int, bool) {
	mask := uint32(len(e.slots) - 1)
	for slot := (key * 0x9e3779b1) >> e.shift; ; slot = (slot + 1) & mask {
		at := e.slots[slot]
		if at == 0 {
			return 0, false
		}
		if e.keys[at-1] == key {
			return int(at - 1), true
		}
	}
}

// index fills the table from the keys; it is at most half full.
func (e *Encoder) index() {
	size, bits := 2, uint(1)
	for size < 2*len(e.keys)+1 {
		size, bits = size*2, bits+1
	}
	e.slots, e.shift = make([]uint32, size), 32-bits
	mask := uint32(size - 1)
	for at, key := range e.keys {
		slot := (key * 0x9e3779b1) >> e.shift
		for e.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		e.slots[slot] = uint32(at + 1)
	}
}

// Normalize scales v to length one; a vector of length zero stays as it is.
func Normalize(v []float32) {
	square := Dot(v, v)
	if square == 0 {
		return
	}
	by := 1 / float32(math.Sqrt(float64(square)))
	for i := range v {
		v[i] *= by
	}
}

// Dot is the dot product of two vectors of one length; of two vectors of
// length one it is the cosine of their angle.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32 // four sums, so that the additions need not wait for each other
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}
