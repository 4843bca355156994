// Package embed is Heed's own small text encoder: it turns an utterance into a
// vector such that utterances that mean much the same lie close together. Each
// word, pair of words and run of letters has a vector; a text is the sum of the
// vectors of its pieces, at length one. MODEL.md beside this file says what it
// was trained on and what it is good for; "make train" makes it again.
//
// Beside the encoder the package holds what is done with vectors: an exact
// search for the nearest of many ([Vectors]) and the joining of rankings
// ([Fuse]).
//
// It knows English. Of another language it knows little, and says so by a
// vector of zeros when it knows nothing; use it beside words, never alone.
package embed

import (
	_ "embed" // the artefact
	"sync"
)

//go:embed encoder.bin
var artefact string

// loaded reads the committed artefact at the first call only.
var loaded = sync.OnceValues(func() (*Encoder, error) { return Parse(artefact) })

// Default gives the encoder that comes with Heed. All callers share one.
func Default() (*Encoder, error) { return loaded() }
