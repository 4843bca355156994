package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

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
	if err := await(ctx, func() (bool, error) { return x.cursor.Load() >= upTo, nil }); err != nil {
		return fmt.Errorf("forget utterances: the search index is behind the log: %w", err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.months == nil {
		return errClosed
	}
	var touched []month
	for _, call := range calls {
		touched = append(touched, x.months.within(call)...)
	}
	ids := slices.Clone(utterances)
	for _, c := range calls {
		ids = append(ids, callID(c))
	}
	for _, m := range x.months.names() {
		v := x.months.get(m)
		batch := v.NewBatch()
		for _, id := range ids {
			doc, err := v.Document(id)
			if err != nil {
				return fmt.Errorf("forget utterances: %w", err)
			}
			if doc != nil {
				batch.Delete(id)
			}
		}
		if batch.Size() == 0 {
			continue
		}
		touched = append(touched, m)
		if err := v.Batch(batch); err != nil {
			return fmt.Errorf("forget utterances: %w", err)
		}
	}
	return x.purge(ctx, touched)
}

// within gives the months in which things of a call can be: one, unless its
// id does not tell.
func (v *months) within(call string) []month {
	m, ok := monthIn(call)
	switch {
	case !ok:
		return v.names()
	case v.get(m) == nil:
		return nil
	}
	return []month{m}
}

// forget takes the utterances of a call out of the index.
func forget(b *batches, e event.Event) error {
	var f event.Forgotten
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return fmt.Errorf("search index: event %d: %w", e.Seq, err)
	}
	for _, m := range b.months.within(e.Call) {
		batch, _, err := b.in(m)
		if err != nil {
			return err
		}
		for _, id := range f.Utterances {
			batch.Delete(id)
		}
	}
	return nil
}

// purge returns when every file of the months that is there now was written
// anew, without what was deleted. x.mu is held for reading.
func (x *Index) purge(ctx context.Context, of []month) error {
	slices.Sort(of)
	for _, m := range slices.Compact(of) {
		if err := x.months.get(m).purge(ctx); err != nil {
			return fmt.Errorf("search index: month %s: %w", m, err)
		}
	}
	return nil
}

func (v *volume) purge(ctx context.Context) error {
	old, err := filepath.Glob(filepath.Join(v.dir, "store", "*.zap"))
	if err != nil || len(old) == 0 {
		return err
	}
	if err := await(ctx, func() (bool, error) { return v.without(ctx, old) }); err != nil {
		return fmt.Errorf("old files stay: %w", err)
	}
	return v.Delete(filler)
}

// merge writes all segments into one without what was deleted.
func (v *volume) merge(ctx context.Context) error {
	advanced, err := v.Advanced()
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
func (v *volume) without(ctx context.Context, files []string) (bool, error) {
	for _, f := range files {
		if _, err := os.Stat(f); err != nil {
			continue
		}
		if err := v.Index.Index(filler, map[string]any{}); err != nil {
			return false, err
		}
		return false, v.merge(ctx)
	}
	return true, nil
}

// await asks until something holds or ctx ends.
func await(ctx context.Context, holds func() (bool, error)) error {
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
