package redact

import (
	"strings"
	"testing"

	"heed/internal/eval/rows"
)

func TestRun(t *testing.T) {
	test, err := rows.Read(strings.NewReader(`{"text": "my card is 4111 1111 1111 1111 thanks", "spans": [{"start": 11, "end": 30, "label": "CARD"}]}
{"text": "i am Zoë Blum", "spans": [{"start": 5, "end": 13, "label": "NAME"}]}
{"text": "the card number is 4012 8888 8888 1881 and again 5500 0000 0000 0004 ok", "spans": [{"start": 19, "end": 38, "label": "CARD"}]}
{"text": "hello", "spans": []}`), "rows.jsonl", rows.Text|rows.Spans)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Run(test, "")
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 4 || m.Spans != 3 || m.Recall != 2.0/3 || m.Leaks != 1.0/3 || m.Types["CARD"] != 1 || m.Types["NAME"] != 0 {
		t.Errorf("%+v", m)
	}
	if m.Precision <= 0.5 || m.Precision > 1 {
		t.Errorf("precision %v", m.Precision)
	}
	if _, err := Run(test, "x.yaml"); err == nil {
		t.Error("a policy was taken that nobody reads")
	}
}
