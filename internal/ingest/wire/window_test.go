package wire

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/ingest"
)

const perMilli = 8

// tape records what a window gives away, in order.
type tape struct {
	pieces     []Piece
	duplicates int
	late       int
	lost       int
}

func (r *tape) deliver(p Piece) { r.pieces = append(r.pieces, p) }

func (r *tape) fault(f ingest.Fault, n int) {
	switch f {
	case ingest.Duplicate:
		r.duplicates += n
	case ingest.Late:
		r.late += n
	case ingest.Lost:
		r.lost += n
	case ingest.Garbage:
		panic("a window knows no garbage")
	}
}

// String writes deliveries as "at+length" in milliseconds.
func (r *tape) String() string {
	var b strings.Builder
	for _, p := range r.pieces {
		fmt.Fprintf(&b, "%d+%d ", p.At/perMilli, len(p.PCM)/perMilli)
	}
	return strings.TrimSpace(b.String())
}

func at(ms, chunk int64) Piece { return lasting(ms, chunk, 20) }

func lasting(ms, chunk int64, length int) Piece {
	return Piece{At: ms * perMilli, Chunk: chunk, PCM: make([]int16, length*perMilli)}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   []Piece
		want string // before the flush | after it

		duplicates, late, lost int
	}{
		{"in order passes at once", []Piece{at(0, 1), at(20, 2), at(40, 3)}, "0+20 20+20 40+20 |", 0, 0, 0},
		{"in order without chunk numbers", []Piece{at(0, 0), at(20, 0)}, "0+20 20+20 |", 0, 0, 0},
		{"the first chunk need not be at zero", []Piece{at(118, 1), at(138, 2)}, "118+20 138+20 |", 0, 0, 0},
		{"swapped", []Piece{at(0, 1), at(40, 3), at(20, 2), at(60, 4)}, "0+20 20+20 40+20 60+20 |", 0, 0, 0},
		{"swapped at the very start", []Piece{at(20, 2), at(0, 1), at(40, 3)}, "0+20 20+20 40+20 |", 0, 0, 0},
		{"swapped without chunk numbers", []Piece{at(20, 0), at(0, 0), at(60, 0), at(40, 0)}, "0+20 20+20 40+20 60+20 |", 0, 0, 0},
		{"turned round", []Piece{at(80, 5), at(60, 4), at(40, 3), at(20, 2), at(0, 1)}, "0+20 20+20 40+20 60+20 80+20 |", 0, 0, 0},
		{"a frame never comes", []Piece{at(0, 1), at(40, 3)}, "0+20 | 40+20", 0, 0, 1},
		{"a pause that the sender made, by its chunk numbers", []Piece{at(0, 1), at(2000, 2), at(2020, 3)}, "0+20 2000+20 2020+20 |", 0, 0, 0},
		{"a loss of 2 s waits for the window", []Piece{at(0, 1), at(2000, 101), at(2020, 102)}, "0+20 | 2000+20 2020+20", 0, 0, 99},
		{"the window is over", []Piece{at(0, 1), at(2000, 101), lasting(2020, 102, 200), at(2220, 103)}, "0+20 2000+20 2020+200 2220+20 |", 0, 0, 99},
		{"a duplicate of one delivered", []Piece{at(0, 1), at(20, 2), at(0, 1), at(20, 2)}, "0+20 20+20 |", 2, 0, 0},
		{"a duplicate of one held", []Piece{at(0, 1), at(40, 3), at(40, 3), at(20, 2)}, "0+20 20+20 40+20 |", 1, 0, 0},
		{"too late", []Piece{at(0, 1), at(40, 3), lasting(60, 4, 200), at(20, 2)}, "0+20 40+20 60+200 |", 0, 1, 1},
		{"overlap is cut", []Piece{at(0, 1), at(10, 2), at(30, 3)}, "0+20 20+10 30+20 |", 0, 0, 0},
		{"stamps off by a rounding are moved together", []Piece{at(0, 1), at(21, 2), at(39, 3), at(62, 4)}, "0+20 20+20 40+20 60+20 |", 0, 0, 0},
		{"frames of several lengths", []Piece{lasting(0, 1, 30), lasting(30, 2, 128), lasting(158, 3, 200)}, "0+30 30+128 158+200 |", 0, 0, 0},
		{"inside what was delivered", []Piece{lasting(0, 1, 200), at(100, 9), at(200, 2)}, "0+200 200+20 |", 0, 1, 0},
		{"a held one that turns out to be inside", []Piece{at(0, 1), at(60, 4), lasting(20, 2, 100), at(120, 5)}, "0+20 20+100 120+20 |", 0, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var r tape
			w := NewWindow(8000, 200*time.Millisecond, r.deliver, r.fault)
			var clock int64
			for _, p := range c.in {
				clock = max(clock, p.End())
				w.Push(p, clock)
			}
			got := r.String() + " |"
			before := len(r.pieces)
			w.Flush(math.MaxInt64 - Believed(8000))
			rest := tape{pieces: r.pieces[before:]}
			if got = strings.TrimSpace(got + " " + rest.String()); got != c.want {
				t.Errorf("delivered %q, want %q", got, c.want)
			}
			if r.duplicates != c.duplicates || r.late != c.late || r.lost != c.lost {
				t.Errorf("%d duplicates, %d late and %d lost, want %d, %d and %d", r.duplicates, r.late, r.lost, c.duplicates, c.late, c.lost)
			}
		})
	}
}

