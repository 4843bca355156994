package themes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/store"
)

const (
	// page is how many turns of history are read at once.
	page = 2000
	// most is how many changes of membership share a write, about: live calls
	// wait for no longer than that takes.
	most = 250
)

// scan reads the next page of history for the themes that need it, and says
// whether there was any.
func (t *Themes) scan(ctx context.Context) (bool, error) {
	s, err := t.look(ctx)
	if err != nil {
		return false, err
	}
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return false, err
	}
	from, group := pending(rows, s)
	if len(group) == 0 {
		return false, nil
	}
	turns, err := t.store.Turns(ctx, from, page)
	if err != nil {
		return false, err
	}
	err = t.scanPage(ctx, s, turns, from, group)
	if errors.Is(err, errStale) {
		return true, nil // with the new themes, next time
	}
	if err == nil {
		t.announce()
	}
	return true, err
}

// pending gives the themes whose history is read the least, and up to where.
func pending(rows []store.Theme, s *snapshot) (from int64, group map[string]int64) {
	group = make(map[string]int64)
	for _, r := range rows {
		if r.Scanned >= r.Until || !s.counted[r.ID] {
			continue
		}
		if len(group) > 0 && r.Scanned < from {
			clear(group)
		}
		if len(group) == 0 {
			from = r.Scanned
		}
		if r.Scanned == from {
			group[r.ID] = r.Until
		}
	}
	return from, group
}

// scanPage reads turns for a group of themes and stores what it finds, with
// how far it came, in several writes.
func (t *Themes) scanPage(ctx context.Context, s *snapshot, turns []store.Turn, from int64, group map[string]int64) error {
	wanted := func(id string) bool { _, ok := group[id]; return ok }
	set := s.set.Only(wanted)
	var reads []store.ReadTurn
	changes := 0
	for i, turn := range turns {
		reads = append(reads, store.ReadTurn{N: turn.N, Rev: turn.Rev, Hits: read(set, turn)})
		if changes += len(reads[len(reads)-1].Hits); changes < most && i < len(turns)-1 {
			continue
		}
		if err := t.scanned(ctx, s, reads, from, group); err != nil {
			return err
		}
		from, changes, reads = turn.N, 0, nil
	}
	if len(turns) < page { // the end of history
		return t.scanned(ctx, s, nil, from, group)
	}
	return nil
}

// scanned stores a part of a page. No reads mean that history is at its end.
func (t *Themes) scanned(ctx context.Context, s *snapshot, reads []store.ReadTurn, from int64, group map[string]int64) error {
	return t.store.Write(ctx, func(tx *store.Tx) error {
		if err := s.fresh(tx); err != nil {
			return err
		}
		if err := tx.PutThemeHits(reads, func(id string) bool { _, ok := group[id]; return ok }); err != nil {
			return err
		}
		for id, to := range group {
			if len(reads) > 0 {
				to = reads[len(reads)-1].N
			}
			if err := tx.ThemeScanned(id, from, to); err != nil {
				return err
			}
		}
		return nil
	})
}

// announce tells those who wait that history was read.
func (t *Themes) announce() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.moved)
	t.moved = make(chan struct{})
}

// settled waits until a theme's history is read, but no longer than patience,
// and gives how much of it is, 0..1.
func (t *Themes) settled(ctx context.Context, id string, patience time.Duration) (float64, error) {
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		t.mu.Lock()
		moved := t.moved
		t.mu.Unlock()
		done, err := t.progress(ctx, id)
		if err != nil || done >= 1 {
			return done, err
		}
		select {
		case <-moved:
		case <-over.C:
			return done, nil
		case <-ctx.Done():
			return done, ctx.Err()
		}
	}
}

func (t *Themes) progress(ctx context.Context, id string) (float64, error) {
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if r.ID == id {
			return progressOf(r), nil
		}
	}
	return 0, fmt.Errorf("theme %s: %w", id, store.ErrNotFound)
}

// progressOf is how much of a theme's history is read, 0..1.
func progressOf(r store.Theme) float64 {
	if r.Scanned >= r.Until {
		return 1
	}
	return float64(r.Scanned) / float64(r.Until)
}
