package sherpa_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"heed/internal/model"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/enginetest"
	"heed/transcribe/sherpa"
)

// parts are the runtime and the model, or the test's end: the command that
// gets them is in the message.
func parts(t testing.TB) (runtimeDir, modelDir string) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("HEED_REQUIRE_ENGINES") == "1" {
		missing = t.Fatalf
	}
	runtimeDir, err := model.FindRuntime([]string{os.Getenv("HEED_RUNTIME")})
	if err != nil {
		missing("%v", err)
	}
	m, err := model.Find(filepath.SplitList(os.Getenv("HEED_MODELS")), model.SmallEnglish)
	if err != nil {
		missing("%v: set HEED_MODELS, or: go run ./cmd/heed model pull", err)
	}
	return runtimeDir, m.Dir
}

// command makes this test binary the worker; see TestMain.
func command(t testing.TB) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"/usr/bin/env", "HEED_TEST_SPEECH_WORKER=real", self}
}

func open(t testing.TB) *sherpa.Engine {
	t.Helper()
	return openWith(t, sherpa.SecondAlways) // the same text on a busy machine
}

// openWith chooses the second pass.
func openWith(t testing.TB, second sherpa.Second) *sherpa.Engine {
	t.Helper()
	runtimeDir, modelDir := parts(t)
	tuning := sherpa.DefaultTuning()
	tuning.Second = second
	e, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: modelDir, Command: command(t), Tuning: &tuning})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine { return open(t) }, enginetest.Options{Recall: 0.7})
}

// hear transcribes audio that is there at once, and gives the finals.
func hear(ctx context.Context, e transcribe.Engine, at time.Duration, pcm []int16, rate int) ([]transcribe.Segment, error) {
	frames := make(chan transcribe.Frame)
	ctx, cancel := context.WithCancel(ctx)
	var fed sync.WaitGroup
	fed.Go(func() {
		defer close(frames)
		for n := 0; n < len(pcm); n += rate / 50 {
			f := transcribe.Frame{
				PCM: pcm[n:min(n+rate/50, len(pcm))], Rate: rate,
				At: at + time.Duration(n)*time.Second/time.Duration(rate),
			}
			select {
			case frames <- f:
			case <-ctx.Done():
				return
			}
		}
	})
	var finals []transcribe.Segment
	err := e.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		if s.Final {
			finals = append(finals, s)
		}
		return nil
	})
	cancel()
	fed.Wait()
	return finals, err
}

func text(finals []transcribe.Segment) string {
	var texts []string
	for _, s := range finals {
		texts = append(texts, s.Text)
	}
	return strings.Join(texts, " ")
}

// repeat says the sample several times.
func repeat(s enginetest.Sample, n int) []int16 {
	var pcm []int16
	for range n {
		pcm = append(pcm, s.PCM...)
	}
	return pcm
}

// TestKilledWorker: the stream in flight ends with the verdict Retry; the
// audio from its last final on, sent again, gives what is missing.
func TestKilledWorker(t *testing.T) {
	e, sample := open(t), enginetest.Speech(t)
	pcm := repeat(sample, 2)
	whole, err := hear(t.Context(), e, 0, pcm, sample.Rate)
	if err != nil || len(whole) < 4 {
		t.Fatalf("heard %q, %v", text(whole), err)
	}

	frames, killed := make(chan transcribe.Frame), false
	var fed sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	fed.Go(func() {
		for n := 0; ; n += 160 { // never closes: the party would go on talking
			select {
			case frames <- transcribe.Frame{PCM: pcm[n%len(pcm):][:min(160, len(pcm)-n%len(pcm))], Rate: sample.Rate, At: time.Duration(n) * time.Second / 8000}:
			case <-ctx.Done():
				return
			}
		}
	})
	var before []transcribe.Segment
	err = e.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		if s.Final {
			before = append(before, s)
		}
		if len(before) == 2 && !killed {
			killed = true
			return syscall.Kill(e.State().PID, syscall.SIGKILL)
		}
		return nil
	})
	cancel()
	fed.Wait()
	var failure *transcribe.Error
	if !errors.As(err, &failure) || failure.Verdict != transcribe.Retry || failure.Engine != sherpa.Name {
		t.Fatalf("after the kill: %v, want a retry", err)
	}
	from := before[len(before)-1].End
	after, err := hear(t.Context(), e, from, pcm[int(from.Seconds()*float64(sample.Rate)):], sample.Rate)
	if err != nil {
		t.Fatalf("after the restart: %v", err)
	}
	if got := append(before, after...); len(got) != len(whole) {
		t.Errorf("heard %d finals %q, without the kill %d: %q", len(got), text(got), len(whole), text(whole))
	}
	if s := e.State(); s.Phase != sherpa.Ready || s.Restarts != 1 || s.PID == 0 {
		t.Errorf("state %+v, want ready after one death", s)
	}
}

