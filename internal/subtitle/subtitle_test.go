package subtitle

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/asticode/go-astisub"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/listen"
)

// said is an utterance whose words take a time each, with a pause after each.
func said(speaker string, start, each, gap float64, text string) listen.Utterance {
	u := listen.Utterance{Speaker: speaker, Start: start, Text: text}
	for i, f := range strings.Fields(text) {
		from := start + float64(i)*(each+gap)
		u.Words = append(u.Words, listen.Word{Text: f, Speaker: speaker, Start: from, End: from + each})
	}
	u.End = u.Words[len(u.Words)-1].End
	return u
}

func transcript(u ...listen.Utterance) listen.Transcript { return listen.Transcript{Utterances: u} }

// TestBothPartiesAtOnce holds both formats to what they print, byte for byte.
func TestBothPartiesAtOnce(t *testing.T) {
	heard := transcript(
		said("agent", 0.5, .3, 0, "thank you for calling how may i help you today with your contract or your bill"),
		said("customer", 3.25, .4, 0, "cancel at&t <now>"),
		said("agent", 3661.0004, .5, 0, "i see"),
	)
	var srt, vtt bytes.Buffer
	if err := errors.Join(WriteSRT(&srt, heard), WriteVTT(&vtt, heard)); err != nil {
		t.Fatal(err)
	}
	wantVTT := `WEBVTT

1
00:00:00.500 --> 00:00:05.300
<v Agent>thank you for calling how may i help you
<v Agent>today with your contract or your bill

2
00:00:03.250 --> 00:00:04.450
<v Customer>cancel at&amp;t &lt;now>

3
01:01:01.000 --> 01:01:02.000
<v Agent>i see
`
	wantSRT := "\ufeff" + `1
00:00:00,500 --> 00:00:05,000
Agent: thank you for calling how may i
help you today with your contract or your

2
00:00:03,250 --> 00:00:04,838
Customer: cancel at&t <now>

3
00:00:05,000 --> 00:00:06,000
Agent: bill

4
01:01:01,000 --> 01:01:02,000
Agent: i see
`
	if d := cmp.Diff(wantVTT, vtt.String()); d != "" {
		t.Errorf("WebVTT (-want +got):\n%s", d)
	}
	if d := cmp.Diff(wantSRT, srt.String()); d != "" {
		t.Errorf("SubRip (-want +got):\n%s", d)
	}
}

