package media

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// encoders are what ffmpeg is told for each kind that speech is written in.
// Telephone audio needs no more than these rates.
var encoders = map[Kind][]string{
	MP3: {"-c:a", "libmp3lame", "-q:a", "5", "-f", "mp3"},
	Ogg: {"-c:a", "libopus", "-b:a", "32k", "-f", "ogg"},
}

// encodeWithin is how long ffmpeg may work on a clip.
const encodeWithin = time.Minute

// Encode has ffmpeg write a WAV as MP3 or Ogg (Opus). Both are in memory whole.
// Without ffmpeg, or for another kind, it is [ErrNoFFmpeg].
func Encode(ctx context.Context, wav []byte, as Kind, o Options) ([]byte, error) {
	o = o.withDefaults()
	how, known := encoders[as]
	if _, err := exec.LookPath(o.FFmpeg); err != nil || !known {
		return nil, fmt.Errorf("%w: no %s can be written", ErrNoFFmpeg, as)
	}
	file, err := inMemory()
	if err != nil {
		return nil, fmt.Errorf("hand a clip to ffmpeg: %w", err)
	}
	defer func() { _ = file.Close() }() // it is nowhere else
	if _, err := file.Write(wav); err != nil {
		return nil, fmt.Errorf("hand a clip to ffmpeg: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("hand a clip to ffmpeg: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, encodeWithin)
	defer cancel()
	// Nothing of the recording's own data about itself goes along.
	args := append(append([]string{}, confined...), "-nostdin", "-i", handed, "-map", "0:a:0", "-map_metadata", "-1", "-fflags", "+bitexact")
	cmd := program(ctx, file, o.FFmpeg, append(append(args, how...), "pipe:1")...)
	var out bytes.Buffer
	var complaint bounded
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return nil, failed(ctx, "ffmpeg", err, complaint.String())
	}
	return out.Bytes(), nil
}
