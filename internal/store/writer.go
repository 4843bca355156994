package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/internal/event"
	"heed/internal/vault"
)

// errPanicked stands for a panic of a write on its way to the one who asked.
var errPanicked = errors.New("the write panicked")

// The life of a request.
const (
	waiting int32 = iota
	started
	abandoned
)

// request is one Write on its way.
type request struct {
	fn    func(*Tx) error
	ended func() error // the Err of the asker's context
	state atomic.Int32
	reply chan error // room for one, so that the writer never blocks
	panic string     // with the stack of the writer; set before reply
}

// call runs fn and turns a panic into an error, so that it hits the one who
// asked and not the writer.
func (r *request) call(tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.panic = fmt.Sprintf("store: write panicked: %v\n%s", p, debug.Stack())
			err = errPanicked
		}
	}()
	return r.fn(tx)
}

func (r *request) result(err error) error {
	if r.panic != "" {
		panic(r.panic)
	}
	return err
}

type writerOptions struct {
	queue             chan *request
	group             int // most writes a commit
	now               func() time.Time
	metrics           *metrics
	logger            *slog.Logger
	visible, released func([]event.Event)
	vault             *vault.Vault
	ring              *keyFile
	linked            *linked
}

// writer is the actor that owns the one connection that writes.
type writer struct {
	writerOptions
	conn    *sqlx.Conn
	prepare func(query string) (statement, error)
	stmts   map[string]statement // by query; all queries are constants
	sick    atomic.Bool          // the last commit failed

	once sync.Once
	stop chan struct{} // closed to ask for the end
	done chan struct{} // closed at the end
}

func newWriter(ctx context.Context, db *sqlx.DB, o writerOptions) (*writer, error) {
	ctx = context.WithoutCancel(ctx) // it lives until it is shut
	conn, err := db.Connx(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the writing connection: %w", classify(err))
	}
	// A log that a burst of calls made long gives its disk space back.
	if _, err := conn.ExecContext(ctx, `PRAGMA journal_size_limit = 67108864`); err != nil {
		return nil, errors.Join(fmt.Errorf("limit the write-ahead log: %w", classify(err)), conn.Close())
	}
	// What is rewritten aside never reaches the disk.
	if _, err := conn.ExecContext(ctx, `PRAGMA temp_store = MEMORY`); err != nil {
		return nil, errors.Join(fmt.Errorf("keep temporary tables in memory: %w", classify(err)), conn.Close())
	}
	return &writer{
		writerOptions: o,
		conn:          conn,
		prepare:       func(query string) (statement, error) { return prepare(ctx, conn, query) },
		stmts:         make(map[string]statement),
		stop:          make(chan struct{}),
		done:          make(chan struct{}),
	}, nil
}

// statement is a prepared query. It does not end with any asker's context: a
// write that has started is finished.
type statement struct {
	exec      func(args ...any) (sql.Result, error)
	get, list func(dest any, args ...any) error
	close     func() error
}

func prepare(ctx context.Context, conn *sqlx.Conn, query string) (statement, error) {
	stmt, err := conn.PreparexContext(ctx, query) //nolint:sqlclosecheck // closed by writer.close
	if err != nil {
		return statement{}, fmt.Errorf("prepare: %w", classify(err))
	}
	return statement{
		exec:  func(args ...any) (sql.Result, error) { return stmt.ExecContext(ctx, args...) },
		get:   func(dest any, args ...any) error { return stmt.GetContext(ctx, dest, args...) },
		list:  func(dest any, args ...any) error { return stmt.SelectContext(ctx, dest, args...) },
		close: stmt.Close,
	}, nil
}

// do hands a write to the writer and waits for its result.
func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	r := &request{fn: fn, ended: ctx.Err, reply: make(chan error, 1)}
	if err := w.enqueue(ctx, r); err != nil {
		return err
	}
	select {
	case err := <-r.reply:
		return r.result(err)
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, abandoned) {
			return fmt.Errorf("write not started: %w", ctx.Err())
		}
	case <-w.done:
	}
	select {
	case err := <-r.reply:
		return r.result(err)
	case <-w.done:
	}
	select { // both may be ready
	case err := <-r.reply:
		return r.result(err)
	default:
		return ErrClosed
	}
}

func (w *writer) enqueue(ctx context.Context, r *request) error {
	select {
	case <-w.stop: // even if there is room
		return ErrClosed
	default:
	}
	select {
	case w.queue <- r:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("write not started: %w", ctx.Err())
	case <-w.stop:
		return ErrClosed
	}
}

// shut asks the writer to finish what waits, and waits for it.
func (w *writer) shut() {
	w.once.Do(func() { close(w.stop) })
	<-w.done
}

