// Package examples puts examples of what the API takes and answers into its
// description: one file for each part of the API, by the operations' names.
//
// It checks nothing: a test of internal/app holds every example against its
// schema. An operation that is not served is passed over.
package examples

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed *.json
var files embed.FS

// example is what an operation takes and answers, by status.
type example struct {
	Request any            `json:"request"`
	Answers map[string]any `json:"answers"`
}

// Examples are those of operations, by name.
type Examples map[string]example

// Attach gives the operations of a description their examples. It comes after
// the last of them was registered.
func (known Examples) Attach(api *huma.OpenAPI) {
	for _, path := range api.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			attach(op, known[op.OperationID])
		}
	}
}

func attach(op *huma.Operation, e example) {
	if op.RequestBody != nil && e.Request != nil {
		for _, body := range op.RequestBody.Content {
			if body.Example == nil { // one of its own form has its own
				body.Example = e.Request
			}
		}
	}
	for status, answer := range e.Answers {
		if r := op.Responses[status]; r != nil {
			for _, body := range r.Content {
				body.Example = answer
			}
		}
	}
}

// Read reads all files; each operation is in one of them.
func Read() (Examples, error) {
	out := make(Examples)
	list, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("examples: %w", err)
	}
	for _, f := range list {
		raw, err := files.ReadFile(f.Name())
		if err != nil {
			return nil, fmt.Errorf("examples: %w", err)
		}
		var part map[string]example
		if err := json.Unmarshal(raw, &part); err != nil {
			return nil, fmt.Errorf("examples: %s: %w", f.Name(), err)
		}
		for name, e := range part {
			if _, twice := out[name]; twice {
				return nil, fmt.Errorf("examples: %s: %s is there twice", f.Name(), name)
			}
			out[name] = e
		}
	}
	return out, nil
}
