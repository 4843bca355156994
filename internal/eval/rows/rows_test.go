package rows

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, text string, need Need) []Row {
	t.Helper()
	all, err := Read(strings.NewReader(text), "f.jsonl", need)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRead(t *testing.T) {
	got := read(t, "\ufeff"+`{"text": "where is it", "label": "order.where"}

{"utterance": "both", "labels": ["b", "a", "b"], "unknown": {"x": 1}, "id": 7}
{"full_text": "a poem", "oos": true, "label": "poems"}
{"text": "a song", "label": "oos"}
{"text": "good", "label": 1}
{"text": "", "intents": [], "intent": null, "id": "u1"}
  {"reference": "yes", "hypothesis": "guess", "audio": "a.wav"}  `, 0)
	want := []Row{
		{Text: "where is it", Labels: []string{"order.where"}, Line: 1},
		{Text: "both", Labels: []string{"b", "a"}, ID: "7", Line: 3},
		{Text: "a poem", OOS: true, Line: 4},
		{Text: "a song", OOS: true, Line: 5},
		{Text: "good", Labels: []string{"1"}, Line: 6},
		{ID: "u1", Line: 7},
		{Reference: "yes", Hypothesis: "guess", Heard: true, Audio: "a.wav", Line: 8},
	}
	for i := range want {
		want[i].File = "f.jsonl"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"1", "a", "b", "order.where"}, Labels(got)); diff != "" {
		t.Error(diff)
	}
}

func TestSpans(t *testing.T) {
	row := read(t, `{"text": "Zoë 👋 Ólafur", "spans": [{"start_position": 6, "end_position": 12, "entity_type": "PERSON"}, {"start": 0, "end": 3, "label": "NAME"}]}`, Text|Spans)[0]
	if len(row.Spans) != 2 || row.Spans[0].Label != "NAME" || row.Spans[1].Label != "PERSON" {
		t.Fatalf("spans %+v", row.Spans)
	}
	for i, want := range []string{"Zoë", "Ólafur"} {
		from, to := row.Bytes(row.Spans[i])
		if got := row.Text[from:to]; got != want {
			t.Errorf("span %d covers %q, want %q", i, got, want)
		}
	}
	if none := read(t, `{"text": "hello", "spans": []}`, Text|Spans)[0]; !none.Marked || none.Spans != nil {
		t.Errorf("an empty list: %+v", none)
	}
}

