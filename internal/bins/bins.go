// Package bins places the bounds between the bins of the model's numbers anew
// each night, by how the people are spread now (internal/decide does the
// arithmetic), so that as many of them fall into each.
//
// What was placed is an event of the log: a restart decides by the same bounds,
// and nothing is ever placed anew from people who have changed since. A decision
// names the version that it was made by and keeps the bins that the model was
// told, so what is learnt does not depend on when the bounds moved. It keeps
// nobody's numbers, and asks for none of those who refused to be profiled.
package bins

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// The hours of the night, from and until, in which it is done.
	from, until = 2, 5
	// lookEvery is how often the clock is looked at.
	lookEvery = 10 * time.Minute
	pageOf    = 200 // people at once
)

// Refreshed is the payload of [event.FeaturesRefreshed].
type Refreshed struct {
	List    string               `json:"list"`    // version of the list of features
	Version string               `json:"version"` // with these bounds, as decisions name it
	Bounds  map[string][]float64 `json:"bounds"`  // of every number
	People  int                  `json:"people"`  // who were looked at
}

// Options is what a keeper works with. All fields are required.
type Options struct {
	Store   *store.Store
	Decider *decide.Decider
	Zone    *time.Location // of the nights
	Now     func() time.Time
	Logger  *slog.Logger
}

// Keeper keeps the bounds. Only one goroutine may use it at a time.
type Keeper struct {
	o    Options
	list *decide.Features // as it is written down; nil: nothing is told
	last time.Time        // when the people were looked at last
}

// New makes a keeper of the list that is in force, and puts the bounds in force
// that were placed last for that list.
func New(ctx context.Context, o Options) (*Keeper, error) {
	k := &Keeper{o: o, list: o.Decider.Features()}
	if k.list == nil {
		return k, nil
	}
	var found *Refreshed
	for after := int64(0); ; {
		events, err := o.Store.Events(ctx, event.Query{After: after, Types: []event.Type{event.FeaturesRefreshed}, Limit: 500})
		if err != nil {
			return nil, fmt.Errorf("bins: %w", err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			var r Refreshed
			if err := json.Unmarshal(e.Data, &r); err != nil {
				return nil, fmt.Errorf("bins: event %d: %w", e.Seq, err)
			}
			if r.List == k.list.Version() {
				found, k.last = &r, e.Time
			}
			after = e.Seq
		}
	}
	if found == nil {
		return k, nil
	}
	f, err := k.list.WithBounds(found.Version, found.Bounds)
	if err != nil { // the list was changed and kept its version
		o.Logger.Warn("the bounds that were placed last do not fit the list of features; its own hold", "list", found.List, "error", err)
		return k, nil
	}
	o.Decider.SetFeatures(f)
	return k, nil
}

// Run places bounds each night until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !k.Due() {
			continue
		}
		if _, err := k.Refresh(ctx); err != nil && ctx.Err() == nil {
			k.o.Logger.Error("the bounds of the model's bins were not placed; it is tried again", "error", err)
		}
	}
}

// Due says whether it is night and nothing was done in it.
func (k *Keeper) Due() bool {
	now := k.o.Now().In(k.o.Zone)
	begins := time.Date(now.Year(), now.Month(), now.Day(), from, 0, 0, 0, k.o.Zone)
	return k.list != nil && !now.Before(begins) && now.Hour() < until && k.last.Before(begins)
}

// Refresh looks at everybody and places the bounds that are out of place. It
// takes as long as it takes to read all profiles, at half of one core, and
// returns once the new ones are committed and in force; changed says whether
// any were.
func (k *Keeper) Refresh(ctx context.Context) (changed bool, err error) {
	at := k.o.Now().UTC()
	now := k.o.Decider.Features()
	if now == nil {
		return false, nil
	}
	numbers, err := now.Gather()
	if err != nil {
		return false, err
	}
	people, err := k.gather(ctx, numbers, at)
	if err != nil {
		return false, fmt.Errorf("bins: %w", err)
	}
	moved := numbers.Bounds()
	if len(moved) == 0 {
		k.last = at
		return false, nil
	}
	version := fmt.Sprintf("%s@%s", k.list.Version(), at.Format("2006-01-02T15:04"))
	fresh, err := now.WithBounds(version, moved)
	if err != nil {
		return false, fmt.Errorf("bins: %w", err)
	}
	e, err := event.New(event.FeaturesRefreshed, at, event.About{}, Refreshed{
		List: k.list.Version(), Version: version, Bounds: fresh.Bounds(), People: people,
	})
	if err != nil {
		return false, fmt.Errorf("bins: %w", err)
	}
	if err := k.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.Append(e) }); err != nil {
		return false, fmt.Errorf("bins: %w", err)
	}
	k.o.Decider.SetFeatures(fresh)
	k.last = at
	k.o.Logger.Info("bounds of the model's bins placed anew", "version", version, "numbers", len(moved), "people", people)
	return true, nil
}

// gather reads everybody, each person once whoever they are one with.
func (k *Keeper) gather(ctx context.Context, into *decide.Numbers, at time.Time) (people int, err error) {
	for after := ""; ; {
		began := time.Now()
		page, next, err := k.o.Store.Profiles(ctx, "", after, pageOf)
		if err != nil {
			return people, err
		}
		for i := range page {
			p, err := brain.Read(ctx, k.o.Store, page[i].ID)
			if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
				continue // gone meanwhile
			}
			if err != nil {
				return people, err
			}
			if p.Members[0] != page[i].ID {
				continue
			}
			if err := into.Add(&p.Profile, p.Ledger, at); err != nil {
				return people, err
			}
			people++
		}
		if after = next; after == "" {
			return people, nil
		}
		select {
		case <-ctx.Done():
			return people, ctx.Err()
		case <-time.After(time.Since(began)): // as long as it worked
		}
	}
}
