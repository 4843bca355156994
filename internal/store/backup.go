package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"heed/internal/customer"
)

// searchedAgain is the name under which a backup says that what is searched
// in plain text is to be built again from the sealed documents.
const searchedAgain = "searched"

// ErrNotEmpty says that a folder that is to be filled holds something.
var ErrNotEmpty = errors.New("the folder is not empty: name a new one")

// Backup copies the tables of a data folder into another folder, while a
// server may use and change them: all that was committed before it began is in
// it. What is kept in plain text to be searched is left out, and so are the
// remembered answers and who is signed in; keys are never in it. It gives the
// number of the last event.
func Backup(ctx context.Context, data, to string) (lastSeq int64, err error) {
	from, err := sqlx.Open("sqlite3", dsn(filepath.Join(data, fileName), "ro", "_query_only=0"))
	if err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	var unsealed int
	if err := from.GetContext(ctx, &unsealed, `SELECT count(*) FROM sealing`); err != nil {
		return 0, fmt.Errorf("backup of %s: %w: start heed with it once", data, classify(err))
	}
	if unsealed > 0 {
		return 0, fmt.Errorf("backup of %s: it is being sealed after an upgrade or a restore: try again when heed has started", data)
	}
	// Plain text is taken out beside the data, so that no byte of it is ever
	// where the backup is.
	aside, err := os.MkdirTemp(data, "backup-*")
	if err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	whole := filepath.Join(aside, fileName)
	if err := copyInto(ctx, from, whole); err != nil {
		return 0, err
	}
	scrubbed, err := sqlx.Open("sqlite3", dsn(whole, "rw", "_journal_mode=OFF"))
	if err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	scrubbed.SetMaxOpenConns(1)
	lastSeq, err = scrub(ctx, scrubbed)
	if err == nil {
		err = copyInto(ctx, scrubbed, filepath.Join(to, fileName))
	}
	return lastSeq, errors.Join(err, scrubbed.Close())
}

// copyInto writes a compact copy of the tables, durably.
func copyInto(ctx context.Context, db *sqlx.DB, path string) error {
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("copy the tables: %w", classify(err))
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("copy the tables: %w", err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("copy the tables: %w", err)
	}
	return nil
}

// scrub takes out what a backup does not hold, and gives the last event.
func scrub(ctx context.Context, db *sqlx.DB) (lastSeq int64, err error) {
	for _, query := range []string{
		`DELETE FROM identifier`, `DELETE FROM customer_name`, `DELETE FROM idempotency`,
		`DELETE FROM session`, `DELETE FROM login_link`,
		`UPDATE theme_model SET turns = 0`, // what was learned is learned again
		`INSERT INTO sealing (name, done) VALUES ('` + searchedAgain + `', 0)`,
	} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			return 0, fmt.Errorf("take plain text out of a backup: %w", classify(err))
		}
	}
	if err := db.GetContext(ctx, &lastSeq, `SELECT coalesce(max(seq), 0) FROM event`); err != nil {
		return 0, fmt.Errorf("end of the log in a backup: %w", classify(err))
	}
	return lastSeq, nil
}

// Restorable says whether the tables of a backup can be put into a data
// folder: it has no tables of its own, and the keys are there that belong to
// them.
func Restorable(ctx context.Context, from, data string) error {
	if _, err := os.Stat(filepath.Join(data, fileName)); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", data, ErrNotEmpty)
	}
	theirs, err := installationIn(ctx, filepath.Join(from, fileName))
	if err != nil {
		return fmt.Errorf("%s is no backup: %w", from, err)
	}
	ours, err := installationIn(ctx, filepath.Join(data, KeysFolder, keysFile))
	if err != nil || ours != theirs {
		return fmt.Errorf("%s: %w: put the folder %q there first, as it was kept apart from the backup",
			data, errors.Join(ErrKeys, err), KeysFolder)
	}
	return nil
}

func installationIn(ctx context.Context, path string) (string, error) {
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	db, err := sqlx.Open("sqlite3", dsn(path, "ro"))
	if err != nil {
		return "", err
	}
	id, err := installation(ctx, db)
	return id, errors.Join(err, db.Close())
}

// rebuildSearched builds what is searched in plain text from a few profiles
// after a row, and finishes the erasure of people whose keys are gone.
func (tx *Tx) rebuildSearched(after int64) (changed int, last int64, err error) {
	const op = "build what is searched again"
	var rows []struct {
		N   int64
		ID  string
		Doc []byte
	}
	last = after
	if err := tx.list(op, &rows, `SELECT rowid AS n, id, doc FROM customer WHERE rowid > ? ORDER BY rowid LIMIT 200`, after); err != nil {
		return 0, last, err
	}
	for _, r := range rows {
		last = r.N
		if err := tx.rebuildOne(op, r.ID, r.Doc); err != nil {
			return changed, last, err
		}
		changed++
	}
	return changed, last, nil
}

func (tx *Tx) rebuildOne(op, id string, stored []byte) error {
	var p customer.Profile
	err := decode(tx.w.vault, op, stored, &p)
	if err == nil {
		return errors.Join(tx.searchable(op, p), tx.own(op, p))
	}
	if !errors.Is(err, ErrErased) {
		return err
	}
	// Nobody is deleted because a key is missing: it may turn up.
	if gone, err := tx.w.vault.Erased(id); err != nil || !gone {
		return err
	}
	var calls []string
	if err := tx.list(op, &calls, `SELECT id FROM call WHERE customer = ?`, id); err != nil {
		return err
	}
	for _, c := range calls {
		if err := tx.EraseCall(c); err != nil {
			return err
		}
	}
	return tx.ErasePerson(id)
}

// ErasedCalls gives the calls whose customer was erased.
func (s *Store) ErasedCalls(ctx context.Context) ([]string, error) {
	ids := []string{}
	if err := s.reads.SelectContext(ctx, &ids, `SELECT id FROM call WHERE status = ? ORDER BY id`, string(callErased)); err != nil {
		return nil, fmt.Errorf("erased calls: %w", classify(err))
	}
	return ids, nil
}
