package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// sealer seals and opens what is kept of a person. internal/vault has one.
type sealer interface {
	Encrypt(person, place string, plain []byte) ([]byte, error)
	Decrypt(person, place string, box []byte) ([]byte, error)
	// Flush makes new keys durable.
	Flush() error
}

// A sealed recording is a header and then segments of segmentSize bytes, each
// sealed under the person's key for its place in the file and for the length
// of the whole, so that none can be moved, exchanged or left out. Any byte is
// reached by opening one segment.
//
//	"heedrec1", length of the plain file (8 bytes), length of the person's id
//	(2 bytes), the id, segments
const (
	sealedMagic  = "heedrec1"
	sealedFixed  = len(sealedMagic) + 8 + 2
	segmentSize  = 32 << 10
	segmentExtra = 12 + 16 // nonce and tag of AES-GCM
	sealedSuffix = ".sealed"
	maxPerson    = 256
)

// Seal puts a finished recording under a person's key, in place of the plain
// file, or of one that is sealed under another person's key. It does nothing
// when it was done, or nothing was kept. A crash leaves one of the two files.
func Seal(dir, callID, person string, s sealer) error {
	p, err := pathsOf(dir, callID)
	if err != nil {
		return err
	}
	plain, err := os.Open(p.recording)
	if errors.Is(err, fs.ErrNotExist) {
		return sealAgain(p.sealed, callID, person, s)
	}
	if err != nil {
		return fmt.Errorf("seal recording: %w", err)
	}
	info, err := plain.Stat()
	if err == nil {
		err = sealInto(p.sealed, plain, sealedFile{callID: callID, person: person, size: info.Size(), vault: s})
	}
	if err = errors.Join(err, plain.Close()); err != nil {
		return fmt.Errorf("seal recording of call %s: %w", callID, err)
	}
	if err := os.Remove(p.recording); err != nil {
		return fmt.Errorf("seal recording of call %s: %w", callID, err)
	}
	return nil
}

// sealAgain puts what is sealed under another person's key under this one's.
func sealAgain(name, callID, person string, s sealer) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("seal recording: %w", err)
	}
	was, err := readSealed(f, callID, s)
	if err == nil && was.person != person {
		plain := &sealedReader{sealedFile: was, file: f, open: -1}
		err = sealInto(name, plain, sealedFile{callID: callID, person: person, size: was.size, vault: s})
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("seal recording of call %s: %w", callID, err)
	}
	return nil
}

// sealInto writes the sealed file under another name first.
func sealInto(name string, plain io.Reader, w sealedFile) error {
	if len(w.person) == 0 || len(w.person) > maxPerson {
		return fmt.Errorf("a person's id of %d bytes", len(w.person))
	}
	next := name + ".part"
	f, err := os.OpenFile(next, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	err = errors.Join(w.writeTo(f, plain), w.vault.Flush())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(next, name)
	}
	if err == nil {
		err = syncDir(filepath.Dir(name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return nil
}

func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sealedFile is what is known of a sealed recording.
type sealedFile struct {
	callID, person string
	size           int64 // of the plain file
	start          int64 // of the first segment
	vault          sealer
}

// place binds a segment to the call, its number and the length of the whole.
func (s *sealedFile) place(n int64) string {
	return fmt.Sprintf("recording/%s/%d/%d", s.callID, s.size, n)
}

func (s *sealedFile) writeTo(w io.Writer, plain io.Reader) error {
	head := append([]byte(sealedMagic), binary.BigEndian.AppendUint64(nil, uint64(s.size))...) //nolint:gosec // a file's size
	head = binary.BigEndian.AppendUint16(head, uint16(len(s.person)))                          //nolint:gosec // at most maxPerson
	if _, err := w.Write(append(head, s.person...)); err != nil {
		return err
	}
	segment := make([]byte, segmentSize)
	for n := int64(0); n*segmentSize < s.size; n++ {
		part := segment[:min(segmentSize, s.size-n*segmentSize)]
		if _, err := io.ReadFull(plain, part); err != nil {
			return err
		}
		box, err := s.vault.Encrypt(s.person, s.place(n), part)
		if err != nil {
			return err
		}
		if _, err := w.Write(box); err != nil {
			return err
		}
	}
	return nil
}

// readSealed reads the header of a sealed file.
func readSealed(f io.ReaderAt, callID string, v sealer) (*sealedFile, error) {
	head := make([]byte, sealedFixed)
	if _, err := f.ReadAt(head, 0); err != nil || string(head[:len(sealedMagic)]) != sealedMagic {
		return nil, ErrFormat
	}
	size := binary.BigEndian.Uint64(head[len(sealedMagic):])
	n := int(binary.BigEndian.Uint16(head[sealedFixed-2:]))
	if size > 1<<40 || n == 0 || n > maxPerson {
		return nil, ErrFormat
	}
	person := make([]byte, n)
	if _, err := f.ReadAt(person, int64(sealedFixed)); err != nil {
		return nil, ErrFormat
	}
	return &sealedFile{callID: callID, person: string(person), size: int64(size), start: int64(sealedFixed + n), vault: v}, nil
}

// sealedReader reads a sealed recording from any place.
type sealedReader struct {
	*sealedFile

	file  *os.File
	at    int64
	open  int64 // number of the segment in plain, -1 for none
	plain []byte
}

var _ io.ReadSeekCloser = (*sealedReader)(nil)

func (r *sealedReader) Read(b []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	n := r.at / segmentSize
	if n != r.open {
		if err := r.load(n); err != nil {
			return 0, err
		}
	}
	got := copy(b, r.plain[r.at-n*segmentSize:])
	r.at += int64(got)
	return got, nil
}

func (r *sealedReader) load(n int64) error {
	box := make([]byte, min(segmentSize, r.size-n*segmentSize)+segmentExtra)
	if _, err := r.file.ReadAt(box, r.start+n*(segmentSize+segmentExtra)); err != nil {
		return fmt.Errorf("read recording: %w: %w", ErrFormat, err)
	}
	plain, err := r.vault.Decrypt(r.person, r.place(n), box)
	if err != nil {
		return fmt.Errorf("read recording: %w", err)
	}
	r.open, r.plain = n, plain
	return nil
}

// Seek moves to a place; reading behind the end is the end of the file.
func (r *sealedReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	default:
		return r.at, fmt.Errorf("seek recording: whence %d: %w", whence, fs.ErrInvalid)
	}
	if offset < 0 {
		return r.at, fmt.Errorf("seek recording: before its beginning: %w", fs.ErrInvalid)
	}
	r.at = offset
	return offset, nil
}

func (r *sealedReader) Close() error { return r.file.Close() }

// Stored says whether anything is recorded of a call.
func Stored(dir, callID string) bool {
	p, err := pathsOf(dir, callID)
	if err != nil {
		return false
	}
	for _, name := range []string{p.recording, p.part, p.sealed} {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	return false
}
