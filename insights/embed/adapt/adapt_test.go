package adapt

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"heed/insights/embed"
)

// calls are texts on two matters, each in words of its own of which a text has
// two.
func calls(n int) []string {
	r := rand.New(rand.NewPCG(1, 1))
	matters := [][]string{
		{"router", "modem", "wifi", "rebooting", "cable", "signal"},
		{"invoice", "bill", "charged", "fees", "refund", "amount"},
	}
	out := make([]string, n)
	for i := range out {
		words := matters[i%2]
		at := r.Perm(len(words))
		out[i] = fmt.Sprintf("hello i have the %s and the %s here", words[at[0]], words[at[1]])
	}
	return out
}

func fit(t testing.TB, base encoder, texts []string, o Options) *Space {
	t.Helper()
	s, err := Fit(base, texts, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func cosine(e encoder, a, b string) float32 {
	x, y := make([]float32, e.Dim()), make([]float32, e.Dim())
	e.Encode(x, a)
	e.Encode(y, b)
	return embed.Dot(x, y)
}

// No two of the compared texts share a word: what they share was learnt.
func TestFitLearnsWhichWordsGoTogether(t *testing.T) {
	s := fit(t, nil, calls(200), Options{Dim: 2})
	for _, c := range [][3]string{
		{"router", "wifi", "refund"}, {"signals", "reboot", "bills"}, {"fee", "invoices", "modem"},
	} {
		if near, far := cosine(s, c[0], c[1]), cosine(s, c[0], c[2]); near < far+0.3 {
			t.Errorf("%s: %s at %.2f, %s at %.2f", c[0], c[1], near, c[2], far)
		}
	}
}

func TestFitAddsToAnEncoder(t *testing.T) {
	base, err := embed.Default()
	if err != nil {
		t.Fatal(err)
	}
	s := fit(t, base, calls(200), Options{Dim: 4, Share: 0.3})
	if s.Dim() != base.Dim()+4 {
		t.Fatalf("length %d, want %d", s.Dim(), base.Dim()+4)
	}
	// What only the encoder knows is still there, what only the calls say is new.
	if got, want := cosine(s, "plane ticket", "book a flight"), cosine(base, "plane ticket", "book a flight"); math.Abs(float64(got-want)) > 1e-4 {
		t.Errorf("cosine %.3f of words that the calls lack, %.3f in the encoder", got, want)
	}
	if got, was := cosine(s, "router", "rebooting"), cosine(base, "router", "rebooting"); got <= was {
		t.Errorf("cosine %.3f, %.3f before fitting", got, was)
	}
	a := make([]float32, s.Dim())
	s.Encode(a, "the router and the modem")
	if own := embed.Dot(a[:base.Dim()], a[:base.Dim()]); math.Abs(float64(own)-0.7) > 1e-3 {
		t.Errorf("the encoder has %.3f of the square, want 0.7", own)
	}
}

func TestFitIsRepeatable(t *testing.T) {
	a, b := fit(t, nil, calls(60), Options{}), fit(t, nil, calls(60), Options{})
	if !slices.Equal(a.axes, b.axes) {
		t.Error("the same texts gave two spaces")
	}
}

func TestFitRefusesTooLittle(t *testing.T) {
	for name, texts := range map[string][]string{
		"nothing":       nil,
		"few":           calls(4),
		"empty":         make([]string, 100),
		"nothing twice": {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"},
	} {
		if _, err := Fit(nil, texts, Options{}); !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: %v, want ErrTooFew", name, err)
		}
	}
}

func TestEncodeWithstandsOddTexts(t *testing.T) {
	base, err := embed.Default()
	if err != nil {
		t.Fatal(err)
	}
	texts := calls(60)
	odd := []string{
		"", strings.Repeat("router ", 10_000), strings.Repeat("x", 100_000), "роутер 路由器 router موجه", "router \xff\xfe", "أريد إلغاء العقد",
		"Ես ուզում եմ", "😀 router", "'''", "Ég vil loka",
	}
	for _, o := range odd {
		texts = append(texts, o, o, o)
	}
	for _, s := range []*Space{fit(t, base, texts, Options{}), fit(t, nil, texts, Options{Dim: 500})} {
		v := make([]float32, s.Dim())
		check := func(t interface{ Fatalf(string, ...any) }, text string) {
			s.Encode(v, text)
			if l := float64(embed.Dot(v, v)); l != 0 && math.Abs(l-1) > 1e-3 || math.IsNaN(l) {
				t.Fatalf("%.40q: length %g", text, l)
			}
		}
		for _, o := range odd {
			check(t, o)
		}
		rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
	}
}

func TestLanguagesKeepTheirWords(t *testing.T) {
	for text, want := range map[string]string{
		"Cancelling, my ACCOUNTS!": "cancel,cancel my,my,my account,account",
		"أريد إلغاء":               "أريد,أريد إلغاء,إلغاء",
		"don\u2019t":               "don't",
		"card 4111":                "card,card 0,0",
	} {
		got := terms(text)
		slices.Sort(got)
		wanted := strings.Split(want, ",")
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%q: %q, want %q", text, got, wanted)
		}
	}
}

func TestSpaceIsSafeForConcurrentUse(t *testing.T) {
	s := fit(t, nil, calls(60), Options{})
	want := cosine(s, "router", "modem")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if cosine(s, "router", "modem") != want {
					t.Error("another answer")
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkFit(b *testing.B) {
	texts := calls(2000)
	for b.Loop() {
		if _, err := Fit(nil, texts, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	s := fit(b, nil, calls(2000), Options{})
	v := make([]float32, s.Dim())
	b.ReportAllocs()
	for b.Loop() {
		s.Encode(v, "hello i have the router and the modem here and the bill")
	}
}
