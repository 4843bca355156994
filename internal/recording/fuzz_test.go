package recording

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
)

func FuzzRecord(f *testing.F) {
	f.Add(audioRecord(nil, right, 8000, time.Second, time.Unix(1, 0), []int16{1, -2, 3}))
	f.Add(stretchRecord(kindMute, left, 1, 2))
	f.Add([]byte{kindAudio, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, ok := parseRecord(b)
		if !ok {
			return
		}
		if r.side >= sides || r.from < 0 {
			t.Fatalf("took %+v", r)
		}
		if r.kind == kindAudio {
			c := chunk{at: r.from, samples: len(r.pcm) / 2, rate: r.rate}
			if c.samples < 1 || c.length() < 0 {
				t.Fatalf("took a chunk of %d samples", c.samples)
			}
		}
	})
}

func FuzzSpoolFile(f *testing.F) {
	id := event.NewID()
	dir := f.TempDir()
	r, err := Create(Options{Dir: dir, Key: testKey}, id)
	if err != nil {
		f.Fatal(err)
	}
	speak(r, insights.Customer, 0, time.Second, 8000)
	good, err := os.ReadFile(filepath.Join(dir, "spool", id+".spool"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:headerSize+100])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "spool"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "spool", id+".spool"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Reopen(Options{Dir: dir, Key: testKey}, id)
		if err != nil {
			return
		}
		if _, _, err := r.Next(insights.Customer, 0, time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Seal(); err != nil {
			t.Fatal(err)
		}
		if err := r.Destroy(); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzWaveform(f *testing.F) {
	f.Add(append(headerFor(4), 1, 2, 3, 4))
	f.Add(headerFor(-1))
	f.Add([]byte("RIFF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := waveform(bytes.NewReader(b))
		if err == nil && len(w.Agent) != len(w.Customer) {
			t.Fatalf("%d and %d peaks", len(w.Agent), len(w.Customer))
		}
	})
}
