package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"heed/internal/decide"
	"heed/internal/store"
)

// Line is an item of the catalogue as lists show it.
type Line struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	// State is that of what is in force: live or retired; empty before
	// anything of it was.
	State string `json:"state,omitempty"`
	// Version is the one in force; 0 is the files'.
	Version int64 `json:"version"`
	// Newest and NewestState tell of a draft or a reviewed version that waits.
	Newest      int64           `json:"newest"`
	NewestState string          `json:"newest_state,omitempty"`
	Doc         json.RawMessage `json:"doc"`
	Aside       string          `json:"aside,omitempty"` // why it is not in force
}

// List gives all items in order of kind and id, those of the files too.
func (s *Service) List(ctx context.Context) ([]Line, error) {
	latest, err := s.o.Store.CatalogueLatest(ctx)
	if err != nil {
		return nil, err
	}
	lines := make(map[item]Line, len(s.base)+len(latest))
	for of, doc := range s.base {
		lines[of] = Line{Kind: of.kind, ID: of.id, State: Live, Doc: doc}
	}
	for _, v := range latest { // in order of version
		key := item{v.Kind, v.ID}
		l, known := lines[key]
		l.Kind, l.ID, l.Newest, l.NewestState = v.Kind, v.ID, v.Version, v.State
		inForce := v.State == Live || v.State == Retired
		if decide.Single(v.Kind) {
			inForce = v.State == Live // without one the files hold
		}
		if inForce || !known {
			l.Doc = v.Doc
			if inForce {
				l.State, l.Version = v.State, v.Version
			}
		}
		lines[key] = l
	}
	for _, a := range s.Asides() {
		key := item{a.Kind, a.ID}
		l := lines[key]
		l.Aside = a.Reason
		lines[key] = l
	}
	out := slices.Collect(maps.Values(lines))
	slices.SortFunc(out, func(a, b Line) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Files is a catalogue as files, by name.
type Files struct {
	Version string            `json:"version" doc:"Of the catalogue that is in force"`
	Files   map[string]string `json:"files" doc:"What a folder of action files holds, by name"`
}

// Export gives what is in force as files that a server starts with as well;
// see [decide.Catalogue.Export].
func (s *Service) Export() (Files, error) {
	c := s.o.Decider.Catalogue()
	files, err := c.Export()
	if err != nil {
		return Files{}, err
	}
	out := Files{Version: c.Version(), Files: make(map[string]string, len(files))}
	for name, text := range files {
		out.Files[name] = string(text)
	}
	return out, nil
}

// Try asks a rule about a made-up person, by what is in force; see
// [decide.Catalogue.TryPolicy].
func (s *Service) Try(when string, g decide.Given) (decide.Expression, error) {
	return s.o.Decider.Catalogue().TryPolicy(when, g)
}

// TryCases asks a rule about each of some made-up people; see
// [decide.Catalogue.TryCases].
func (s *Service) TryCases(when string, cases []decide.GivenCase) (decide.Expression, error) {
	return s.o.Decider.Catalogue().TryCases(when, cases)
}

// Words gives what a rule may be written with, by what is in force.
func (s *Service) Words() decide.Words { return s.o.Decider.Catalogue().Words() }

// Alone says whether the author of a version may review it.
func (s *Service) Alone() bool { return s.o.Alone }

// Item is everything that is known of an action, a lever or the policy.
type Item struct {
	Versions []Version `json:"versions"` // newest first; the files' is version 0
	Steps    []Step    `json:"steps"`    // earliest first
}

// Item gives an item, or [store.ErrNotFound].
func (s *Service) Item(ctx context.Context, kind, id string) (Item, error) {
	versions, steps, err := s.o.Store.CatalogueHistory(ctx, kind, id)
	if err != nil {
		return Item{}, err
	}
	doc, filed := s.base[item{kind, id}]
	kept := len(versions) > 0 && versions[len(versions)-1].Version == 0
	if filed && !kept {
		state := Live
		if decide.Single(kind) {
			if slices.ContainsFunc(versions, func(v Version) bool { return v.State == Live }) {
				state = Retired
			}
		} else if slices.ContainsFunc(versions, func(v Version) bool { return v.State == Live || v.State == Retired }) {
			state = Retired // another took its place
		}
		versions = append(versions, Version{Kind: kind, ID: id, State: state, Author: files, Doc: doc})
	}
	if len(versions) == 0 {
		return Item{}, fmt.Errorf("%s %s: %w", kind, id, store.ErrNotFound)
	}
	return Item{Versions: versions, Steps: steps}, nil
}

// Difference is one field that two versions have not in common.
type Difference struct {
	Field string          `json:"field"` // such as policies[1].when
	From  json.RawMessage `json:"from,omitempty"`
	To    json.RawMessage `json:"to,omitempty"`
}

// Diff compares two versions of an item field by field, in order of the
// fields' names, or gives [store.ErrNotFound].
func (s *Service) Diff(ctx context.Context, kind, id string, from, to int64) ([]Difference, error) {
	all, err := s.Item(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	var docs [2]any
	for i, want := range []int64{from, to} {
		at := slices.IndexFunc(all.Versions, func(v Version) bool { return v.Version == want })
		if at < 0 {
			return nil, fmt.Errorf("version %d of %s %s: %w", want, kind, id, store.ErrNotFound)
		}
		if err := json.Unmarshal(all.Versions[at].Doc, &docs[i]); err != nil {
			return nil, fmt.Errorf("version %d of %s %s: %w", want, kind, id, err)
		}
	}
	return differ([]Difference{}, "", docs[0], docs[1]), nil
}

func differ(out []Difference, field string, a, b any) []Difference {
	if reflect.DeepEqual(a, b) {
		return out
	}
	left, right := parts(a), parts(b)
	if left == nil || right == nil || reflect.TypeOf(a) != reflect.TypeOf(b) {
		return append(out, Difference{Field: field, From: raw(a), To: raw(b)})
	}
	names := slices.Collect(maps.Keys(left))
	for name := range right {
		if _, both := left[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		out = differ(out, join(field, name), left[name], right[name])
	}
	return out
}

// parts gives what a value is made of, nil when it is one thing.
func parts(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		out := make(map[string]any, len(v))
		for i, item := range v {
			out["["+strconv.Itoa(i)+"]"] = item
		}
		return out
	}
	return nil
}

func join(field, name string) string {
	if field == "" || name[0] == '[' {
		return field + name
	}
	return field + "." + name
}

func raw(v any) json.RawMessage {
	if v == nil {
		return nil
	}
	out, _ := json.Marshal(v) // it was read from JSON
	return out
}
