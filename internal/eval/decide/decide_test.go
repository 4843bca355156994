package decide

import (
	"errors"
	"strings"
	"testing"

	"heed/internal/decide"
	"heed/internal/offpolicy"
	"heed/internal/offpolicy/logged"
)

func log(n int) []logged.Line {
	var out []logged.Line
	for i := range n {
		one := float64(i % 4 / 3)
		l := logged.Line{Chosen: "a", Chose: 0, Reward: &one, Survivors: []decide.Survivor{{Action: "a", Pi: 0.9, P: 0.25, V: 1, Priority: 1}, {Action: "b", Pi: 0.1}}}
		if i%10 == 0 {
			l.Chosen, l.Chose = "b", 1
		}
		out = append(out, l)
	}
	return out
}

func TestRun(t *testing.T) {
	m, err := Run(log(1000), []string{"logged", "priority", "action:b"}, 1)
	if err != nil || m.Decisions != 1000 || len(m.Policies) != 3 {
		t.Fatalf("%+v, %v", m, err)
	}
	for i, refused := range []bool{false, false, true} {
		p := m.Policies[i]
		if (p.Refused != "") != refused || (p.DR.Value > 0) == refused {
			t.Errorf("%+v", p)
		}
	}
	if !strings.Contains(m.Policies[2].Refused, "policy action:b: too few logged decisions") {
		t.Errorf("refused: %s", m.Policies[2].Refused)
	}
	if _, err := Run(log(100), []string{"logged", "uniform"}, 1); !errors.Is(err, offpolicy.ErrThin) {
		t.Errorf("a short log: %v", err)
	}
	if _, err := Run(log(1000), []string{"luck"}, 1); err == nil || !strings.Contains(err.Error(), `no policy "luck"`) {
		t.Errorf("an unknown policy: %v", err)
	}
}
