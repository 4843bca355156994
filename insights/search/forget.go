package search

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"

	"heed/internal/event"
)

// forget takes the utterances of a call out of the index.
func forget(batch *bleve.Batch, e event.Event) error {
	var f event.Forgotten
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return fmt.Errorf("search index: event %d: %w", e.Seq, err)
	}
	for _, id := range f.Utterances {
		batch.Delete(id)
	}
	return nil
}

// merge writes the segments anew, so that what was deleted leaves the disk: a
// segment keeps a deleted document until it is merged.
func (x *Index) merge() error {
	raw, err := x.bleve.Advanced()
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	s, ok := raw.(*scorch.Scorch)
	if !ok {
		return fmt.Errorf("search index: a %T cannot be merged", raw)
	}
	if err := s.ForceMerge(context.Background(), &mergeplan.SingleSegmentMergePlanOptions); err != nil {
		return fmt.Errorf("search index: merge: %w", err)
	}
	return nil
}
