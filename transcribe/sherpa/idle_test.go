package sherpa

import (
	"io"
	"testing"
	"time"
)

func TestIdle(t *testing.T) {
	w := newWorker(io.Discard, DefaultTuning())
	sort := func(m message) {
		t.Helper()
		if err := w.sort(m); err != nil {
			t.Fatal(err)
		}
	}
	sort(openMessage(1, 8000, hints{}))
	sort(openMessage(2, 16000, hints{}))
	if !w.idle() {
		t.Error("busy with nothing to hear")
	}
	sort(audioOf(1, 0, hush(40*ms, 8000)))
	sort(audioOf(2, 0, hush(50*ms, 16000)))
	if !w.idle() {
		t.Error("busy with a frame or two")
	}
	sort(audioOf(1, 40*time.Millisecond, hush(60*ms, 8000)))
	if w.idle() {
		t.Error("idle with a stream a tenth of a second late")
	}
	for range 2 {
		w.take()
	}
	if !w.idle() {
		t.Error("busy when all was taken")
	}
}
