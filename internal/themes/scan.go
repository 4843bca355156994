package themes

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"heed/internal/store"
	"heed/internal/themes/match"
)

const (
	// page is how many turns of history are read at once.
	page = 2000
	// ahead is how many pages are read and matched while one is stored, at most.
	ahead = 2
	// most is how many changes of membership share a write, about: live calls
	// wait for no longer than that takes, some 10 ms.
	most = 1000
	// stretch is how many pages are read before it is looked again which themes
	// need it.
	stretch = 50
)

// scan reads the next pages of history for the themes that need it, at most so
// many, and says whether there was any.
func (t *Themes) scan(ctx context.Context, pages int64) (bool, error) {
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
	end := min(slices.Max(slices.Collect(maps.Values(group))), from+pages*page)
	err = t.readAhead(ctx, s, reading{from: from, to: end, group: group})
	if errors.Is(err, errStale) {
		return true, nil // with the new themes, next time
	}
	return true, err
}

// reading is a stretch of history that is read for themes: the turns behind
// from up to to.
type reading struct {
	from, to int64
	group    map[string]int64 // up to where history is to be read, by theme
}

// readPage is a page that was read and matched.
type readPage struct {
	to    int64
	reads []store.ReadTurn
	err   error
}

// readAhead stores what is found in pages, in their order, while the next ones
// are read: reading and matching take as long as storing.
func (t *Themes) readAhead(ctx context.Context, s *snapshot, r reading) error {
	ctx, stop := context.WithCancel(ctx)
	set := s.set.Only(func(id string) bool { _, ok := r.group[id]; return ok })
	queue := make(chan chan readPage, ahead-1)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	wg.Go(func() {
		defer close(queue)
		for from := r.from; from < r.to; from += page {
			out := make(chan readPage, 1)
			select {
			case <-ctx.Done():
				return
			case queue <- out:
			}
			wg.Go(func() { standBack(); out <- t.readPage(ctx, set, from, min(from+page, r.to)) })
		}
	})
	for out := range queue {
		p := <-out
		if p.err != nil {
			return p.err
		}
		if err := t.keep(ctx, s, p, r); err != nil {
			return err
		}
		r.from = p.to
		t.announce()
	}
	return ctx.Err()
}

func (t *Themes) readPage(ctx context.Context, set *match.Set, from, to int64) readPage {
	turns, err := t.store.TurnsBetween(ctx, from, to)
	p := readPage{to: to, reads: make([]store.ReadTurn, len(turns)), err: err}
	for i, turn := range turns {
		p.reads[i] = store.ReadTurn{N: turn.N, Rev: turn.Rev, Hits: read(set, turn)}
	}
	return p
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

// keep stores what was found in a page, with how far it came, in several writes.
func (t *Themes) keep(ctx context.Context, s *snapshot, p readPage, r reading) error {
	changes, first := 0, 0
	for i, read := range p.reads {
		if changes += len(read.Hits); changes < most || i == len(p.reads)-1 {
			continue
		}
		if err := t.scanned(ctx, s, p.reads[first:i+1], r.upTo(read.N)); err != nil {
			return err
		}
		r.from, changes, first = read.N, 0, i+1
	}
	return t.scanned(ctx, s, p.reads[first:], r.upTo(p.to))
}

// upTo is the part of a stretch that ends earlier.
func (r reading) upTo(to int64) reading { r.to = to; return r }

// scanned stores what was found in a part of history.
func (t *Themes) scanned(ctx context.Context, s *snapshot, reads []store.ReadTurn, r reading) error {
	return t.store.Write(ctx, func(tx *store.Tx) error {
		if err := s.fresh(tx); err != nil {
			return err
		}
		if err := tx.PutThemeHits(reads, func(id string) bool { _, ok := r.group[id]; return ok }); err != nil {
			return err
		}
		for id := range r.group {
			if err := tx.ThemeScanned(id, r.from, r.to); err != nil {
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
