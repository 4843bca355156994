package terms

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func terms(words []Word) []string {
	out := []string{}
	for _, w := range words {
		if !w.Plain {
			out = append(out, w.Term)
		}
	}
	return out
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		text, language string
		want           []string
	}{
		{"Hello, um, I'd like to cancel my subscriptions please", "", []string{"cancel", "subscript"}},
		{"cancelling and cancelled", "en-GB", []string{"cancel", "cancel"}},
		{"number 4711 x", "en", []string{"number"}},
		{"أريد إلغاء العقد", "ar", []string{"أريد", "إلغاء", "العقد"}},
		{"Ես ուզում եմ չեղարկել", "hy", []string{"ես", "ուզում", "եմ", "չեղարկել"}},
		{"Ég vil segja upp", "is", []string{"ég", "vil", "segja", "upp"}},
		{"the contracts", "nl", []string{"the", "contracts"}},
		{"", "", []string{}},
		{"🙂🙂", "", []string{}},
	} {
		if got := terms(Read(c.text, c.language)); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	long := strings.Repeat("contract ", 10000)
	words := Read(long, "")
	if len(words) != maxWords {
		t.Errorf("%d words", len(words))
	}
	if n := len(Begin(long, words)); n != maxWords*len("contract ")-1 {
		t.Errorf("%d bytes", n)
	}
	if got := Begin("a contract.", Read("a contract.", "")); got != "a contract." {
		t.Errorf("got %q", got)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"I'd like to cancel", "\xff\xfe", "don't", "العقد", "a’b ’"} {
		f.Add(seed, "en")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		for _, w := range Read(text, language) {
			if w.From < 0 || w.From >= w.To || w.To > len(text) || w.Term == "" || !utf8.ValidString(w.Text) {
				t.Fatalf("%q: %+v", text, w)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Read("yeah hi um i was calling because my internet connection keeps dropping every few minutes and nobody could help", "")
	}
}
