package intent

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/embed"
	"heed/insights/rulefile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shipped is the model of the default intents with the encoder that ships, as
// the server trains it, once.
var shipped = sync.OnceValue(func() *Model {
	set, err := LoadFS(fixtures.Intents())
	if err != nil {
		panic(err)
	}
	e, err := embed.Default()
	if err != nil {
		panic(err)
	}
	m, err := Train(set, WithEncoder(e))
	if err != nil {
		panic(err)
	}
	return m
})

// heldOut gives sentences that no model learned from, by intent and "none".
func heldOut(t *testing.T, m *Model) map[string][]string {
	t.Helper()
	data, err := fs.ReadFile(fixtures.Intents(), "heldout/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	root, err := rulefile.Parse("heldout/own.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := root.Fields("version", "sentences")
	if err != nil {
		t.Fatal(err)
	}
	lists, err := f["sentences"].Fields(append(m.Names(), "none")...)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]string)
	for name, v := range lists {
		if out[name], err = v.Texts(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestShippedSetIsLargeEnough(t *testing.T) {
	set, err := LoadFS(fixtures.Intents())
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Intents) < 20 || len(set.OutOfScope) < 60 {
		t.Errorf("%d intents, %d sentences out of scope", len(set.Intents), len(set.OutOfScope))
	}
	for _, e := range set.Intents {
		if len(e.Sentences) < 20 {
			t.Errorf("%s has %d sentences", e.Name, len(e.Sentences))
		}
	}
}

// The bars: at least 88 of 100 held-out sentences right, at least 80 of 100
// out-of-scope ones answered with none or an act, and none of them in the set.
func TestHeldOutAccuracy(t *testing.T) {
	m := shipped()
	set, err := LoadFS(fixtures.Intents())
	if err != nil {
		t.Fatal(err)
	}
	learned := make(map[string]bool)
	for _, s := range append(set.Intents, Examples{Sentences: set.OutOfScope}) {
		for _, text := range s.Sentences {
			learned[normal(text)] = true
		}
	}
	var right, total, kept, idle int
	var wrong []string
	for want, texts := range heldOut(t, m) {
		for _, text := range texts {
			if learned[normal(text)] {
				t.Errorf("%q is an example", text)
			}
			p := m.Classify(text)
			got := p.Name
			if want == "none" {
				idle++
				if got == "" || p.Act {
					kept++
					continue
				}
			} else {
				total++
				if got == want {
					right++
					continue
				}
			}
			wrong = append(wrong, fmt.Sprintf("%-18s heard as %-18s %.2f  %s", want, got, p.Probability, text))
		}
	}
	slices.Sort(wrong)
	t.Logf("%d of %d right, %d of %d out of scope kept out", right, total, kept, idle)
	if 100*right < 88*total || 100*kept < 80*idle {
		t.Errorf("under the bar; confusion:\n%s", strings.Join(wrong, "\n"))
	}
}

// A probability of p is right about p of the time.
func TestProbabilitiesAreCalibrated(t *testing.T) {
	m := shipped()
	var gap, n float64
	buckets := make(map[int][3]float64) // sum of p, right, count
	for want, texts := range heldOut(t, m) {
		for _, text := range texts {
			p := m.Classify(text)
			if p.Name == "" {
				continue
			}
			b := buckets[int(p.Probability*4.999)]
			b[0] += p.Probability
			if p.Name == want || want == "none" && p.Act {
				b[1]++
			}
			b[2]++
			buckets[int(p.Probability*4.999)] = b
			n++
		}
	}
	for _, b := range buckets {
		gap += abs(b[0]-b[1]) / n
	}
	t.Logf("expected calibration error %.3f over %v sentences", gap, n)
	if gap > 0.12 {
		t.Errorf("calibration error %.3f: %v", gap, buckets)
	}
}

func abs(x float64) float64 { return max(x, -x) }

func TestFindsTheRequestInsideTalk(t *testing.T) {
	m := shipped()
	for _, c := range []struct{ say, want, evidence string }{
		{"yeah hi um i was calling because i want to cancel my contract it is too expensive", "cancel", "cancel"},
		{"hello good morning my name is anna i have been a customer for years and uh well my internet is not working since monday and my husband is at work so i do not know", "technical_problem", "internet"},
		{"okay so i looked at the letter here and it seems that you charged me twice for april can you look at it please thank you", "double_charge", "charged me twice"},
		{"i wo i want to council my contract your servants is too expensive", "cancel", "contract"},
		{"another come pony offered me the same internet for twenty dollars less", "competitor", "offered"},
	} {
		p := m.Classify(c.say)
		if p.Name != c.want {
			t.Errorf("%q: got %q (%.2f), want %s", c.say, p.Name, p.Probability, c.want)
			continue
		}
		var carried []string
		for _, e := range p.Evidence {
			carried = append(carried, c.say[e.From:e.To])
		}
		if !strings.Contains(strings.Join(carried, " "), c.evidence) {
			t.Errorf("%q: evidence %q lacks %q", c.say, carried, c.evidence)
		}
	}
}

func TestTwoRequestsInOneBreath(t *testing.T) {
	p := shipped().Classify("hello i see that i was charged twice last month and please do not record this call")
	names := []string{p.Name}
	if p.Also != nil {
		names = append(names, p.Also.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"do_not_record", "double_charge"}) {
		t.Errorf("got %v", names)
	}
}

func TestAnalyze(t *testing.T) {
	m := shipped()
	u := insights.Utterance{ID: "u1", Speaker: insights.Customer, Text: "well i want to cancel my contract", Start: 10, End: 14}
	got := m.Analyze(&u, &insights.Call{})
	if len(got) != 1 || got[0].Name != "cancel" || got[0].Kind != insights.Intent || got[0].Model != m.Version() ||
		got[0].Confidence < 0.8 || got[0].Start < 10 || got[0].End > 14 || got[0].UtteranceID != "u1" {
		t.Errorf("got %+v", got)
	}
	for _, silent := range []insights.Utterance{
		{Speaker: insights.Agent, Text: "you want to cancel your contract"},
		{Speaker: insights.Customer, Text: "hello good morning"},
		{Speaker: insights.Customer, Text: "yes please"},
		{Speaker: insights.Customer, Text: ""},
		{Speaker: insights.Customer, Text: " uh um "},
	} {
		if got := m.Analyze(&silent, &insights.Call{}); got != nil {
			t.Errorf("%q raised %+v", silent.Text, got)
		}
	}
}

func TestSameSetSameModel(t *testing.T) {
	set := small()
	a, err := Train(set)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Train(set)
	if err != nil {
		t.Fatal(err)
	}
	if a.Version() != b.Version() || !slices.Equal(a.machine.weights, b.machine.weights) || a.Whole != b.Whole || a.Part != b.Part {
		t.Error("two trainings differ")
	}
	set.OutOfScope = append(set.OutOfScope, "the cat sat on the mat")
	c, err := Train(set)
	if err != nil {
		t.Fatal(err)
	}
	if c.Version() == a.Version() {
		t.Error("another set has the same version")
	}
}

// small is a set that trains in milliseconds.
func small() Set {
	return Set{
		Intents: []Examples{
			{Name: "cancel", Sentences: []string{
				"cancel my contract", "i want to cancel", "please cancel the plan", "end my contract", "cancel it now", "i will cancel today",
			}},
			{Name: "pay", Sentences: []string{
				"i want to pay my bill", "pay the invoice", "how can i pay", "take the payment", "pay by card please", "the bill is paid",
			}},
		},
		OutOfScope: []string{"it is raining", "my dog is barking", "one moment", "what a nice day", "i am in the car", "hold on"},
	}
}

func TestTrainRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		break_ func(*Set)
		want   string
	}{
		"one intent":         {func(s *Set) { s.Intents = s.Intents[:1] }, "at least two intents"},
		"too few sentences":  {func(s *Set) { s.Intents[0].Sentences = s.Intents[0].Sentences[:4] }, "at least 5 sentences"},
		"repeated name":      {func(s *Set) { s.Intents[1].Name = "cancel" }, "a name of its own"},
		"no name":            {func(s *Set) { s.Intents[1].Name = "" }, "a name of its own"},
		"empty sentence":     {func(s *Set) { s.Intents[0].Sentences[2] = " ... " }, "sentences with words"},
		"the same sentence":  {func(s *Set) { s.Intents[1].Sentences[0] = "Cancel, my CONTRACT" }, "an example of cancel already"},
		"only a hesitation ": {func(s *Set) { s.Intents[0].Sentences[2] = "uh um" }, "sentences with words"},
	} {
		set := small()
		c.break_(&set)
		if _, err := Train(set); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	const head = "version: 1\nintents:\n  - name: a\n    about: b\n    examples: [one, two]\n"
	for _, c := range []struct{ yaml, want string }{
		{"", "expected fields, the file is empty"},
		{"version: 2\nintents: []", "intents:1: expected version: 1"},
		{"version: 1", `field "intents" is missing`},
		{"version: 1\nintents: []", "intents:2: expected at least one value"},
		{"version: 1\nintents: [", "intents:2: expected YAML"},
		{head + "other: 1", `intents:6: unknown field "other", expected one of version, intents, out_of_scope`},
		{head + "  - name: a\n    about: b\n    examples: [three]", `intents:6: intent "a" is defined twice`},
		{head + "  - name: B b\n    about: b\n    examples: [three]", "intents:6: expected a name of a-z"},
		{head + "  - name: b\n    about: b\n    examples: [Two]", `intents:8: "Two" is an example of a already`},
		{head + "  - name: b\n    about: b\n    examples: [yes]", ""},
		{head + "  - name: b\n    about: b\n    examples: [true]", "intents:8: expected text, got true: put it in quotes"},
		{head + "  - name: b\n    about: b\n    examples: ['...']", "expected a sentence with words"},
		{head + "  - name: b\n    about: b\n    act: maybe\n    examples: [three]", "expected true or false"},
		{head + "  - name: b\n    about:\n    examples: [three]", "expected text, got nothing"},
	} {
		_, err := Load(strings.NewReader(c.yaml))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q refused: %v", c.yaml, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%q: got %v, want %q", c.yaml, err, c.want)
		}
	}
}

