package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/internal/vault"
)

// KeysFolder is the folder of keys in a data folder. It is in no backup.
const KeysFolder = "keys"

// keysFile is the file of wrapped keys in it.
const keysFile = "keys.db"

// keysSchema holds one row a person, so the file stays small.
//
//go:embed keys.sql
var keysSchema string

// keyFile is the open file of wrapped keys, and of what must outlive a
// restore of the tables: who was erased, and what must not come back.
type keyFile struct {
	db *sqlx.DB
	// now dates what is made.
	now func() time.Time
}

func openKeys(ctx context.Context, dir string, now func() time.Time) (*keyFile, error) {
	folder := filepath.Join(dir, KeysFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("folder of keys: %w", err)
	}
	path := filepath.Join(folder, keysFile)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite gives its other files this mode
	if err != nil {
		return nil, fmt.Errorf("file of keys: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("file of keys: %w", err)
	}
	db, err := sqlx.Open("sqlite3", dsn(path, "rwc"))
	if err != nil {
		return nil, fmt.Errorf("file of keys: %w", err)
	}
	if _, err := db.ExecContext(ctx, keysSchema); err != nil {
		return nil, errors.Join(fmt.Errorf("file of keys: %w", classify(err)), db.Close())
	}
	return &keyFile{db, now}, nil
}

func (k *keyFile) close() error { return k.db.Close() }

// Key gives the key of a person, as package vault needs it.
func (k *keyFile) Key(person string) (vault.Kept, error) {
	var row struct {
		Wrapped []byte
		Erased  *int64
	}
	err := k.db.Get(&row, `SELECT wrapped, erased FROM data_key WHERE person = ?`, person)
	if errors.Is(err, sql.ErrNoRows) {
		return vault.Kept{}, nil
	}
	if err != nil {
		return vault.Kept{}, fmt.Errorf("read a key: %w", classify(err))
	}
	return vault.Kept{Wrapped: row.Wrapped, Erased: row.Erased != nil}, nil
}

// AddKeys stores new keys durably.
func (k *keyFile) AddKeys(made []vault.NewKey) error {
	return k.write(func(ctx context.Context, tx *sqlx.Tx) error {
		for _, n := range made {
			_, err := tx.ExecContext(ctx, `INSERT INTO data_key (person, wrapped, made) VALUES (?, ?, ?)`, n.Person, n.Wrapped, millis(k.now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DestroyKeys overwrites keys and empties the write-ahead log that held them.
func (k *keyFile) DestroyKeys(people []string) error {
	err := k.write(func(ctx context.Context, tx *sqlx.Tx) error {
		for _, p := range people {
			_, err := tx.ExecContext(ctx, `INSERT INTO data_key (person, wrapped, made, erased) VALUES (?1, NULL, ?2, ?2)
				ON CONFLICT (person) DO UPDATE SET wrapped = NULL, erased = coalesce(erased, excluded.erased)`, p, millis(k.now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return truncateWAL(context.Background(), k.db)
}

// Secret gives a wrapped secret, and stores the one offered when there is none.
func (k *keyFile) Secret(name string, offered func() ([]byte, error)) ([]byte, error) {
	var have []byte
	err := k.write(func(ctx context.Context, tx *sqlx.Tx) error {
		err := tx.GetContext(ctx, &have, `SELECT wrapped FROM secret WHERE name = ?`, name)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if have, err = offered(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO secret (name, wrapped) VALUES (?, ?)`, name, have)
		return err
	})
	return have, err
}

// write runs a change of the file, whole or not at all. It is not broken off
// from outside: what is half destroyed helps nobody.
func (k *keyFile) write(fn func(ctx context.Context, tx *sqlx.Tx) error) error {
	ctx := context.Background()
	tx, err := k.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("file of keys: %w", classify(err))
	}
	if err := fn(ctx, tx); err != nil {
		return errors.Join(fmt.Errorf("file of keys: %w", classify(err)), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("file of keys: %w", classify(err))
	}
	return nil
}

// rewrap wraps with the present master key what an older one wrapped, a few
// at a time, so that it can be broken off and begun again.
func (k *keyFile) rewrap(m *vault.Master) (n int, err error) {
	for after := ""; ; {
		var rows []struct {
			Person  string
			Wrapped []byte
		}
		err := k.db.Select(&rows, `SELECT person, wrapped FROM data_key
			WHERE person > ? AND wrapped IS NOT NULL ORDER BY person LIMIT 500`, after)
		if err != nil {
			return n, fmt.Errorf("file of keys: %w", classify(err))
		}
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].Person
		err = k.write(func(ctx context.Context, tx *sqlx.Tx) error {
			for _, r := range rows {
				if m.Present(r.Wrapped) {
					continue
				}
				again, err := m.Rewrap(vault.KeyName(r.Person), r.Wrapped)
				if err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, `UPDATE data_key SET wrapped = ? WHERE person = ?`, again, r.Person); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	if err := k.rewrapSecrets(m); err != nil {
		return n, err
	}
	return n, truncateWAL(context.Background(), k.db)
}

func (k *keyFile) rewrapSecrets(m *vault.Master) error {
	return k.write(func(ctx context.Context, tx *sqlx.Tx) error {
		var rows []struct {
			Name    string
			Wrapped []byte
		}
		if err := tx.SelectContext(ctx, &rows, `SELECT name, wrapped FROM secret`); err != nil {
			return err
		}
		for _, r := range rows {
			again, err := m.Rewrap(vault.SecretName(r.Name), r.Wrapped)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE secret SET wrapped = ? WHERE name = ?`, again, r.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// truncateWAL moves all that the write-ahead log holds into the file and
// leaves the log empty.
func truncateWAL(ctx context.Context, db *sqlx.DB) error {
	var row struct {
		Busy         int
		Log          int
		Checkpointed int
	}
	for range 20 { // each waits for readers as long as the connection's busy time
		if err := db.GetContext(ctx, &row, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			return fmt.Errorf("empty the write-ahead log: %w", classify(err))
		}
		if row.Busy == 0 {
			return nil
		}
	}
	return errors.New("empty the write-ahead log: readers keep it; try again")
}
