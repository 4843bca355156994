package media

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
)

// What is written is read back as what it is, with all its channels.
func TestEncodedClipsAreReadBack(t *testing.T) {
	if err := Ready(Options{}); err != nil {
		if os.Getenv("HEED_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	for _, kind := range []Kind{MP3, Ogg} {
		for _, channels := range []int{1, 2} {
			out, err := Encode(t.Context(), wav(16000, channels, 32000), kind, Options{})
			if err != nil {
				t.Fatal(kind, err)
			}
			info, pcm, err := taken(t, bytes.NewReader(out), Options{})
			if err != nil || info.Kind != kind || info.Channels != channels || info.Truncated || len(pcm[0]) < 31000 || len(pcm[0]) > 36000 {
				t.Errorf("%s of %d: %+v, %d samples, %v", kind, channels, info, len(pcm[0]), err)
			}
		}
	}
	if _, err := Encode(t.Context(), []byte("no recording"), MP3, Options{}); !errors.Is(err, ErrUnreadable) {
		t.Errorf("what is no WAV: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Encode(gone, wav(8000, 1, 800), MP3, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has gone: %v", err)
	}
}

func TestNothingIsEncodedWithoutFFmpeg(t *testing.T) {
	if _, err := Encode(t.Context(), wav(8000, 1, 800), MP3, Options{FFmpeg: "/nowhere/ffmpeg"}); !errors.Is(err, ErrNoFFmpeg) {
		t.Error(err)
	}
	if _, err := Encode(t.Context(), wav(8000, 1, 800), FLAC, Options{}); !errors.Is(err, ErrNoFFmpeg) {
		t.Error(err)
	}
}
