package intent

import (
	"strings"
	"testing"

	"heed/internal/eval/rows"
)

func read(t *testing.T, lines ...string) []rows.Row {
	t.Helper()
	all, err := rows.Read(strings.NewReader(strings.Join(lines, "\n")), "rows.jsonl", rows.Text|rows.Label)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func examples(t *testing.T) []rows.Row {
	t.Helper()
	var lines []string
	for _, what := range []string{"the blue one", "my parcel", "that thing", "the order from monday", "it today", "the whole lot"} {
		lines = append(lines,
			`{"text": "where is `+what+`", "label": "where"}`,
			`{"text": "please cancel `+what+`", "label": "cancel"}`)
	}
	return read(t, append(lines, lines[0], `{"text": "what a lovely morning it is", "oos": true}`)...)
}

func TestRun(t *testing.T) {
	m, err := Run(examples(t), read(t,
		`{"text": "where is my parcel now", "label": "where"}`, `{"text": "cancel it please", "label": "cancel"}`,
		`{"text": "purple monkeys sing", "oos": true}`, `{"text": "where is the blue parcel", "label": "cancel"}`))
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 4 || m.Accuracy != 0.75 || m.OOSRecall == nil || *m.OOSRecall != 1 ||
		m.InScopeAccuracy == nil || *m.InScopeAccuracy != 2.0/3 || *m.OOSAUROC != 1 {
		t.Errorf("%+v", m)
	}
	m, err = Run(examples(t), read(t, `{"text": "where is my parcel now", "label": "where"}`))
	if err != nil || m.Accuracy != 1 || m.OOSRecall != nil || m.InScopeAccuracy != nil || m.OOSAUROC != nil {
		t.Errorf("in scope only: %+v, %v", m, err)
	}
}

func TestRunRefuses(t *testing.T) {
	two := `{"text": "a", "label": ["where", "cancel"]}`
	if _, err := Run(examples(t), read(t, two)); err == nil || !strings.Contains(err.Error(), "rows.jsonl:1: 2 labels") {
		t.Errorf("two labels to answer: %v", err)
	}
	if _, err := Run(read(t, two), nil); err == nil || !strings.Contains(err.Error(), "rows.jsonl:1: 2 labels") {
		t.Errorf("two labels to learn: %v", err)
	}
	if _, err := Run(read(t, `{"text": "a", "label": "b"}`), nil); err == nil || !strings.Contains(err.Error(), "at least two intents") {
		t.Errorf("one intent: %v", err)
	}
}
