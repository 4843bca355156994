package recording

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// The spool file: a header of magic and the wrapped key, then records of a
// four-byte length and as many sealed bytes. The offset of a record is sealed
// with it, so a record moved elsewhere does not open.
const (
	magic      = "HEEDSP01"
	keySize    = 32
	sealCost   = 28 // nonce and tag
	headerSize = len(magic) + keySize + sealCost
	lengthSize = 4
	maxRecord  = 1 << 20
)

// spoolFile is the open spool of one call.
type spoolFile struct {
	file File
	aead cipher.AEAD
	end  int64  // where the next record goes; a torn one before it is overwritten
	box  []byte // what was added and is not written yet
}

// sealerOf makes the cipher of a key; every Seal draws a fresh random nonce.
func sealerOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("spool key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("spool cipher: %w", err)
	}
	return aead, nil
}

// createSpool makes the file with a new key of its own.
func createSpool(fsys FS, name, callID string, master cipher.AEAD) (*spoolFile, error) {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("spool key: %w", err)
	}
	aead, err := sealerOf(key)
	if err != nil {
		return nil, err
	}
	f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return nil, fmt.Errorf("create spool: %w", err)
	}
	header := master.Seal([]byte(magic), nil, key, []byte(magic+callID))
	if _, err := f.WriteAt(header, 0); err != nil {
		return nil, errors.Join(fmt.Errorf("write spool header: %w", err), f.Close())
	}
	return &spoolFile{file: f, aead: aead, end: int64(headerSize)}, nil
}

// openSpool opens an existing spool and gives every record that can be read,
// in order, to visit.
func openSpool(fsys FS, name, callID string, master cipher.AEAD, visit func(off int64, size int, plain []byte)) (*spoolFile, error) {
	f, err := fsys.OpenFile(name, os.O_RDWR, fileMode)
	if err != nil {
		return nil, fmt.Errorf("open spool: %w", err)
	}
	s, err := unwrap(f, callID, master)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := s.scan(visit); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// unwrap reads the header and with it the key.
func unwrap(f File, callID string, master cipher.AEAD) (*spoolFile, error) {
	header := make([]byte, headerSize)
	if _, err := f.ReadAt(header, 0); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("spool header: %w", ErrFormat)
		}
		return nil, fmt.Errorf("read spool header: %w", err)
	}
	if string(header[:len(magic)]) != magic {
		return nil, fmt.Errorf("spool header: %w", ErrFormat)
	}
	key, err := master.Open(nil, nil, header[len(magic):], []byte(magic+callID))
	if err != nil {
		return nil, fmt.Errorf("spool of call %s: %w", callID, ErrKey)
	}
	aead, err := sealerOf(key)
	if err != nil {
		return nil, err
	}
	return &spoolFile{file: f, aead: aead, end: int64(headerSize)}, nil
}

// scan walks the records. A record that does not open was scrubbed or spoilt
// and is passed over; one that ends beyond the file was torn by a crash and
// is where the next one goes.
func (s *spoolFile) scan(visit func(off int64, size int, plain []byte)) error {
	length := make([]byte, lengthSize)
	for {
		if _, err := s.file.ReadAt(length, s.end); err != nil {
			return ignoreEOF(err)
		}
		size := int(binary.LittleEndian.Uint32(length))
		if size <= sealCost || size > maxRecord {
			return nil
		}
		box := make([]byte, size)
		if _, err := s.file.ReadAt(box, s.end+lengthSize); err != nil {
			return ignoreEOF(err)
		}
		if plain, err := s.aead.Open(nil, nil, box, offsetBytes(s.end)); err == nil {
			visit(s.end, size, plain)
		}
		s.end += int64(lengthSize + size)
	}
}

func ignoreEOF(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("read spool: %w", err)
}

func offsetBytes(off int64) []byte {
	return binary.LittleEndian.AppendUint64(nil, uint64(off)) //nolint:gosec // an offset is never negative
}

// append seals a record and writes it with one call.
func (s *spoolFile) append(plain []byte) error {
	s.add(plain)
	return s.commit()
}

// add seals a record, which commit writes.
func (s *spoolFile) add(plain []byte) (off int64, size int) {
	off, size = s.end+int64(len(s.box)), len(plain)+sealCost
	s.box = binary.LittleEndian.AppendUint32(s.box, uint32(size)) //nolint:gosec // at most maxRecord
	s.box = s.aead.Seal(s.box, nil, plain, offsetBytes(off))
	return off, size
}

