package main

import (
	"testing"
)

func TestEvalDecide(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 1200 {
		chosen, outcome := "a", "rejected"
		if i%2 == 0 {
			chosen = "b"
		}
		if i%3 == 0 {
			outcome = "accepted"
		}
		lines = append(lines, `{"chosen":"`+chosen+`","outcome":"`+outcome+
			`","survivors":[{"action":"a","pi":0.5,"p":0.3,"v":9},{"action":"b","pi":0.5,"p":0.2,"v":10}]}`)
	}
	r := heed(t, "eval", "decide", "--log", rowsFile(t, lines...), "--policy", "priority,uniform")
	r.figures(t, map[string]float64{"decisions": 1200})
	policies, _ := r.metrics(t)["policies"].([]any)
	if len(policies) != 2 {
		t.Fatalf("policies: %v", r.metrics(t))
	}
	for _, key := range []string{"policy", "dr", "snips", "effective_sample_size"} {
		if p, _ := policies[0].(map[string]any); p[key] == nil {
			t.Errorf("no %q in %v", key, p)
		}
	}
	heed(t, "eval", "decide").want(t, 2, "which log? give --log FILE")
	heed(t, "eval", "decide", "--log", rowsFile(t, lines[0]), "--policy", "luck").want(t, 2, `no policy "luck", want logged`)
	heed(t, "eval", "decide", "--log", rowsFile(t, lines[0], `{"chosen":"c"}`)).want(t, 2, "rows.jsonl:2: no survivors")
	heed(t, "eval", "decide", "--log", rowsFile(t, lines[:100]...)).want(t, 2, "300 are needed")
}
