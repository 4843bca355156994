package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"

	"heed/internal/event"
)

const (
	// nudge is how often an index that still holds an old file is looked at.
	nudge = 50 * time.Millisecond
	// filler is an empty document. One segment alone is never merged: with
	// this there are two, and the index has something to persist, after which
	// it drops old files.
	filler = "filler"
)

// Forget deletes calls and utterances from the index once it has read the log up to a
// sequence number, and returns when no file of it holds them any more: deleted
// words stay in a segment until it is merged away, so all segments are merged.
// It may take minutes on a large index; searching goes on meanwhile.
func (x *Index) Forget(ctx context.Context, upTo int64, calls, utterances []string) error {
	if err := x.await(ctx, func() (bool, error) { return x.cursor.Load() >= upTo, nil }); err != nil {
		return fmt.Errorf("forget utterances: the search index is behind the log: %w", err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return errClosed
	}
	batch := x.bleve.NewBatch()
	for _, id := range utterances {
		batch.Delete(id)
	}
	for _, id := range calls {
		batch.Delete(callID(id))
	}
	if err := x.bleve.Batch(batch); err != nil {
		return fmt.Errorf("forget utterances: %w", err)
	}
	return x.purge(ctx)
}

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

// purge returns when every file that is there now was written anew, without
// what was deleted. x.mu is held for reading.
func (x *Index) purge(ctx context.Context) error {
	old, err := filepath.Glob(filepath.Join(x.dir, "store", "*.zap"))
	if err != nil || len(old) == 0 {
		return err
	}
	err = x.await(ctx, func() (bool, error) { return x.without(ctx, old) })
	if err != nil {
		return fmt.Errorf("search index: old files stay: %w", err)
	}
	if err := x.bleve.Delete(filler); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}

// merge writes all segments into one without what was deleted.
func (x *Index) merge(ctx context.Context) error {
	advanced, err := x.bleve.Advanced()
	if err != nil {
		return err
	}
	s, ok := advanced.(*scorch.Scorch)
	if !ok {
		return errors.New("the search index is of another kind")
	}
	return s.ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions)
}

// without says whether none of the files is there any more, and has the index
// merge what is there.
func (x *Index) without(ctx context.Context, files []string) (bool, error) {
	for _, f := range files {
		if _, err := os.Stat(f); err != nil {
			continue
		}
		if err := x.bleve.Index(filler, map[string]any{}); err != nil {
			return false, err
		}
		return false, x.merge(ctx)
	}
	return true, nil
}

// await asks until something holds or ctx ends.
func (x *Index) await(ctx context.Context, holds func() (bool, error)) error {
	tick := time.NewTicker(nudge)
	defer tick.Stop()
	for {
		if ok, err := holds(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
