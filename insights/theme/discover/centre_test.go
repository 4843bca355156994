package discover

import (
	"bytes"
	"encoding/gob"
	"strings"
	"testing"
)

// tilted is an encoder all of whose vectors lean the same way.
type tilted struct{ hashed }

func (e tilted) Encode(dst []float32, text string) {
	e.hashed.Encode(dst, text)
	for d := range dst {
		dst[d] += 0.4
	}
	scale(dst, 1)
}

// TestWhatAllTurnsShareTellsNothing takes out of the encoder's vectors what
// those of all turns have in common.
func TestWhatAllTurnsShareTellsNothing(t *testing.T) {
	turns, _ := bicycles(t)
	words := readAll(turns)
	near := func(s *space) float64 {
		var sum float64
		a, b := make([]float32, s.size()), make([]float32, s.size())
		for i := range len(turns) - 1 {
			s.vector(a, words[i], turns[i].Text, "")
			s.vector(b, words[i+1], turns[i+1].Text, "")
			sum += float64(dot(a[s.dims:], b[s.dims:])) / (1 - wordShare)
		}
		return sum / float64(len(turns)-1)
	}
	s := fitSpace(words, tilted{16})
	leaning := near(s)
	s.centre(turns, words)
	if upright := near(s); leaning < 0.7 || upright > 0.3 {
		t.Errorf("neighbours are alike by %.2f, and by %.2f without what they share", leaning, upright)
	}
}

// TestModelsOfBefore loads what was stored without a mean, and refuses one
// that does not fit.
func TestModelsOfBefore(t *testing.T) {
	turns, _ := bicycles(t)
	data, err := discover(t, turns, Options{Encoder: hashed(16)}).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		mean []float32
		want string
	}{"none": {nil, ""}, "short": {make([]float32, 5), "expected a mean of 16 numbers, got 5"}} {
		var s stored
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
			t.Fatal(err)
		}
		s.Mean = c.mean
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(s); err != nil {
			t.Fatal(err)
		}
		m, err := Load(b.Bytes(), hashed(16))
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) || c.want == "" && (err != nil || len(m.Themes()) == 0) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
