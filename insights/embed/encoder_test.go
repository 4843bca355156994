package embed

import (
	"math"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// odd are texts that no analyzer may stumble over.
func odd() map[string]string {
	return map[string]string{
		"empty":         "",
		"10,000 words":  strings.Repeat("i want to cancel my contract ", 1700),
		"one word":      strings.Repeat("a", 100_000),
		"mixed script":  "please отменить 契約 now عقد",
		"invalid":       "cancel \xff\xfe\xc3\x28 it",
		"right to left": "\u202eأريد إلغاء العقد\u202c",
		"emoji":         "😀👩‍👩‍👧 cancel 🇮🇸",
	}
}

func encoderOf(t testing.TB) *Encoder {
	t.Helper()
	e, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func vector(e *Encoder, text string) []float32 {
	v := make([]float32, e.Dim())
	e.Encode(v, text)
	return v
}

// Of each three the second is nearer to the first than the third is, though
// the third shares more words with it.
func TestMeaningCountsMoreThanWords(t *testing.T) {
	e := encoderOf(t)
	for _, c := range [][3]string{
		{"i forgot my password", "i need to reset my pin", "i forgot what i ordered"},
		{"i need a flight to boston", "book plane tickets for me", "i need a table for dinner"},
		{"someone stole my wallet", "my card is missing", "someone called me yesterday"},
		{"what is the exchange rate", "how many euros for a dollar", "what is the weather"},
		{"i want to cancel my policy", "please stop my insurance coverage", "i want to check my balance"},
		{"i was charged twice", "there is a duplicate payment", "i was born in ohio"},
		{"my internet is down", "the wifi does not work", "my flight is late"},
	} {
		a, b, other := vector(e, c[0]), vector(e, c[1]), vector(e, c[2])
		if near, far := Dot(a, b), Dot(a, other); near <= far {
			t.Errorf("%q: %q at %.2f, %q at %.2f", c[0], c[1], near, c[2], far)
		}
	}
}

func TestEncodeGivesLengthOneOrZero(t *testing.T) {
	e := encoderOf(t)
	for name, text := range odd() {
		v := vector(e, text)
		if l := math.Sqrt(float64(Dot(v, v))); l != 0 && math.Abs(l-1) > 1e-4 || math.IsNaN(l) {
			t.Errorf("%s: length %g", name, l)
		}
	}
	for _, unknown := range []string{"", "???", "😀", "Ես ուզում եմ"} {
		if v := vector(e, unknown); Dot(v, v) != 0 && unknown != "Ես ուզում եմ" {
			t.Errorf("%q is not known, but has a vector", unknown)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		v := vector(e, text)
		if l := math.Sqrt(float64(Dot(v, v))); l != 0 && math.Abs(l-1) > 1e-4 || math.IsNaN(l) {
			t.Fatalf("length %g", l)
		}
	})
}

// A caller's vector may hold anything before.
func TestEncodeForgetsWhatWasInTheVector(t *testing.T) {
	e := encoderOf(t)
	v := vector(e, "lost card")
	e.Encode(v, "refund please")
	if Dot(v, vector(e, "refund please")) < 0.9999 {
		t.Error("what was in the vector counts")
	}
}

func TestEncodeIsSafeForConcurrentUse(t *testing.T) {
	e := encoderOf(t)
	want := vector(e, "i was charged twice")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := vector(e, "i was charged twice"); Dot(got, want) < 0.9999 {
					t.Error("another vector for the same text")
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestEncodeAllocatesNothing(t *testing.T) {
	e := encoderOf(t)
	v := make([]float32, e.Dim())
	text := "yes hello i was calling because my card has not arrived and it has been two weeks"
	if n := testing.AllocsPerRun(100, func() { e.Encode(v, text) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func TestDefaultIsSmall(t *testing.T) {
	if len(artefact) > 10_000_000 {
		t.Errorf("the artefact has %d bytes, at most 10 million", len(artefact))
	}
	a, b := encoderOf(t), encoderOf(t)
	if a != b {
		t.Error("loaded twice")
	}
	if !strings.HasPrefix(a.Version(), "embed/") || len(a.Version()) != len("embed/")+8 {
		t.Errorf("version %q", a.Version())
	}
}

func BenchmarkEncode(b *testing.B) {
	e := encoderOf(b)
	v := make([]float32, e.Dim())
	for _, c := range []struct{ name, text string }{
		{"12words", "hi i am calling because my card has not arrived yet"},
		{"40words", strings.Repeat("so i was looking at my bill yesterday and ", 5)},
		{"10000words", strings.Repeat("word after word ", 3334)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Encode(v, c.text)
			}
		})
	}
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(artefact); err != nil {
			b.Fatal(err)
		}
	}
}
