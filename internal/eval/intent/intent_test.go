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
	if _, err := Run([]rows.Row{{Text: "a", File: "f", Line: 7}}, nil); err == nil || !strings.Contains(err.Error(), "f:7: no label") {
		t.Errorf("no label to learn: %v", err)
	}
	if _, err := Run(read(t, `{"text": "a", "label": "b"}`), nil); err == nil || !strings.Contains(err.Error(), "at least two intents") {
		t.Errorf("one intent: %v", err)
	}
}

// Without rows out of scope the likeliest intent is the answer.
func TestRunAnswersAlwaysWhereNothingIsOutOfScope(t *testing.T) {
	closed := examples(t)
	closed = closed[:len(closed)-1]
	unclear := read(t, `{"text": "purple", "label": "where"}`, `{"text": "purple", "label": "cancel"}`)
	m, err := Run(closed, unclear)
	if err != nil || m.Classes != 2 || m.Train != len(closed) || m.TrainSeconds <= 0 || m.PredictP50 <= 0 || m.PredictP99 < m.PredictP50 {
		t.Fatalf("%+v, %v", m, err)
	}
	if m.Accuracy != 0.5 { // an answer of "none" would be wrong both times
		t.Errorf("%+v", m)
	}
}

// A few rows to learn from may all have one label where the answers have more.
func TestRunOfSeveralLabelsToAnswerOnly(t *testing.T) {
	m, err := Run(examples(t), read(t, `{"text": "where is my hat", "label": ["where", "cancel"]}`))
	if err != nil || m.MicroF1 == nil || *m.MicroF1 != 2.0/3 || m.Accuracy != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestRunOfSeveralLabels(t *testing.T) {
	train := examples(t)
	for _, what := range []string{"the blue one", "my parcel", "that thing", "the lamp", "it", "the box"} {
		train = append(train, read(t, `{"text": "where is `+what+` and please cancel it", "label": ["where", "cancel"]}`)...)
	}
	m, err := Run(train, read(t,
		`{"text": "where is my hat", "label": "where"}`, `{"text": "please cancel my hat", "label": ["cancel"]}`,
		`{"text": "where is my hat and please cancel it", "label": ["cancel", "where"]}`,
		`{"text": "please cancel my shoe", "label": ["where"]}`))
	if err != nil {
		t.Fatal(err)
	}
	// 4 right, one wrong, one missing.
	if m.MicroF1 == nil || *m.MicroF1 != 0.8 || m.Accuracy != 0.75 || m.OOSRecall != nil || m.PredictP99 <= 0 {
		t.Errorf("%+v", m)
	}
}
