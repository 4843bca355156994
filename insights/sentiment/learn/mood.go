package learn

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

// The outputs of a mood model. The first four are those of GoEmotions' groups
// and can be true together; polarity is positive against negative.
const (
	Positive  = "positive"
	Negative  = "negative"
	Ambiguous = "ambiguous"
	Neutral   = "neutral"
	Polarity  = "polarity"
	// Emotion is the polarity as rows that are not [Row.Polar] alone teach it;
	// only the model that ships has it, for [Adapt].
	Emotion = "emotion"
)

// Row is a text with what it is labelled: any of the first four outputs, each
// at most once.
type Row struct {
	Text   string
	Labels []string
	// Polar rows are labelled positive or negative because they can be nothing
	// else: they teach the polarity only.
	Polar bool
}

const (
	moodBits = 17
	moodCost = 1.0
	// polarTrust makes up for there being fewer rows that are sure.
	polarTrust = 3
	// heldBack is every how manyth row sets the outputs' least scores.
	heldBack = 10
)

// Mood trains a mood model. Rows without GoEmotions' four groups, such as
// reviews, are [Row.Polar].
func Mood(r *reading.Reader, rows []Row) (*linear.Model, error) {
	texts := make([]example, len(rows))
	counts := make([]int, 1<<moodBits)
	for i := range rows {
		t := r.Read(rows[i].Text)
		texts[i] = example{buckets: linear.Buckets(t.Features, moodBits), dense: t.Figures[:], trust: 1}
		for _, b := range texts[i].buckets {
			counts[b]++
		}
	}
	m := &linear.Model{Bits: moodBits, Dense: reading.Figures, Rarity: linear.Rarities(counts, len(rows))}
	for i := range texts {
		texts[i].weigh(m.Rarity)
	}
	for _, name := range []string{Positive, Negative, Ambiguous, Neutral, Polarity, Emotion} {
		use := choose(rows, texts, name)
		if !both(use) {
			if name == Polarity {
				return nil, errors.New("train mood: there must be positive and negative rows")
			}
			continue
		}
		w := fit(use, 1<<moodBits, moodCost)
		m.Outputs = append(m.Outputs, linear.Quantise(name, w.buckets, w.dense, w.bias, least(use, name)))
	}
	return m, nil
}

// weigh gives the buckets their values.
func (e *example) weigh(rarity []uint8) {
	norm := linear.Norm(rarity, e.buckets)
	e.values = make([]float32, len(e.buckets))
	for i, b := range e.buckets {
		e.values[i] = float32(linear.Value(rarity[b]) / norm)
	}
}

// choose gives the rows that teach an output.
func choose(rows []Row, texts []example, name string) []example {
	var use []example
	for i := range rows {
		e := texts[i]
		yes, no := slices.Contains(rows[i].Labels, Positive), slices.Contains(rows[i].Labels, Negative)
		switch {
		case name != Polarity && rows[i].Polar, (name == Polarity || name == Emotion) && yes == no:
			continue
		case name != Polarity && name != Emotion:
			yes = slices.Contains(rows[i].Labels, name)
		case rows[i].Polar:
			e.trust = polarTrust
		}
		e.yes = yes
		use = append(use, e)
	}
	return use
}

func both(rows []example) bool {
	yes := slices.ContainsFunc(rows, func(e example) bool { return e.yes })
	no := slices.ContainsFunc(rows, func(e example) bool { return !e.yes })
	return yes && no
}

// least finds the score from which an output is said to be so: the one with
// the best F1 on rows that a model of the others did not see. That of a polarity
// is 0.
func least(rows []example, name string) float64 {
	if name == Polarity || name == Emotion {
		return 0
	}
	var seen, held []example
	for i := range rows {
		if i%heldBack == heldBack-1 {
			held = append(held, rows[i])
		} else {
			seen = append(seen, rows[i])
		}
	}
	if !both(seen) || !both(held) {
		return 0
	}
	w := fit(seen, 1<<moodBits, moodCost)
	scores := make([]scored, len(held))
	for i := range held {
		scores[i] = scored{w.score(&held[i]), held[i].yes}
	}
	at, _ := bestF1(scores)
	return at
}

// scored is a row with what a model says of it.
type scored struct {
	score float64
	yes   bool
}

// bestF1 gives the least score with the best F1, half way to the next lower
// one, and that F1.
func bestF1(rows []scored) (at, f1 float64) {
	slices.SortFunc(rows, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	total := 0
	for _, r := range rows {
		if r.yes {
			total++
		}
	}
	hits := 0
	for i, r := range rows {
		if r.yes {
			hits++
		}
		if f := 2 * float64(hits) / float64(i+1+total); f > f1 {
			at, f1 = (r.score+rows[min(i+1, len(rows)-1)].score)/2, f
		}
	}
	return at, f1
}

// Check says what is wrong with rows, by their place from 1.
func Check(rows []Row) error {
	for i, r := range rows {
		if len(r.Labels) == 0 {
			return fmt.Errorf("row %d has no label", i+1)
		}
		for _, l := range r.Labels {
			if !slices.Contains([]string{Positive, Negative, Ambiguous, Neutral}, l) {
				return fmt.Errorf("row %d: label %q, want positive, negative, neutral or ambiguous", i+1, l)
			}
		}
	}
	return nil
}
