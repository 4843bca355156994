package search

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/event"
)

// ErrInUse says that another process has the index open.
var ErrInUse = errors.New("the search index is open in another process")

var _ event.Consumer = (*Index)(nil)

// Keys of what the index keeps about itself.
const (
	cursorKey = "cursor"
	layoutKey = "layout"
)

// metaFile is bleve's, and where it looks for an index.
const metaFile = "index_meta.json"

// behind is how many events the index may lack and still call itself
// complete: the live log is always a few ahead.
const behind = 1000

// take puts what an event does to the index into a batch, and says whether it
// adds an utterance.
func (x *Index) take(b *batches, e event.Event) (bool, error) {
	if e.Type == event.CallForgotten {
		return false, forget(b, e)
	}
	if !worded(e.Type) || e.Erased() {
		return false, x.takeCall(b, e)
	}
	var s said
	if err := json.Unmarshal(e.Data, &s); err != nil || s.Utterance.ID == "" {
		x.unreadable(e, "its payload is no utterance")
		return false, nil //nolint:nilerr // it would be no better the next time
	}
	if e.Type != event.UtteranceSpoken && !s.Spoken.IsZero() {
		e.Time = s.Spoken // a correction makes nothing newer
	}
	language := languageOf(cmp.Or(s.Utterance.Language, x.usual))
	id, doc := document(e, s, language)
	batch, v, err := b.in(monthOf(s.Utterance.CallID, e.Time))
	if err != nil {
		return false, err
	}
	first, err := x.first(v, &s.Utterance)
	if err != nil {
		return false, err
	}
	if first {
		doc["first"] = string(s.Utterance.Speaker)
	}
	v.speaks(language)
	if err := batch.Index(id, doc); err != nil {
		return false, fmt.Errorf("search index: event %d: %w", e.Seq, err)
	}
	return true, nil
}

// State says whether the index holds all that was committed.
type State string

// A new or damaged index is partial until it has read the whole log.
const (
	Complete State = "complete"
	Partial  State = "partial"
)

// Options configure an index.
type Options struct {
	Logger     *slog.Logger          // nil logs nothing
	Registerer prometheus.Registerer // nil counts nothing
	// Head gives the last sequence number of the event log, so that State can
	// say whether the index holds everything. Nil means it always does.
	// The log must be followed without a filter of types.
	Head func(context.Context) (int64, error)
	// Language (BCP 47) is that of utterances which name none. An index that
	// was made with another is built again.
	Language string
}

// Index holds the utterances. It is safe for concurrent use; Handle is called
// by one goroutine at a time.
type Index struct {
	dir     string
	layout  string
	usual   string // language of utterances that name none
	log     *slog.Logger
	head    func(context.Context) (int64, error)
	metrics metrics

	mu     sync.RWMutex // held for writing while months are replaced or closed
	months *months
	reader reader
	mapped *mapping.IndexMappingImpl
	cursor atomic.Int64
	opened opened      // by Handle alone
	caught atomic.Bool // has read up to the head once since it was opened
}

// Open opens the index in a folder, which belongs to it: when it is damaged
// or of another version, what is in it is deleted and built again from the
// log. ErrInUse means that another process has it.
func Open(dir string, o Options) (*Index, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	counts, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	m, err := newMapping()
	if err != nil {
		return nil, err
	}
	x := &Index{
		dir: dir, layout: layout, usual: o.Language, mapped: m, reader: readerOf(m),
		log: o.Logger.With("component", "search"), head: o.Head, metrics: counts, opened: opened{},
	}
	x.layout += languageOf(o.Language)
	var cursor int64
	x.months, cursor, err = openMonths(dir, x.layout, m)
	switch {
	case err == nil:
		x.cursor.Store(cursor)
	case errors.Is(err, ErrInUse):
		return nil, fmt.Errorf("open search index %s: %w", dir, err)
	default:
		if !errors.Is(err, os.ErrNotExist) {
			x.log.Warn("search index is built again", "reason", err.Error())
		}
		if x.months, err = createMonths(dir, x.layout, m); err != nil {
			return nil, fmt.Errorf("make search index %s: %w", dir, err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("open search index: %w", err), x.months.close())
	}
	return x, nil
}

// private leaves the folder to its owner alone, for it holds what was said:
// also one that was made, or restored, with other modes.
func private(dir string) error {
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("keep the folder private: %w", err)
	}
	if err := os.Chmod(filepath.Join(dir, metaFile), 0o600); err != nil {
		return fmt.Errorf("keep the folder private: %w", err)
	}
	return nil
}