// TestTwentyStreams: ten two-party calls at once are heard faster than they
// last, all the same.
func TestTwentyStreams(t *testing.T) {
	e, sample := openWith(t, sherpa.SecondNever), enginetest.Speech(t)
	pcm := sample.PCM
	length := time.Duration(len(pcm)) * time.Second / time.Duration(sample.Rate)
	want, err := hear(t.Context(), e, 0, pcm, sample.Rate)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var streams sync.WaitGroup
	for range 20 {
		streams.Go(func() {
			got, err := hear(t.Context(), e, 0, pcm, sample.Rate)
			if err != nil || text(got) != text(want) {
				t.Errorf("heard %q, %v, alone %q", text(got), err, text(want))
			}
		})
	}
	streams.Wait()
	took := time.Since(began)
	u := e.Usage()
	t.Logf("20 streams of %v in %v, %.4f CPU seconds for each second of %v", length, took, u.CPU.Seconds()/u.Audio.Seconds(), u.Audio)
	// Other work on the machine is no fault of the worker's.
	if took > length && 20*u.CPU > u.Audio && !raced {
		t.Errorf("20 streams of %v took %v and more than one core: they would fall behind", length, took)
	}
	if s := e.State(); s.Streams != 0 {
		t.Errorf("%d streams are left", s.Streams)
	}
}

// TestNoWordsWithoutSpeech: silence, noise of several kinds, hum and a dial
// tone are no words.
func TestNoWordsWithoutSpeech(t *testing.T) {
	t.Parallel()
	e := open(t)
	const rate, length = 8000, 10 * 8000
	random := rand.New(rand.NewPCG(1, 2))
	noise := func(sigma float64) []int16 {
		pcm := make([]int16, length)
		for i := range pcm {
			pcm[i] = int16(random.NormFloat64() * sigma)
		}
		return pcm
	}
	for name, pcm := range map[string][]int16{
		"digital silence": make([]int16, length),
		"idle line":       noise(8),
		"quiet noise":     noise(40),
		"noise":           noise(200),
		"loud noise":      noise(1500),
		"mu-law idle":     audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, noise(4))),
	} {
		got, err := hear(t.Context(), e, 0, pcm, rate)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > 0 {
			t.Errorf("%s: heard %q", name, text(got))
		}
	}
}

// TestQuietSpeaker: speech 30 dB lower still gives most of its words.
func TestQuietSpeaker(t *testing.T) {
	t.Parallel()
	e, sample := open(t), enginetest.Speech(t)
	for i := range sample.PCM {
		sample.PCM[i] /= 32
	}
	got, err := hear(t.Context(), e, 0, sample.PCM, sample.Rate)
	if err != nil || len(strings.Fields(text(got))) < 12 {
		t.Errorf("heard %q, %v", text(got), err)
	}
}

