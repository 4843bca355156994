package offline

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/eval/board"
)

// plant writes the two logs of a small shop of four items, of which the first
// is clicked far more often and shown by the second log most of the time.
func plant(t *testing.T, bts string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "open-bandit"), 0o700); err != nil {
		t.Fatal(err)
	}
	source := rand.New(rand.NewPCG(1, 2))
	for name, shares := range map[string][]float64{"random": {0.25, 0.25, 0.25, 0.25}, "bts": {0.7, 0.1, 0.1, 0.1}} {
		var text strings.Builder
		text.WriteString(",timestamp,item_id,position,click,propensity_score\n")
		for i := range 4000 {
			u, item := source.Float64(), 0
			for u -= shares[0]; u >= 0 && item < 3; u -= shares[item] {
				item++
			}
			click := 0
			if source.Float64() < []float64{0.5, 0.1, 0.1, 0.1}[item] {
				click = 1
			}
			fmt.Fprintf(&text, "%d,t,%d,%d,%d,%v\n", i, item, 1+i%3, click, shares[item])
		}
		body := text.String()
		if name == "bts" && bts != "" {
			body = bts
		}
		if err := os.WriteFile(filepath.Join(dir, "open-bandit", "men."+name+".csv.gz"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTable(t *testing.T) {
	lines, err := Part().Measure(plant(t, ""))
	if err != nil || len(lines) != 8 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if err := board.Check(lines); err != nil {
		t.Error(err)
	}
	if v := lines[0].Value; v < 0.33 || v > 0.43 {
		t.Errorf("SNIPS %v, the truth is 0.38", v)
	}
}

func TestTableRefuses(t *testing.T) {
	if _, err := Table(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without the set: %v", err)
	}
	head := "item_id,position,click,propensity_score\n"
	for body, want := range map[string]string{
		"a,b\n":            `no column "item_id"`,
		head:               "no rows",
		head + "1,1,x,1\n": "row 2: ",
		head + "1,1\n":     "wrong number of fields",
		head + "\"1,1,0,1": "extraneous or missing",
	} {
		if _, err := Table(plant(t, body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}
