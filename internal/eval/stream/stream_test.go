package stream

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"heed/internal/eval/board"
)

func asJSON(t *testing.T, v any) *fstest.MapFile {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: raw}
}

// made is a data folder of both sets: texts whose second word gives the domain
// away, and contacts where what decides turns round after three quarters.
func made(t *testing.T) fstest.MapFS {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	var rows [][2]string
	var order []int
	domains := map[string][]string{"bank": {"balance", "pay"}, "travel": {"flight"}, "home": {"lights"}}
	intents := []string{"balance", "pay", "flight", "lights"}
	for i := range 2000 {
		intent := intents[r.IntN(len(intents))]
		rows = append(rows, [2]string{fmt.Sprintf("please %s now %d", intent, r.IntN(50)), intent})
		order = append(order, 1999-i)
	}
	var csv strings.Builder
	csv.WriteString("age,job,month,day,duration,y\n")
	for i := range 4000 {
		job, y := r.IntN(2), "no"
		if r.Float64() < []float64{0.1, 0.6}[(job+i/3000)%2] {
			y = "yes"
		}
		fmt.Fprintf(&csv, "%d,job%d,may,%d,%s,%s\n", 20+r.IntN(50), job, 1+r.IntN(28), y, y)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte(csv.String()))
	w.Close()
	return fstest.MapFS{
		"clinc150/data_full_train_val.json": asJSON(t, map[string]any{"train": rows}),
		"clinc150/stream_order.json":        asJSON(t, order),
		"clinc150/domains.json":             asJSON(t, domains),
		"bank-marketing/first80.csv.gz":     {Data: packed.Bytes()},
	}
}

func value(t *testing.T, lines []board.Line, task, measure string) float64 {
	t.Helper()
	for _, l := range lines {
		if l.Task == task && l.Measure == measure {
			return l.Value
		}
	}
	t.Fatalf("no line %s, %s in %+v", task, measure, lines)
	return 0
}

func TestTable(t *testing.T) {
	t.Parallel()
	lines, err := Table(made(t))
	if err != nil {
		t.Fatal(err)
	}
	const ten, time = "CLINC150 stream of ten actions", "bank marketing in order of time"
	if v := value(t, lines, ten+", last fifth", "mean reward"); v < 0.98 {
		t.Errorf("a word that gives it away is found in %.3f of the last fifth", v)
	}
	live, frozen := value(t, lines, time+", last fifth", "AUC"), value(t, lines, time+", last fifth, frozen before it", "AUC")
	if live < 0.65 || frozen > 0.5 {
		t.Errorf("after a change the live model has %.3f, the frozen one %.3f", live, frozen)
	}
	if v := value(t, lines, time+", last fifth", "AUC over the frozen one's"); v != live-frozen {
		t.Errorf("%.3f over %.3f is said to be %.3f more", live, frozen, v)
	}
	if v := value(t, lines, time, "log loss"); !(v > 0 && v < 0.69) {
		t.Errorf("log loss %.3f", v)
	}
}

// What is known only after a call is not told to the model.
func TestNothingFromAfterTheCall(t *testing.T) {
	t.Parallel()
	c := describe([]string{"age", "day", "duration", "month", "y"}, []string{"33", "5", "900", "may", "yes"})
	if !c.yes || len(c.features) != 2+len(pairs) {
		t.Errorf("%+v", c)
	}
	for _, f := range c.features {
		if f.Name == "duration" || f.Name == "day" || f.Name == "y" {
			t.Errorf("%+v", f)
		}
	}
	if c.features[0].Value != "2" {
		t.Errorf("the age of 33 is in bin %s", c.features[0].Value)
	}
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Table(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
	for name, broken := range map[string]*fstest.MapFile{
		"clinc150/stream_order.json":    {Data: []byte("[5000]")},
		"clinc150/domains.json":         {Data: []byte("{")},
		"bank-marketing/first80.csv.gz": {Data: []byte("age,y\n1,yes\n")},
	} {
		data := made(t)
		data[name] = broken
		if _, err := Table(data); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
