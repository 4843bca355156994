package listen

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wav writes a file with so many seconds of a tone in each channel.
func wav(t *testing.T, rate, channels int, seconds float64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: rate, Channels: channels, Encoding: audio.PCM16})
	if err != nil {
		t.Fatal(err)
	}
	samples := make([]int16, int(float64(rate)*seconds)*channels)
	for i := range samples {
		samples[i] = int16(1000 * (i % 7))
	}
	if err := errors.Join(w.Write(samples), w.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// sides tells the parties apart, as the real engine cannot: each call of
// Transcribe gets the next script. Rates notes what the engine was given.
type sides struct {
	mu      sync.Mutex
	scripts []transcribe.Engine
	rates   []int
}

func (s *sides) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	s.mu.Lock()
	next := s.scripts[0]
	if len(s.scripts) > 1 {
		s.scripts = s.scripts[1:]
	}
	s.mu.Unlock()
	watched := make(chan transcribe.Frame)
	go func() {
		defer close(watched)
		last := 0
		for f := range frames {
			if f.Rate != last {
				last = f.Rate
				s.mu.Lock()
				s.rates = append(s.rates, f.Rate)
				s.mu.Unlock()
			}
			watched <- f
		}
	}()
	return next.Transcribe(ctx, watched, emit)
}

func line(from, to float64, text string) scripted.Line {
	second := float64(time.Second)
	return scripted.Line{Start: time.Duration(from * second), End: time.Duration(to * second), Text: text}
}

func TestOneParty(t *testing.T) {
	engine := &sides{scripts: []transcribe.Engine{scripted.New([]scripted.Line{line(.5, 1.5, "hello there"), line(3, 4, "good bye")})}}
	for _, tt := range []struct{ rate, given int }{
		{8000, 8000}, {16000, 16000}, {48000, 48000}, {44100, 16000}, {11025, 16000}, {22050, 16000},
	} {
		engine.rates = nil
		path := wav(t, tt.rate, 1, 5)
		got, err := File(t.Context(), engine, path, nil)
		if err != nil {
			t.Fatalf("%d Hz: %v", tt.rate, err)
		}
		if got.File != path || got.Text != "hello there good bye" || got.Seconds != 5 || got.Truncated {
			t.Errorf("%d Hz: %+v", tt.rate, got)
		}
		if len(got.Words) != 4 || got.Words[0].Speaker != "" || len(got.Utterances) != 2 {
			t.Errorf("%d Hz: words %+v", tt.rate, got.Words)
		}
		if !slices.Equal(engine.rates, []int{tt.given}) {
			t.Errorf("%d Hz: the engine was given %v, want %d", tt.rate, engine.rates, tt.given)
		}
	}
}

func TestTwoParties(t *testing.T) {
	// Which channel comes to the engine first is open; both say something at
	// other times, so the text tells them apart.
	first := scripted.New([]scripted.Line{line(.5, 1.5, "one"), line(4, 5, "three")})
	second := scripted.New([]scripted.Line{line(2, 3, "two"), line(6, 7, "four")})
	got, err := File(t.Context(), &sides{scripts: []transcribe.Engine{first, second}}, wav(t, 8000, 2, 8), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != "one two three four" || got.Seconds != 8 {
		t.Errorf("%.1f s: %q", got.Seconds, got.Text)
	}
	for i, u := range got.Utterances {
		if i > 0 && (u.Start < got.Utterances[i-1].Start || u.Speaker == got.Utterances[i-1].Speaker) {
			t.Errorf("%+v after %+v", u, got.Utterances[i-1])
		}
	}
	speakers := []string{got.Words[0].Speaker, got.Words[1].Speaker}
	slices.Sort(speakers)
	if !slices.Equal(speakers, []string{"agent", "customer"}) {
		t.Errorf("speakers %v", speakers)
	}
}

func TestNothingSaid(t *testing.T) {
	got, err := File(t.Context(), scripted.New(nil), wav(t, 8000, 2, 1), nil)
	if err != nil || got.Text != "" || got.Words == nil || got.Utterances == nil {
		t.Errorf("%+v, %v; want empty lists, not none", got, err)
	}
}

func TestFilesThatCannotBeHeard(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.wav")
	if err := os.WriteFile(text, []byte(strings.Repeat("words ", 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path string
		want error
	}{
		{filepath.Join(dir, "none.wav"), os.ErrNotExist},
		{text, audio.ErrNotWAV},
		{wav(t, 8000, 1, 0), ErrNoAudio},
		{wav(t, 8000, 2, 0), ErrNoAudio},
		{dir, nil},
	} {
		_, err := File(t.Context(), scripted.New(nil), tt.path, nil)
		if !errors.Is(err, ErrUnreadable) || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.path, err)
		}
		if err != nil && strings.Count(err.Error(), tt.path) != 1 {
			t.Errorf("the file is not named once: %v", err)
		}
	}
}

func TestTruncatedFilesAreHeard(t *testing.T) {
	raw, err := os.ReadFile(wav(t, 8000, 1, 4))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cut.wav")
	if err := os.WriteFile(path, raw[:len(raw)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := File(t.Context(), scripted.New([]scripted.Line{line(.1, .9, "still here")}), path, nil)
	if err != nil || !got.Truncated || got.Text != "still here" {
		t.Errorf("%+v, %v", got, err)
	}
}

// failing is an engine that ends with an error after some frames.
type failing struct {
	err    error
	frames int
}

func (f failing) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
	for range f.frames {
		select {
		case <-frames:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return f.err
}

func TestEngineFailures(t *testing.T) {
	broken := errors.New("broken")
	path := wav(t, 8000, 2, 2)
	for _, after := range []int{0, 1, 30} {
		_, err := File(t.Context(), failing{broken, after}, path, nil)
		if !errors.Is(err, broken) || errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), path) {
			t.Errorf("after %d frames: %v", after, err)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	// The engine stops reading when the meter has moved: nothing may hang.
	_, err := File(ctx, scripted.New(nil), wav(t, 8000, 2, 30), func(done, _ time.Duration) {
		if done > 3*time.Second {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestProgress(t *testing.T) {
	var told []time.Duration
	_, err := File(t.Context(), scripted.New(nil), wav(t, 8000, 2, 5), func(done, total time.Duration) {
		if total != 10*time.Second { // of both channels
			t.Errorf("total %v", total)
		}
		told = append(told, done)
	})
	if err != nil || !slices.IsSorted(told) || len(told) != 10 || told[len(told)-1] != 10*time.Second {
		t.Errorf("told %v, %v", told, err)
	}
}
