package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// parcelPiece is how many bytes of a parcel are sealed at once.
const parcelPiece = 64 << 10

// The kinds of record of a parcel. The last says that nothing is missing.
const (
	parcelBytes byte = 1
	parcelEnd   byte = 2
)

// Parcel takes the bytes of a recording made elsewhere as they come, sealed as
// a spool is. It is whole once Close gave no error, and survives then whatever
// happens; until that it cannot be read. One goroutine uses it.
type Parcel struct {
	spool *spoolFile
	dir   string
	piece []byte // kind and bytes
	err   error
}

var _ io.WriteCloser = (*Parcel)(nil)

// CreateParcel begins a parcel, in place of one with the same id.
func CreateParcel(o Options, id string) (*Parcel, error) {
	r, err := Create(o, id)
	if err != nil {
		return nil, err
	}
	if err := r.fs.MkdirAll(r.paths.parcelDir, dirMode); err != nil {
		return nil, fmt.Errorf("make folder for parcels: %w", err)
	}
	spool, err := createSpool(r.fs, r.paths.parcel, id, r.master)
	if err != nil {
		return nil, fmt.Errorf("create parcel: %w", err)
	}
	return &Parcel{spool: spool, dir: r.paths.parcelDir, piece: []byte{parcelBytes}}, nil
}

// Write takes bytes. After an error everything else fails with it.
func (p *Parcel) Write(b []byte) (int, error) {
	taken := 0
	for len(b) > 0 && p.err == nil {
		n := min(len(b), 1+parcelPiece-len(p.piece))
		p.piece = append(p.piece, b[:n]...)
		b, taken = b[n:], taken+n
		if len(p.piece) > parcelPiece {
			p.flush()
		}
	}
	return taken, p.err
}

func (p *Parcel) flush() {
	if len(p.piece) > 1 && p.err == nil {
		p.err = p.spool.append(p.piece)
	}
	p.piece = p.piece[:1]
}

// Close makes the parcel whole and durable.
func (p *Parcel) Close() error {
	p.flush()
	if p.err == nil {
		p.err = p.spool.append([]byte{parcelEnd})
	}
	if p.err == nil {
		p.err = p.spool.file.Sync()
	}
	if err := errors.Join(p.err, p.spool.file.Close()); err != nil {
		return fmt.Errorf("close parcel: %w", err)
	}
	return syncDir(p.dir)
}

// Abandon closes a parcel that will not be whole; Destroy it afterwards.
func (p *Parcel) Abandon() error { return p.spool.file.Close() }

// OpenParcel reads a parcel from its beginning. fs.ErrNotExist when there is
// none, ErrKey when it was sealed with another key; what is spoilt or not whole
// is ErrFormat, here or in reading.
func OpenParcel(o Options, id string) (io.ReadCloser, error) {
	r, err := Create(o, id)
	if err != nil {
		return nil, err
	}
	f, err := r.fs.OpenFile(r.paths.parcel, os.O_RDWR, fileMode)
	if err != nil {
		return nil, fmt.Errorf("open parcel: %w", err)
	}
	spool, err := unwrap(f, id, r.master)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &parcelReader{spool: spool}, nil
}

// parcelReader reads record after record.
type parcelReader struct {
	spool *spoolFile
	piece []byte
	err   error
}

func (r *parcelReader) Read(b []byte) (int, error) {
	for len(r.piece) == 0 && r.err == nil {
		r.piece, r.err = r.next()
	}
	if len(r.piece) == 0 {
		return 0, r.err
	}
	n := copy(b, r.piece)
	r.piece = r.piece[n:]
	return n, nil
}

func (r *parcelReader) next() ([]byte, error) {
	length := make([]byte, lengthSize)
	if _, err := r.spool.file.ReadAt(length, r.spool.end); err != nil {
		if errors.Is(err, io.EOF) {
			err = ErrFormat
		}
		return nil, fmt.Errorf("read parcel: it is not whole: %w", err)
	}
	size := int(binary.LittleEndian.Uint32(length))
	if size <= sealCost || size > maxRecord {
		return nil, fmt.Errorf("read parcel: %w", ErrFormat)
	}
	plain, err := r.spool.read(r.spool.end, size)
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("read parcel: it is not whole: %w", ErrFormat)
	case err != nil:
		return nil, err
	case plain[0] == parcelEnd:
		return nil, io.EOF
	}
	r.spool.end += int64(lengthSize + size)
	return plain[1:], nil
}

func (r *parcelReader) Close() error { return r.spool.file.Close() }

// DestroyParcel destroys a parcel as a spool is destroyed. One that is not
// there is no error.
func DestroyParcel(dir, id string) error {
	p, err := pathsOf(dir, id)
	if err != nil {
		return err
	}
	return destroy(disk{}, p.parcel)
}

// Parcels lists the ids of the parcels that there are, whole or not.
func Parcels(dir string) ([]string, error) {
	return idsIn(dir, filepath.Join(dir, "incoming"), parcelSuffix)
}