func TestStrangeTexts(t *testing.T) {
	m, several := shipped(), learned(t, orders())
	for _, s := range []string{
		"", "\xff\xfe", "أريد table العقد 😀 ég 取消\xff", "أريد إلغاء العقد من فضلك", "ég vil segja upp samningnum mínum", "Ես ուզում եմ չեղարկել", "😀😀😀", "1234 5678",
		strings.Repeat("lorem ipsum dolor ", 3400), strings.Repeat("x", 20000),
	} {
		p := m.Classify(s)
		if p.Name != "" && !p.Act {
			t.Errorf("%.30q is %s (%.2f)", s, p.Name, p.Probability)
		}
		for _, p := range append(several.Labels(s), p) {
			for _, e := range p.Evidence {
				if e.From < 0 || e.To > len(s) || e.From >= e.To {
					t.Errorf("%.30q: evidence %v", s, e)
				}
			}
		}
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("i want to cancel")
	f.Add("don't'\xff cancel ’s the contract 😀 هل")
	f.Fuzz(func(t *testing.T, s string) {
		p := shipped().Classify(s)
		if p.Probability < 0 || p.Probability > 1 {
			t.Fatalf("probability %v", p.Probability)
		}
		end := 0
		for _, e := range p.Evidence {
			if e.From < end || e.To <= e.From || e.To > len(s) {
				t.Fatalf("evidence %v of %q", p.Evidence, s)
			}
			end = e.To
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add("version: 1\nintents:\n  - name: a\n    about: b\n    examples: [one, two]\n")
	f.Fuzz(func(t *testing.T, s string) {
		set, err := Load(strings.NewReader(s))
		if err == nil && len(set.Intents) == 0 {
			t.Fatal("no intents and no error")
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	m := shipped()
	texts := slices.Sorted(maps.Keys(map[string]bool{
		"i want to cancel my contract it is too expensive":                                                                         true,
		"yeah hi um i was calling because my internet connection keeps dropping every few minutes and nobody could help me so far": true,
	}))
	for _, text := range texts {
		b.Run(fmt.Sprintf("%d words", len(strings.Fields(text))), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Classify(text)
			}
		})
	}
	several := learned(b, orders())
	b.Run("labels", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			several.Labels("where is the green bag and can i return it")
		}
	})
}

// BenchmarkLearn learns 150 intents of 100 sentences each.
func BenchmarkLearn(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(of int) string { return fmt.Sprintf("w%dx%d", of, random.IntN(40)) }
	var rows []Row
	for c := range 150 {
		for range 100 {
			text := "i want " + word(c) + " and " + word(c/3+1000) + " with the " + word(c/10+2000) + " please " + word(9999)
			rows = append(rows, Row{text, []string{fmt.Sprintf("intent_%d", c)}})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		learned(b, rows)
	}
}

func BenchmarkTrain(b *testing.B) {
	set, err := LoadFS(fixtures.Intents())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Train(set); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAnAsideIsNoSecondIntent keeps conditions and asides out: they made the
// desk suggest a line check to somebody who wanted to leave.
func TestAnAsideIsNoSecondIntent(t *testing.T) {
	p := shipped().Classify("okay can i think about it i still want to cancel my contract if this does not work")
	if p.Name != "cancel" || p.Also != nil {
		t.Errorf("%+v, also %+v", p, p.Also)
	}
}
