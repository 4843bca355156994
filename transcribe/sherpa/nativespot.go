//go:build linux && (amd64 || arm64)

package sherpa

import (
	"errors"
	"runtime"
	"unsafe"
)

// noKeywords is a spotter's own list of phrases, which must not be empty and
// goes to each of its streams: one phrase of no pieces, which nothing matches.
const noKeywords = " "

// openSpotter loads the model once more, for spotting.
func openSpotter(lib *library, m modelFiles, t Tuning) (uintptr, error) {
	config := &keywordSpotterConfig{
		sampleRate: modelRate, featureDim: 80, model: modelConfig(m),
		maxActivePaths: spotterPaths, trailingBlanks: 1,
		score: spotterBonus, threshold: float32(t.Spotting),
		keywords: cstring(noKeywords), keywordsSize: int32(len(noKeywords)),
	}
	handle := lib.spotter.create(config)
	runtime.KeepAlive(config)
	if handle == 0 {
		return 0, errors.New("the runtime refused the spotter's configuration")
	}
	return handle, nil
}

func (r *nativeRecognizer) spot(h hints) (spotting, error) {
	if r.words == nil {
		return nil, nil
	}
	keywords := r.words.keywords(h.Spot)
	if keywords == "" {
		return nil, nil
	}
	spotter, err := r.spotter()
	if err != nil {
		return nil, err
	}
	text := cstring(keywords)
	stream := r.lib.spotter.createStream(spotter, text)
	runtime.KeepAlive(text)
	if stream == 0 {
		return nil, errors.New("the runtime gave no stream for spotting")
	}
	return &nativeSpotting{lib: r.lib, spotter: spotter, handle: stream, phrases: h.Spot}, nil
}

// nativeSpotting is one party's place in the spotter.
type nativeSpotting struct {
	lib     *library
	spotter uintptr
	handle  uintptr
	phrases []string
}

func (s *nativeSpotting) accept(samples []float32) {
	if len(samples) > 0 {
		s.lib.accept(s.handle, modelRate, unsafe.SliceData(samples), int32(len(samples)))
		runtime.KeepAlive(samples)
	}
}

func (s *nativeSpotting) step() bool {
	if s.lib.spotter.ready(s.spotter, s.handle) == 0 {
		return false
	}
	s.lib.spotter.decode(s.spotter, s.handle)
	return true
}

// spotted does not reset the stream, which would make the encoder forget what
// it heard: the runtime gives each result once.
func (s *nativeSpotting) spotted() (sighting, bool, error) {
	text := s.lib.spotter.resultJSON(s.spotter, s.handle)
	if text == nil {
		return sighting{}, false, errors.New("the spotter gave no result")
	}
	defer s.lib.spotter.freeJSON(text)
	return parseSighting(ctext(text), s.phrases)
}

func (s *nativeSpotting) close() { s.lib.destroyStream(s.handle) }
