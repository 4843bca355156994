package search

import (
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/unicodenorm"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
)

// layout is the version of the mapping; an index of another one is rebuilt.
const layout = "7"

// analyzer cuts words as they are said; those of stems are named after their
// field. No word is left out, so that "to" is found too.
const analyzer = "spoken"

// newMapping says what of a document is indexed: nothing that is not named
// here, and no field that gathers the others.
func newMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	filter := map[string]any{"type": unicodenorm.Name, "form": unicodenorm.NFKC}
	if err := m.AddCustomTokenFilter("nfkc", filter); err != nil {
		return nil, fmt.Errorf("search mapping: %w", err)
	}
	analyzers := map[string][]string{analyzer: nil}
	for language, filters := range stemmers {
		analyzers[stemField+language] = filters
	}
	for name, filters := range analyzers {
		err := m.AddCustomAnalyzer(name, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name, "token_filters": slices.Concat([]string{"nfkc", lowercase.Name}, filters),
		})
		if err != nil {
			return nil, fmt.Errorf("search mapping: %w", err)
		}
	}
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeInAll, text.DocValues = analyzer, true, false, false
	text.IncludeTermVectors = true // phrases and highlighting

	worded := bleve.NewTextFieldMapping() // of calls
	worded.Analyzer, worded.Store, worded.IncludeInAll, worded.DocValues, worded.IncludeTermVectors = analyzer, false, false, false, true

	key := bleve.NewKeywordFieldMapping()
	key.Store, key.IncludeInAll, key.IncludeTermVectors, key.DocValues = false, false, false, false

	read := bleve.NewKeywordFieldMapping() // of each utterance found: by then, by facets
	read.Store, read.IncludeInAll, read.IncludeTermVectors, read.DocValues = false, false, false, true

	figure := bleve.NewNumericFieldMapping()
	figure.Store, figure.IncludeInAll, figure.DocValues = false, false, false

	sorted := bleve.NewNumericFieldMapping()
	sorted.Store, sorted.IncludeInAll, sorted.DocValues = false, false, true

	at := bleve.NewDateTimeFieldMapping()
	at.Store, at.IncludeInAll, at.DocValues = false, false, false

	kept := bleve.NewTextFieldMapping()
	kept.Index, kept.Store, kept.IncludeInAll, kept.DocValues, kept.IncludeTermVectors = false, true, false, false, false

	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("text", text)
	addStems(doc)
	for _, name := range []string{"kind", "agent", "direction", "platform", "customer", "outcome", "action", "entity", "first", "medium", "has"} {
		doc.AddFieldMappingsAt(name, key)
	}
	for _, name := range slices.Concat([]string{"call", "whole", "lies"}, countable, ofCallCountable) {
		doc.AddFieldMappingsAt(name, read)
	}
	doc.AddFieldMappingsAt(money, sorted)
	for _, name := range []string{"sentiment", "start", "duration", "silence", "hold"} {
		doc.AddFieldMappingsAt(name, figure)
	}
	for _, name := range []string{"keyword", "landing"} {
		doc.AddFieldMappingsAt(name, worded)
	}
	doc.AddFieldMappingsAt("at", at)
	doc.AddFieldMappingsAt("began", at)
	doc.AddFieldMappingsAt("kept", kept)
	m.DefaultMapping = doc
	m.DefaultAnalyzer = analyzer
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("search mapping: %w", err)
	}
	return m, nil
}

func addStems(doc *mapping.DocumentMapping) {
	for language := range stemmers { // the text itself is stored once
		stem := bleve.NewTextFieldMapping()
		stem.Analyzer, stem.Store, stem.IncludeInAll, stem.DocValues = stemField+language, false, false, false
		stem.IncludeTermVectors = true
		doc.AddFieldMappingsAt(stemField+language, stem)
	}
}
