package decide

import "time"

// Made is of a stored [Decision] what those read who count many: to read all
// of it takes several times as long.
type Made struct {
	ID         string    `json:"decision_id"`
	At         time.Time `json:"at"`
	Channel    string    `json:"channel"`
	Subject    string    `json:"subject"`
	Policy     string    `json:"policy"`
	Arm        string    `json:"arm"`
	Supersedes string    `json:"supersedes"`
	Actions    []struct {
		Action string  `json:"action"`
		V      float64 `json:"v"`
	} `json:"actions"`
}

// Explored says that what came first was drawn and not the best.
func (m *Made) Explored() bool { return m.Arm == armExplore || m.Arm == armRandom }
