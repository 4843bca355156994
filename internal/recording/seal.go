package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// State says what became of a recording.
type State string

// The states of a recording; they are those of event.Recording.
const (
	Recording State = "recording" // the call lives and nothing is missing
	Kept      State = "kept"      // complete
	Partial   State = "partial"   // some audio could not be written
	Lost      State = "lost"      // there was audio and none of it was kept
	None      State = "none"      // there was no audio
	Refused   State = "refused"   // what there was is destroyed, and no more is taken
)

// Status tells how a recording stands. Lost is the length of call whose audio
// could not be written: the worse of the two parties, not their sum.
type Status struct {
	State State
	Lost  time.Duration
	Bytes int64 // of the recording file
}

// openPart makes the recording file when there is none yet.
func (r *Recorder) openPart() error {
	if r.part != nil {
		return nil
	}
	if err := r.fs.MkdirAll(r.paths.recordingDir, dirMode); err != nil {
		return fmt.Errorf("make recordings folder: %w", err)
	}
	part, err := createStereo(r.fs, r.paths.part)
	if err != nil {
		return err
	}
	r.part = part
	return nil
}

// Seal ends the recording: everything left is released, the file gets its
// name and readers can open it. The spool stays until Destroy. After an error
// there is no recording yet and Seal may be called again: it goes on, or begins
// anew from the spool. Only audio that did not reach the spool is lost; the
// status tells how much. Once sealed, a second Seal gives the same status.
func (r *Recorder) Seal() (Status, error) {
	r.mu.Lock()
	defer r.unlock()
	if r.sealed != nil {
		return *r.sealed, nil
	}
	errs := r.flush()
	for s := range sides {
		r.tracks[s].wanted = math.MaxInt64
		errs = errors.Join(errs, r.copyReleased(s))
		if err := r.endResampling(s); err != nil {
			r.tracks[s].copied-- // its last chunk is not whole in the file
			errs = errors.Join(errs, err)
		}
	}
	if errs != nil {
		return r.judge(), errs
	}
	st := r.judge()
	if err := r.publish(); err != nil {
		return st, errors.Join(err, r.startOver())
	}
	r.sealed = &st
	return st, nil
}

// publish gives the finished file its name, but never a file that still
// holds what must be mute.
func (r *Recorder) publish() error {
	if r.part == nil {
		return nil
	}
	if n := len(r.tracks[left].unsilenced) + len(r.tracks[right].unsilenced); n > 0 {
		return fmt.Errorf("%d stretches could not be muted", n)
	}
	if err := r.part.finish(); err != nil {
		return err
	}
	if err := r.fs.Rename(r.paths.part, r.paths.recording); err != nil {
		return fmt.Errorf("name recording: %w", err)
	}
	return r.part.file.Close()
}

// startOver drops a file that could not be finished: who knows what of it
// reached the disk. The spool has everything, and every mute is applied again.
func (r *Recorder) startOver() error {
	for s := range sides {
		t := &r.tracks[s]
		t.copied, t.next, t.resampler, t.unsilenced = 0, 0, nil, nil
	}
	if r.part == nil {
		return nil
	}
	err := errors.Join(r.part.file.Close(), r.fs.Remove(r.paths.part))
	r.part = nil
	return err
}

// judge sums up a finished recording.
func (r *Recorder) judge() Status {
	var heard, written bool
	var st Status
	for s := range sides {
		t := &r.tracks[s]
		lost := t.lost
		for _, c := range t.chunks[t.copied:] {
			lost += c.length()
		}
		st.Lost = max(st.Lost, lost)
		heard = heard || len(t.chunks) > 0 || t.lost > 0
		written = written || t.copied > 0
	}
	if r.part != nil && written {
		st.Bytes = r.part.size()
	}
	switch {
	case !heard:
		st.State = None
	case st.Bytes == 0:
		st.State = Lost
	case st.Lost > 0:
		st.State = Partial
	default:
		st.State = Kept
	}
	return st
}

// Sync writes the chunks that are not full yet and returns when the spool
// survives a power cut.
func (r *Recorder) Sync() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.flush()
	if r.spool == nil {
		return err
	}
	return errors.Join(err, r.spool.file.Sync(), syncDir(r.paths.spoolDir))
}

// Destroy closes the recorder and destroys the spool: its key is overwritten
// before the file goes, so no undelete brings the audio back.
func (r *Recorder) Destroy() error {
	r.mu.Lock()
	defer r.unlock()
	err := r.close()
	return errors.Join(err, destroy(r.fs, r.paths.spool))
}

// Close closes the files and leaves spool and part file for the next start.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.unlock()
	return errors.Join(r.flush(), r.close())
}

