package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

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

func (f *stereo) size() int64 { return wavHeader + f.frames*int64(sides) }

// pad makes the file at least as long as index, with silence.
func (f *stereo) pad(index int64) error {
	for f.frames < index {
		n := min(index-f.frames, fillBlock)
		if _, err := f.file.WriteAt(bytes.Repeat([]byte{muted}, int(n)*int(sides)), f.size()); err != nil {
			return fmt.Errorf("write recording: %w", err)
		}
		f.frames += n
	}
	return nil
}

// put writes one channel, what is encoded in w, from index on and leaves the
// other as it is.
func (f *stereo) put(s side, index int64, w *scratch) error {
	if err := f.pad(index); err != nil {
		return err
	}
	n := len(w.g711)
	w.pairs = slices.Grow(w.pairs[:0], n*int(sides))[:n*int(sides)]
	off := wavHeader + index*int64(sides)
	known := int(max(0, min(int64(n), f.frames-index)))
	if known > 0 {
		if _, err := f.file.ReadAt(w.pairs[:known*int(sides)], off); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read recording: %w", err)
		}
	}
	for i, b := range w.g711 {
		if i >= known {
			w.pairs[i*int(sides)+int(left)], w.pairs[i*int(sides)+int(right)] = muted, muted
		}
		w.pairs[i*int(sides)+int(s)] = b
	}
	if _, err := f.file.WriteAt(w.pairs, off); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	f.frames = max(f.frames, index+int64(n))
	return nil
}

// silence mutes one channel between two samples, as far as the file goes.
func (f *stereo) silence(s side, from, to int64) error {
	w, _ := scratches.Get().(*scratch)
	defer scratches.Put(w)
	for from, to = max(from, 0), min(to, f.frames); from < to; {
		n := min(to-from, fillBlock)
		w.g711 = append(w.g711[:0], bytes.Repeat([]byte{muted}, int(n))...)
		if err := f.put(s, from, w); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// finish writes the header with the lengths and everything to the disk.
func (f *stereo) finish() error {
	if _, err := f.file.WriteAt(headerFor(f.frames*int64(sides)), 0); err != nil {
		return fmt.Errorf("write recording header: %w", err)
	}
	if err := f.file.Sync(); err != nil {
		return fmt.Errorf("sync recording: %w", err)
	}
	return nil
}
