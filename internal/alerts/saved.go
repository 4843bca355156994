package alerts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"heed/insights/search"
	"heed/internal/event"
	"heed/internal/store"
)

// mostName bounds a name, in letters.
const mostName = 80

// Draft is what a search is saved as.
type Draft struct {
	Name, Query, Sort string
	Shared            bool
}

// Saved is a saved search as somebody sees it.
type Saved struct {
	store.SavedSearch

	Own bool
	// Problem says why it can be asked no more, when its query does not parse any
	// longer: a field may be gone.
	Problem string
	// Total is how many lines it finds now; nil when it was not counted.
	Total *int
}

// checked refuses a draft, with an *Invalid.
func (d Draft) checked(who Who) (Draft, error) {
	d.Name, d.Query = strings.Join(strings.Fields(d.Name), " "), strings.TrimSpace(d.Query)
	switch {
	case d.Name == "" || utf8.RuneCountInString(d.Name) > mostName || !utf8.ValidString(d.Name) || strings.ContainsFunc(d.Name, unprintable):
		return d, &Invalid{Field: "name", Want: fmt.Sprintf("expected a name of 1 to %d letters", mostName)}
	case d.Query == "":
		return d, &Invalid{Field: "query", Want: "expected a query"}
	case !slices.Contains([]string{"", "relevance", "newest", "oldest", "value"}, d.Sort):
		return d, &Invalid{Field: "sort", Want: "expected relevance, newest, oldest or value"}
	}
	if err := search.Check(d.Query); err != nil {
		return d, unparsed(err)
	}
	return d, who.asks(d.Query, "query")
}

// asks refuses a query that somebody may not ask.
func (w Who) asks(query, field string) error {
	if (search.Query{Text: query}).Marketing() && w.Role != Admin && w.Role != "marketer" {
		return &Invalid{Field: field, Want: search.NoOrigin}
	}
	return nil
}

func unprintable(r rune) bool { return r < ' ' || r == 0x7f }

// unparsed makes an *Invalid of what a query's parser says.
func unparsed(err error) error {
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		return &Invalid{Field: "query", Want: syntax.Error(), Value: syntax.Pos, Query: true}
	}
	return err
}

// Save keeps a search. *Invalid, ErrTooMany.
func (s *Service) Save(ctx context.Context, who Who, d Draft) (Saved, error) {
	d, err := d.checked(who)
	if err != nil {
		return Saved{}, err
	}
	now := s.o.Now().UTC().Truncate(time.Millisecond)
	saved := store.SavedSearch{ID: event.NewID(), Owner: who.ID, Shared: d.Shared, Created: now}
	saved.SavedAs = store.SavedAs{Name: d.Name, Query: d.Query, Sort: d.Sort, Changed: now}
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := room(tx, who); err != nil {
			return err
		}
		return tx.SaveSearch(saved)
	})
	return Saved{SavedSearch: saved, Own: true}, err
}

// room says whether somebody may keep another search.
func room(tx *store.Tx, who Who) error {
	n, err := tx.CountSavedSearches(who.ID)
	if err == nil && n >= MostSearches {
		err = ErrTooMany
	}
	return err
}

// Searches gives a page of what somebody sees, with how many lines each finds
// where that is wanted and quickly known.
func (s *Service) Searches(ctx context.Context, who Who, after string, limit int, counted bool) ([]Saved, string, error) {
	page, next, err := s.o.Store.SavedSearches(ctx, who.ID, after, limit)
	if err != nil {
		return nil, "", err
	}
	out := make([]Saved, len(page))
	for i, one := range page {
		out[i] = view(one, who)
	}
	if counted {
		s.total(ctx, out)
	}
	return out, next, nil
}

// total counts what searches find now, for as long as a person waits for a
// list.
func (s *Service) total(ctx context.Context, of []Saved) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for i := range of {
		if of[i].Problem != "" {
			continue
		}
		found, err := s.o.Search.Search(ctx, search.Query{Text: of[i].Query, Limit: 1, Order: search.Newest})
		if err != nil {
			return // a list without all of its numbers is still a list
		}
		of[i].Total = &found.Total
	}
}

func view(one store.SavedSearch, who Who) Saved {
	v := Saved{SavedSearch: one, Own: one.Owner == who.ID}
	if err := search.Check(one.Query); err != nil {
		v.Problem = err.Error()
	} else if who.asks(one.Query, "query") != nil {
		v.Problem = search.NoOrigin
	}
	return v
}

// Search gives a saved search that somebody may see, also one of their own
// that is deleted; [store.ErrNotFound] for another.
func (s *Service) Search(ctx context.Context, who Who, id string) (Saved, error) {
	one, err := s.o.Store.SavedSearch(ctx, id)
	if err == nil && !sees(who.ID, one) {
		err = fmt.Errorf("search %s: %w", id, store.ErrNotFound)
	}
	return view(one, who), err
}

// sees says whether a search is somebody's own, or shared and there.
func sees(who string, one store.SavedSearch) bool {
	return one.Owner == who || one.Shared && one.Deleted.IsZero()
}

// own gives a search that somebody may change: their own, or, to an
// administrator, one that is shared.
func (s *Service) own(ctx context.Context, who Who, id string) (Saved, error) {
	one, err := s.Search(ctx, who, id)
	if err == nil && !one.Own && who.Role != Admin {
		err = fmt.Errorf("search %s of somebody else: %w", id, ErrNotYours)
	}
	return one, err
}

// ErrNotYours is returned for what only its owner changes.
var ErrNotYours = errors.New("only who saved this changes it")

// Replace changes a search. *Invalid, [ErrNotYours].
func (s *Service) Replace(ctx context.Context, who Who, id string, d Draft) (Saved, error) {
	d, err := d.checked(who)
	if err != nil {
		return Saved{}, err
	}
	return s.edit(ctx, who, id, func(one *store.SavedSearch) {
		one.Name, one.Query, one.Sort, one.Shared = d.Name, d.Query, d.Sort, d.Shared
	})
}

// Delete takes a search away; what watches over it rests until it is restored.
func (s *Service) Delete(ctx context.Context, who Who, id string) error {
	_, err := s.edit(ctx, who, id, func(one *store.SavedSearch) {
		if one.Deleted.IsZero() {
			one.Deleted = s.o.Now()
		}
	})
	return err
}

// Restore brings back what was deleted in the last 30 days. ErrTooMany.
func (s *Service) Restore(ctx context.Context, who Who, id string) (Saved, error) {
	return s.edit(ctx, who, id, func(one *store.SavedSearch) { one.Deleted = time.Time{} })
}

func (s *Service) edit(ctx context.Context, who Who, id string, change func(*store.SavedSearch)) (Saved, error) {
	one, err := s.own(ctx, who, id)
	if err != nil {
		return Saved{}, err
	}
	was := one.SavedSearch
	change(&one.SavedSearch)
	one.Changed = s.o.Now().UTC().Truncate(time.Millisecond)
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if !was.Deleted.IsZero() && one.Deleted.IsZero() {
			if err := room(tx, Who{ID: one.Owner}); err != nil {
				return err
			}
		}
		return tx.SaveSearch(one.SavedSearch)
	})
	return view(one.SavedSearch, who), err
}
