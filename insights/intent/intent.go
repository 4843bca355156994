// Package intent says what the speaker wants, learned from labelled examples.
package intent

import (
	"io"
	"io/fs"

	"heed/insights"
)

// Set is the labelled examples that a [Model] learns from.
type Set struct {
	Intents    []Example
	OutOfScope []string
}

// Example is one intent with its sentences.
type Example struct {
	Name     string
	About    string
	Act      bool
	Examples []string
}

// Prediction is the answer for one text. An empty Name is "none".
type Prediction struct {
	Name        string
	Probability float64
	Evidence    []insights.Span
}

// Model is a trained classifier, safe for concurrent use.
type Model struct{}

// Load reads one YAML set, strictly.
func Load(r io.Reader) (Set, error) { return Set{}, nil }

// LoadFS reads every *.yaml file of a folder into one set.
func LoadFS(fsys fs.FS) (Set, error) { return Set{}, nil }

// Train learns a model; the same set always gives the same model.
func Train(s Set) (*Model, error) { return &Model{}, nil }

// Classify names the intent of a text.
func (m *Model) Classify(text string) Prediction { return Prediction{} }

// Analyze raises the customer's intent.
func (m *Model) Analyze(u *insights.Utterance, call *insights.Call) []insights.Insight { return nil }
