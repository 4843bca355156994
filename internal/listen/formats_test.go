package listen

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// raw writes a WAV file of any encoding. The audio is so many bytes of zeros,
// unless the sample is given; a length of -1 in the header is one that was
// never filled in.
func raw(t *testing.T, tag, channels, rate, bits int, sample []byte, frames int) string {
	t.Helper()
	le := binary.LittleEndian
	block := channels * bits / 8
	data := frames * block
	b := le.AppendUint32([]byte("RIFF"), uint32(36+data))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(le.AppendUint16(b, uint16(tag)), uint16(channels))
	b = le.AppendUint32(le.AppendUint32(b, uint32(rate)), uint32(rate*block))
	b = le.AppendUint16(le.AppendUint16(b, uint16(block)), uint16(bits))
	b = le.AppendUint32(append(b, "data"...), uint32(data))
	for range frames * channels {
		b = append(b, sample...)
	}
	path := filepath.Join(t.TempDir(), "file.wav")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// taker notes how much audio came and its loudest sample.
type taker struct {
	mu      sync.Mutex
	parties []time.Duration
	rates   []int
	top     int16
}

func (e *taker) Transcribe(_ context.Context, frames <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
	var end time.Duration
	rate, top := 0, int16(0)
	for f := range frames {
		if f.At < end {
			return errors.New("frames overlap")
		}
		end, rate = f.End(), f.Rate
		for _, s := range f.PCM {
			top = max(top, s)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.parties, e.rates, e.top = append(e.parties, end), append(e.rates, rate), max(e.top, top)
	return nil
}

// TestEveryFormatIsHeard takes each encoding through to the engine, mono and
// stereo, at telephone rate and at the rate of a compact disc.
func TestEveryFormatIsHeard(t *testing.T) {
	half := binary.LittleEndian.AppendUint32(nil, math.Float32bits(.5))
	for name, c := range map[string]struct {
		tag, bits int
		sample    []byte
	}{
		"8 bit":  {1, 8, []byte{192}},
		"16 bit": {1, 16, []byte{0, 0x40}},
		"24 bit": {1, 24, []byte{0, 0, 0x40}},
		"32 bit": {1, 32, []byte{0, 0, 0, 0x40}},
		"float":  {3, 32, half},
		"mu-law": {7, 8, []byte{0x8f}}, // 16764
		"A-law":  {6, 8, []byte{0xba}}, // 16128
	} {
		for _, rate := range []int{8000, 44100} {
			for channels := 1; channels <= 2; channels++ {
				e := &taker{}
				heard, err := File(t.Context(), e, raw(t, c.tag, channels, rate, c.bits, c.sample, rate*2), nil)
				if err != nil || heard.Seconds != 2 || heard.Truncated || len(e.parties) != channels {
					t.Errorf("%s, %d Hz, %d channels: %+v, %v", name, rate, channels, heard, err)
					continue
				}
				for i, d := range e.parties {
					if d < 1999*time.Millisecond || d > 2001*time.Millisecond || e.rates[i] != map[int]int{8000: 8000, 44100: 16000}[rate] {
						t.Errorf("%s, %d Hz: the engine was given %v at %d Hz", name, rate, d, e.rates[i])
					}
				}
				// A resampler rings at the edges of a step.
				if e.top < 15000 || e.top > 19000 {
					t.Errorf("%s, %d Hz: a sample at half height came as %d", name, rate, e.top)
				}
			}
		}
	}
}

func TestFormatsThatAreNotHeard(t *testing.T) {
	for name, path := range map[string]string{
		"MP3 inside":   raw(t, 0x55, 1, 8000, 8, []byte{1}, 100),
		"six channels": raw(t, 1, 6, 48000, 16, []byte{1, 0}, 100),
		"64-bit float": raw(t, 3, 1, 8000, 64, make([]byte, 8), 100),
	} {
		_, err := File(t.Context(), &taker{}, path, nil)
		if !errors.Is(err, ErrUnreadable) || !errors.Is(err, audio.ErrUnsupported) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCutAnywhere cuts a stereo file of 24 bits between and inside samples.
func TestCutAnywhere(t *testing.T) {
	whole, err := os.ReadFile(raw(t, 1, 2, 8000, 24, []byte{0, 0, 0x40}, 8000))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cut.wav")
	for _, size := range []int{0, 11, 43, 44, 45, 49, 50, 24044, 24047, len(whole) - 1} {
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		e := &taker{}
		heard, err := File(t.Context(), e, path, nil)
		if size < 50 { // not one sample of both parties
			if !errors.Is(err, ErrUnreadable) {
				t.Errorf("%d bytes: %v", size, err)
			}
			continue
		}
		want := float64((size-44)/6) / 8000
		if err != nil || !heard.Truncated || heard.Seconds != want || len(e.parties) != 2 {
			t.Errorf("%d bytes: %+v, %v; want %v s", size, heard, err, want)
		}
	}
}

// TestTwoHours hears a recording of a long call: all of it, with times that
// are right at its end.
func TestTwoHours(t *testing.T) {
	const long = 2 * time.Hour
	path := raw(t, 7, 1, 8000, 8, []byte{0xff}, 0)
	// Grown without writing: the file is sparse, its length never filled in.
	if err := os.Truncate(path, 44+int64(long.Seconds())*8000); err != nil {
		t.Fatal(err)
	}
	engine := scripted.New([]scripted.Line{line(10, 11, "hello"), line(long.Seconds()-3, long.Seconds()-2, "good bye")})
	told := time.Duration(0)
	heard, err := File(t.Context(), engine, path, func(done, total time.Duration) {
		if total != long {
			t.Errorf("total %v", total)
		}
		told = done
	})
	if err != nil || heard.Seconds != long.Seconds() || told != long || heard.Text != "hello good bye" {
		t.Fatalf("%.1f s, told %v: %q, %v", heard.Seconds, told, heard.Text, err)
	}
	if last := heard.Words[len(heard.Words)-1]; last.End < long.Seconds()-2.1 || last.End > long.Seconds()-1.9 {
		t.Errorf("the last word ends at %v", last.End)
	}
}

// TestStandardInput reads a recording from a pipe, which cannot seek.
func TestStandardInput(t *testing.T) {
	whole, err := os.ReadFile(raw(t, 1, 1, 8000, 16, []byte{0, 0x40}, 16000))
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = before }()
	written := make(chan error, 1)
	go func() {
		_, err := w.Write(whole)
		written <- errors.Join(err, w.Close())
	}()
	heard, err := File(t.Context(), &taker{}, Stdin, nil)
	if err = errors.Join(err, <-written, r.Close()); err != nil || heard.Seconds != 2 || heard.File != "-" {
		t.Errorf("%+v, %v", heard, err)
	}
}
