package themes

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/insights/theme/discover"
	"heed/internal/eval/rows"
)

// labelled makes rows of three kinds.
func labelled(n int) []rows.Row {
	says := []struct {
		label string
		words [4]string
	}{
		{"lost", [4]string{"i lost my card", "a stolen card", "please block the card", "another card for the lost one"}},
		{"late", [4]string{"my parcel is late", "the parcel did not arrive", "no delivery of my parcel", "the delivery is late"}},
		{"hot", [4]string{"the router gets hot", "a hot router restarts", "my router restarts", "such a hot router"}},
		{"bill", [4]string{"the bill is wrong", "a mistake on my bill", "this bill has a wrong amount", "why is the amount of the bill so high"}},
		{"move", [4]string{"we move house", "a new address after the move", "change my address", "when we move the address changes"}},
	}
	var out []rows.Row
	for i := range n {
		s := says[i%5]
		text := s.words[i/5%4] + " and " + s.words[(i/5+1+i/20)%4]
		out = append(out, rows.Row{Text: text, Labels: []string{s.label}})
	}
	return out
}

func TestRun(t *testing.T) {
	m, err := Run(labelled(40), nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.ACC != 1 || m.NMI < 0.999 || m.ARI < 0.999 || m.K != 5 || m.Rows != 40 || m.Labels != 5 {
		t.Errorf("clear groups: %+v", m)
	}
	if m.Mean.ACC < 0.9 || m.Spread.ACC > 0.2 || m.Seeds != seeds {
		t.Errorf("over seeds: %+v", m)
	}
	wrong := labelled(40)
	for i := range wrong {
		wrong[i].Labels = []string{fmt.Sprint(i / 8)}
	}
	if m, err := Run(wrong, nil); err != nil || m.ACC > 0.5 || m.ARI > 0.1 {
		t.Errorf("labels that say nothing: %+v, %v", m, err)
	}
}

// Rows without a label help to group and are not scored.
func TestExtra(t *testing.T) {
	all := labelled(40)
	m, err := Run(all[:20], all[20:])
	if err != nil || m.Rows != 20 || m.ACC != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestRefused(t *testing.T) {
	if _, err := Run(labelled(3), nil); !errors.Is(err, discover.ErrTooFew) {
		t.Errorf("three rows: %v", err)
	}
	few := labelled(3)
	few[0].File = "few.jsonl"
	if _, err := Run(few, nil); err == nil || !strings.Contains(err.Error(), "few.jsonl: ") {
		t.Errorf("three rows of a file: %v", err)
	}
	one := labelled(30)
	for i := range one {
		one[i].Labels = []string{"lost"}
	}
	if _, err := Run(one, nil); err == nil || !strings.Contains(err.Error(), `every row has the label "lost"`) {
		t.Errorf("one label: %v", err)
	}
	if _, err := Run([]rows.Row{{Text: "a", File: "f", Line: 2}}, nil); err == nil || !strings.Contains(err.Error(), "f:2") {
		t.Errorf("no label: %v", err)
	}
}

// The keys that `heed eval themes` prints.
func TestKeys(t *testing.T) {
	data, err := json.Marshal(Metrics{})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"nmi"`, `"ari"`, `"acc"`, `"k"`, `"rows"`, `"seconds"`} {
		if !strings.Contains(string(data), key) {
			t.Errorf("%s lacks %s", data, key)
		}
	}
}

func TestTable(t *testing.T) {
	folder := t.TempDir()
	if lines, err := Table(folder); err != nil || lines != nil {
		t.Fatalf("an empty folder: %v, %v", lines, err)
	}
	dir := filepath.Join(folder, "dstc11-intent-induction")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Table(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no turns: %v", err)
	}
	var turns, more strings.Builder
	for _, r := range labelled(40) {
		fmt.Fprintf(&turns, "{\"utterance\": %q, \"intent\": %q}\n", r.Text, r.Labels[0])
		fmt.Fprintln(&more, r.Text)
	}
	for name, text := range map[string]string{"banking-turns.jsonl": turns.String(), "banking-task2-inputs.txt": more.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := Table(folder)
	if err != nil || len(lines) != 2 || lines[0].Metrics.Rows != 40 || lines[1].Metrics.Rows != 40 || lines[0].Published.ACC != 0.597 {
		t.Errorf("%+v, %v", lines, err)
	}
}
