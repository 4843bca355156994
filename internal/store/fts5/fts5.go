// Package fts5 is SQLite's own full-text search, beside which the bench measures
// Heed's. Nothing else uses it: SQLite must be built for it (-tags sqlite_fts5).
package fts5

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver
)

// Index holds what was said in one table. It is used by one goroutine.
type Index struct{ db *sqlx.DB }

// Said is one utterance.
type Said struct{ Text, Speaker, At string }

// Open makes an index in a file that is new.
func Open(ctx context.Context, path string) (*Index, error) {
	db, err := sqlx.ConnectContext(ctx, "sqlite3", "file:"+path+"?_journal=WAL&_sync=OFF")
	if err != nil {
		return nil, fmt.Errorf("fts5: %w", err)
	}
	_, err = db.ExecContext(ctx, `CREATE VIRTUAL TABLE said USING fts5 (text, speaker UNINDEXED, at UNINDEXED, tokenize = 'porter unicode61')`)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fts5: %w", err), db.Close())
	}
	return &Index{db}, nil
}

// Add puts utterances in, in one transaction.
func (x *Index) Add(ctx context.Context, said []Said) error {
	tx, err := x.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fts5: %w", err)
	}
	for _, s := range said {
		if _, err := tx.ExecContext(ctx, `INSERT INTO said VALUES (?, ?, ?)`, s.Text, s.Speaker, s.At); err != nil {
			return errors.Join(fmt.Errorf("fts5: %w", err), tx.Rollback())
		}
	}
	return tx.Commit()
}

// Ask reads the twenty best of a query and how many there are. Between narrows
// it to what a party said between two days, unless that is empty.
func (x *Index) Ask(ctx context.Context, match string, between [3]string) (best []string, all int, err error) {
	where, args := `said MATCH ?`, []any{match}
	if between[0] != "" {
		where += ` AND speaker = ? AND at BETWEEN ? AND ?`
		args = append(args, between[0], between[1], between[2])
	}
	if err := x.db.SelectContext(ctx, &best, `SELECT text FROM said WHERE `+where+` ORDER BY rank LIMIT 20`, args...); err != nil {
		return nil, 0, fmt.Errorf("fts5: %w", err)
	}
	if err := x.db.GetContext(ctx, &all, `SELECT count(*) FROM said WHERE `+where, args...); err != nil {
		return nil, 0, fmt.Errorf("fts5: %w", err)
	}
	return best, all, nil
}

// Close closes the file.
func (x *Index) Close() error { return x.db.Close() }