// commit writes what was added with one call. After an error the next records
// take the same place.
func (s *spoolFile) commit() error {
	_, err := s.file.WriteAt(s.box, s.end)
	if err == nil {
		s.end += int64(len(s.box))
	}
	s.box = s.box[:0]
	if err != nil {
		return fmt.Errorf("write spool: %w", err)
	}
	return nil
}

// read opens the record at an offset.
func (s *spoolFile) read(off int64, size int) ([]byte, error) {
	box, err := s.span(nil, off+lengthSize, off+lengthSize+int64(size))
	if err != nil {
		return nil, err
	}
	return s.open(box, off)
}

// span reads a part of the file into b, which it gives back.
func (s *spoolFile) span(b []byte, from, to int64) ([]byte, error) {
	b = slices.Grow(b[:0], int(to-from))[:to-from]
	if _, err := s.file.ReadAt(b, from); err != nil {
		return b, fmt.Errorf("read spool: %w", err)
	}
	return b, nil
}

// open opens what was read of the record at an offset, in its place.
func (s *spoolFile) open(box []byte, off int64) ([]byte, error) {
	plain, err := s.aead.Open(box[:0], nil, box, offsetBytes(off))
	if err != nil {
		return nil, fmt.Errorf("spool record at %d: %w", off, ErrFormat)
	}
	return plain, nil
}

// scrub overwrites a record so that it never opens again. It needs no space.
func (s *spoolFile) scrub(off int64, size int) error {
	if _, err := s.file.WriteAt(make([]byte, size), off+lengthSize); err != nil {
		return fmt.Errorf("scrub spool: %w", err)
	}
	return nil
}

// The kinds of record inside the seal.
const (
	kindAudio byte = 1
	kindMute  byte = 2 // a stretch to silence
	kindOwed  byte = 3 // a stretch that no engine heard
)

const (
	audioHead   = 1 + 1 + 4 + 8 + 8
	stretchSize = 1 + 1 + 8 + 8
)

// record is a decoded record; pcm still holds little-endian bytes.
type record struct {
	kind    byte
	side    side
	rate    int
	from    time.Duration // of the first sample
	to      time.Duration // of a stretch
	spooled time.Time
	pcm     []byte
}

// parseRecord checks what a seal held. The seal proves that we wrote it, not
// that this version did.
func parseRecord(b []byte) (record, bool) {
	if len(b) < stretchSize || b[1] >= byte(sides) {
		return record{}, false
	}
	r := record{kind: b[0], side: side(b[1])}
	switch {
	case (r.kind == kindMute || r.kind == kindOwed) && len(b) == stretchSize:
		r.from, r.to = nanos(b[2:]), nanos(b[10:])
		return r, r.from >= 0 && r.to >= r.from
	case r.kind == kindAudio && len(b) > audioHead && (len(b)-audioHead)%2 == 0:
		r.rate = int(binary.LittleEndian.Uint32(b[2:]))
		r.from = nanos(b[6:])
		r.spooled = time.Unix(0, int64(nanos(b[14:])))
		r.pcm = b[audioHead:]
		return r, r.from >= 0 && r.rate >= minRate && r.rate <= maxRate
	}
	return record{}, false
}

func nanos(b []byte) time.Duration {
	return time.Duration(binary.LittleEndian.Uint64(b)) //nolint:gosec // read back as it was written
}

func appendNanos(b []byte, n int64) []byte {
	return binary.LittleEndian.AppendUint64(b, uint64(n)) //nolint:gosec // read back as it was written
}

// audioRecord encodes a chunk.
func audioRecord(dst []byte, s side, rate int, at time.Duration, spooled time.Time, pcm []int16) []byte {
	dst = append(dst, kindAudio, byte(s))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(rate)) //nolint:gosec // checked by Write
	dst = appendNanos(dst, int64(at))
	dst = appendNanos(dst, spooled.UnixNano())
	n := len(dst)
	dst = slices.Grow(dst, 2*len(pcm))[:n+2*len(pcm)]
	for i, v := range pcm {
		binary.LittleEndian.PutUint16(dst[n+2*i:], uint16(v)) //nolint:gosec // two's complement on purpose
	}
	return dst
}

// stretchRecord encodes a mute or what is owed.
func stretchRecord(kind byte, s side, from, to time.Duration) []byte {
	b := []byte{kind, byte(s)}
	return appendNanos(appendNanos(b, int64(from)), int64(to))
}
