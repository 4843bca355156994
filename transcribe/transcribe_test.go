package transcribe_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"heed/transcribe"
)

func TestAFrameKnowsItsPlace(t *testing.T) {
	f := transcribe.Frame{PCM: make([]int16, 160), Rate: 8000, At: time.Second}
	if f.Duration() != transcribe.FrameDuration || f.End() != 1020*time.Millisecond {
		t.Errorf("lasts %s and ends at %s", f.Duration(), f.End())
	}
	if d := (transcribe.Frame{PCM: make([]int16, 160)}).Duration(); d != 0 {
		t.Errorf("a frame without a rate lasts %s", d)
	}
}

func TestErrorsStateTheirVerdict(t *testing.T) {
	dead := &transcribe.Error{Engine: "sherpa", Verdict: transcribe.UseAnother, Err: errors.New("worker died")}
	tests := []struct {
		name string
		err  error
		want transcribe.Verdict
	}{
		{"as the engine says", dead, transcribe.UseAnother},
		{"wrapped", fmt.Errorf("customer: %w", dead), transcribe.UseAnother},
		{"the call was cut off", fmt.Errorf("hear: %w", context.Canceled), transcribe.GiveUp},
		{"out of time", context.DeadlineExceeded, transcribe.GiveUp},
		{"the engine's word counts before the context's", &transcribe.Error{Verdict: transcribe.Retry, Err: context.Canceled}, transcribe.Retry},
		{"unknown", errors.New("?"), transcribe.Retry},
	}
	for _, tt := range tests {
		if got := transcribe.VerdictOf(tt.err); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if dead.Error() != "sherpa: worker died" || !errors.Is(dead, dead.Err) {
		t.Errorf("the error reads %q", dead)
	}
	for v, want := range map[transcribe.Verdict]string{
		transcribe.Retry: "retry", transcribe.UseAnother: "use another engine", transcribe.GiveUp: "give up", 9: "unknown verdict",
	} {
		if v.String() != want {
			t.Errorf("verdict %d reads %q", int(v), v)
		}
	}
}
