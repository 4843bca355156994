package openai

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe"
	"heed/transcribe/remote"
)

func TestParseEvent(t *testing.T) {
	e, err := parseEvent([]byte(`{"type":"conversation.item.input_audio_transcription.completed","event_id":"e","item_id":"i","content_index":0,"transcript":"Hi.","logprobs":[{"token":"Hi","logprob":-0.5}],"usage":{"type":"tokens"}}`))
	if err != nil || e.ItemID != "i" || e.Transcript != "Hi." || confidence(e.Logprobs) < 0.6 || confidence(e.Logprobs) > 0.61 {
		t.Errorf("%+v, %v", e, err)
	}
	for _, in := range []string{``, `null`, `{}`, `[]`, `{"type":5}`, `{"type":"x","delta":{}}`, `{"type":"x"`} {
		if e, err := parseEvent([]byte(in)); !errors.Is(err, remote.ErrGarbage) {
			t.Errorf("parseEvent(%s) = %+v, %v; want garbage", in, e, err)
		}
	}
}

func TestFaultsHaveVerdicts(t *testing.T) {
	for in, want := range map[string]struct {
		fault   fault
		verdict transcribe.Verdict
		limited bool
	}{
		`{"type":"error","error":{"type":"invalid_request_error","code":"session_expired"}}`: {fault{"invalid_request_error", "session_expired"}, transcribe.Retry, false},
		`{"type":"error","error":{"type":"invalid_request_error","code":null}}`:              {fault{"invalid_request_error", ""}, transcribe.UseAnother, false},
		`{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota"}}`: {fault{"insufficient_quota", "insufficient_quota"}, transcribe.UseAnother, true},
		`{"type":"error","error":{"type":"x","code":"rate_limit_exceeded"}}`:                 {fault{"x", "rate_limit_exceeded"}, transcribe.UseAnother, true},
		`{"type":"error","error":{"type":"server_error","code":"x"}}`:                        {fault{"server_error", "x"}, transcribe.Retry, false},
		`{"type":"error","error":"boom","code":"processing_error"}`:                          {fault{"", "processing_error"}, transcribe.Retry, false},
		`{"type":"error","error":"boom","code":"model_not_validated"}`:                       {fault{"", "model_not_validated"}, transcribe.UseAnother, false},
		`{"type":"error","error":{"type":"what my caller said","code":"key secret"}}`:        {fault{"unreadable", "unreadable"}, transcribe.Retry, false},
		`{"type":"error","error":{"code":"` + strings.Repeat("a", 100) + `"}}`:               {fault{"", "unreadable"}, transcribe.Retry, false},
		`{"type":"error"}`: {fault{}, transcribe.Retry, false},
	} {
		e, err := parseEvent([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got := e.fault(); got != want.fault {
			t.Errorf("%s: %+v, want %+v", in, got, want.fault)
		}
		verdict := e.fault().verdict()
		if _, limited := errors.AsType[*remote.RateLimited](verdict); transcribe.VerdictOf(verdict) != want.verdict || limited != want.limited {
			t.Errorf("%s: %v with verdict %v, want %v", in, verdict, transcribe.VerdictOf(verdict), want.verdict)
		}
	}
}

// play gives what a session makes of events, without a connection. A commit
// of ours is given as its span.
func play(s *realtimeSession, steps ...any) ([]remote.Result, error) {
	var out []remote.Result
	for _, step := range steps {
		switch step := step.(type) {
		case span:
			s.spans = append(s.spans, step)
		case string:
			e, err := parseEvent([]byte(strings.ReplaceAll(step, "TEXT.", transcriptionEvent)))
			if err != nil {
				return out, err
			}
			results, err := s.take(e)
			if err != nil {
				return out, err
			}
			out = append(out, results...)
		}
	}
	return out, nil
}

func TestItemsGetTheTimesOfTheirCommits(t *testing.T) {
	s := newRealtimeSession(nil, 24000, false)
	s.head, s.begun = 3*time.Second, time.Second
	first, second := span{1 * time.Second, 4 * time.Second}, span{5 * time.Second, 6 * time.Second}
	got, err := play(s,
		`{"type":"TEXT.delta","item_id":"a","delta":"he"}`, // while it is spoken
		`{"type":"TEXT.delta","item_id":"a","delta":"llo"}`,
		first,
		`{"type":"input_audio_buffer.committed","item_id":"a"}`,
		second,
		`{"type":"input_audio_buffer.committed","item_id":"b"}`,
		`{"type":"TEXT.completed","item_id":"b","transcript":"You"}`, // out of order
		`{"type":"TEXT.completed","item_id":"a","transcript":"Hello"}`,
		`{"type":"TEXT.completed","item_id":"a","transcript":"Hello"}`, // twice
		`{"type":"TEXT.delta","item_id":"a","delta":"late"}`,
		span{}, `{"type":"error","error":{"code":"input_audio_buffer_commit_empty"}}`,
		span{7 * time.Second, 8 * time.Second}, `{"type":"TEXT.completed","item_id":"c","transcript":"unannounced"}`,
		span{9 * time.Second, 10 * time.Second}, `{"type":"input_audio_buffer.committed","item_id":"d"}`,
		`{"type":"TEXT.failed","item_id":"d","error":{"code":"audio_unintelligible"}}`,
		`{"type":"rate_limits.updated"}`,
	)
	want := []remote.Result{
		{Key: "a", Text: "he", Words: []transcribe.Word{{Text: "he", Start: time.Second, End: 3 * time.Second}}},
		{Key: "a", Text: "hello", Words: []transcribe.Word{{Text: "hello", Start: time.Second, End: 3 * time.Second}}},
		{Key: "a"},
		{Key: "b"},
		{Key: "b", Final: true, Text: "You", Start: second.from, End: second.to},
		{Key: "a", Final: true, Text: "Hello", Start: first.from, End: first.to},
		{Key: "c", Final: true, Text: "unannounced", Start: 7 * time.Second, End: 8 * time.Second},
		{Key: "d"},
		{Key: "d", Final: true, End: 10 * time.Second},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if !s.done() {
		t.Errorf("spans %v and items %v are left", s.spans, s.items)
	}
}

func TestItemsThatTheServerCuts(t *testing.T) {
	s := newRealtimeSession(nil, 24000, true)
	s.head = 9 * time.Second
	got, err := play(s,
		`{"type":"input_audio_buffer.speech_started","item_id":"a","audio_start_ms":1000}`,
		`{"type":"input_audio_buffer.speech_stopped","item_id":"a","audio_end_ms":3000}`,
		`{"type":"input_audio_buffer.committed","item_id":"a"}`,
		`{"type":"TEXT.completed","item_id":"a","transcript":"One"}`,
		`{"type":"input_audio_buffer.speech_started","item_id":"b","audio_start_ms":8000}`,
		span{3 * time.Second, 9 * time.Second}, // at the end we commit, and b goes on as c
		`{"type":"input_audio_buffer.committed","item_id":"c"}`,
		`{"type":"TEXT.completed","item_id":"c","transcript":"Two"}`,
	)
	want := []remote.Result{
		{Key: "a"},
		{Key: "a"},
		{Key: "a", Final: true, Text: "One", Start: time.Second, End: 3 * time.Second},
		{Key: "b"},
		{Key: "c"},
		{Key: "c", Final: true, Text: "Two", Start: 8 * time.Second, End: 9 * time.Second},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || !s.done() {
		t.Error(diff, err, s.items)
	}
}

func TestItemsAreBounded(t *testing.T) {
	s := newRealtimeSession(nil, 24000, false)
	long := `{"type":"TEXT.delta","item_id":"a","delta":"` + strings.Repeat("a", maxText) + `"}`
	if _, err := play(s, long, long); !errors.Is(err, remote.ErrFlood) {
		t.Errorf("endless deltas: %v", err)
	}
	s = newRealtimeSession(nil, 24000, false)
	var err error
	for i := 0; i <= 2*maxItems && err == nil; i++ {
		_, err = play(s, `{"type":"input_audio_buffer.committed","item_id":"`+strings.Repeat("x", i+1)+`"}`)
	}
	if !errors.Is(err, remote.ErrFlood) {
		t.Errorf("endless items: %v", err)
	}
}

func TestVLLMEndsAStretchOnlyWhenWeDo(t *testing.T) {
	s := newVLLMSession(nil, 16000)
	<-s.idle
	s.busy, s.at = true, span{from: time.Second}
	if got, err := s.ended("too early"); !errors.Is(err, errEarly) || len(got) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
	s.at.to = 2 * time.Second
	got, err := s.ended("Hi")
	if err != nil || len(got) != 1 || !got[0].Final || got[0].End != 2*time.Second || len(s.idle) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := s.ended("Hi"); err != nil || len(got) > 0 {
		t.Errorf("twice: %+v, %v", got, err)
	}
	if got, err := s.grown("late"); err != nil || len(got) > 0 {
		t.Errorf("late: %+v, %v", got, err)
	}
}

func TestEndsOfConnections(t *testing.T) {
	for _, c := range []struct {
		err  error
		done bool
		eof  bool
		want transcribe.Verdict
	}{
		{io.EOF, true, true, transcribe.Retry},
		{net.ErrClosed, true, true, transcribe.Retry},
		{io.EOF, false, false, transcribe.Retry},
		{&remote.CloseError{Code: 3000, Reason: "key secret"}, false, false, transcribe.UseAnother},
		{&remote.CloseError{Code: 1001}, false, false, transcribe.Retry},
		{&remote.CloseError{Code: 1011}, true, false, transcribe.Retry},
	} {
		got := endOf(c.err, c.done)
		if errors.Is(got, io.EOF) != c.eof || transcribe.VerdictOf(got) != c.want || strings.Contains(got.Error(), "secret") {
			t.Errorf("endOf(%v, %t) = %v with verdict %v", c.err, c.done, got, transcribe.VerdictOf(got))
		}
		results, err := confirmed(got, time.Second)
		if !errors.Is(err, got) || len(results) > 0 != c.eof || c.eof && results[0].End != time.Second {
			t.Errorf("confirmed(%v) = %+v, %v", got, results, err)
		}
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte(`{"type":"conversation.item.input_audio_transcription.delta","item_id":"a","delta":"b"}`))
	f.Add([]byte(`{"type":"conversation.item.input_audio_transcription.completed","item_id":"a","transcript":"b","logprobs":[{"logprob":-1}]}`))
	f.Add([]byte(`{"type":"input_audio_buffer.speech_started","item_id":"a","audio_start_ms":-5}`))
	f.Add([]byte(`{"type":"transcription.done","text":"b"}`))
	f.Add([]byte(`{"type":"error","error":"x","code":"y"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		e, err := parseEvent(in)
		if err != nil {
			if !errors.Is(err, remote.ErrGarbage) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, vad := range []bool{false, true} {
			s := newRealtimeSession(nil, 24000, vad)
			s.spans = []span{{1, 2}}
			results, err := s.take(e)
			if err != nil && len(e.fault().Code) > 60 {
				t.Errorf("code %q", e.fault().Code)
			}
			for _, r := range results {
				if r.Start < 0 || r.End < 0 || !(r.Confidence >= 0 && r.Confidence <= 1) {
					t.Errorf("result %+v", r)
				}
			}
		}
		v := newVLLMSession(nil, 16000)
		<-v.idle
		v.busy, v.at = true, span{0, 1}
		if _, err := v.ended(e.Text); err != nil {
			t.Error(err)
		}
	})
}
