package words

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/internal/eval/rows"
)

func read(t *testing.T, lines ...string) []rows.Row {
	t.Helper()
	all, err := rows.Read(strings.NewReader(strings.Join(lines, "\n")), "set/rows.jsonl", rows.Speech)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRun(t *testing.T) {
	test := read(t,
		`{"reference": "Yes, please.", "hypothesis": "yes please"}`,
		`{"reference": "cancel my order now", "hypothesis": "counsel order now now"}`,
		`{"reference": "hello there", "audio": "clips/a.wav"}`,
		`{"reference": "hello", "audio": "/abs/b.wav"}`,
		`{"reference": "yes", "hypothesis": "", "audio": "c.wav"}`)
	var heard []string
	var told int
	got, err := Run(t.Context(), test, func(_ context.Context, path string) (string, error) {
		heard = append(heard, path)
		return "hello there", nil
	}, func(done, total int) { told += done; _ = total })
	if err != nil {
		t.Fatal(err)
	}
	// Row 2: three words are others; row 4: there put in; row 5: nothing was heard.
	want := Metrics{Rows: 5, Words: 10, WER: 0.5, Substitutions: 3, Deletions: 1, Insertions: 1, Exact: 0.4, Heard: 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"set/clips/a.wav", "/abs/b.wav"}, heard); diff != "" {
		t.Error(diff)
	}
	if told != 1+2+3+4+5 {
		t.Errorf("progress was told %d", told)
	}
	if !NeedEars(test) || NeedEars(test[:2]) {
		t.Error("the recordings, and only they, need ears")
	}
}

func TestRunNamesTheRow(t *testing.T) {
	deaf := errors.New("deaf")
	_, err := Run(t.Context(), read(t, `{"reference": "a", "hypothesis": "a"}`, `{"reference": "a", "audio": "a.wav"}`),
		func(context.Context, string) (string, error) { return "", deaf }, nil)
	if !errors.Is(err, deaf) || !strings.HasPrefix(err.Error(), "set/rows.jsonl:2: ") {
		t.Errorf("%v", err)
	}
}
