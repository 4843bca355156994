package sidebyside

import (
	"errors"
	"fmt"
	"io"
	"time"

	"heed/internal/listen"
	"heed/transcribe/audio"
)

// Read reads the first [Longest] of a WAV file, as much as is held in memory,
// and says whether there is more. A file without audio is [listen.ErrNoAudio].
func Read(from io.Reader) (wav audio.WAV, more bool, err error) {
	r, err := audio.NewWAVReader(from)
	if err != nil {
		return wav, false, fmt.Errorf("read the recording: %w", err)
	}
	f := r.Format()
	wav = audio.WAV{Rate: f.Rate, Channels: make([][]int16, f.Channels)}
	most := int(Longest/time.Second) * f.Rate
	block := make([]int16, 4096*f.Channels)
	for {
		n, err := r.Read(block)
		if len(wav.Channels[0])+n/f.Channels > most {
			n, more = (most-len(wav.Channels[0]))*f.Channels, true
		}
		for i := 0; i < n; i += f.Channels {
			for c := range wav.Channels {
				wav.Channels[c] = append(wav.Channels[c], block[i+c])
			}
		}
		switch {
		case more, errors.Is(err, io.EOF):
			wav.Truncated = !more && r.Truncated()
			if len(wav.Channels[0]) == 0 {
				return wav, false, listen.ErrNoAudio
			}
			return wav, more, nil
		case err != nil:
			return wav, false, fmt.Errorf("read the recording: %w", err)
		}
	}
}
