package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// File is the name of the tables' file in a data folder.
const File = "heed.db"

const (
	fileName = File
	lockName = "lock"
)

// folder is a data folder that this process holds alone.
type folder struct {
	path string
	lock *os.File
}

// lockFolder makes the folder if needed and takes it for this process. The
// lock goes with the process, however it ends.
func lockFolder(path string) (*folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, notWritable(path, err)
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, notWritable(path, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(locked(path, lock, err), lock.Close())
	}
	// Who holds it is for people only; a full disk must not stop us here.
	if lock.Truncate(0) == nil {
		_, _ = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	// SQLite gives its other files the mode of this one.
	db, err := os.OpenFile(filepath.Join(path, fileName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(notWritable(path, err), lock.Close())
	}
	return &folder{path: path, lock: lock}, db.Close()
}

func notWritable(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("data folder %s: %w: %w", path, ErrFull, err)
	}
	return fmt.Errorf("%s: %w (%w): give the user with id %d the right to write there, or choose another folder with --data",
		path, ErrNotWritable, err, os.Geteuid())
}

func locked(path string, lock *os.File, err error) error {
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	holder := make([]byte, 16)
	n, _ := lock.ReadAt(holder, 0)
	pid := strings.TrimSpace(string(holder[:n]))
	return fmt.Errorf("%s: %w (process %s): stop that one first, or choose another folder with --data",
		path, ErrLocked, pid)
}

// unlock gives the folder up. The lock file stays: removing it would let two
// processes hold two different files.
func (f *folder) unlock() error { return f.lock.Close() }

// dsn names a file for the driver. Every setting that durability rests on
// is here, so that no connection goes without.
func dsn(path, mode string, more ...string) string {
	q := url.Values{
		"mode":             {mode},
		"_busy_timeout":    {"5000"},
		"_foreign_keys":    {"1"},
		"_synchronous":     {"FULL"},
		"_stmt_cache_size": {"64"},
	}
	if mode == "ro" {
		q.Set("_query_only", "1")
	} else {
		q.Set("_journal_mode", "WAL")
		q.Set("_txlock", "immediate")
		q.Set("_secure_delete", "1")   // what is deleted is overwritten
		q.Set("_cache_size", "-16384") // KiB
	}
	for _, setting := range more {
		name, value, _ := strings.Cut(setting, "=")
		q.Set(name, value)
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// connect opens a pool of at most n connections that are kept.
func (f *folder) connect(mode string, n int, more ...string) (*sqlx.DB, error) {
	db, err := sqlx.Open("sqlite3", dsn(filepath.Join(f.path, fileName), mode, more...))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.path, err)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// refuseNewer reads the version of the tables without changing a byte.
func (f *folder) refuseNewer(ctx context.Context) error {
	ours, err := newestMigration()
	if err != nil {
		return err
	}
	theirs, err := f.version(ctx)
	if err != nil {
		return fmt.Errorf("read the version of %s: %w", f.path, classify(err))
	}
	if theirs > ours {
		return fmt.Errorf("%s: %w: its tables have version %d, this heed knows up to %d; run the newer heed, or choose another folder with --data",
			f.path, ErrNewer, theirs, ours)
	}
	return nil
}

// version is the version of the tables, 0 in an empty file.
func (f *folder) version(ctx context.Context) (int64, error) {
	var settings []string
	wal, err := os.Stat(filepath.Join(f.path, fileName+"-wal"))
	if err != nil || wal.Size() == 0 {
		// Everything is in the main file, and so SQLite leaves no trace.
		settings = append(settings, "immutable=1")
	}
	db, err := f.connect("ro", 1, settings...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	var tables int
	const has = `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if err := db.GetContext(ctx, &tables, has); err != nil || tables == 0 {
		return 0, err
	}
	var version int64
	err = db.GetContext(ctx, &version, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`)
	return version, err
}

func newestMigration() (int64, error) {
	all, err := steps()
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[len(all)-1].Version, nil
}

// steps are the migrations, the oldest first. SQLite takes a file of
// statements as it is: goose need not take it apart, which it does with 4 MB of
// memory for each line.
func steps() ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	all := make([]*goose.Migration, len(names))
	for i, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		all[i] = goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, string(text))
			return err
		}}, nil)
	}
	return all, nil
}

// migrate runs the migrations that are missing, each in its transaction.
func (f *folder) migrate(ctx context.Context, db *sqlx.DB, logger *slog.Logger) error {
	all, err := steps()
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db.DB, nil, goose.WithGoMigrations(all...),
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("bring the tables of %s up to date: %w", f.path, classify(err))
	}
	if len(done) > 0 {
		logger.Info("tables brought up to date", "migrations", len(done))
	}
	var mode string
	if err := db.GetContext(ctx, &mode, `PRAGMA journal_mode`); err != nil {
		return fmt.Errorf("read the journal mode of %s: %w", f.path, classify(err))
	}
	if mode != "wal" {
		return fmt.Errorf("%s: its file system cannot share memory, which the write-ahead log needs (journal mode %s)", f.path, mode)
	}
	return nil
}
