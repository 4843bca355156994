package recording

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/transcribe"
	"heed/transcribe/audio"
)

const (
	second = time.Second
	// some is a few seconds in whole chunks, and ten is ten of them.
	some = 8 * ChunkLength
	ten  = 10 * ChunkLength
)

func TestBothPartiesLieOnOneClock(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Agent, 0, second, 8000)
	speak(b.Recorder, insights.Customer, second/2, 2*second, 8000)
	speak(b.Recorder, insights.Agent, 3*second, 4*second, 8000) // after a gap of 2 s
	st, w := sealed(t, b, b.Recorder)
	if st != (Status{State: Kept, Bytes: 58 + 2*4*8000}) {
		t.Errorf("status %+v", st)
	}
	if len(w.Channels[0]) != 4*8000 {
		t.Fatalf("%d samples, want 4 s", len(w.Channels[0]))
	}
	wantSound(t, "agent", w.Channels[0], Stretch{0, second}, Stretch{3 * second, 4 * second})
	wantSound(t, "customer", w.Channels[1], Stretch{second / 2, 2 * second})
	want := audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, tone(3*second, 8000).PCM))
	if got := w.Channels[0][3*8000 : 3*8000+160]; !slices.Equal(got, want) {
		t.Error("the audio after the gap is not what was said")
	}
}

func TestOtherRatesBecome8kHz(t *testing.T) {
	for _, rate := range []int{16000, 48000} {
		b := newBench(t, nil)
		for at := time.Duration(0); at < 2*second; at += transcribe.FrameDuration {
			if err := b.Write(insights.Customer, tone(at, rate)); err != nil {
				t.Fatal(err)
			}
			if err := b.Release(insights.Customer, at); err != nil { // piece by piece
				t.Fatal(err)
			}
		}
		speak(b.Recorder, insights.Customer, 3*second, 4*second, rate)
		_, w := sealed(t, b, b.Recorder)
		got := w.Channels[1]
		if len(got) != 4*8000 {
			t.Fatalf("%d Hz: %d samples, want 4 s", rate, len(got))
		}
		// The same tone, at 8 kHz, within the error of mu-law.
		for _, at := range []int{8000, 15000, 3*8000 + 4000} {
			want := 8000 * math.Sin(2*math.Pi*440*float64(at)/8000)
			if math.Abs(float64(got[at])-want) > 400 {
				t.Errorf("%d Hz: sample %d is %d, want %.0f", rate, at, got[at], want)
			}
		}
		wantSound(t, "gap", got[2*8000+160:3*8000-160])
	}
}

func TestSpoolIsSealedAndPrivate(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Customer, 0, 2*second, 8000)
	if err := b.Release(insights.Customer, second); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(b.spoolPath())
	if err != nil {
		t.Fatal(err)
	}
	var plain []byte
	for _, v := range tone(0, 8000).PCM[:16] {
		plain = binary.LittleEndian.AppendUint16(plain, uint16(v))
	}
	if len(raw) < 30000 || bytes.Contains(raw, plain) {
		t.Errorf("spool of %d bytes holds audio in the clear", len(raw))
	}
	for _, name := range []string{b.spoolPath(), filepath.Join(b.o.Dir, "recordings", b.id+".wav.part")} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", name, info.Mode().Perm())
		}
	}
	if _, err := Open(b.o.Dir, b.id, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a live recording opens: %v", err)
	}
	other := b.o
	other.Key = bytes.Repeat([]byte{7}, KeyBytes)
	if _, err := Reopen(other, b.id); !errors.Is(err, ErrKey) {
		t.Errorf("another master key: %v, want ErrKey", err)
	}
}

func TestOnlyWhatIsReleasedIsInTheRecording(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Agent, 0, 10*second, 8000)
	if err := b.Release(insights.Agent, 2*second+second/2); err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(b.o.Dir, "recordings", b.id+".wav.part")
	seconds := func() float64 {
		info, err := os.Stat(part)
		if err != nil {
			t.Fatal(err)
		}
		return float64(info.Size()-58) / 16000
	}
	if got := seconds(); got != 2.4 { // whole chunks
		t.Errorf("%v s released, want 2.4", got)
	}
	b.at = b.at.Add(HoldAtMost - 1)
	if err := b.Expire(); err != nil || seconds() != 2.4 {
		t.Errorf("released before its time: %v s, %v", seconds(), err)
	}
	b.at = b.at.Add(1)
	if err := b.Expire(); err != nil || seconds() != 10 {
		t.Errorf("held for longer than a minute: %v s, %v", seconds(), err)
	}
}

