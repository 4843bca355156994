// Package store keeps every fact that Heed commits: all SQL of the product is
// here. A fact and its event are written in one transaction, and a write that
// was acknowledged survives a power cut.
//
// One writer serves all: writes that wait at the same moment share one commit
// (and one wait for the disk), yet each fails alone. The queue in front of it
// is bounded and pushes back; a writer that waits can give up by its context.
// Readers have connections of their own and never wait for the writer.
//
// It refuses to open a data folder that another process uses or that a newer
// version wrote, and it decides nothing: profiles, consent and decisions come
// and go whole, as the packages that own them made them.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/event"
	"heed/internal/vault"
)

// Options say where and how a store is opened. Only Path is needed.
type Options struct {
	// Path is the data folder; it is made, mode 0700, if it is not there.
	Path string
	// Logger nil logs nothing; Registerer nil registers no metrics.
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	// Queue is how many writes may wait before Write pushes back, and Group
	// how many share one commit at most; 0 means 1024 and 256.
	Queue, Group int
	// Now is the clock for what expires; nil means time.Now.
	Now func() time.Time
	// Master is where the key is that wraps the people's keys. Nothing means
	// a file in the folder of keys, which is made when it is not there.
	Master vault.Source
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Queue <= 0 {
		o.Queue = 1024
	}
	if o.Group <= 0 {
		o.Group = 256
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

var _ event.Log = (*Store)(nil)

// Store is an open data folder. It is safe for concurrent use.
type Store struct {
	folder  *folder
	writes  *sqlx.DB // one connection, the writer's
	reads   *reader
	ring    *keyFile
	writer  *writer
	metrics *metrics
	now     func() time.Time
	logger  *slog.Logger

	linked linked
	// listed looks a number up on the do-not-call lists. It is prepared once, for
	// decisions wait for it; it closes with reads.
	listed func() (*sqlx.Stmt, error)

	bell    event.Bell
	lastSeq atomic.Int64

	listeners struct {
		sync.RWMutex
		fns []func([]event.Event)
	}
	close struct {
		sync.Once
		err error
	}
}

// Open opens the data folder, brings its tables up to date and starts the
// writer. The caller closes the store. ctx bounds the opening only. It fails
// with [ErrLocked], [ErrNewer] or [ErrNotWritable] when that is the reason, and
// then it changed nothing.
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.withDefaults()
	dir, err := lockFolder(o.Path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{folder: dir, now: o.Now, logger: o.Logger.With("component", "store")}
	s.listed = sync.OnceValues(func() (*sqlx.Stmt, error) { return s.reads.Preparex(listedQuery) })
	err = s.open(ctx, o)
	if err == nil {
		err = s.sealOld(ctx)
	}
	if err != nil {
		if s.writer != nil {
			s.writer.shut()
		}
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.closeFiles())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	if err := s.folder.refuseNewer(ctx); err != nil {
		return err
	}
	var err error
	if s.writes, err = s.folder.connect("rwc", 1); err != nil {
		return err
	}
	if err := s.folder.migrate(ctx, s.writes, s.logger); err != nil {
		return err
	}
	if err := s.openVault(ctx, o); err != nil {
		return err
	}
	var last int64
	const query = `SELECT coalesce(max(seq), 0) FROM event`
	if err := s.reads.GetContext(ctx, &last, query); err != nil {
		return fmt.Errorf("read the end of the log: %w", classify(err))
	}
	s.lastSeq.Store(last)
	if err := s.loadLinked(ctx); err != nil {
		return err
	}
	queue := make(chan *request, o.Queue)
	s.metrics, err = newMetrics(o.Registerer, func() float64 { return float64(len(queue)) })
	if err != nil {
		return fmt.Errorf("register metrics: %w", err)
	}
	s.writer, err = newWriter(ctx, s.writes, writerOptions{
		queue: queue, group: o.Group, now: o.Now, metrics: s.metrics, logger: s.logger,
		visible: s.visible, released: s.released, vault: s.reads.vault, ring: s.ring, linked: &s.linked,
	})
	if err != nil {
		return err
	}
	go s.writer.run()
	return nil
}

// Close lets the writes that wait finish, then closes the files. Writes that
// come later get [ErrClosed]. It may be called more than once.
func (s *Store) Close() error {
	s.close.Do(func() {
		s.writer.shut()
		s.close.err = s.closeFiles()
	})
	return s.close.err
}

func (s *Store) closeFiles() error {
	var errs []error
	if s.reads != nil {
		errs = append(errs, s.reads.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.writes != nil {
		errs = append(errs, s.writes.Close())
	}
	if s.ring != nil {
		errs = append(errs, s.ring.close())
	}
	errs = append(errs, s.folder.unlock())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Write runs fn in a transaction and returns after the commit is on the disk.
// Many writes may share a commit; when fn fails, only its own changes are
// undone and its error is returned.
//
// fn runs on the writer's goroutine: it must be quick, must not call Write and
// must not keep tx. It runs at most once. When ctx ends before fn was started,
// fn is not run; once it was started, its result is reported whatever ctx
// says. When the queue is full, Write blocks.
func (s *Store) Write(ctx context.Context, fn func(tx *Tx) error) error {
	began := time.Now()
	err := s.writer.do(ctx, fn)
	s.metrics.wait.Observe(time.Since(began).Seconds())
	return err
}

// OnCommit has fn called after each commit that holds events, in the order of
// the log, with Seq set. Register before the first write. fn runs on the
// writer's goroutine after those who wait were released, and must be quick.
func (s *Store) OnCommit(fn func([]event.Event)) {
	s.listeners.Lock()
	defer s.listeners.Unlock()
	s.listeners.fns = append(s.listeners.fns, fn)
}

// visible is called by the writer after a commit, before anybody is told.
func (s *Store) visible(events []event.Event) {
	s.lastSeq.Store(events[len(events)-1].Seq)
}

// released is called by the writer once those who wait were told.
func (s *Store) released(events []event.Event) {
	s.bell.Ring()
	s.listeners.RLock()
	defer s.listeners.RUnlock()
	for _, fn := range s.listeners.fns {
		fn(events)
	}
}

// Changed gives a channel that is closed at the next commit with events.
func (s *Store) Changed() <-chan struct{} { return s.bell.Changed() }

// Check says whether the store can serve: it reads, and if the last commit
// failed it tries a small write, so that it recovers by itself.
func (s *Store) Check(ctx context.Context) error {
	var one int
	if err := s.reads.GetContext(ctx, &one, `SELECT 1 FROM goose_db_version LIMIT 1`); err != nil {
		return fmt.Errorf("check store: %w", classify(err))
	}
	if !s.writer.sick.Load() {
		return nil
	}
	err := s.Write(ctx, func(tx *Tx) error { return tx.SetCursor("store.check", 0) })
	if err != nil {
		return fmt.Errorf("check store: %w", err)
	}
	return nil
}

// Size is how many bytes the tables and their log take on the disk.
func (s *Store) Size() (int64, error) {
	var sum int64
	for _, name := range []string{fileName, fileName + "-wal"} {
		info, err := os.Stat(filepath.Join(s.folder.path, name))
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return 0, fmt.Errorf("size of store: %w", err)
		default:
			sum += info.Size()
		}
	}
	return sum, nil
}
