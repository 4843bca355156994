package remote

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe"
)

// frame is a frame of silence.
func frame(at, length time.Duration) transcribe.Frame {
	return transcribe.Frame{PCM: make([]int16, count(length, 8000)), Rate: 8000, At: at}
}

func TestTapeFillsGaps(t *testing.T) {
	for name, c := range map[string]struct {
		second    time.Duration // stream time of the second frame; the first ends at 11 s
		end       time.Duration // of the tape
		streamEnd time.Duration
	}{
		"none":                   {11 * time.Second, 2 * time.Second, 12 * time.Second},
		"less than jitter":       {11*time.Second + 3*ms, 2 * time.Second, 12 * time.Second},
		"a second":               {12 * time.Second, 3 * time.Second, 13 * time.Second},
		"an hour":                {time.Hour, 2*time.Second + stub, time.Hour + time.Second},
		"an overlap, after hold": {10 * time.Second, 2 * time.Second, 11 * time.Second},
	} {
		tape, err := newTape(8000, 16000, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []transcribe.Frame{frame(10*time.Second, time.Second), frame(c.second, time.Second)} {
			if err := tape.record(f); err != nil {
				t.Fatal(err)
			}
		}
		tape.finish()
		if tape.end() != c.end || tape.streamEnd() != c.streamEnd || tape.total() != count(c.end, 16000) {
			t.Errorf("%s: %v and %d samples, stream time %v; want %v and %v", name, tape.end(), tape.total(), tape.streamEnd(), c.end, c.streamEnd)
		}
		if at := tape.stream(c.end - 500*ms); at != c.streamEnd-500*ms {
			t.Errorf("%s: half a second before the end is %v, want %v", name, at, c.streamEnd-500*ms)
		}
	}
}

func TestTapeRefusesAnotherRate(t *testing.T) {
	tape := newTapeOf(t, 8000, 8000)
	if err := tape.record(transcribe.Frame{PCM: make([]int16, 10), Rate: 16000}); err == nil {
		t.Error("a second rate was taken")
	}
	if _, err := newTape(1, 8000, 0); err == nil {
		t.Error("1 Hz was taken")
	}
}

func TestStreamTimeNeverGoesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tape := newTapeOf(t, 8000, 8000)
		at := time.Duration(0)
		for range rapid.IntRange(1, 20).Draw(rt, "frames") {
			at += time.Duration(rapid.IntRange(0, 300).Draw(rt, "gap")) * 10 * ms
			length := time.Duration(rapid.IntRange(1, 100).Draw(rt, "length")) * 10 * ms
			if err := tape.record(frame(at, length)); err != nil {
				rt.Fatal(err)
			}
			at += length
			if rapid.Bool().Draw(rt, "held") {
				tape.hold(time.Duration(rapid.IntRange(0, 500).Draw(rt, "hold")) * ms)
			}
		}
		before := time.Duration(0)
		for pos := time.Duration(0); pos <= tape.end(); pos += 7 * ms {
			now := tape.stream(pos)
			if now < before || now > at {
				rt.Fatalf("position %v is %v, after %v, of %v", pos, now, before, at)
			}
			before = now
		}
	})
}

func TestTapeKeepsWhatIsNeeded(t *testing.T) {
	tape := newTapeOf(t, 8000, 8000)
	for i := range 100 {
		f := frame(time.Duration(i)*time.Second, time.Second)
		f.PCM[0] = int16(i + 1)
		if err := tape.record(f); err != nil {
			t.Fatal(err)
		}
		tape.forget(tape.total() - 10*8000)
	}
	if kept := int64(len(tape.samples)); kept < 10*8000 || kept > 12*8000 {
		t.Errorf("%d samples kept of the last 80000", kept)
	}
	if got := tape.cut(95*8000, 10); got == nil || got[0] != 96 {
		t.Errorf("cut at 95 s gives %v", got)
	}
	if tape.cut(5*8000, 10) != nil || tape.cut(100*8000-5, 10) != nil {
		t.Error("cut gives what is not there")
	}
}

func TestSpanAndCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1<<45).Draw(t, "samples")
		rate := rapid.SampledFrom([]int{8000, 16000, 24000, 44100, 48000}).Draw(t, "rate")
		// Rounding down both ways may lose one sample and never gains one.
		if back := count(span(n, rate), rate); back != n && back != n-1 {
			t.Errorf("%d samples are %v, which are %d", n, span(n, rate), back)
		}
	})
}
