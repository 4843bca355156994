package search

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/unicodenorm"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
)

// layout is the version of the mapping; an index of another one is rebuilt.
const layout = "1"

const analyzer = "spoken"

// newMapping says what of a document is indexed: nothing that is not named
// here, and no field that gathers the others.
func newMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	filter := map[string]any{"type": unicodenorm.Name, "form": unicodenorm.NFKC}
	if err := m.AddCustomTokenFilter("nfkc", filter); err != nil {
		return nil, fmt.Errorf("search mapping: %w", err)
	}
	err := m.AddCustomAnalyzer(analyzer, map[string]any{
		"type": custom.Name, "tokenizer": unicode.Name, "token_filters": []string{"nfkc", lowercase.Name},
	})
	if err != nil {
		return nil, fmt.Errorf("search mapping: %w", err)
	}
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeInAll, text.DocValues = analyzer, true, false, false
	text.IncludeTermVectors = true // phrases and highlighting

	key := bleve.NewKeywordFieldMapping()
	key.Store, key.IncludeInAll, key.IncludeTermVectors, key.DocValues = false, false, false, false

	at := bleve.NewDateTimeFieldMapping()
	at.Store, at.IncludeInAll, at.DocValues = false, false, false

	kept := bleve.NewTextFieldMapping()
	kept.Index, kept.Store, kept.IncludeInAll, kept.DocValues, kept.IncludeTermVectors = false, true, false, false, false

	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("text", text)
	for _, name := range []string{"speaker", "intent", "theme", "call"} {
		doc.AddFieldMappingsAt(name, key)
	}
	doc.AddFieldMappingsAt("at", at)
	doc.AddFieldMappingsAt("kept", kept)
	m.DefaultMapping = doc
	m.DefaultAnalyzer = analyzer
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("search mapping: %w", err)
	}
	return m, nil
}
