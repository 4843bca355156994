package store

import (
	"context"
	"errors"
	"fmt"

	"heed/internal/event"
)

// unsealed says how the rows of a table are read that an older version wrote
// without sealing them.
type unsealed struct {
	// rows gives the number of a row, its document, whose it is and what it is.
	rows string
	// put writes the sealed document.
	put string
	// seal seals a document in another way than whole.
	seal func(tx *Tx, op string, r plainRow) (string, error)
}

type plainRow struct {
	N             int64
	Doc           []byte
	Person, Place string
}

const ofCall = `(SELECT CASE c.customer WHEN '' THEN c.id ELSE c.customer END FROM call c WHERE c.id = t.call)`

// ofDoc reads a table whose documents are one of a kind, for people found so.
func ofDoc(table, person string) unsealed {
	return unsealed{
		rows: `SELECT t.rowid AS n, t.doc, coalesce(` + person + `, '') AS person, '` + table + `' AS place
			FROM ` + table + ` t WHERE t.rowid > ? ORDER BY t.rowid LIMIT 200`,
		put: `UPDATE ` + table + ` SET doc = ? WHERE rowid = ?`,
	}
}

func quoting(tx *Tx, op string, r plainRow) (string, error) { return tx.sealQuotes(op, r.Doc) }

// unsealedTables are the tables that migration 11 lists, by name.
func unsealedTables() map[string]unsealed {
	tables := map[string]unsealed{
		"customer": ofDoc("customer", `t.id`), "consent": ofDoc("consent", `t.customer`),
		"call":      ofDoc("call", `CASE t.customer WHEN '' THEN t.id ELSE t.customer END`),
		"utterance": ofDoc("utterance", ofCall), "insight": ofDoc("insight", ofCall),
		"correction": ofDoc("correction", ofCall), "summary": ofDoc("summary", ofCall),
		"decision": ofDoc("decision", `CASE t.subject WHEN '' THEN `+ofCall+` ELSE t.subject END`),
		"outcome":  ofDoc("outcome", `CASE t.subject WHEN '' THEN coalesce(`+ofCall+`, (SELECT d.subject FROM decision d WHERE d.id = t.decision)) ELSE t.subject END`),
		"turn": {
			rows: `SELECT t.n, t.text AS doc, coalesce(` + ofCall + `, '') AS person, 'turn/' || t.utterance AS place
				FROM turn t WHERE t.n > ? ORDER BY t.n LIMIT 200`,
			put: `UPDATE turn SET text = ? WHERE n = ?`,
		},
		"event": {
			rows: `SELECT t.seq AS n, t.data AS doc, coalesce(CASE t.call WHEN '' THEN t.subject ELSE coalesce(` + ofCall + `, t.call) END, '') AS person,
				CASE t.type WHEN '` + string(event.ThemeEmerged) + `' THEN '' ELSE 'event/' || t.id END AS place
				FROM event t WHERE t.seq > ? ORDER BY t.seq LIMIT 200`,
			put: `UPDATE event SET data = ? WHERE seq = ?`,
			seal: func(tx *Tx, op string, r plainRow) (string, error) {
				switch {
				case r.Place == "":
					return quoting(tx, op, r)
				case r.Person == "":
					return string(r.Doc), nil
				}
				return tx.sealRaw(op, r.Person, r.Place, r.Doc)
			},
		},
		"idempotency": {
			rows: `SELECT t.rowid AS n, t.response AS doc, '` + nobody + `' AS person, 'reply/' || t.key AS place
				FROM idempotency t WHERE t.rowid > ? ORDER BY t.rowid LIMIT 200`,
			put: `UPDATE idempotency SET response = CAST(? AS BLOB) WHERE rowid = ?`,
		},
	}
	tables["theme_model"] = unsealed{
		rows: `SELECT t.one AS n, t.doc, '` + nobody + `' AS person, '` + placeOfModel + `' AS place
			FROM theme_model t WHERE t.one > ? AND length(t.doc) > 0`,
		put: `UPDATE theme_model SET doc = CAST(? AS BLOB) WHERE one = ?`,
	}
	episode := ofDoc("theme_episode", `''`)
	episode.seal = quoting
	tables["theme_episode"] = episode
	return tables
}

