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
	sort(audioOf(1, 0, hush(100*ms, 8000)))
	sort(audioOf(2, 0, hush(180*ms, 16000)))
	if !w.idle() {
		t.Error("busy with a tenth of a second")
	}
	sort(audioOf(1, 100*time.Millisecond, hush(150*ms, 8000)))
	if w.idle() {
		t.Error("idle with a stream a quarter of a second late")
	}
	for range 2 {
		w.take()
	}
	if !w.idle() {
		t.Error("busy when all was taken")
	}
}
