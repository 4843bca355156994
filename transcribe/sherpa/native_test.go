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
	var k keywordSpotterConfig
	for what, o := range map[string][2]uintptr{
		"size":            {unsafe.Sizeof(c), 232},
		"model_config":    {unsafe.Offsetof(c.model), 8},
		"decoding_method": {unsafe.Offsetof(c.decodingMethod), 128},
		"enable_endpoint": {unsafe.Offsetof(c.endpoint), 140},
		"blank_penalty":   {unsafe.Offsetof(c.blankPenalty), 208},
		"hotwords_score":  {unsafe.Offsetof(c.hotwords) + unsafe.Offsetof(c.hotwords.score), 168},

		"model_config.size":          {unsafe.Sizeof(c.model), 120},
		"model_config.modeling_unit": {unsafe.Offsetof(c.model.modelingUnit), 88},
		"model_config.bpe_vocab":     {unsafe.Offsetof(c.model.pieces), 96},

		"spotter.size":                {unsafe.Sizeof(k), 168},
		"spotter.model_config":        {unsafe.Offsetof(k.model), 8},
		"spotter.max_active_paths":    {unsafe.Offsetof(k.maxActivePaths), 128},
		"spotter.num_trailing_blanks": {unsafe.Offsetof(k.trailingBlanks), 132},
		"spotter.keywords_score":      {unsafe.Offsetof(k.score), 136},
		"spotter.keywords_threshold":  {unsafe.Offsetof(k.threshold), 140},
		"spotter.keywords_buf":        {unsafe.Offsetof(k.keywords), 152},
		"spotter.keywords_buf_size":   {unsafe.Offsetof(k.keywordsSize), 160},
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
