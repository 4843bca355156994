package remote

import (
	"testing"
	"testing/synctest"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote/remotetest"
)

func TestRotationLosesAndDoublesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		habits habits
		pause  time.Duration
		counts []int
	}{
		"in pauses":            {habits{}, 900 * ms, []int{5, 3, 7, 1, 4, 6, 6, 6, 2, 9}},
		"while somebody talks": {habits{}, 0, []int{55}},
		"talking, in pieces":   {habits{pieces: true}, 0, []int{55}},
		"talking, keyed":       {habits{keyed: true}, 0, []int{55}},
		"old session silent":   {habits{silent: true}, 0, []int{30}},
		"successor is late":    {habits{refuse: []error{nil, errCut, errCut}}, 0, []int{30}},
		"cut as well":          {habits{cutAfter: []time.Duration{0, 3 * time.Second, 0, 900 * ms}}, 0, []int{55}},
	} {
		for _, live := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &service{habits: c.habits}
					said := sentences(c.pause, c.counts...)
					frames := spoken(t, said)
					got, err := says{o: Options{MaxSession: 5 * time.Second}, frames: frames, live: live}.transcribe(t, s)
					if err != nil {
						t.Fatal(err)
					}
					if text := finalText(got); text != join(said) {
						t.Errorf("live %t: heard %q\nwant %q", live, text, join(said))
					}
					if least := int(frames[len(frames)-1].End() / (5 * time.Second)); len(s.sessions) <= least {
						t.Errorf("%d sessions of at most 5 s for %v", len(s.sessions), frames[len(frames)-1].End())
					}
					for i, session := range s.sessions {
						if session.ear.Now() > 5*time.Second {
							t.Errorf("session %d was sent %v", i, session.ear.Now())
						}
					}
				})
			})
		}
	}
}

func TestRotationWithoutTimesLosesNothing(t *testing.T) {
	for _, live := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{habits: habits{untimed: true}}
			said := sentences(0, 55)
			got, err := says{o: Options{MaxSession: 5 * time.Second}, frames: spoken(t, said), live: live}.transcribe(t, s)
			if err != nil {
				t.Fatal(err)
			}
			heard, at := finalWords(got), 0
			for _, w := range heard {
				if at < len(said) && w.Text == said[at].Text {
					at++
				}
			}
			if at < len(said) {
				t.Errorf("live %t: %q and what follows is not in %q", live, said[at].Text, join(heard))
			}
			// Where a session was cut in the middle of a word, that word may
			// come out as two wrong ones beside itself.
			if most := len(said) + 2*(len(s.sessions)-1); len(heard) > most {
				t.Errorf("live %t: %d words of %d over %d sessions: %q", live, len(heard), len(said), len(s.sessions), join(heard))
			}
		})
	}
}

func TestUnrepeated(t *testing.T) {
	for in, want := range map[string]string{
		"c d e": "e", "d e": "e", "xc d e": "xc d e", "xb c d e": "e", "c dx e": "c dx e", "e f": "e f", "": "",
		"b c d": "", "xa b c e": "e", "b c e": "e", // the last word was misheard
	} {
		s := speaker{said: said(0, "a b c d")}
		fresh, _ := unrepeated(said(0, in), s.echoes(0))
		if got := join(fresh); got != want {
			t.Errorf("after a b c d, %q gives %q, want %q", in, got, want)
		}
		fresh, _ = unrepeated(said(0, in), s.echoes(time.Minute))
		if got := join(fresh); got != in {
			t.Errorf("a minute later %q became %q", in, got)
		}
	}
}

func TestHoldBecomesNoise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(900*ms, 4)
		length := said[3].End + 100*ms
		pcm := remotetest.Speak(t, said, 8000, length)
		frames := remotetest.Frames(pcm, 8000, 0, 20*ms)
		const resumed = 40 * time.Second
		frames = append(frames, remotetest.Frames(pcm, 8000, resumed, 20*ms)...)
		s := &service{}
		var finals []time.Duration
		c := says{o: Options{KeepAlive: time.Second}, frames: frames, live: true}
		got, err := c.transcribe(t, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, seg := range got {
			if seg.Final {
				finals = append(finals, seg.Start, seg.End)
			}
		}
		want := []time.Duration{said[0].Start, said[3].End, resumed + said[0].Start, resumed + said[3].End}
		for i := range want {
			if len(finals) != len(want) || finals[i] != want[i] {
				t.Fatalf("finals at %v, want %v", finals, want)
			}
		}
		if now := s.sessions[0].ear.Now(); now < resumed+length || now > resumed+length+200*ms {
			t.Errorf("the service's clock is at %v, want %v", now, resumed+length)
		}
	})
}

func TestClockSurvivesEarlyNoise(t *testing.T) {
	// Frames stop for a second and then come late, all at once: the noise in
	// between was wrong, and times must not move because of it.
	synctest.Test(t, func(t *testing.T) {
		said := sentences(2*time.Second, 3, 3)
		frames := spoken(t, said)
		feed := make(chan transcribe.Frame)
		s := &service{}
		r, err := New(Options{Name: "fake", Dial: s.dial, Rates: []int{8000}})
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			defer close(feed)
			start := time.Now()
			for _, f := range frames {
				if due := f.End(); due < 2*time.Second || due > 3*time.Second {
					time.Sleep(time.Until(start.Add(due)))
				} else {
					time.Sleep(time.Until(start.Add(3 * time.Second)))
				}
				feed <- f
			}
		}()
		var got []transcribe.Segment
		if err := r.Transcribe(t.Context(), feed, func(s transcribe.Segment) error { got = append(got, s); return nil }); err != nil {
			t.Fatal(err)
		}
		if now, length := s.sessions[0].ear.Now(), frames[len(frames)-1].End(); now <= length {
			t.Errorf("the service was sent %v, want more than %v: no noise was sent", now, length)
		}
		last := got[len(got)-1]
		if !last.Final || last.Start != said[3].Start || last.End != said[5].End {
			t.Errorf("last final at %v to %v, want %v to %v", last.Start, last.End, said[3].Start, said[5].End)
		}
	})
}

func TestPiecesAndPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		said := sentences(900*ms, 5, 5)
		frames := spoken(t, said)
		start := time.Now()
		got, err := says{o: Options{Piece: 100 * ms, Pace: 1}, frames: frames}.transcribe(t, s)
		if err != nil {
			t.Fatal(err)
		}
		if took, length := time.Since(start), frames[len(frames)-1].End(); took < length-burst-100*ms || took > length {
			t.Errorf("%v of audio went out in %v", length, took)
		}
		if sizes := s.sessions[0].sizes; len(sizes) != 1 || !sizes[800] {
			t.Errorf("pieces of %v samples, want 800 only", sizes)
		}
		if text := finalText(got); text != join(said) {
			t.Errorf("heard %q, want %q", text, join(said))
		}
	})
}

func TestKeepsAliveBehindASlowReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		said := sentences(900*ms, 2, 2)
		c := says{o: Options{KeepAlive: 4 * time.Second}, frames: spoken(t, said), live: true}
		c.onEmit = func(n int) {
			if n == 1 {
				time.Sleep(30 * time.Second)
			}
		}
		got, err := c.transcribe(t, s)
		if err != nil {
			t.Fatal(err)
		}
		if text := finalText(got); text != join(said) {
			t.Errorf("heard %q, want %q", text, join(said))
		}
		if kept := s.sessions[0].kept; kept != 7 {
			t.Errorf("%d keep-alives in half a minute of quiet, want one each 4 s", kept)
		}
	})
}

func TestASlowReceiverGetsEveryFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(900*ms, 5, 3, 7, 1, 4)
		c := says{frames: spoken(t, said), onEmit: func(int) { time.Sleep(3 * time.Second) }}
		got, err := c.transcribe(t, &service{})
		if err != nil {
			t.Fatal(err)
		}
		if text := finalText(got); text != join(said) {
			t.Errorf("heard %q, want %q", text, join(said))
		}
	})
}
