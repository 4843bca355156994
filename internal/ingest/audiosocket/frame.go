package audiosocket

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// The kinds of frames.
const (
	kindEnd     = 0x00
	kindID      = 0x01
	kindSilence = 0x02
	kindKey     = 0x03
	kindAudio   = 0x10 // and those after it, by rate
	kindError   = 0xff
)

// headerSize is a kind and the length of what follows, big-endian.
const headerSize = 3

// frame is one frame. Its payload is valid until the next is read.
type frame struct {
	kind    byte
	payload []byte
}

// reader reads frames, wherever TCP cuts them.
type reader struct {
	r   *bufio.Reader
	buf []byte
}

// next blocks until a frame is there in full. io.EOF means that the other side
// closed between two frames.
func (r *reader) next() (frame, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r.r, header[:1]); err != nil {
		return frame{}, err //nolint:wrapcheck // io.EOF has a meaning
	}
	if _, err := io.ReadFull(r.r, header[1:]); err != nil {
		return frame{}, fmt.Errorf("frame header: %w", err)
	}
	n := int(binary.BigEndian.Uint16(header[1:]))
	if cap(r.buf) < n {
		r.buf = make([]byte, n)
	}
	r.buf = r.buf[:n]
	if _, err := io.ReadFull(r.r, r.buf); err != nil {
		return frame{}, fmt.Errorf("frame payload: %w", err)
	}
	return frame{kind: header[0], payload: r.buf}, nil
}

// Append writes a frame as a sender does, such as 0x10 for audio at 8 kHz. The
// payload must be under 64 KiB.
func Append(b []byte, kind byte, payload []byte) []byte {
	b = append(b, kind)
	b = binary.BigEndian.AppendUint16(b, uint16(len(payload))) //nolint:gosec // see above
	return append(b, payload...)
}

// rateOf gives the rate of a kind of audio in Hz, or 0 for another kind.
func rateOf(kind byte) int {
	rates := [...]int{8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000}
	if i := int(kind) - kindAudio; i >= 0 && i < len(rates) {
		return rates[i]
	}
	return 0
}
