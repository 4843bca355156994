package recording

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"heed/insights"
	"heed/transcribe/audio"
)

// Playable is an open recording: a whole WAV file, seekable. The caller
// closes it.
type Playable struct {
	io.ReadSeekCloser

	Size    int64
	ModTime time.Time
}

// Open opens a finished recording with the key of whom it is of. The error is
// ErrID for what is no call id and fs.ErrNotExist while the call lives or when
// nothing was kept.
func Open(dir, callID string, v sealer) (*Playable, error) {
	p, err := pathsOf(dir, callID)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(p.recording)
	if errors.Is(err, fs.ErrNotExist) {
		return openSealed(p.sealed, callID, v)
	}
	if err != nil {
		return nil, fmt.Errorf("open recording of call %s: %w", callID, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open recording of call %s: %w", callID, err), f.Close())
	}
	return &Playable{f, info.Size(), info.ModTime()}, nil
}

func openSealed(name, callID string, v sealer) (*Playable, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open recording of call %s: %w", callID, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open recording of call %s: %w", callID, err), f.Close())
	}
	s, err := readSealed(f, callID, v)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open recording of call %s: %w", callID, err), f.Close())
	}
	return &Playable{&sealedReader{sealedFile: s, file: f, open: -1}, s.size, info.ModTime()}, nil
}

// PeaksPerSecond is how many peaks are given for a second of call.
const PeaksPerSecond = 20

// Waveform is a recording drawn small: for each stretch of 1/PerSecond s the
// loudest sample, 0..1.
type Waveform struct {
	PerSecond int              `json:"per_second"`
	Duration  insights.Seconds `json:"duration"`
	Agent     []float64        `json:"agent"`
	Customer  []float64        `json:"customer"`
}

// Peaks reads a finished recording once and gives its waveform. Errors are
// those of Open, and ErrFormat for a file that is not our kind of WAV.
func Peaks(dir, callID string, v sealer) (Waveform, error) {
	f, err := Open(dir, callID, v)
	if err != nil {
		return Waveform{}, err
	}
	defer func() { _ = f.Close() }() // read only
	w, err := waveform(bufio.NewReaderSize(f, 64<<10))
	if err != nil {
		return Waveform{}, fmt.Errorf("peaks of call %s: %w", callID, err)
	}
	return w, nil
}

// waveform reads a WAV file of ours.
func waveform(r io.Reader) (Waveform, error) {
	w := Waveform{PerSecond: PeaksPerSecond, Agent: []float64{}, Customer: []float64{}}
	header := make([]byte, wavHeader)
	if _, err := io.ReadFull(r, header); err != nil {
		return w, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if !isOurs(header) {
		return w, ErrFormat
	}
	block := make([]byte, outRate/PeaksPerSecond*int(sides))
	var pcm []int16
	var frames int
	for {
		n, err := io.ReadFull(r, block)
		if n >= int(sides) {
			pcm = audio.DecodeMulaw(pcm[:0], block[:n-n%int(sides)])
			w.Agent = append(w.Agent, loudest(pcm, left))
			w.Customer = append(w.Customer, loudest(pcm, right))
			frames += n / int(sides)
		}
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			w.Duration = insights.SecondsOf(lengthOf(frames, outRate))
			return w, nil
		case err != nil:
			return w, fmt.Errorf("read recording: %w", err)
		}
	}
}

// loudest is the highest level of one channel, to three digits.
func loudest(pcm []int16, s side) float64 {
	var top int
	for i := int(s); i < len(pcm); i += int(sides) {
		top = max(top, int(pcm[i]), -int(pcm[i]))
	}
	return float64(top*1000/32768) / 1000
}
