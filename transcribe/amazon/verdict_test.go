package amazon

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

func TestVerdicts(t *testing.T) {
	wrongSum := transcriptEvent(t, &result{ResultID: "x"})
	wrongSum[len(wrongSum)-1] ^= 1
	huge := encoded(t, bytes.Repeat([]byte("x"), 2<<20), ":message-type", "event", ":event-type", "TranscriptEvent")
	noJSON := encoded(t, []byte("hello"), ":message-type", "event", ":event-type", "TranscriptEvent")
	for _, c := range []struct {
		name string
		plan plan
		want transcribe.Verdict
		is   error
	}{
		{"forbidden", plan{status: 403}, transcribe.UseAnother, nil},
		{"bad request", plan{after: time.Second, exception: "BadRequestException", message: "no"}, transcribe.UseAnother, nil},
		{"unknown key", plan{after: time.Second, exception: "UnrecognizedClientException", message: "no"}, transcribe.UseAnother, nil},
		{"a new exception", plan{after: time.Second, exception: "SurpriseException"}, transcribe.UseAnother, nil},
		{"no event stream", plan{after: time.Second, junk: []byte("hello")}, transcribe.UseAnother, remote.ErrGarbage},
		{"wrong checksum", plan{after: time.Second, junk: wrongSum}, transcribe.UseAnother, remote.ErrGarbage},
		{"no JSON", plan{after: time.Second, junk: noJSON}, transcribe.UseAnother, remote.ErrGarbage},
		{"flood", plan{after: time.Second, junk: huge}, transcribe.UseAnother, remote.ErrFlood},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, e := newFake(t)
			f.plan = func(int) plan { return c.plan }
			h := call(t, e, said(30))
			if h.err == nil || transcribe.VerdictOf(h.err) != c.want {
				t.Fatalf("Transcribe = %v, want verdict %q", h.err, c.want)
			}
			if c.is != nil && !errors.Is(h.err, c.is) {
				t.Errorf("Transcribe = %v, want %v inside", h.err, c.is)
			}
			if f.sessions() != 1 {
				t.Errorf("%d sessions, want no other try", f.sessions())
			}
		})
	}
}

func TestRateLimits(t *testing.T) {
	for _, c := range []struct {
		name  string
		plan  plan
		after time.Duration
	}{
		{"at the door", plan{status: 429}, 7 * time.Second},
		{"too many streams", plan{after: time.Second, exception: "LimitExceededException", message: "no"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, e := newFake(t)
			f.plan = func(int) plan { return c.plan }
			h := call(t, e, said(9))
			limited, ok := errors.AsType[*remote.RateLimited](h.err)
			if !ok || limited.After != c.after || transcribe.VerdictOf(h.err) != transcribe.UseAnother {
				t.Errorf("Transcribe = %v, want rate limited for %v", h.err, c.after)
			}
		})
	}
}

// Neither credentials, nor signed addresses, nor what was said may be in
// errors and logs.
func TestKeepsSecrets(t *testing.T) {
	f, e := newFake(t)
	var log bytes.Buffer
	e.o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f.plan = func(session int) plan {
		if session == 0 {
			return plan{after: 3 * time.Second, cut: true}
		}
		return plan{status: 403}
	}
	words := said(9)
	h := call(t, e, words)
	if h.err == nil || log.Len() == 0 {
		t.Fatalf("error %v, log %q: want both", h.err, log.String())
	}
	for _, secret := range []string{fakeSecret, fakeAccess, "X-Amz", f.query(0).Get("X-Amz-Signature"), words[0].Text, words[3].Text} {
		if strings.Contains(h.err.Error()+log.String(), secret) {
			t.Errorf("%q is in %q or %q", secret, h.err, log.String())
		}
	}
}
