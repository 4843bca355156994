package bulk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"heed/internal/intake"
)

// ErrSource is a folder or a CSV that cannot be imported at all.
var ErrSource = errors.New("nothing can be imported from this")

// Item is a recording that is to be imported.
type Item struct {
	File string // path
	Name string // as the source has it
	Line int    // of the CSV; 0 in a folder
	intake.Submission
}

// Source is where recordings are found.
type Source struct {
	// Total is how many there are.
	Total int
	// Unknown are the columns of a CSV that mean nothing here, and Passed the
	// files of a folder that are no recordings by their names.
	Unknown []string
	Passed  int

	items func() iter.Seq2[Item, error]
}

// Items gives the recordings in order. An error is about its item alone.
func (s *Source) Items() iter.Seq2[Item, error] { return s.items() }

// Open looks at a folder, or at a CSV whose times without a zone are in this
// one. The error is ErrSource.
func Open(path string, zone *time.Location) (*Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSource, err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	return openSheet(path, zone)
}

// endings are those of files that may be recordings. What they are is told by
// their bytes.
func endings() []string {
	return []string{".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".oga", ".opus", ".flac", ".aac"}
}

// openFolder finds the recordings below a folder. A call began, as far as one
// can tell, when its file was last written.
func openFolder(dir string) (*Source, error) {
	s := &Source{}
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		hidden := d != nil && strings.HasPrefix(d.Name(), ".") && path != dir
		switch {
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir():
		case hidden || !slices.Contains(endings(), strings.ToLower(filepath.Ext(path))):
			s.Passed++
		default:
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSource, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: %s holds no recordings", ErrSource, dir)
	}
	s.Total = len(files)
	s.items = func() iter.Seq2[Item, error] {
		return func(yield func(Item, error) bool) {
			for _, file := range files {
				i := Item{File: file, Name: file, Submission: intake.Submission{Bulk: true}}
				info, err := os.Stat(file)
				if err == nil {
					i.About.Started = info.ModTime().UTC()
				}
				if !yield(i, err) {
					return
				}
			}
		}
	}
	return s, nil
}

// open gives the bytes of an item, from their beginning.
func (i Item) open() (io.ReadSeekCloser, error) {
	f, err := os.Open(i.File)
	if err != nil {
		if e := (*fs.PathError)(nil); errors.As(err, &e) {
			err = e.Err // the report names the file
		}
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
