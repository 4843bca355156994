package api

import (
	"errors"
	"strings"
	"testing"
)

func rows(n int) string {
	return `{"rows": [` + strings.TrimSuffix(strings.Repeat(`{"date": "2026-03-01", "source": "a", "campaign": "b", "cost": 12.50},`, n), ",") + `]}`
}

func TestRowsAsTheyAreWritten(t *testing.T) {
	got, err := rowsOf(strings.NewReader(rows(2)))
	if err != nil || len(got) != 2 || got[1].Cost != "12.50" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, body := range map[string]string{
		"a text for a number": `{"rows": [{"cost": "12"}]}`, "null": `{"rows": [{"cost": null}]}`, "an unknown field": `{"rows": [{"clicks": 1}]}`, "no object": `[]`, "cut off": `{"rows": [`,
	} {
		got, err := rowsOf(strings.NewReader(body))
		if name == "null" && err == nil && got[0].Cost == "" { // as if it were left out, which the service refuses
			continue
		}
		if !errors.Is(err, errForm) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzRows(f *testing.F) {
	f.Add(rows(1))
	f.Add(`{"rows": [{"cost": 1e9999}, {"cost": -0}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		if _, err := rowsOf(strings.NewReader(body)); err != nil && !errors.Is(err, errForm) {
			t.Errorf("%v", err)
		}
	})
}
