package google

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

const step = 100 * time.Millisecond // frames of the tests' calls

func TestKeepsTheContract(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		f, e := newFake(t)
		f.ear = func(rate int) *remotetest.Ear { return remotetest.NewScriptEar(t, rate) }
		e.pace = 0 // the kit plays faster than anybody speaks
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

// call plays words in real time, faked by the bubble that it must run in.
func call(t *testing.T, e transcribe.Engine, words []transcribe.Word) heard {
	t.Helper()
	length := words[len(words)-1].End + time.Second
	frames := remotetest.Frames(remotetest.Speak(t, words, 8000, length), 8000, 0, step)
	return hear(t, e, frames)
}

// hear plays frames at their own times.
func hear(t *testing.T, e transcribe.Engine, frames []transcribe.Frame) heard {
	t.Helper()
	feed := make(chan transcribe.Frame)
	ctx, cancel := context.WithCancel(t.Context())
	var playing sync.WaitGroup
	defer playing.Wait()
	defer cancel()
	playing.Go(func() {
		defer close(feed)
		start := time.Now()
		for _, f := range frames {
			select {
			case <-time.After(time.Until(start.Add(f.End()))):
			case <-ctx.Done():
				return
			}
			select {
			case feed <- f:
			case <-ctx.Done():
				return
			}
		}
	})
	var h heard
	h.err = e.Transcribe(ctx, feed, func(s transcribe.Segment) error {
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
	synctest.Test(t, func(t *testing.T) {
		_, e := newFake(t)
		words := said(6)
		h := call(t, e, words)
		h.want(t, words)
		var last transcribe.Segment
		partials := 0
		for _, s := range h.segments {
			if last = s; !s.Final {
				partials++
			}
		}
		if partials < 4 {
			t.Errorf("%d partials, want one for each word", partials)
		}
		w := last.Words[2]
		if gap := (w.Start - words[5].Start).Abs(); gap > 20*time.Millisecond || w.Confidence < 0.79 || w.Confidence > 0.81 {
			t.Errorf("last word %+v, want start %v and confidence 0.8", w, words[5].Start)
		}
	})
}

// A stream lives five minutes; the call lives twelve.
func TestReplacesStreamsBeforeTheirLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := newFake(t)
		words := said(771)
		call(t, e, words).want(t, words)
		if n := f.sessions(); n < 3 || n > 4 || f.limits() > 0 {
			t.Errorf("%d streams for twelve minutes, of which the service ended %d; want 3 and none", n, f.limits())
		}
	})
}

// On hold no frames come for longer than the service waits for audio.
func TestOutlivesAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := newFake(t)
		words := said(6)
		pcm := remotetest.Speak(t, words, 8000, 10*time.Second)
		frames := remotetest.Frames(pcm[:8000*5], 8000, 0, step)
		frames = append(frames, remotetest.Frames(pcm[8000*5:], 8000, 45*time.Second, step)...)
		hear(t, e, frames).want(t, words)
		if n := f.sessions(); n != 1 {
			t.Errorf("%d streams, want one that was kept alive", n)
		}
	})
}

func TestConnectsAgainWithoutLosingAWord(t *testing.T) {
	for _, c := range []struct {
		name string
		plan plan
	}{
		{"unavailable in the middle of a word", plan{after: 3100 * time.Millisecond, fail: status.Error(codes.Unavailable, "try again")}},
		{"aborted", plan{after: 4 * time.Second, fail: status.Error(codes.Aborted, "Max duration of 5 minutes reached for stream.")}},
		{"internal", plan{after: 2 * time.Second, fail: status.Error(codes.Internal, "oops")}},
		{"out of range", plan{after: 2 * time.Second, fail: status.Error(codes.OutOfRange, "Audio Timeout Error")}},
		{"ends politely", plan{after: 3 * time.Second, bye: true}},
		{"refuses once", plan{refuse: status.Error(codes.Unavailable, "starting")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, e := newFake(t)
				f.plan = func(session int) plan {
					if session == 0 {
						return c.plan
					}
					return plan{}
				}
				words := said(9)
				call(t, e, words).want(t, words)
				if n := f.sessions(); n != 2 {
					t.Errorf("%d streams, want 2", n)
				}
			})
		})
	}
}

func TestSortsOutWhatTheServiceRepeats(t *testing.T) {
	twice := func(r *speechpb.StreamingRecognizeResponse) []proto.Message { return []proto.Message{r, r} }
	bare := func(r *speechpb.StreamingRecognizeResponse) []proto.Message {
		if !r.GetResults()[0].GetIsFinal() {
			return nil
		}
		noise := &speechpb.StreamingRecognitionResult{IsFinal: true, ResultEndOffset: r.GetResults()[0].GetResultEndOffset()}
		return []proto.Message{r, &speechpb.StreamingRecognizeResponse{}, &speechpb.StreamingRecognizeResponse{Results: []*speechpb.StreamingRecognitionResult{noise}}}
	}
	untimed := func(r *speechpb.StreamingRecognizeResponse) []proto.Message {
		r.Results[0].Alternatives[0].Words = nil
		return []proto.Message{r}
	}
	for name, answer := range map[string]func(*speechpb.StreamingRecognizeResponse) []proto.Message{
		"everything twice": twice, "finals without partials, and empty ones": bare, "no word times": untimed,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, e := newFake(t)
				f.plan = func(int) plan { return plan{answer: answer} }
				words := said(9)
				call(t, e, words).want(t, words)
			})
		})
	}
}

// The wait for a service that never says the rest is bounded.
func TestHangsUpOnAServiceThatNeverFinishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := newFake(t)
		f.plan = func(int) plan { return plan{mute: true} }
		words := said(3)
		start := time.Now()
		h := call(t, e, words)
		over := time.Since(start) - words[2].End - time.Second
		if over > 2500*time.Millisecond {
			t.Errorf("returned %v after the hang-up, want 2 s", over)
		}
		h.want(t, words) // the last partial stands
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, e := newFake(t)
		hinted := e.With(transcribe.Hints{Language: "de"})
		time.AfterFunc(3*time.Second, func() { _ = e.Close() })
		h := call(t, hinted, said(9))
		if h.err == nil || transcribe.VerdictOf(h.err) != transcribe.UseAnother || !errors.Is(h.err, errClosed) {
			t.Errorf("a call across Close gave %v, want %v", h.err, errClosed)
		}
	})
}