func TestCutsAtPausesAndLengths(t *testing.T) {
	long := strings.Repeat("x", 100)
	for name, c := range map[string]struct {
		heard listen.Utterance
		want  []Cue
	}{
		"a pause": {said("", 1, .5, 2, "hello there"), []Cue{
			{time.Second, 2 * time.Second, "", []string{"hello"}}, {3500 * time.Millisecond, 4500 * time.Millisecond, "", []string{"there"}},
		}},
		"slow speech": {said("", 0, 3, 1, "one two three"), []Cue{
			{0, 7 * time.Second, "", []string{"one two"}}, {8 * time.Second, 11 * time.Second, "", []string{"three"}},
		}},
		"one endless word": {said("", 0, 30, 0, "mmm"), []Cue{{0, 7 * time.Second, "", []string{"mmm"}}}},
		"a word longer than a line": {said("", 0, 2, 0, long), []Cue{
			{0, time.Millisecond, "", []string{long[:42], long[42:84]}}, {0, 2 * time.Second, "", []string{long[84:]}},
		}},
		"words without times": {listen.Utterance{Start: 10, End: 14, Text: "ab cd ef gh"}, []Cue{
			{10 * time.Second, 14 * time.Second, "", []string{"ab cd ef gh"}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, Cues(transcript(c.heard), false)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestNothingSaid(t *testing.T) {
	var srt, vtt bytes.Buffer
	if err := errors.Join(WriteSRT(&srt, listen.Transcript{}), WriteVTT(&vtt, listen.Transcript{})); err != nil {
		t.Fatal(err)
	}
	if srt.String() != "" || vtt.String() != "WEBVTT\n" {
		t.Errorf("SubRip %q, WebVTT %q", srt.String(), vtt.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteFailures(t *testing.T) {
	heard := transcript(said("agent", 0, 1, 0, "hello"))
	for _, err := range []error{WriteSRT(full{}, heard), WriteVTT(full{}, heard), WriteVTT(full{}, listen.Transcript{})} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("error %v", err)
		}
	}
}

// TestCuesKeepTheirBounds reads what was written back with the library's
// parsers: every word is there once and in order, and no cue is too long.
func TestCuesKeepTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		heard := listen.Transcript{}
		at := map[string]float64{}
		for i := range rapid.IntRange(1, 12).Draw(t, "utterances") {
			who := rapid.SampledFrom([]string{"agent", "customer"}).Draw(t, "who")
			text := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-zé']{1,14}`), 1, 40).Draw(t, "words"), " ")
			u := said(who, at[who], rapid.Float64Range(.01, 2).Draw(t, "each"), rapid.Float64Range(0, .5).Draw(t, "gap"), text)
			at[who] = u.End + float64(i%3)/10
			heard.Utterances = append(heard.Utterances, u)
		}
		var srt, vtt bytes.Buffer
		if err := errors.Join(WriteSRT(&srt, heard), WriteVTT(&vtt, heard)); err != nil {
			t.Fatal(err)
		}
		fromSRT, err := astisub.ReadFromSRT(&srt)
		if err != nil {
			t.Fatal(err)
		}
		fromVTT, err := astisub.ReadFromWebVTT(&vtt)
		if err != nil {
			t.Fatal(err)
		}
		check(t, heard, fromSRT.Items, func(i *astisub.Item) (string, string) {
			who, text, _ := strings.Cut(flat(i), ": ")
			return who, text
		})
		check(t, heard, fromVTT.Items, func(i *astisub.Item) (string, string) { return i.Lines[0].VoiceName, flat(i) })
	})
}

func flat(i *astisub.Item) string {
	var lines []string
	for _, l := range i.Lines {
		var b strings.Builder
		for _, part := range l.Items {
			b.WriteString(part.Text)
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, " ")
}

func check(t *rapid.T, heard listen.Transcript, items []*astisub.Item, read func(*astisub.Item) (who, text string)) {
	got, want := map[string]string{}, map[string]string{}
	for _, u := range heard.Utterances {
		want[title(u.Speaker)] += " " + u.Text
	}
	ends := map[string]time.Duration{}
	before := time.Duration(0)
	for _, i := range items {
		who, text := read(i)
		got[who] += " " + text
		if i.StartAt < before || i.EndAt <= i.StartAt || i.EndAt-i.StartAt > MaxTime || i.StartAt < ends[who] {
			t.Fatalf("cue %v to %v of %s after %v (its last ended at %v)", i.StartAt, i.EndAt, who, before, ends[who])
		}
		before, ends[who] = i.StartAt, i.EndAt
		for _, l := range i.Lines {
			if n := len([]rune(l.String())); n > MaxLine || len(i.Lines) > MaxLines {
				t.Fatalf("%d lines, one of %d characters: %q", len(i.Lines), n, l.String())
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("words (-want +got):\n%s", d)
	}
}

// A line that is read from the right says so, and what would end a cue or begin
// a tag does not.
func TestOtherScriptsAndMarks(t *testing.T) {
	heard := transcript(
		said("customer", 0, .5, 0, "Fiber عندي مشكلة في الفاتورة"),
		said("agent", 5, .5, 0, "a --> b </v> [card number]"),
	)
	var srt, vtt bytes.Buffer
	if err := errors.Join(WriteSRT(&srt, heard), WriteVTT(&vtt, heard)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want string }{
		{srt.String(), "\n\u200fCustomer: Fiber عندي مشكلة في الفاتورة\n"},
		{srt.String(), "\nAgent: a → b </v> [card number]\n"},
		{vtt.String(), "\n<v Customer>\u200fFiber عندي مشكلة في الفاتورة\n"},
		{vtt.String(), "\n<v Agent>a → b &lt;/v> [card number]\n"},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("no %q in %q", c.want, c.got)
		}
	}
}

// What is said fast stays until it was read, but not into the next cue.
func TestFastSpeechStays(t *testing.T) {
	fast := strings.TrimSpace(strings.Repeat("abcd ", 10))
	cues := Cues(transcript(said("agent", 0, .02, 0, fast), said("customer", 0, .02, 0, fast), said("customer", 1.5, .5, 0, "no")), false)
	want := map[string]time.Duration{"Agent": 2824 * time.Millisecond, "Customer": 1500 * time.Millisecond}
	for _, c := range cues[:2] {
		if c.End != want[c.Speaker] {
			t.Errorf("%s ends at %v, want %v", c.Speaker, c.End, want[c.Speaker])
		}
	}
}

func TestPartsBeginAtTheirBeginning(t *testing.T) {
	heard := transcript(said("agent", 0, 1, 0, "hello there"), said("customer", 3, 1, 0, "i want a refund"), said("agent", 9, 1, 0, "sure"))
	cues := Part{4 * time.Second, 8 * time.Second}.of(Cues(heard, false))
	if d := cmp.Diff([]Cue{{0, 3 * time.Second, "Customer", []string{"i want a refund"}}}, cues); d != "" {
		t.Error(d)
	}
	if got := (Part{From: time.Second}).of(Cues(heard, false)); len(got) != 3 || got[0].Start != 0 || got[2].Start != 8*time.Second {
		t.Errorf("%+v", got)
	}
	var b bytes.Buffer
	if err := (Part{20 * time.Second, 21 * time.Second}).WriteVTT(&b, heard); err != nil || b.String() != "WEBVTT\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
