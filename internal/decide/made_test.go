package decide_test

import (
	"encoding/json"
	"testing"
	"time"

	"heed/internal/decide"
)

// What is read of a stored decision is what was stored.
func TestMadeIsTheDecision(t *testing.T) {
	d := decide.Decision{
		ID: "d", At: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC), Channel: "web", Subject: "anna", Policy: "nba", Supersedes: "c",
		Actions: []decide.Choice{{Action: "sell", V: 40}, {Action: "thank", V: 4}},
	}
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var m decide.Made
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if m.ID != d.ID || !m.At.Equal(d.At) || m.Channel != d.Channel || m.Subject != d.Subject || m.Policy != d.Policy || m.Supersedes != d.Supersedes ||
		len(m.Actions) != 2 || m.Actions[0].Action != "sell" || m.Actions[0].V != 40 || m.Actions[1].Action != "thank" {
		t.Errorf("%+v", m)
	}
}
