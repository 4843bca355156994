package play

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Load says how many calls are played at once.
type Load struct {
	// Calls is how many; each plays the same Options as a call of its own.
	Calls int
	// Over is the time over which they begin, evenly. Zero begins all at once.
	Over time.Duration
	// Vary, when set, changes the i-th call (0-based) before it is played,
	// such as its caller's number. It is called from one goroutine.
	Vary func(i int, o *Options)
}

// Outcome is how one call of a load went.
type Outcome struct {
	Result
	Began time.Time // before it dialled, by the options' clock
	Err   error
}

// Many plays many calls at once and blocks until the last has ended. The
// recording is shared. Outcomes are in the order in which the calls began; a
// call that fails does not disturb the others. Calls that had not begun when
// ctx ended have ctx's error. PlatformCall must be left empty unless Vary sets
// it.
func Many(ctx context.Context, l Load, o Options) []Outcome {
	if o.Clock == nil {
		o.Clock = machine{}
	}
	out := make([]Outcome, max(l.Calls, 0))
	var playing sync.WaitGroup
	defer playing.Wait()
	first := o.Clock.Now()
	for i := range out {
		due := first.Add(l.Over * time.Duration(i) / time.Duration(len(out)))
		if err := o.Clock.Wait(ctx, due); err != nil {
			out[i].Err = fmt.Errorf("play call %d: %w", i, err)
			continue
		}
		one := o
		if l.Vary != nil {
			l.Vary(i, &one)
		}
		out[i].Began = o.Clock.Now()
		playing.Go(func() { out[i].Result, out[i].Err = Call(ctx, one) })
	}
	return out
}
