package discover

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
)

// hashed is an encoder of letters: no meaning, but a vector.
type hashed int

func (h hashed) Dim() int { return int(h) }

func (h hashed) Encode(dst []float32, text string) {
	clear(dst)
	for w := range strings.FieldsSeq(text) {
		sum := fnv.New32a()
		sum.Write([]byte(w))
		dst[int(sum.Sum32())%len(dst)]++
	}
	scale(dst, 1)
}

func TestSameTurnsSameThemes(t *testing.T) {
	turns, _ := bicycles(t)
	for _, o := range []Options{{}, {Encoder: hashed(16)}} {
		a, b := discover(t, turns, o), discover(t, turns, o)
		if diff := cmp.Diff(a.Themes(), b.Themes()); diff != "" || a.Version() != b.Version() {
			t.Errorf("differ: %s", diff)
		}
	}
	if discover(t, turns, Options{}).Version() == discover(t, turns[:100], Options{}).Version() {
		t.Error("other turns, same version")
	}
}

func TestTooFew(t *testing.T) {
	turns, _ := bicycles(t)
	for _, few := range [][]Turn{nil, turns[:20], slices.Repeat([]Turn{{Text: "yes thank you"}}, 100)} {
		if _, err := Discover(t.Context(), few, Options{}); !errors.Is(err, ErrTooFew) {
			t.Errorf("%d turns: %v", len(few), err)
		}
	}
}

