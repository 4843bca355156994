package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"heed/internal/customer"
	"heed/internal/vault"
)

// ErrSuppressed says that an identifier is of somebody who was erased, and
// must not bring them back.
var ErrSuppressed = errors.New("this identifier belongs to somebody who asked to be forgotten; it is taken again when they agree anew")

// Erasure is one erasure in the file of keys, where a restored backup does not
// undo it. Doc is kept whole and must tell nothing of the person.
type Erasure struct {
	ID     string
	State  string
	People []string // whose keys it destroys
	Doc    json.RawMessage
}

// BeginErasure writes down that people are to be erased, and that their
// identifiers must not bring them back.
func (s *Store) BeginErasure(e Erasure, known []customer.Identifier) error {
	return s.ring.write(func(ctx context.Context, tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO erasure (id, state, doc) VALUES (?, ?, ?)`, e.ID, e.State, string(e.Doc)); err != nil {
			return err
		}
		for _, p := range e.People {
			_, err := tx.ExecContext(ctx, `INSERT INTO erased_person (person, erasure) VALUES (?, ?) ON CONFLICT DO NOTHING`, p, e.ID)
			if err != nil {
				return err
			}
		}
		for _, i := range known {
			_, err := tx.ExecContext(ctx, `INSERT INTO suppressed (mark, erasure, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
				s.reads.vault.Mark(i.Type, i.Value), e.ID, millis(s.now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveErasure writes down how far an erasure is.
func (s *Store) SaveErasure(id, state string, doc json.RawMessage) error {
	return s.ring.write(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE erasure SET state = ?, doc = ? WHERE id = ?`, state, string(doc), id)
		return err
	})
}

// FinishErasure writes down that an erasure is finished, after all that were
// finished before.
func (s *Store) FinishErasure(id, state string, doc json.RawMessage) error {
	return s.ring.write(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE erasure SET state = ?, doc = ?,
			done = coalesce(done, (SELECT coalesce(max(done), 0) + 1 FROM erasure)) WHERE id = ?`, state, string(doc), id)
		return err
	})
}

// LastErasure gives the erasure that was finished last, or [ErrNotFound].
func (s *Store) LastErasure(ctx context.Context) (Erasure, error) {
	return s.oneErasure(ctx, "last erasure", ` WHERE done = (SELECT max(done) FROM erasure)`)
}

// DestroyKeys destroys the keys of people for good: what is sealed with them
// is unreadable from then on, wherever a copy of it is.
func (s *Store) DestroyKeys(people []string) error { return s.reads.vault.Destroy(people) }

const erasureColumns = `SELECT n, id, state, doc FROM erasure`

type erasureRow struct {
	N         int64
	ID, State string
	Doc       []byte
}

// Erasures gives a page of erasures, the latest first, and the mark of the
// next page. A state keeps those that are in it.
func (s *Store) Erasures(ctx context.Context, state, after string, limit int) (found []Erasure, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("erasures: %w", err)
	}
	limit = clampLimit(limit)
	var rows []erasureRow
	err = s.ring.db.SelectContext(ctx, &rows, erasureColumns+` WHERE n < ?1 AND (?2 = '' OR state = ?2) ORDER BY n DESC LIMIT ?3`,
		from.at, state, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("erasures: %w", classify(err))
	}
	found = []Erasure{}
	for _, r := range rows[:min(len(rows), limit)] {
		e, err := s.erasure(ctx, r)
		if err != nil {
			return nil, "", err
		}
		found = append(found, e)
	}
	if len(rows) > limit {
		next = mark{at: rows[limit-1].N, id: rows[limit-1].ID}.String()
	}
	return found, next, nil
}

// Erasure gives one erasure by its id.
func (s *Store) Erasure(ctx context.Context, id string) (Erasure, error) {
	return s.oneErasure(ctx, "erasure "+id, ` WHERE id = ?`, id)
}

// ErasureOf gives the erasure of a person.
func (s *Store) ErasureOf(ctx context.Context, person string) (Erasure, error) {
	return s.oneErasure(ctx, "erasure of "+person, ` WHERE id = (SELECT erasure FROM erased_person WHERE person = ?)`, person)
}

func (s *Store) oneErasure(ctx context.Context, op, where string, args ...any) (Erasure, error) {
	var r erasureRow
	err := s.ring.db.GetContext(ctx, &r, erasureColumns+where, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return Erasure{}, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	if err != nil {
		return Erasure{}, fmt.Errorf("%s: %w", op, classify(err))
	}
	return s.erasure(ctx, r)
}

func (s *Store) erasure(ctx context.Context, r erasureRow) (Erasure, error) {
	e := Erasure{ID: r.ID, State: r.State, Doc: r.Doc, People: []string{}}
	err := s.ring.db.SelectContext(ctx, &e.People, `SELECT person FROM erased_person WHERE erasure = ? ORDER BY person`, r.ID)
	if err != nil {
		return e, fmt.Errorf("people of erasure %s: %w", r.ID, classify(err))
	}
	return e, nil
}

// Suppressed says whether an identifier, in its normal form, is of somebody
// who was erased and has not agreed anew.
func (s *Store) Suppressed(ctx context.Context, typ, value string) (bool, error) {
	return s.ring.suppressed(ctx, s.reads.vault, typ, value)
}

func (k *keyFile) suppressed(ctx context.Context, v *vault.Vault, typ, value string) (bool, error) {
	var n int
	err := k.db.GetContext(ctx, &n, `SELECT count(*) FROM suppressed WHERE mark = ?`, v.Mark(typ, value))
	if err != nil {
		return false, fmt.Errorf("look up what is suppressed: %w", classify(err))
	}
	return n > 0, nil
}

// Lift takes an identifier again, because its owner agreed anew. It says
// whether it was suppressed.
func (s *Store) Lift(typ, value string) (was bool, err error) {
	err = s.ring.write(func(ctx context.Context, tx *sqlx.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM suppressed WHERE mark = ?`, s.reads.vault.Mark(typ, value))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		was = n > 0
		return err
	})
	return was, err
}

// Suppressed is [Store.Suppressed] within a write.
func (tx *Tx) Suppressed(typ, value string) (bool, error) {
	return tx.w.ring.suppressed(context.Background(), tx.w.vault, typ, value)
}

// refuseSuppressed keeps a new identifier of a profile from bringing somebody
// back.
func (tx *Tx) refuseSuppressed(op, typ, value string) error {
	is, err := tx.Suppressed(typ, value)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if is {
		return fmt.Errorf("%s: a %s: %w", op, typ, ErrSuppressed)
	}
	return nil
}
