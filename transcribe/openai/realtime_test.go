package openai

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote"
)

// streaming makes an engine for a fake.
func streaming(t *testing.T, o RealtimeOptions) *Realtime {
	t.Helper()
	if o.Key == "" {
		o.Key = "secret"
	}
	if o.Dialect == VLLM && o.Model == "" {
		o.Model = "voxtral"
	}
	e, err := NewRealtime(o)
	if err != nil {
		t.Fatal(err)
	}
	service := e.service()
	service.Pace = 0 // fakes hear at any speed
	if e.runner, err = remote.New(service); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRealtimeConformance(t *testing.T) {
	for name, o := range map[string]RealtimeOptions{
		"OpenAI": {}, "OpenAI mu-law": {Mulaw: true}, "OpenAI VAD": {Model: "gpt-4o-transcribe", ServerVAD: true}, "vLLM": {Dialect: VLLM},
	} {
		t.Run(name, func(t *testing.T) {
			enginetest.Run(t, func(t *testing.T) transcribe.Engine {
				o.URL, _ = serveRealtime(t, rtHabits{hears: sampled(t)}, o.Dialect == VLLM)
				return streaming(t, o)
			}, enginetest.Options{Recall: 0.95, FinalsOnly: o.ServerVAD})
		})
	}
}

func TestRealtimeHearsWhateverTheServersHabits(t *testing.T) {
	for name, c := range map[string]struct {
		o        RealtimeOptions
		h        rtHabits
		rate     int
		sessions int
	}{
		"plain":               {rate: 24000, sessions: 1},
		"mu-law":              {o: RealtimeOptions{Mulaw: true}, rate: 8000, sessions: 1},
		"finals twice":        {h: rtHabits{doubled: true}, rate: 24000, sessions: 1},
		"out of order":        {h: rtHabits{swapped: true}, rate: 24000, sessions: 1},
		"out of order, twice": {h: rtHabits{swapped: true, doubled: true}, rate: 24000, sessions: 1},
		"finals only":         {h: rtHabits{noDeltas: true}, rate: 24000, sessions: 1},
		"commits unnamed":     {h: rtHabits{unnamed: true}, rate: 24000, sessions: 1},
		"breaks in a word":    {h: rtHabits{cutAfter: []time.Duration{1700 * ms}}, rate: 24000, sessions: 2},
		"breaks twice":        {h: rtHabits{cutAfter: []time.Duration{4 * time.Second, 2 * time.Second}}, rate: 24000, sessions: 3},
		"session expires":     {h: rtHabits{atCommit: `{"type":"error","error":{"type":"invalid_request_error","code":"session_expired"}}`}, rate: 24000, sessions: 2},
		"an item fails":       {h: rtHabits{atCommit: `{"type":"` + transcriptionEvent + `failed","item_id":"item_0_0","error":{"type":"server_error","code":"x"}}`}, rate: 24000, sessions: 2},
		"server detects":      {o: RealtimeOptions{Model: "gpt-4o-transcribe", ServerVAD: true}, rate: 24000, sessions: 1},
		"vLLM":                {o: RealtimeOptions{Dialect: VLLM}, rate: 16000, sessions: 1},
		"vLLM finals only":    {o: RealtimeOptions{Dialect: VLLM}, h: rtHabits{noDeltas: true}, rate: 16000, sessions: 1},
		"vLLM breaks":         {o: RealtimeOptions{Dialect: VLLM}, h: rtHabits{cutAfter: []time.Duration{1700 * ms}}, rate: 16000, sessions: 2},
		"vLLM fails":          {o: RealtimeOptions{Dialect: VLLM}, h: rtHabits{atCommit: `{"type":"error","error":"out of memory","code":"processing_error"}`}, rate: 16000, sessions: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, f := serveRealtime(t, c.h, c.o.Dialect == VLLM)
			c.o.URL = url
			got := hear(t, streaming(t, c.o), said(4), c.rate)
			if got.err != nil || got.text != want(4) {
				t.Fatalf("%q, %v; want %q", got.text, got.err, want(4))
			}
			got.near(t, 4, 100*ms)
			if f.sessions != c.sessions {
				t.Errorf("%d sessions, want %d", f.sessions, c.sessions)
			}
		})
	}
}

// Ten sentences take 40 s, and sessions live 30 s. A machine that stalls
// may miss the quiet moment; as times of words are estimates, the word at the
// seam may then be said by both sessions. None may be lost.
func TestRealtimeRotatesSessions(t *testing.T) {
	t.Parallel()
	url, f := serveRealtime(t, rtHabits{}, false)
	e := streaming(t, RealtimeOptions{URL: url})
	service := e.service()
	if service.MaxSession != sessionLimit || service.Pace != realtimePace {
		t.Errorf("sessions of %v at a pace of %v", service.MaxSession, service.Pace)
	}
	service.MaxSession, service.Pace = 30*time.Second, 4
	var err error
	if e.runner, err = remote.New(service); err != nil {
		t.Fatal(err)
	}
	words := said(10)
	for i := range words { // the vocabulary has sixty words, so the pauses are made longer
		words[i].Start += time.Duration(i/6) * 1200 * ms
		words[i].End += time.Duration(i/6) * 1200 * ms
	}
	got := hear(t, e, words, 24000)
	all := slices.Compact(strings.Fields(strings.ReplaceAll(got.text, " | ", " ")))
	if got.err != nil || strings.Join(all, " ") != text(words) {
		t.Errorf("%q, %v; want %q", got.text, got.err, text(words))
	}
	if f.sessions != 2 {
		t.Errorf("%d sessions for 40 s, want 2", f.sessions)
	}
}

