package play

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heed/transcribe/audio"
)

// ErrEmpty means a recording without a single sample: there is nothing to
// play.
var ErrEmpty = errors.New("the recording has no audio")

const (
	telephone    = 8000 // Hz
	perMilli     = telephone / 1000
	frame        = 20 * time.Millisecond
	frameSamples = int(frame / time.Millisecond * perMilli)
)

// Side names a channel of a stereo recording.
type Side string

// The two channels.
const (
	Left  Side = "left"
	Right Side = "right"
)

// Recording is a call ready to be played: each party's audio as a telephone
// carries it. It never changes and may be played by many goroutines at once.
type Recording struct {
	// Truncated says that the file was shorter than its header promised.
	Truncated bool

	customer, agent []byte // mu-law, 8 kHz; agent is nil in a mono recording

	// A file of Opus is kept as it is instead, and goes over WebRTC only.
	opus   []opusPacket
	stereo bool
	side   Side // the customer's
	length time.Duration
}

// Open reads a WAV file, see [Read], or one of Opus (.opus, .ogg).
func Open(file string, customer Side) (*Recording, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("play: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	read := Read
	if ext := strings.ToLower(filepath.Ext(file)); ext == ".ogg" || ext == ".opus" {
		read = readOpus
	}
	rec, err := read(f, customer)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return rec, nil
}

// Read reads a WAV of any rate. In a stereo one the customer is on the given
// channel, the right one when customer is empty, and the agent on the other;
// a mono one is the customer alone. It returns [ErrEmpty] when there is no
// audio at all. The caller closes r.
func Read(r io.Reader, customer Side) (*Recording, error) {
	if customer != "" && customer != Left && customer != Right {
		return nil, fmt.Errorf("play: the customer's side is %q: it must be left or right", customer)
	}
	w, err := audio.ReadWAV(r)
	if err != nil {
		return nil, fmt.Errorf("play: %w", err)
	}
	if len(w.Channels) == 0 || len(w.Channels[0]) == 0 {
		return nil, fmt.Errorf("play: %w", ErrEmpty)
	}
	tracks := make([][]byte, len(w.Channels))
	for i, pcm := range w.Channels {
		if tracks[i], err = encode(pcm, w.Rate); err != nil {
			return nil, err
		}
	}
	rec := &Recording{Truncated: w.Truncated, customer: tracks[0]}
	if len(tracks) == 2 {
		rec.agent, rec.customer = tracks[0], tracks[1]
		if customer == Left {
			rec.agent, rec.customer = rec.customer, rec.agent
		}
	}
	return rec, nil
}

// encode brings a channel to what a telephone carries.
func encode(pcm []int16, rate int) ([]byte, error) {
	if rate != telephone {
		resampler, err := audio.NewResampler(rate, telephone)
		if err != nil {
			return nil, fmt.Errorf("play: %w", err)
		}
		pcm = resampler.Flush(resampler.Process(nil, pcm))
	}
	return audio.EncodeMulaw(make([]byte, 0, len(pcm)), pcm), nil
}

// Duration is how long the call lasts.
func (r *Recording) Duration() time.Duration {
	if r.opus != nil {
		return r.length
	}
	return time.Duration(max(len(r.customer), len(r.agent))) * time.Second / telephone
}

// Stereo says whether both parties are in it.
func (r *Recording) Stereo() bool { return r.agent != nil || r.stereo }

// frames is how many steps of 20 ms the call has; the last may be shorter.
func (r *Recording) frames() int {
	return (max(len(r.customer), len(r.agent)) + frameSamples - 1) / frameSamples
}

// steps is how many packets of a party the call has, when says where one
// belongs, and payload gives it.
func (r *Recording) steps() int {
	if r.opus != nil {
		return len(r.opus)
	}
	return r.frames()
}

func (r *Recording) when(step int) time.Duration {
	switch {
	case r.opus == nil:
		return time.Duration(step) * frame
	case step < len(r.opus):
		return r.opus[step].at
	}
	return r.length
}

func (r *Recording) payload(party string, step int) []byte {
	switch {
	case r.opus != nil:
		return r.opus[step].payload
	case party == "agent":
		return at(r.agent, step)
	}
	return at(r.customer, step)
}

// at gives the i-th frame of a track; it is empty when the track is over.
func at(track []byte, i int) []byte {
	from := min(i*frameSamples, len(track))
	return track[from:min(from+frameSamples, len(track))]
}
