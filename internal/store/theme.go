package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Theme is a theme with how far its history was read. What it means is in
// Doc, which the store keeps whole.
type Theme struct {
	ID    string
	Kind  string
	State string
	// Scanned and Until are numbers of turns: history up to Until is to be
	// read for this theme, and was read up to Scanned.
	Scanned, Until int64
	Doc            json.RawMessage
}

// ThemeChange is who changed what of a theme.
type ThemeChange struct {
	Theme string
	At    time.Time
	Doc   json.RawMessage
}

// ThemeModel is what discovery has learned.
type ThemeModel struct {
	// Version grows whenever what the themes match can have changed.
	Version int64
	// Turns is how many turns discovery had read; Doc is empty before that.
	Turns int64
	Doc   []byte
}

// SaveTheme stores a theme, new or changed. Scanned and Until are kept as they
// are, see [Tx.RescanTheme]; those of a new theme are zero.
func (tx *Tx) SaveTheme(t Theme) error {
	op := "save theme " + t.ID
	if t.ID == "" {
		return errors.New("save theme: no id")
	}
	_, err := tx.exec(op, `INSERT INTO theme (id, kind, state, scanned, until, doc) VALUES (?, ?, ?, 0, 0, ?)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, doc = excluded.doc`,
		t.ID, t.Kind, t.State, string(t.Doc))
	if err != nil {
		return err
	}
	return tx.touchThemes(op)
}

func (tx *Tx) touchThemes(op string) error {
	_, err := tx.exec(op, `UPDATE theme_model SET version = version + 1`)
	return err
}

// RescanTheme has all turns that there are read for a theme again.
func (tx *Tx) RescanTheme(id string) error {
	op := "rescan theme " + id
	_, err := tx.exec(op, `UPDATE theme SET scanned = 0,
		until = (SELECT coalesce(max(n), 0) FROM turn) WHERE id = ?`, id)
	if err != nil {
		return err
	}
	return tx.touchThemes(op)
}

// ThemeScanned notes that history was read up to a turn. It does nothing when
// the theme is no longer at from: then its scan was begun anew.
func (tx *Tx) ThemeScanned(id string, from, to int64) error {
	_, err := tx.exec("scanned theme "+id, `UPDATE theme SET scanned = min(?, until) WHERE id = ? AND scanned = ?`, to, id, from)
	return err
}

// AddThemeChange writes down who changed what of a stored theme.
func (tx *Tx) AddThemeChange(c ThemeChange) error {
	_, err := tx.exec("change of theme "+c.Theme, `INSERT INTO theme_change (theme, at, doc) VALUES (?, ?, ?)`,
		c.Theme, millis(c.At), string(c.Doc))
	return err
}

const placeOfModel = "themes"

// SaveThemeModel stores what discovery has learned from so many turns.
func (tx *Tx) SaveThemeModel(doc []byte, turns int64) error {
	const op = "save theme model"
	kept := []byte{}
	if len(doc) > 0 { // it quotes people
		sealed, err := tx.sealRaw(op, nobody, placeOfModel, doc)
		if err != nil {
			return err
		}
		kept = []byte(sealed)
	}
	if _, err := tx.exec(op, `UPDATE theme_model SET doc = ?, turns = ?`, kept, turns); err != nil {
		return err
	}
	return tx.touchThemes(op)
}

// ThemesVersion is the version that [Store.ThemeModel] gives.
func (tx *Tx) ThemesVersion() (int64, error) {
	var v int64
	err := tx.get("version of themes", &v, `SELECT version FROM theme_model`)
	return v, err
}

// Theme gives a theme as this write sees it, or [ErrNotFound].
func (tx *Tx) Theme(id string) (Theme, error) {
	var row themeRow
	err := tx.get("theme "+id, &row, `SELECT id, kind, state, scanned, until, doc FROM theme WHERE id = ?`, id)
	return row.theme(), err
}

type themeRow struct {
	ID, Kind, State string
	Scanned, Until  int64
	Doc             []byte
}

func (r themeRow) theme() Theme {
	return Theme{ID: r.ID, Kind: r.Kind, State: r.State, Scanned: r.Scanned, Until: r.Until, Doc: r.Doc}
}

// Themes gives all themes, whatever their state, in order of their ids.
func (s *Store) Themes(ctx context.Context) ([]Theme, error) {
	var rows []themeRow
	if err := s.reads.SelectContext(ctx, &rows, `SELECT id, kind, state, scanned, until, doc FROM theme ORDER BY id`); err != nil {
		return nil, fmt.Errorf("themes: %w", classify(err))
	}
	themes := make([]Theme, len(rows))
	for i, r := range rows {
		themes[i] = r.theme()
	}
	return themes, nil
}

// ThemeChanges gives what was done to a theme, the latest first, at most 100.
func (s *Store) ThemeChanges(ctx context.Context, id string) ([]ThemeChange, error) {
	var rows []struct {
		At  int64
		Doc []byte
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT at, doc FROM theme_change WHERE theme = ? ORDER BY n DESC LIMIT 100`, id)
	if err != nil {
		return nil, fmt.Errorf("changes of theme %s: %w", id, classify(err))
	}
	out := make([]ThemeChange, len(rows))
	for i, r := range rows {
		out[i] = ThemeChange{Theme: id, At: fromMillis(r.At), Doc: r.Doc}
	}
	return out, nil
}

// ThemeModel gives what discovery has learned.
func (s *Store) ThemeModel(ctx context.Context) (ThemeModel, error) {
	var m ThemeModel
	if err := s.reads.GetContext(ctx, &m, `SELECT version, turns, doc FROM theme_model`); err != nil {
		return m, fmt.Errorf("theme model: %w", classify(err))
	}
	doc, err := open(s.reads.vault, "theme model", placeOfModel, m.Doc)
	m.Doc = doc
	return m, err
}
