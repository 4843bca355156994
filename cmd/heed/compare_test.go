package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"heed/internal/compare"
	"heed/internal/wer"
)

func TestCompareMisuse(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, says string }{
		{"compare", "want one recording"},
		{"compare a.wav b.wav", "want one recording"},
		{"compare a.wav", "sherpa, pocketsphinx"},
		{"compare a.wav --engines sherpa,ears", `no engine "ears"; there are sherpa, pocketsphinx`},
		{"compare a.wav --engines sherpa,sherpa", "twice"},
		{"compare a.wav --engines sherpa --reference /no/such.txt", "/no/such.txt"},
		{"compare a.wav --engines sherpa --reference " + empty, "no words"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			heed(t, strings.Fields(tt.args)...).want(t, 2, tt.says)
		})
	}
	env := []string{"PATH=/none", "HEED_MODELS=/none", "GOMODCACHE=/none"}
	heedIn(t, t.TempDir(), env, "compare", "a.wav", "--engines", "sherpa").want(t, 1, "sherpa: ", "heed doctor")
}

// TestCompare hears the beginning of a call with the real engine and counts
// its errors against the script.
func TestCompare(t *testing.T) {
	t.Parallel()
	needEngine(t)
	file := save(t, "call.wav", recorded(t, "cancel-competitor", 15))
	turns := script(t, "cancel-competitor", 15)
	raw, err := json.Marshal(map[string]any{"turns": turnsAsJSON(turns)})
	if err != nil {
		t.Fatal(err)
	}
	reference := filepath.Join(t.TempDir(), "call.json")
	if err := os.WriteFile(reference, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("for machines", func(t *testing.T) {
		t.Parallel()
		r := heed(t, "compare", file, "--engines", "sherpa", "--reference", reference, "--json")
		r.want(t, 0)
		var all map[string]any
		var got compare.Result
		if err := json.Unmarshal([]byte(r.out), &all); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatal(err)
		}
		fields(t, "comparison", all, "file", "", "seconds", 0.0, "engines", []any{}, "rows", []any{})
		e := got.Engines[0]
		if e.Name != "sherpa" || e.WER == nil || e.WER.Words == 0 || e.WER.Rate > .5 || len(e.Parties) != 2 || e.CPU <= 0 || e.Elapsed <= 0 {
			t.Errorf("engine %+v", e)
		}
		if len(got.Rows) < len(turns)-1 || got.Rows[0].Columns[0].Name != "reference" {
			t.Errorf("%d rows of %d turns: %+v", len(got.Rows), len(turns), got.Rows)
		}
	})
	t.Run("for people, against plain text", func(t *testing.T) {
		t.Parallel()
		text := filepath.Join(t.TempDir(), "call.txt")
		if err := os.WriteFile(text, []byte("Thank you for calling."), 0o600); err != nil {
			t.Fatal(err)
		}
		r := heed(t, "compare", file, "--engines", "sherpa", "--reference", text)
		r.want(t, 0)
		if !strings.Contains(r.out, "| sherpa\n") || !regexp.MustCompile(`(?m)^sherpa +small-en +\d+\.\d % \(\d+ of 4 words\) +- +- +\d`).MatchString(r.out) {
			t.Errorf("it printed\n%s", r.out)
		}
	})
	t.Run("no recording", func(t *testing.T) {
		t.Parallel()
		heed(t, "compare", "/no/such.wav", "--engines", "sherpa").want(t, 2, "/no/such.wav")
	})
}

func turnsAsJSON(turns []turn) []map[string]any {
	var out []map[string]any
	for _, l := range turns {
		out = append(out, map[string]any{"role": l.Role, "start": l.Start, "end": l.End, "text": l.Text})
	}
	return out
}

func word(text string, differs bool) compare.Cell { return compare.Cell{Text: text, Differs: differs} }

// TestSheet prints a comparison narrow and plain, and wide in colour.
func TestSheet(t *testing.T) {
	t.Parallel()
	r := compare.Result{
		Seconds: 10,
		Engines: []compare.Engine{
			{
				Name: "a", Model: "small", WER: &compare.Score{Errors: wer.Errors{Words: 4, Substitutions: 1}, Rate: .25}, Elapsed: 2, CPU: 1,
				Parties: map[string]compare.Score{"agent": {Rate: .25}},
			},
			{Name: "b", WER: &compare.Score{Errors: wer.Errors{Words: 4}, Rate: 0}, Elapsed: 0},
		},
		Rows: []compare.Row{{Speaker: "customer", Start: 1.25, Columns: []compare.Column{
			{Name: "a", Cells: []compare.Cell{word("i", false), word("council", true), word("my", false), word("internationalisation", false)}},
			{Name: "b", Cells: []compare.Cell{word("i", false), word("cancel", true), word("", true)}},
		}}},
	}
	for _, c := range []struct {
		s    sheet
		want string
	}{
		{sheet{width: 10, gap: " | "}, `
                  | a                | b
    1.2  customer | i *council* my   | i *cancel* -
                  | internationalisa |
                  | tion             |

ENGINE  MODEL  WER                   AGENT   CUSTOMER  ELAPSED  CPU    SPEED
a       small  25.0 % (1 of 4 words)  25.0 %  -         2.0 s    1.0 s  5.0 x
b              0.0 % (0 of 4 words)   -       -         0.0 s    0.0 s  10000.0 x
`},
		{sheet{width: 80, gap: " | ", colour: true}, `
                  | a                            | b
    1.2  customer | i ` + "\x1b[1;31mcouncil\x1b[0m" + ` my                 | i ` + "\x1b[1;31mcancel\x1b[0m \x1b[1;31m-\x1b[0m" + `
                  | internationalisation         |
`},
	} {
		var out bytes.Buffer
		c.s.out = &out
		if err := c.s.write(r); err != nil {
			t.Fatal(err)
		}
		// The gaps of the table below the columns are the library's.
		squeeze := regexp.MustCompile(`(?m)^((?:ENGINE|a |b ).*)$`)
		plain := func(text string) string {
			return squeeze.ReplaceAllStringFunc(text, func(l string) string { return strings.Join(strings.Fields(l), " ") })
		}
		if got, want := plain(out.String()), plain(strings.TrimPrefix(c.want, "\n")); !strings.HasPrefix(got, want) {
			t.Errorf("it printed\n%s\nwant\n%s", got, want)
		}
	}
	var out bytes.Buffer
	empty := sheet{out: &out, width: 80}
	if err := empty.write(compare.Result{Engines: r.Engines}); err != nil || !strings.HasPrefix(out.String(), "nobody was heard\n") {
		t.Errorf("%v: %s", err, out.String())
	}
}
