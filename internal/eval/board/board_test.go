package board

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestShort(t *testing.T) {
	for name, c := range map[string]struct {
		line  Line
		short bool
	}{
		"reached":         {Line{Value: 0.9}.At(0.9), false},
		"missed":          {Line{Value: 0.8999}.At(0.9), true},
		"no bar":          {Line{Value: 0}, false},
		"few leaks":       {Line{Value: 0.02, Lower: true}.At(0.025), false},
		"many leaks":      {Line{Value: 0.03, Lower: true}.At(0.025), true},
		"none allowed":    {Line{Value: 0.001, Lower: true}.At(0), true},
		"none there":      {Line{Lower: true}.At(0), false},
		"nothing counted": {Line{Value: math.NaN()}.At(0.5), true},
	} {
		if got := c.line.Short(); got != c.short {
			t.Errorf("%s: short %v, want %v", name, got, c.short)
		}
	}
}

func TestWriteAndCheck(t *testing.T) {
	lines := []Line{
		Line{Task: "set a", Measure: "accuracy", Value: 0.9251, Published: "BERT .937", Encoder: "of others"}.At(0.925),
		Line{Task: "set b", Measure: "leaks", Value: 0.5, Lower: true}.At(0.025),
		{Task: "set c", Measure: "nmi", Value: 0.6},
	}
	var out strings.Builder
	if err := Write(&out, lines); err != nil {
		t.Fatal(err)
	}
	want := `task   measure   measured  bar                   published  encoder
set a  accuracy  0.9251    0.925          PASS   BERT .937  of others
set b  leaks     0.5000    at most 0.025  short             
set c  nmi       0.6000                                     
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if err := Check(lines); err == nil || err.Error() != "set b: leaks is 0.5000, the bar is 0.025" {
		t.Errorf("%v", err)
	}
	if err := Check(lines[:1]); err != nil {
		t.Errorf("%v", err)
	}
	if err := Write(broken{}, lines); err == nil {
		t.Error("a table that nobody got was written")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }
