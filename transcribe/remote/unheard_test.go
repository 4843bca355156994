package remote

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"heed/transcribe"
)

// heardAll runs a call and compares its text with what was said.
func heardAll(t *testing.T, c says, s *service, said []transcribe.Word) {
	t.Helper()
	got, err := c.transcribe(t, s)
	if err != nil {
		t.Fatal(err)
	}
	if text := finalText(got); text != join(said) {
		t.Errorf("heard %q\nwant %q", text, join(said))
	}
}

func TestAPoliteEndBeforeTheEndOfTheAudioLosesNothing(t *testing.T) {
	for name, h := range map[string]habits{
		"in mid-audio":            {polite: true, cutAfter: []time.Duration{1500 * ms, 2 * time.Second}},
		"at Finish":               {hasty: 1},
		"at Finish twice":         {hasty: 2},
		"at Finish with pieces":   {hasty: 1, pieces: true},
		"at Finish with keys":     {hasty: 1, keyed: true},
		"hears nothing, and ends": {dull: 1},
	} {
		for _, live := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					said := sentences(900*ms, 5, 3, 7)
					frames := spoken(t, said)
					frames = frames[:len(frames)-40] // the last sentence is still open
					heardAll(t, says{frames: frames, live: live, o: Options{FlushWithin: 5 * time.Second}}, &service{habits: h}, said)
				})
			})
		}
	}
}

func TestAPoliteEndAtARotationLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(0, 60)
		s := &service{habits: habits{hasty: 1}}
		heardAll(t, says{o: Options{MaxSession: 8 * time.Second}, frames: spoken(t, said), live: true}, s, said)
		if len(s.sessions) < 3 {
			t.Errorf("%d sessions, no rotation", len(s.sessions))
		}
	})
}

func TestSilenceNeedsNoResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var frames []transcribe.Frame
		for i := range 250 { // five seconds
			frames = append(frames, frame(time.Duration(i)*20*ms, 20*ms))
		}
		s := &service{habits: habits{dull: 100}}
		if _, err := (says{frames: frames, live: true}).transcribe(t, s); err != nil || s.dials != 1 {
			t.Errorf("silence: %v after %d dials, want one", err, s.dials)
		}
	})
}

func TestAServiceThatOnlyEndsPolitelyIsGivenUp(t *testing.T) {
	for _, live := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			said := sentences(900*ms, 5, 3)
			s := &service{habits: habits{dull: 100}}
			start := time.Now()
			_, err := says{frames: spoken(t, said), live: live}.transcribe(t, s)
			if !errors.Is(err, errUnheard) || transcribe.VerdictOf(err) != transcribe.Retry {
				t.Errorf("error %v, want %v to be tried again", err, errUnheard)
			}
			if s.dials != 1+rehearings || time.Since(start) > 30*time.Second {
				t.Errorf("%d dials in %v", s.dials, time.Since(start))
			}
		})
	}
}

func TestAShortNoiseMayPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(0, 1)
		said[0].End = said[0].Start + 600*ms
		s := &service{habits: habits{dull: 100}}
		got, err := says{frames: spoken(t, said), live: true}.transcribe(t, s)
		if err != nil || len(got) > 0 || s.dials != 1+rehearings {
			t.Errorf("a bang: %v, %v after %d dials", got, err, s.dials)
		}
	})
}

func TestAudibleIsRelativeToTheCall(t *testing.T) {
	tape := newTapeOf(t, 8000, 8000)
	tone := func(amplitude int16, length time.Duration) {
		pcm := make([]int16, count(length, 8000))
		for i := range pcm {
			pcm[i] = amplitude * int16(1-i%2*2)
		}
		tape.add(pcm)
	}
	tone(200, time.Second) // the only thing there is
	if got := tape.audible(0, tape.total()); got != time.Second {
		t.Errorf("a quiet voice: %v audible, want all", got)
	}
	tone(20000, time.Second)
	if got := tape.audible(0, tape.total()); got != time.Second {
		t.Errorf("noise behind a loud voice: %v audible, want the voice", got)
	}
	tape.hold(time.Minute)
	if got := tape.audible(16000, tape.total()); got != 0 {
		t.Errorf("%v of hold audible", got)
	}
	tone(200, time.Second)
	if got := tape.audible(16000, tape.total()); got != time.Second {
		t.Errorf("a quiet voice a minute later: %v audible", got)
	}
	tape.forget(tape.total() - 4000)
	if got := tape.audible(0, tape.total()+100); got != 500*ms {
		t.Errorf("%v audible of half a second that is left", got)
	}
}

func TestNoiseThatTheServiceConfirmsIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{habits: habits{dull: 100, confirms: true}} // to which all of it is noise
		got, err := says{frames: spoken(t, sentences(0, 9)), live: true}.transcribe(t, s)
		if err != nil || len(got) > 0 || s.dials != 1 {
			t.Errorf("%v, %v after %d dials, want one", got, err, s.dials)
		}
	})
}

func TestEchoesGoOnInLaterStretches(t *testing.T) {
	s := speaker{said: said(0, "yes okay yes")}
	echoes, want := s.echoes(0), [...]string{"", "", "", "yes"}
	for i, in := range []string{"yes", "", "okay yes", "yes"} {
		var fresh []transcribe.Word
		if fresh, echoes = unrepeated(said(0, in), echoes); join(fresh) != want[i] {
			t.Errorf("stretch %d, %q, gives %q, want %q", i, in, join(fresh), want[i])
		}
	}
	if fresh, echoes := unrepeated(said(0, "no"), s.echoes(0)); join(fresh) != "no" || len(echoes) > 0 {
		t.Errorf("a new word gives %q and leaves echoes %v", join(fresh), echoes)
	}
}

func TestAServiceThatKnowsSpeechIsBelievedAboutNoise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// It says nothing of the last two seconds, however often it hears them.
		said := sentences(900*ms, 5, 3, 4)
		s := &service{habits: habits{hasty: 100}}
		frames := spoken(t, said)
		got, err := says{frames: frames[:len(frames)-40], live: true}.transcribe(t, s)
		if err != nil || finalText(got) != join(said[:8]) || s.dials != 1+rehearings {
			t.Errorf("%q, %v after %d dials", finalText(got), err, s.dials)
		}
	})
}

func TestSpeechWithoutAnyAnswerIsNoSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(900*ms, 5, 3)
		s := &service{habits: habits{dull: 100, silent: true}}
		_, err := says{frames: spoken(t, said), live: true}.transcribe(t, s)
		if !errors.Is(err, errUnheard) || transcribe.VerdictOf(err) != transcribe.Retry {
			t.Errorf("error %v, want %v", err, errUnheard)
		}
	})
}
