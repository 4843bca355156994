package recording

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
)

// Errors of this package.
var (
	// ErrID means that a call id is not a UUID and was not made into a path.
	ErrID = errors.New("not a call id")
	// ErrKey means that the spool was sealed with another master key.
	ErrKey = errors.New("the spool does not open with this master key")
	// ErrFormat means that a file is not one of ours.
	ErrFormat = errors.New("not a file of this package")
)

// File is what a recording needs of an open file.
type File interface {
	randomAccess
	io.Closer
	Sync() error
}

// randomAccess reads and writes at any place.
type randomAccess interface {
	io.ReaderAt
	io.WriterAt
}

// FS is the part of a file system that recordings write to. Tests replace it
// to run out of space.
type FS interface {
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	Rename(from, to string) error
	Remove(name string) error
	MkdirAll(name string, perm fs.FileMode) error
}

// disk is the real file system.
type disk struct{}

var _ FS = disk{}

func (disk) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err // not f: a nil *os.File in the interface is not nil
	}
	return f, nil
}

func (disk) Rename(from, to string) error                 { return os.Rename(from, to) }
func (disk) Remove(name string) error                     { return os.Remove(name) }
func (disk) MkdirAll(name string, perm fs.FileMode) error { return os.MkdirAll(name, perm) }

const (
	dirMode  fs.FileMode = 0o700
	fileMode fs.FileMode = 0o600

	spoolSuffix  = ".spool"
	parcelSuffix = ".parcel"
)

// paths are the files of one call.
type paths struct {
	spoolDir, recordingDir string
	spool, part, recording string
	sealed                 string // the recording once it is under a person's key
	parcelDir, parcel      string // what came of a recording made elsewhere
}

// pathsOf checks the id before it becomes part of a path.
func pathsOf(dir, callID string) (paths, error) {
	// uuid.Validate also takes braces and "urn:uuid:", which we never write.
	if len(callID) != 36 || uuid.Validate(callID) != nil || strings.ToLower(callID) != callID {
		return paths{}, fmt.Errorf("call %q: %w", clip(callID), ErrID)
	}
	p := paths{spoolDir: filepath.Join(dir, "spool"), recordingDir: filepath.Join(dir, "recordings")}
	p.parcelDir = filepath.Join(dir, "incoming")
	p.parcel = filepath.Join(p.parcelDir, callID+parcelSuffix)
	p.spool = filepath.Join(p.spoolDir, callID+spoolSuffix)
	p.recording = filepath.Join(p.recordingDir, callID+".wav")
	p.part = p.recording + ".part"
	p.sealed = filepath.Join(p.recordingDir, callID+sealedSuffix)
	return p, nil
}

// clip keeps a foreign id from filling a log line.
func clip(s string) string { return s[:min(len(s), 40)] }
