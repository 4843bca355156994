//go:build !(linux && (amd64 || arm64))

package rtp

import (
	"fmt"
	"runtime"
)

// newLibDecoder refuses: the library is looked for on Linux only.
func newLibDecoder(int, int) (opusSource, error) {
	return nil, fmt.Errorf("libopus is not used on %s/%s", runtime.GOOS, runtime.GOARCH)
}
