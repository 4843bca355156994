package media

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

// Options say how recordings are read.
type Options struct {
	// FFmpeg and FFprobe are programs; empty ones are looked for on the path.
	FFmpeg, FFprobe string
	// Longest is how long a recording may be; 0 is 12 hours.
	Longest time.Duration
	// Within is how long ffmpeg may work on one; 0 is 30 minutes.
	Within time.Duration
}

func (o Options) withDefaults() Options {
	o.FFmpeg, o.FFprobe = cmp.Or(o.FFmpeg, "ffmpeg"), cmp.Or(o.FFprobe, "ffprobe")
	o.Longest, o.Within = cmp.Or(o.Longest, 12*time.Hour), cmp.Or(o.Within, 30*time.Minute)
	return o
}

// Info is what a recording turned out to be.
type Info struct {
	Kind     Kind
	Channels int
	Length   time.Duration
	// Truncated says that it ended before it should have; what was there was
	// read.
	Truncated bool
}

// Take gets the audio of one channel of so many, counted from 0, in order of
// time. A frame is its own from then on.
type Take func(channel, of int, f transcribe.Frame) error

// Read reads a recording from its beginning to its end. Errors of take and of
// the reader come back as they are, those about the recording are
// ErrUnreadable.
func Read(ctx context.Context, from io.Reader, o Options, take Take) (Info, error) {
	o = o.withDefaults()
	in := bufio.NewReaderSize(from, 64<<10)
	head, err := in.Peek(HeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return Info{}, err
	}
	info := Info{Kind: KindOf(head)}
	switch info.Kind {
	case "":
		return info, fmt.Errorf("%w: it is none of WAV, MP3, M4A, Ogg and FLAC", ErrUnreadable)
	case WAV:
		if oddWAV(in) {
			break
		}
		return info.wav(ctx, in, o, take)
	case MP3, MP4, Ogg, FLAC, AAC:
	}
	return info.ffmpeg(ctx, in, o, take)
}

// headerBytes is how much of a WAV is looked at for an encoding that is not
// ours.
const headerBytes = 4096

// oddWAV says that a WAV holds what only ffmpeg decodes, such as MP3 or GSM.
func oddWAV(in *bufio.Reader) bool {
	head, _ := in.Peek(headerBytes) // a short one is all there is
	_, err := audio.NewWAVReader(bytes.NewReader(head))
	return errors.Is(err, audio.ErrUnsupported)
}

// wav reads a WAV.
func (info Info) wav(ctx context.Context, in io.Reader, o Options, take Take) (Info, error) {
	w, err := audio.NewWAVReader(in)
	if err != nil {
		return info, about(err)
	}
	format := w.Format()
	info.Channels = format.Channels
	lanes := make([]*lane, format.Channels)
	for c := range lanes {
		if lanes[c], err = newLane(format.Rate, func(f transcribe.Frame) error { return take(c, format.Channels, f) }); err != nil {
			return info, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
	}
	buf := make([]int16, 8192)
	for {
		n, err := w.Read(buf)
		if err := errors.Join(feed(lanes, buf[:n]), ctx.Err()); err != nil {
			return info, err
		}
		if info.Length = lanes[0].length(); info.Length > o.Longest {
			return info, fmt.Errorf("%w: it is longer than %s", ErrUnreadable, o.Longest)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return info, about(err)
		}
	}
	info.Truncated = w.Truncated()
	return info, end(lanes)
}

// about tells what is wrong with a file from what went wrong in reading it.
func about(err error) error {
	if errors.Is(err, audio.ErrNotWAV) || errors.Is(err, audio.ErrUnsupported) {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return err
}

// feed deals samples out to the channels, which take turns.
func feed(lanes []*lane, samples []int16) error {
	for c, l := range lanes {
		for i := c; i < len(samples); i += len(lanes) {
			l.raw = append(l.raw, samples[i])
		}
		if err := l.pass(); err != nil {
			return err
		}
	}
	return nil
}

// end lets out what the lanes still hold.
func end(lanes []*lane) error {
	for _, l := range lanes {
		if err := l.end(); err != nil {
			return err
		}
	}
	if lanes[0].in == 0 {
		return fmt.Errorf("%w: it holds no audio", ErrUnreadable)
	}
	return nil
}

// pieceLength is how much audio a frame of a recording is.
const pieceLength = 100 * time.Millisecond

// lane brings one channel to a rate that engines take, and into frames.
type lane struct {
	from, to int // rates
	resample *audio.Resampler
	in, out  int64 // samples so far, at either rate
	raw      []int16
	pcm      []int16
	take     func(transcribe.Frame) error
}

func newLane(rate int, take func(transcribe.Frame) error) (*lane, error) {
	l := &lane{from: rate, to: rate, take: take}
	if rate == 8000 || rate == 16000 {
		return l, nil
	}
	l.to = 16000
	var err error
	l.resample, err = audio.NewResampler(rate, l.to)
	return l, err
}

func (l *lane) length() time.Duration {
	return time.Duration(l.in) * time.Second / time.Duration(l.from)
}

// pass lets whole frames out.
func (l *lane) pass() error {
	l.in += int64(len(l.raw))
	if l.resample != nil {
		l.pcm = l.resample.Process(l.pcm, l.raw)
	} else {
		l.pcm = append(l.pcm, l.raw...)
	}
	l.raw = l.raw[:0]
	size := int(pieceLength * time.Duration(l.to) / time.Second)
	at := 0
	for ; len(l.pcm)-at >= size; at += size {
		if err := l.give(l.pcm[at : at+size]); err != nil {
			return err
		}
	}
	l.pcm = append(l.pcm[:0], l.pcm[at:]...)
	return nil
}

func (l *lane) give(pcm []int16) error {
	f := transcribe.Frame{Rate: l.to, At: time.Duration(l.out) * time.Second / time.Duration(l.to), PCM: slices.Clone(pcm)}
	l.out += int64(len(pcm))
	return l.take(f)
}

func (l *lane) end() error {
	if err := l.pass(); err != nil {
		return err
	}
	if l.resample != nil {
		l.pcm = l.resample.Flush(l.pcm)
	}
	if len(l.pcm) == 0 {
		return nil
	}
	return l.give(l.pcm)
}
