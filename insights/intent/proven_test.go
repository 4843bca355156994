package intent

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"testing"

	"heed/fixtures"
)

var update = flag.Bool("update", false, "write what is found of the shipped set")

// What is kept of the shipped set is what proving it finds: a sentence more, or
// a change of how a model learns, wants this test with -update.
func TestTheShippedSetIsProven(t *testing.T) {
	set, err := LoadFS(fixtures.Intents())
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{learner: shipped().learner, version: shipped().version}
	m.prove(m.samples(set.rows()))
	if *update {
		text, err := json.MarshalIndent(map[string]calibration{m.version: m.calibration}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("proven.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, is := proven()[m.version]
	if !is {
		t.Fatalf("nothing is kept of %s, so it is proved at each start; run this test with -update", m.version)
	}
	if d := difference(kept, m.calibration); d > 1e-6 {
		t.Errorf("kept is %+v, found %+v; run this test with -update", kept, m.calibration)
	}
}

// difference is that of the number that differs most: another processor may
// round the last digit in another way.
func difference(a, b calibration) float64 {
	if a.Usual != b.Usual || a.Whole.Closed != b.Whole.Closed || a.Part.Closed != b.Part.Closed {
		return math.Inf(1)
	}
	most := max(math.Abs(a.WholeLimit-b.WholeLimit), math.Abs(a.PartLimit-b.PartLimit))
	for _, pair := range [][2]curve{{a.Whole.Known, b.Whole.Known}, {a.Whole.Right, b.Whole.Right}, {a.Part.Known, b.Part.Known}, {a.Part.Right, b.Part.Right}} {
		most = max(most, math.Abs(pair[0].Bias-pair[1].Bias))
		for i, w := range pair[0].Weights {
			most = max(most, math.Abs(w-pair[1].Weights[i]))
		}
	}
	return most
}

// A kept calibration answers as a found one, and a set that nothing is kept of
// is proved.
func TestOtherSetsAreProved(t *testing.T) {
	set, err := LoadFS(fixtures.Intents())
	if err != nil {
		t.Fatal(err)
	}
	set.Intents = set.Intents[:4]
	m, err := Train(set)
	if err != nil {
		t.Fatal(err)
	}
	if _, is := proven()[m.Version()]; is || m.Usual == 0 || m.WholeLimit == 0 || m.Whole.Right == (curve{}) {
		t.Errorf("%s is not proved: %+v", m.Version(), m.calibration)
	}
}
