package sherpa_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/enginetest"
	"heed/transcribe/sherpa"
)

// resident is the memory of the engine's worker, in MB.
func resident(t *testing.T, e *sherpa.Engine) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.State().PID))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(kb)[0])
			if err != nil {
				t.Fatal(err)
			}
			return n / 1024
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

// TestManyShortCalls: a second each, some with phrases to spot; neither side
// keeps anything of them. HEED_SHORT_CALLS has more of them, and more patience.
func TestManyShortCalls(t *testing.T) {
	const at = 8
	calls := 300
	if n, err := strconv.Atoi(os.Getenv("HEED_SHORT_CALLS")); err == nil {
		calls = n
	}
	// A second pass would make it six minutes under the race detector; that it
	// gives its streams back is what the ear's own tests count.
	e, sample := openWith(t, sherpa.SecondNever), enginetest.Speech(t)
	pcm := sample.PCM[sample.Rate : 2*sample.Rate]
	hearSome := func(n int) {
		var group sync.WaitGroup
		for worker := range at {
			group.Go(func() {
				for i := worker; i < n; i += at {
					engine := transcribe.Engine(e)
					if i%10 == 0 {
						engine = e.With(told)
					}
					got, err := hear(t.Context(), engine, 0, pcm, sample.Rate)
					if err != nil || len(got) == 0 {
						t.Errorf("call %d: %q, %v", i, text(got), err)
					}
				}
			})
		}
		group.Wait()
	}
	hearSome(calls / 3)
	memory, before := resident(t, e), goleak.IgnoreCurrent()
	hearSome(calls - calls/3)
	t.Logf("worker's memory: %d MB after %d calls, %d MB after %d", memory, calls/3, resident(t, e), calls)
	// 20 kB a call: a stream that leaks is many times that.
	if after := resident(t, e); after > memory+(calls-calls/3)*20/1000 {
		t.Errorf("the worker grew from %d to %d MB", memory, after)
	}
	goleak.VerifyNone(t, before) // gives the last one the time to return
	if s := e.State(); s.Streams != 0 || s.Restarts != 0 {
		t.Errorf("state %+v, want no stream left", s)
	}
}

// TestTwoHourCall: one party says the sample every five minutes. The times are
// right to the end and the memory stays what it was.
func TestTwoHourCall(t *testing.T) {
	t.Parallel()
	const every, length = 5 * time.Minute, 2 * time.Hour
	e, sample := open(t), enginetest.Speech(t)
	second := sample.Rate
	feed := make(chan transcribe.Frame)
	go func() {
		defer close(feed)
		for at := time.Duration(0); at < length; at += time.Second {
			pcm := make([]int16, second)
			if from := int(at%every/time.Second) * second; from < len(sample.PCM) {
				copy(pcm, sample.PCM[from:])
			}
			select {
			case feed <- transcribe.Frame{PCM: pcm, Rate: second, At: at}:
			case <-t.Context().Done():
				return
			}
		}
	}()
	var finals []transcribe.Segment
	memory := 0
	if err := e.Transcribe(t.Context(), feed, func(s transcribe.Segment) error {
		if s.Final {
			finals = append(finals, s)
		}
		if memory == 0 && s.Start > length/4 {
			memory = resident(t, e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	rounds := int(length / every)
	each := len(finals) / rounds
	if each < 2 || len(finals)%rounds != 0 {
		t.Fatalf("%d finals in %d rounds", len(finals), rounds)
	}
	for i, f := range finals {
		first := finals[i%each]
		off := f.Start - first.Start - time.Duration(i/each)*every
		// The front end goes on, so the same audio may give a word another way.
		if words := len(f.Words) - len(first.Words); words < -3 || words > 3 || off.Abs() > 250*time.Millisecond {
			t.Errorf("round %d: %q is off by %v, first it was %q", i/each, f.Text, off, first.Text)
		}
	}
	if after := resident(t, e); after > memory+8 {
		t.Errorf("the worker grew from %d MB after half an hour to %d", memory, after)
	}
}

// TestFilesOfOtherRates: a recording at 44.1 kHz and its like give the words
// that the same audio gives at 8 kHz, give or take what the model makes of it.
func TestFilesOfOtherRates(t *testing.T) {
	t.Parallel()
	e, sample := open(t), enginetest.Speech(t)
	want, err := hear(t.Context(), e, 0, sample.PCM, sample.Rate)
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range []int{11025, 22050, 44100} {
		r, err := audio.NewResampler(sample.Rate, rate)
		if err != nil {
			t.Fatal(err)
		}
		pcm := r.Flush(r.Process(nil, sample.PCM))
		format := audio.WAVFormat{Rate: rate, Channels: 1, Encoding: audio.PCM16}
		file := audio.AppendWAVHeader(nil, format, int64(2*len(pcm)))
		for _, s := range pcm {
			file = append(file, byte(s), byte(uint16(s)>>8))
		}
		wav, err := audio.ReadWAV(bytes.NewReader(file))
		if err != nil || wav.Rate != rate {
			t.Fatalf("%d Hz: read at %d, %v", rate, wav.Rate, err)
		}
		got, err := hear(t.Context(), e, 0, wav.Channels[0], wav.Rate)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d Hz: %q, %v", rate, text(got), err)
		}
		same := 0
		for word := range strings.FieldsSeq(text(want)) {
			if strings.Contains(text(got), word) {
				same++
			}
		}
		if n := len(strings.Fields(text(want))); same < 4*n/5 {
			t.Errorf("%d Hz: %q, at %d Hz %q", rate, text(got), sample.Rate, text(want))
		}
		for i := range got {
			if off := got[i].Start - want[i].Start; off.Abs() > 120*time.Millisecond {
				t.Errorf("%d Hz: final %d is off by %v", rate, i, off)
			}
		}
	}
}
