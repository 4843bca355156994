package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver

	"heed/insights"
	"heed/internal/event"
)

// peer is SQLite's full-text search over the same utterances, nil where this
// binary was built without it (-tags sqlite_fts5).
type peer struct{ db *sqlx.DB }

func openPeer(ctx context.Context, path string) *peer {
	db, err := sqlx.ConnectContext(ctx, "sqlite3", "file:"+path+"?_journal=WAL&_sync=OFF")
	if err != nil {
		return nil
	}
	_, err = db.ExecContext(ctx, `CREATE VIRTUAL TABLE said USING fts5 (text, speaker UNINDEXED, at UNINDEXED, tokenize = 'porter unicode61')`)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: no SQLite FTS5 beside it:", err)
		_ = db.Close()
		return nil
	}
	return &peer{db}
}

func (p *peer) add(ctx context.Context, events []event.Event) error {
	if p == nil {
		return nil
	}
	tx, err := p.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	for _, e := range events {
		var s struct {
			Utterance insights.Utterance `json:"utterance"`
		}
		if err := json.Unmarshal(e.Data, &s); err != nil || s.Utterance.Text == "" {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO said VALUES (?, ?, ?)`, s.Utterance.Text, string(s.Utterance.Speaker), e.Time.Format(time.RFC3339))
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// ask reads the twenty best and how many there are, as a page of ours has them.
func (p *peer) ask(ctx context.Context, match, where string) error {
	var texts []string
	err := p.db.SelectContext(ctx, &texts, `SELECT text FROM said WHERE said MATCH ?`+where+` ORDER BY rank LIMIT 20`, match)
	if err != nil {
		return err
	}
	var n int
	return p.db.GetContext(ctx, &n, `SELECT count(*) FROM said WHERE said MATCH ?`+where, match)
}

func (p *peer) says(format string, figure float64) string {
	if p == nil {
		return ""
	}
	return " (SQLite FTS5 " + fmt.Sprintf(format, figure) + ")"
}

func (p *peer) beside(took []time.Duration) string {
	if p == nil || len(took) == 0 {
		return ""
	}
	return " (SQLite FTS5 " + quantiles(took) + ")"
}

func (p *peer) close() error {
	if p == nil {
		return nil
	}
	return p.db.Close()
}
