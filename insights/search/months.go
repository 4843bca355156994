package search

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/google/uuid"
)

// month names an index: that in which a call began, as "2026-11". All of a
// call is in one, so that what is asked about a call is answered by one.
type month string

const monthFormat = "2006-01"

// monthOf gives the month of a call by its id (UUIDv7), or else that of at.
func monthOf(call string, at time.Time) month {
	if m, ok := monthIn(call); ok {
		return m
	}
	return month(at.UTC().Format(monthFormat))
}

func monthIn(call string) (month, bool) {
	id, err := uuid.Parse(call)
	if err != nil || id.Version() != 7 {
		return "", false
	}
	return month(time.Unix(id.Time().UnixTime()).UTC().Format(monthFormat)), true
}

// volume is the index of one month.
type volume struct {
	bleve.Index

	dir    string
	spoken atomic.Pointer[tongues] // the languages of what it holds
}

// speaks notes that something of a language is in it.
func (v *volume) speaks(language string) {
	now := *v.spoken.Load()
	if with := now.with(language); len(with) > len(now) {
		v.spoken.Store(&with)
	}
}

// reader adds the languages that are there, whose stems are worth looking for.
func (v *months) reader(r reader) reader {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, one := range v.of {
		for _, language := range *one.spoken.Load() {
			r.in = r.in.with(language)
		}
	}
	return r
}

// months are all indexes of a folder, behind one alias. An index is made when
// the first event of its month comes.
type months struct {
	dir, layout string
	mapping     *mapping.IndexMappingImpl
	alias       bleve.IndexAlias

	mu sync.RWMutex // one may be added while others are searched
	of map[month]*volume
}

// listen finds out which languages are there.
func (v *volume) listen() error {
	fields, err := v.Fields()
	if err != nil {
		return fmt.Errorf("search index: fields: %w", err)
	}
	for _, f := range fields {
		if language, ok := strings.CutPrefix(f, stemField); ok {
			v.speaks(language)
		}
	}
	return nil
}

// listFile tells which months there are, so that one which is missing is
// missed.
const listFile = "months"

// openMonths opens what is there and gives the last event that it holds. Any
// error but ErrInUse means that it cannot be used.
func openMonths(dir, layout string, m *mapping.IndexMappingImpl) (_ *months, cursor int64, err error) {
	v := newMonths(dir, layout, m)
	list, err := os.ReadFile(filepath.Join(dir, listFile))
	if err != nil {
		return nil, 0, fmt.Errorf("search index: %w", err)
	}
	for name := range strings.FieldsSeq(string(list)) {
		b, last, err := openExisting(filepath.Join(dir, name), layout)
		if err != nil {
			return nil, 0, errors.Join(fmt.Errorf("month %q: %w", name, err), v.close())
		}
		if err := v.add(month(name), b).listen(); err != nil {
			return nil, 0, errors.Join(fmt.Errorf("month %q: %w", name, err), v.close())
		}
		cursor = max(cursor, last)
	}
	return v, cursor, nil
}

func newMonths(dir, layout string, m *mapping.IndexMappingImpl) *months {
	return &months{dir: dir, layout: layout, mapping: m, of: map[month]*volume{}, alias: bleve.NewIndexAlias()}
}

// createMonths makes a folder without any, deleting what was there.
func createMonths(dir, layout string, m *mapping.IndexMappingImpl) (*months, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	v := newMonths(dir, layout, m)
	return v, v.list()
}

func (v *months) add(m month, b bleve.Index) *volume {
	b.SetName(string(m)) // else hits carry the folder's path
	one := &volume{Index: b, dir: filepath.Join(v.dir, string(m))}
	one.spoken.Store(&tongues{})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.of[m] = one
	v.alias.Add(b)
	return one
}

// volume gives the index of a month, which it makes if there is none.
func (v *months) volume(m month) (*volume, error) {
	if one := v.get(m); one != nil {
		return one, nil
	}
	dir := filepath.Join(v.dir, string(m))
	if err := os.RemoveAll(dir); err != nil { // made, and not yet listed, before a crash
		return nil, fmt.Errorf("search index: %w", err)
	}
	b, err := bleve.NewUsing(dir, v.mapping, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("search index: month %s: %w", m, err)
	}
	if err := b.SetInternal([]byte(layoutKey), []byte(v.layout)); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	if err := private(dir); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	one := v.add(m, b)
	return one, v.list()
}

// list writes down which months there are.
func (v *months) list() error {
	var text strings.Builder
	for _, m := range v.names() {
		text.WriteString(string(m) + "\n")
	}
	path := filepath.Join(v.dir, listFile)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("search index: list of months: %w", err)
	}
	_, err = f.WriteString(text.String())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("search index: list of months: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("search index: list of months: %w", err)
	}
	return nil
}

// names are the months that there are, in order.
func (v *months) names() []month {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return slices.Sorted(maps.Keys(v.of))
}

// get gives the index of a month, nil when there is none.
func (v *months) get(m month) *volume {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.of[m]
}

// newest is the latest month, or that of at when there is none.
func (v *months) newest(at time.Time) month {
	if all := v.names(); len(all) > 0 {
		return all[len(all)-1]
	}
	return monthOf("", at)
}

func (v *months) close() error {
	var errs []error
	for _, one := range v.of {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// batches are what a number of events does to the indexes of their months.
type batches struct {
	months *months
	of     map[month]*bleve.Batch
	calls  map[string]*wholeCall // that are in a batch
}

func (v *months) batches() *batches {
	return &batches{months: v, of: map[month]*bleve.Batch{}, calls: map[string]*wholeCall{}}
}

// in gives the batch of a month and its index.
func (b *batches) in(m month) (*bleve.Batch, *volume, error) {
	v, err := b.months.volume(m)
	if err != nil {
		return nil, nil, err
	}
	if b.of[m] == nil {
		b.of[m] = v.NewBatch()
	}
	return b.of[m], v, nil
}

// commit writes all of it. The cursor is in the last write, so that a crash
// before has the events read again.
func (b *batches) commit(cursor int64, at time.Time) error {
	if len(b.of) == 0 {
		if _, _, err := b.in(b.months.newest(at)); err != nil {
			return err
		}
	}
	names := slices.Sorted(maps.Keys(b.of))
	for i, m := range names {
		if i == len(names)-1 {
			b.of[m].SetInternal([]byte(cursorKey), strconv.AppendInt(nil, cursor, 10))
		}
		if err := b.months.get(m).Batch(b.of[m]); err != nil {
			return fmt.Errorf("month %s: %w", m, err)
		}
	}
	return nil
}
