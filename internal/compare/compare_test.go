package compare

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/listen"
	"heed/internal/wer"
)

func hearing(name string, said ...listen.Utterance) Heard {
	t := listen.Transcript{File: "x.wav", Seconds: 20, Utterances: said}
	var texts []string
	for _, u := range said {
		texts = append(texts, u.Text)
	}
	t.Text = strings.Join(texts, " ")
	return Heard{Engine: name, Model: "m", Transcript: t, Elapsed: 2 * time.Second, CPU: time.Second}
}

func u(who string, start, end float64, text string) listen.Utterance {
	return listen.Utterance{Speaker: who, Start: start, End: end, Text: text}
}

// marked writes a column's cells with stars around what differs.
func marked(c Column) string {
	var words []string
	for _, w := range c.Cells {
		if w.Differs {
			w.Text = "*" + w.Text + "*"
		}
		words = append(words, w.Text)
	}
	return strings.Join(words, " ")
}

func table(r Result) [][]string {
	var out [][]string
	for _, row := range r.Rows {
		line := []string{row.Speaker}
		for _, c := range row.Columns {
			line = append(line, marked(c))
		}
		out = append(out, line)
	}
	return out
}

func TestSideBySide(t *testing.T) {
	a := hearing("a", u("agent", 0, 2, "thank you OK"), u("customer", 3, 6, "i want to council my contract"), u("agent", 5, 6, "sure"))
	b := hearing("b", u("agent", .1, 2.1, "thank you okay"), u("customer", 3.1, 4.5, "i want to"), u("customer", 4.6, 6, "cancel my own contract"))
	r := Compare([]Heard{a, b}, nil)
	want := [][]string{
		{"agent", "thank you OK", "thank you okay"}, // two spellings of one word
		{"customer", "i want to *council* my contract", "i want to *cancel* my *own* contract"},
		{"agent", "*sure*", "**"},
	}
	if d := cmp.Diff(want, table(r)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if r.File != "x.wav" || r.Seconds != 20 || r.Rows[0].Differs || !r.Rows[1].Differs || !r.Rows[2].Differs || r.Timed {
		t.Errorf("%+v", r)
	}
	if e := r.Engines[1]; e.Name != "b" || e.Model != "m" || e.Elapsed != 2 || e.CPU != 1 || e.WER != nil || e.Parties != nil {
		t.Errorf("engine %+v", e)
	}
}

func TestAgainstAScript(t *testing.T) {
	script, err := ParseScript([]byte(`{"title":"x","turns":[
		{"role":"agent","start":0,"end":2,"text":"thank you"},
		{"role":"customer","start":3,"end":6,"text":"i want to cancel"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	heard := hearing("a", u("agent", 0, 2, "thank you"), u("customer", 3, 6, "i want two cancel"))
	r := Compare([]Heard{heard}, script)
	want := [][]string{{"agent", "thank you", "thank you"}, {"customer", "i want to cancel", "i want *two* cancel"}}
	if d := cmp.Diff(want, table(r)); d != "" || !r.Timed || r.Rows[0].Columns[0].Name != Reference {
		t.Errorf("(-want +got):\n%s", d)
	}
	e := r.Engines[0]
	sub := wer.Errors{Words: 4, Substitutions: 1}
	if d := cmp.Diff(map[string]Score{"agent": {wer.Errors{Words: 2}, 0}, "customer": {sub, .25}}, e.Parties); d != "" {
		t.Errorf("parties (-want +got):\n%s", d)
	}
	if e.WER.Words != 6 || e.WER.Sum() != 1 {
		t.Errorf("whole %+v", e.WER)
	}
	// In a recording of one channel nobody is named, and only the whole counts.
	mono := hearing("a", u("", 0, 2, "thank you"), u("", 3, 6, "i want two cancel"))
	r = Compare([]Heard{mono}, script)
	if d := cmp.Diff([][]string{{"", "thank you", "thank you"}, {"", "i want to cancel", "i want *two* cancel"}}, table(r)); d != "" {
		t.Errorf("mono (-want +got):\n%s", d)
	}
	if e := r.Engines[0]; e.Parties != nil || e.WER.Words != 6 || e.WER.Sum() != 1 {
		t.Errorf("mono %+v", e)
	}
}

func TestReferences(t *testing.T) {
	for name, c := range map[string]struct {
		raw, text string
		timed     bool
		err       string
	}{
		"plain text":          {"\ufeffHello there,\nhow are you?\n", "Hello there,\nhow are you?\n", false, ""},
		"a script":            {`{"turns":[{"role":"agent","start":0,"end":1,"text":"hello"}]}`, "hello", true, ""},
		"a script untimed":    {` {"turns":[{"text":"hello"}]}`, "hello", false, ""},
		"times backwards":     {`{"turns":[{"text":"hello","start":3,"end":1}]}`, "hello", false, ""},
		"nothing":             {"", "", false, "no words"},
		"only signs":          {"?!", "", false, "no words"},
		"a script of nothing": {`{"turns":[]}`, "", false, "no words"},
		"no script":           {`{"turns":3}`, "", false, "read the script"},
		"a list":              {`[]`, "", false, "read the script"},
		"a stranger":          {`{"turns":[{"role":"cat","text":"hello"}]}`, "", false, `turn 1: role "cat"`},
	} {
		s, err := ParseScript([]byte(c.raw))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %q", name, err, c.err)
			}
			continue
		}
		if err != nil || s.text("") != c.text || s.timed() != c.timed {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if _, err := ParseScript(nil); !errors.Is(err, ErrNoWords) {
		t.Errorf("nothing: %v", err)
	}
}

// TestOwnScriptsAreReferences reads the scripts of the recorded calls.
func TestOwnScriptsAreReferences(t *testing.T) {
	scripts, err := filepath.Glob("../../fixtures/calls/*.json")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	for _, path := range scripts {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := ParseScript(raw); err != nil || !s.timed() || s.text("agent") == "" || s.text("customer") == "" {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestNothingIsLost holds that each word of each column is in one row, in
// order, and that no row is long.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var heard []Heard
		for _, name := range []string{"a", "b", "c"} {
			var said []listen.Utterance
			at := 0.0
			for range rapid.IntRange(0, 5).Draw(t, "utterances") {
				at += rapid.Float64Range(0, 2).Draw(t, "gap")
				text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"one", "two", "three"}), 1, 20).Draw(t, "words"), " ")
				end := at + rapid.Float64Range(.1, 40).Draw(t, "length")
				said = append(said, u("agent", at, end, text))
				at = end
			}
			heard = append(heard, hearing(name, said...))
		}
		r := Compare(heard, nil)
		got := make([]string, len(heard))
		for _, row := range r.Rows {
			for i, c := range row.Columns {
				got[i] = strings.TrimSpace(got[i] + " " + c.Text)
				if strings.Join(strings.Fields(strings.ReplaceAll(marked(c), "*", "")), " ") != c.Text {
					t.Fatalf("cells %q of %q", marked(c), c.Text)
				}
			}
		}
		for i, h := range heard {
			if got[i] != h.Transcript.Text {
				t.Fatalf("%s: %q, want %q", h.Engine, got[i], h.Transcript.Text)
			}
		}
	})
}

func TestNobodyHeardAnything(t *testing.T) {
	r := Compare([]Heard{hearing("a"), hearing("b")}, nil)
	if r.Rows == nil || len(r.Rows) != 0 || len(r.Engines) != 2 {
		t.Errorf("%+v", r)
	}
}

func FuzzParseScript(f *testing.F) {
	f.Add([]byte(`{"turns":[{"role":"agent","start":0,"end":1,"text":"hello"}]}`))
	f.Add([]byte("plain text"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := ParseScript(raw)
		if err == nil && len(wer.Normalize(s.text(""))) == 0 {
			t.Error("a reference without words was taken")
		}
		if err == nil {
			Compare([]Heard{hearing("a", u("agent", 0, 1, "hello"))}, s)
		}
	})
}
