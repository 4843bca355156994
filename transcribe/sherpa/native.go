//go:build linux && (amd64 || arm64)

package sherpa

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
)

// maxResult bounds the text that is read from the runtime in one go.
const maxResult = 1 << 20

// The structs below are those of c-api.h in sherpa-onnx 1.10.46, which is why
// only libraries with that version's checksums are opened. Text is zero-ended;
// blank fields are settings that stay unset.
type onlineModelConfig struct {
	encoder, decoder, joiner *byte
	_, _                     *byte // paraformer: encoder, decoder
	_                        *byte // zipformer2 CTC: model
	tokens                   *byte
	numThreads               int32
	provider                 *byte
	_                        int32 // debug
	_                        *byte // model type
	modelingUnit             *byte
	pieces                   *byte // path of the BPE vocabulary
	_                        *byte // tokens as a buffer
	_                        int32 // and its size
}

type endpointConfig struct {
	enable              int32
	rule1, rule2, rule3 float32
}

type hotwordsConfig struct {
	_     *byte // file
	score float32
}

// fstConfig is unset.
type fstConfig struct {
	_ *byte // graph
	_ int32 // most active states
}

type onlineRecognizerConfig struct {
	sampleRate, featureDim int32
	model                  onlineModelConfig
	decodingMethod         *byte
	maxActivePaths         int32
	endpoint               endpointConfig
	hotwords               hotwordsConfig
	_                      fstConfig
	_, _                   *byte // text rules: FSTs, FARs
	blankPenalty           float32
	_                      *byte // hotwords as a buffer
	_                      int32 // and its size
}

type keywordSpotterConfig struct {
	sampleRate, featureDim int32
	model                  onlineModelConfig
	maxActivePaths         int32
	trailingBlanks         int32
	score, threshold       float32
	_                      *byte // keywords in a file
	keywords               *byte
	keywordsSize           int32
}

// library is the part of the C API that is used.
type library struct {
	createRecognizer  func(*onlineRecognizerConfig) uintptr
	destroyRecognizer func(uintptr)
	createStream      func(uintptr) uintptr
	destroyStream     func(uintptr)
	accept            func(stream uintptr, rate int32, samples *float32, n int32)
	ready             func(recognizer, stream uintptr) int32
	decode            func(recognizer, stream uintptr)
	resultJSON        func(recognizer, stream uintptr) unsafe.Pointer
	freeJSON          func(unsafe.Pointer)
	reset             func(recognizer, stream uintptr)
	finished          func(stream uintptr)
	endpoint          func(recognizer, stream uintptr) int32

	createStreamWith func(recognizer uintptr, hotwords *byte) uintptr
	spotter          spotterLibrary
}

// spotterLibrary is the part for spotting. Its streams are fed and destroyed
// as others are.
type spotterLibrary struct {
	create       func(*keywordSpotterConfig) uintptr
	destroy      func(uintptr)
	createStream func(spotter uintptr, keywords *byte) uintptr
	ready        func(spotter, stream uintptr) int32
	decode       func(spotter, stream uintptr)
	resultJSON   func(spotter, stream uintptr) unsafe.Pointer
	freeJSON     func(unsafe.Pointer)
}

// openLibrary loads the runtime from dir, whose files were checked before.
// It stays loaded for the life of the process.
func openLibrary(dir string) (*library, error) {
	// The C API names ONNX Runtime as its neighbour; loading that first by its
	// full path keeps another copy on the library path from being taken.
	if _, err := purego.Dlopen(filepath.Join(dir, onnxLibrary), purego.RTLD_NOW|purego.RTLD_GLOBAL); err != nil {
		return nil, fmt.Errorf("load %s: %w", onnxLibrary, err)
	}
	handle, err := purego.Dlopen(filepath.Join(dir, apiLibrary), purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", apiLibrary, err)
	}
	lib := new(library)
	for name, fn := range lib.functions() {
		symbol, err := purego.Dlsym(handle, "SherpaOnnx"+name)
		if err != nil {
			return nil, fmt.Errorf("find SherpaOnnx%s in %s: %w", name, apiLibrary, err)
		}
		purego.RegisterFunc(fn, symbol)
	}
	return lib, nil
}

// functions are the C API's names without their prefix.
func (lib *library) functions() map[string]any {
	return map[string]any{
		"CreateOnlineRecognizer":        &lib.createRecognizer,
		"DestroyOnlineRecognizer":       &lib.destroyRecognizer,
		"CreateOnlineStream":            &lib.createStream,
		"DestroyOnlineStream":           &lib.destroyStream,
		"OnlineStreamAcceptWaveform":    &lib.accept,
		"IsOnlineStreamReady":           &lib.ready,
		"DecodeOnlineStream":            &lib.decode,
		"GetOnlineStreamResultAsJson":   &lib.resultJSON,
		"DestroyOnlineStreamResultJson": &lib.freeJSON,
		"OnlineStreamReset":             &lib.reset,
		"OnlineStreamInputFinished":     &lib.finished,
		"OnlineStreamIsEndpoint":        &lib.endpoint,

		"CreateOnlineStreamWithHotwords":  &lib.createStreamWith,
		"CreateKeywordSpotter":            &lib.spotter.create,
		"DestroyKeywordSpotter":           &lib.spotter.destroy,
		"CreateKeywordStreamWithKeywords": &lib.spotter.createStream,
		"IsKeywordStreamReady":            &lib.spotter.ready,
		"DecodeKeywordStream":             &lib.spotter.decode,
		"GetKeywordResultAsJson":          &lib.spotter.resultJSON,
		"FreeKeywordResultJson":           &lib.spotter.freeJSON,
	}
}

