package sherpa

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestDozerLosesNoSound: whatever the frames, everything that is not silent
// is handed over, at its time, with no more silence before it than promised.
func TestDozerLosesNoSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDozer(8000, DefaultTuning())
		at := time.Duration(rapid.IntRange(0, 1e6).Draw(t, "start")) * ms
		for range rapid.IntRange(1, 60).Draw(t, "frames") {
			frame := hush(time.Duration(rapid.IntRange(1, 200).Draw(t, "length"))*ms, 8000)
			loud := rapid.IntRange(0, 9).Draw(t, "loud") == 0
			if loud {
				frame[rapid.IntRange(0, len(frame)-1).Draw(t, "where")] = silent + 1
			}
			since, heard := d.wake(at, frame)
			end := at + samplesToTime(int64(len(frame)), 8000)
			switch {
			case !loud && heard != nil:
				t.Fatalf("woke at %v of silence", at)
			case loud && len(heard) < len(frame):
				t.Fatalf("at %v: %d of %d samples handed over", at, len(heard), len(frame))
			case loud && (end-since-samplesToTime(int64(len(heard)), 8000)).Abs() > resync:
				t.Fatalf("at %v: %d samples since %v", at, len(heard), since)
			case loud && samplesToTime(int64(len(heard)-len(frame)), 8000) > recall:
				t.Fatalf("at %v: %d samples of silence before", at, len(heard)-len(frame))
			}
			at = end + time.Duration(rapid.SampledFrom([]int{0, 0, 0, 5, 400}).Draw(t, "gap"))*ms
		}
	})
}

func TestDozerWaitsForTheEndpoint(t *testing.T) {
	tuning := DefaultTuning()
	d := newDozer(8000, tuning)
	quiet := time.Duration(0)
	for !d.sleepy(hush(20*ms, 8000)) {
		quiet += 20 * ms
		if quiet == 500*ms && d.sleepy(tone(20*ms, 8000)) {
			t.Fatal("fell asleep while somebody spoke")
		}
		if quiet > 10*time.Second {
			t.Fatal("never falls asleep")
		}
	}
	if quiet < 500*ms+tuning.Endpoint {
		t.Errorf("asleep after %v, before the endpoint could be seen", quiet-500*ms)
	}
}
