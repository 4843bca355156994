package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// AppendWAVHeader appends the header of a file whose audio has the given
// length in bytes; a negative length means that it is not known yet. The
// audio follows directly, so a seekable file can be served from parts.
func AppendWAVHeader(dst []byte, f WAVFormat, audio int64) []byte {
	tag := uint16(tagPCM)
	if f.Encoding == Mulaw {
		tag = tagMulaw
	}
	riff, data := uint32(unknownSize), uint32(unknownSize)
	frames := uint32(0)
	if audio >= 0 {
		data = uint32(audio)
		riff = wavHeaderSize - 8 + data + data&1
		frames = data / uint32(f.FrameBytes())
	}
	le := binary.LittleEndian
	dst = append(dst, "RIFF"...)
	dst = le.AppendUint32(dst, riff)
	dst = append(dst, "WAVEfmt "...)
	dst = le.AppendUint32(dst, 18)
	dst = le.AppendUint16(dst, tag)
	dst = le.AppendUint16(dst, uint16(f.Channels))
	dst = le.AppendUint32(dst, uint32(f.Rate))
	dst = le.AppendUint32(dst, uint32(f.Rate*f.FrameBytes()))
	dst = le.AppendUint16(dst, uint16(f.FrameBytes()))
	dst = le.AppendUint16(dst, uint16(8*f.Encoding.size()))
	dst = le.AppendUint16(dst, 0)
	dst = append(dst, "fact"...)
	dst = le.AppendUint32(dst, 4)
	dst = le.AppendUint32(dst, frames)
	dst = append(dst, "data"...)
	return le.AppendUint32(dst, data)
}

// wavHeaderSize is what AppendWAVHeader appends.
const wavHeaderSize = 12 + 8 + 18 + 8 + 4 + 8

// maxWAVBytes keeps every length below what means "unknown".
const maxWAVBytes = unknownSize - wavHeaderSize - 1024

// WAVWriter writes a WAV file sample by sample. Until Sync or Close the
// header says that the length is unknown, which readers take as "to the end
// of the file": a file left by a crash can still be played.
type WAVWriter struct {
	w       io.WriteSeeker
	format  WAVFormat
	written int64 // bytes of audio
	buf     []byte
	err     error // the first failure, after which the file is left alone
}

// NewWAVWriter writes the header at the current position, which must be the
// start of w. The caller closes w after Close. Only Mulaw and PCM16 are
// written, in one or two channels.
func NewWAVWriter(w io.WriteSeeker, f WAVFormat) (*WAVWriter, error) {
	switch {
	case f.Encoding != Mulaw && f.Encoding != PCM16:
		return nil, fmt.Errorf("write WAV: %w: cannot write %q", ErrUnsupported, f.Encoding)
	case f.Channels != 1 && f.Channels != 2:
		return nil, fmt.Errorf("write WAV: %w: %d channels", ErrUnsupported, f.Channels)
	case f.Rate < MinRate || f.Rate > MaxRate:
		return nil, fmt.Errorf("write WAV: %w: %d Hz", ErrUnsupported, f.Rate)
	}
	if _, err := w.Write(AppendWAVHeader(nil, f, -1)); err != nil {
		return nil, fmt.Errorf("write WAV header: %w", err)
	}
	return &WAVWriter{w: w, format: f}, nil
}

// Write appends samples, the channels taking turns; their number must be a
// multiple of the channels. After an error the file keeps what it had.
func (w *WAVWriter) Write(samples []int16) error {
	if w.err != nil {
		return w.err
	}
	if len(samples)%w.format.Channels != 0 {
		return fmt.Errorf("write WAV: %d samples for %d channels", len(samples), w.format.Channels)
	}
	size := int64(len(samples) * w.format.Encoding.size())
	if w.written+size > maxWAVBytes {
		return fmt.Errorf("write WAV: %w: over %d bytes", ErrTooLong, int64(maxWAVBytes))
	}
	w.buf = w.buf[:0]
	if w.format.Encoding == Mulaw {
		w.buf = EncodeMulaw(w.buf, samples)
	} else {
		for _, s := range samples {
			w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(s))
		}
	}
	n, err := w.w.Write(w.buf)
	w.written += int64(n)
	if err != nil {
		w.err = fmt.Errorf("write WAV audio: %w", err)
	}
	return w.err
}

// Sync brings the header up to date with what was written so far and returns
// to the end.
func (w *WAVWriter) Sync() error {
	audio := w.written - w.written%int64(w.format.FrameBytes())
	if _, err := w.w.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("write WAV header: %w", err)
	}
	_, err := w.w.Write(AppendWAVHeader(nil, w.format, audio))
	_, back := w.w.Seek(wavHeaderSize+w.written, io.SeekStart)
	if err = errors.Join(err, back); err != nil {
		return fmt.Errorf("write WAV header: %w", err)
	}
	return nil
}

// Close completes the header, also after a failed Write. It does not close
// the file underneath.
func (w *WAVWriter) Close() error {
	var pad error
	if w.err == nil && w.written%2 == 1 {
		// A chunk ends at an even offset; the pad byte is not audio.
		if _, pad = w.w.Write([]byte{0}); pad != nil {
			pad = fmt.Errorf("write WAV pad: %w", pad)
		}
	}
	return errors.Join(pad, w.Sync())
}
