package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/audio"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains(os.Args, "-protocol_whitelist") {
		os.Exit(fake(os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

// fake stands in for ffmpeg and ffprobe: it is given a recording as descriptor
// 3, whose bytes behind the mark say what to do. It insists on being confined.
func fake(args []string) int {
	if i := slices.Index(args, "-protocol_whitelist"); args[i+1] != "file,pipe" || len(os.Environ()) != 1 {
		return 9
	}
	raw, err := os.ReadFile("/dev/fd/3")
	if err != nil {
		return 9
	}
	what := string(raw[bytes.IndexByte(raw, '|')+1:])
	if slices.Contains(args, "-show_entries") {
		switch what {
		case "garbage":
			_, _ = os.Stderr.WriteString("file:/dev/fd/3: Invalid data found when processing input\n")
			return 1
		case "picture":
			_, _ = os.Stdout.WriteString(`{"streams": [], "format": {"duration": "3.5"}}`)
			return 0
		case "surround":
			_, _ = os.Stdout.WriteString(`{"streams": [{"channels": 6}], "format": {"duration": "3.5"}}`)
			return 0
		case "endless":
			_, _ = os.Stdout.WriteString(`{"streams": [{"channels": 1}], "format": {"duration": "900000.0"}}`)
			return 0
		}
		_, _ = os.Stdout.WriteString(`{"streams": [{"channels": 2}], "format": {}}`)
		return 0
	}
	if what == "hangs" {
		select {}
	}
	_, _ = os.Stdout.Write(wav(16000, 2, 16000))
	if what == "cut" {
		return 1
	}
	return 0
}

// wav is a file of so many frames of a saw tooth, the right channel negative.
func wav(rate, channels, frames int) []byte {
	b := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: rate, Channels: channels, Encoding: audio.PCM16}, int64(2*channels*frames))
	for i := range frames {
		for c := range channels {
			v := int16(i%100 + 1)
			if c == 1 {
				v = -v
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
	}
	return b
}

// taken reads a recording into its channels.
func taken(t *testing.T, r io.Reader, o Options) (Info, [2][]int16, error) {
	t.Helper()
	var out [2][]int16
	info, err := Read(t.Context(), r, o, func(c, _ int, f transcribe.Frame) error {
		if want := time.Duration(len(out[c])) * time.Second / time.Duration(f.Rate); f.At != want || f.Rate != 8000 && f.Rate != 16000 {
			t.Errorf("a frame of %d Hz at %s, want it at %s", f.Rate, f.At, want)
		}
		out[c] = append(out[c], f.PCM...)
		return nil
	})
	return info, out, err
}

func TestAWAVIsReadAsAStream(t *testing.T) {
	for _, rate := range []int{8000, 11025, 16000, 44100, 48000} {
		info, pcm, err := taken(t, iotest.HalfReader(bytes.NewReader(wav(rate, 2, rate+7))), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := rate + 7
		if rate != 8000 && rate != 16000 {
			want = (16000*(rate+7) + rate - 1) / rate
		}
		if info.Channels != 2 || info.Truncated || len(pcm[0]) != want || len(pcm[1]) != want {
			t.Errorf("%d Hz: %+v, %d and %d samples, want %d", rate, info, len(pcm[0]), len(pcm[1]), want)
		}
		if pcm[0][50] <= 0 || pcm[1][50] >= 0 {
			t.Errorf("%d Hz: the channels are mixed up", rate)
		}
	}
}

func TestWhatCannotBeReadSaysWhy(t *testing.T) {
	whole := wav(8000, 1, 8000)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "none of WAV"},
		{"text", []byte("<html>Sign in to hear this recording</html>"), "none of WAV"},
		{"no sample", wav(8000, 1, 0), "no audio"},
		{"a header that is cut off", whole[:30], "ends inside the header"},
		{"an MP3 that is named WAV, without ffmpeg", []byte("ID3\x04 and so on and on"), "ffmpeg is not installed"},
		{"six channels", wav(48000, 6, 100), "ffmpeg is not installed"},
		{"too long", wav(8000, 1, 16001), "longer than 2s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := taken(t, bytes.NewReader(c.file), Options{FFmpeg: "/nowhere", Longest: 2 * time.Second})
			if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want it to say %q", err, c.want)
			}
		})
	}
	info, pcm, err := taken(t, bytes.NewReader(whole[:9000]), Options{})
	if err != nil || !info.Truncated || len(pcm[0]) < 4000 {
		t.Errorf("cut off: %+v, %d samples, %v", info, len(pcm[0]), err)
	}
}