func TestErrorsNameFileAndLine(t *testing.T) {
	good := `{"text": "a", "label": "b"}` + "\n"
	for name, c := range map[string]struct {
		text string
		need Need
		want string
	}{
		"no JSON":           {good + "text,label", 0, `f.jsonl:2: "text,label" is no JSON object, want one object a line`},
		"an array":          {"[" + good + "]", 0, "f.jsonl:1: "},
		"half a line":       {good + `{"text": "a", `, 0, "f.jsonl:2: not a row: unexpected end of JSON input at byte 13, want one object a line such as {"},
		"no value":          {good + `{"text": broken}`, 0, `f.jsonl:2: not a row: invalid character 'b' looking for beginning of value at byte 10, want one object a line`},
		"not UTF-8":         {"{\"text\": \"caf\xe9\"}", 0, "f.jsonl:1: not a row: the text is not UTF-8"},
		"text is a number":  {`{"text": 7}`, 0, `f.jsonl:1: "text" is a number, want a string`},
		"oos is a text":     {`{"text": "a", "oos": "yes"}`, 0, `f.jsonl:1: "oos" is a string, want true or false`},
		"spans are a text":  {`{"text": "a", "spans": "no"}`, 0, `f.jsonl:1: "spans" is a string, want a list`},
		"a span is a text":  {`{"text": "a", "spans": ["no"]}`, 0, `f.jsonl:1: "spans" is a string, want an object such as {"start"`},
		"start is a text":   {`{"text": "a", "spans": [{"start": "0"}]}`, 0, `is a string, want a whole number`},
		"label is a map":    {`{"text": "a", "label": {"x": 1}}`, 0, "want a string or a list"},
		"label in label":    {`{"text": "a", "label": [["x"]]}`, 0, "want a string or a list"},
		"no text":           {good + "\n" + `{"label": "b"}`, Text, `f.jsonl:3: no text, want "text"`},
		"no label":          {`{"text": "a", "label": ""}`, Label, "f.jsonl:1: no label"},
		"no spans":          {good, Spans, `f.jsonl:1: no spans, want "spans"`},
		"span past the end": {`{"text": "né", "spans": [{"start": 1, "end": 3, "label": "X"}]}`, 0, "span 1 to 3, want 0 <= start < end <= 2 code points"},
		"span turned round": {`{"text": "abc", "spans": [{"start": 2, "end": 1, "label": "X"}]}`, 0, "span 2 to 1"},
		"span of nothing":   {`{"text": "abc", "spans": [{"start": 2, "end": 2, "label": "X"}]}`, 0, "span 2 to 2"},
		"span without end":  {`{"text": "abc", "spans": [{"start": 0}]}`, 0, "span without its place"},
		"span not named":    {`{"text": "abc", "spans": [{"start": 0, "end": 1}]}`, 0, "has no label"},
		"no reference":      {`{"hypothesis": "a"}`, Speech, "no reference"},
		"nothing heard":     {`{"reference": "a"}`, Speech, "neither audio nor hypothesis"},
		"empty":             {"\n \n", 0, "read f.jsonl: no rows, want JSON lines"},
		"too long":          {good + strings.Repeat("x", maxLine+1), 0, "a line of more than 16 MB after 1 rows"},
		"broken gzip":       {"\x1f\x8bxx", 0, "read f.jsonl: gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := Read(strings.NewReader(c.text), "f.jsonl", c.need)
			if err == nil || !strings.Contains(err.Error(), c.want) || all != nil {
				t.Errorf("%v rows, error %v, want %q", all, err, c.want)
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(`{"text": "a", "label": "b"}`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rows.jsonl.gz")
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := ReadFile(path, Text|Label)
	if err != nil || len(all) != 1 || all[0].File != path {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := ReadFile(path+".not", 0); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	cut := packed.Bytes()[:packed.Len()-6]
	if _, err := Read(bytes.NewReader(cut), "cut.gz", 0); err == nil || !strings.Contains(err.Error(), "cut.gz") {
		t.Errorf("half a file: %v", err)
	}
}

func TestGold(t *testing.T) {
	all := read(t, `{"text": "a", "label": "b"}
{"text": "a", "oos": true}
{"text": "a", "label": ["b", "c"]}
{"text": "a"}`, Text)
	for i, want := range []string{"b", OutOfScope, "", ""} {
		got, err := all[i].Gold()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("row %d: %q, %v", i+1, got, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "f.jsonl:") {
			t.Errorf("row %d: %v names no file", i+1, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"text": "Zoë 👋", "label": ["a", 1, true], "spans": [{"start": 0, "end": 3, "label": "NAME"}]}`))
	f.Add([]byte("\ufeff{\"full_text\": \"\xff\xfe\", \"oos\": true}\n\n{}"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := Read(bytes.NewReader(data), "f", 0)
		if (err == nil) != (len(all) > 0) {
			t.Fatalf("%d rows, %v", len(all), err)
		}
		for i := range all {
			for _, s := range all[i].Spans {
				from, to := all[i].Bytes(s)
				if n := len([]rune(all[i].Text[from:to])); n != s.End-s.Start {
					t.Fatalf("span %+v covers %d code points of %q", s, n, all[i].Text)
				}
			}
		}
	})
}

func TestRowsThatCannotBeToldApart(t *testing.T) {
	const one = `{"text": "a", "label": "b"}` + "\n"
	for text, want := range map[string]string{
		one + one:                                   `f.jsonl: every row has the label "b", want at least two labels`,
		one + `{"text": "c", "label": "d"}`:         "",
		one + `{"text": "c", "oos": true}`:          "",
		`{"text": "c", "oos": true}` + "\n":         "",
		`{"text": "c", "label": ["b", "e"]}` + "\n": "",
	} {
		if err := Differ(read(t, text, Text)); want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if err := Differ(nil); err != nil {
		t.Error(err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir + "/none.jsonl": "none.jsonl: no such file or directory; want a file of JSON lines",
		dir:                 "read " + dir + ": is a directory; want a file of JSON lines, plain or gzip",
	} {
		if _, err := ReadFile(path, Text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
