// Package themes counts what calls are about. A [Counter] follows the event
// log and says of each thing a customer said which themes it has: those of
// the rule files, those that people define and those that were discovered. A
// theme that is defined today is counted in all history at once, and [Themes.Run]
// reads that history, discovers themes again now and then, and looks each
// hour for what is new or growing.
//
// Definitions are facts, kept with who changed what; turns, memberships and
// counters are derived, and are the same however often and in whatever order
// the events come. What the themes match is compiled into one set; a write
// made with a set that is no longer the latest is made again.
//
// The package holds no SQL and no HTTP, and changes nothing of a call.
package themes

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"heed/internal/store"
	"heed/internal/themes/match"
)

// Kind is where a theme comes from.
type Kind string

// The kinds of theme.
const (
	Rule       Kind = "rule"       // of the operator's rule files
	Words      Kind = "words"      // a person's phrases
	Query      Kind = "query"      // a person's saved query
	Like       Kind = "like"       // more like a person's quotes
	Discovered Kind = "discovered" // found in the calls
)

// State says whether a theme is counted and shown.
type State string

// Themes are active or hidden (counted, not listed, never emerging). Deleted,
// merged and gone ones are not counted; all but gone can be brought back.
const (
	Active  State = "active"
	Hidden  State = "hidden"
	Deleted State = "deleted"
	Merged  State = "merged" // counts for another theme, see Theme.Into
	Gone    State = "gone"   // discovery or the rule files no longer have it
)

// Theme is what is kept of a theme.
type Theme struct {
	ID    string `json:"id"`
	Kind  Kind   `json:"kind"`
	State State  `json:"state"`
	Title string `json:"title"`
	// Definition is nil for a discovered theme.
	Definition *match.Definition `json:"definition,omitempty"`
	// Phrases tell a discovered theme from the others, best first.
	Phrases []string `json:"phrases,omitempty"`
	// Into is the theme that a merged one counts for.
	Into string `json:"into,omitempty"`
	// Renamed says that a person chose the title.
	Renamed   bool      `json:"renamed,omitempty"`
	By        string    `json:"by,omitempty"` // who defined it
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Change is who did what to a theme.
type Change struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	What string    `json:"what"` // "defined", "renamed", "hidden", "deleted", "restored", "merged" ...
	// Title and State are those after the change.
	Title string `json:"title"`
	State State  `json:"state"`
}

// Options are what a Themes is made from. Store is needed.
type Options struct {
	Store *store.Store
	// Rules are the operator's rule files; nil has none.
	Rules fs.FS
	// Compiler reads definitions; nil knows words and quotes alone.
	Compiler *match.Compiler
	// Zone is the organisation's time zone, for days and weeks; nil is UTC.
	Zone   *time.Location
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil means time.Now
	// Settle is how long discovery waits between two looks, which cost
	// two small reads when little was said; 0 means 15 s.
	Settle time.Duration
}

// Themes is the themes of an organisation. It is safe for concurrent use.
type Themes struct {
	store    *store.Store
	compiler *match.Compiler
	zone     *time.Location
	log      *slog.Logger
	now      func() time.Time
	settle   time.Duration

	mu      sync.Mutex
	current *snapshot
	wake    chan struct{} // room for one: there is history to read
	moved   chan struct{} // closed and replaced whenever history was read
}

// New makes the themes of a store and brings its rule themes up to date. It
// starts nothing; see [Themes.Run].
func New(ctx context.Context, o Options) (*Themes, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Compiler == nil {
		o.Compiler = match.NewCompiler(nil, nil)
	}
	t := &Themes{
		store: o.Store, compiler: o.Compiler, zone: o.Zone, log: o.Logger.With("component", "themes"), now: o.Now,
		settle: cmp.Or(o.Settle, 15*time.Second), wake: make(chan struct{}, 1), moved: make(chan struct{}),
	}
	if o.Rules == nil {
		return t, nil
	}
	rules, err := match.Rules(o.Rules)
	if err != nil {
		return nil, fmt.Errorf("themes: %w", err)
	}
	if err := t.syncRules(ctx, rules); err != nil {
		return nil, fmt.Errorf("themes: %w", err)
	}
	return t, nil
}

// snapshot is the themes of one version and what they match.
type snapshot struct {
	version int64
	themes  map[string]Theme
	set     *match.Set
	counted map[string]bool // themes that turns are looked up for
}

// errStale says that the themes changed since the snapshot was taken.
var errStale = errors.New("the themes changed meanwhile")

// fresh says whether a snapshot is the latest in a write.
func (s *snapshot) fresh(tx *store.Tx) error {
	v, err := tx.ThemesVersion()
	if err == nil && v != s.version {
		err = errStale
	}
	return err
}

// look gives the latest snapshot.
func (t *Themes) look(ctx context.Context) (*snapshot, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		m, err := t.store.ThemeModel(ctx)
		if err != nil {
			return nil, err
		}
		if t.current != nil && t.current.version == m.Version {
			return t.current, nil
		}
		rows, err := t.store.Themes(ctx)
		if err != nil {
			return nil, err
		}
		again, err := t.store.ThemeModel(ctx)
		if err != nil {
			return nil, err
		}
		if again.Version != m.Version {
			continue // changed between the two reads
		}
		if t.current, err = t.compile(m, rows); err != nil {
			return nil, err
		}
	}
}

func (t *Themes) compile(m store.ThemeModel, rows []store.Theme) (*snapshot, error) {
	s := &snapshot{version: m.Version, themes: make(map[string]Theme, len(rows)), counted: make(map[string]bool)}
	for _, r := range rows {
		th, err := decode(r)
		if err != nil {
			return nil, err
		}
		s.themes[th.ID] = th
	}
	var specs []match.Spec
	for _, th := range s.themes {
		if as, ok := s.countsAs(th); ok {
			s.counted[as] = true
			specs = append(specs, match.Spec{ID: th.ID, As: as, Definition: th.Definition})
		}
	}
	var err error
	if s.set, err = t.compiler.Build(specs, m.Doc); err != nil {
		t.log.Warn("some themes are not counted", "error", err)
	}
	return s, nil
}

// countsAs gives the theme that another one counts for.
func (s *snapshot) countsAs(th Theme) (string, bool) {
	for range len(s.themes) + 1 { // no ring of merges keeps us here
		switch th.State {
		case Active, Hidden:
			return th.ID, true
		case Deleted, Gone:
			return "", false
		case Merged:
			th = s.themes[th.Into]
		}
	}
	return "", false
}

func decode(r store.Theme) (Theme, error) {
	var th Theme
	if err := json.Unmarshal(r.Doc, &th); err != nil {
		return th, fmt.Errorf("theme %s: %w", r.ID, err)
	}
	return th, nil
}

// save stores a theme and who changed it.
func save(tx *store.Tx, th Theme, c Change) error {
	raw, err := json.Marshal(th)
	if err != nil {
		return fmt.Errorf("theme %s: %w", th.ID, err)
	}
	if err := tx.SaveTheme(store.Theme{ID: th.ID, Kind: string(th.Kind), State: string(th.State), Doc: raw}); err != nil {
		return err
	}
	c.Title, c.State = th.Title, th.State
	if raw, err = json.Marshal(c); err != nil {
		return fmt.Errorf("theme %s: %w", th.ID, err)
	}
	return tx.AddThemeChange(store.ThemeChange{Theme: th.ID, At: c.At, Doc: raw})
}

// rouse has Run look for history to read.
func (t *Themes) rouse() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}
