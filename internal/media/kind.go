package media

import (
	"bytes"
	"errors"
)

// Kind is what a recording is.
type Kind string

// The kinds of recordings. All but WAV need ffmpeg.
const (
	WAV  Kind = "wav"
	MP3  Kind = "mp3"
	MP4  Kind = "m4a"
	Ogg  Kind = "ogg"
	FLAC Kind = "flac"
	AAC  Kind = "aac"
)

var (
	// ErrUnreadable is what every error about the recording itself is: it will
	// not get better by trying again.
	ErrUnreadable = errors.New("the recording cannot be read")
	// ErrNoFFmpeg is a recording that only ffmpeg reads, where there is none.
	ErrNoFFmpeg = errors.New("ffmpeg is not installed here, and only WAV is read without it")
)

// HeadBytes is how much of a recording tells its kind.
const HeadBytes = 16

// KindOf tells what a recording is by its first bytes, or "" when it is none of
// what is read here.
func KindOf(head []byte) Kind {
	switch {
	case len(head) >= 12 && bytes.HasPrefix(head, []byte("RIFF")) && string(head[8:12]) == "WAVE":
		return WAV
	case bytes.HasPrefix(head, []byte("ID3")):
		return MP3
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return MP4
	case bytes.HasPrefix(head, []byte("OggS")):
		return Ogg
	case bytes.HasPrefix(head, []byte("fLaC")):
		return FLAC
	}
	return mpeg(head)
}

// mpeg tells the frames of MPEG audio by their sync word: eleven ones, and then
// a layer, which AAC in ADTS has not.
func mpeg(head []byte) Kind {
	if len(head) < 3 || head[0] != 0xff || head[1]&0xe0 != 0xe0 {
		return ""
	}
	switch layer := head[1] >> 1 & 3; {
	case layer == 0 && head[1]&0xf0 == 0xf0:
		return AAC
	case layer == 0 || head[1]>>3&3 == 1 || head[2]>>4 == 15 || head[2]>>2&3 == 3:
		return "" // reserved values: it only looks like one
	}
	return MP3
}
