package embed

import (
	"crypto/sha256"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func small(t testing.TB) []byte {
	t.Helper()
	data, err := Marshal([]Row{
		{Key: 7, Vector: []float32{1, -0.5, 0}},
		{Key: 3, Vector: []float32{0, 0, 0}},
		{Key: 9, Vector: []float32{0.001, 0.002, -0.003}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sign puts the right checksum on changed bytes.
func sign(body []byte) string {
	sum := sha256.Sum256(body)
	return string(body) + string(sum[:])
}

func TestParseGivesBackWhatMarshalWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 9).Draw(t, "dim")
		vectors := rapid.MapOfN(rapid.Uint32Range(1, math.MaxUint32),
			rapid.SliceOfN(rapid.Float32Range(-50, 50), dim, dim), 1, 40).Draw(t, "rows")
		var in []Row
		for key, v := range vectors {
			in = append(in, Row{Key: key, Vector: v})
		}
		data, err := Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Parse(string(data))
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range vectors {
			at, ok := e.find(key)
			if !ok {
				t.Fatalf("key %08x is lost", key)
			}
			got, largest := make([]float32, dim), float32(0)
			e.add(got, at)
			for _, x := range want {
				largest = max(largest, float32(math.Abs(float64(x))))
			}
			for i := range got {
				if diff := math.Abs(float64(got[i] - want[i])); diff > float64(largest)/127 {
					t.Fatalf("%g became %g", want[i], got[i])
				}
			}
		}
		if _, ok := e.find(rapid.Uint32().Filter(func(k uint32) bool { return vectors[k] == nil }).Draw(t, "other")); ok {
			t.Fatal("a key that is not there was found")
		}
	})
}

func TestMarshalRefuses(t *testing.T) {
	v := []float32{1, 2}
	for name, rows := range map[string][]Row{
		"nothing":          nil,
		"no length":        {{Key: 1}},
		"key 0":            {{Key: 0, Vector: v}},
		"a key twice":      {{Key: 1, Vector: v}, {Key: 1, Vector: v}},
		"another length":   {{Key: 1, Vector: v}, {Key: 2, Vector: v[:1]}},
		"not a number":     {{Key: 1, Vector: []float32{float32(math.NaN())}}},
		"without an end":   {{Key: 1, Vector: []float32{float32(math.Inf(1))}}},
		"longer than read": {{Key: 1, Vector: make([]float32, maxDim+1)}},
	} {
		if _, err := Marshal(rows); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	whole := small(t)
	body := whole[:len(whole)-sha256.Size]
	change := func(at int, to byte) string {
		b := []byte(string(body))
		b[at] = to
		return sign(b)
	}
	keys := headerSize
	for name, data := range map[string]string{
		"nothing":            "",
		"other magic":        "X" + string(whole[1:]),
		"cut":                string(whole[:len(whole)-1]),
		"longer":             string(whole) + "x",
		"a flipped bit":      string(whole[:len(whole)-40]) + "\x55" + string(whole[len(whole)-39:]),
		"no dim":             change(len(magic), 0),
		"other dim":          change(len(magic), 4),
		"no rows":            change(len(magic)+2, 0),
		"huge":               change(len(magic)+5, 0xff),
		"keys out of order":  change(keys+4, 3),
		"key 0":              change(keys, 0),
		"scale not a number": change(keys+12+3, 0xff),
	} {
		if _, err := Parse(data); !errors.Is(err, ErrArtefact) {
			t.Errorf("%s: %v, want ErrArtefact", name, err)
		}
	}
	if _, err := Parse(sign(body)); err != nil {
		t.Errorf("the whole: %v", err)
	}
}

func TestVersionFollowsFromTheBytes(t *testing.T) {
	a, err := Parse(string(small(t)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := Marshal([]Row{{Key: 7, Vector: []float32{1, -0.5, 0.1}}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(string(data))
	if err != nil {
		t.Fatal(err)
	}
	if a.Version() == b.Version() {
		t.Errorf("two artefacts of version %s", a.Version())
	}
}

func FuzzParse(f *testing.F) {
	whole := string(small(f))
	f.Add(whole[:len(whole)-sha256.Size])
	f.Add(magic)
	f.Add(strings.Repeat("\x00", 100))
	f.Fuzz(func(t *testing.T, body string) {
		e, err := Parse(sign([]byte(body)))
		if err != nil {
			if !errors.Is(err, ErrArtefact) {
				t.Fatalf("%v is no ErrArtefact", err)
			}
			return
		}
		v := make([]float32, e.Dim())
		e.Encode(v, body) // must not panic
		for key := range uint32(20) {
			e.find(key) // must end
		}
	})
}
