package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heed/internal/recording"
	"heed/internal/store"
	"heed/internal/vault"
)

// Folder is the folder of recordings and spools in a data folder.
const Folder = "calls"

const (
	manifest   = "manifest.json"
	recordings = Folder + "/recordings"
	sealed     = ".sealed"
)

// Backup says what a backup holds; it is written into it last, so that one
// without it is not whole.
type Backup struct {
	Began      time.Time `json:"began"` // all that was committed before is in it
	LastSeq    int64     `json:"last_seq"`
	Recordings int       `json:"recordings"`
}

// Save copies a data folder into a new folder while a server may use it:
// tables and recordings as they are sealed, no keys, and nothing that is
// derived. It blocks for as long as the copying takes.
func Save(ctx context.Context, data, to string, now func() time.Time) (b Backup, err error) {
	b.Began = now().UTC()
	if err := newFolder(to); err != nil {
		return b, fmt.Errorf("backup: %w", err)
	}
	if b.LastSeq, err = store.Backup(ctx, data, to); err != nil {
		return b, err
	}
	if b.Recordings, err = copySealed(ctx, data, to); err != nil {
		return b, fmt.Errorf("backup of recordings: %w", err)
	}
	raw, err := json.Marshal(b)
	if err == nil {
		err = os.WriteFile(filepath.Join(to, manifest), append(raw, '\n'), 0o600)
	}
	if err != nil {
		return b, fmt.Errorf("backup: %w", err)
	}
	return b, nil
}

// newFolder makes a folder, or takes an empty one.
func newFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s: %w", path, store.ErrNotEmpty)
	}
	return err
}

// copySealed copies the recordings that are under a key. One that goes
// meanwhile was erased.
func copySealed(ctx context.Context, from, to string) (n int, err error) {
	entries, err := os.ReadDir(filepath.Join(from, recordings))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Join(to, recordings), 0o700); err != nil {
		return 0, err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), sealed) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return n, err
		}
		err := copyFile(filepath.Join(from, recordings, e.Name()), filepath.Join(to, recordings, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close(), in.Close())
}

// ErrPartial says that a backup was not finished.
var ErrPartial = errors.New("the backup is not whole: it has no " + manifest)

// Load puts a backup into a data folder that has the keys and no tables yet.
// What is searched is built again, and people who were erased since the backup
// was made are erased in it too. The tables come last, so that one that was
// broken off can be repeated.
func Load(ctx context.Context, from, data string, master vault.Source) (b Backup, err error) {
	raw, err := os.ReadFile(filepath.Join(from, manifest))
	if err != nil {
		return b, fmt.Errorf("restore from %s: %w", from, ErrPartial)
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return b, fmt.Errorf("restore from %s: %s: %w", from, manifest, err)
	}
	if err := store.Restorable(ctx, from, data); err != nil {
		return b, fmt.Errorf("restore: %w", err)
	}
	if b.Recordings, err = copySealed(ctx, from, data); err != nil {
		return b, fmt.Errorf("restore recordings: %w", err)
	}
	next := filepath.Join(data, store.File+".restoring")
	err = copyFile(filepath.Join(from, store.File), next)
	if err == nil {
		err = os.Rename(next, filepath.Join(data, store.File))
	}
	if err != nil {
		return b, fmt.Errorf("restore the tables: %w", err)
	}
	return b, settle(ctx, data, master)
}

// settle opens the restored tables once, which finishes them, and destroys
// the recordings of people who were erased since.
func settle(ctx context.Context, data string, master vault.Source) error {
	s, err := store.Open(ctx, store.Options{Path: data, Master: master})
	if err != nil {
		return err
	}
	gone, err := s.ErasedCalls(ctx)
	for _, id := range gone {
		if e := recording.Discard(filepath.Join(data, Folder), id); !errors.Is(e, recording.ErrID) {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, s.Close())
}
