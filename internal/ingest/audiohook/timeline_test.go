package audiohook

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

const second = 8000

// A pause of 3 s after 2 s, then 4 s more: where the speech of the last second
// is depends on whether the platform counts what it discards, which its own
// position tells.
func TestHolesOfTheTimeline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		said  time.Duration // with resumed
		after time.Duration // position of what comes then
	}{
		{"it counts what it discards", 5 * time.Second, 5 * time.Second},
		{"it does not", 2 * time.Second, 2 * time.Second},
		{"nearly so", 4900 * time.Millisecond, 5 * time.Second},
		{"a position of no sense", time.Hour, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			line := newTimeline()
			line.add(2 * second)
			line.cut()
			line.skip(3*time.Second, c.said)
			if at := line.add(4 * second); at != 5*time.Second || line.now() != 9*time.Second {
				t.Errorf("audio goes on at %v and ends at %v", at, line.now())
			}
			for at, want := range map[time.Duration]time.Duration{
				0: 0, time.Second: time.Second, 5 * time.Second: c.after, 8 * time.Second: c.after + 3*time.Second, 10 * time.Second: c.after + 5*time.Second,
			} {
				if got := line.begin(at); got != want {
					t.Errorf("what begins at %v is at %v, want %v", at, got, want)
				}
			}
			// The hole belongs to neither side.
			if got := line.begin(3 * time.Second); got != c.after {
				t.Errorf("what begins in the hole is at %v", got)
			}
			for at, want := range map[time.Duration]time.Duration{
				time.Second: time.Second, 2 * time.Second: 2 * time.Second, 3 * time.Second: 2 * time.Second, 5 * time.Second: 2 * time.Second,
				6 * time.Second: c.after + time.Second, 9 * time.Second: c.after + 4*time.Second,
			} {
				if got := line.finish(at); got != want {
					t.Errorf("what ends at %v is at %v, want %v", at, got, want)
				}
			}
			if cuts := line.cutsBetween(time.Second, 6*time.Second); len(cuts) != 1 || cuts[0] != 2*time.Second {
				t.Errorf("cuts at %v", cuts)
			}
		})
	}
}

func TestTimelineIsBounded(t *testing.T) {
	t.Parallel()
	line := newTimeline()
	for range 3 * maxPieces {
		line.add(1)
		line.cut()
		line.cut()
		line.skip(time.Second, 0)
	}
	if len(line.pieces) > maxPieces || len(line.cuts) > maxPieces {
		t.Errorf("%d pieces and %d cuts", len(line.pieces), len(line.cuts))
	}
	before := line.now()
	line.skip(99*24*time.Hour, 0)
	if d := line.now() - before; d != maxHole {
		t.Errorf("a hole of %v", d)
	}
}

// Whatever is discarded, times on our clock and the platform's positions of a
// piece of audio differ by one figure, and no position goes back.
func TestTimelineProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := newTimeline()
		counts := rapid.Bool().Draw(t, "the platform counts what it discards")
		var position, clock time.Duration
		for range rapid.IntRange(1, 20).Draw(t, "pieces") {
			n := rapid.IntRange(1, 100_000).Draw(t, "samples")
			if at := line.add(n); at != clock {
				t.Fatalf("audio at %v, want %v", at, clock)
			}
			d := length(int64(n))
			if b, f := line.begin(clock), line.finish(clock+d); b != position || f != position+d {
				t.Fatalf("from %v to %v, want %v to %v", b, f, position, position+d)
			}
			clock, position = clock+d, position+d
			missing := length(int64(rapid.IntRange(0, 1_000_000).Draw(t, "discarded")))
			clock += missing
			if counts {
				position += missing
			}
			line.skip(missing, position)
		}
	})
}