func TestRealtimeSendsHints(t *testing.T) {
	hints := transcribe.Hints{Language: "en-GB", Phrases: []string{"heed", "fibre max"}}
	for model, field := range map[string]string{"": "keywords", "gpt-4o-transcribe": "prompt", "gpt-realtime-whisper": ""} {
		url, f := serveRealtime(t, rtHabits{}, false)
		if got := hear(t, streaming(t, RealtimeOptions{URL: url, Model: model}).With(hints), said(1), 24000); got.err != nil {
			t.Fatal(got.err)
		}
		input := f.settings[0]["audio"].(map[string]any)["input"].(map[string]any)
		transcription := input["transcription"].(map[string]any)
		if turns, there := input["turn_detection"]; !there || turns != nil {
			t.Errorf("turn detection %v, want null", turns)
		}
		if transcription["language"] != "en" || (transcription["keywords"] != nil) != (field == "keywords") || (transcription["prompt"] != nil) != (field == "prompt") {
			t.Errorf("%q: transcription %v", model, transcription)
		}
		if scores := f.settings[0]["include"] != nil; scores != (model == "gpt-4o-transcribe") {
			t.Errorf("%q: include %v", model, f.settings[0]["include"])
		}
	}
}

func TestRealtimeFaults(t *testing.T) {
	fault := func(kind, code string) string {
		return `{"type":"error","error":{"type":"` + kind + `","code":"` + code + `","message":"key secret"}}`
	}
	for name, c := range map[string]struct {
		o     RealtimeOptions
		h     rtHabits
		is    error
		after time.Duration
	}{
		"unauthorized":      {o: RealtimeOptions{Key: "other"}},
		"rate limited":      {h: rtHabits{status: 429}, after: 7 * time.Second},
		"no such model":     {h: rtHabits{atUpdate: fault("invalid_request_error", "model_not_found")}, is: errService},
		"out of quota":      {h: rtHabits{atUpdate: fault("insufficient_quota", codeQuota)}, is: errService},
		"closed for us":     {h: rtHabits{closes: 3000}, is: errService},
		"garbage at first":  {h: rtHabits{atUpdate: "hello"}, is: remote.ErrGarbage},
		"garbage later":     {h: rtHabits{atCommit: `{"item_id":1}`}, is: remote.ErrGarbage},
		"oversized":         {h: rtHabits{atCommit: strings.Repeat("x", 2<<20)}, is: remote.ErrFlood},
		"vLLM unauthorized": {o: RealtimeOptions{Dialect: VLLM, Key: "other"}},
		"vLLM other model":  {o: RealtimeOptions{Dialect: VLLM, Model: "other"}, is: errService},
		"vLLM garbage":      {o: RealtimeOptions{Dialect: VLLM}, h: rtHabits{atCommit: `[]`}, is: remote.ErrGarbage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.o.URL, _ = serveRealtime(t, c.h, c.o.Dialect == VLLM)
			got := hear(t, streaming(t, c.o), said(2), 16000)
			if transcribe.VerdictOf(got.err) != transcribe.UseAnother {
				t.Fatalf("error %v with verdict %v", got.err, transcribe.VerdictOf(got.err))
			}
			if c.is != nil && !errors.Is(got.err, c.is) {
				t.Errorf("error %v, want %v", got.err, c.is)
			}
			limited, ok := errors.AsType[*remote.RateLimited](got.err)
			if c.after > 0 && (!ok || limited.After != c.after) {
				t.Errorf("error %v, want one that tells of %v", got.err, c.after)
			}
			if strings.Contains(got.err.Error(), "secret") || strings.Contains(got.err.Error(), "127.0.0.1") {
				t.Errorf("error %q tells a secret", got.err)
			}
		})
	}
}

// A server that never gives its finals costs the wait, and not what it had
// shown.
func TestRealtimeServerThatNeverFinishes(t *testing.T) {
	for dialect, rate := range map[Dialect]int{OpenAI: 24000, VLLM: 16000} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel() // each waits for its own silent server
			url, _ := serveRealtime(t, rtHabits{mute: true}, dialect == VLLM)
			got := hear(t, streaming(t, RealtimeOptions{URL: url, Dialect: dialect}), said(1), rate)
			if got.err != nil || got.text != want(1) {
				t.Errorf("%q, %v; want %q", got.text, got.err, want(1))
			}
		})
	}
}

func TestNewRealtimeRefuses(t *testing.T) {
	for _, o := range []RealtimeOptions{
		{},
		{Key: "k", URL: "https://api.openai.com"},
		{Key: "k", ServerVAD: true},
		{Dialect: "other"},
		{Dialect: VLLM},
		{Dialect: VLLM, Model: "m", ServerVAD: true},
		{Dialect: VLLM, Model: "m", Mulaw: true},
	} {
		if _, err := NewRealtime(o); err == nil {
			t.Errorf("NewRealtime(%+v) succeeded", o)
		}
	}
	e := streaming(t, RealtimeOptions{Language: "en"})
	if info := e.Info(); info.Name != realtimeName || info.Model != realtimeModel || info.Languages[0] != "en" {
		t.Errorf("%+v", info)
	}
	if e.o.URL != "wss://api.openai.com/v1/realtime?intent=transcription" {
		t.Errorf("address %q", e.o.URL)
	}
}

func TestRealRealtime(t *testing.T) {
	key := os.Getenv("HEED_TEST_OPENAI_KEY")
	if key == "" {
		t.Skip("HEED_TEST_OPENAI_KEY holds no key for the real service")
	}
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		return streaming(t, RealtimeOptions{Key: key, Language: "en"})
	}, enginetest.Options{Recall: 0.5})
}
