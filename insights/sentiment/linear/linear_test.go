package linear

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"heed/insights/spoken"
)

// small is a model of one word and one figure.
func small() *Model {
	m := &Model{Bits: minBits, Dense: 1, Rarity: Rarities(make([]int, 1<<minBits), 3)}
	weights := make([]float64, 1<<minBits)
	for _, b := range Buckets(Features(nil, "", spoken.Words("dreadful")), minBits) {
		weights[b] = -2
	}
	m.Outputs = []Output{Quantise("mood", weights, []float64{0.5}, 0.25, 0.1)}
	return m
}

func score(m *Model, text string, dense float64) float64 {
	var out [1]float64
	m.Score(out[:], Features(nil, text, spoken.Words(text)), []float64{dense})
	return out[0]
}

func TestScoreAddsWordsFiguresAndBias(t *testing.T) {
	m := small()
	if got := score(m, "", 2); math.Abs(got-1.25) > 1e-6 {
		t.Errorf("no words: %v, want 1.25", got)
	}
	if got := score(m, "dreadful", 0); got > -2 {
		t.Errorf("the word scores %v", got)
	}
	if whole, part := score(m, "dreadful", 0), score(m, "dreadfully", 0); part <= whole || part > 0.25 {
		t.Errorf("a word with the same pieces scores %v, the word %v", part, whole)
	}
	if m.Find("mood") != 0 || m.Find("none") != -1 {
		t.Error("outputs are not found by name")
	}
}

func TestFeaturesTellNegationAndMarks(t *testing.T) {
	of := func(text string) []uint32 { return Features(nil, text, spoken.Words(text)) }
	good, notGood := of("it is good"), of("it is not good")
	for _, h := range good {
		if h == mix(saltNegated, hash(saltWord, "good")) {
			t.Error("good is negated where nothing negates it")
		}
	}
	if !slices.Contains(notGood, mix(saltNegated, hash(saltWord, "good"))) {
		t.Error("good is not negated behind not")
	}
	if slices.Equal(of("really"), of("really?")) || slices.Equal(of("fine"), of("fine 😀")) {
		t.Error("marks are not seen")
	}
}

func TestFeaturesAreBounded(t *testing.T) {
	text := strings.Repeat("an endless complaint ", 10_000)
	if n := len(Features(nil, text, spoken.Words(text))); n > maxFeatures+200 {
		t.Errorf("%d features", n)
	}
}

func TestReadGivesWhatWasWritten(t *testing.T) {
	var b bytes.Buffer
	if err := small().Write(&b); err != nil {
		t.Fatal(err)
	}
	m, err := Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := score(small(), "it was dreadful", 1), score(m, "it was dreadful", 1); a != b {
		t.Errorf("scores %v when read, %v before", b, a)
	}
	for i := range b.Len() {
		bad := slices.Clone(b.Bytes())
		bad[i] ^= 0x40
		if _, err := Read(bad); !errors.Is(err, ErrModel) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	if _, err := Read(b.Bytes()[:40]); !errors.Is(err, ErrModel) {
		t.Errorf("cut off: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := small().Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(data)
		if err != nil {
			// Past the checksum, which a fuzzer does not find.
			(&reader{rest: data}).model()
			return
		}
		if math.IsNaN(score(m, "anything", 1)) && m.Dense == 1 {
			t.Fatal("scores no number")
		}
	})
}
