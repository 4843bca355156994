package entity

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"heed/internal/eval/rows"
)

func read(t *testing.T, lines ...string) []rows.Row {
	t.Helper()
	all, err := rows.Read(strings.NewReader(strings.Join(lines, "\n")), "test.jsonl", rows.Spans)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEvaluate(t *testing.T) {
	test := read(t,
		`{"text": "i pay fifty four dollars", "spans": [{"start": 6, "end": 24, "label": "money"}]}`,
		`{"text": "i paid twenty euros and more", "spans": [{"start": 14, "end": 28, "label": "money"}]}`,
		`{"text": "a loan of some thousands", "spans": [{"start": 10, "end": 24, "label": "money"}]}`,
		`{"text": "call me at three thirty p m", "spans": []}`,
	)
	got, err := Evaluate(test, "US")
	if err != nil {
		t.Fatal(err)
	}
	money := got["money"]
	if money.Named != 3 || money.Found != 2 || money.Precision != 1 || math.Abs(money.Recall-2.0/3) > 1e-9 || math.Abs(money.F1-0.8) > 1e-9 || math.Abs(money.ExactF1-0.4) > 1e-9 {
		t.Errorf("money %+v", money)
	}
	if clock := got["time"]; clock.Found != 1 || clock.Precision != 0 || clock.F1 != 0 {
		t.Errorf("time %+v", clock)
	}
	if all := got["all"]; all.Named != 3 || all.Found != 3 {
		t.Errorf("all %+v", all)
	}
	if _, err := Evaluate(nil, "US"); err == nil {
		t.Error("no rows are measured")
	}
}

func TestTable(t *testing.T) {
	data := fstest.MapFS{
		"nlupp/banking.fold10.json": {Data: []byte(`[
			{"text": "I sent £20 last week", "slots": {"amount_of_money": {"text": "£20", "span": [7, 10]}, "date_period": {"text": "last week", "span": [11, 20]}}},
			{"text": "from nine a m", "slots": {"time_from": {"text": "nine a m", "span": [5, 13]}, "company_name": {"text": "x", "span": [0, 1]}}}]`)},
		"nlupp/hotels.fold2.json": {Data: []byte(`[{"text": "a fold that is not measured, £5", "slots": {}}]`)},
	}
	table, err := Table(data)
	if err != nil || len(table) != 3 {
		t.Fatalf("%+v, %v", table, err)
	}
	for _, l := range table {
		if l.Named != 1 || l.Found != 1 || l.ExactF1 != 1 || !strings.Contains(l.Set, "banking") {
			t.Errorf("%+v", l)
		}
	}
	data["nlupp/hotels.fold11.json"] = &fstest.MapFile{Data: []byte(`{`)}
	if _, err := Table(data); err == nil || !strings.Contains(err.Error(), "fold 11") {
		t.Errorf("got %v", err)
	}
	if none, err := Table(fstest.MapFS{}); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
}
