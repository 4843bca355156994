package logged

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/decide"
	"heed/internal/offpolicy"
)

const good = `{"subject":"s1","chosen":"a","outcome":"accepted","survivors":[{"action":"a","pi":0.9,"p":0.2,"v":10},{"action":"b","pi":0.1,"p":0.1,"v":30}]}`

func TestRead(t *testing.T) {
	text := "\ufeff" + good + "\n\n" + `{"chosen":"b","reward":2.5,"more":1,"survivors":[{"action":"b","pi":1}]}` + "\n"
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{"plain": []byte(text), "gzip": packed.Bytes()} {
		lines, err := Read(bytes.NewReader(in), "log.jsonl")
		if err != nil || len(lines) != 2 {
			t.Fatalf("%s: %d lines, %v", name, len(lines), err)
		}
		if r, ok := lines[0].Gained(); r != 10 || !ok || lines[0].Survivors[1].Priority != 3 {
			t.Errorf("%s: an accepted offer brings its value: %v %v, %+v", name, r, ok, lines[0])
		}
		if r, ok := lines[1].Gained(); r != 2.5 || !ok {
			t.Errorf("%s: a reward is taken as it is: %v %v", name, r, ok)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	with := func(old, now string) string { return good + "\n" + strings.Replace(good, old, now, 1) }
	for name, c := range map[string]struct{ log, want string }{
		"empty":           {"", "no decisions, want one a line such as {"},
		"no object":       {good + "\n[1]", `log.jsonl:2: "[1]" is no JSON object, want one decision a line`},
		"broken":          {good + "\n{\"chosen\":", "log.jsonl:2: unexpected end of JSON input at byte"},
		"wrong kind":      {with(`"pi":0.9`, `"pi":"0.9"`), `log.jsonl:2: "survivors.pi" is a string, want it as in`},
		"no survivors":    {good + "\n" + `{"chosen":"a"}`, `log.jsonl:2: no survivors, want "survivors"`},
		"pi above 1":      {with(`"pi":0.9`, `"pi":1.9`), "log.jsonl:2: survivors[0]: pi is 1.9, want 0 to 1"},
		"pi do not add":   {with(`"pi":0.9`, `"pi":0.8`), "log.jsonl:2: the survivors' pi add up to 0.9, want 1"},
		"p above 1":       {with(`"p":0.2`, `"p":2`), "log.jsonl:2: survivors[0]: p is 2, want 0 to 1"},
		"v below 0":       {with(`"v":10`, `"v":-10`), "log.jsonl:2: survivors[0]: v is -10, want a finite number of 0 or more"},
		"twice":           {with(`"action":"b"`, `"action":"a"`), `log.jsonl:2: survivors[1]: "a" is there twice`},
		"no name":         {with(`"action":"b"`, `"action":""`), "log.jsonl:2: survivors[1]: no action"},
		"chosen unknown":  {with(`"chosen":"a"`, `"chosen":"z"`), `log.jsonl:2: chosen is "z", want "chosen": one of`},
		"chosen never":    {`{"chosen":"a","survivors":[{"action":"a"},{"action":"b","pi":1}]}`, `log.jsonl:1: "a" was chosen with a pi of 0`},
		"no number":       {with(`"v":10`, `"v":1e999`), "log.jsonl:2: "},
		"a product of it": {with(`"v":10`, `"v":1e308,"c":1e308`), "log.jsonl:2: survivors[0]: p x c x v x l is too large"},
	} {
		if _, err := Read(strings.NewReader(c.log), "log.jsonl"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"chosen":"b","reward":-1e300,"survivors":[{"action":"b","pi":1,"p":1,"v":1e300}]}`))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := Read(bytes.NewReader(data), "f")
		if err != nil {
			return
		}
		for _, name := range []string{"logged", "priority", "propensity", "value", "no_levers", "uniform", "counting", "action:a"} {
			p, err := PolicyOf(name)
			if err != nil {
				t.Fatal(err)
			}
			for i := range lines {
				sum := 0.0
				for _, x := range p.choose(&lines[i]) {
					sum += x
				}
				if math.Abs(sum-1) > 1e-5 {
					t.Fatalf("%s chooses with %v in all", name, sum)
				}
			}
		}
	})
}

// world draws a log of a policy that explores, in which b is always better
// than the model thinks: 0.6 of the time, and a 0.2 of the time.
func world(n int) []Line {
	source := rand.New(rand.NewPCG(5, 5))
	truth := []float64{0.2, 0.6}
	var out []Line
	for i := range n {
		l := Line{Subject: fmt.Sprint(i / 3), Survivors: []decide.Survivor{
			{Action: "a", Pi: 0.7, P: 0.3, V: 10, C: 1, L: 2, Priority: 6}, {Action: "b", Pi: 0.3, P: 0.25, V: 10, C: 1, L: 1, Priority: 2.5},
		}}
		if source.Float64() >= 0.7 {
			l.Chose = 1
		}
		l.Chosen, l.Outcome = l.Survivors[l.Chose].Action, "rejected"
		if source.Float64() < truth[l.Chose] {
			l.Outcome = "accepted"
		}
		out = append(out, l)
	}
	return append(out, Line{Chosen: "a", Outcome: "impression", Survivors: out[0].Survivors})
}

func TestJudge(t *testing.T) {
	lines := world(9000)
	for name, want := range map[string]float64{
		"priority": 2, "propensity": 2, "value": 2, "no_levers": 2, "uniform": 4, "counting": 4.6, "action:b": 6, "action:c": 3.2, "logged": 3.2,
	} {
		p, err := PolicyOf(name)
		if err != nil {
			t.Fatal(err)
		}
		j, err := Judge(lines, p, offpolicy.Options{Resamples: 200})
		if err != nil {
			t.Fatal(err)
		}
		if j.Policy != name || j.Unanswered != 1 || j.Decisions != 9000 {
			t.Errorf("%+v", j)
		}
		if name == "counting" {
			// It is drawn to a by the lever until a's chance is below half of b's.
			if j.DR.Value < want {
				t.Errorf("counting earns %v, want it to find b", j.DR)
			}
			continue
		}
		if !j.DR.Holds(want) || math.Abs(j.DR.Value-want) > 0.3 {
			t.Errorf("%s: %+v, the truth is %v", name, j.DR, want)
		}
	}
	if _, err := PolicyOf("best"); err == nil || !strings.Contains(err.Error(), "want logged, priority") {
		t.Errorf("an unknown policy: %v", err)
	}
}

func TestUntriedIsToldOf(t *testing.T) {
	lines := world(1000)
	for i := range lines {
		l := &lines[i]
		l.Survivors[l.Chose].Pi, l.Survivors[1-l.Chose].Pi = 1, 0 // a policy that never explores
	}
	p, err := PolicyOf("action:b")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Judge(lines[:900], p, offpolicy.Options{}); !errors.Is(err, offpolicy.ErrThin) {
		t.Errorf("about 270 decisions of b: %v", err)
	}
	j, err := Judge(lines, p, offpolicy.Options{LeastSize: 100})
	if err != nil || j.Untried < 0.6 || !strings.Contains(j.Warning, "never made in the log") {
		t.Errorf("%+v, %v", j, err)
	}
}

func TestOfDecision(t *testing.T) {
	d := decide.Decision{
		ID: "d", Slot: "web", Channel: "web", Arm: "exploit", Actions: []decide.Choice{{Action: "a"}, {Action: "b"}},
		Survivors: []decide.Survivor{{Action: "a", Pi: 1}},
	}
	outcomes := []decide.Outcome{
		{DecisionID: "d", Action: "a", Outcome: "accepted"},
		{DecisionID: "d", Action: "a", Outcome: "impression"},
		{DecisionID: "d", Action: "b", Outcome: "rejected"},
		{DecisionID: "e", Action: "a", Outcome: "rejected"},
	}
	if got := Answered(&d, outcomes); got != "accepted" {
		t.Errorf("the answer is %q", got)
	}
	if got := Answered(&d, outcomes[1:]); got != "impression" {
		t.Errorf("without an answer: %q", got)
	}
	l, ok := Of(&d, "s", "accepted")
	raw, err := json.Marshal(l)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if back, err := Read(bytes.NewReader(raw), "x"); err != nil || back[0].Chosen != "a" || back[0].Subject != "s" {
		t.Errorf("%s: %+v, %v", raw, back, err)
	}
	if _, ok := Of(&decide.Decision{}, "s", ""); ok {
		t.Error("silence has no line")
	}
}
