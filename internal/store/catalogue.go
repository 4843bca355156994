package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"heed/internal/decide"
)

// CatalogueVersion is one version of an action or a lever. Nothing in it is
// about a customer, so it is not sealed.
type CatalogueVersion struct {
	Kind    string          `json:"kind"`
	ID      string          `json:"id"`
	Version int64           `json:"version"` // from 1
	State   string          `json:"state"`   // draft, reviewed, live, retired, dropped
	Author  string          `json:"author"`
	Doc     json.RawMessage `json:"doc"`
}

// CatalogueStep is who took a version into a state.
type CatalogueStep struct {
	Kind    string    `json:"kind"`
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	State   string    `json:"state"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Why     string    `json:"why"`
}

type catalogueRow struct {
	Kind, ID, State, Author, Doc string
	Version                      int64
}

func (r catalogueRow) version() CatalogueVersion {
	return CatalogueVersion{Kind: r.Kind, ID: r.ID, Version: r.Version, State: r.State, Author: r.Author, Doc: json.RawMessage(r.Doc)}
}

func catalogueVersions(rows []catalogueRow) []CatalogueVersion {
	out := make([]CatalogueVersion, len(rows))
	for i, r := range rows {
		out[i] = r.version()
	}
	return out
}

const catalogueColumns = `SELECT kind, id, version, state, author, doc FROM catalogue_version `

// CatalogueVersions gives all versions of an item as this write sees them, the
// latest first. It is empty for one that nobody changed.
func (tx *Tx) CatalogueVersions(kind, id string) ([]CatalogueVersion, error) {
	var rows []catalogueRow
	err := tx.list("versions of "+kind+" "+id, &rows, catalogueColumns+`WHERE kind = ? AND id = ? ORDER BY version DESC`, kind, id)
	return catalogueVersions(rows), err
}

// AddCatalogueVersion stores a new version, or gives [ErrDuplicate] when that
// number is taken.
func (tx *Tx) AddCatalogueVersion(v CatalogueVersion) error {
	_, err := tx.exec(fmt.Sprintf("version %d of %s %s", v.Version, v.Kind, v.ID),
		`INSERT INTO catalogue_version (kind, id, version, state, author, doc) VALUES (?, ?, ?, ?, ?, ?)`,
		v.Kind, v.ID, v.Version, v.State, v.Author, string(v.Doc))
	return err
}

// StepCatalogue takes a stored version into a state and writes down who did it.
func (tx *Tx) StepCatalogue(s CatalogueStep) error {
	op := fmt.Sprintf("%s version %d of %s %s", s.State, s.Version, s.Kind, s.ID)
	if _, err := tx.exec(op, `UPDATE catalogue_version SET state = ? WHERE kind = ? AND id = ? AND version = ?`, s.State, s.Kind, s.ID, s.Version); err != nil {
		return err
	}
	_, err := tx.exec(op, `INSERT INTO catalogue_step (kind, id, version, state, at, person, why) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Kind, s.ID, s.Version, s.State, millis(s.At), s.By, s.Why)
	return err
}

// CatalogueLatest gives of each item the versions that say what is in force
// and what is planned: the newest one that was not dropped, the live one and, where none is live,
// the newest that was retired. In order of kind, id and version.
func (s *Store) CatalogueLatest(ctx context.Context) ([]CatalogueVersion, error) {
	var rows []catalogueRow
	err := s.reads.SelectContext(ctx, &rows, catalogueColumns+`AS v WHERE state = 'live'
		OR version = (SELECT max(version) FROM catalogue_version AS n WHERE n.kind = v.kind AND n.id = v.id AND n.state <> 'dropped')
		OR (state = 'retired' AND version = (SELECT max(version) FROM catalogue_version AS n WHERE n.kind = v.kind AND n.id = v.id AND n.state = 'retired'))
		ORDER BY kind, id, version`)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", classify(err))
	}
	return catalogueVersions(rows), nil
}

// CatalogueHistory gives all versions of an item, the latest first, and every
// step of them, the earliest first.
func (s *Store) CatalogueHistory(ctx context.Context, kind, id string) ([]CatalogueVersion, []CatalogueStep, error) {
	var rows []catalogueRow
	err := s.reads.SelectContext(ctx, &rows, catalogueColumns+`WHERE kind = ? AND id = ? ORDER BY version DESC`, kind, id)
	if err != nil {
		return nil, nil, fmt.Errorf("versions of %s %s: %w", kind, id, classify(err))
	}
	var steps []struct {
		Version, At        int64
		State, Person, Why string
	}
	err = s.reads.SelectContext(ctx, &steps, `SELECT version, state, at, person, why FROM catalogue_step WHERE kind = ? AND id = ? ORDER BY n`, kind, id)
	if err != nil {
		return nil, nil, fmt.Errorf("steps of %s %s: %w", kind, id, classify(err))
	}
	out := make([]CatalogueStep, len(steps))
	for i, st := range steps {
		out[i] = CatalogueStep{Kind: kind, ID: id, Version: st.Version, State: st.State, At: fromMillis(st.At), By: st.Person, Why: st.Why}
	}
	return catalogueVersions(rows), out, nil
}

// Taken counts the decisions whose action was taken up, ever and since the day
// began.
func (s *Store) Taken(ctx context.Context, actions []string, day time.Time) (map[string]decide.Taken, error) {
	out := make(map[string]decide.Taken, len(actions))
	for _, id := range actions {
		var n struct{ Today, Ever, Yes int }
		err := s.reads.GetContext(ctx, &n, `SELECT count(DISTINCT CASE WHEN outcome <> 'clicked' THEN decision END) AS ever,
			count(DISTINCT CASE WHEN outcome <> 'clicked' AND at >= ? THEN decision END) AS today, count(DISTINCT decision) AS yes
			FROM outcome WHERE action = ? AND outcome IN ('accepted', 'converted', 'clicked')`, millis(day), id)
		if err != nil {
			return nil, fmt.Errorf("how many took %s: %w", id, classify(err))
		}
		out[id] = decide.Taken{Today: n.Today, Ever: n.Ever, Yes: n.Yes}
	}
	return out, nil
}
