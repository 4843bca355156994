package remote

import (
	"context"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

func TestAnOutageShorterThanTheBufferLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// 0.25 + 0.5 + 1 + 2 + 4 + 4 + 4 s without a connection.
		h := habits{cutAfter: []time.Duration{5 * time.Second}, refuse: append([]error{nil}, slices.Repeat([]error{errCut}, 6)...)}
		said := sentences(900*ms, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
		got, err := says{o: Options{Attempts: 10}, frames: spoken(t, said), live: true}.transcribe(t, &service{habits: h})
		if err != nil {
			t.Fatal(err)
		}
		if text := finalText(got); text != join(said) {
			t.Errorf("heard %q\nwant %q", text, join(said))
		}
	})
}

func TestAFullBufferStopsTheReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{habits: habits{refuse: slices.Repeat([]error{errCut}, 100)}}
		r, err := New(Options{Name: "fake", Dial: s.dial, Rates: []int{8000}, Buffer: 3 * time.Second, Attempts: 5})
		if err != nil {
			t.Fatal(err)
		}
		feed := make(chan transcribe.Frame, 1000)
		for i := range 1000 {
			feed <- frame(time.Duration(i)*20*ms, 20*ms)
		}
		if err := r.Transcribe(t.Context(), feed, nil); transcribe.VerdictOf(err) != transcribe.UseAnother {
			t.Errorf("error %v", err)
		}
		if read := 1000 - len(feed); read != 150 {
			t.Errorf("%d frames of 20 ms read into a buffer of 3 s", read)
		}
	})
}

func TestASentenceLongerThanTheBufferIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := sentences(0, 50) // 17 s without a pause
		h := habits{cutAfter: []time.Duration{14 * time.Second}}
		got, err := says{o: Options{Buffer: 4 * time.Second}, frames: spoken(t, said), live: true}.transcribe(t, &service{habits: h})
		if err != nil {
			t.Fatal(err)
		}
		if text := finalText(got); text != join(said) {
			t.Errorf("heard %q\nwant %q", text, join(said))
		}
	})
}

// parrot says what it is told to, whatever it hears.
type parrot struct {
	lines [][]Result
}

func (p *parrot) Send(context.Context, []int16) error { return nil }
func (p *parrot) KeepAlive(context.Context) error     { return nil }
func (p *parrot) Finish(context.Context) error        { return nil }
func (p *parrot) Close() error                        { return nil }

func (p *parrot) Receive(ctx context.Context) ([]Result, error) {
	select {
	case <-time.After(150 * ms):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if len(p.lines) == 0 {
		return nil, io.EOF
	}
	line := p.lines[0]
	p.lines = p.lines[1:]
	return line, nil
}

// drawResult gives anything at all.
func drawResult(t *rapid.T) Result {
	times := rapid.OneOf(rapid.Int64Range(-1e9, 20e9), rapid.SampledFrom([]int64{0, math.MaxInt64, math.MinInt64}))
	text := rapid.SampledFrom([]string{"", "a", "Hello, World!", "one two three", " ... ", "İ’s", strings.Repeat("x ", 50)})
	at := func(name string) time.Duration { return time.Duration(times.Draw(t, name)) }
	r := Result{
		Key: rapid.SampledFrom([]string{"", "", "0", "1", "2", "x", "-1"}).Draw(t, "key"), Final: rapid.Bool().Draw(t, "final"),
		Append: rapid.Bool().Draw(t, "append"), Text: text.Draw(t, "text"), Start: at("start"), End: at("end"),
		Confidence: rapid.SampledFrom([]float64{0, 0.5, 7, -1, math.NaN(), math.Inf(1)}).Draw(t, "confidence"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "words") {
		r.Words = append(r.Words, transcribe.Word{Text: text.Draw(t, "word"), Start: at("from"), End: at("to"), Confidence: r.Confidence})
	}
	return r
}

func TestNonsenseKeepsTheContract(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var sessions [][][]Result
		for range 30 {
			sessions = append(sessions, rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawResult), 1, 2), 0, 5).Draw(rt, "lines"))
		}
		var mu sync.Mutex // the next session may be dialled while another one is dialled again
		dial := func(context.Context, Format) (Session, error) {
			mu.Lock()
			defer mu.Unlock()
			lines := sessions[0]
			if len(sessions) > 1 {
				sessions = sessions[1:]
			}
			return &parrot{lines: slices.Clone(lines)}, nil
		}
		o := Options{Attempts: 1000, Numbered: rapid.Bool().Draw(rt, "numbered"), MaxSession: 2500 * ms}
		var frames []transcribe.Frame
		for i := range 100 {
			frames = append(frames, frame(time.Hour+time.Duration(i)*50*ms, 50*ms))
		}
		var got []transcribe.Segment
		var err error
		synctest.Test(t, func(*testing.T) { got, err = says{o: o, frames: frames, live: true, dial: dial}.run(nil) })
		if err != nil && transcribe.VerdictOf(err) != transcribe.Retry {
			rt.Fatal(err)
		}
		if err == nil {
			for _, problem := range enginetest.Check(got, frames) {
				rt.Errorf("%s", problem)
			}
		}
	})
}
