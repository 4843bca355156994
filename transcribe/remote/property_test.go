package remote

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

// drawCall gives words with pauses of any length between them.
func drawCall(t *rapid.T) []transcribe.Word {
	var out []transcribe.Word
	at := time.Duration(rapid.IntRange(50, 2000).Draw(t, "lead")) * ms
	n := rapid.IntRange(1, 40).Draw(t, "words")
	for k := range n {
		length := time.Duration(rapid.IntRange(15, 45).Draw(t, "length")) * 10 * ms
		out = append(out, transcribe.Word{Text: remotetest.Word(k), Start: at, End: at + length})
		pause := 30 * ms
		switch rapid.IntRange(0, 5).Draw(t, "pause") {
		case 0:
			pause = 700 * ms
		case 1:
			pause = time.Duration(rapid.IntRange(20, 4000).Draw(t, "long pause")) * ms
		}
		at += length + pause
	}
	return out
}

// drawHabits gives any behaviour that loses no connection for good.
func drawHabits(t *rapid.T) habits {
	flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
	h := habits{keyed: flag("keyed"), pieces: flag("pieces"), doubled: flag("doubled")}
	h.swapped = h.keyed && !h.pieces && flag("swapped")
	for range rapid.IntRange(0, 4).Draw(t, "cuts") {
		h.cutAfter = append(h.cutAfter, time.Duration(rapid.IntRange(0, 6000).Draw(t, "cut"))*ms)
		h.refuse = append(h.refuse, nil)
		if flag("refused") {
			h.refuse = append(h.refuse, errCut)
		}
	}
	return h
}

func TestNoWordIsLostOrDoubled(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		said, h := drawCall(rt), drawHabits(rt)
		o := Options{Piece: time.Duration(rapid.IntRange(1, 15).Draw(rt, "piece")) * 20 * ms, Attempts: 12, FlushWithin: 20 * time.Second}
		if rapid.Bool().Draw(rt, "rotating") {
			o.MaxSession = time.Duration(rapid.IntRange(4, 12).Draw(rt, "session")) * time.Second
		}
		length := said[len(said)-1].End + time.Duration(rapid.IntRange(30, 1500).Draw(rt, "tail"))*ms
		at := time.Duration(rapid.IntRange(0, 100).Draw(rt, "at")) * time.Minute
		frames := remotetest.Frames(remotetest.Speak(t, said, 8000, length), 8000, at, 20*ms)
		live := rapid.Bool().Draw(rt, "live")
		var got []transcribe.Segment
		var err error
		synctest.Test(t, func(*testing.T) { // rapid's failures may not cross its bubble
			got, err = says{o: o, frames: frames, live: live}.run(&service{habits: h})
		})
		if err != nil {
			rt.Fatalf("Transcribe: %v", err)
		}
		for _, problem := range enginetest.Check(got, frames) {
			rt.Errorf("%s", problem)
		}
		if text := finalText(got); text != join(said) {
			rt.Fatalf("heard %q\nwant  %q", text, join(said))
		}
		for i, w := range finalWords(got) {
			checkTime(rt, w, said[i], at)
		}
	})
}

// checkTime compares a word's stream time with when it was spoken.
func checkTime(t *rapid.T, got, said transcribe.Word, at time.Duration) {
	for _, d := range []time.Duration{got.Start - said.Start - at, got.End - said.End - at} {
		if max(d, -d) > 10*ms {
			t.Errorf("%q at %v to %v, was spoken at %v to %v", got.Text, got.Start, got.End, at+said.Start, at+said.End)
		}
	}
}

func TestAudioIsNeverMissing(t *testing.T) {
	// However the audio is cut into frames, the service gets the same.
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.SampledFrom([]int{8000, 16000, 44100, 48000}).Draw(rt, "from")
		to := rapid.SampledFrom([]int{8000, 16000, 24000}).Draw(rt, "to")
		whole, cut := newTapeOf(t, from, to), newTapeOf(t, from, to)
		pcm := make([]int16, rapid.IntRange(1, from).Draw(rt, "samples"))
		for i := range pcm {
			pcm[i] = int16(i * 37)
		}
		record := func(tape *tape, at int, pcm []int16) {
			if err := tape.record(transcribe.Frame{PCM: pcm, Rate: from, At: span(int64(at), from)}); err != nil {
				rt.Fatal(err)
			}
		}
		record(whole, 0, pcm)
		for at := 0; at < len(pcm); {
			n := min(rapid.IntRange(1, len(pcm)).Draw(rt, "frame"), len(pcm)-at)
			record(cut, at, pcm[at:at+n])
			at += n
		}
		whole.finish()
		cut.finish()
		if !slices.Equal(whole.samples, cut.samples) || whole.total() != (int64(len(pcm))*int64(to)+int64(from)-1)/int64(from) {
			rt.Errorf("%d samples whole, %d when cut", whole.total(), cut.total())
		}
	})
}

// newTapeOf is newTape that succeeds.
func newTapeOf(t *testing.T, in, out int) *tape {
	t.Helper()
	tape, err := newTape(in, out, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tape
}

func TestEstimatedTimesLoseAndDoubleNothing(t *testing.T) {
	// Sessions that break at any time, whose words are up to 1.8 s late.
	rapid.Check(t, func(rt *rapid.T) {
		said := drawCall(rt)
		h := habits{vague: time.Duration(rapid.IntRange(1, 1800).Draw(rt, "vague")) * ms, keyed: rapid.Bool().Draw(rt, "keyed"), polite: rapid.Bool().Draw(rt, "polite")}
		for range rapid.IntRange(1, 4).Draw(rt, "cuts") {
			h.cutAfter = append(h.cutAfter, time.Duration(rapid.IntRange(500, 9000).Draw(rt, "cut"))*ms)
		}
		length := said[len(said)-1].End + time.Second
		frames := remotetest.Frames(remotetest.Speak(t, said, 8000, length), 8000, 0, 20*ms)
		var got []transcribe.Segment
		var err error
		synctest.Test(t, func(*testing.T) {
			got, err = says{o: Options{Attempts: 12, FlushWithin: 20 * time.Second}, frames: frames, live: true}.run(&service{habits: h})
		})
		if err != nil {
			rt.Fatalf("Transcribe: %v", err)
		}
		for _, problem := range enginetest.Check(got, frames) {
			rt.Errorf("%s", problem)
		}
		if text := finalText(got); text != join(said) {
			rt.Fatalf("heard %q\nwant  %q", text, join(said))
		}
	})
}
