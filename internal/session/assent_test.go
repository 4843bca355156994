package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// onlyID is the id of the one call there is.
func (b *memory) onlyID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.calls {
		return id
	}
	return ""
}

// plain reads the words that the tests say.
type plain struct{}

func (plain) Asks(text string) bool { return strings.Contains(text, "how can i help") }

func (plain) Read(text string, asked bool) (yes, no bool) {
	return strings.Contains(text, "you may record") || asked && strings.Contains(text, "hello"), strings.Contains(text, "do not record")
}

// tone is a frame that is loud all over, so that its first and last kept
// sample can be told.
func tone(at time.Duration, rate int) transcribe.Frame {
	f := transcribe.Frame{Rate: rate, At: at, PCM: make([]int16, rate/50)}
	for i := range f.PCM {
		f.PCM[i] = 8000
	}
	return f
}

// loudRuns gives where a channel sounds, as runs of samples.
func loudRuns(pcm []int16) (runs [][2]int) {
	for i, v := range pcm {
		if v < 1000 && v > -1000 {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1][1] == i {
			runs[n-1][1] = i + 1
			continue
		}
		runs = append(runs, [2]int{i, i + 1})
	}
	return runs
}

// R22: the recording is silent from the very sample of the pause to that of
// the resume, in the recording and in the spool, and no word of it is heard.
func TestPauseIsExactToTheSample(t *testing.T) {
	for _, rate := range []int{8000, 16000} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.Sounds = nil })
			s := r.open(t, "a")
			send := func(from, to time.Duration) {
				for at := from; at < to; at += realTime {
					s.Audio(insights.Agent, tone(at, rate))
					s.Audio(insights.Customer, tone(at, rate))
					wait(realTime)
				}
			}
			const paused, resumed, end = 13 * second, 44 * second, 60 * second
			send(0, paused)
			id := r.brain.onlyID()
			must(t, r.Recording(t.Context(), id, Pause, "agent"))
			must(t, r.Recording(t.Context(), id, Pause, "agent")) // twice is once
			if c, _ := r.brain.only(t); c.Recording.State != "paused" || len(c.Recording.Paused) != 1 || c.Recording.Paused[0].End != 0 {
				t.Errorf("committed as %+v", c.Recording)
			}
			send(paused, resumed)
			must(t, r.Recording(t.Context(), id, Resume, "agent"))
			must(t, r.Recording(t.Context(), id, Resume, "agent"))
			send(resumed, end)
			c, said := r.finish(t, s)

			w := heardBack(t, r, c.ID)
			want := [][2]int{{0, 13 * 8000}, {44 * 8000, 60 * 8000}}
			for channel := range w.Channels {
				if runs := loudRuns(w.Channels[channel]); !near(runs, want, rate) {
					t.Errorf("%d Hz: channel %d sounds in %v, want %v", rate, channel, runs, want)
				}
			}
			if got := c.Recording.Paused; len(got) != 1 || got[0] != (insights.Stretch{Start: 13, End: 44}) || c.Recording.State != "kept" {
				t.Errorf("%+v", c.Recording)
			}
			for _, u := range said {
				if u.Start >= 13 && u.End <= 44 {
					t.Errorf("%q of the pause was committed", u.Text)
				}
			}
			if len(said) == 0 {
				t.Error("nothing was heard before and after")
			}
			for _, p := range r.screen.shown {
				if strings.Contains(p.text, "router") || strings.Contains(p.text, "cheaper") && strings.Contains(p.text, "called me back") {
					t.Errorf("the caption %q of the pause was shown", p.text)
				}
			}
		})
	}
}

// A platform that pauses with us sends nothing meanwhile: the pause is as long as
// it was, what comes after it is heard, and nothing counts as missing.
func TestAPauseInWhichNothingIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Sounds = nil })
		s := r.open(t, "a")
		send := func(from, to time.Duration) {
			for at := from; at < to; at += realTime {
				s.Audio(insights.Agent, tone(at, 8000))
				s.Audio(insights.Customer, tone(at, 8000))
				wait(realTime)
			}
		}
		send(0, 5*second)
		id := r.brain.onlyID()
		must(t, r.Recording(t.Context(), id, Pause, "agent"))
		wait(10 * second)
		must(t, r.Recording(t.Context(), id, Resume, "agent"))
		send(15*second, 20*second)
		c, _ := r.finish(t, s)
		if got := c.Recording.Paused; len(got) != 1 || got[0] != (insights.Stretch{Start: 5, End: 15}) {
			t.Errorf("%+v", got)
		}
		if c.Health.Gaps != 0 || c.Duration != 20 {
			t.Errorf("%v s, %+v", c.Duration, c.Health)
		}
		w := heardBack(t, r, c.ID)
		want := [][2]int{{0, 5 * 8000}, {15 * 8000, 20 * 8000}}
		for channel := range w.Channels {
			if runs := loudRuns(w.Channels[channel]); !near(runs, want, 8000) {
				t.Errorf("channel %d sounds in %v, want %v", channel, runs, want)
			}
		}
	})
}

