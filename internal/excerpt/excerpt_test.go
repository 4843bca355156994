package excerpt_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/asticode/go-astisub"

	"heed/insights"
	"heed/internal/excerpt"
	"heed/internal/media"
	"heed/internal/store"
	"heed/transcribe/audio"
)

type file struct {
	*bytes.Reader

	closed *int
}

func (f file) Close() error { *f.closed++; return nil }

// calls are three: one that was recorded for ten seconds, one that was not, and
// one whose recording is damaged.
func calls(closed *int) *excerpt.Excerpts {
	whole := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: 8000, Channels: 2, Encoding: audio.Mulaw}, 160_000)
	whole = append(whole, bytes.Repeat([]byte{0x20, 0xa0}, 80_000)...)
	return excerpt.New(excerpt.Options{
		Longest: 5 * time.Second, Media: media.Options{FFmpeg: "/nowhere/ffmpeg"},
		Recording: func(id string) (io.ReadSeekCloser, time.Time, error) {
			switch id {
			case "kept":
				return file{bytes.NewReader(whole), closed}, time.Time{}, nil
			case "damaged":
				return file{bytes.NewReader(whole[:30]), closed}, time.Time{}, nil
			}
			return nil, time.Time{}, fs.ErrNotExist
		},
		Said: func(_ context.Context, id string) ([]insights.Utterance, error) {
			if id != "kept" {
				return nil, store.ErrNotFound
			}
			return []insights.Utterance{
				{
					Speaker: insights.Customer, Start: 1, End: 3, Text: "my card is [card number]", Written: "My card is [card number].", WrittenWords: []int{1, 1, 1, 1, 1},
					Words: []insights.Word{{Text: "my", Start: 1, End: 1.2}, {Text: "card", Start: 1.2, End: 1.5}, {Text: "is", Start: 1.5, End: 2}, {Text: "[card", Start: 2, End: 3}, {Text: "number]", Start: 2, End: 3}},
				},
				{Speaker: insights.Agent, Start: 2.5, End: 4.5, Text: "شكرا لك"},
			}, nil
		},
	})
}

func TestSubtitlesOfACall(t *testing.T) {
	t.Parallel()
	x := calls(new(int))
	var vtt, srt bytes.Buffer
	err := errors.Join(x.Subtitles(t.Context(), "kept", "vtt", excerpt.Part{}, &vtt), x.Subtitles(t.Context(), "kept", "srt", excerpt.Part{From: 2 * time.Second, To: 4 * time.Second}, &srt))
	if err != nil {
		t.Fatal(err)
	}
	if want := "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<v Customer>My card is [card number].\n\n2\n00:00:02.500 --> 00:00:04.500\n<v Agent>\u200fشكرا لك\n"; vtt.String() != want {
		t.Errorf("%q", vtt.String())
	}
	read, err := astisub.ReadFromSRT(&srt)
	if err != nil || len(read.Items) != 2 || read.Items[0].StartAt != 0 || read.Items[1].EndAt != 2*time.Second {
		t.Errorf("%+v, %v", read, err)
	}
	if err := x.Subtitles(t.Context(), "none", "vtt", excerpt.Part{}, &vtt); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

func TestClips(t *testing.T) {
	t.Parallel()
	closed := 0
	x := calls(&closed)
	c, err := x.Clip(t.Context(), "kept", "wav", "agent", excerpt.Part{From: time.Second, To: 2500 * time.Millisecond})
	if err != nil || c.Type != "audio/wav" {
		t.Fatal(err)
	}
	if w, err := audio.ReadWAV(bytes.NewReader(c.Bytes)); err != nil || len(w.Channels) != 1 || len(w.Channels[0]) != 12_000 {
		t.Errorf("%+v, %v", w, err)
	}
	for name, c := range map[string]struct {
		call, format string
		from, to     time.Duration
		want         any // an error, or the field at fault
	}{
		"not recorded":   {"none", "wav", 0, time.Second, excerpt.ErrNoRecording},
		"damaged":        {"damaged", "wav", 0, time.Second, io.ErrUnexpectedEOF},
		"no ffmpeg":      {"kept", "mp3", 0, time.Second, excerpt.ErrNoEncoder},
		"no ffmpeg, ogg": {"kept", "ogg", 0, time.Second, excerpt.ErrNoEncoder},
		"negative":       {"kept", "wav", -1, time.Second, "from"},
		"backwards":      {"kept", "wav", 2 * time.Second, time.Second, "to"},
		"without an end": {"kept", "wav", 2 * time.Second, 0, "to"},
		"too long":       {"kept", "wav", 0, 5*time.Second + 1, "to"},
		"behind the end": {"kept", "wav", 11 * time.Second, 12 * time.Second, "from"},
	} {
		_, err := x.Clip(t.Context(), c.call, c.format, "both", excerpt.Part{From: c.from, To: c.to})
		switch want := c.want.(type) {
		case error:
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", name, err)
			}
		case string:
			if bad, ok := errors.AsType[*excerpt.Invalid](err); !ok || bad.Field != want || !strings.HasPrefix(bad.Error(), want+": want") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if closed != 5 {
		t.Errorf("%d files were closed", closed)
	}
}
