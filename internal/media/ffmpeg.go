package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// handed is where a program finds the recording: the first file that it
// inherits. It may seek there, which an M4A needs.
const handed = "file:/dev/fd/3"

// confined are the arguments that keep a program to that file.
var confined = []string{"-hide_banner", "-v", "error", "-protocol_whitelist", "file,pipe"}

// probed is what ffprobe says.
type probed struct {
	Streams []struct {
		Channels int `json:"channels"`
	} `json:"streams"`
	Format struct {
		Duration string `json:"duration"`
	} `json:"format"`
}

// Ready says whether recordings that are no WAV can be read.
func Ready(o Options) error {
	o = o.withDefaults()
	for _, program := range []string{o.FFmpeg, o.FFprobe} {
		if _, err := exec.LookPath(program); err != nil {
			return ErrNoFFmpeg
		}
	}
	return nil
}

// ffmpeg has a recording decoded.
func (info Info) ffmpeg(ctx context.Context, in io.Reader, o Options, take Take) (Info, error) {
	if err := Ready(o); err != nil {
		return info, fmt.Errorf("%w: this is %s: %w", ErrUnreadable, info.Kind, err)
	}
	whole, err := inMemory()
	if err != nil {
		return info, fmt.Errorf("hand a recording to ffmpeg: %w", err)
	}
	defer func() { _ = whole.Close() }() // it is nowhere else
	if _, err := io.Copy(whole, in); err != nil {
		return info, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, o.Within, fmt.Errorf("%w: ffmpeg took longer than %s", ErrUnreadable, o.Within))
	defer cancel()
	if info.Channels, err = probe(ctx, whole, o); err != nil {
		return info, err
	}
	return info.decode(ctx, whole, o, take)
}

// probe gives the channels of the first stream of audio, and refuses what is
// not read before any of it is decoded.
func probe(ctx context.Context, whole *os.File, o Options) (int, error) {
	args := append(append([]string{}, confined...), "-select_streams", "a:0",
		"-show_entries", "stream=channels:format=duration", "-of", "json", handed)
	cmd := program(ctx, whole, o.FFprobe, args...)
	var out, complaint bounded
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return 0, failed(ctx, "ffprobe", err, complaint.String())
	}
	var p probed
	if err := json.Unmarshal(out.Bytes(), &p); err != nil {
		return 0, fmt.Errorf("%w: ffprobe said nothing of use: %w", ErrUnreadable, err)
	}
	length, _ := time.ParseDuration(p.Format.Duration + "s") // unknown of some: it is counted while it is decoded
	switch {
	case len(p.Streams) == 0:
		return 0, fmt.Errorf("%w: it holds no audio", ErrUnreadable)
	case p.Streams[0].Channels > 2 || p.Streams[0].Channels < 1:
		return 0, fmt.Errorf("%w: it has %d channels, want 1 or 2", ErrUnreadable, p.Streams[0].Channels)
	case length > o.Longest:
		return 0, fmt.Errorf("%w: it is longer than %s", ErrUnreadable, o.Longest)
	}
	return p.Streams[0].Channels, nil
}

// decode reads what ffmpeg makes of the recording. What was decoded before it
// failed counts: the recording is cut off then.
func (info Info) decode(ctx context.Context, whole *os.File, o Options, take Take) (Info, error) {
	if _, err := whole.Seek(0, io.SeekStart); err != nil { // where /dev/fd shares the place
		return info, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	args := append(append([]string{}, confined...), "-nostdin", "-i", handed, "-map", "0:a:0", "-vn", "-sn", "-dn", "-ar", "16000", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1")
	cmd := program(ctx, whole, o.FFmpeg, args...)
	var complaint bounded
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return info, err
	}
	if err := cmd.Start(); err != nil {
		return info, fmt.Errorf("start ffmpeg: %w", err)
	}
	kind := info.Kind
	info, readErr := info.wav(ctx, out, o, take)
	info.Kind = kind
	if readErr != nil {
		cancel() // it may have more to say, which nobody reads
	}
	waitErr := cmd.Wait()
	if cause := context.Cause(ctx); errors.Is(cause, ErrUnreadable) {
		return info, cause
	}
	if readErr != nil && waitErr != nil && errors.Is(readErr, ErrUnreadable) && info.Length == 0 {
		return info, failed(ctx, "ffmpeg", waitErr, complaint.String())
	}
	info.Truncated = waitErr != nil || complaint.Len() > 0 // a WAV into a pipe always looks cut off
	return info, readErr
}

// program is a command that sees the recording and ends with ctx.
func program(ctx context.Context, whole *os.File, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // a setting, and arguments that are all ours
	cmd.ExtraFiles = []*os.File{whole}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// failed is a program's failure: the recording's fault, unless the program was
// ended or could not begin.
func failed(ctx context.Context, name string, err error, complaint string) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		return fmt.Errorf("%s: %w", name, err)
	}
	line, _, _ := strings.Cut(strings.TrimSpace(complaint), "\n")
	return fmt.Errorf("%w: %s: %s", ErrUnreadable, name, strings.ReplaceAll(line, handed, "the recording"))
}

// bounded keeps the first of what a program writes.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	const most = 64 << 10
	if room := most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
