package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"heed/transcribe/audio"
)

const (
	outRate      = 8000
	muted   byte = 0xff // digital silence in mu-law
	// wavHeader is the length of the header that audio.AppendWAVHeader makes.
	wavHeader = 58
	// fillBlock is how many samples of silence are written at once.
	fillBlock = 32 << 10
)

func headerFor(dataBytes int64) []byte {
	return audio.AppendWAVHeader(make([]byte, 0, wavHeader), audio.WAVFormat{
		Rate: outRate, Channels: int(sides), Encoding: audio.Mulaw,
	}, dataBytes)
}

// stereo is a mu-law stereo file whose channels are written independently,
// at any place.
type stereo struct {
	file   File
	frames int64 // samples of each channel in the file
}

// createStereo begins an empty file. Its header says that the length is
// unknown until finish.
func createStereo(fsys FS, name string) (*stereo, error) {
	f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return nil, fmt.Errorf("create recording: %w", err)
	}
	if _, err := f.WriteAt(headerFor(-1), 0); err != nil {
		return nil, errors.Join(fmt.Errorf("write recording header: %w", err), f.Close())
	}
	return &stereo{file: f}, nil
}

func (w *stereo) size() int64 { return wavHeader + w.frames*int64(sides) }

// pad makes the file at least as long as index, with silence.
func (w *stereo) pad(index int64) error {
	for w.frames < index {
		n := min(index-w.frames, fillBlock)
		if _, err := w.file.WriteAt(bytes.Repeat([]byte{muted}, int(n)*int(sides)), w.size()); err != nil {
			return fmt.Errorf("write recording: %w", err)
		}
		w.frames += n
	}
	return nil
}

// put writes one channel from index on and leaves the other as it is.
func (w *stereo) put(s side, index int64, g711 []byte) error {
	if err := w.pad(index); err != nil {
		return err
	}
	pairs := bytes.Repeat([]byte{muted}, len(g711)*int(sides))
	off := wavHeader + index*int64(sides)
	if known := min(int64(len(g711)), w.frames-index); known > 0 {
		if _, err := w.file.ReadAt(pairs[:known*int64(sides)], off); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read recording: %w", err)
		}
	}
	for i, b := range g711 {
		pairs[i*int(sides)+int(s)] = b
	}
	if _, err := w.file.WriteAt(pairs, off); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	w.frames = max(w.frames, index+int64(len(g711)))
	return nil
}

// silence mutes one channel between two samples, as far as the file goes.
func (w *stereo) silence(s side, from, to int64) error {
	for from, to = max(from, 0), min(to, w.frames); from < to; {
		n := min(to-from, fillBlock)
		if err := w.put(s, from, bytes.Repeat([]byte{muted}, int(n))); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// finish writes the header with the lengths and everything to the disk.
func (w *stereo) finish() error {
	if _, err := w.file.WriteAt(headerFor(w.frames*int64(sides)), 0); err != nil {
		return fmt.Errorf("write recording header: %w", err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("sync recording: %w", err)
	}
	return nil
}