// openExisting opens what is there. Any error but ErrInUse means that it
// cannot be used. bleve panics on some kinds of damage.
func openExisting(dir, layout string) (b bleve.Index, cursor int64, err error) {
	if _, err := os.Stat(filepath.Join(dir, metaFile)); err != nil {
		return nil, 0, fmt.Errorf("search index: %w", os.ErrNotExist)
	}
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("search index: damaged: %v", r)
		}
	}()
	b, err = bleve.OpenUsing(dir, map[string]any{"bolt_timeout": "2s"})
	if err != nil {
		if inUse(err) {
			return nil, 0, ErrInUse
		}
		return nil, 0, fmt.Errorf("search index: %w", err)
	}
	cursor, err = readCursor(b, layout)
	if err != nil {
		return nil, 0, errors.Join(err, b.Close())
	}
	return b, cursor, nil
}

func readCursor(b bleve.Index, layout string) (int64, error) {
	have, err := b.GetInternal([]byte(layoutKey))
	if err != nil {
		return 0, fmt.Errorf("search index: read layout: %w", err)
	}
	if string(have) != layout {
		return 0, fmt.Errorf("search index: layout %q, want %q", have, layout)
	}
	raw, err := b.GetInternal([]byte(cursorKey))
	if err != nil {
		return 0, fmt.Errorf("search index: read cursor: %w", err)
	}
	if raw == nil {
		return 0, nil
	}
	cursor, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || cursor < 0 {
		return 0, fmt.Errorf("search index: cursor %q is no number", raw)
	}
	return cursor, nil
}

// Name is the consumer's name.
func (x *Index) Name() string { return "search" }

// Cursor is the last event that the index holds, 0 for none.
func (x *Index) Cursor(context.Context) (int64, error) { return x.cursor.Load(), nil }

// said is what the index reads of the events about an utterance.
type said struct {
	Utterance insights.Utterance `json:"utterance"`
	Insights  []insights.Insight `json:"insights"`
	// Spoken is the time of the first event about an utterance in a later one.
	Spoken time.Time `json:"spoken"`
}

// worded says that an event tells how an utterance reads from then on.
func worded(t event.Type) bool {
	return slices.Contains(event.Readings(), t)
}

// Handle indexes the utterances among events, anew when they were corrected,
// and what they tell of calls, and moves the cursor with it. An event that it
// has seen changes nothing; one whose payload does not parse is counted, logged
// by number and left out.
func (x *Index) Handle(ctx context.Context, events []event.Event) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.months == nil {
		return errClosed
	}
	forgotten, err := x.handle(events)
	if err != nil {
		return err
	}
	return x.purge(ctx, forgotten)
}

// handle gives the months of which something was deleted.
func (x *Index) handle(events []event.Event) (forgotten []month, err error) {
	started := time.Now()
	b, last, count := x.months.batches(), x.cursor.Load(), 0
	var at time.Time
	for _, e := range events {
		if e.Seq <= last {
			continue
		}
		last, at = e.Seq, e.Time
		added, err := x.take(b, e)
		if err != nil {
			return nil, err
		}
		if added {
			count++
		}
		if e.Type == event.CallForgotten {
			forgotten = append(forgotten, x.months.within(e.Call)...)
		}
	}
	if last == x.cursor.Load() {
		return nil, nil
	}
	if err := b.commit(last, at); err != nil {
		return nil, fmt.Errorf("search index: batch up to event %d: %w", last, err)
	}
	x.cursor.Store(last)
	x.metrics.batch(count, time.Since(started))
	return forgotten, nil
}

// State says whether the index holds all that was committed, but for the few
// events that are always on their way. It reads the head of the log.
func (x *Index) State(ctx context.Context) State {
	if x.head == nil {
		return Complete
	}
	head, err := x.head(ctx)
	lag := head - x.cursor.Load()
	if err == nil && lag <= 0 {
		x.caught.Store(true)
	}
	if err != nil || lag > behind || lag > 0 && !x.caught.Load() {
		return Partial
	}
	return Complete
}

// Rebuild empties the index, so that the log is read from the beginning: for
// a log that was restored from an older copy.
func (x *Index) Rebuild() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.months == nil {
		return errClosed
	}
	err := x.months.close()
	x.months = nil
	if err != nil {
		x.log.Warn("search index did not close", "reason", err.Error())
	}
	if x.months, err = createMonths(x.dir, x.layout, x.mapped); err != nil {
		return fmt.Errorf("rebuild search index: %w", err)
	}
	x.cursor.Store(0)
	clear(x.opened)
	x.caught.Store(false)
	return nil
}

var errClosed = errors.New("the search index is closed")

// Close closes the index; every batch is on disk already. Later calls fail; a second
// Close does nothing.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.months == nil {
		return nil
	}
	err := x.months.close()
	x.months = nil
	if err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return nil
}
