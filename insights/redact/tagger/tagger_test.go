package tagger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func everything(string) bool { return true }

// found gives what the committed model finds, as "kind: words".
func found(said, asked string) []string {
	var out []string
	for _, f := range Default().Find(said, AskedBy(asked), SetOf(everything), 0.4) {
		out = append(out, Kinds()[f.Kind]+": "+said[f.From:f.To])
	}
	return out
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ asked, said, want string }{
		{"may i have your name please", "it is deirdre okonkwo", "name: deirdre okonkwo"},
		{"", "hello my name is bartholomew quigg and i need some help", "name: bartholomew quigg"},
		{"", "i live at 42 thistledown lane wexham", "address: 42 thistledown lane wexham"},
		{"", "i live at forty two thistledown lane", "address: forty two thistledown lane"},
		{"what is your password", "it's periwinkle", "password: periwinkle"},
		{"", "my username is qwill_harrow", "username: qwill_harrow"},
		{"can i have the policy number", "sure k l four four nine oh two", "account_number: k l four four nine oh two"},
		{"can i have the policy number", "sure kl44902", "account_number: kl44902"},
		{"", "write to odile.vance@example.org please", "email: odile.vance@example.org"},
		{"", "thank you very much that is all", ""},
		{"", "i want two more gigabytes of data", ""},
		{"", "", ""},
	} {
		if got := strings.Join(found(c.said, c.asked), "; "); got != c.want {
			t.Errorf("%q after %q: %q, want %q", c.said, c.asked, got, c.want)
		}
	}
}

// TestQuestionCounts: the same words are a name or not.
func TestQuestionCounts(t *testing.T) {
	set := SetOf(func(k string) bool { return k == "name" })
	after := func(asked string) float32 {
		w := Default().Tag("grace field", AskedBy(asked))
		return w[0].Any(set)
	}
	if named, other := after("what is your name please"), after("which street is the shop on"); named <= other {
		t.Errorf("%.2f for a name after its question, %.2f after another", named, other)
	}
}

// TestDigitsAsWords: a number is found however it stands in the text.
func TestDigitsAsWords(t *testing.T) {
	for _, said := range []string{"my social is 078 05 1120", "my social is oh seven eight oh five one one two zero"} {
		got := found(said, "")
		if len(got) != 1 || !strings.HasPrefix(got[0], "national_id: ") {
			t.Errorf("%q: %q", said, got)
		}
	}
}

func TestTagWithstands(t *testing.T) {
	for _, said := range []string{
		"", " ", "\xff\xfe a\xffb", strings.Repeat("anna 44 lane ", 3400), "اسمي خالد ورقمي ٤٤٥٥", "Ég heiti Guðrún",
		"իմ անունը Արամ է", "שמי דוד 12", "🙂🙂 call 🙂 me 👩‍👩‍👧", "[card number] [", "] 12 [", strings.Repeat("x", 40000),
	} {
		last := 0
		for _, w := range Default().Tag(said, AskedBy(said)) {
			if w.From < last || w.To <= w.From || w.To > len(said) {
				t.Fatalf("%.40q: word %d-%d behind %d", said, w.From, w.To, last)
			}
			last = w.To
			if sum := float64(w.Any(SetOf(everything))); math.IsNaN(sum) || sum < 0 || sum > 1.0001 {
				t.Fatalf("%.40q: probability %v", said, sum)
			}
		}
	}
}

func TestBracketsAreNoWords(t *testing.T) {
	for _, f := range Default().Find("my name is [name here] anna", 0, SetOf(everything), 0.1) {
		if f.From < strings.Index("my name is [name here] anna", "anna") && f.To > 12 {
			t.Errorf("found %d-%d, inside the brackets", f.From, f.To)
		}
	}
}

func labelled(said ...string) []Row {
	var out []Row
	for _, s := range said {
		var r Row
		for w := range strings.FieldsSeq(s) {
			word, kind, _ := strings.Cut(w, "/")
			r.Words, r.Labels = append(r.Words, word), append(r.Labels, kind)
		}
		out = append(out, r)
	}
	return out
}

