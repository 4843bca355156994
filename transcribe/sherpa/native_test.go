//go:build linux && (amd64 || arm64)

package sherpa

import (
	"testing"
	"unsafe"
)

// TestLayout: the numbers are what gcc makes of c-api.h of the pinned version
// (sizeof and offsetof), the same on both architectures.
func TestLayout(t *testing.T) {
	var c onlineRecognizerConfig
	for what, o := range map[string][2]uintptr{
		"size":            {unsafe.Sizeof(c), 232},
		"model_config":    {unsafe.Offsetof(c.model), 8},
		"decoding_method": {unsafe.Offsetof(c.decodingMethod), 128},
		"enable_endpoint": {unsafe.Offsetof(c.endpoint), 140},
		"blank_penalty":   {unsafe.Offsetof(c.blankPenalty), 208},
	} {
		if o[0] != o[1] {
			t.Errorf("%s: %d, in C %d", what, o[0], o[1])
		}
	}
}

func TestText(t *testing.T) {
	if cstring("") != nil {
		t.Error("no text is not nil")
	}
	if b := unsafe.Slice(cstring("cpu"), 4); string(b) != "cpu\x00" {
		t.Errorf("text is %q", b)
	}
}
