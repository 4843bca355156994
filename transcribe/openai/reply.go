package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// A segment with both of these is one that Whisper itself takes for silence
// (no_speech_threshold and logprob_threshold of its transcribe function).
const (
	noSpeech   = 0.6
	improbable = -1.0
)

// reply is a transcription in either form; the plain one has the text only,
// and with some models log probabilities.
type reply struct {
	Text     *string `json:"text"`
	Words    []word  `json:"words"`
	Segments []piece `json:"segments"`
	// Logprobs are of tokens.
	Logprobs []logprob `json:"logprobs"`
}

// word is a word with its times in seconds of the file.
type word struct {
	Word        string  `json:"word"`
	Start       float64 `json:"start"`
	End         float64 `json:"end"`
	Probability float64 `json:"probability"` // faster-whisper's servers
}

// piece is one of Whisper's segments.
type piece struct {
	Start        float64 `json:"start"`
	End          float64 `json:"end"`
	Text         string  `json:"text"`
	AvgLogprob   float64 `json:"avg_logprob"`
	NoSpeechProb float64 `json:"no_speech_prob"`
}

// invented tells whether Whisper takes its own segment for silence.
func (p piece) invented() bool { return p.NoSpeechProb > noSpeech && p.AvgLogprob < improbable }

// parseReply reads an answer.
func parseReply(b []byte) (reply, error) {
	var r reply
	if err := json.Unmarshal(b, &r); err != nil || r.Text == nil {
		return reply{}, fmt.Errorf("answer of %d bytes: %w", len(b), remote.ErrGarbage)
	}
	return r, nil
}

// place gives what was heard the session's times.
func (r reply) place(job *post) remote.Result {
	out := remote.Result{Final: true, Text: *r.Text, Start: job.at.from, End: job.at.to, Confidence: r.confidence()}
	length := job.at.to - job.from // what lies behind it is the quiet after the speech
	at := func(seconds float64) time.Duration {
		return job.from + min(secondsOf(seconds), length)
	}
	if r.silent() {
		out.Text = ""
		return out
	}
	for _, w := range r.Words {
		if !r.dropped(w) {
			out.Words = append(out.Words, transcribe.Word{
				Text: w.Word, Start: at(w.Start), End: at(w.End), Confidence: min(max(w.Probability, 0), 1),
			})
		}
	}
	if len(r.Words) > 0 {
		return out
	}
	var kept []piece
	for _, p := range r.Segments {
		if !p.invented() && strings.TrimSpace(p.Text) != "" {
			kept = append(kept, p)
		}
	}
	// Times of segments are better than none: each spreads its own words.
	for _, p := range kept {
		out.Words = append(out.Words, transcribe.Word{Text: p.Text, Start: at(p.Start), End: at(p.End)})
	}
	return out
}

// silent tells whether all of it is invented.
func (r reply) silent() bool {
	for _, p := range r.Segments {
		if !p.invented() {
			return false
		}
	}
	return len(r.Segments) > 0
}

// dropped tells whether a word lies in a segment that is invented.
func (r reply) dropped(w word) bool {
	middle := (w.Start + w.End) / 2
	for _, p := range r.Segments {
		if middle >= p.Start && middle <= p.End {
			return p.invented()
		}
	}
	return false
}

// confidence is the mean over the segments, each by its length, or over the
// tokens; 0 when neither is there.
func (r reply) confidence() float64 {
	sum, length := 0.0, 0.0
	for _, p := range r.Segments {
		if d := p.End - p.Start; d > 0 && !p.invented() && p.AvgLogprob < 0 {
			sum += d * math.Exp(p.AvgLogprob)
			length += d
		}
	}
	if length > 0 && !math.IsNaN(sum/length) {
		return min(sum/length, 1)
	}
	return confidence(r.Logprobs)
}

// secondsOf converts a time, which may be anything.
func secondsOf(s float64) time.Duration {
	if math.IsNaN(s) || s <= 0 {
		return 0
	}
	return time.Duration(min(s, 1e6) * float64(time.Second))
}

// errQuota is a quota that no waiting brings back.
var errQuota = errors.New("the quota is used up")

// answered is an answer that is no transcription.
type answered struct {
	status int
	after  time.Duration // as the service asked; 0 = it did not say
	err    error
}

// Error gives the cause.
func (a *answered) Error() string { return a.err.Error() }

// Unwrap gives the cause.
func (a *answered) Unwrap() error { return a.err }

// unsupported tells whether a server may only dislike the form of answer that
// was asked for.
func unsupported(err error) bool {
	a, ok := errors.AsType[*answered](err)
	return ok && (a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity || a.status == http.StatusNotImplemented)
}

// refusal judges an answer that is no transcription. Its message stays out:
// it may repeat a part of the key.
func refusal(answer *http.Response, b []byte) error {
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	_ = json.Unmarshal(b, &body) // a proxy's page has no code
	f := event{Error: body.Error}.fault()
	cause := fmt.Errorf("%w: type %q, code %q", errService, f.Type, f.Code)
	if f.Code == codeQuota || f.Type == codeQuota {
		cause = fmt.Errorf("%w: %w", errQuota, cause)
	}
	err := remote.Status(httpName, answer.StatusCode, answer.Header, cause)
	// Status reads Retry-After for 429 only; overloaded servers send it too.
	probe := remote.Status(httpName, http.StatusTooManyRequests, answer.Header, cause)
	after := time.Duration(0)
	if limited, ok := errors.AsType[*remote.RateLimited](probe); ok {
		after = limited.After
	}
	return &answered{status: answer.StatusCode, after: after, err: err}
}
