package play

import (
	"context"
	"time"
)

// Clock is what a call is paced by.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// Wait blocks until the clock shows t, or ctx ends, whose error it then
	// returns. A t that has passed is no wait.
	Wait(ctx context.Context, t time.Time) error
}

// machine is the real clock.
type machine struct{}

var _ Clock = machine{}

// Now implements [Clock].
func (machine) Now() time.Time { return time.Now() }

// Wait implements [Clock].
func (machine) Wait(ctx context.Context, t time.Time) error {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pacer says when each frame is due. Every frame's time is counted from the
// first, so that a late one does not make those behind it late.
type pacer struct {
	clock Clock
	speed float64 // 0 never waits
	began time.Time
}

func newPacer(c Clock, speed float64) *pacer {
	if c == nil {
		c = machine{}
	}
	return &pacer{clock: c, speed: speed, began: c.Now()}
}

// wait blocks until what is at stream time at is due, and says how late it is.
func (p *pacer) wait(ctx context.Context, at time.Duration) (time.Duration, error) {
	if p.speed == 0 {
		return 0, ctx.Err()
	}
	due := p.began.Add(time.Duration(float64(at) / p.speed))
	if err := p.clock.Wait(ctx, due); err != nil {
		return 0, err
	}
	return p.clock.Now().Sub(due), nil
}
