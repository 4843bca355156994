package recording_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/recording"
	"heed/transcribe/audio"
)

// stereoOf makes a recording of both parties' bytes of mu-law.
func stereoOf(agent, customer []byte) []byte {
	f := audio.WAVFormat{Rate: 8000, Channels: 2, Encoding: audio.Mulaw}
	out := audio.AppendWAVHeader(nil, f, int64(2*len(agent)))
	for i := range agent {
		out = append(out, agent[i], customer[i])
	}
	return out
}

// A clip is the recording's samples from one to another, of the parties that
// were asked for, and reads as a WAV; also out of a sealed file.
func TestClipsAreExact(t *testing.T) {
	dir, b := t.TempDir(), newBox(t)
	agent, customer := make([]byte, 40_000), make([]byte, 40_000)
	for i := range agent {
		agent[i], customer[i] = byte(i/3), byte(i/7+11)
	}
	for i := 16_000; i < 24_000; i++ { // a second of which nothing was kept
		agent[i], customer[i] = 0xff, 0xff
	}
	id := callNumber(3)
	keep(t, dir, id, stereoOf(agent, customer), b)
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 4998).Draw(t, "from ms")
		to := rapid.IntRange(from+1, 6000).Draw(t, "to ms")
		who := rapid.SampledFrom([]recording.Channel{recording.Both, recording.Agent, recording.Customer}).Draw(t, "who")
		p, err := recording.Open(dir, id, b)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		clip, err := recording.Clip(p, time.Duration(from)*time.Millisecond, time.Duration(to)*time.Millisecond, who)
		if err != nil {
			t.Fatal(err)
		}
		wav, err := audio.ReadWAV(bytes.NewReader(clip))
		if err != nil || wav.Truncated || wav.Rate != 8000 || len(clip)%2 != 0 {
			t.Fatalf("%d Hz, %v", wav.Rate, err)
		}
		first, last := from*8, min(to*8, len(agent))
		want := map[recording.Channel][][]byte{recording.Both: {agent, customer}, recording.Agent: {agent}, recording.Customer: {customer}}[who]
		if len(wav.Channels) != len(want) {
			t.Fatalf("%d channels", len(wav.Channels))
		}
		for n, side := range want {
			pcm := audio.DecodeMulaw(nil, side[first:last])
			if len(pcm) != len(wav.Channels[n]) {
				t.Fatalf("%d samples, want %d", len(wav.Channels[n]), len(pcm))
			}
			for i := range pcm {
				if pcm[i] != wav.Channels[n][i] || first+i >= 16_000 && first+i < 24_000 && pcm[i] != 0 {
					t.Fatalf("sample %d of channel %d", i, n)
				}
			}
		}
	})
}

func TestClipsOutsideAreRefused(t *testing.T) {
	whole := stereoOf(make([]byte, 8000), make([]byte, 8000))
	for name, c := range map[string]struct {
		of       []byte
		from, to time.Duration
		want     error
	}{
		"behind the end": {whole, time.Second, 2 * time.Second, recording.ErrBounds},
		"backwards":      {whole, 500 * time.Millisecond, 400 * time.Millisecond, recording.ErrBounds},
		"nothing":        {whole, 500 * time.Millisecond, 500 * time.Millisecond, recording.ErrBounds},
		"no recording":   {make([]byte, 500), 0, time.Second, recording.ErrFormat},
		"empty":          {nil, 0, time.Second, recording.ErrFormat},
	} {
		if clip, err := recording.Clip(bytes.NewReader(c.of), c.from, c.to, recording.Both); !errors.Is(err, c.want) {
			t.Errorf("%s: %d bytes, %v", name, len(clip), err)
		}
	}
	if _, err := recording.Clip(gone{}, 0, time.Second, recording.Both); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

// gone is a file that cannot be read any more.
type gone struct{}

func (gone) Read([]byte) (int, error)       { return 0, io.ErrClosedPipe }
func (gone) Seek(int64, int) (int64, error) { return 0, io.ErrClosedPipe }
