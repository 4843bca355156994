package sherpa

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe"
)

const ms = time.Millisecond

func TestWords(t *testing.T) {
	h, err := parseHypothesis([]byte(`{"text":" I'D LIKE","tokens":[" I","'","D"," LI","KE"," "],
		"timestamps":[1.00,1.04,1.08,1.20,1.48,1.60],"ys_probs":[-0.1,-0.2,-0.3,0,-0.2,0],"start_time":10.00,"segment":0}`))
	if err != nil {
		t.Fatal(err)
	}
	zero := 100 * time.Second
	want := []transcribe.Word{
		{Text: "i'd", Start: zero + 11000*ms - lateness, End: zero + 11080*ms - lateness + 120*ms, Confidence: 0.819},
		{Text: "like", Start: zero + 11200*ms - lateness, End: zero + 11480*ms - lateness + lastToken, Confidence: 0.905},
	}
	// "I'd" ends where "like" begins, although its sound might go on longer.
	if diff := cmp.Diff(want, h.words(zero)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	s := segment(3, h.words(zero), true)
	if s.ID != 3 || !s.Final || s.Text != "i'd like" || s.Start != want[0].Start || s.End != want[1].End || s.Confidence < 0.86 || s.Confidence > 0.87 {
		t.Errorf("segment %+v", s)
	}
}

func TestOddHypotheses(t *testing.T) {
	for text, want := range map[string]string{
		`{"tokens":[],"timestamps":[]}`: "",
		`{}`:                            "",
		`{"tokens":["▁YES"],"timestamps":[0.1]}`:                            "yes",     // no probabilities
		`{"tokens":["ED"," IT"],"timestamps":[0.1,0.2]}`:                    "ed it",   // begins within a word
		`{"tokens":[" A"," B"],"timestamps":[0.2,0.1],"ys_probs":[9,-1e9]}`: "a b",     // times and probabilities out of range
		`{"tokens":[" '"," OH"],"timestamps":[0.2,0.4]}`:                    "oh",      // a word without letters
		`{"tokens":[" ÉT","É"],"timestamps":[0.2,0.4]}`:                     "été",     // not only ASCII
		`{"tokens":[" A"],"timestamps":[0.2,0.3,0.4,0.5]}`:                  "a",       // more times than tokens
		`{"tokens":[" ONE"," TWO"],"timestamps":[1e9,2e9]}`:                 "one two", // far in the future
		`{"tokens":[" MINUS"],"timestamps":[-5],"start_time":-10}`:          "minus",   // before the beginning
		`{"tokens":["","",""," X Y"],"timestamps":[0,0,0,0]}`:               "x y",     // blanks
		`{"tokens":[" BIG"],"timestamps":[0],"lm_probs":[1],"segment":7}`:   "big",     // unknown fields
		`{"tokens":[" N","AN"],"timestamps":[0,0],"ys_probs":[0]}`:          "nan",     // fewer probabilities
		"{\"tokens\":[\" T\\u0000\"],\"timestamps\":[0]}":                   "t\u0000", // a control character
	} {
		h, err := parseHypothesis([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var heard []string
		for _, w := range h.words(0) {
			heard = append(heard, w.Text)
			if !(w.Confidence >= 0 && w.Confidence <= 1) {
				t.Errorf("%s: confidence %v", text, w.Confidence)
			}
		}
		if got := strings.Join(heard, " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "{", `{"tokens":[" A"],"timestamps":[]}`, `{"tokens":"A"}`, "null garbage"} {
		if h, err := parseHypothesis([]byte(text)); err == nil {
			t.Errorf("%q was read as %+v", text, h)
		}
	}
}

func FuzzParseHypothesis(f *testing.F) {
	f.Add([]byte(`{"tokens":[" A","B"],"timestamps":[0.1,0.2],"ys_probs":[-1,-2],"start_time":3}`))
	f.Add([]byte(`{"tokens":[" A"," B"],"timestamps":[5,0.2]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := parseHypothesis(text)
		if err != nil {
			return
		}
		s := stretch{id: 1, ended: time.Second}
		c := clock{start: time.Second, next: 5 * time.Second}
		seg, ok := s.update(h.words(0), c, true)
		if !ok {
			return
		}
		if seg.Text == "" || seg.Start < c.start || seg.End > c.next || seg.End <= seg.Start {
			t.Errorf("segment %+v", seg)
		}
		for i, w := range seg.Words {
			if w.End < w.Start || i > 0 && w.Start < seg.Words[i-1].End {
				t.Errorf("word %d of %+v", i, seg.Words)
			}
		}
	})
}
