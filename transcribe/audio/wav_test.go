package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// riff puts chunks into a RIFF file whose lengths are true.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// chunk is one chunk with its pad byte.
func chunk(id string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body))), body...)
	return append(out, make([]byte, len(body)%2)...)
}

// form is a plain "fmt " chunk.
func form(tag, channels, rate, bits int, extra ...byte) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(nil, uint16(tag))
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*channels*bits/8))
	b = le.AppendUint16(b, uint16(channels*bits/8))
	b = le.AppendUint16(b, uint16(bits))
	return chunk("fmt ", append(b, extra...))
}

// extensible is the tail of a WAVE_FORMAT_EXTENSIBLE chunk.
func extensible(tag int, bits byte) []byte {
	return append([]byte{22, 0, bits, 0, 0, 0, 0, 0, byte(tag), byte(tag >> 8)},
		0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71)
}

// le32 appends numbers of four bytes.
func le32(v ...uint32) (b []byte) {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return b
}

func TestReadsEveryEncoding(t *testing.T) {
	nan := math.Float32bits(float32(math.NaN()))
	for _, c := range []struct {
		name string
		file []byte
		want WAV
	}{
		{"8 bit", riff(form(1, 1, 8000, 8), chunk("data", []byte{0, 128, 255})), WAV{8000, [][]int16{{-32768, 0, 32512}}, false}},
		{"16 bit stereo", riff(form(1, 2, 44100, 16), chunk("data", []byte{1, 0, 2, 0, 0xff, 0xff, 4, 0})), WAV{44100, [][]int16{{1, -1}, {2, 4}}, false}},
		{"24 bit", riff(form(1, 1, 48000, 24), chunk("data", []byte{9, 0x34, 0x12, 9, 0, 0x80})), WAV{48000, [][]int16{{0x1234, -32768}}, false}},
		{"20 bit in 24", riff(form(1, 1, 48000, 20), chunk("data", []byte{0, 0x34, 0x12})), WAV{48000, [][]int16{{0x1234}}, false}},
		{"32 bit", riff(form(1, 1, 96000, 32), chunk("data", le32(0x12345678))), WAV{96000, [][]int16{{0x1234}}, false}},
		{"float", riff(form(3, 1, 16000, 32), chunk("data", le32(math.Float32bits(0.5), math.Float32bits(-7), nan))), WAV{16000, [][]int16{{16384, -32768, 0}}, false}},
		{"mu-law", riff(form(7, 2, 8000, 8), chunk("data", []byte{0xff, 0})), WAV{8000, [][]int16{{0}, {-32124}}, false}},
		{"mu-law that says 16 bits", riff(form(7, 1, 8000, 16), chunk("data", []byte{0xff, 0})), WAV{8000, [][]int16{{0, -32124}}, false}},
		{"A-law", riff(form(6, 1, 8000, 8), chunk("data", []byte{0xd5, 0xaa})), WAV{8000, [][]int16{{8, 32256}}, false}},
		{"extensible", riff(form(tagExtensible, 1, 8000, 16, extensible(1, 16)...), chunk("data", []byte{7, 0})), WAV{8000, [][]int16{{7}}, false}},
		{"extensible mu-law", riff(form(tagExtensible, 1, 8000, 8, extensible(7, 8)...), chunk("data", []byte{0})), WAV{8000, [][]int16{{-32124}}, false}},
		{"chunks around, one of odd length", riff(chunk("LIST", []byte("odd")), form(1, 1, 8000, 16), chunk("fact", le32(1)), chunk("data", []byte{7, 0}), chunk("id3 ", []byte("after"))), WAV{8000, [][]int16{{7}}, false}},
		{"empty", riff(form(1, 2, 8000, 16), chunk("data", nil)), WAV{8000, [][]int16{nil, nil}, false}},
		{"empty with a chunk behind", riff(form(1, 1, 8000, 16), chunk("data", nil), chunk("LIST", []byte("info"))), WAV{8000, [][]int16{nil}, false}},
	} {
		t.Run(c.name, func(t *testing.T) { checkWAV(t, c.file, c.want) })
	}
}

// checkWAV reads a file, in one piece and byte by byte.
func checkWAV(t *testing.T, file []byte, want WAV) {
	t.Helper()
	for _, r := range []io.Reader{bytes.NewReader(file), iotest.OneByteReader(bytes.NewReader(file))} {
		got, err := ReadWAV(r)
		if err != nil {
			t.Fatal(err)
		}
		if got.Rate != want.Rate || got.Truncated != want.Truncated || !slices.EqualFunc(got.Channels, want.Channels, slices.Equal) {
			t.Errorf("read %+v, want %+v", got, want)
		}
	}
}