// close gives the connection back. The writer must have ended or never begun.
func (w *writer) close() error {
	var errs []error
	for _, stmt := range w.stmts {
		errs = append(errs, stmt.close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case r := <-w.queue:
			w.serve(r)
		case <-w.stop:
			w.drain()
			return
		}
	}
}

func (w *writer) drain() {
	for {
		select {
		case r := <-w.queue:
			w.serve(r)
		default:
			return
		}
	}
}

// serve commits the first write and all that wait behind it.
func (w *writer) serve(first *request) {
	batch := []*request{first}
gather:
	for len(batch) < w.group {
		select {
		case r := <-w.queue:
			batch = append(batch, r)
		default:
			break gather
		}
	}
	for len(batch) > 0 {
		batch = w.transact(batch)
	}
}

// transact runs writes in one transaction, commits it and tells those who
// wait. When the transaction breaks in the middle it gives back the writes
// that were not reached.
func (w *writer) transact(batch []*request) (rest []*request) {
	g := group{results: make([]error, 0, len(batch))}
	begun := w.exec("BEGIN IMMEDIATE")
	for i, r := range batch {
		if !w.start(r) {
			continue
		}
		g.writes = append(g.writes, r)
		if begun != nil {
			g.broken = begun
			g.results = append(g.results, begun)
			continue
		}
		if w.one(r, &g); g.broken != nil {
			rest = batch[i+1:]
			break
		}
	}
	w.finish(&g)
	return rest
}

// start claims a write, unless the one who asked has gone.
func (w *writer) start(r *request) bool {
	if r.ended() != nil {
		return false // the asker sees its context end
	}
	return r.state.CompareAndSwap(waiting, started)
}

// group is one transaction's worth of writes.
type group struct {
	writes  []*request
	results []error // one for each of writes
	events  []event.Event
	broken  error // why nothing of it can be committed
}

// one runs a write in its savepoint.
func (w *writer) one(r *request, g *group) {
	if err := w.exec("SAVEPOINT w"); err != nil {
		g.broken = err
		g.results = append(g.results, err)
		return
	}
	tx := &Tx{w: w, now: w.now}
	err := r.call(tx)
	if err == nil {
		err = tx.failed // a failure that fn swallowed is still one
	}
	tx.w = nil
	g.results = append(g.results, err)
	if err != nil {
		g.broken = w.undo(cmp.Or(tx.failed, err))
		return
	}
	if g.broken = w.exec("RELEASE w"); g.broken != nil {
		return
	}
	g.events = append(g.events, tx.events...)
}

// undo takes one write back. When that fails, SQLite has rolled back the whole
// transaction, as it does when the disk is full.
func (w *writer) undo(cause error) (broken error) {
	if w.exec("ROLLBACK TO w") != nil || w.exec("RELEASE w") != nil {
		return cause
	}
	return nil
}

// finish commits a group and tells those who wait.
func (w *writer) finish(g *group) {
	if g.broken == nil {
		// A key is durable before anything that was sealed with it.
		g.broken = w.vault.Flush()
	}
	if g.broken == nil {
		if err := w.exec("COMMIT"); err != nil {
			g.broken = err
		}
	}
	w.sick.Store(g.broken != nil)
	if g.broken != nil {
		w.fail(g)
	} else if len(g.events) > 0 {
		w.visible(g.events)
	}
	w.metrics.group.Observe(float64(len(g.writes)))
	for i, r := range g.writes {
		r.reply <- g.results[i]
	}
	if len(g.events) > 0 {
		w.released(g.events)
	}
}

// fail makes a broken group's writes all failures.
func (w *writer) fail(g *group) {
	_ = w.exec("ROLLBACK") // fails when SQLite did so itself
	g.events = nil
	for i, err := range g.results {
		if err == nil {
			g.results[i] = fmt.Errorf("commit: %w", g.broken)
		}
	}
	reason := "other"
	if errors.Is(g.broken, ErrFull) {
		reason = "full"
	}
	w.metrics.failed.WithLabelValues(reason).Inc()
	w.logger.Error("commit failed", "err", g.broken, "writes", len(g.writes))
}

// stmt gives the prepared form of a constant query.
func (w *writer) stmt(query string) (statement, error) {
	if stmt, ok := w.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := w.prepare(query)
	if err == nil {
		w.stmts[query] = stmt
	}
	return stmt, err
}

// exec runs a statement without arguments.
func (w *writer) exec(query string) error {
	stmt, err := w.stmt(query)
	if err == nil {
		_, err = stmt.exec()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", query, classify(err))
	}
	return nil
}
