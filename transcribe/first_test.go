package transcribe

import (
	"context"
	"errors"
	"testing"
)

func TestFirstFrame(t *testing.T) {
	frames := make(chan Frame, 3)
	frames <- Frame{Rate: 8000}
	frames <- Frame{Rate: 8000, PCM: []int16{7}}
	frames <- Frame{Rate: 8000, PCM: []int16{8}}
	if f, err := FirstFrame(t.Context(), frames); err != nil || f == nil || f.PCM[0] != 7 {
		t.Errorf("%+v, %v: want the first frame with samples", f, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f, err := FirstFrame(ctx, frames); f != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v: cancelled before it looked", f, err)
	}
	empty := make(chan Frame, 1)
	empty <- Frame{Rate: 8000}
	close(empty)
	if f, err := FirstFrame(t.Context(), empty); f != nil || err != nil {
		t.Errorf("%+v, %v: nothing came", f, err)
	}
}