func TestStops(t *testing.T) {
	turns, _ := bicycles(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Discover(ctx, turns, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAssign(t *testing.T) {
	m := found(t)
	name := func(text string) string {
		match, ok := m.Assign(text, "en-US")
		if !ok {
			return ""
		}
		return m.Themes()[slices.IndexFunc(m.Themes(), func(t Theme) bool { return t.ID == match.Theme })].Name
	}
	for text, want := range map[string]string{
		"hello the battery of my bike will not charge":              "battery, charge",
		"i am waiting for my parcel the courier did not deliver it": "parcel, delivered",
		"somebody has stolen my bike":                               "stolen bike",
	} {
		if got := name(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, none := range []string{
		"", "yes", "hello good morning", "thank you so much bye bye", "\xff\xfe\x80", "🚲🚲", "أريد إلغاء العقد", "12 34 56",
		"what is the capital of peru", "wait a second i forgot it anyway", strings.Repeat("hello ", 10000),
	} {
		if got := name(none); got != "" {
			t.Errorf("%.30q has theme %q", none, got)
		}
	}
	if got := name(strings.Repeat("my parcel delivery has not arrived ", 2000)); got != "delivery, arrived" {
		t.Errorf("10,000 words: %q", got)
	}
}

func TestAnalyze(t *testing.T) {
	m := found(t)
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "um my battery doesn't charge", Start: 1, End: 3}
	got := m.Analyze(&u, nil)
	if len(got) != 1 || got[0].Kind != insights.Theme || got[0].Model != m.Version() || got[0].UtteranceID != "u" || got[0].Text == "" {
		t.Fatalf("got %+v", got)
	}
	var said []string
	for _, e := range got[0].Evidence {
		said = append(said, u.Text[e.From:e.To])
	}
	if diff := cmp.Diff([]string{"battery", "charge"}, said); diff != "" {
		t.Error(diff)
	}
	u.Speaker = insights.Agent
	if m.Analyze(&u, nil) != nil {
		t.Error("the agent's words have a theme")
	}
}

// Themes go on under their IDs and names as calls come in; a new one appears.
func TestUpdateKeepsIDs(t *testing.T) {
	all, about := bicycles(t)
	var old []Turn
	for _, turn := range all {
		if about[turn.ID] != "battery" {
			old = append(old, turn)
		}
	}
	before := discover(t, old, Options{})
	after, err := Update(t.Context(), before, all, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, th := range before.Themes() {
		ids[th.ID] = th.Name
	}
	kept := 0
	for _, th := range after.Themes() {
		if name, ok := ids[th.ID]; ok {
			kept++
			if name != th.Name {
				t.Errorf("%s is now %q, was %q", th.ID, th.Name, name)
			}
		}
	}
	if kept < len(ids)-1 {
		t.Errorf("%d of %d themes kept", kept, len(ids))
	}
	i := slices.IndexFunc(after.Themes(), func(th Theme) bool { return strings.Contains(th.Name, "battery") })
	if i < 0 || !slices.ContainsFunc(after.Changes(), func(c Change) bool { return c.Kind == Appeared && c.Theme == after.Themes()[i].ID }) {
		t.Errorf("no battery appeared: %+v", after.Changes())
	}
	again, err := Update(t.Context(), after, all, Options{})
	if err != nil || len(again.Changes()) != 0 {
		t.Errorf("nothing new: %+v, %v", again.Changes(), err)
	}
}

// What goes away is noted, whole or into another theme.
func TestChanges(t *testing.T) {
	theme := func(ids ...string) *Model {
		m := &Model{space: &space{}}
		for _, id := range ids {
			m.themes = append(m.themes, Theme{ID: id, Name: id, Phrases: []string{id}, Quotes: []Quote{{Text: id + " new"}}})
		}
		return m
	}
	prev, m := theme("a", "b", "c", "d"), theme("x", "y", "z")
	m.nameAll(&overlap{
		prev: prev, before: []int{20, 5, 9, 10}, now: []int{19, 8, 20},
		counts: [][]int{
			{14, 6, 0}, // a goes on as x and gives y
			{5, 0, 0},  // b goes into x
			{0, 1, 0},  // c is gone
			{0, 0, 10}, // d goes on as z
		},
	})
	y := m.themes[1].ID
	want := []Change{
		{Kind: Renamed, Theme: "a", From: []string{"a"}},
		{Kind: Renamed, Theme: "d", From: []string{"d"}},
		{Kind: Split, Theme: y, From: []string{"a"}},
		{Kind: Merged, Theme: "a", From: []string{"b"}},
		{Kind: Gone, Theme: "c"},
	}
	if diff := cmp.Diff(want, m.Changes()); diff != "" {
		t.Error(diff)
	}
}

// A language without a model has themes too.
func TestOtherLanguages(t *testing.T) {
	kinds := map[string][]string{
		"ar": {"أريد إلغاء العقد", "متى تصل الشحنة", "الفاتورة مرتفعة جدا", "شكرا من فضلك اليوم الآن أيضا هنا غدا"},
		"hy": {"ուզում եմ չեղարկել պայմանագիրը", "որտեղ է իմ ծանրոցը", "հաշիվը շատ բարձր է", "հիմա այսօր խնդրում այստեղ վաղը նաև դեռ"},
		"is": {"ég vil segja upp samningnum", "hvar er pakkinn minn", "reikningurinn er allt of hár", "takk núna í dag hér á morgun líka"},
	}
	for language, texts := range kinds {
		var turns []Turn
		words := strings.Fields(texts[3])
		for i := range 45 {
			text := words[i%7] + " " + texts[i%3] + " " + words[i/7]
			turns = append(turns, Turn{ID: fmt.Sprint(i), CallID: fmt.Sprint(i), Text: text, Language: language})
		}
		m := discover(t, turns, Options{Encoder: hashed(8)})
		if n := len(m.Themes()); n != 3 {
			t.Errorf("%s: %d themes", language, n)
		}
		for _, th := range m.Themes() {
			if th.Turns != 15 || th.Name == "" {
				t.Errorf("%s: %+v", language, th)
			}
		}
	}
}

func TestStored(t *testing.T) {
	turns, _ := bicycles(t)
	for _, enc := range []encoder{nil, hashed(16)} {
		m := discover(t, turns, Options{Encoder: enc})
		data, err := m.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Load(data, enc)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m.Themes(), back.Themes()); diff != "" || back.Version() != m.Version() {
			t.Error(diff)
		}
		for _, turn := range turns {
			want, ok := m.Assign(turn.Text, "")
			got, ok2 := back.Assign(turn.Text, "")
			if diff := cmp.Diff(want, got); diff != "" || ok != ok2 {
				t.Errorf("%q: %s", turn.Text, diff)
			}
		}
		if _, err := Load(data, hashed(5)); !errors.Is(err, ErrEncoder) {
			t.Errorf("another encoder: %v", err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	data, err := found(f).MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Load(data, nil)
		if err != nil {
			return
		}
		m.Assign("my battery does not charge", "")
		m.Themes()
	})
}

func BenchmarkAssign(b *testing.B) {
	m := found(b)
	for _, text := range []string{
		"my battery does not charge",
		"yeah hi um i was calling because the battery of my electric bike keeps dying halfway up the hill and nobody could help me so far",
	} {
		b.Run(fmt.Sprint(len(strings.Fields(text)), " words"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Assign(text, "")
			}
		})
	}
}
