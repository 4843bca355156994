package session

import (
	"context"
	"strings"
	"time"
)

// keysWithin is how far apart the keys of one command may be pressed.
const keysWithin = 3 * time.Second

// keypad reads commands from the agent's keys. It remembers no more of them
// than a command is long, and those of the customer never: they can be a card.
type keypad struct {
	Keys

	pressed string
	last    time.Duration
	orders  []order // for the call's actor
}

// press takes a key of the agent's. A pause holds from this moment.
func (in *intake) press(digit string, at time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	p := &in.pad
	longest := max(len(p.Pause), len(p.Resume))
	if longest == 0 || in.refused || in.shut {
		return
	}
	if at-p.last > keysWithin {
		p.pressed = ""
	}
	p.pressed += digit
	p.pressed, p.last = p.pressed[max(0, len(p.pressed)-longest):], at
	what := Pause
	keys := p.Pause
	if in.paused {
		what, keys = Resume, p.Resume
	}
	if keys == "" || !strings.HasSuffix(p.pressed, keys) {
		return
	}
	p.pressed = ""
	o := order{what: what, by: "keypad", at: in.length(), reply: make(chan error, 1)} // nobody reads it
	if what == Pause {
		in.paused = true
		in.tape.rest()
	}
	p.orders = append(p.orders, o)
	signal(in.wake)
}

// obeyKeys carries out what was ordered by keys.
func (c *call) obeyKeys(ctx context.Context) error {
	c.in.mu.Lock()
	orders := c.in.pad.orders
	c.in.pad.orders = nil
	c.in.mu.Unlock()
	for _, o := range orders {
		if err := c.obey(ctx, o); err != nil {
			return err
		}
	}
	return nil
}
