package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// maxFormatChunk bounds the "fmt " chunk; real ones have at most 40 bytes.
const maxFormatChunk = 4096

// unknownSize is what writers to a pipe, and ours before Close, put where a
// length belongs.
const unknownSize = math.MaxUint32

// WAVReader reads the samples of a WAV file one stretch at a time.
type WAVReader struct {
	r         io.Reader
	format    WAVFormat
	left      int64 // bytes of audio that the header still promises; -1 is unknown
	truncated bool
	err       error // what Read gives from now on
	buf       []byte
}

// NewWAVReader reads up to the first sample. It believes as little of the
// header as it can: unknown chunks are skipped, lengths that were never
// filled in mean "to the end of the file", and a file that stops early is
// read as far as it goes. The caller closes r.
func NewWAVReader(r io.Reader) (*WAVReader, error) {
	w := &WAVReader{r: r, buf: make([]byte, 0, 16384)}
	if err := w.open(); err != nil {
		return nil, fmt.Errorf("read WAV header: %w", err)
	}
	return w, nil
}

// Format says what the file holds.
func (w *WAVReader) Format() WAVFormat { return w.format }

// Truncated says, once Read has given io.EOF, whether the file ended before
// its header said or had a header that was never completed.
func (w *WAVReader) Truncated() bool { return w.truncated }

// open walks the chunks up to the audio.
func (w *WAVReader) open() error {
	var head [12]byte
	if err := w.fill(head[:]); err != nil {
		return err
	}
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return fmt.Errorf("%w: no RIFF/WAVE mark", ErrNotWAV)
	}
	riffEnd := int64(binary.LittleEndian.Uint32(head[4:])) + 8
	for at := int64(len(head)); ; {
		var chunk [8]byte
		if err := w.fill(chunk[:]); err != nil {
			return err
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8
		if string(chunk[:4]) == "data" {
			return w.begin(size, at >= riffEnd)
		}
		if err := w.chunk(string(chunk[:4]), size); err != nil {
			return err
		}
		at += size + size&1
	}
}

// fill reads exactly len(b) bytes of the header.
func (w *WAVReader) fill(b []byte) error {
	_, err := io.ReadFull(w.r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: ends inside the header", ErrNotWAV)
	}
	return err
}

// chunk takes the format from a "fmt " chunk and skips any other.
func (w *WAVReader) chunk(id string, size int64) error {
	keep := int64(0)
	if id == "fmt " {
		keep = min(size, maxFormatChunk)
		b := make([]byte, keep)
		if err := w.fill(b); err != nil {
			return err
		}
		format, err := parseFormat(b)
		if err != nil {
			return err
		}
		w.format = format
	}
	// Chunks start at even offsets, so an odd one is followed by a pad byte.
	if _, err := io.CopyN(io.Discard, w.r, size-keep+size&1); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// begin starts the audio. A length of zero at the very end of what the RIFF
// header promises is either an empty file or a writer that died; reading on
// tells which.
func (w *WAVReader) begin(size int64, last bool) error {
	if w.format.Rate == 0 {
		return fmt.Errorf("%w: audio before its format", ErrNotWAV)
	}
	w.left = size
	if size == unknownSize || size == 0 && last {
		w.left = -1
		w.truncated = size == unknownSize
	}
	return nil
}

// Read puts up to len(dst) samples into dst, the channels taking turns, and
// gives how many; always whole frames of all channels. It gives io.EOF at the
// end. len(dst) must be at least the number of channels.
func (w *WAVReader) Read(dst []int16) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	frame := w.format.FrameBytes()
	frames := min(len(dst)/w.format.Channels, cap(w.buf)/frame)
	if frames == 0 {
		return 0, fmt.Errorf("read WAV: %w", io.ErrShortBuffer)
	}
	n, err := w.bytes(frames * frame)
	if rest := n % frame; rest != 0 {
		n -= rest
		w.truncated = true
	}
	decode(dst[:0], w.buf[:n], w.format.Encoding)
	if err != nil {
		w.err = err
	}
	n /= w.format.Encoding.size()
	if n > 0 {
		return n, nil
	}
	return 0, w.err
}

// bytes reads up to n bytes of audio into the buffer and notes a short file.
func (w *WAVReader) bytes(n int) (int, error) {
	if w.left >= 0 {
		n = int(min(int64(n), w.left))
	}
	if n == 0 {
		return 0, io.EOF
	}
	got, err := io.ReadFull(w.r, w.buf[:n])
	switch {
	case err == nil:
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = io.EOF
		// Audio after a length of zero means a header never completed.
		w.truncated = w.truncated || w.left > 0 || w.left < 0 && got > 0
	default:
		err = fmt.Errorf("read WAV audio: %w", err)
	}
	if w.left >= 0 {
		w.left -= int64(got)
	}
	return got, err
}

// decode appends the samples of raw audio to dst.
func decode(dst []int16, b []byte, e Encoding) []int16 {
	switch e {
	case Mulaw:
		return DecodeMulaw(dst, b)
	case Alaw:
		return DecodeAlaw(dst, b)
	case PCM8:
		for _, v := range b {
			dst = append(dst, (int16(v)-128)<<8)
		}
	case Float32:
		for ; len(b) >= 4; b = b[4:] {
			v := math.Float32frombits(binary.LittleEndian.Uint32(b))
			if v != v { // not a number
				v = 0
			}
			dst = append(dst, clip(v*32768))
		}
	case PCM16, PCM24, PCM32:
		// The two highest bytes of each sample are the 16 bits we keep.
		for size := e.size(); len(b) >= size; b = b[size:] {
			dst = append(dst, int16(binary.LittleEndian.Uint16(b[size-2:])))
		}
	}
	return dst
}
