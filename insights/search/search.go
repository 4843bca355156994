// Package search finds utterances by their words. It is the only importer of
// bleve.
package search

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/event"
)

// Options configure an index.
type Options struct {
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	// Head gives the last sequence number of the event log, so that State can
	// say whether the index holds everything. Nil means it always does.
	Head func(context.Context) (int64, error)
}

// Index holds the utterances. It is safe for concurrent use.
type Index struct{}

// Query is what to find; see [Parse] for the language of Text.
type Query struct {
	Text    string
	Speaker insights.Speaker // empty: both
	Intent  string           // empty: any
	CallID  string           // empty: all
	From    time.Time        // zero: no bound
	To      time.Time        // exclusive; zero: no bound
	Limit   int              // 1..100; 0 means 20
	After   string           // Next of the page before
}

// Result is one page of hits, best first.
type Result struct {
	Hits  []Hit
	Total int
	Next  string // empty on the last page
	State State
}

// State says whether the index holds all that was committed.
type State string

// A new or damaged index is partial until it has read the whole log.
const (
	Complete State = "complete"
	Partial  State = "partial"
)

// Hit is one utterance found.
type Hit struct {
	CallID      string
	UtteranceID string
	Speaker     insights.Speaker
	Start, End  insights.Seconds
	Text        string
	Highlight   []insights.Span // bytes of Text, in order, not overlapping
	At          time.Time       // when it was spoken, UTC
	Score       float64
}

// SyntaxError says where a query does not parse.
type SyntaxError struct {
	Pos  int    // byte of the query's text, from 0
	Want string // what was expected there
}

// Error says position and expectation.
func (e *SyntaxError) Error() string { return e.Want }

// Open opens the index in a folder, making it when missing or damaged.
func Open(dir string, o Options) (*Index, error) { return &Index{}, nil }

// Name is the consumer's name.
func (x *Index) Name() string { return "search" }

// Cursor is the last event that the index holds.
func (x *Index) Cursor(ctx context.Context) (int64, error) { return 0, nil }

// Handle indexes the utterances among events and moves the cursor, in one batch.
func (x *Index) Handle(ctx context.Context, events []event.Event) error { return nil }

// State says whether the index holds all that was committed.
func (x *Index) State() State { return Partial }

// Search finds utterances; a query that does not parse gives a *SyntaxError.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) { return Result{}, nil }

// Close writes what waits and closes the index.
func (x *Index) Close() error { return nil }