// sealOld seals what an older version wrote in plain text. It can be broken
// off at any moment and goes on at the next opening.
func (s *Store) sealOld(ctx context.Context) error {
	var left []struct {
		Name string
		Done int64
	}
	if err := s.reads.SelectContext(ctx, &left, `SELECT name, done FROM sealing ORDER BY name`); err != nil {
		return fmt.Errorf("what is not sealed: %w", classify(err))
	}
	if len(left) == 0 {
		return nil
	}
	var sum int
	for _, l := range left {
		n, err := s.sealTable(ctx, l.Name, l.Done)
		if err != nil {
			return fmt.Errorf("seal what is in %s: %w", l.Name, err)
		}
		if sum += n; n > 0 {
			s.logger.Info("sealed what was kept in plain text", "table", l.Name, "rows", n)
		}
	}
	if sum == 0 {
		return nil
	}
	return s.compact(ctx)
}

// sealTable seals a table from a row on and gives how many rows it changed.
func (s *Store) sealTable(ctx context.Context, name string, after int64) (sum int, err error) {
	next, err := rowsOf(name)
	if err != nil {
		return 0, err
	}
	for done := false; !done; {
		err := s.Write(ctx, func(tx *Tx) error {
			n, last, err := next(tx, after)
			if err != nil {
				return err
			}
			sum += n
			if done = last == after; done {
				_, err = tx.exec(name, `DELETE FROM sealing WHERE name = ?`, name)
				return err
			}
			after = last
			_, err = tx.exec(name, `UPDATE sealing SET done = ? WHERE name = ?`, last, name)
			return err
		})
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// rowsOf says how the next few rows of a table are dealt with.
func rowsOf(name string) (func(tx *Tx, after int64) (changed int, last int64, err error), error) {
	if name == searchedAgain {
		return (*Tx).rebuildSearched, nil
	}
	t, ok := unsealedTables()[name]
	if !ok {
		return nil, errors.New("it is not a table that holds anything of people")
	}
	return func(tx *Tx, after int64) (int, int64, error) { return tx.sealRows(name, t, after) }, nil
}

// sealRows seals a few rows and gives the number of the last one.
func (tx *Tx) sealRows(op string, t unsealed, after int64) (changed int, last int64, err error) {
	var rows []plainRow
	if err := tx.list(op, &rows, t.rows, after); err != nil {
		return 0, after, err
	}
	last = after
	for _, r := range rows {
		last = r.N
		sealed, err := tx.sealRow(op, t, r)
		if err != nil {
			return changed, last, err
		}
		if sealed == string(r.Doc) {
			continue
		}
		if _, err := tx.exec(op, t.put, sealed, r.N); err != nil {
			return changed, last, err
		}
		changed++
	}
	return changed, last, nil
}

func (tx *Tx) sealRow(op string, t unsealed, r plainRow) (string, error) {
	if isSealed(r.Doc) || r.Person == "" && t.seal == nil {
		return string(r.Doc), nil
	}
	seal := t.seal
	if seal == nil {
		seal = func(tx *Tx, op string, r plainRow) (string, error) { return tx.sealRaw(op, r.Person, r.Place, r.Doc) }
	}
	sealed, err := seal(tx, op, r)
	if errors.Is(err, ErrErased) {
		return emptied(r.Person), nil
	}
	return sealed, err
}

// compact writes all tables anew, so that no page holds what they once held.
func (s *Store) compact(ctx context.Context) error {
	db, err := s.folder.connect("rw", 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM`)
	if err != nil {
		err = fmt.Errorf("write the tables anew: %w", classify(err))
	} else {
		err = truncateWAL(ctx, db)
	}
	return errors.Join(err, db.Close())
}
