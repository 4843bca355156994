package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// event is a message of either dialect's server.
type event struct {
	Type         string          `json:"type"`
	ItemID       string          `json:"item_id"`
	Delta        string          `json:"delta"`
	Transcript   string          `json:"transcript"` // OpenAI's final
	Text         string          `json:"text"`       // vLLM's final
	AudioStartMS int64           `json:"audio_start_ms"`
	AudioEndMS   int64           `json:"audio_end_ms"`
	Logprobs     []logprob       `json:"logprobs"`
	Error        json.RawMessage `json:"error"`
	Code         string          `json:"code"` // vLLM's, beside the error's text
}

// logprob is a token's log probability.
type logprob struct {
	Logprob float64 `json:"logprob"`
}

// parseEvent reads one message.
func parseEvent(b []byte) (event, error) {
	var e event
	if err := json.Unmarshal(b, &e); err != nil || e.Type == "" {
		return event{}, fmt.Errorf("event of %d bytes: %w", len(b), remote.ErrGarbage)
	}
	return e, nil
}

// fault is what an error event says. The message is left out on purpose: it
// may repeat a part of the key.
type fault struct {
	Type string `json:"type"`
	Code string `json:"code"`
}

// fault reads the error of an event: an object in OpenAI's dialect, a text
// beside a code in vLLM's.
func (e event) fault() fault {
	var f fault
	if json.Unmarshal(e.Error, &f) != nil {
		f = fault{}
	}
	if f.Code == "" {
		f.Code = e.Code
	}
	return fault{Type: tidy(f.Type), Code: tidy(f.Code)}
}

// tidy keeps a code only if it is one: they go into logs.
func tidy(code string) string {
	odd := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_.-", r) }
	if len(code) > 60 || strings.ContainsFunc(strings.ToLower(code), odd) {
		return "unreadable"
	}
	return code
}

// Codes that mean something to us.
const (
	codeCommitEmpty  = "input_audio_buffer_commit_empty"
	codeNotAudible   = "audio_unintelligible"
	codeExpired      = "session_expired"
	codeQuota        = "insufficient_quota"
	codeLimited      = "rate_limit_exceeded"
	typeInvalid      = "invalid_request_error"
	vllmBadModel     = "model_not_validated"
	vllmUnknownEvent = "unknown_event"
)

// errService is a service that says that it failed.
var errService = errors.New("the service reports an error")

// verdict makes an error of the fault. What we did wrong we would do again;
// everything else may go better on a new connection.
func (f fault) verdict() error {
	err := fmt.Errorf("%w: type %q, code %q", errService, f.Type, f.Code)
	switch {
	case f.Code == codeQuota || f.Code == codeLimited || f.Type == codeQuota:
		return remote.Limited(realtimeName, 0, err)
	case f.Code == codeExpired:
		return err
	case f.Type == typeInvalid, f.Type == "authentication_error", f.Code == vllmBadModel, f.Code == vllmUnknownEvent:
		return remote.Refused(realtimeName, err)
	}
	return &transcribe.Error{Engine: realtimeName, Verdict: transcribe.Retry, Err: err}
}

// confidence is the mean probability of tokens; 0 when there are none.
func confidence(tokens []logprob) float64 {
	if len(tokens) == 0 {
		return 0
	}
	sum := 0.0
	for _, t := range tokens {
		if p := math.Exp(min(t.Logprob, 0)); p >= 0 {
			sum += p / float64(len(tokens))
		}
	}
	return min(sum, 1)
}
