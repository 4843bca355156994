package google

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// limited is a quota that is used up, with the service's wish.
func limited(t *testing.T, after time.Duration) error {
	t.Helper()
	s, err := status.New(codes.ResourceExhausted, "Quota exceeded").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(after)})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

func TestVerdicts(t *testing.T) {
	flood := &speechpb.StreamingRecognizeResponse{Results: []*speechpb.StreamingRecognitionResult{{
		Alternatives: []*speechpb.SpeechRecognitionAlternative{{Transcript: strings.Repeat("word ", maxMessage/4)}},
	}}}
	// Field 6 of an answer is a message; this one is not.
	garbage := &speechpb.WordInfo{SpeakerLabel: "\x0f\x0f"}
	for _, c := range []struct {
		name string
		plan plan
		want transcribe.Verdict
		is   error
	}{
		{"wrong key", plan{refuse: status.Error(codes.Unauthenticated, "no")}, transcribe.UseAnother, nil},
		{"no permission", plan{refuse: status.Error(codes.PermissionDenied, "no")}, transcribe.UseAnother, nil},
		{"wrong model", plan{refuse: status.Error(codes.InvalidArgument, "no")}, transcribe.UseAnother, nil},
		{"no recognizer", plan{refuse: status.Error(codes.NotFound, "no")}, transcribe.UseAnother, nil},
		{"not enabled", plan{refuse: status.Error(codes.FailedPrecondition, "no")}, transcribe.UseAnother, nil},
		{"refused later", plan{after: time.Second, fail: status.Error(codes.PermissionDenied, "no")}, transcribe.UseAnother, nil},
		{"garbage", plan{after: time.Second, junk: garbage}, transcribe.UseAnother, remote.ErrGarbage},
		{"flood", plan{after: time.Second, junk: flood}, transcribe.UseAnother, remote.ErrFlood},
		{"never there", plan{refuse: status.Error(codes.Unavailable, "no")}, transcribe.Retry, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, e := newFake(t)
				f.plan = func(int) plan { return c.plan }
				h := call(t, e, said(30))
				if h.err == nil || transcribe.VerdictOf(h.err) != c.want {
					t.Fatalf("Transcribe = %v, want verdict %q", h.err, c.want)
				}
				if c.is != nil && !errors.Is(h.err, c.is) {
					t.Errorf("Transcribe = %v, want %v inside", h.err, c.is)
				}
				if once := c.want == transcribe.UseAnother; once && f.sessions() != 1 {
					t.Errorf("%d streams, want no other try", f.sessions())
				}
			})
		})
	}
}

func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := newFake(t)
		f.plan = func(int) plan { return plan{refuse: limited(t, 7*time.Second)} }
		h := call(t, e, said(3))
		quota, ok := errors.AsType[*remote.RateLimited](h.err)
		if !ok || quota.After != 7*time.Second || transcribe.VerdictOf(h.err) != transcribe.UseAnother {
			t.Errorf("Transcribe = %v, want rate limited for 7 s", h.err)
		}
	})
}

func TestVerdictLeavesTheRestAlone(t *testing.T) {
	for _, code := range []codes.Code{codes.Unavailable, codes.Aborted, codes.Internal, codes.OutOfRange, codes.Unknown, codes.DeadlineExceeded, codes.Canceled} {
		if _, ok := errors.AsType[*transcribe.Error](verdict(status.Error(code, "x"))); ok {
			t.Errorf("%v has a verdict, want another try", code)
		}
	}
	if got := after(status.New(codes.ResourceExhausted, "no details")); got != 0 {
		t.Errorf("after without details = %v", got)
	}
}

// Neither the key nor what was said may be in errors and logs.
func TestKeepsSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := newFake(t)
		var log bytes.Buffer
		e.o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		f.plan = func(session int) plan {
			if session == 0 {
				return plan{after: 3 * time.Second, fail: status.Error(codes.Unavailable, "again")}
			}
			return plan{after: 3 * time.Second, fail: status.Error(codes.PermissionDenied, "no")}
		}
		words := said(9)
		h := call(t, e, words)
		if h.err == nil || log.Len() == 0 {
			t.Fatalf("error %v, log %q: want both", h.err, log.String())
		}
		for _, secret := range []string{fakeKey, words[0].Text, words[3].Text} {
			if strings.Contains(h.err.Error()+log.String(), secret) {
				t.Errorf("%q is in %q or %q", secret, h.err, log.String())
			}
		}
	})
}