// nativeRecognizer is a loaded model.
type nativeRecognizer struct {
	lib     *library
	handle  uintptr
	words   *vocabulary // nil: hints cannot be taken
	boosts  bool        // there is a beam for hotwords to change
	spotter func() (uintptr, error)
	loaded  atomic.Uintptr // the spotter, once somebody has hints to spot
}

// openRecognizer loads the runtime and the model. A model that the runtime
// cannot use may end the process instead of giving an error.
func openRecognizer(runtimeDir string, m modelFiles, t Tuning) (recognizer, error) {
	lib, err := openLibrary(runtimeDir)
	if err != nil {
		return nil, err
	}
	words, err := readVocabulary(m.Pieces, m.Tokens)
	if err != nil {
		return nil, err
	}
	config := &onlineRecognizerConfig{
		sampleRate:     modelRate,
		featureDim:     80,
		model:          modelConfig(m),
		decodingMethod: cstring("modified_beam_search"),
		maxActivePaths: int32(t.Paths),
		endpoint: endpointConfig{
			// Time without words (rule 1) starts afresh, or it would count
			// as part of the stretch that Longest cuts.
			enable: 1, rule1: float32(3*t.Endpoint.Seconds() + t.Hurry.Seconds()),
			rule2: float32(t.Endpoint.Seconds() + t.Hurry.Seconds()), rule3: float32(t.Longest.Seconds()),
		},
		blankPenalty: float32(t.BlankPenalty),
		hotwords:     hotwordsConfig{score: float32(t.Boost)},
	}
	r := &nativeRecognizer{lib: lib, words: words, boosts: words != nil && t.Paths > 1 && t.Boost > 0}
	if t.Paths <= 1 {
		config.decodingMethod = cstring("greedy_search")
	}
	if r.boosts {
		path, err := words.save()
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.Remove(path) }() // it was read by then
		config.model.modelingUnit, config.model.pieces = cstring("bpe"), cstring(path)
	}
	r.handle = lib.createRecognizer(config)
	runtime.KeepAlive(config)
	if r.handle == 0 {
		return nil, errors.New("the runtime refused the model's configuration")
	}
	r.spotter = sync.OnceValues(func() (uintptr, error) {
		spotter, err := openSpotter(lib, m, t)
		r.loaded.Store(spotter)
		return spotter, err
	})
	return r, nil
}

func modelConfig(m modelFiles) onlineModelConfig {
	return onlineModelConfig{
		encoder: cstring(m.Encoder), decoder: cstring(m.Decoder), joiner: cstring(m.Joiner),
		tokens: cstring(m.Tokens), numThreads: 1, provider: cstring("cpu"),
	}
}

func (r *nativeRecognizer) open(h hints) (hearing, error) {
	var stream uintptr
	hotwords := ""
	if r.boosts {
		hotwords = r.words.hotwords(h.Boost, h.Bonus)
	}
	if hotwords == "" {
		stream = r.lib.createStream(r.handle)
	} else {
		text := cstring(hotwords)
		stream = r.lib.createStreamWith(r.handle, text)
		runtime.KeepAlive(text)
	}
	if stream == 0 {
		return nil, errors.New("the runtime gave no stream")
	}
	return &nativeStream{lib: r.lib, recognizer: r.handle, handle: stream}, nil
}

func (r *nativeRecognizer) close() {
	if spotter := r.loaded.Load(); spotter != 0 {
		r.lib.spotter.destroy(spotter)
	}
	r.lib.destroyRecognizer(r.handle)
}

// nativeStream is one party's place in the runtime.
type nativeStream struct {
	lib        *library
	recognizer uintptr
	handle     uintptr
}

func (s *nativeStream) accept(samples []float32) {
	if len(samples) > 0 {
		s.lib.accept(s.handle, modelRate, unsafe.SliceData(samples), int32(len(samples)))
		runtime.KeepAlive(samples)
	}
}

func (s *nativeStream) step() bool {
	if s.lib.ready(s.recognizer, s.handle) == 0 {
		return false
	}
	s.lib.decode(s.recognizer, s.handle)
	return true
}

func (s *nativeStream) result() (hypothesis, error) {
	text := s.lib.resultJSON(s.recognizer, s.handle)
	if text == nil {
		return hypothesis{}, errors.New("the runtime gave no result")
	}
	defer s.lib.freeJSON(text)
	h, err := parseHypothesis(ctext(text))
	h.endpoint = s.lib.endpoint(s.recognizer, s.handle) != 0
	return h, err
}

func (s *nativeStream) reset() { s.lib.reset(s.recognizer, s.handle) }

func (s *nativeStream) close() { s.lib.destroyStream(s.handle) }

// ctext is the zero-ended text at p, without a copy.
func ctext(p unsafe.Pointer) []byte {
	n := 0
	for n < maxResult && *(*byte)(unsafe.Add(p, n)) != 0 {
		n++
	}
	return unsafe.Slice((*byte)(p), n)
}

// cstring gives nil for no text, which the C API takes for "not set".
func cstring(s string) *byte {
	if s == "" {
		return nil
	}
	return unsafe.SliceData(append([]byte(s), 0))
}

// cpuTime is what this process has used so far, in user and kernel mode.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
