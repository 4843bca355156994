package discover

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"slices"
)

// stored is a model's form on disk.
type stored struct {
	Format  int
	Terms   []string // by place
	IDF     []float32
	Project []float32
	Dims    int
	EncDim  int
	Mean    []float32 // empty in models of before
	Probe   []float32 // what the encoder makes of probeText
	Middles []float32
	Reach   []float32
	Themes  []Theme
	Keys    []map[string]float64
	Common  []string
	Changes []Change
	Version string
}

const (
	storedFormat = 1
	// probeText tells encoders apart.
	probeText = "hello i would like to change the address on my account because i have moved"
)

// ErrEncoder means that a stored model was made with another encoder, or
// with none. [Discover] or [Update] makes a new one.
var ErrEncoder = errors.New("the themes were made with another encoder")

// MarshalBinary gives the model in a form that [Load] reads: about 250 bytes a
// known word, typically under 1 MB. It holds quotes, so it is as secret as they
// are.
func (m *Model) MarshalBinary() ([]byte, error) {
	s := stored{
		Format: storedFormat, Terms: make([]string, len(m.space.places)), IDF: m.space.idf, Project: m.space.project,
		Dims: m.space.dims, EncDim: m.space.encDim, Mean: m.space.mean, Probe: probe(m.space.enc), Middles: m.middles.data, Reach: m.reach,
		Themes: m.themes, Keys: m.keys, Changes: m.changes, Version: m.version,
	}
	for term, at := range m.space.places {
		s.Terms[at] = term
	}
	for term := range m.common {
		s.Common = append(s.Common, term)
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		return nil, fmt.Errorf("store themes: %w", err)
	}
	return b.Bytes(), nil
}

func probe(enc encoder) []float32 {
	if enc == nil {
		return nil
	}
	v := make([]float32, enc.Dim())
	enc.Encode(v, probeText)
	return v
}

// Load reads what MarshalBinary gave. The encoder is the one that the model was
// made with, or nil when there was none; another one gives [ErrEncoder].
func Load(data []byte, enc encoder) (*Model, error) {
	var s stored
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		return nil, fmt.Errorf("load themes: %w", err)
	}
	if err := s.check(enc); err != nil {
		return nil, fmt.Errorf("load themes: %w", err)
	}
	sp := &space{places: make(map[string]int32, len(s.Terms)), idf: s.IDF, project: s.Project, dims: s.Dims, enc: enc, encDim: s.EncDim, mean: s.Mean}
	for i, term := range s.Terms {
		sp.places[term] = int32(i)
	}
	m := &Model{
		space: sp, middles: points{data: s.Middles, size: sp.size()}, reach: s.Reach, themes: s.Themes, keys: s.Keys,
		common: map[string]bool{}, changes: s.Changes, version: s.Version,
	}
	for _, term := range s.Common {
		m.common[term] = true
	}
	return m, nil
}

// check refuses what does not fit together.
func (s *stored) check(enc encoder) error {
	n, k, size := len(s.Terms), len(s.Themes), s.Dims+s.EncDim
	switch {
	case s.Format != storedFormat:
		return fmt.Errorf("expected format %d, got %d", storedFormat, s.Format)
	case s.Dims < 0 || s.EncDim < 0 || size > 1<<16:
		return fmt.Errorf("expected at most %d directions, got %d and %d", 1<<16, s.Dims, s.EncDim)
	case len(s.IDF) != n || len(s.Project) != n*s.Dims:
		return fmt.Errorf("expected weights for %d words, got %d and %d", n, len(s.IDF), len(s.Project))
	case len(s.Mean) != 0 && len(s.Mean) != s.EncDim:
		return fmt.Errorf("expected a mean of %d numbers, got %d", s.EncDim, len(s.Mean))
	case len(s.Middles) != k*size || len(s.Reach) != k || len(s.Keys) != k:
		return fmt.Errorf("expected %d themes of %d numbers, got %d numbers", k, size, len(s.Middles))
	case !same(s.Probe, probe(enc)) || len(s.Probe) != s.EncDim:
		return ErrEncoder
	}
	return nil
}

func same(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-3 {
			return false
		}
	}
	return true
}

// Without gives a stored model without its quotes of calls, and whether it had
// any. It needs no encoder. The words that themes are known by stay: they are
// those of many calls.
func Without(data []byte, calls []string) (rest []byte, had bool, err error) {
	var s stored
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		return nil, false, fmt.Errorf("load themes: %w", err)
	}
	for i := range s.Themes {
		n := len(s.Themes[i].Quotes)
		s.Themes[i].Quotes = slices.DeleteFunc(s.Themes[i].Quotes, func(q Quote) bool { return slices.Contains(calls, q.CallID) })
		had = had || len(s.Themes[i].Quotes) < n
	}
	if !had {
		return data, false, nil
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		return nil, false, fmt.Errorf("store themes: %w", err)
	}
	return b.Bytes(), true, nil
}
