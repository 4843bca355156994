package session

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

// However audio comes, less than a chunk of a party waits to be written: that
// is what a crash costs.
func TestLessThanAChunkWaits(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		rec, err := recording.Create(recording.Options{Dir: dir, Key: masterKey}, event.NewID())
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = rec.Close() }()
		tp := newTape(rec, slogDiscard(), time.Now)
		var end, begun [parties]time.Duration
		var rate [parties]int
		woken := 0
		frames := rapid.IntRange(1, 80).Draw(rt, "frames")
		for range frames {
			p := party(rapid.IntRange(0, 1).Draw(rt, "party"))
			gap := time.Duration(rapid.SampledFrom([]int{0, 0, 0, 0, 30, 5000}).Draw(rt, "gap")) * time.Millisecond
			length := rapid.SampledFrom([]int{20, 20, 20, 30, 128, 200, 500}).Draw(rt, "ms")
			hz := rapid.SampledFrom([]int{8000, 8000, 8000, 16000}).Draw(rt, "rate")
			if gap > 0 || hz != rate[p] {
				begun[p] = end[p] + gap
			}
			f := transcribe.Frame{At: end[p] + gap, Rate: hz, PCM: make([]int16, hz*length/1000)}
			tp.push(p.speaker(), f)
			if rapid.IntRange(0, 9).Draw(rt, "rests") == 0 {
				tp.rest()
			}
			end[p], rate[p] = f.End(), hz
			select {
			case <-tp.ready:
				woken++
				tp.write(tp.swap(nil, false))
			default:
			}
			for q := range parties {
				if waits := end[q] - max(rec.End(q.speaker()), begun[q]); waits >= recording.ChunkLength {
					rt.Fatalf("%s of %s wait", waits, q.speaker())
				}
			}
		}
	})
}

// A party's frames of 20 ms are written twenty at a time.
func TestTheTapeWakesWithAChunk(t *testing.T) {
	r := newRig(t, nil)
	rec, err := recording.Create(recording.Options{Dir: r.o.Dir, Key: masterKey}, event.NewID())
	if err != nil {
		t.Fatal(err)
	}
	tp := newTape(rec, slogDiscard(), time.Now)
	woken := 0
	for i := range 100 {
		tp.push(insights.Customer, transcribe.Frame{At: time.Duration(i) * realTime, Rate: 8000, PCM: make([]int16, 160)})
		select {
		case <-tp.ready:
			woken++
			tp.write(tp.swap(nil, false))
		default:
		}
	}
	if woken != 5 {
		t.Errorf("it woke %d times in two seconds", woken)
	}
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
	r.shut(t)
}
