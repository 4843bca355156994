package onnx

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"heed/insights/embed"
)

func open(t testing.TB) *Encoder {
	t.Helper()
	e, err := Open(folder(t, string(network("input_ids")), vocabulary()), library(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func vector(e *Encoder, text string) []float32 {
	v := make([]float32, e.Dim())
	e.Encode(v, text)
	return v
}

func TestEncode(t *testing.T) {
	e := open(t)
	if e.Dim() != 2 {
		t.Fatalf("length %d, want 2", e.Dim())
	}
	half := float32(math.Sqrt(0.5))
	for text, want := range map[string][2]float32{
		"cancel":             {1, 0},
		"Cancelling my bill": {1 / float32(math.Sqrt(5)), 2 / float32(math.Sqrt(5))},
		"cancel, pay":        {half, half},
		"Cafés":              {half, half},
		"zebra":              {0, 0},
		"":                   {0, 0},
		"\xff\u202e":         {0, 0},
	} {
		v := vector(e, text)
		if math.Abs(float64(v[0]-want[0]))+math.Abs(float64(v[1]-want[1])) > 1e-5 {
			t.Errorf("%q: %v, want %v", text, v, want)
		}
	}
}

func TestEncodeWithstandsOddTexts(t *testing.T) {
	e := open(t)
	for _, text := range []string{
		strings.Repeat("pay my bill ", 4000), strings.Repeat("x", 100_000), "отменить 契約 عقد cancel", "😀 pay", "cancel \xff\xfe",
	} {
		v := vector(e, text)
		if l := float64(embed.Dot(v, v)); l != 0 && math.Abs(l-1) > 1e-4 || math.IsNaN(l) {
			t.Errorf("%.30q: length %g", text, l)
		}
	}
}

func TestEncodeIsSafeForConcurrentUse(t *testing.T) {
	e := open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if v := vector(e, "end"); v[0] != 1 {
					t.Errorf("%v", v)
				}
			}
		})
	}
	wg.Wait()
}

func TestClosedKnowsNothing(t *testing.T) {
	e := open(t)
	for range 2 {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if v := vector(e, "end"); v[0] != 0 || v[1] != 0 {
		t.Errorf("%v after Close", v)
	}
}

func TestVersionFollowsFromTheFiles(t *testing.T) {
	a := open(t)
	b, err := Open(folder(t, string(network("input_ids")), vocabulary()+"more\n"), library(t))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if a.Version() == b.Version() || !strings.HasPrefix(a.Version(), "onnx/") {
		t.Errorf("versions %s and %s", a.Version(), b.Version())
	}
}

func TestOpenRefuses(t *testing.T) {
	good, lib := string(network("input_ids")), library(t)
	for name, c := range map[string]struct{ model, vocabulary, want string }{
		"no network":      {"not a network", vocabulary(), ModelFile},
		"other inputs":    {string(network("pixels")), vocabulary(), `"pixels"`},
		"no end mark":     {good, "[CLS]\n[UNK]\n", "[SEP]"},
		"a piece twice":   {good, vocabulary() + "pay\n", "line 14"},
		"an empty line":   {good, "[CLS]\n\n", "line 2"},
		"too many pieces": {good, strings.Replace(vocabulary(), "[PAD]\n", strings.Repeat("x", 5)+"\nhello\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n", 1), ModelFile},
	} {
		_, err := Open(folder(t, c.model, c.vocabulary), lib)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s named", name, err, c.want)
		}
	}
	if _, err := Open(t.TempDir(), lib); err == nil {
		t.Error("an empty folder was taken")
	}
}

func TestTokenizerMayKeepCase(t *testing.T) {
	dir := folder(t, string(network("input_ids")), vocabulary())
	put := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, TokenizerFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(`{"do_lower_case": false}`)
	e, err := Open(dir, library(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if v := vector(e, "CANCEL"); v[0] != 0 {
		t.Errorf("%v: capitals were made small", v)
	}
	put(`{`)
	if _, err := Open(dir, library(t)); err == nil || !strings.Contains(err.Error(), TokenizerFile) {
		t.Errorf("%v, want the file named", err)
	}
}

func BenchmarkEncode(b *testing.B) {
	e := open(b)
	v := make([]float32, e.Dim())
	b.ReportAllocs()
	for b.Loop() {
		e.Encode(v, "please cancel my bill, pay my bill")
	}
}