func TestReadsFilesThatLie(t *testing.T) {
	one := [][]int16{{1, 2}}
	samples := []byte{1, 0, 2, 0}
	plain := riff(form(1, 1, 8000, 16), chunk("data", samples))
	with := func(at int, v uint32) []byte {
		b := slices.Clone(plain)
		binary.LittleEndian.PutUint32(b[at:], v)
		return b
	}
	const dataSize = 40
	blockAlign := slices.Clone(plain)
	blockAlign[32] = 77
	for _, c := range []struct {
		name string
		file []byte
		want WAV
	}{
		{"cut short", plain[:len(plain)-2], WAV{8000, [][]int16{{1}}, true}},
		{"cut inside a sample", plain[:len(plain)-1], WAV{8000, [][]int16{{1}}, true}},
		{"cut right after the header", plain[:len(plain)-4], WAV{8000, [][]int16{nil}, true}},
		{"promises four gigabytes", with(dataSize, 0xfffffff0), WAV{8000, one, true}},
		{"length never filled in, ones", with(dataSize, 0xffffffff), WAV{8000, one, true}},
		{"length never filled in, zero", func() []byte { b := with(dataSize, 0); binary.LittleEndian.PutUint32(b[4:], 36); return b }(), WAV{8000, one, true}},
		{"both lengths zero", func() []byte { b := with(dataSize, 0); binary.LittleEndian.PutUint32(b[4:], 0); return b }(), WAV{8000, one, true}},
		{"RIFF length wrong", with(4, 5), WAV{8000, one, false}},
		{"says less than there is", with(dataSize, 2), WAV{8000, [][]int16{{1}}, false}},
		{"block size wrong", blockAlign, WAV{8000, one, false}},
		{"garbage behind the audio", append(slices.Clone(plain), "garbage"...), WAV{8000, one, false}},
	} {
		t.Run(c.name, func(t *testing.T) { checkWAV(t, c.file, c.want) })
	}
}

func TestReadRefuses(t *testing.T) {
	data := chunk("data", []byte{1, 0})
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, ErrNotWAV},
		{"text", []byte("this is not a WAV file at all"), ErrNotWAV},
		{"only RIFF", riff()[:11], ErrNotWAV},
		{"no chunks", riff(), ErrNotWAV},
		{"no audio", riff(form(1, 1, 8000, 16)), ErrNotWAV},
		{"audio before its format", riff(data, form(1, 1, 8000, 16)), ErrNotWAV},
		{"a short format chunk", riff(chunk("fmt ", make([]byte, 14)), data), ErrNotWAV},
		{"a format chunk that never ends", append(riff()[:12], "fmt \xff\xff\xff\xff"...), ErrNotWAV},
		{"a chunk of four gigabytes", append(riff()[:12], "LIST\xff\xff\xff\xffxx"...), ErrNotWAV},
		{"no channel", riff(form(1, 0, 8000, 16), data), ErrUnsupported},
		{"six channels", riff(form(1, 6, 48000, 16), data), ErrUnsupported},
		{"rate zero", riff(form(1, 1, 0, 16), data), ErrUnsupported},
		{"rate of a gigahertz", riff(form(1, 1, 1e9, 16), data), ErrUnsupported},
		{"MP3 inside", riff(form(0x55, 1, 8000, 0), data), ErrUnsupported},
		{"no bits", riff(form(1, 1, 8000, 0), data), ErrUnsupported},
		{"64 bits", riff(form(1, 1, 8000, 64), data), ErrUnsupported},
		{"float of 64 bits", riff(form(3, 1, 8000, 64), data), ErrUnsupported},
		{"extensible cut off", riff(form(tagExtensible, 1, 8000, 16), data), ErrUnsupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := ReadWAV(bytes.NewReader(c.file)); !errors.Is(err, c.want) {
				t.Errorf("%+v, %v; want %v", got, err, c.want)
			}
		})
	}
}

func TestReadPassesOnTheReadersError(t *testing.T) {
	file := riff(form(1, 1, 8000, 16), chunk("data", make([]byte, 100000)))
	broken := errors.New("disk on fire")
	for _, n := range []int{5, 20, 50, 70000} {
		r := io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken))
		if _, err := ReadWAV(r); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v, want the reader's error", n, err)
		}
	}
}

