package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"heed/fixtures"
	"heed/internal/play"
	"heed/transcribe/audio"
)

// speech is 14 s of a recorded call as a browser encodes it: Opus of 32 kbit/s,
// mono, 48 kHz, in packets of 20 ms.
//
//go:embed testdata/speech.opus
var speech []byte

// played is what the callers tell.
type played struct {
	Calls, Failed int
	Frames        int64 // sent
	Lag           time.Duration
	Error         string // the first
}

// print writes what became of what was sent.
func (p played) print(w io.Writer, l look) {
	sent := float64(p.Frames)
	missing := sent - l.frames
	fmt.Fprintf(w, "  sent %d frames, of which %.0f came in (%.3f %% lost)", p.Frames, l.frames, 100*missing/sent)
	fmt.Fprintf(w, "; dropped at the door %.0f, before the engine %.0f, in its queue %.0f, by the kernel %.0f", l.late, l.dropped, l.overflow, l.kernel)
	fmt.Fprintf(w, "; recording lost %.1f s; refused %.0f; callers behind schedule at most %s\n", l.recordingLost, l.refused, p.Lag.Round(time.Millisecond))
	if p.Failed > 0 {
		fmt.Fprintf(w, "  %d of %d calls failed: %s\n", p.Failed, p.Calls, p.Error)
	}
}

// playWorker is the callers' process: it plays the calls and writes what came
// of it. args are those of crowd.measure.
func playWorker(ctx context.Context, args []string) error {
	if len(args) != 6 {
		return errors.New("this is a worker of the bench")
	}
	as, url, key := args[0], args[4], args[5]
	calls, err1 := strconv.Atoi(args[1])
	stereo, err2 := strconv.ParseBool(args[2])
	length, err3 := time.ParseDuration(args[3])
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	rec, err := lasting(as, stereo, length)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	out := play.Many(ctx, play.Load{
		Calls: calls, Over: time.Duration(calls) * time.Second / begins,
		Vary: func(i int, o *play.Options) { o.Caller.From = fmt.Sprintf("+1202555%04d", i) },
	}, play.Options{Recording: rec, URL: url, Key: key, As: as, Speed: 1})
	told := played{Calls: calls}
	for _, o := range out {
		told.Frames += int64(o.Frames)
		told.Lag = max(told.Lag, o.Lag)
		if o.Err != nil && !errors.Is(o.Err, context.DeadlineExceeded) {
			told.Failed++
			told.Error = o.Err.Error()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(told)
}

// lasting is a recorded call, said again and again for so long.
func lasting(as string, stereo bool, length time.Duration) (*play.Recording, error) {
	if as == "whip" {
		return lastingOpus(length)
	}
	raw, err := fs.ReadFile(fixtures.Calls(), "cancel-competitor.wav")
	if err != nil {
		return nil, err
	}
	wav, err := audio.ReadWAV(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	channels := wav.Channels
	if !stereo {
		channels = channels[1:]
	}
	var mulaw []byte
	for i := range channels[0] {
		for _, c := range channels {
			mulaw = audio.EncodeMulaw(mulaw, c[i:i+1])
		}
	}
	f := audio.WAVFormat{Rate: wav.Rate, Channels: len(channels), Encoding: audio.Mulaw}
	mulaw = slices.Repeat(mulaw, 1+int(length.Seconds()*float64(f.Rate*f.FrameBytes()))/len(mulaw))
	file := audio.AppendWAVHeader(nil, f, int64(len(mulaw)))
	return play.Read(bytes.NewReader(append(file, mulaw...)), play.Right)
}

// lastingOpus repeats the pages behind the two of the header.
func lastingOpus(length time.Duration) (*play.Recording, error) {
	const long, page = 14 * time.Second, "OggS"
	head := bytes.Index(speech[1:], []byte(page)) + 1
	head += bytes.Index(speech[head+1:], []byte(page)) + 1
	f, err := os.CreateTemp("", "heed-bench-*.opus")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // a temporary file
	_, err = f.Write(append(bytes.Clone(speech[:head]), bytes.Repeat(speech[head:], 1+int(length/long))...))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return play.Open(f.Name(), play.Right)
}
