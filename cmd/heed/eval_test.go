package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/transcribe/audio"
)

// rowsFile writes rows and gives the file.
func rowsFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// metrics reads the one line that an evaluation prints.
func (r result) metrics(t *testing.T) map[string]any {
	t.Helper()
	r.want(t, 0)
	var m map[string]any
	if err := json.Unmarshal([]byte(r.out), &m); err != nil || strings.Count(r.out, "\n") != 1 || r.err != "" {
		t.Fatalf("%v: not one line of JSON alone: %q, %q", err, r.out, r.err)
	}
	return m
}

func (r result) figures(t *testing.T, want map[string]float64) {
	t.Helper()
	m := r.metrics(t)
	for key, value := range want {
		if got, is := m[key].(float64); !is || got != value {
			t.Errorf("%s is %v, want %v, in %s", key, m[key], value, r.out)
		}
	}
}

func lessons() []string {
	var lines []string
	for _, what := range []string{"the blue one", "my parcel", "that thing", "the order from monday", "it today", "the whole lot"} {
		lines = append(lines, `{"text": "where is `+what+`", "label": "where"}`, `{"text": "please cancel `+what+`", "label": "cancel"}`)
	}
	return lines
}

func TestEvalIntent(t *testing.T) {
	t.Parallel()
	train := rowsFile(t, lessons()...)
	test := rowsFile(t, `{"text": "where is my blue parcel", "label": "where"}`, `{"text": "purple monkeys sing", "oos": true}`)
	oos := rowsFile(t, `{"text": "monkeys are lovely"}`)
	r := heed(t, "eval", "intent", "--train", train, "--test", test, "--oos", oos)
	r.figures(t, map[string]float64{"rows": 2, "accuracy": 1, "macro_f1": 1, "in_scope_accuracy": 1, "oos_recall": 1, "oos_auroc": 1})
	if _, is := r.metrics(t)["ece"]; !is {
		t.Error("no calibration error")
	}
	inScope := rowsFile(t, `{"text": "where is my blue parcel", "label": "where"}`)
	if _, is := heed(t, "eval", "intent", "--train", train, "--test", inScope).metrics(t)["oos_recall"]; is {
		t.Error("recall of what the test has not")
	}
}

func TestEvalRedactAndSentiment(t *testing.T) {
	t.Parallel()
	heed(t, "eval", "redact", "--test", rowsFile(t,
		`{"text": "my card is 4111 1111 1111 1111 thanks", "spans": [{"start": 11, "end": 30, "label": "CARD"}]}`,
		`{"text": "thanks", "spans": []}`)).
		figures(t, map[string]float64{"rows": 2, "recall": 1, "precision": 1, "turn_leak": 0})
	heed(t, "eval", "sentiment", "--test", rowsFile(t,
		`{"text": "this is wonderful and great", "label": "positive"}`, `{"text": "this is horrible", "label": 0}`)).
		figures(t, map[string]float64{"rows": 2, "accuracy": 1, "macro_f1": 1, "auc": 1})
}

func TestEvalWords(t *testing.T) {
	t.Parallel()
	heed(t, "eval", "wer", "--test", rowsFile(t, `{"reference": "Yes, please.", "hypothesis": "yes peas"}`)).
		figures(t, map[string]float64{"rows": 1, "words": 2, "wer": 0.5, "substitutions": 1})
}

// TestEvalWordsHears hears a party of a recorded call beside the rows.
func TestEvalWordsHears(t *testing.T) {
	t.Parallel()
	needEngine(t)
	call := recorded(t, "cancel-competitor", 14)
	call.Channels = call.Channels[1:]
	clip := save(t, "clip.wav", audio.WAV{Rate: call.Rate, Channels: call.Channels})
	test := filepath.Join(filepath.Dir(clip), "rows.jsonl")
	row := `{"reference": "i want to cancel", "audio": "clip.wav"}`
	if err := os.WriteFile(test, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}
	heed(t, "eval", "wer", "--test", test, "--engine", "sherpa").figures(t, map[string]float64{"rows": 1, "heard": 1, "words": 4})
	if err := os.Remove(clip); err != nil {
		t.Fatal(err)
	}
	heed(t, "eval", "wer", "--test", test, "--engine", "sherpa").want(t, 2, "rows.jsonl:1", "clip.wav", "no such file")
}

func TestEvalRefusesBadRows(t *testing.T) {
	t.Parallel()
	good := rowsFile(t, lessons()...)
	for _, tt := range []struct {
		args, row, says string
	}{
		{"eval intent --train " + good + " --test", `{"text": "a"}`, `rows.jsonl:1: no label, want "label"`},
		{"eval intent --test " + good + " --train", `{"text": "a", "label": "b"}`, `rows.jsonl: every row has the label "b", want at least two labels`},
		{"eval intent --test " + good + " --train", `text,label`, "is no JSON object"},
		{"eval redact --test", `{"text": "a", "spans": [{"start": 0, "end": 9, "label": "X"}]}`, "<= 1 code points"},
		{"eval sentiment --test", `{"text": "a", "label": "purple"}`, "want positive"},
		{"eval sentiment --test", `{"text": "a", "label": "positive"}`, `rows.jsonl: every row has the label "positive"`},
		{"eval themes --test", `{"text": "a", "label": "b"}`, `rows.jsonl: every row has the label "b"`},
		{"eval themes --test", `{"text": broken}`, `rows.jsonl:1: not a row: invalid character 'b' looking for beginning of value at byte 10, want one object a line`},
		{"eval wer --test", `{"reference": "a"}`, "neither audio nor hypothesis"},
	} {
		r := heed(t, append(strings.Fields(tt.args), rowsFile(t, tt.row))...)
		r.want(t, 2, tt.says)
		if r.out != "" {
			t.Errorf("%s printed %q", tt.args, r.out)
		}
	}
}

func TestEvalThemes(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 12 {
		for label, text := range map[string]string{
			"parcel": "where is my parcel from %s it should be here", "bill": "the bill of %s is wrong and too high",
			"password": "i forgot the password for %s and cannot log in",
		} {
			name := string(rune('a'+i)) + "shire"
			lines = append(lines, `{"text": "`+strings.ReplaceAll(text, "%s", name)+`", "label": "`+label+`"}`)
		}
	}
	m := heed(t, "eval", "themes", "--test", rowsFile(t, lines...)).metrics(t)
	for _, key := range []string{"nmi", "ari", "acc"} {
		if got, is := m[key].(float64); !is || got < 0.5 || got > 1 {
			t.Errorf("%s is %v for three plain themes", key, m[key])
		}
	}
	if k, is := m["k"].(float64); !is || k < 2 {
		t.Errorf("k is %v", m["k"])
	}
}
