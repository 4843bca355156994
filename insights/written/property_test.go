package written

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heed/insights"
)

// write gives what is written for a text, without the mark at its end.
func write(t *testing.T, o Options, text string) string {
	t.Helper()
	got, words := New(o).Write(&insights.Utterance{Text: text})
	checkWords(t, text, got, words)
	return strings.TrimRight(got, ".?")
}

// fataler is a test or a rapid one.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkWords holds the contract of the alignment: a count for each token,
// which together are the words.
func checkWords(t fataler, text, got string, words []int) {
	t.Helper()
	sum := 0
	for _, n := range words {
		sum += n
	}
	if len(words) != len(strings.Fields(got)) || sum != len(strings.Fields(text)) || len(words) > 0 && words[0] < 1 {
		t.Fatalf("%q: %q has the words %v", text, got, words)
	}
	if got != strings.Join(strings.Fields(got), " ") {
		t.Fatalf("%q: %q has other spaces than single ones", text, got)
	}
}

func TestNumbersAreWrittenAsTheyWereMeant(t *testing.T) {
	us, gb := New(Options{}), New(Options{Region: "GB"})
	rapid.Check(t, func(t *rapid.T) {
		w := us
		british := rapid.Bool().Draw(t, "british")
		if british {
			w = gb
		}
		said, want := draw(t, british)
		before, after := rapid.SampledFrom([]string{"it is", "we said", "i got", "then there was"}).Draw(t, "before"),
			rapid.SampledFrom([]string{"", " and that is it", " so i called", " but no more"}).Draw(t, "after")
		text := before + " " + said + after
		got, words := w.Write(&insights.Utterance{Text: text})
		checkWords(t, text, got, words)
		got = strings.NewReplacer("? ", " ", ". ", " ").Replace(got + " ")
		got, want = strings.ToLower(got), strings.ToLower(want)
		if !strings.Contains(got, " "+want+" ") && !strings.Contains(got, " "+want+", ") {
			t.Fatalf("%q is written %q, want %q in it", text, got, want)
		}
	})
}

// draw gives something with a number, said and written.
func draw(t *rapid.T, british bool) (said, want string) {
	n := rapid.OneOf(rapid.Int64Range(10, 99), rapid.Int64Range(100, 9999), rapid.Int64Range(10000, 999_999_999)).Draw(t, "n")
	switch rapid.SampledFrom([]string{"count", "sum", "cents", "percent", "ordinal", "time", "date", "phone", "order", "decimal", "miles"}).Draw(t, "kind") {
	case "count":
		return say(n, rapid.Bool().Draw(t, "and")), grouped(n)
	case "sum":
		return say(n, british) + " dollars", "$" + grouped(n)
	case "cents":
		whole, cents := rapid.Int64Range(1, 2000).Draw(t, "whole"), rapid.Int64Range(1, 99).Draw(t, "cents")
		return say(whole, british) + " dollars and " + say(cents, british) + " cents", fmt.Sprintf("$%s.%02d", commas(whole), cents)
	case "percent":
		return say(n%101, british) + " percent", fmt.Sprintf("%d%%", n%101)
	case "ordinal":
		n = 10 + n%90
		return "the " + sayNth(n), "the " + nth(n)
	case "time":
		return drawTime(t, british)
	case "date":
		return drawDate(t)
	case "phone":
		return drawPhone(t, british)
	case "order":
		digits := strconv.FormatInt(rapid.Int64Range(10_000, 99_999_999).Draw(t, "digits"), 10)
		return "order number " + sayDigits(digits, rapid.Bool().Draw(t, "oh"), rapid.Bool().Draw(t, "doubles")), "order number " + digits
	case "decimal":
		whole, part := rapid.Int64Range(0, 300).Draw(t, "whole"), rapid.StringMatching(`[0-9]{1,3}`).Draw(t, "part")
		return say(whole, british) + " point " + sayDigits(part, false, false), fmt.Sprintf("%d.%s", whole, part)
	}
	return say(n, british) + " miles", grouped(n) + " miles"
}

func drawTime(t *rapid.T, british bool) (said, want string) {
	h, m := rapid.Int64Range(1, 12).Draw(t, "h"), rapid.Int64Range(0, 59).Draw(t, "m")
	half := rapid.SampledFrom([]string{"am", "pm"}).Draw(t, "half")
	said, want = say(h, false), strconv.FormatInt(h, 10)
	if m > 0 && m < 10 {
		said += " oh"
	}
	if m > 0 {
		said, want = said+" "+say(m, false), fmt.Sprintf("%d:%02d", h, m)
	}
	if rapid.Bool().Draw(t, "apart") {
		said += " " + half[:1] + " m"
	} else {
		said += " " + half
	}
	if !british {
		half = strings.ToUpper(half)
	}
	return said, want + " " + half
}