func (r *Recorder) close() error {
	var err error
	if r.spool != nil {
		err = r.spool.file.Close()
		r.spool = nil
	}
	if r.part != nil && r.sealed == nil {
		err = errors.Join(err, r.part.file.Close())
		r.part = nil
	}
	if r.sealed == nil {
		st := r.judge()
		r.sealed = &st
	}
	return err
}

// destroy shreds the key of a spool file and removes it. A missing file is
// no error.
func destroy(fsys FS, name string) error {
	f, err := fsys.OpenFile(name, os.O_RDWR, fileMode)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = f.WriteAt(make([]byte, headerSize), 0)
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if removeErr := fsys.Remove(name); removeErr != nil {
		return fmt.Errorf("destroy spool: %w", errors.Join(err, removeErr))
	}
	return nil // the file is gone, whatever the overwriting said
}

// Discard destroys everything of the call that was kept, spool and recording,
// and takes no more: a later Write, Mute, Owe or Release does nothing and Seal
// tells that it was refused. It may be called again after an error.
func (r *Recorder) Discard() error {
	r.mu.Lock()
	defer r.unlock()
	for s := range sides {
		r.tracks[s] = track{}
	}
	err := r.close()
	r.sealed = &Status{State: Refused}
	return errors.Join(err, discard(r.fs, r.paths))
}

// Discard destroys what was kept of a call that no Recorder holds.
func Discard(dir, callID string) error {
	p, err := pathsOf(dir, callID)
	if err != nil {
		return err
	}
	return discard(disk{}, p)
}

func discard(fsys FS, p paths) error {
	err := destroy(fsys, p.spool)
	for _, name := range []string{p.part, p.recording, p.sealed, p.sealed + ".part"} {
		err = errors.Join(err, wipe(fsys, name))
	}
	return err
}

// wipe overwrites a file before it goes; the best that can be done where the
// disk overwrites in place. A missing file is no error.
func wipe(fsys FS, name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f, openErr := fsys.OpenFile(name, os.O_RDWR, fileMode)
	if err = errors.Join(err, openErr); err == nil {
		zero := make([]byte, 64<<10)
		for off := int64(0); off < info.Size() && err == nil; off += int64(len(zero)) {
			_, err = f.WriteAt(zero[:min(int64(len(zero)), info.Size()-off)], off)
		}
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if removeErr := fsys.Remove(name); removeErr != nil {
		return fmt.Errorf("destroy recording: %w", errors.Join(err, removeErr))
	}
	return nil // the file is gone, whatever the overwriting said
}

// Destroy destroys the spool of a call, if there is one.
func Destroy(dir, callID string) error {
	p, err := pathsOf(dir, callID)
	if err != nil {
		return err
	}
	return destroy(disk{}, p.spool)
}

// Spooled lists the calls that have a spool: those that a dead process left,
// and those being recorded now. Files with other names are left alone.
func Spooled(dir string) ([]string, error) {
	return idsIn(dir, filepath.Join(dir, "spool"), spoolSuffix)
}

// idsIn lists the calls that have a file with an ending in a folder.
func idsIn(dir, folder, suffix string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list %s files: %w", suffix, err)
	}
	var ids []string
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), suffix)
		if _, err := pathsOf(dir, id); ok && err == nil {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Salvage tells what recording a call without a readable spool has. A file
// that a crash left unfinished holds only what the redactor or the holding
// time had let through: it gets its name and counts as partial.
func Salvage(o Options, callID string) (Status, error) {
	p, err := pathsOf(o.Dir, callID)
	if err != nil {
		return Status{}, err
	}
	for _, name := range []string{p.recording, p.sealed} {
		if info, err := os.Stat(name); err == nil {
			return Status{State: Kept, Bytes: info.Size()}, nil
		}
	}
	info, err := os.Stat(p.part)
	if errors.Is(err, fs.ErrNotExist) {
		return Status{State: None}, nil
	}
	if err != nil {
		return Status{State: Lost}, fmt.Errorf("salvage recording: %w", err)
	}
	if info.Size() < wavHeader {
		return Status{State: Lost}, os.Remove(p.part)
	}
	f, err := os.OpenFile(p.part, os.O_RDWR, fileMode)
	if err != nil {
		return Status{State: Lost}, fmt.Errorf("salvage recording: %w", err)
	}
	w := stereo{file: f, frames: (info.Size() - wavHeader) / int64(sides)}
	if err := errors.Join(w.finish(), f.Close(), os.Rename(p.part, p.recording)); err != nil {
		return Status{State: Lost}, fmt.Errorf("salvage recording: %w", err)
	}
	return Status{State: Partial, Bytes: w.size()}, nil
}
