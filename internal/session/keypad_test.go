package session

import (
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
)

// The agent's keys pause the recording to the sample and resume it; nobody
// else's do, nor do keys that only look alike.
func TestTheAgentsKeysPauseTheRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Sounds, o.Keys = nil, Keys{Pause: "*7", Resume: "*8"} })
		s := r.open(t, "a")
		send := func(from, to time.Duration) {
			for at := from; at < to; at += realTime {
				s.Audio(insights.Agent, tone(at, 8000))
				s.Audio(insights.Customer, tone(at, 8000))
				wait(realTime)
			}
		}
		press := func(who insights.Speaker, at time.Duration, keys string) {
			for _, k := range keys {
				s.Digit(who, string(k), at)
			}
		}
		send(0, 5*second)
		press(insights.Customer, 5*second, "*7")
		press(insights.Agent, 5*second, "*8")
		press(insights.Agent, 5*second, "*")
		press(insights.Agent, 9*second, "7") // too long after it
		send(5*second, 10*second)
		press(insights.Agent, 10*second, "1*7")
		synctest.Wait()
		if c, _ := r.brain.only(t); c.Recording.State != "paused" {
			t.Errorf("committed as %+v", c.Recording)
		}
		send(10*second, 15*second)
		press(insights.Customer, 15*second, "4111111111111111*8")
		press(insights.Agent, 15*second, "*7")
		send(15*second, 20*second)
		press(insights.Agent, 20*second, "*8")
		synctest.Wait()
		send(20*second, 25*second)
		c, _ := r.finish(t, s)
		if got := c.Recording.Paused; len(got) != 1 || got[0] != (insights.Stretch{Start: 10, End: 20}) {
			t.Errorf("%+v", c.Recording)
		}
		w := heardBack(t, r, c.ID)
		for channel := range w.Channels {
			runs := loudRuns(w.Channels[channel])
			for _, run := range runs {
				if run[1] > 10*8000 && run[0] < 20*8000 {
					t.Errorf("channel %d sounds in %v of the pause", channel, run)
				}
			}
			if len(runs) == 0 || runs[len(runs)-1][1] < 24*8000 {
				t.Errorf("channel %d sounds in %v only", channel, runs)
			}
		}
	})
}

func TestOneKeyForBoth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Sounds, o.Keys = nil, Keys{Pause: "**", Resume: "**"} })
		s := r.open(t, "a")
		for i := range 12 {
			at := time.Duration(i) * second
			s.Audio(insights.Agent, tone(at, 8000))
			s.Audio(insights.Customer, tone(at, 8000))
			if i%3 == 2 {
				s.Digit(insights.Agent, "*", at)
				s.Digit(insights.Agent, "*", at)
			}
			wait(second)
		}
		c, _ := r.finish(t, s)
		if got := c.Recording.Paused; len(got) != 2 || got[0].End == 0 || got[1].End == 0 {
			t.Errorf("%+v", got)
		}
	})
}
