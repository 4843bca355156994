//go:build !(linux && (amd64 || arm64))

package sherpa

import (
	"fmt"
	"runtime"
	"time"
)

// openRecognizer refuses: upstream's libraries of the pinned version that are
// reachable through the Go module proxy are for Linux only.
func openRecognizer(string, modelFiles, Tuning) (recognizer, error) {
	return nil, fmt.Errorf("no speech runtime for %s/%s", runtime.GOOS, runtime.GOARCH)
}

// cpuTime is not measured where the runtime cannot run.
func cpuTime() time.Duration { return 0 }
