package recording

import (
	"io/fs"
	"testing"
	"time"

	"heed/insights"
	"heed/transcribe"
)

// countingDisk counts what is asked of it.
type countingDisk struct {
	disk

	reads, writes int
}

func (d *countingDisk) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := d.disk.OpenFile(name, flag, perm)
	return &countingFile{f, d}, err
}

type countingFile struct {
	File

	d *countingDisk
}

func (f *countingFile) ReadAt(b []byte, off int64) (int, error) {
	f.d.reads++
	return f.File.ReadAt(b, off)
}

func (f *countingFile) WriteAt(b []byte, off int64) (int, error) {
	f.d.writes++
	return f.File.WriteAt(b, off)
}

// Ten seconds of both parties that are released go over in a few steps, and
// end where single chunks would.
func TestWhatIsReleasedIsCopiedAtOnce(t *testing.T) {
	for _, rate := range []int{8000, 16000} {
		d := &countingDisk{}
		b := newBench(t, d)
		for at := time.Duration(0); at < 10*time.Second; at += ChunkLength {
			for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
				if speak(b.Recorder, who, at, at+ChunkLength, rate) > 0 {
					t.Fatal("a write failed")
				}
			}
		}
		d.reads, d.writes = 0, 0
		for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
			if err := b.Release(who, 10*time.Second); err != nil {
				t.Fatal(err)
			}
		}
		if d.reads > 6 || d.writes > 5 {
			t.Errorf("%d Hz: %d reads and %d writes for 50 chunks", rate, d.reads, d.writes)
		}
		st, w := sealed(t, b, b.Recorder)
		if st.State != Kept || st.Lost != 0 {
			t.Errorf("%d Hz: %+v", rate, st)
		}
		for c := range w.Channels {
			wantSound(t, "channel", w.Channels[c][:len(w.Channels[c])-160], Stretch{0, 10 * time.Second})
			if n := len(w.Channels[c]); n < 10*8000-8 || n > 10*8000+8 {
				t.Errorf("%d Hz: channel %d has %d samples", rate, c, n)
			}
		}
	}
}

// Two parties who talk at the same time are written together: to ask for a write
// is what spooling costs.
func TestBothPartiesAreSpooledAtOnce(t *testing.T) {
	d := &countingDisk{}
	b := newBench(t, d)
	for at := time.Duration(0); at < 10*ChunkLength; at += transcribe.FrameDuration {
		for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
			if err := b.Write(who, tone(at, 8000)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if d.writes > 11 { // and the header
		t.Errorf("%d writes for ten chunks of both parties", d.writes)
	}
	if _, w := sealed(t, b, b.again(t)); len(w.Channels[0]) < 9*3200 || len(w.Channels[1]) < 9*3200 {
		t.Errorf("%d and %d samples came back", len(w.Channels[0]), len(w.Channels[1]))
	}
}

// A chunk that is spoilt costs itself, wherever in a run it lies.
func TestASpoiltChunkInARunCostsItselfOnly(t *testing.T) {
	for _, spoilt := range []int{0, 7, 24} {
		b := newBench(t, nil)
		if speak(b.Recorder, insights.Customer, 0, 10*time.Second, 8000) > 0 {
			t.Fatal("a write failed")
		}
		c := b.tracks[right].chunks[spoilt]
		if err := b.spool.scrub(c.off, c.size); err != nil {
			t.Fatal(err)
		}
		if err := b.Release(insights.Customer, 10*time.Second); err != nil {
			t.Fatal(err)
		}
		st, w := sealed(t, b, b.Recorder)
		if st.Lost != ChunkLength {
			t.Errorf("chunk %d: %s lost", spoilt, st.Lost)
		}
		from := time.Duration(spoilt) * ChunkLength
		for i, silent := range silentParts(w.Channels[1]) {
			at := time.Duration(i) * 20 * time.Millisecond
			if want := at >= from && at < from+ChunkLength; silent != want {
				t.Fatalf("chunk %d: at %s silent %v", spoilt, at, silent)
			}
		}
	}
}

// TestCopyingAllocatesLittle holds a run of 25 chunks to a few allocations.
func TestCopyingAllocatesLittle(t *testing.T) {
	b := newBench(t, nil)
	if speak(b.Recorder, insights.Customer, 0, 70*time.Second, 8000) > 0 {
		t.Fatal("a write failed")
	}
	at := 5 * time.Second
	if err := b.Release(insights.Customer, at); err != nil { // buffers grow
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(10, func() {
		at += 5 * time.Second
		if err := b.Release(insights.Customer, at); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 60 { // two of each chunk are the seal's
		t.Errorf("%v allocations for 25 chunks", allocs)
	}
}
