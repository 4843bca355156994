package redact

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heed/insights/redact"
	"heed/insights/redact/corpus"
	"heed/internal/eval/rows"
)

func read(t *testing.T, lines string) []rows.Row {
	t.Helper()
	test, err := rows.Read(strings.NewReader(lines), "rows.jsonl", rows.Text|rows.Spans)
	if err != nil {
		t.Fatal(err)
	}
	return test
}

const marked = `{"text": "my card is 4111 1111 1111 1111 thanks", "spans": [{"start": 11, "end": 30, "label": "CARD"}]}
{"text": "my name is Zoë Blum", "spans": [{"start": 11, "end": 19, "label": "NAME"}]}
{"text": "it is 192.168.1.4 and qqq", "spans": [{"start": 6, "end": 17, "label": "IP"}, {"start": 22, "end": 25, "label": "MISC"}]}
{"text": "write to a.b@example.org please", "spans": []}
{"text": "hello", "spans": []}`

func TestRun(t *testing.T) {
	m, err := Run(read(t, marked), "")
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 5 || m.Spans != 4 || m.SpanRecall != 3.0/4 || m.Leaks != 1.0/3 {
		t.Errorf("%+v", m)
	}
	// Eight words are personal; all but one go, and the mail address nobody marked.
	if m.Recall != 7.0/8 || m.Precision != 7.0/8 || m.F1 != 7.0/8 || m.SpanPrecision != 3.0/4 || m.Needless != 200 {
		t.Errorf("%+v", m)
	}
	if m.Types["CARD"] != 1 || m.Types["NAME"] != 1 || m.Types["IP"] != 1 || m.Types["MISC"] != 0 {
		t.Errorf("types %v", m.Types)
	}
}

func TestRunWithPolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, redact.DefaultFile(), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Run(read(t, marked), file)
	if err != nil {
		t.Fatal(err)
	}
	if m.Types["CARD"] != 1 || m.Types["NAME"] != 0 || m.Needless != 0 {
		t.Errorf("the default policy gave %+v", m)
	}
	if err := os.WriteFile(file, []byte("version: 1\nkinds: {nam: keep}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(nil, file); err == nil || !strings.Contains(err.Error(), "policy.yaml:2: unknown field") {
		t.Errorf("error %v", err)
	}
	if _, err := Run(nil, file+".missing"); err == nil {
		t.Error("a policy that is not there was read")
	}
}

// TestGeneralKinds: places count when the labels name them, and else not.
func TestGeneralKinds(t *testing.T) {
	in := read(t, `{"text": "i live in Boston", "spans": [{"start": 10, "end": 16, "label": "GPE"}]}`)
	m, err := Run(in, "")
	if err != nil || m.SpanRecall != 1 {
		t.Errorf("%+v, %v", m, err)
	}
	if gone := redact.Strict().Find("customer", "i live in Boston"); len(gone) > 0 {
		t.Errorf("the strict policy takes out a town: %v", gone)
	}
}

func TestRowOf(t *testing.T) {
	row := rowOf(corpus.Turn{
		Words:  strings.Fields("zoë née blum 12 boston"),
		Labels: []string{"name", "", "name", "account_number", "current_city"},
	})
	want := []rows.Span{{Start: 0, End: 3, Label: "name"}, {Start: 8, End: 12, Label: "name"}, {Start: 13, End: 15, Label: "account_number"}}
	if row.Text != "zoë née blum 12 boston" || !slices.Equal(row.Spans, want) {
		t.Errorf("%+v", row)
	}
}