func TestWindowHoldsABoundedNumberOfFrames(t *testing.T) {
	t.Parallel()
	var r tape
	w := NewWindow(8000, time.Hour, r.deliver, r.fault)
	for i := range int64(1000) {
		p := at(1000+40*i, 0)
		w.Push(p, p.End())
		if len(w.held) > maxHeld {
			t.Fatalf("%d frames held", len(w.held))
		}
	}
	if want := 1000 - maxHeld; len(r.pieces) != want {
		t.Errorf("%d frames delivered, want %d", len(r.pieces), want)
	}
}

func TestWindowIsMovedByTheOtherTrack(t *testing.T) {
	t.Parallel()
	var r tape
	w := NewWindow(8000, 200*time.Millisecond, r.deliver, r.fault)
	w.Push(at(0, 1), 160)
	w.Push(at(40, 3), 480)
	w.Advance(250 * perMilli)
	if got := r.String(); got != "0+20" {
		t.Fatalf("delivered %q before the window was over", got)
	}
	w.Advance(260 * perMilli)
	if got := r.String(); got != "0+20 40+20" {
		t.Errorf("delivered %q", got)
	}
}

// Frames that are shuffled within the window and repeated come out exactly as
// if they had come in order; whatever comes in, nothing overlaps.
func TestWindowProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var in []Piece
		var ms int64
		for i := range rapid.IntRange(1, 60).Draw(t, "frames") {
			length := rapid.SampledFrom([]int{10, 20, 30}).Draw(t, "length")
			in = append(in, lasting(ms, int64(i+1), length))
			ms += int64(length)
		}
		want := (&tape{pieces: in}).String()
		// Moving a frame back by at most 5 places keeps it inside 200 ms.
		type placed struct {
			Piece
			key int
		}
		var sent []placed
		repeats := 0
		for i, p := range in {
			sent = append(sent, placed{p, 2*i + 10*rapid.IntRange(0, 1).Draw(t, "delayed")})
			if rapid.IntRange(0, 4).Draw(t, "repeated") == 0 {
				repeats++
				sent = append(sent, placed{p, 2*i + rapid.IntRange(0, 16).Draw(t, "by")})
			}
		}
		slices.SortStableFunc(sent, func(a, b placed) int { return a.key - b.key })
		var r tape
		w := NewWindow(8000, 200*time.Millisecond, r.deliver, r.fault)
		var clock int64
		for _, p := range sent {
			clock = max(clock, p.End())
			w.Push(p.Piece, clock)
		}
		w.Flush(math.MaxInt64 - Believed(8000))
		if got := r.String(); got != want {
			t.Fatalf("delivered\n%s, want\n%s", got, want)
		}
		if r.duplicates != repeats || r.late != 0 {
			t.Fatalf("%d duplicates and %d late, want %d and 0", r.duplicates, r.late, repeats)
		}
	})
}
