package recording

import (
	"errors"
	"fmt"
	"io"
	"time"

	"heed/transcribe/audio"
)

// ErrBounds is a clip that does not lie in its recording.
var ErrBounds = errors.New("the clip does not lie in the recording")

// Channel says which party a clip is of.
type Channel string

// A clip of both parties is stereo, the agent left; of one it is mono.
const (
	Both     Channel = "both"
	Agent    Channel = "agent"
	Customer Channel = "customer"
)

// Clip cuts a stretch out of an open recording, to the sample, and gives it as
// a WAV file; from is included, to is not, and the end when it lies behind it.
// What is silent in the recording, because it was removed or paused, is silent
// in the clip. A stretch with nothing in it is [ErrBounds], another kind of
// file [ErrFormat]. All of the clip is in memory: the caller bounds it.
func Clip(r io.ReadSeeker, from, to time.Duration, who Channel) ([]byte, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	if err := ours(r); err != nil {
		return nil, err
	}
	frames := (size - wavHeader) / int64(sides)
	first, last := indexOf(max(0, from)), min(indexOf(max(0, to)), frames)
	if first >= last {
		return nil, fmt.Errorf("%w: it is %s long", ErrBounds, lengthOf(int(frames), outRate).Round(time.Millisecond))
	}
	if _, err := r.Seek(wavHeader+first*int64(sides), io.SeekStart); err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	pairs := make([]byte, (last-first)*int64(sides))
	if _, err := io.ReadFull(r, pairs); err != nil {
		return nil, fmt.Errorf("clip: %w: %w", ErrFormat, err)
	}
	return asWAV(pairs, who), nil
}

// ours reads the header of a file and says whether it is one of ours.
func ours(r io.ReadSeeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("clip: %w", err)
	}
	header := make([]byte, wavHeader)
	if _, err := io.ReadFull(r, header); err != nil {
		return fmt.Errorf("clip: %w: %w", ErrFormat, err)
	}
	if !isOurs(header) {
		return fmt.Errorf("clip: %w", ErrFormat)
	}
	return nil
}

// isOurs compares a header with those of our files: everything but the three
// lengths is the same in all of them.
func isOurs(header []byte) bool {
	known := headerFor(-1)
	return string(header[8:46]) == string(known[8:46]) && string(header[:4]) == "RIFF"
}

// asWAV puts a header before pairs of samples, or before one party's of them.
func asWAV(pairs []byte, who Channel) []byte {
	f := audio.WAVFormat{Rate: outRate, Channels: int(sides), Encoding: audio.Mulaw}
	data := pairs
	if who == Agent || who == Customer {
		side := map[Channel]side{Agent: left, Customer: right}[who]
		f.Channels = 1
		data = make([]byte, len(pairs)/int(sides))
		for i := range data {
			data[i] = pairs[i*int(sides)+int(side)]
		}
	}
	out := audio.AppendWAVHeader(make([]byte, 0, wavHeader+len(data)+1), f, int64(len(data)))
	out = append(out, data...)
	if len(data)%2 == 1 { // chunks of a RIFF are even
		out = append(out, 0)
	}
	return out
}
