package recording

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/transcribe"
	"heed/transcribe/audio"
)

var testKey = []byte("0123456789abcdef0123456789abcdef")

// bench is a recorder with the clock and the disk that a test moves.
type bench struct {
	*Recorder
	o  Options
	id string
	at time.Time
}

func newBench(t testing.TB, fsys FS) *bench {
	t.Helper()
	b := &bench{id: event.NewID(), at: time.Unix(1_700_000_000, 0)}
	b.o = Options{Dir: t.TempDir(), Key: testKey, FS: fsys, Now: func() time.Time { return b.at }}
	var err error
	if b.Recorder, err = Create(b.o, b.id); err != nil {
		t.Fatal(err)
	}
	return b
}

// again is what the next process would open.
func (b *bench) again(t testing.TB) *Recorder {
	t.Helper()
	r, err := Reopen(b.o, b.id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bench) spoolPath() string {
	return filepath.Join(b.o.Dir, "spool", b.id+".spool")
}

// tone is a frame of 20 ms whose samples tell their own place.
func tone(at time.Duration, rate int) transcribe.Frame {
	f := transcribe.Frame{Rate: rate, At: at, PCM: make([]int16, rate/50)}
	first := int(at * time.Duration(rate) / time.Second)
	for i := range f.PCM {
		f.PCM[i] = int16(8000 * math.Sin(2*math.Pi*440*float64(first+i)/float64(rate)))
	}
	return f
}

// speak writes a party's audio between two moments and gives the number of
// frames that failed.
func speak(r *Recorder, who insights.Speaker, from, to time.Duration, rate int) (failed int) {
	for at := from; at < to; at += transcribe.FrameDuration {
		if r.Write(who, tone(at, rate)) != nil {
			failed++
		}
	}
	return failed
}

// sealed ends the recording and reads what a listener would hear.
func sealed(t testing.TB, b *bench, r *Recorder) (Status, audio.WAV) {
	t.Helper()
	st, err := r.Seal()
	if err != nil {
		t.Fatal(err)
	}
	return st, heardBy(t, b)
}

func heardBy(t testing.TB, b *bench) audio.WAV {
	t.Helper()
	p, err := Open(b.o.Dir, b.id, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	w, err := audio.ReadWAV(p)
	if err != nil {
		t.Fatal(err)
	}
	if w.Rate != 8000 || len(w.Channels) != 2 || w.Truncated {
		t.Fatalf("recording of %d Hz, %d channels, truncated %v", w.Rate, len(w.Channels), w.Truncated)
	}
	return w
}

// silentParts gives, for each 20 ms of a channel, whether it is silent.
func silentParts(pcm []int16) []bool {
	var out []bool
	for i := 0; i+160 <= len(pcm); i += 160 {
		silent := true
		for _, v := range pcm[i : i+160] {
			silent = silent && v == 0
		}
		out = append(out, silent)
	}
	return out
}

// wantSound checks that a channel sounds exactly between the given moments,
// in steps of 20 ms.
func wantSound(t testing.TB, name string, pcm []int16, stretches ...Stretch) {
	t.Helper()
	for i, silent := range silentParts(pcm) {
		at := time.Duration(i) * 20 * time.Millisecond
		want := true
		for _, s := range stretches {
			if at >= s.From && at < s.To {
				want = false
			}
		}
		if silent != want {
			t.Fatalf("%s at %s: silent %v, want %v", name, at, silent, want)
		}
	}
}

// fullDisk is the real file system with a switch: while full, nothing can be
// written beyond what files hold already.
type fullDisk struct {
	disk
	mu   sync.Mutex
	full bool
}

func (d *fullDisk) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

func (d *fullDisk) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full && flag&os.O_CREATE != 0 {
		if _, err := os.Stat(name); err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOSPC}
		}
	}
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return &fullFile{File: f, disk: d}, nil
}

type fullFile struct {
	*os.File
	disk *fullDisk
}

// WriteAt writes half of what does not fit, as a real disk does.
func (f *fullFile) WriteAt(b []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if f.disk.full && off+int64(len(b)) > info.Size() {
		n, err := f.File.WriteAt(b[:len(b)/2], off)
		return n, errors.Join(err, syscall.ENOSPC)
	}
	return f.File.WriteAt(b, off)
}