// TestBadFrames: the stream is given up, the others go on.
func TestBadFrames(t *testing.T) {
	t.Parallel()
	e, sample := open(t), enginetest.Speech(t)
	good := transcribe.Frame{PCM: sample.PCM[:160], Rate: sample.Rate}
	for name, frames := range map[string][]transcribe.Frame{
		"no rate":         {{PCM: sample.PCM[:160]}},
		"absurd rate":     {{PCM: sample.PCM[:160], Rate: 1_000_000}},
		"negative rate":   {{PCM: sample.PCM[:160], Rate: -8000}},
		"rate changes":    {good, {PCM: sample.PCM[:160], Rate: 16000, At: time.Second}},
		"before the call": {good, {PCM: sample.PCM[:160], Rate: sample.Rate, At: -time.Second}},
	} {
		feed := make(chan transcribe.Frame, 9)
		for _, f := range frames {
			feed <- f
		}
		close(feed)
		err := e.Transcribe(t.Context(), feed, func(transcribe.Segment) error { return nil })
		if transcribe.VerdictOf(err) != transcribe.GiveUp || err == nil {
			t.Errorf("%s: %v, want the stream given up", name, err)
		}
	}
	// A whole recording as one frame is legal.
	feed := make(chan transcribe.Frame, 1)
	feed <- transcribe.Frame{PCM: repeat(sample, 2), Rate: sample.Rate}
	close(feed)
	words := 0
	if err := e.Transcribe(t.Context(), feed, func(s transcribe.Segment) error {
		if s.Final {
			words += len(s.Words)
		}
		return nil
	}); err != nil || words < 25 {
		t.Errorf("%d words of one long frame, %v", words, err)
	}
	if s := e.State(); s.Restarts != 0 || s.Streams != 0 {
		t.Errorf("state %+v, want no harm done", s)
	}
}

// TestDamagedModelIsRefused: neither altered nor cut off files are loaded.
func TestDamagedModelIsRefused(t *testing.T) {
	runtimeDir, modelDir := parts(t)
	for name, spoil := range map[string]func([]byte) []byte{
		"cut off": func(b []byte) []byte { return b[:len(b)*2/3] },
		"empty":   func([]byte) []byte { return nil },
		"text":    func([]byte) []byte { return []byte(strings.Repeat("version https://git-lfs.github.com/spec/v1\n", 40)) },
	} {
		dir := t.TempDir()
		for _, pattern := range []string{"encoder*.onnx", "decoder*.onnx", "joiner*.onnx", "tokens.txt"} {
			paths, err := filepath.Glob(filepath.Join(modelDir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range paths {
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(filepath.Base(path), "encoder") {
					content = spoil(content)
				}
				if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := sherpa.Available(runtimeDir, dir); !errors.Is(err, sherpa.ErrCutOff) {
			t.Errorf("%s: %v, want it refused", name, err)
		}
		if _, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: dir, Command: command(t)}); !errors.Is(err, sherpa.ErrCutOff) {
			t.Errorf("%s: New gives %v, want it refused", name, err)
		}
	}
}

// BenchmarkTwentyStreams tells how many streams one worker could hear in
// time, all of them speaking.
func BenchmarkTwentyStreams(b *testing.B) {
	e := open(b)
	sample := enginetest.Speech(b)
	length := time.Duration(len(sample.PCM)) * time.Second / time.Duration(sample.Rate)
	var audio time.Duration
	for b.Loop() {
		var streams sync.WaitGroup
		for range 20 {
			streams.Go(func() {
				if _, err := hear(b.Context(), e, 0, sample.PCM, sample.Rate); err != nil {
					b.Error(err)
				}
			})
		}
		streams.Wait()
		audio += 20 * length
	}
	b.ReportMetric(audio.Seconds()/b.Elapsed().Seconds(), "streams")
	u := e.Usage()
	b.ReportMetric(u.CPU.Seconds()/u.Audio.Seconds(), "cpu-s/audio-s")
}

// TestLongStretchIsCut: somebody who does not pause is heard in pieces, and
// the pieces keep the contract.
func TestLongStretchIsCut(t *testing.T) {
	t.Parallel()
	runtimeDir, modelDir := parts(t)
	tuning := sherpa.DefaultTuning()
	tuning.Longest = 2 * time.Second
	e, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: modelDir, Command: command(t), Tuning: &tuning})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	sample := enginetest.Speech(t)
	frame := transcribe.Frame{PCM: sample.PCM, Rate: sample.Rate}
	feed := make(chan transcribe.Frame, 1)
	feed <- frame
	close(feed)
	var all []transcribe.Segment
	if err := e.Transcribe(t.Context(), feed, func(s transcribe.Segment) error {
		all = append(all, s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, problem := range enginetest.Check(all, []transcribe.Frame{frame}) {
		t.Error(problem)
	}
	finals := 0
	for _, s := range all {
		if s.Final {
			finals++
			if s.End-s.Start > 3*time.Second {
				t.Errorf("a stretch of %v", s.End-s.Start)
			}
		}
	}
	if finals <= len(sample.Sentences) {
		t.Errorf("%d finals of %d sentences", finals, len(sample.Sentences))
	}
}