// near compares runs: exactly at the recording's own rate; a resampler rings
// for less than a frame of 20 ms around an edge.
func near(got, want [][2]int, rate int) bool {
	slack := 0
	if rate != 8000 {
		slack = 160
	}
	return slices.EqualFunc(got, want, func(a, b [2]int) bool {
		return max(a[0]-b[0], b[0]-a[0], a[1]-b[1], b[1]-a[1]) <= slack
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// What one party brings late of a pause stays silent, to the sample.
func TestTheSlowerPartyIsSilentUpToTheResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Sounds = nil })
		s := r.open(t, "a")
		for at := time.Duration(0); at < 10*second; at += realTime {
			s.Audio(insights.Agent, tone(at, 8000))
			s.Audio(insights.Customer, tone(at, 8000))
		}
		id := r.brain.onlyID()
		must(t, r.Recording(t.Context(), id, Pause, "agent"))
		for at := 10 * second; at < 12*second; at += realTime {
			s.Audio(insights.Agent, tone(at, 8000))
		}
		s.Audio(insights.Agent, tone(12*second, 8000))
		must(t, r.Recording(t.Context(), id, Resume, "agent"))
		// A frame of 20 ms that begins 10 ms before the resume.
		for at := 10 * second; at < 14*second; at += realTime {
			s.Audio(insights.Customer, tone(at+10*time.Millisecond, 8000))
		}
		c, _ := r.finish(t, s)
		w := heardBack(t, r, c.ID)
		want := [][2]int{{0, 80000}, {12020 * 8, 14010 * 8}}
		if runs := loudRuns(w.Channels[1]); !slices.Equal(runs, want) {
			t.Errorf("the customer sounds in %v, want %v", runs, want)
		}
	})
}

// empty checks that nothing of a call is on the disk.
func (r *rig) empty(t *testing.T, id string) {
	t.Helper()
	for _, name := range []string{"spool/" + id + ".spool", "recordings/" + id + ".wav", "recordings/" + id + ".wav.part"} {
		if _, err := os.Stat(filepath.Join(r.o.Dir, name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
}

func TestARefusalDestroysWhatThereWas(t *testing.T) {
	lines := slices.Clone(dialogue)
	lines[3].Text = "please do not record this call"
	for name, how := range map[string]string{"said": "caller", "ordered": "agent"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(o *Options) {
					if how == "caller" {
						o.Answer, o.Engine = plain{}, knows(lines)
					}
					o.Measure = func([]insights.Utterance, insights.Seconds, []insights.Stretch) []insights.Insight {
						return []insights.Insight{{Kind: insights.Talk, Name: "length"}}
					}
				})
				s := r.open(t, "a")
				play(s, 0, 0, 23*second, realTime)
				id := r.brain.onlyID()
				if how == "agent" {
					must(t, r.Recording(t.Context(), id, Refuse, "agent"))
					must(t, r.Recording(t.Context(), id, Refuse, "agent"))
				}
				r.empty(t, id) // while it lives
				for _, o := range []Order{Pause, Resume, Allow} {
					if err := r.Recording(t.Context(), id, o, "agent"); !errors.Is(err, ErrRefused) {
						t.Errorf("%s after a refusal: %v", o, err)
					}
				}
				play(s, 0, 23*second, dialogueLength, realTime)
				c, said := r.finish(t, s)
				r.empty(t, id)
				if len(said) != 0 || len(r.brain.found[id]) != 0 || len(c.Sounds) != 0 {
					t.Errorf("kept %v, %v, %v", said, r.brain.found[id], c.Sounds)
				}
				if c.Recording.State != "refused" || c.Recording.Answer != "no" || c.Recording.AnsweredBy != how || c.Captions != event.CaptionsOff {
					t.Errorf("ended with %+v", c.Recording)
				}
				if c.Status != event.CallOver || c.Duration != 60 {
					t.Errorf("the call did not go on: %+v", c)
				}
			})
		})
	}
}