func drawDate(t *rapid.T) (said, want string) {
	day := rapid.Int64Range(1, 31).Draw(t, "day")
	month := rapid.SampledFrom(months).Draw(t, "month")
	year := rapid.Int64Range(2010, 2099).Draw(t, "year")
	saidYear := "twenty " + say(year%100, false)
	if rapid.Bool().Draw(t, "long") {
		saidYear = "two thousand " + say(year%100, false)
	}
	if rapid.Bool().Draw(t, "day first") {
		return "the " + sayNth(day) + " of " + month + " " + saidYear, fmt.Sprintf("the %s of %s %d", nth(day), capital(month), year)
	}
	return month + " " + sayNth(day) + " " + saidYear, fmt.Sprintf("%s %s, %d", capital(month), nth(day), year)
}

func drawPhone(t *rapid.T, british bool) (said, want string) {
	oh, doubles := rapid.Bool().Draw(t, "oh"), rapid.Bool().Draw(t, "doubles")
	if british {
		d := "07" + rapid.StringMatching(`[0-9]{9}`).Draw(t, "digits")
		return "my mobile is " + sayDigits(d, oh, doubles), "my mobile is " + d[:5] + " " + d[5:]
	}
	d := rapid.StringMatching(`[2-9][0-9]{9}`).Draw(t, "digits")
	return "my number is " + sayDigits(d, oh, doubles), "my number is " + d[:3] + "-" + d[3:6] + "-" + d[6:]
}

// TestNoWordIsLostOrAdded writes words that make no number, letter or address
// and takes the capitals and marks away again: what was heard is left.
func TestNoWordIsLostOrAdded(t *testing.T) {
	var words []string
	for w, l := range lexicon {
		if l.scale == none && l.is&(single|separator) == 0 && w != "mr" {
			words = append(words, w)
		}
	}
	for w := range proper {
		words = append(words, w)
	}
	words = append(words, strings.Fields(`contract phone box blue wave nordtel maria keller [card number] überweisung ég 😀 x-ray don't 4711`)...)
	w := New(Options{Names: []string{"Nordtel", "Blue Wave"}, People: []string{"Maria Keller"}})
	strip := strings.NewReplacer(".", "", ",", "", "?", "", "wi-fi", "wifi")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 30).Draw(t, "words"), " ")
		if strings.Contains(text, "card") && !strings.Contains(text, "[card number]") || strings.Contains(text, " plus ") {
			t.Skip("a marker in pieces")
		}
		u := timed(t, text)
		got, counts := w.Write(u)
		checkWords(t, text, got, counts)
		if back := strip.Replace(strings.ToLower(got)); back != strings.ReplaceAll(text, "wi-fi", "wifi") {
			t.Fatalf("%q is written %q", text, got)
		}
	})
}

// timed gives words times with pauses of any length.
func timed(t *rapid.T, text string) *insights.Utterance {
	u := &insights.Utterance{Text: text}
	at := insights.Seconds(0)
	for w := range strings.FieldsSeq(text) {
		at += insights.Seconds(rapid.SampledFrom([]float64{0, 0, 0.1, 0.4, 1}).Draw(t, "pause"))
		u.Words = append(u.Words, insights.Word{Text: w, Start: at, End: at + 0.2})
		at += 0.2
	}
	return u
}

func FuzzWrite(f *testing.F) {
	f.Add("b as in bravo double four at example dot com slash", "en-GB")
	f.Add("a hundred and a thousand [card number] twenty oh five p m", "en")
	f.Add("\xff plus oh oh oh to for", "en-US")
	w := New(Options{Names: []string{"A B", ""}})
	f.Fuzz(func(t *testing.T, text, language string) {
		got, words := w.Write(&insights.Utterance{Text: text, Language: language})
		if got != "" {
			checkWords(t, text, got, words)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	w := New(Options{})
	u := &insights.Utterance{Text: "okay i see you have been with us for seven years and i paid fifty four dollars on may fourth at three thirty p m so my number is two oh two five five five oh one one seven"}
	b.ReportAllocs()
	for b.Loop() {
		w.Write(u)
	}
}
