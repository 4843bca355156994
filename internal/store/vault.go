package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/internal/event"
	"heed/internal/vault"
)

// MasterFile is the file of the master key in the folder of keys, where none
// is named elsewhere.
const MasterFile = "master.key"

// source says where the master key of a data folder is.
func (o Options) source() vault.Source {
	if o.Master.Text != "" || o.Master.File != "" {
		return o.Master
	}
	return vault.Source{File: filepath.Join(o.Path, KeysFolder, MasterFile), Make: true}
}

// Vault gives what seals and opens under people's keys, for what is kept in
// files of its own.
func (s *Store) Vault() *vault.Vault { return s.reads.vault }

// openVault opens the keys, checks that they belong to these tables, and
// opens the connections of readers.
func (s *Store) openVault(ctx context.Context, o Options) error {
	var err error
	if s.ring, err = openKeys(ctx, s.folder.path, s.now); err != nil {
		return err
	}
	if err := pair(ctx, s.writes, s.ring.db); err != nil {
		return fmt.Errorf("%s: %w", s.folder.path, err)
	}
	master, err := vault.ReadMaster(o.source())
	if err != nil {
		return err
	}
	v, err := vault.New(master, s.ring)
	if err != nil {
		return err
	}
	db, err := s.folder.connect("ro", max(4, 2*runtime.GOMAXPROCS(0)))
	if err != nil {
		return err
	}
	s.reads = &reader{DB: db, vault: v}
	return nil
}

// pair gives both files the same id when neither has one, or when the keys
// are there and the tables are new. Tables without their keys are refused:
// everything in them would look erased.
func pair(ctx context.Context, tables, keys *sqlx.DB) error {
	ours, err := installation(ctx, tables)
	if err != nil {
		return err
	}
	theirs, err := installation(ctx, keys)
	if err != nil {
		return err
	}
	switch {
	case ours != "" && ours == theirs:
		return nil
	case ours == "" && theirs == "":
		theirs = event.NewID()
		if err := setInstallation(ctx, keys, theirs); err != nil {
			return err
		}
	case ours != "":
		return fmt.Errorf("%w: put the folder %q of the same installation back, from its own backup", ErrKeys, KeysFolder)
	}
	return setInstallation(ctx, tables, theirs)
}

func installation(ctx context.Context, db *sqlx.DB) (string, error) {
	var id string
	err := db.GetContext(ctx, &id, `SELECT id FROM installation`)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the id of the installation: %w", classify(err))
	}
	return id, nil
}

func setInstallation(ctx context.Context, db *sqlx.DB, id string) error {
	if _, err := db.ExecContext(ctx, `INSERT INTO installation (one, id) VALUES (1, ?)`, id); err != nil {
		return fmt.Errorf("write the id of the installation: %w", classify(err))
	}
	return nil
}

// Rotate wraps the keys of a data folder that nobody uses with another master
// key, and gives how many there were. A key in a file is made and replaced
// there; a key in the text must have the new one in front of the old one.
func Rotate(ctx context.Context, path string, master vault.Source) (n int, err error) {
	dir, err := lockFolder(path)
	if err != nil {
		return 0, fmt.Errorf("rotate the master key: %w", err)
	}
	defer func() { err = errors.Join(err, dir.unlock()) }()
	source := Options{Path: path, Master: master}.source()
	source.Make = false
	m, err := vault.ReadMaster(source)
	if err != nil {
		return 0, err
	}
	if !m.Several() { // else a rotation was broken off, or the text has both
		if source.Text != "" {
			return 0, fmt.Errorf("rotate the master key: %w: put the new key in front of the old one", vault.ErrMaster)
		}
		if m, err = m.Replaced(); err != nil {
			return 0, err
		}
		if err := m.Save(source.File); err != nil {
			return 0, err
		}
	}
	ring, err := openKeys(ctx, path, time.Now)
	if err != nil {
		return 0, err
	}
	n, err = ring.rewrap(m)
	if err = errors.Join(err, ring.close()); err != nil || source.Text != "" {
		return n, err
	}
	return n, m.Alone().Save(source.File)
}
