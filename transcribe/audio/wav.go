package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Encoding is how the samples of a WAV file are written.
type Encoding string

// The encodings that are read. Only Mulaw and PCM16 are written.
const (
	Mulaw   Encoding = "mu-law"
	Alaw    Encoding = "A-law"
	PCM8    Encoding = "8-bit PCM"
	PCM16   Encoding = "16-bit PCM"
	PCM24   Encoding = "24-bit PCM"
	PCM32   Encoding = "32-bit PCM"
	Float32 Encoding = "32-bit float"
)

// size is the length of one sample in bytes; 0 for an unknown encoding.
func (e Encoding) size() int {
	switch e {
	case Mulaw, Alaw, PCM8:
		return 1
	case PCM16:
		return 2
	case PCM24:
		return 3
	case PCM32, Float32:
		return 4
	}
	return 0
}

// WAVFormat says how the audio of a WAV file is laid out.
type WAVFormat struct {
	Rate     int // Hz
	Channels int // 1 or 2; with 2 the left sample comes first
	Encoding Encoding
}

// FrameBytes is the length of one sample of all channels.
func (f WAVFormat) FrameBytes() int { return f.Channels * f.Encoding.size() }

// Errors of the WAV reader and writer; each comes wrapped with what was seen.
var (
	// ErrNotWAV means that the bytes are not a WAV file at all.
	ErrNotWAV = errors.New("not a WAV file")
	// ErrUnsupported means a WAV file whose audio is none of ours.
	ErrUnsupported = errors.New("unsupported WAV format")
	// ErrTooLong means more audio than this package handles at once.
	ErrTooLong = errors.New("audio too long")
)

// MaxWAVSamples bounds what [ReadWAV] keeps: all channels together, 512 MB,
// which is four and a half hours of a two-party telephone call.
const MaxWAVSamples = 1 << 28

// WAV is a whole file in memory.
type WAV struct {
	Rate     int // Hz
	Channels [][]int16
	// Truncated says that the file ended before its header said, or that its
	// header was never completed. What is there is in Channels.
	Truncated bool
}

// ReadWAV reads a whole WAV file; see [NewWAVReader] for what is tolerated.
// A file without any sample is no error: its channels are empty.
func ReadWAV(r io.Reader) (WAV, error) {
	reader, err := NewWAVReader(r)
	if err != nil {
		return WAV{}, err
	}
	format := reader.Format()
	w := WAV{Rate: format.Rate, Channels: make([][]int16, format.Channels)}
	buf := make([]int16, 8192)
	for total := 0; ; {
		n, err := reader.Read(buf)
		for i, s := range buf[:n] {
			c := i % format.Channels
			w.Channels[c] = append(w.Channels[c], s)
		}
		if total += n; total > MaxWAVSamples {
			return WAV{}, fmt.Errorf("read WAV: %w: over %d samples", ErrTooLong, MaxWAVSamples)
		}
		if errors.Is(err, io.EOF) {
			w.Truncated = reader.Truncated()
			return w, nil
		}
		if err != nil {
			return WAV{}, err
		}
	}
}

// The codes of the "fmt " chunk.
const (
	tagPCM        = 1
	tagFloat      = 3
	tagAlaw       = 6
	tagMulaw      = 7
	tagExtensible = 0xfffe
)

// parseFormat reads a "fmt " chunk. It does not believe the byte rate and
// the block size, which follow from the rest and are wrong in many files.
func parseFormat(b []byte) (WAVFormat, error) {
	if len(b) < 16 {
		return WAVFormat{}, fmt.Errorf("%w: format chunk of %d bytes", ErrNotWAV, len(b))
	}
	tag := binary.LittleEndian.Uint16(b)
	bits := int(binary.LittleEndian.Uint16(b[14:]))
	if tag == tagExtensible && len(b) >= 26 {
		tag = binary.LittleEndian.Uint16(b[24:]) // the GUID begins with the plain code
	}
	rate := binary.LittleEndian.Uint32(b[4:])
	f := WAVFormat{Rate: int(min(rate, MaxRate+1)), Channels: int(binary.LittleEndian.Uint16(b[2:]))}
	f.Encoding = encodingOf(tag, bits)
	switch {
	case f.Encoding == "":
		return f, fmt.Errorf("%w: code %#04x with %d bits", ErrUnsupported, tag, bits)
	case f.Channels != 1 && f.Channels != 2:
		return f, fmt.Errorf("%w: %d channels, want 1 or 2", ErrUnsupported, f.Channels)
	case f.Rate < MinRate || f.Rate > MaxRate:
		return f, fmt.Errorf("%w: %d Hz, want %d to %d", ErrUnsupported, rate, MinRate, MaxRate)
	}
	return f, nil
}

// encodingOf names the encoding of a format code; empty when it is not ours.
func encodingOf(tag uint16, bits int) Encoding {
	switch tag {
	case tagMulaw:
		return Mulaw // some writers say 16 bits here; G.711 always has 8
	case tagAlaw:
		return Alaw
	case tagFloat:
		if bits == 32 {
			return Float32
		}
	case tagPCM:
		// Odd depths (12, 20 bits) sit at the top of the next whole byte.
		if bits >= 1 && bits <= 32 {
			return [...]Encoding{PCM8, PCM16, PCM24, PCM32}[(bits-1)/8]
		}
	}
	return ""
}