func TestNothingIsKeptBeforeAYes(t *testing.T) {
	for name, c := range map[string]struct {
		change func(lines []scripted.Line)
		order  Order
		words  int // committed lines
		state  string
		answer string
	}{
		"yes when asked":    {func([]scripted.Line) {}, "", 9, "kept", "yes"},
		"yes unasked":       {func(l []scripted.Line) { l[0].Text = "good morning"; l[3].Text = "fine you may record" }, "", 9, "kept", "yes"},
		"the agent has it":  {func(l []scripted.Line) { l[0].Text = "good morning" }, Allow, 9, "kept", "yes"},
		"no":                {func(l []scripted.Line) { l[1].Text = "do not record" }, "", 0, "refused", "no"},
		"the agent says no": {func(l []scripted.Line) { l[0].Text = "good morning" }, Refuse, 0, "refused", "no"},
		"no answer":         {func(l []scripted.Line) { l[0].Text = "good morning" }, "", 0, "refused", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lines := slices.Clone(dialogue)
				c.change(lines)
				r := newRig(t, func(o *Options) {
					o.Engine, o.Answer = knows(lines), plain{}
					o.Assent = func(event.Call) Assent { return Assent{How: "ask"} }
				})
				s := r.open(t, "a")
				play(s, 0, 0, 4500*time.Millisecond, realTime)
				id := r.brain.onlyID()
				r.empty(t, id)
				if got, said := r.brain.only(t); got.Recording.State != "asking" || len(said) != 0 || len(r.screen.shown) != 0 {
					t.Errorf("before the answer: %+v, said %v, shown %v", got.Recording, said, r.screen.shown)
				}
				play(s, 0, 4500*time.Millisecond, 30*second, realTime)
				if c.order != "" {
					r.empty(t, id)
					must(t, r.Recording(t.Context(), id, c.order, "agent"))
				}
				play(s, 0, 30*second, dialogueLength, realTime)
				got, said := r.finish(t, s)
				if len(said) != c.words || got.Recording.State != c.state || got.Recording.Answer != c.answer {
					t.Errorf("said %d lines, recording %+v", len(said), got.Recording)
				}
				if c.words == 0 {
					r.empty(t, id)
					return
				}
				wantWords(t, said, lines)
				if w := heardBack(t, r, id); len(w.Channels[0]) != 60*8000 || !loudAt(w, 0, 2*second) {
					t.Errorf("what was held is not in the recording of %d samples", len(w.Channels[0]))
				}
			})
		})
	}
}

// Who said no before is not recorded from the first frame.
func TestARefusalOnRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Assent = func(event.Call) Assent { return Assent{How: "announce", Answer: "no"} } })
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		c, said := r.finish(t, s)
		r.empty(t, c.ID)
		if len(said) != 0 || c.Recording.State != "refused" || c.Recording.Assent != "announce" {
			t.Errorf("said %v, %+v", said, c.Recording)
		}
	})
}

func TestOrdersOfACallThatIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		s := r.open(t, "a")
		play(s, 0, 0, 2*second, realTime)
		id := r.brain.onlyID()
		if err := r.Recording(t.Context(), id, "stop", "agent"); !errors.Is(err, ErrStart) {
			t.Errorf("an unknown order: %v", err)
		}
		r.finish(t, s)
		for _, call := range []string{id, "nobody"} {
			if err := r.Recording(t.Context(), call, Pause, "agent"); !errors.Is(err, ingest.ErrOver) {
				t.Errorf("call %q: %v", call, err)
			}
		}
	})
}

// A refusal whose proof cannot be stored destroys the audio all the same, and
// the call is closed without it by the next process.
func TestARefusalThatCannotBeStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sick := true
		r := newRig(t, nil)
		r.brain.refuseAnswer = func(event.Call) error {
			if sick {
				return errors.New("the disk is full")
			}
			return nil
		}
		s := r.open(t, "a")
		play(s, 0, 0, 20*second, realTime)
		id := r.brain.onlyID()
		ctx, cancel := context.WithTimeout(t.Context(), patience+time.Minute)
		defer cancel()
		if err := r.Recording(ctx, id, Refuse, "agent"); err == nil {
			t.Error("a refusal that was not stored counted as done")
		}
		s.Stop(ingest.Stopped)
		synctest.Wait()
		r.empty(t, id)
		sick = false
		r.next(t)
		must(t, r.Recover(t.Context()))
		r.empty(t, id)
		r.shut(t)
	})
}

// After a kill the stretch of a pause stays silent, and what was refused stays
// destroyed.
func TestKilledInAPauseOrAfterARefusal(t *testing.T) {
	for _, what := range []string{"pause", "refuse"} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			kill(t, dir, what, "played 40", 0)
			j, err := openJournal(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = j.file.Close() }()
			before, _ := j.only(t)
			r := newRig(t, func(o *Options) { o.Brain, o.Dir = j, dir })
			r.brain = j.memory
			must(t, r.Recover(t.Context()))
			c, said := r.drained(t)
			if what == "refuse" {
				r.empty(t, c.ID)
				if len(said) != 0 || c.Recording.State != "refused" || before.Recording.State != "refused" {
					t.Errorf("said %v, %+v", said, c.Recording)
				}
				return
			}
			if before.Recording.State != "paused" {
				t.Errorf("the pause was not committed: %+v", before.Recording)
			}
			wantWords(t, said, []scripted.Line{
				wordsUpTo(t, insights.Agent, 20*second), wordsUpTo(t, insights.Customer, 20*second),
			})
			w := heardBack(t, r, c.ID)
			for channel := range w.Channels {
				if n := len(w.Channels[channel]); n > 20*8000 {
					t.Errorf("channel %d goes on for %d samples after the pause", channel, n-20*8000)
				}
			}
		})
	}
}
