package play

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"
)

// play sends everything up to the last frame.
func (c *hookCall) play(ctx context.Context, r *Result) error {
	if err := c.open(); err != nil {
		return err
	}
	report := c.o.Progress
	if report == nil {
		report = func(Progress) {}
	}
	pace, total := newPacer(c.o.Clock, c.o.Speed), c.o.Recording.Duration()
	c.due = pace.clock.Now().Add(time.Second)
	var buffer []byte
	for i := 0; i < c.o.Recording.frames(); i += hookSteps {
		if c.at = time.Duration(i) * frame; c.at%time.Second == 0 {
			report(Progress{PlatformCall: r.PlatformCall, At: c.at, Total: total})
		}
		lag, err := pace.wait(ctx, c.at)
		if err != nil {
			return err
		}
		r.Lag = max(r.Lag, lag)
		if buffer, err = c.step(i, buffer[:0], pace.clock.Now()); err != nil {
			return err
		}
		if len(buffer) > 0 {
			r.Frames++
		}
		r.Audio = min(c.at+hookFrame, total)
	}
	c.at = total
	report(Progress{PlatformCall: r.PlatformCall, At: total, Total: total})
	return c.fill()
}

// step sends what is due at a frame, and gives the audio of it.
func (c *hookCall) step(i int, buffer []byte, now time.Time) ([]byte, error) {
	if !now.Before(c.due) {
		c.due = now.Add(pingEvery)
		c.mu.Lock()
		waits := c.pinged > 0
		c.mu.Unlock()
		if waits {
			return buffer, errors.New("the door did not answer a ping in time")
		}
		if err := c.send("ping", struct{}{}); err != nil {
			return buffer, err
		}
	}
	if silent, discarded := c.hole(); silent {
		return buffer, c.dig(discarded)
	}
	if err := c.fill(); err != nil {
		return buffer, err
	}
	buffer = c.interleave(i, buffer)
	return buffer, c.write(websocket.BinaryMessage, buffer)
}

// hole says that no audio is to be sent now.
func (c *hookCall) hole() (silent, discarded bool) {
	for _, h := range c.hook.Holes {
		if c.at >= h.From && c.at < h.To {
			return true, h.Discarded
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wanted, false
}

// dig begins a hole.
func (c *hookCall) dig(discarded bool) error {
	if c.gap != nil {
		return nil
	}
	c.gap = &Hole{From: c.at, Discarded: discarded}
	if discarded {
		return nil
	}
	return c.send("paused", struct{}{})
}

// fill ends a hole, if there is one.
func (c *hookCall) fill() error {
	if c.gap == nil {
		return nil
	}
	kind := "resumed"
	if c.gap.Discarded {
		kind = "discarded"
	}
	p := map[string]string{"start": hookPosition(c.gap.From), "discarded": hookPosition(c.at - c.gap.From)}
	c.gap = nil
	return c.send(kind, p)
}

// interleave gives the audio of a frame of 200 ms, or what is left of it.
func (c *hookCall) interleave(i int, out []byte) []byte {
	from := i * frameSamples
	to := min(from+hookSteps*frameSamples, max(len(c.o.Recording.customer), len(c.o.Recording.agent)))
	for n := from; n < to; n++ {
		out = append(out, sample(c.o.Recording.customer, n))
		if c.o.Recording.Stereo() {
			out = append(out, sample(c.o.Recording.agent, n))
		}
	}
	return out
}

// sample is one of a track, silent where that is over.
func sample(track []byte, n int) byte {
	if n < len(track) {
		return track[n]
	}
	return 0xFF
}