func TestErrorsOfOthersComeBackAsTheyAre(t *testing.T) {
	broken := errors.New("a sick disk")
	file := wav(8000, 1, 80000)
	_, _, err := taken(t, io.MultiReader(bytes.NewReader(file[:90000]), iotest.ErrReader(broken)), Options{})
	if !errors.Is(err, broken) || errors.Is(err, ErrUnreadable) {
		t.Errorf("reading: %v", err)
	}
	_, err = Read(t.Context(), bytes.NewReader(file), Options{}, func(int, int, transcribe.Frame) error { return broken })
	if !errors.Is(err, broken) || errors.Is(err, ErrUnreadable) {
		t.Errorf("taking: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, bytes.NewReader(file), Options{}, func(int, int, transcribe.Frame) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestOthersAreReadByFFmpeg(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{FFmpeg: self, FFprobe: self, Within: 20 * time.Second}
	for _, c := range []struct{ what, want string }{
		{"speech", ""},
		{"cut", ""},
		{"garbage", "the recording: Invalid data"},
		{"picture", "no audio"},
		{"surround", "6 channels"},
		{"endless", "longer than"},
	} {
		info, pcm, err := taken(t, strings.NewReader("fLaC and what follows|"+c.what), o)
		if c.want != "" {
			if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v; want it to say %q", c.what, err, c.want)
			}
			continue
		}
		if err != nil || info.Kind != FLAC || info.Channels != 2 || info.Length != time.Second || info.Truncated != (c.what == "cut") || len(pcm[1]) != 16000 {
			t.Errorf("%s: %+v, %v", c.what, info, err)
		}
	}
	o.Within = 300 * time.Millisecond
	if _, _, err := taken(t, strings.NewReader("OggS and what follows|hangs"), o); !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "took longer") {
		t.Errorf("one that hangs: %v", err)
	}
}

// The program itself, where it is installed: what the fake cannot tell is
// whether our arguments are understood.
func TestTheRealFFmpegUnderstandsUs(t *testing.T) {
	if err := Ready(Options{}); err != nil {
		if os.Getenv("HEED_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	for _, format := range []string{"mp3", "ogg", "flac", "ipod"} {
		file, err := os.CreateTemp(t.TempDir(), "*."+format)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-y", "-f", "wav", "-i", "pipe:0", "-f", format, file.Name())
		cmd.Stdin = bytes.NewReader(wav(16000, 2, 32000))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", format, err, out)
		}
		info, pcm, err := taken(t, file, Options{})
		if err != nil || info.Channels != 2 || info.Truncated || len(pcm[0]) < 31000 || len(pcm[0]) > 36000 {
			t.Errorf("%s: %+v, %d samples, %v", format, info, len(pcm[0]), err)
		}
		_ = file.Close()
	}
}

// silence is a WAV of so many seconds that is made as it is read.
type silence struct {
	head []byte
	left int64
}

func (s *silence) Read(b []byte) (int, error) {
	if len(s.head) > 0 {
		n := copy(b, s.head)
		s.head = s.head[n:]
		return n, nil
	}
	n := min(int64(len(b)), s.left)
	if n == 0 {
		return 0, io.EOF
	}
	clear(b[:n])
	s.left -= n
	return int(n), nil
}

func TestThreeHoursTakeNoMoreMemoryThanThreeMinutes(t *testing.T) {
	const bytesOf = 3 * 3600 * 8000
	s := &silence{audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: 8000, Channels: 1, Encoding: audio.Mulaw}, bytesOf), bytesOf}
	var before, m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most uint64
	frames := 0
	info, err := Read(t.Context(), s, Options{}, func(int, int, transcribe.Frame) error {
		if frames++; frames%20000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc-min(m.HeapAlloc, before.HeapAlloc))
		}
		return nil
	})
	if err != nil || info.Length != 3*time.Hour || most > 4<<20 {
		t.Errorf("%+v, %v; %d bytes of memory", info, err, most)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(wav(8000, 2, 100))
	f.Add(wav(44100, 1, 100)[:60])
	f.Add([]byte("ID3"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		info, err := Read(t.Context(), bytes.NewReader(b), Options{FFmpeg: "/nowhere"}, func(_, _ int, f transcribe.Frame) error {
			n += len(f.PCM)
			return nil
		})
		if err == nil && (n == 0 || info.Channels < 1 || info.Channels > 2) {
			t.Errorf("%+v of %d samples", info, n)
		}
		if err != nil && !errors.Is(err, ErrUnreadable) {
			t.Error(err)
		}
	})
}