func TestMutesHoldBeforeAfterAndAcrossACrash(t *testing.T) {
	mute := Stretch{700 * time.Millisecond, 1340 * time.Millisecond}
	for _, c := range []struct {
		name    string
		rate    int
		crashed bool
	}{{"8 kHz", 8000, false}, {"8 kHz crashed", 8000, true}, {"16 kHz", 16000, false}, {"16 kHz crashed", 16000, true}} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			speak(b.Recorder, insights.Customer, 0, some, c.rate)
			speak(b.Recorder, insights.Agent, 0, some, c.rate)
			if err := b.Release(insights.Customer, 1*second); err != nil { // half of it is out already
				t.Fatal(err)
			}
			if err := b.Mute(insights.Customer, mute.From, mute.To); err != nil {
				t.Fatal(err)
			}
			r := b.Recorder
			if c.crashed {
				r = b.again(t)
			}
			_, w := sealed(t, b, r)
			wantSound(t, "agent", w.Channels[0], Stretch{0, some})
			if c.rate == 8000 {
				wantSound(t, "customer", w.Channels[1], Stretch{0, mute.From}, Stretch{mute.To, some})
				return
			}
			const ring = 80 // the filter rings for 10 ms on either side of a cut
			muted := w.Channels[1][5600+ring : 10720-ring]
			if slices.IndexFunc(muted, func(v int16) bool { return v > 40 || v < -40 }) >= 0 {
				t.Error("muted audio can be heard")
			}
		})
	}
}

// readable gives what the next process could read of a stretch.
func readable(t *testing.T, r *Recorder, from, to time.Duration) []Stretch {
	t.Helper()
	var out []Stretch
	for {
		f, ok, err := r.Next(insights.Customer, from, to)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return out
		}
		if n := len(out); n > 0 && out[n-1].To == f.At {
			out[n-1].To = f.End()
		} else {
			out = append(out, Stretch{f.At, f.End()})
		}
		from = f.End()
	}
}

func TestMutedAudioLeavesTheSpool(t *testing.T) {
	for name, c := range map[string]struct {
		first bool // the mutes come before the release
		mutes []Stretch
		want  []Stretch
	}{
		"muted afterwards": {
			false,
			[]Stretch{{500 * time.Millisecond, 1700 * time.Millisecond}},
			[]Stretch{{0, 800 * time.Millisecond}, {1600 * time.Millisecond, some}},
		},
		"muted before": {
			true,
			[]Stretch{{500 * time.Millisecond, 1700 * time.Millisecond}},
			[]Stretch{{0, 800 * time.Millisecond}, {1600 * time.Millisecond, some}},
		},
		"two mutes together": {
			false,
			[]Stretch{{400 * time.Millisecond, 700 * time.Millisecond}, {650 * time.Millisecond, 800 * time.Millisecond}},
			[]Stretch{{0, 400 * time.Millisecond}, {800 * time.Millisecond, some}},
		},
		"not released": {
			false,
			[]Stretch{{1500 * time.Millisecond, some}},
			[]Stretch{{0, 1600 * time.Millisecond}, {2 * second, some}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, &stubborn{refuse: 1})
			speak(b.Recorder, insights.Customer, 0, some, 8000)
			release := func() {
				if err := b.Release(insights.Customer, 2*second); err != nil {
					t.Fatal(err)
				}
			}
			if !c.first {
				release()
			}
			for _, m := range c.mutes {
				if err := b.Mute(insights.Customer, m.From, m.To); err != nil {
					t.Fatal(err)
				}
			}
			release()
			if got := readable(t, b.again(t), 0, some); !slices.Equal(got, c.want) {
				t.Errorf("readable is %v, want %v", got, c.want)
			}
			if _, err := b.Seal(); err == nil { // begins anew from what is left
				t.Fatal("sealed without a name")
			}
			if st, _ := sealed(t, b, b.Recorder); st.State != Kept || st.Lost != 0 {
				t.Errorf("muted audio counts as lost: %+v", st)
			}
		})
	}
}

