package remote

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"heed/transcribe"
)

// Failures that end a call's transcription with this engine.
var (
	// ErrGarbage means that the service said what its document does not have.
	ErrGarbage = errors.New("message is not what the service's document says")
	// ErrFlood means that the service said more than anybody can speak.
	ErrFlood = errors.New("too much text for one stretch of speech")
)

// RateLimited means that the service wants no more for now: 429, or a quota
// that is used up.
type RateLimited struct {
	After time.Duration // as the service asked; 0 = it did not say
	Err   error
}

// Error names the cause and the wait.
func (e *RateLimited) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("rate limited, again after %v: %v", e.After, e.Err)
	}
	return fmt.Sprintf("rate limited: %v", e.Err)
}

// Unwrap gives the cause.
func (e *RateLimited) Unwrap() error { return e.Err }

// Refused gives err the verdict that this engine will not recover during the
// call: a bad key, a bad request, garbage.
func Refused(name string, err error) error {
	return &transcribe.Error{Engine: name, Verdict: transcribe.UseAnother, Err: err}
}

// Limited is [Refused] with a [RateLimited] inside.
func Limited(name string, after time.Duration, err error) error {
	return Refused(name, &RateLimited{After: after, Err: err})
}

// Status gives err the verdict of an HTTP answer: 429 is [Limited] by its
// Retry-After, timeouts and 5xx may be tried again, and everything else is
// [Refused]. header may be nil.
func Status(name string, status int, header http.Header, err error) error {
	err = fmt.Errorf("%w (HTTP %d)", err, status)
	switch {
	case status == http.StatusTooManyRequests:
		return Limited(name, retryAfter(header.Get("Retry-After"), time.Now()), err)
	case status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return &transcribe.Error{Engine: name, Verdict: transcribe.Retry, Err: err}
	}
	return Refused(name, err)
}

// maxRetryAfter bounds what a service may ask for.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header's two forms, seconds and a date (RFC 9110,
// 10.2.3); 0 when it is neither.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return min(max(0, time.Duration(min(seconds, 1<<30))*time.Second), maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), maxRetryAfter)
	}
	return 0
}

// final tells whether connecting again is pointless after err.
func final(err error) bool {
	failure, ok := errors.AsType[*transcribe.Error](err)
	return ok && failure.Verdict != transcribe.Retry
}
