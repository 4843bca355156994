package play

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestFramesAreDueByAnAbsoluteSchedule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		speed float64
		step  time.Duration
	}{{1, 20 * time.Millisecond}, {2, 10 * time.Millisecond}, {0.5, 40 * time.Millisecond}, {20, time.Millisecond}} {
		t.Run(fmt.Sprint(c.speed), func(t *testing.T) {
			t.Parallel()
			fake := &calls{}
			url, _ := door(t, fake, "")
			// Each wait ends 3 ms late: added up it would be 150 ms.
			clock := &steps{late: 3 * time.Millisecond}
			r, err := Call(t.Context(), Options{Recording: record(t, time.Second), URL: url, Key: key, Speed: c.speed, Clock: clock})
			if err != nil {
				t.Fatal(err)
			}
			if len(clock.asked) != 50 {
				t.Fatalf("%d waits", len(clock.asked))
			}
			for i, at := range clock.asked {
				if at != time.Duration(i)*c.step {
					t.Fatalf("frame %d was due at %v, want %v", i, at, time.Duration(i)*c.step)
				}
			}
			if c.speed <= 2 && r.Lag != 3*time.Millisecond {
				t.Errorf("lag %v", r.Lag)
			}
		})
	}
}

func TestSpeedZeroNeverWaits(t *testing.T) {
	t.Parallel()
	url, _ := door(t, &calls{}, "")
	clock := &steps{}
	if _, err := Call(t.Context(), Options{Recording: record(t, time.Second), URL: url, Key: key, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	if len(clock.asked) != 0 {
		t.Errorf("%d waits", len(clock.asked))
	}
}

func TestMachineClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		pace := newPacer(nil, 1)
		for i := range 100 {
			lag, err := pace.wait(t.Context(), time.Duration(i)*frame)
			if err != nil || lag != 0 || time.Since(began) != time.Duration(i)*frame {
				t.Fatalf("frame %d at %v, lag %v, error %v", i, time.Since(began), lag, err)
			}
		}
		<-time.After(time.Second) // of fake time: a machine that stood still
		if lag, err := pace.wait(t.Context(), 100*frame); err != nil || lag != time.Second-frame {
			t.Errorf("after a stall: lag %v, error %v", lag, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := pace.wait(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if _, err := pace.wait(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("what is due at once still looks at the context: %v", err)
		}
	})
}
