package engines

import (
	"context"
	"runtime"
	"time"
)

// State is one engine as people see it.
type State struct {
	Name     string   `json:"name"`
	Model    string   `json:"model,omitempty"`
	Note     string   `json:"note,omitempty"`
	Uses     []string `json:"languages,omitempty"` // empty is any
	Remote   bool     `json:"remote,omitempty"`
	State    string   `json:"state"` // ready, restarting or down
	Restarts int      `json:"restarts,omitempty"`
}

// States tells of every engine, in the order of the default chain.
func (p *Pool) States() []State {
	var out []State
	seen := map[*member]bool{}
	for _, m := range append(append([]*member{}, p.chains[""]...), p.members...) {
		if seen[m] {
			continue
		}
		seen[m] = true
		s := State{
			Name: m.Name, Model: m.Info.Model, Note: m.Info.Note, Uses: m.Info.Languages, Remote: m.Remote, State: "ready",
		}
		if m.Health != nil {
			s.State, s.Restarts = m.Health()
		}
		if m.down() {
			s.State = "down"
		}
		out = append(out, s)
	}
	return out
}

// Room tells how much this machine hears and could hear.
func (p *Pool) Room() Room { return p.capacity.Room() }

// Measure sets the capacity by how fast the first engine on this machine
// hears a sample of speech, see [Calibrate]; it does nothing when all engines
// are elsewhere.
func (p *Pool) Measure(ctx context.Context, pcm []int16, rate int) error {
	for _, m := range p.chains[""] {
		if m.Remote {
			continue
		}
		audio, took, err := Calibrate(ctx, m.Engine, pcm, rate, 2*runtime.GOMAXPROCS(0))
		if err == nil {
			p.capacity.Measured(audio, took)
		}
		return err
	}
	return nil
}

// Watch corrects the capacity by what the engines use, until ctx ends.
func (p *Pool) Watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.capacity.Observe(p.load())
		}
	}
}

// load adds up the engines of this machine.
func (p *Pool) load() Load {
	var sum Load
	for _, m := range p.members {
		if m.Remote || m.Load == nil {
			continue
		}
		l := m.Load()
		sum.CPU += l.CPU
		sum.Audio += l.Audio
		sum.Behind = max(sum.Behind, l.Behind)
	}
	return sum
}
