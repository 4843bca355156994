package play

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/transcribe/audio"
)

func TestRead(t *testing.T) {
	t.Parallel()
	second := tone(telephone, 300, time.Second)
	whole := wav(t, telephone, second, second)
	for _, c := range []struct {
		name      string
		file      []byte
		side      Side
		duration  time.Duration
		stereo    bool
		truncated bool
	}{
		{"stereo", whole, "", time.Second, true, false},
		{"mono", wav(t, telephone, second), Left, time.Second, false, false},
		{"44.1 kHz", wav(t, 44100, tone(44100, 300, 1500*time.Millisecond)), "", 1500 * time.Millisecond, false, false},
		{"48 kHz", wav(t, 48000, tone(48000, 300, time.Second)), "", time.Second, false, false},
		{"cut off", whole[:len(whole)-16000], "", 500 * time.Millisecond, true, true},
	} {
		rec, err := Read(bytes.NewReader(c.file), c.side)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if d := rec.Duration() - c.duration; d.Abs() > time.Millisecond || rec.Stereo() != c.stereo || rec.Truncated != c.truncated {
			t.Errorf("%s: %v, stereo %v, truncated %v", c.name, rec.Duration(), rec.Stereo(), rec.Truncated)
		}
	}
}

func TestReadKeepsTheLevel(t *testing.T) {
	t.Parallel()
	rec, err := Read(bytes.NewReader(wav(t, 44100, tone(44100, 1000, time.Second))), "")
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	pcm := audio.DecodeMulaw(nil, rec.customer)
	for _, s := range pcm[telephone/4 : telephone*3/4] {
		sum += float64(s) * float64(s)
	}
	if rms := math.Sqrt(sum / (telephone / 2)); math.Abs(20*math.Log10(rms/(8192/math.Sqrt2))) > 0.3 {
		t.Errorf("level %.0f, want %.0f", rms, 8192/math.Sqrt2)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	empty := wav(t, telephone, []int16{})
	for _, c := range []struct {
		name string
		file []byte
		side Side
		want error // nil: any
		says string
	}{
		{"an empty WAV", empty, "", ErrEmpty, "no audio"},
		{"an empty stereo WAV", wav(t, telephone, []int16{}, []int16{}), "", ErrEmpty, "no audio"},
		{"nothing", nil, "", nil, "WAV"},
		{"text", []byte("this is not a recording, it is a sentence"), "", audio.ErrNotWAV, "WAV"},
		{"a side that is none", wav(t, telephone, []int16{1}), "middle", nil, "left or right"},
	} {
		rec, err := Read(bytes.NewReader(c.file), c.side)
		if err == nil || rec != nil || (c.want != nil && !errors.Is(err, c.want)) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	good, bad := filepath.Join(t.TempDir(), "good.wav"), filepath.Join(t.TempDir(), "bad.wav")
	for file, raw := range map[string][]byte{good: wav(t, telephone, []int16{1, 2, 3}), bad: []byte("x")} {
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if rec, err := Open(good, ""); err != nil || rec.frames() != 1 {
		t.Errorf("good: %v", err)
	}
	if _, err := Open(bad, ""); err == nil || !strings.Contains(err.Error(), "bad.wav") {
		t.Errorf("bad: %v", err)
	}
	if _, err := Open(good+".not", ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(wav(f, telephone, []int16{1, -1, 2}), "left")
	f.Add(wav(f, 44100, []int16{1, -1, 2}, []int16{3, 4, 5}), "")
	f.Fuzz(func(t *testing.T, file []byte, side string) {
		rec, err := Read(bytes.NewReader(file), Side(side))
		if (err == nil) != (rec != nil) {
			t.Fatalf("recording %v with error %v", rec, err)
		}
		if err == nil && rec.Duration() <= 0 {
			t.Fatal("a recording of nothing")
		}
	})
}
