package tagger

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashOf(seed byte, s string) uint64 {
	h := (uint64(fnvOffset) ^ uint64(seed)) * fnvPrime
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// mix joins values into one feature of a template.
func mix(template uint64, parts ...uint64) uint64 {
	h := (fnvOffset ^ template) * fnvPrime
	for _, p := range parts {
		h = (h ^ p) * fnvPrime
		h ^= h >> 29
	}
	return h
}

// edge stands for a word before the first or behind the last.
const edge = 0x9e3779b97f4a7c15

// text is an utterance ready to be looked at.
type text struct {
	words []word
	asked uint64 // set of cues in what the other side said last
	named uint64 // set of cues in the utterance
}

func setOf(words []word) uint64 {
	var set uint64
	for i := range words {
		set |= 1 << words[i].cue
	}
	return set &^ 1
}

// features appends the features of word i. The first are about the word
// itself and those near it by their letters, the others only by their kind;
// plain is where those begin, so that learning can leave the first out.
func (t *text) features(into []uint64, i int) (out []uint64, plain int) {
	out = t.lexical(into, i)
	plain = len(out)
	out = t.shapes(out, i)
	out = t.near(out, i)
	return t.context(out, i), plain
}

func (t *text) hash(i int) uint64 {
	if i < 0 || i >= len(t.words) {
		return edge
	}
	return t.words[i].hash
}

func (t *text) shape(i int) uint64 {
	if i < 0 || i >= len(t.words) {
		return edge
	}
	w := &t.words[i]
	if w.sort == known {
		return uint64(w.cue) << 8
	}
	return uint64(w.sort) + 1
}

func (t *text) lexical(out []uint64, i int) []uint64 {
	w := &t.words[i]
	out = append(
		out,
		mix(1, w.hash),
		mix(2, t.hash(i-1), w.hash),
		mix(3, w.hash, t.hash(i+1)),
	)
	if w.sort > given {
		return out
	}
	s := w.text
	for n := 2; n <= 4 && n < len(s); n++ {
		out = append(out, mix(4, hashOf('e', s[len(s)-n:])), mix(5, hashOf('p', s[:n])))
	}
	return out
}

// shapes are about the word without its letters, and the letters of those
// beside it.
func (t *text) shapes(out []uint64, i int) []uint64 {
	w := &t.words[i]
	kind := w.kind()
	return append(
		out,
		mix(10, kind),
		mix(11, w.shape, uint64(w.sort)),
		mix(12, kind, t.hash(i-1)),
		mix(13, kind, t.hash(i+1)),
		mix(14, kind, t.hash(i-2)),
		mix(15, kind, t.hash(i+2)),
		mix(16, kind, t.hash(i-2), t.hash(i-1)),
		mix(17, kind, t.hash(i+1), t.hash(i+2)),
		mix(18, t.shape(i-1), kind, t.shape(i+1)),
		mix(19, t.shape(i-2), t.shape(i-1), kind),
		mix(20, kind, t.shape(i+1), t.shape(i+2)),
		mix(21, kind, uint64(min(i, 3)), uint64(min(len(t.words)-i, 3))),
		mix(22, kind, uint64(min(len(t.words), 7))),
		mix(23, uint64(w.sort), uint64(w.length)),
	)
}

// kind is a word's sort with its capital.
func (w *word) kind() uint64 {
	k := uint64(w.sort) << 1
	if w.capital {
		k |= 1
	}
	return k
}

// near is about the row of numbers that a word is in, and the cues beside it.
func (t *text) near(out []uint64, i int) []uint64 {
	w := &t.words[i]
	if w.count > 0 {
		out = append(
			out,
			mix(30, uint64(w.run)),
			mix(31, uint64(w.run), t.hash(w.first-1)),
			mix(32, uint64(w.run), t.hash(w.last+1)),
			mix(33, t.hash(w.first-2), t.hash(w.first-1)),
			mix(34, uint64(w.run), t.shape(w.first-1), t.shape(w.last+1)),
			mix(35, uint64(w.run), uint64(min(len(t.words), 7)), uint64(w.sort)),
		)
	}
	if c := w.code; c.both && c.last > c.first {
		size := uint64(c.size)<<8 | uint64(min(c.last-c.first, 7))
		out = append(out, mix(50, size), mix(51, uint64(c.size), uint64(w.sort)), mix(52, t.hash(c.first-1)),
			mix(53, t.shape(c.first-1), t.shape(c.last+1)), mix(54, t.hash(c.last+1)))
	}
	left, right := w.first-1, w.last+1
	kind := w.kind()<<5 | uint64(w.run)
	for n := 0; left >= 0 && n < 8; left, n = left-1, n+1 {
		if c := t.words[left].cue; c > 0 {
			out = append(out, mix(36, uint64(c), kind), mix(37, uint64(c), w.kind(), uint64(min(n, 3))))
			break
		}
	}
	for n := 0; right < len(t.words) && n < 6; right, n = right+1, n+1 {
		if c := t.words[right].cue; c > 0 {
			out = append(out, mix(38, uint64(c), kind), mix(39, uint64(c), w.kind(), uint64(min(n, 3))))
			break
		}
	}
	return out
}

// context is about what was asked for and what the whole utterance names.
func (t *text) context(out []uint64, i int) []uint64 {
	w := &t.words[i]
	kind := w.kind()
	out = append(out, mix(40, t.asked, kind))
	long := uint64(w.run)
	for c := uint64(1); c < 64; c++ {
		if t.asked>>c&1 == 1 {
			out = append(out, mix(41, c, kind, long), mix(42, c, kind, t.shape(i-1)))
		}
		if t.named>>c&1 == 1 {
			out = append(out, mix(43, c, kind, long))
		}
	}
	return out
}
