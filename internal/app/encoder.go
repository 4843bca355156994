package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"heed/insights/embed"
	"heed/insights/embed/onnx"
	"heed/internal/config"
	"heed/internal/model"
)

// onnxLibrary is ONNX Runtime's file, in the encoder's folder or the speech
// runtime's.
const onnxLibrary = "libonnxruntime.so"

// TextEncoder turns utterances into vectors, see embed.Encoder.
type TextEncoder interface {
	Dim() int
	Encode(dst []float32, text string)
	Version() string
}

// NewTextEncoder gives Heed's own encoder, or the one of the folder that the
// settings name. The latter takes some hundred megabytes and milliseconds a
// text; it stays open as long as the process lives.
func NewTextEncoder(c config.Config) (TextEncoder, error) {
	folder := c.Content.Encoder
	if folder == "" {
		e, err := embed.Default()
		if err != nil {
			return nil, fmt.Errorf("text encoder: %w", err)
		}
		return e, nil
	}
	library := filepath.Join(folder, onnxLibrary)
	if _, err := os.Stat(library); errors.Is(err, fs.ErrNotExist) {
		dir, err := model.FindRuntime(RuntimeDirs(c))
		if err != nil {
			return nil, fmt.Errorf("content-encoder %s: it has no %s, and: %w", folder, onnxLibrary, err)
		}
		library = filepath.Join(dir, onnxLibrary)
	}
	e, err := onnx.Open(folder, library)
	if err != nil {
		return nil, fmt.Errorf("content-encoder: %w", err)
	}
	return e, nil
}
