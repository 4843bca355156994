package amazon

import (
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

const step = 100 * time.Millisecond // frames of the tests' calls

func TestKeepsTheContract(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		f, e := newFake(t)
		f.ear = func(rate int) *remotetest.Ear { return remotetest.NewScriptEar(t, rate) }
		return e
	}, enginetest.Options{Recall: 0.95})
}

// said is a call of stretches of three words, one every 2.8 seconds.
func said(n int) []transcribe.Word {
	var out []transcribe.Word
	for i := range n {
		at := time.Second + time.Duration(i)*600*time.Millisecond + time.Duration(i/3)*time.Second
		out = append(out, transcribe.Word{Text: remotetest.Word(i), Start: at, End: at + 300*time.Millisecond})
	}
	return out
}

// heard is what a call gave.
type heard struct {
	segments []transcribe.Segment
	err      error
}

// text is all finals' words.
func (h heard) text() string {
	var all []string
	for _, s := range h.segments {
		if s.Final {
			all = append(all, s.Text)
		}
	}
	return strings.Join(all, " ")
}

// call plays words as fast as the service takes them.
func call(t *testing.T, e transcribe.Engine, words []transcribe.Word) heard {
	t.Helper()
	length := words[len(words)-1].End + time.Second
	return hear(t, e, remotetest.Frames(remotetest.Speak(t, words, 8000, length), 8000, 0, step))
}

// hear plays frames, all of them at once.
func hear(t *testing.T, e transcribe.Engine, frames []transcribe.Frame) heard {
	t.Helper()
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	var h heard
	h.err = e.Transcribe(t.Context(), feed, func(s transcribe.Segment) error {
		h.segments = append(h.segments, s)
		return nil
	})
	if h.err == nil {
		for _, problem := range enginetest.Check(h.segments, frames) {
			t.Error(problem)
		}
	}
	return h
}

// want fails unless all words were heard once and in order.
func (h heard) want(t *testing.T, words []transcribe.Word) {
	t.Helper()
	if h.err != nil {
		t.Fatalf("Transcribe: %v", h.err)
	}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	if got, want := h.text(), strings.Join(texts, " "); got != want {
		t.Errorf("heard %q\nwant  %q", got, want)
	}
}

func TestHearsWordsWithTimesAndConfidence(t *testing.T) {
	_, e := newFake(t)
	words := said(6)
	h := call(t, e, words)
	h.want(t, words)
	last := h.segments[len(h.segments)-1]
	w := last.Words[2]
	if gap := (w.Start - words[5].Start).Abs(); gap > 20*time.Millisecond || w.Confidence != 0.8 {
		t.Errorf("last word %+v, want start %v and confidence 0.8", w, words[5].Start)
	}
	if len(h.segments) < 4 {
		t.Errorf("%d segments, want partials too", len(h.segments))
	}
}

func TestReplacesLongSessions(t *testing.T) {
	f, e := newFake(t)
	e.maxSession, e.pace = 20*time.Second, 20 // twenty times real time
	words := said(90)
	call(t, e, words).want(t, words)
	if n := f.sessions(); n < 3 {
		t.Errorf("%d sessions for 84 s, want one in 20 s", n)
	}
}

func TestConnectsAgainWithoutLosingAWord(t *testing.T) {
	for _, c := range []struct {
		name string
		plan plan
	}{
		{"line cut in the middle of a word", plan{after: 3100 * time.Millisecond, cut: true}},
		{"internal failure", plan{after: 4 * time.Second, exception: "InternalFailureException", message: "oops"}},
		{"unavailable", plan{after: 4 * time.Second, exception: "ServiceUnavailableException", message: "later"}},
		{"timed out", plan{after: 4 * time.Second, exception: "BadRequestException", message: "Your request timed out because no new audio was received for 15 seconds."}},
		{"ends politely", plan{after: 3 * time.Second, bye: true}},
		{"refuses once", plan{status: 503}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // each waits for its own slow call
			f, e := newFake(t)
			// Slower than the test, or a polite end could cross our own.
			e.pace = 3
			f.plan = func(session int) plan {
				if session == 0 {
					return c.plan
				}
				return plan{}
			}
			words := said(9)
			call(t, e, words).want(t, words)
			if n := f.sessions(); n != 2 {
				t.Errorf("%d sessions, want 2", n)
			}
		})
	}
}

func TestSortsOutWhatTheServiceRepeats(t *testing.T) {
	var held []*result
	for name, answer := range map[string]func(*result) []*result{
		"everything twice": func(r *result) []*result { return []*result{r, r} },
		"finals without partials": func(r *result) []*result {
			if r.IsPartial {
				return nil
			}
			return []*result{r}
		},
		"partials with words and no text": func(r *result) []*result {
			if r.IsPartial {
				r.Alternatives[0].Transcript = ""
			}
			return []*result{r}
		},
		"finals and stretches without alternatives": func(r *result) []*result {
			return []*result{{ResultID: "noise-" + r.ResultID, IsPartial: true}, r, {ResultID: "noise-" + r.ResultID}}
		},
		// The final of each stretch but the last comes after the next one's
		// first partial, as the service's do when it is busy.
		"late finals": func(r *result) []*result {
			if !r.IsPartial && r.ResultID != "result-2" {
				held = append(held, r)
				return nil
			}
			out := append([]*result{r}, held...)
			held = nil
			return out
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, e := newFake(t)
			f.plan = func(int) plan { return plan{answer: answer} }
			words := said(9)
			call(t, e, words).want(t, words)
		})
	}
}

// The wait for a service that never says the rest is bounded.
func TestHangsUpOnAServiceThatNeverFinishes(t *testing.T) {
	f, e := newFake(t)
	f.plan = func(int) plan { return plan{mute: true} }
	words := said(1)
	frames := remotetest.Frames(remotetest.Speak(t, words, 8000, words[0].End+100*time.Millisecond), 8000, 0, step)
	start := time.Now()
	hear(t, e, frames).want(t, words) // the last partial stands
	// What was played ahead of real time is added to the two seconds.
	if took, most := time.Since(start), 2*time.Second+words[0].End+2*time.Second; took > most {
		t.Errorf("took %v, want at most %v", took, most)
	}
}