func TestLearn(t *testing.T) {
	data := labelled("the zork is vimlo/password today", "the zork is klatu/password", "the tree is green today", "a zork is nice", "zork is besto/password now")
	m, err := Learn(data, []string{"the", "is", "today", "tree", "green"}, Options{Epochs: 20})
	if err != nil {
		t.Fatal(err)
	}
	got := m.Find("the zork is harbu today", 0, SetOf(everything), 0.5)
	if len(got) != 1 || Kinds()[got[0].Kind] != "password" || got[0].From != len("the zork is ") {
		t.Errorf("found %v", got)
	}
	again, err := Learn(data, []string{"the", "is", "today", "tree", "green"}, Options{Epochs: 20})
	if err != nil || again.Sum() != m.Sum() {
		t.Errorf("learning twice gives %x and %x, %v", m.Sum(), again.Sum(), err)
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b)
	if err != nil || back.Sum() != m.Sum() || !slices.Equal(back.weights, m.weights) {
		t.Errorf("reading back: %v", err)
	}
}

func TestLearnRefuses(t *testing.T) {
	for name, data := range map[string][]Row{
		"nothing":      nil,
		"unknown kind": labelled("a b/colour"),
		"two labels":   {{Words: []string{"a"}, Labels: []string{"", ""}}},
		"empty word":   {{Words: []string{"a", ""}, Labels: []string{"", ""}}},
	} {
		if _, err := Learn(data, nil, Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestVocabulary(t *testing.T) {
	got := Vocabulary([]string{"Card card CARD lost", "lost 44 anna anna anna"}, 2)
	if !slices.Equal(got, []string{"lost"}) { // "card" names data and is known anyway; "anna" is a name
		t.Errorf("vocabulary %q", got)
	}
}

// sealed puts the right check sum behind a body.
func sealed(body []byte) []byte {
	return binary.LittleEndian.AppendUint32(body, crc32.ChecksumIEEE(body))
}

func TestReadRefuses(t *testing.T) {
	good := slices.Clone(artefact)
	body := good[:len(good)-4]
	zeroScale := slices.Clone(body)
	copy(zeroScale[len(magic):], []byte{0, 0, 0, 0})
	unsorted := slices.Clone(body)
	copy(unsorted[len(magic)+8:], []byte{255, 255, 255, 255})
	many := slices.Clone(body)
	copy(many[len(magic)+4:], []byte{255, 255, 255, 127})
	flipped := slices.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, data := range map[string][]byte{
		"empty": nil, "short": good[:12], "cut off": good[:len(good)-9], "longer": sealed(append(slices.Clone(body), 0)),
		"flipped bit": flipped, "no scale": sealed(zeroScale), "words out of order": sealed(unsorted), "too many words": sealed(many),
	} {
		if _, err := Read(bytes.NewReader(data)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v, want %v", name, err, ErrFormat)
		}
	}
	if len(good) > 2<<20 {
		t.Errorf("the committed model has %d bytes, over 2 MB", len(good))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(magic))
	f.Add(artefact[:200])
	f.Add(sealed([]byte(magic + "\x00\x00\x80\x3c\x00\x00\x00\x00")))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(bytes.NewReader(data))
		if (err == nil) == (m == nil) {
			t.Fatalf("model %v, error %v", m, err)
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"my name is anna", "12 [x 3", "\xff a@b.c", "é 4four"} {
		f.Add(s, "what is your name")
	}
	f.Fuzz(func(t *testing.T, said, asked string) {
		last := 0
		for _, x := range Default().Find(said, AskedBy(asked), SetOf(everything), 0.1) {
			if x.From < last || x.To <= x.From || x.To > len(said) {
				t.Fatalf("found %d-%d behind %d in %d bytes", x.From, x.To, last, len(said))
			}
			if utf8.ValidString(said) && !utf8.ValidString(said[x.From:x.To]) {
				t.Fatalf("%q cuts a letter", said[x.From:x.To])
			}
			last = x.To
		}
	})
}

func BenchmarkFind(b *testing.B) {
	asked, set := AskedBy("may i have your address please"), SetOf(everything)
	b.ReportAllocs()
	for b.Loop() {
		Default().Find("sure it is forty two thistledown lane and my name is anna harrow by the way", asked, set, 0.2)
	}
}
