package openai

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

// postHabits are how the fake HTTP server behaves. The zero value is a good
// one that knows verbose_json, as OpenAI's with whisper-1.
type postHabits struct {
	hears     understanding // default spoken
	plainOnly bool          // verbose_json is refused, as for gpt-4o-transcribe
	segments  bool          // times of segments only, as vLLM
	invents   bool          // an invented segment follows
	failures  []int         // what the first requests are answered
	after     string        // Retry-After of those
	code      string        // the error's code of those
	swapped   bool          // the first request is answered after the second
	hangs     bool          // no answer comes
	body      string        // said instead of every answer
	breaks    int           // requests that are cut off without an answer
}

// postFake is a server for /v1/audio/transcriptions.
type postFake struct {
	t *testing.T
	postHabits
	mu       sync.Mutex
	requests int
	busy     int
	busiest  int
	forms    []map[string][]string
	second   chan struct{}
}

// servePosts starts one and gives the base address.
func servePosts(t *testing.T, h postHabits) (string, *postFake) {
	t.Helper()
	if h.hears == nil {
		h.hears = spoken
	}
	f := &postFake{t: t, postHabits: h, second: make(chan struct{})}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return server.URL + "/v1", f
}

// ServeHTTP is one request.
func (f *postFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	n := f.requests
	f.requests++
	f.busy++
	f.busiest = max(f.busiest, f.busy)
	f.mu.Unlock()
	defer func() { f.mu.Lock(); f.busy--; f.mu.Unlock() }()
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/v1/audio/transcriptions":
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Header.Get("Authorization") != "Bearer secret":
		f.refuse(w, http.StatusUnauthorized, "invalid_api_key")
		return
	case n < f.breaks:
		panic(http.ErrAbortHandler)
	case n < len(f.failures) && f.failures[n] != 0:
		w.Header().Set("Retry-After", f.after)
		f.refuse(w, f.failures[n], f.code)
		return
	case f.hangs:
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return
	}
	pcm, rate, ok := f.read(w, r)
	if !ok {
		return
	}
	if f.swapped && n == 0 {
		<-f.second
	}
	if f.body != "" {
		_, _ = io.WriteString(w, f.body)
	} else {
		_ = json.NewEncoder(w).Encode(f.answer(f.hears(pcm, rate), r.MultipartForm.Value["response_format"][0] == "json"))
	}
	if n == 1 {
		close(f.second)
	}
}

// refuse answers an error whose message repeats the key, as OpenAI's does.
func (f *postFake) refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
		"message": "key secret is wrong", "type": "invalid_request_error", "param": nil, "code": code,
	}})
}

// read takes the form apart and refuses what the document does not allow.
func (f *postFake) read(w http.ResponseWriter, r *http.Request) ([]int16, int, bool) {
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		f.refuse(w, http.StatusBadRequest, "bad_form")
		return nil, 0, false
	}
	form := r.MultipartForm.Value
	f.mu.Lock()
	f.forms = append(f.forms, form)
	f.mu.Unlock()
	granular, format := form["timestamp_granularities[]"], form["response_format"]
	switch {
	case len(form["model"]) != 1 || len(format) != 1 || len(r.MultipartForm.File["file"]) != 1,
		format[0] == "json" && len(granular) > 0,
		format[0] == "verbose_json" && !slices.Contains(granular, "word"),
		f.plainOnly && format[0] != "json":
		f.refuse(w, http.StatusBadRequest, "unsupported_value")
		return nil, 0, false
	}
	part := r.MultipartForm.File["file"][0]
	file, err := part.Open()
	if err != nil {
		f.t.Error(err)
		return nil, 0, false
	}
	defer file.Close()
	wav, err := audio.ReadWAV(file)
	if err != nil || part.Filename != "speech.wav" || len(wav.Channels) != 1 || len(wav.Channels[0]) < wav.Rate/10 {
		f.t.Errorf("file %q: %v", part.Filename, err)
		f.refuse(w, http.StatusBadRequest, "audio_too_short")
		return nil, 0, false
	}
	return wav.Channels[0], wav.Rate, true
}

// answer forms a transcription.
func (f *postFake) answer(words []transcribe.Word, plain bool) any {
	type object = map[string]any
	sentence := text(words)
	if f.invents {
		sentence += " Thank you for watching."
	}
	out := object{"text": sentence}
	if plain || len(words) == 0 {
		return out
	}
	out["task"], out["language"] = "transcribe", "english"
	last := words[len(words)-1].End.Seconds()
	pieces := []object{{"id": 0, "start": words[0].Start.Seconds(), "end": last, "text": " " + text(words) + ".", "avg_logprob": -0.2, "no_speech_prob": 0.01}}
	var entries []object
	for _, w := range words {
		entries = append(entries, object{"word": w.Text, "start": w.Start.Seconds(), "end": w.End.Seconds()})
	}
	if f.invents {
		pieces = append(pieces, object{"id": 1, "start": last + 0.1, "end": last + 0.6, "text": " Thank you for watching.", "avg_logprob": -1.4, "no_speech_prob": 0.93})
		for i, w := range []string{"Thank", "you", "for", "watching"} {
			at := last + 0.1 + float64(i)/10
			entries = append(entries, object{"word": w, "start": at, "end": at + 0.1})
		}
	}
	out["segments"] = pieces
	if !f.segments {
		out["words"] = entries
	}
	return out
}

// retryAfter is the header for seconds.
func retryAfter(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// clientWithoutIdle keeps no connections, whose goroutines outlive a request
// by a moment.
func clientWithoutIdle() http.RoundTripper { return &http.Transport{DisableKeepAlives: true} }
