package sentiment

import (
	"bytes"
	"compress/gzip"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"heed/internal/eval/rows"
)

func read(t *testing.T, lines ...string) []rows.Row {
	t.Helper()
	all, err := rows.Read(strings.NewReader(strings.Join(lines, "\n")), "test.jsonl", 0)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPolarRows(t *testing.T) {
	test := read(t, `{"text": "it was lovely, i enjoyed it", "label": "positive"}`, `{"text": "it was awful", "label": "neg"}`,
		`{"text": "i hate it", "label": 0}`, `{"text": "i love it", "label": "0"}`)
	m, err := Evaluate(nil, test)
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 4 || m.Accuracy != 0.75 || m.AUC <= 0.5 || m.ECE <= 0 || m.MacroF1 <= 0.5 || m.MacroF1 >= 1 {
		t.Errorf("%+v", m)
	}
}

func TestTrainRowsAreLearned(t *testing.T) {
	train := read(t, `{"text": "quite zorby", "label": "positive"}`, `{"text": "really zorby", "label": "positive"}`,
		`{"text": "quite flimp", "label": "negative"}`, `{"text": "really flimp", "label": "negative"}`)
	test := read(t, `{"text": "so zorby", "label": "positive"}`, `{"text": "so flimp", "label": "negative"}`)
	m, err := Evaluate(train, test)
	if err != nil || m.Accuracy != 1 || m.AUC != 1 || m.AveragePrecision != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestSeveralLabels(t *testing.T) {
	test := read(t, `{"text": "thank you, that is wonderful", "label": ["positive"]}`, `{"text": "which one do you mean?", "label": ["ambiguous", "neutral"]}`,
		`{"text": "i hate you", "label": ["negative", "neutral"]}`)
	m, err := Evaluate(nil, test)
	if err != nil || m.Accuracy != 2.0/3 || m.MacroF1 <= 0.5 || m.MacroF1 >= 1 || m.AUC != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	one, err := Evaluate(nil, read(t, `{"text": "that is wonderful", "label": "positive"}`, `{"text": "it is on the table", "label": "neutral"}`,
		`{"text": "i hate it", "label": "negative"}`))
	if err != nil || one.Accuracy != 1 {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestCalls(t *testing.T) {
	test := read(t, `{"text": "hello\nthis is useless\nyou are not listening this is ridiculous", "label": "annoyed"}`,
		`{"text": "hello\na room for two please\nthank you goodbye", "label": "calm"}`)
	m, err := Evaluate(nil, test)
	if err != nil || m.AUC != 1 || m.Rows != 2 {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := Evaluate(test, test); err == nil {
		t.Error("calls are trained on")
	}
}

func TestWrongRows(t *testing.T) {
	if _, err := Evaluate(nil, nil); err == nil {
		t.Error("no rows are scored")
	}
	_, err := Evaluate(nil, read(t, `{"text": "a", "label": "positive"}`, `{"text": "b", "label": "splendid"}`))
	if err == nil || !strings.Contains(err.Error(), "test.jsonl:2") {
		t.Errorf("got %v", err)
	}
	one := read(t, `{"text": "a", "label": "positive"}`, `{"text": "b", "label": "positive"}`)
	both := read(t, `{"text": "a", "label": "positive"}`, `{"text": "b", "label": "negative"}`)
	for _, files := range [][2][]rows.Row{{nil, one}, {one, both}} {
		if _, err := Evaluate(files[0], files[1]); err == nil || !strings.Contains(err.Error(), `test.jsonl: every row has the label "positive"`) {
			t.Errorf("one label: %v", err)
		}
	}
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The table trains on everything but what it measures.
func TestTable(t *testing.T) {
	data := fstest.MapFS{
		"goemotions/labels.txt":                             {Data: []byte("joy\nanger\nsurprise\nneutral\n")},
		"goemotions/train.tsv.gz":                           {Data: packed(t, strings.Repeat("so glad\t0\ta\nso cross\t1\tb\nis it?\t2\tc\nit is\t3\td\n", 30))},
		"goemotions/dev.tsv.gz":                             {Data: packed(t, "quite glad\t0\ta\nquite cross\t1\tb\n")},
		"uci-sentiment-sentences/amazon_cells_labelled.txt": {Data: []byte("a zorby phone\t1\na flimp phone\t0\n")},
		"uci-sentiment-sentences/imdb_labelled.txt":         {Data: []byte("a zorby film\t1\na flimp film\t0\n")},
		"star/dialogues.jsonl.gz":                           {Data: packed(t, stars())},
	}
	table, err := Table(data)
	if err != nil || len(table) != 5 {
		t.Fatalf("%+v, %v", table, err)
	}
	for _, l := range table {
		if l.Rows == 0 || math.IsNaN(l.Accuracy) || l.MacroF1 < 0.5 {
			t.Errorf("%+v", l)
		}
	}
	if got, err := Table(fstest.MapFS{}); err != nil || got != nil {
		t.Errorf("no data: %v, %v", got, err)
	}
	data["uci-sentiment-sentences/imdb_labelled.txt"] = &fstest.MapFile{Data: []byte("a film\n")}
	if _, err := Table(data); err == nil {
		t.Error("a broken file is read")
	}
}

// stars are dialogues of our own in STAR's form.
func stars() string {
	const form = `{"q":{"wizard_says_user_annoyed":%A},"events":[{"who":"user","act":"utter","text":"%T"}]}`
	var b strings.Builder
	for i := range 50 {
		annoyed, text := "false", "a table for two"
		if i%4 == 0 {
			annoyed, text = "true", "this is useless"
		}
		b.WriteString(strings.NewReplacer("%A", annoyed, "%T", text).Replace(form) + "\n")
	}
	return b.String()
}
