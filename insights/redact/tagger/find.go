package tagger

const (
	beside = 0.25 // of the threshold, for a word next to one that was found
	gap    = 2    // words inside an address that may look like none
)

// Found is a stretch of one kind.
type Found struct {
	From, To int // bytes
	Kind     int // its place in [Kinds]
}

// Find gives the stretches of an utterance that are any of a set of kinds with
// at least a probability, in order and apart. A number or code that is read
// out in groups is found as a whole, and so is an address with a word or two
// inside that look like none.
func (m *Model) Find(said string, asked Asked, set Set, threshold float32) []Found {
	words := m.Tag(said, asked)
	kinds := make([]int8, len(words)) // of each word, 1 more than its place; 0 for none
	any := false
	for i := range words {
		if words[i].Any(set) >= threshold {
			kinds[i], any = int8(words[i].best(set)+1), true
		}
	}
	if !any {
		return nil
	}
	grow(words, kinds, set, threshold*beside)
	return stretches(words, kinds)
}

// grow finds what belongs to the words that were found.
func grow(words []Word, kinds []int8, set Set, least float32) {
	for i := range words {
		if kinds[i] > 0 {
			wholeRow(words, kinds, i)
		}
	}
	from := func(i, other int) {
		if kinds[i] == 0 && kinds[other] > 0 && words[i].Any(set) >= least {
			kinds[i] = kinds[other]
		}
	}
	for i := 1; i < len(words); i++ {
		from(i, i-1)
	}
	for i := len(words) - 2; i >= 0; i-- {
		from(i, i+1)
	}
	fill(kinds)
}

// wholeRow gives the kind of a word to all of the number or code it is in.
func wholeRow(words []Word, kinds []int8, i int) {
	for j := max(words[i].first, 0); j <= words[i].last && j < len(words); j++ {
		if kinds[j] == 0 {
			kinds[j] = kinds[i]
		}
	}
}

// addressKind is 1 more than the place of "address" in [Kinds].
const addressKind = 2

// fill closes small gaps inside addresses.
func fill(kinds []int8) {
	last := -1
	for i, k := range kinds {
		if k != addressKind {
			continue
		}
		if last >= 0 && i-last-1 <= gap {
			for j := last + 1; j < i; j++ {
				kinds[j] = addressKind
			}
		}
		last = i
	}
}

// stretches joins neighbours of one kind.
func stretches(words []Word, kinds []int8) []Found {
	var out []Found
	for i, k := range kinds {
		if k == 0 {
			continue
		}
		if n := len(out); n > 0 && kinds[i-1] == k {
			out[n-1].To = words[i].To
			continue
		}
		out = append(out, Found{From: words[i].From, To: words[i].To, Kind: int(k) - 1})
	}
	return out
}