func TestACrashLosesAtMostOneChunk(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Customer, 0, 1900*time.Millisecond, 8000)
	r := b.again(t)
	if lost := 1900*time.Millisecond - r.End(insights.Customer); lost > ChunkLength || lost < 0 {
		t.Errorf("lost %s", lost)
	}
	raw, err := os.ReadFile(b.spoolPath())
	if err != nil {
		t.Fatal(err)
	}
	// A torn write can end at any byte: what lay before it is all there.
	chunk := (len(raw) - headerSize) / int(r.End(insights.Customer)/ChunkLength)
	for size := headerSize; size < len(raw); size += 97 {
		if err := os.WriteFile(b.spoolPath(), raw[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		r := b.again(t)
		if got, want := r.End(insights.Customer), time.Duration((size-headerSize)/chunk)*ChunkLength; got != want {
			t.Fatalf("%d bytes: audio up to %s, want %s", size, got, want)
		}
		// The next process goes on where the torn record began.
		speak(r, insights.Agent, 0, some, 8000)
		if got := b.again(t).End(insights.Agent); got != some {
			t.Fatalf("%d bytes: after the torn record %s, want 3.2 s", size, got)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSpoiltBytesCostTheirChunkOnly(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Customer, 0, ten, 8000)
	spoil(t, b, 3)
	_, w := sealed(t, b, b.again(t))
	wantSound(t, "customer", w.Channels[1], Stretch{0, 3 * ChunkLength}, Stretch{4 * ChunkLength, ten})
}

func TestFullDiskLosesOnlyWhatItCould(t *testing.T) {
	d := &fullDisk{}
	b := newBench(t, d)
	speak(b.Recorder, insights.Customer, 0, 2*ten, 8000)
	d.fill(true)
	if speak(b.Recorder, insights.Customer, 2*ten, 5*ten, 8000) == 0 {
		t.Error("no write failed on a full disk")
	}
	if st := b.Status(); st.State != Partial || st.Lost != 3*ten {
		t.Errorf("while full: %+v, want 12 s lost", st)
	}
	if err := b.Release(insights.Customer, second); err == nil {
		t.Error("the recording grew on a full disk")
	}
	d.fill(false)
	if failed := speak(b.Recorder, insights.Customer, 5*ten, 6*ten, 8000); failed > 0 {
		t.Errorf("%d frames failed with space again", failed)
	}
	st, w := sealed(t, b, b.Recorder)
	if st.State != Partial || st.Lost != 3*ten {
		t.Errorf("at the end: %+v", st)
	}
	wantSound(t, "customer", w.Channels[1], Stretch{0, 2 * ten}, Stretch{5 * ten, 6 * ten})
}

func TestSealOnAFullDiskCanBeTriedAgain(t *testing.T) {
	for _, rate := range []int{8000, 16000} {
		d := &fullDisk{}
		b := newBench(t, d)
		speak(b.Recorder, insights.Customer, 0, 2*second, rate)
		speak(b.Recorder, insights.Agent, 0, 2*second, rate)
		if err := b.Release(insights.Customer, second); err != nil {
			t.Fatal(err)
		}
		d.fill(true)
		for range 3 {
			if st, err := b.Seal(); err == nil {
				t.Fatalf("%d Hz: sealed on a full disk: %+v", rate, st)
			}
		}
		if _, err := Open(b.o.Dir, b.id, nil); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%d Hz: half a recording opens: %v", rate, err)
		}
		d.fill(false)
		st, w := sealed(t, b, b.Recorder)
		if st.State != Kept || st.Lost != 0 {
			t.Errorf("%d Hz: with space again %+v", rate, st)
		}
		wantSound(t, "agent", w.Channels[0], Stretch{0, 2 * second})
		wantSound(t, "customer", w.Channels[1], Stretch{0, 2 * second})
	}
}

// stubborn is a disk that does not name files for a while.
type stubborn struct {
	disk
	refuse int
}

func (d *stubborn) Rename(from, to string) error {
	if d.refuse--; d.refuse >= 0 {
		return syscall.EIO
	}
	return d.disk.Rename(from, to)
}

func TestSealBeginsAnewFromTheSpool(t *testing.T) {
	b := newBench(t, &stubborn{refuse: 2})
	speak(b.Recorder, insights.Customer, 0, ten, 8000)
	spoil(t, b, 3)
	if err := b.Release(insights.Customer, ten); err != nil {
		t.Fatal(err)
	}
	if err := b.Mute(insights.Customer, 2*second, 2500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := b.Seal(); !errors.Is(err, syscall.EIO) {
			t.Fatalf("sealed without a name: %v", err)
		}
	}
	st, w := sealed(t, b, b.Recorder)
	if st.State != Partial || st.Lost != ChunkLength {
		t.Errorf("status %+v, want one chunk lost, once", st)
	}
	wantSound(t, "customer", w.Channels[1],
		Stretch{0, 3 * ChunkLength}, Stretch{4 * ChunkLength, 2 * second}, Stretch{2500 * time.Millisecond, ten})
}

// spoil flips a bit in the nth of ten chunks.
func spoil(t *testing.T, b *bench, n int) {
	t.Helper()
	raw, err := os.ReadFile(b.spoolPath())
	if err != nil {
		t.Fatal(err)
	}
	raw[headerSize+n*(len(raw)-headerSize)/10+50] ^= 1
	if err := os.WriteFile(b.spoolPath(), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDiskFullFromTheStart(t *testing.T) {
	d := &fullDisk{full: true}
	b := newBench(t, d)
	speak(b.Recorder, insights.Agent, 0, second, 8000)
	st, _ := b.Seal()
	if st.State != Lost || st.Lost != second {
		t.Errorf("status %+v, want all lost", st)
	}
	if err := b.Destroy(); err != nil {
		t.Error(err)
	}
}

func TestMuteOnAFullDiskScrubsTheSpool(t *testing.T) {
	d := &fullDisk{}
	b := newBench(t, d)
	speak(b.Recorder, insights.Customer, 0, 2*second, 8000)
	d.fill(true)
	if err := b.Mute(insights.Customer, 500*time.Millisecond, 900*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	d.fill(false)
	// After a crash the mute is forgotten, but so is the audio.
	_, w := sealed(t, b, b.again(t))
	wantSound(t, "customer", w.Channels[1], Stretch{0, 400 * time.Millisecond}, Stretch{1200 * time.Millisecond, 2 * second})
}

func TestDestroyTakesTheKeyWithIt(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Customer, 0, second, 8000)
	undeleted, err := os.Open(b.spoolPath())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = undeleted.Close() }()
	if err := b.Destroy(); err != nil {
		t.Fatal(err)
	}
	header := make([]byte, headerSize)
	if _, err := undeleted.ReadAt(header, 0); err != nil || !bytes.Equal(header, make([]byte, headerSize)) {
		t.Errorf("the wrapped key is still on the disk (%v)", err)
	}
	if ids, err := Spooled(b.o.Dir); err != nil || len(ids) != 0 {
		t.Errorf("spools left: %v, %v", ids, err)
	}
	if err := Destroy(b.o.Dir, b.id); err != nil {
		t.Errorf("destroying nothing: %v", err)
	}
}

func TestOwedStretchesSurvive(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Customer, 0, second, 8000)
	if err := b.Owe(insights.Customer, 200*time.Millisecond, math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	want := []Stretch{{200 * time.Millisecond, math.MaxInt64}}
	if got := b.again(t).Owed(insights.Customer); !slices.Equal(got, want) {
		t.Errorf("owed %v, want %v", got, want)
	}
	if got := b.again(t).Owed(insights.Agent); got != nil {
		t.Errorf("the agent is owed %v", got)
	}
}

func TestSalvage(t *testing.T) {
	b := newBench(t, nil)
	if st, err := Salvage(b.o, b.id); err != nil || st.State != None {
		t.Errorf("nothing there: %+v, %v", st, err)
	}
	speak(b.Recorder, insights.Customer, 0, 2*second, 8000)
	if err := b.Release(insights.Customer, second); err != nil {
		t.Fatal(err)
	}
	if err := Destroy(b.o.Dir, b.id); err != nil { // the spool is gone
		t.Fatal(err)
	}
	st, err := Salvage(b.o, b.id)
	if err != nil || st.State != Partial {
		t.Fatalf("half a recording: %+v, %v", st, err)
	}
	wantSound(t, "customer", heardBy(t, b).Channels[1], Stretch{0, second})
	if st, err := Salvage(b.o, b.id); err != nil || st.State != Kept {
		t.Errorf("twice: %+v, %v", st, err)
	}
}

func TestIDsAreCheckedBeforeTheyBecomePaths(t *testing.T) {
	dir := t.TempDir()
	for _, id := range []string{
		"", ".", "../../etc/passwd", "0190A000-0000-7000-8000-000000000000",
		"{0190a000-0000-7000-8000-000000000000}", "urn:uuid:0190a000-0000-7000-8000-000000000000",
		"0190a000-0000-7000-8000-00000000000/", strings.Repeat("a", 5000), "0190a000000070008000000000000000",
	} {
		_, err := Create(Options{Dir: dir, Key: testKey}, id)
		_, openErr := Open(dir, id, nil)
		_, peaksErr := Peaks(dir, id, nil)
		_, salvageErr := Salvage(Options{Dir: dir}, id)
		for _, err := range []error{err, openErr, peaksErr, salvageErr, Destroy(dir, id)} {
			if !errors.Is(err, ErrID) {
				t.Errorf("id %q: %v, want ErrID", clip(id), err)
			}
		}
	}
	if _, err := Create(Options{Dir: dir, Key: []byte("short")}, newBench(t, nil).id); err == nil {
		t.Error("a short master key was taken")
	}
}

func TestPeaks(t *testing.T) {
	b := newBench(t, nil)
	speak(b.Recorder, insights.Customer, second, 2*second, 8000)
	sealed(t, b, b.Recorder)
	w, err := Peaks(b.o.Dir, b.id, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.PerSecond != 20 || w.Duration != 2 || len(w.Customer) != 40 || len(w.Agent) != 40 {
		t.Fatalf("waveform of %v s: %d and %d peaks", w.Duration, len(w.Agent), len(w.Customer))
	}
	if w.Customer[10] != 0 || math.Abs(w.Customer[30]-8000.0/32768) > 0.01 || w.Agent[30] != 0 {
		t.Errorf("peaks %v, %v, agent %v", w.Customer[10], w.Customer[30], w.Agent[30])
	}
}

func TestNextReadsBackExactlyWhatWasSaid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t, nil)
		rate := rapid.SampledFrom([]int{8000, 16000}).Draw(rt, "rate")
		said := map[int]int16{} // sample -> value
		at := time.Duration(0)
		for range rapid.IntRange(1, 12).Draw(rt, "frames") {
			at += time.Duration(rapid.SampledFrom([]int{0, 0, 0, 40, 1000}).Draw(rt, "gap")) * time.Millisecond
			f := transcribe.Frame{Rate: rate, At: at}
			for range rapid.SampledFrom([]int{1, 7, 20, 200, 450}).Draw(rt, "ms") * rate / 1000 {
				f.PCM = append(f.PCM, int16(len(said)%30000+1))
				said[int(at*time.Duration(rate)/time.Second)+len(f.PCM)-1] = f.PCM[len(f.PCM)-1]
			}
			if err := b.Write(insights.Agent, f); err != nil {
				rt.Fatal(err)
			}
			at = f.End()
		}
		if err := b.Flush(); err != nil {
			rt.Fatal(err)
		}
		from := time.Duration(rapid.IntRange(0, 2000).Draw(rt, "from")) * time.Millisecond
		to := from + time.Duration(rapid.IntRange(0, 3000).Draw(rt, "length"))*time.Millisecond
		got := map[int]int16{}
		for pos := from; ; {
			f, ok, err := b.Next(insights.Agent, pos, to)
			if err != nil {
				rt.Fatal(err)
			}
			if !ok {
				break
			}
			for i, v := range f.PCM {
				got[int((f.At*time.Duration(rate)+second/2)/second)+i] = v
			}
			pos = f.End()
		}
		for i, v := range said {
			inside := lengthOf(i, rate) >= from && lengthOf(i, rate) < to
			if g, ok := got[i]; ok != inside || ok && g != v {
				rt.Fatalf("sample %d: got %d (%v), want %d (%v)", i, g, ok, v, inside)
			}
		}
	})
}
