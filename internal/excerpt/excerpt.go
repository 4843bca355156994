// Package excerpt takes pieces out of a call, for people who play or show them
// elsewhere: subtitles of its words, and clips of its recording.
//
// It gives what is kept, so what was removed from a call is in no piece of it,
// and what was not kept is silence. It keeps nothing, and decides nobody's
// rights.
package excerpt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"heed/insights"
	"heed/internal/listen"
	"heed/internal/media"
	"heed/internal/recording"
	"heed/internal/subtitle"
)

// Options are where calls are read.
type Options struct {
	// Said gives what was said on a call as it reads now, in the order of speech.
	Said func(ctx context.Context, callID string) ([]insights.Utterance, error)
	// Recording opens what was kept of a call's audio; fs.ErrNotExist when
	// nothing is.
	Recording func(callID string) (io.ReadSeekCloser, time.Time, error)
	// Longest is how long a clip may be.
	Longest time.Duration
	Media   media.Options
}

// Excerpts takes pieces out. It is safe for concurrent use.
type Excerpts struct{ o Options }

// New makes it.
func New(o Options) *Excerpts { return &Excerpts{o} }

// Part is a stretch of a call, From included and To not. A zero To is the end.
type Part struct{ From, To time.Duration }

// Invalid is a part that there cannot be; Field is "from" or "to".
type Invalid struct{ Field, Want string }

// Error says what is wanted.
func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

var (
	// ErrNoRecording is a call of which no audio was kept, or none yet.
	ErrNoRecording = errors.New("nothing was recorded of this call, or it still goes on")
	// ErrNoEncoder is a format that cannot be written here.
	ErrNoEncoder = media.ErrNoFFmpeg
)

// check refuses parts that there cannot be. Most is the longest; zero is any.
func (p Part) check(most time.Duration) error {
	switch {
	case p.From < 0:
		return &Invalid{"from", "want a second of the call, 0 or later"}
	case p.To < 0 || p.To > 0 && p.To <= p.From:
		return &Invalid{"to", "want a second behind from"}
	case most > 0 && (p.To == 0 || p.To-p.From > most):
		return &Invalid{"to", fmt.Sprintf("want at most %s behind from", most)}
	}
	return nil
}

// Subtitles gives those of a part of a call: "srt" or "vtt". Those of a part
// begin with it, as a clip does. A part that there cannot be is [*Invalid].
func (x *Excerpts) Subtitles(ctx context.Context, callID, format string, p Part, w io.Writer) error {
	if err := p.check(0); err != nil {
		return err
	}
	said, err := x.o.Said(ctx, callID)
	if err != nil {
		return fmt.Errorf("subtitles of call %s: %w", callID, err)
	}
	part := subtitle.Part(p)
	if format == "srt" {
		return part.WriteSRT(w, listen.Of(said))
	}
	return part.WriteVTT(w, listen.Of(said))
}

// Clip is a piece of a recording, as a file.
type Clip struct {
	Type  string // media type
	Bytes []byte
}

// Clip cuts a part out of a recording, to the sample: "wav", or "mp3" and "ogg"
// where ffmpeg is installed, else [ErrNoEncoder]; of "both" parties, the "agent"
// or the "customer". Without a recording it is [ErrNoRecording]; a part that
// there cannot be is [*Invalid].
func (x *Excerpts) Clip(ctx context.Context, callID, format, channel string, p Part) (Clip, error) {
	if err := p.check(x.o.Longest); err != nil {
		return Clip{}, err
	}
	file, _, err := x.o.Recording(callID)
	if errors.Is(err, fs.ErrNotExist) {
		return Clip{}, ErrNoRecording
	}
	if err != nil {
		return Clip{}, fmt.Errorf("clip of call %s: %w", callID, err)
	}
	wav, err := recording.Clip(file, p.From, p.To, recording.Channel(channel))
	if err = errors.Join(err, file.Close()); err != nil {
		if errors.Is(err, recording.ErrBounds) {
			return Clip{}, &Invalid{"from", "want a second of the recording: " + err.Error()}
		}
		return Clip{}, fmt.Errorf("clip of call %s: %w", callID, err)
	}
	switch format {
	case "mp3":
		return x.encode(ctx, wav, media.MP3, "audio/mpeg")
	case "ogg":
		return x.encode(ctx, wav, media.Ogg, "audio/ogg")
	}
	return Clip{"audio/wav", wav}, nil
}

func (x *Excerpts) encode(ctx context.Context, wav []byte, as media.Kind, kind string) (Clip, error) {
	out, err := media.Encode(ctx, wav, as, x.o.Media)
	if err != nil {
		return Clip{}, fmt.Errorf("clip as %s: %w", as, err)
	}
	return Clip{kind, out}, nil
}
