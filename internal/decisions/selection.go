package decisions

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/themes"
)

// Selection says for whom to decide: some by id, those who called about a
// theme, or all, or all with a trait.
type Selection struct {
	Customers []string
	Theme     string
	Since     time.Time // of the theme: when it was said
	Trait     string
	Value     any // of the trait: a text, a number, true or false
	After     string

	called []string // about the theme, sorted
}

// choose looks up who called about the theme of a selection, if it has one.
func (s *Service) choose(ctx context.Context, sel *Selection) (err error) {
	if sel.Theme == "" {
		return nil
	}
	if s.calls == nil {
		return fmt.Errorf("%w: no themes are counted here", brain.ErrInvalid)
	}
	sel.called, err = s.calls.Callers(ctx, sel.Theme, sel.Since)
	switch {
	case errors.Is(err, themes.ErrReading):
		return fmt.Errorf("%w: %w", ErrNotYet, err)
	case errors.Is(err, themes.ErrUncounted), errors.Is(err, themes.ErrTooMany):
		return fmt.Errorf("%w: %w", brain.ErrInvalid, err)
	}
	return err
}

// next gives the people of the next page, and the mark after it.
func (r *run) next(ctx context.Context) (ids []string, next string, err error) {
	switch {
	case r.Customers != nil:
		return r.listed()
	case r.Theme != "":
		return r.callers(ctx)
	}
	people, next, err := r.store.Profiles(ctx, "", r.After, page)
	if err != nil {
		return nil, "", err
	}
	for i := range people {
		p := &people[i]
		if !r.holds(p, r.brain.Now()) {
			continue
		}
		first, err := r.first(ctx, p.ID, func(string) bool { return true })
		if err != nil {
			return nil, "", err
		}
		if first {
			ids = append(ids, p.ID)
		}
	}
	return ids, next, nil
}

// first says whether a person is the first of those who are one with them and
// are meant: who are one are written to once.
func (r *run) first(ctx context.Context, id string, meant func(id string) bool) (bool, error) {
	members, err := r.store.Members(ctx, id)
	if err != nil {
		return false, err
	}
	at := slices.IndexFunc(members, meant)
	return at < 0 || members[at] == id, nil
}

// listed is next for people named by id: the mark is how many were done.
func (r *run) listed() (ids []string, next string, err error) {
	from := 0
	if r.After != "" {
		if from, err = strconv.Atoi(r.After); err != nil || from < 0 || from > len(r.Customers) {
			return nil, "", fmt.Errorf("after %q: it must be of a line of progress: %w", r.After, brain.ErrInvalid)
		}
	}
	to := min(from+page, len(r.Customers))
	if to < len(r.Customers) {
		next = strconv.Itoa(to)
	}
	return slices.Clone(r.Customers[from:to]), next, nil
}

// callers is next for those who called about a theme: the mark is the last who
// was looked at, so that more may have called when it goes on.
func (r *run) callers(ctx context.Context) (ids []string, next string, err error) {
	from, found := slices.BinarySearch(r.called, r.After)
	if found {
		from++
	}
	to := min(from+page, len(r.called))
	meant := func(id string) bool {
		_, called := slices.BinarySearch(r.called, id)
		return called
	}
	for _, id := range r.called[from:to] {
		first, err := r.first(ctx, id, meant)
		if err != nil {
			return nil, "", err
		}
		if first {
			ids = append(ids, id)
		}
	}
	if to < len(r.called) {
		next = r.called[to-1]
	}
	return ids, next, nil
}

// holds says whether a person has the trait that is asked for, if one is.
func (s *Selection) holds(p *customer.Profile, now time.Time) bool {
	if s.Trait == "" {
		return true
	}
	t, ok := p.Trait(s.Trait, now)
	return ok && reflect.DeepEqual(t.Value, s.Value)
}
