//go:build !linux

package media

import (
	"errors"
	"os"
)

// inMemory makes a file that has no name, so that nothing of it is left when it
// is closed.
func inMemory() (*os.File, error) {
	f, err := os.CreateTemp("", "heed-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
