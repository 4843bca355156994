package onnx

import (
	"fmt"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// starting keeps two encoders from starting the runtime at once: the library
// that wraps it has one for the whole process.
var starting sync.Mutex

// start loads ONNX Runtime when it is not loaded yet. It is never unloaded:
// other encoders may use it.
func start(library string) error {
	starting.Lock()
	defer starting.Unlock()
	if ort.IsInitialized() {
		return nil
	}
	if _, err := os.Stat(library); err != nil {
		return fmt.Errorf("ONNX Runtime: %w", err)
	}
	ort.SetSharedLibraryPath(library)
	if err := ort.InitializeEnvironment(); err != nil {
		return fmt.Errorf("start ONNX Runtime %s: %w", library, err)
	}
	return nil
}
