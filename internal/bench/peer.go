package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store/fts5"
)

// peer is SQLite's full-text search over the same utterances, nil where this
// binary was built without it.
type peer struct{ *fts5.Index }

func openPeer(ctx context.Context, path string) *peer {
	x, err := fts5.Open(ctx, path)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: no SQLite FTS5 beside it; build with -tags sqlite_fts5:", err)
		return nil
	}
	return &peer{x}
}

func (p *peer) add(ctx context.Context, events []event.Event) error {
	if p == nil {
		return nil
	}
	var said []fts5.Said
	for _, e := range events {
		var s struct {
			Utterance insights.Utterance `json:"utterance"`
		}
		if err := json.Unmarshal(e.Data, &s); err == nil && s.Utterance.Text != "" {
			said = append(said, fts5.Said{Text: s.Utterance.Text, Speaker: string(s.Utterance.Speaker), At: e.Time.Format(time.RFC3339)})
		}
	}
	return p.Add(ctx, said)
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
	return p.Close()
}