func TestReaderNeedsRoomForAFrame(t *testing.T) {
	r, err := NewWAVReader(bytes.NewReader(riff(form(1, 2, 8000, 16), chunk("data", make([]byte, 8)))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]int16, 1)); !errors.Is(err, io.ErrShortBuffer) {
		t.Errorf("reading half a frame: %v", err)
	}
	if n, err := r.Read(make([]int16, 3)); n != 2 || err != nil {
		t.Errorf("room for one and a half frames: %d samples, %v; want one frame", n, err)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	r, err := NewWAVReader(bytes.NewReader(riff(form(7, 2, 8000, 8), chunk("data", make([]byte, 1<<20)))))
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]int16, 320)
	if n := testing.AllocsPerRun(100, func() { _, _ = r.Read(buf) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		f := WAVFormat{
			Rate:     rapid.SampledFrom([]int{8000, 16000, 44100}).Draw(t, "rate"),
			Channels: rapid.IntRange(1, 2).Draw(t, "channels"),
			Encoding: rapid.SampledFrom([]Encoding{Mulaw, PCM16}).Draw(t, "encoding"),
		}
		want := make([][]int16, f.Channels)
		file, err := os.Create(filepath.Join(dir, "x.wav"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		w, err := NewWAVWriter(file, f)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 4).Draw(t, "writes") {
			frames := rapid.IntRange(0, 300).Draw(t, "frames")
			samples := rapid.SliceOfN(rapid.Int16(), frames*f.Channels, frames*f.Channels).Draw(t, "samples")
			if err := w.Write(samples); err != nil {
				t.Fatal(err)
			}
			if f.Encoding == Mulaw {
				samples = DecodeMulaw(nil, EncodeMulaw(nil, samples))
			}
			for i, s := range samples {
				want[i%f.Channels] = append(want[i%f.Channels], s)
			}
			// What a crash would leave is readable at any moment.
			readBack(t, file.Name(), f.Rate, want)
			if rapid.Bool().Draw(t, "sync") {
				if err := w.Sync(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := readBack(t, file.Name(), f.Rate, want); got.Truncated {
			t.Fatal("a closed file reads as truncated")
		}
	})
}

// readBack compares a file with what was written.
func readBack(t *rapid.T, path string, rate int, want [][]int16) WAV {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadWAV(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	// A file synced and not closed promises less than it holds; only a prefix
	// is certain then.
	for c := range want {
		n := len(got.Channels[c])
		if got.Rate != rate || n > len(want[c]) || !slices.Equal(got.Channels[c], want[c][:n]) {
			t.Fatalf("channel %d of %d Hz differs", c, got.Rate)
		}
	}
	return got
}

func TestWriterRefuses(t *testing.T) {
	for _, f := range []WAVFormat{
		{Rate: 8000, Channels: 1, Encoding: Alaw},
		{Rate: 8000, Channels: 3, Encoding: PCM16},
		{Rate: 0, Channels: 1, Encoding: PCM16},
	} {
		if _, err := NewWAVWriter(nil, f); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	file := &failing{}
	w, err := NewWAVWriter(file, WAVFormat{Rate: 8000, Channels: 2, Encoding: PCM16})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(make([]int16, 3)); err == nil {
		t.Error("one and a half frames were written")
	}
	w.written = maxWAVBytes - 2
	if err := w.Write(make([]int16, 2)); !errors.Is(err, ErrTooLong) {
		t.Errorf("more than a WAV file can hold: %v", err)
	}
}

// failing is a disk that fills up.
type failing struct {
	err   error
	limit int
}

func (f *failing) Write(p []byte) (int, error) {
	if f.err == nil {
		return len(p), nil
	}
	return f.limit, f.err
}

func (f *failing) Seek(int64, int) (int64, error) { return 0, nil }

func TestWriterKeepsTheFirstError(t *testing.T) {
	disk := &failing{}
	w, err := NewWAVWriter(disk, WAVFormat{Rate: 8000, Channels: 1, Encoding: PCM16})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	disk.err, disk.limit = full, 3
	if err := w.Write(make([]int16, 10)); !errors.Is(err, full) {
		t.Fatalf("%v, want the disk's error", err)
	}
	disk.err = nil
	if err := w.Write(make([]int16, 10)); !errors.Is(err, full) {
		t.Errorf("%v after a failed write, want the same error", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if w.written != 3 {
		t.Errorf("counted %d bytes, want the three that were written", w.written)
	}
}

func TestWritingAllocatesNothing(t *testing.T) {
	w, err := NewWAVWriter(&failing{}, WAVFormat{Rate: 8000, Channels: 2, Encoding: Mulaw})
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, 320)
	if n := testing.AllocsPerRun(100, func() { _ = w.Write(pcm) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(riff(form(1, 1, 8000, 16), chunk("data", []byte{1, 0, 2, 0})))
	f.Add(riff(chunk("LIST", []byte("odd")), form(7, 2, 8000, 8), chunk("data", nil)))
	f.Add(riff(form(tagExtensible, 2, 48000, 32, extensible(3, 32)...), chunk("data", make([]byte, 64))))
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		w, err := ReadWAV(bytes.NewReader(file))
		if err != nil {
			if !errors.Is(err, ErrNotWAV) && !errors.Is(err, ErrUnsupported) {
				t.Errorf("unexpected kind of error: %v", err)
			}
			return
		}
		if len(w.Channels) < 1 || len(w.Channels) > 2 || w.Rate < MinRate || w.Rate > MaxRate {
			t.Fatalf("%d channels at %d Hz", len(w.Channels), w.Rate)
		}
		for _, c := range w.Channels {
			if len(c) != len(w.Channels[0]) || len(c) > len(file) {
				t.Fatalf("channels of %d and %d samples from %d bytes", len(c), len(w.Channels[0]), len(file))
			}
		}
	})
}
