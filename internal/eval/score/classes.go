package score

// Accuracy is the share of the rows whose answer is the expected one.
func Accuracy[T comparable](want, got []T) float64 {
	pair(len(want), len(got))
	right := 0
	for i := range want {
		if want[i] == got[i] {
			right++
		}
	}
	return ratio(float64(right), float64(len(want)))
}

// F1 is how well labels are given, each figure 0..1.
type F1 struct {
	// Macro is the mean over the labels that are expected or answered at least
	// once, each counting the same however rare (as in scikit-learn).
	Macro float64 `json:"macro_f1"`
	// Micro counts every label of every row alike; with one label a row it is
	// the accuracy. Precision and Recall belong to it.
	Micro     float64 `json:"micro_f1"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// Classes scores answers of one label a row.
func Classes[T comparable](want, got []T) F1 {
	pair(len(want), len(got))
	t := newTally[T]()
	for i := range want {
		t.add(want[i:i+1], got[i:i+1])
	}
	return t.f1()
}

// MultiClasses scores answers of any number of labels a row. A label twice in
// one row counts once.
func MultiClasses[T comparable](want, got [][]T) F1 {
	pair(len(want), len(got))
	t := newTally[T]()
	for i := range want {
		t.add(want[i], got[i])
	}
	return t.f1()
}

// count is what happened to one label.
type count struct{ right, wrong, lost int }

func (c count) f1() float64 {
	return ratio(float64(2*c.right), float64(2*c.right+c.wrong+c.lost))
}

// tally counts by label, in the order of first sight so that sums of floats
// do not depend on the order of a map.
type tally[T comparable] struct {
	at     map[T]int
	counts []count
}

func newTally[T comparable]() *tally[T] { return &tally[T]{at: map[T]int{}} }

func (t *tally[T]) of(label T) *count {
	i, known := t.at[label]
	if !known {
		i = len(t.counts)
		t.at[label] = i
		t.counts = append(t.counts, count{})
	}
	return &t.counts[i]
}

func (t *tally[T]) add(want, got []T) {
	expected, answered := set(want), set(got)
	for i, label := range want {
		switch {
		case first(want, i) != i:
		case answered[label]:
			t.of(label).right++
		default:
			t.of(label).lost++
		}
	}
	for i, label := range got {
		if first(got, i) == i && !expected[label] {
			t.of(label).wrong++
		}
	}
}

// first is where the label at i stands first.
func first[T comparable](labels []T, i int) int {
	for j := range i {
		if labels[j] == labels[i] {
			return j
		}
	}
	return i
}

func set[T comparable](labels []T) map[T]bool {
	s := make(map[T]bool, len(labels))
	for _, label := range labels {
		s[label] = true
	}
	return s
}

func (t *tally[T]) f1() F1 {
	var all count
	macro := 0.0
	for _, c := range t.counts {
		macro += c.f1()
		all.right, all.wrong, all.lost = all.right+c.right, all.wrong+c.wrong, all.lost+c.lost
	}
	return F1{
		Macro: ratio(macro, float64(len(t.counts))), Micro: all.f1(),
		Precision: ratio(float64(all.right), float64(all.right+all.wrong)),
		Recall:    ratio(float64(all.right), float64(all.right+all.lost)),
	}
}
