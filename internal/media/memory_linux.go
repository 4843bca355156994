package media

import (
	"os"

	"golang.org/x/sys/unix"
)

// inMemory makes a file that is nowhere on a disk.
func inMemory() (*os.File, error) {
	fd, err := unix.MemfdCreate("recording", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "recording"), nil //nolint:gosec // a descriptor is not negative
}
