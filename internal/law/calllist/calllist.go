// Package calllist keeps the do-not-call lists: our own, to which whoever asks
// is added at once, and those of authorities, which are imported. It keeps a
// number as a keyed hash only, so that nobody reads a list back out of the
// database, and gives none away.
package calllist

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/internal/customer"
	"heed/internal/law"
	"heed/internal/store"
)

// Own is the list of those who asked us.
const Own = "own"

// Errors of this package.
var (
	// ErrNumber refuses what is no telephone number.
	ErrNumber = errors.New("not a telephone number with its country")
	// ErrLines refuses what is no list of lines.
	ErrLines = errors.New("not a list with one number a line")
)

// data is where the lists are stored.
type data interface {
	Write(ctx context.Context, fn func(*store.Tx) error) error
	Listed(ctx context.Context, number []byte, at time.Time) ([]law.Listing, error)
	CallLists(ctx context.Context) ([]store.BarredList, error)
}

// Lists is safe for concurrent use.
type Lists struct {
	store  data
	key    []byte
	region string
	now    func() time.Time
}

// New makes the lists. The secret keys the hashes: with another one no number
// is found again. Region is the country (ISO 3166) of numbers without one.
func New(s data, secret []byte, region string, now func() time.Time) *Lists {
	key := hmac.New(sha256.New, secret)
	_, _ = key.Write([]byte("do-not-call lists")) // a hash takes everything
	return &Lists{store: s, key: key.Sum(nil), region: region, now: now}
}

// hashBytes is enough that two of a billion numbers do not meet.
const hashBytes = 16

func (l *Lists) hash(number string) ([]byte, error) {
	e164, ok := customer.NormalizePhone(number, l.region)
	if !ok {
		return nil, ErrNumber
	}
	h := hmac.New(sha256.New, l.key)
	_, _ = h.Write([]byte(e164)) // a hash takes everything
	return h.Sum(nil)[:hashBytes], nil
}

// Listed gives the lists that a number is on; none for what is no number. A zero
// time is now, another one a past moment; see [store.Store.Listed].
func (l *Lists) Listed(ctx context.Context, number string, at time.Time) ([]law.Listing, error) {
	h, err := l.hash(number)
	if errors.Is(err, ErrNumber) {
		return nil, nil // nobody can be called there
	}
	return l.store.Listed(ctx, h, at)
}

// All gives the lists with their sizes.
func (l *Lists) All(ctx context.Context) ([]store.BarredList, error) { return l.store.CallLists(ctx) }

// Add puts a number on our own list. Adding it again changes nothing.
func (l *Lists) Add(ctx context.Context, number string) error {
	h, err := l.hash(number)
	if err != nil {
		return err
	}
	return l.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveCallList(store.BarredList{Name: Own, Source: "people who asked us", Changed: l.now()}); err != nil {
			return err
		}
		return tx.ListNumbers(Own, [][]byte{h}, l.now(), 0)
	})
}

// Remove takes a number off our own list, and says whether it was on it.
func (l *Lists) Remove(ctx context.Context, number string) (was bool, err error) {
	h, err := l.hash(number)
	if err != nil {
		return false, err
	}
	err = l.store.Write(ctx, func(tx *store.Tx) error {
		was, err = tx.UnlistNumber(Own, h, l.now())
		return err
	})
	return was, err
}

// Part is what came of a part of an import.
type Part struct {
	Numbers int `json:"numbers"`
	// Bad counts lines that hold no number; Lines are the first of them,
	// counted from 1 in the part.
	Bad   int   `json:"bad"`
	Lines []int `json:"lines,omitempty"`
}

// Import puts the numbers of some lines on a list, which is made when it is
// new. The number is the first column; "212,5550123" is one number, as in the
// American registry's files. Round marks the parts of one import. A part
// without any number changes nothing; a line that is too long is ErrLines.
func (l *Lists) Import(ctx context.Context, list store.BarredList, lines []byte, round int64) (Part, error) {
	var p Part
	var numbers [][]byte
	scan := bufio.NewScanner(bytes.NewReader(lines))
	for n := 1; scan.Scan(); n++ {
		text := strings.TrimSpace(scan.Text())
		if text == "" {
			continue
		}
		h, err := l.hash(column(text))
		if err != nil {
			const shown = 5
			if p.Bad++; len(p.Lines) < shown {
				p.Lines = append(p.Lines, n)
			}
			continue
		}
		numbers = append(numbers, h)
	}
	if err := scan.Err(); err != nil {
		return p, fmt.Errorf("%w: %w", ErrLines, err)
	}
	if p.Numbers = len(numbers); p.Numbers == 0 {
		return p, nil
	}
	list.Changed = l.now()
	return p, l.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveCallList(list); err != nil {
			return err
		}
		return tx.ListNumbers(list.Name, numbers, l.now(), round)
	})
}

// End ends an import of a whole list: numbers that it did not name are taken
// off. It says how many.
func (l *Lists) End(ctx context.Context, list string, round int64) (gone int64, err error) {
	err = l.store.Write(ctx, func(tx *store.Tx) error {
		gone, err = tx.EndImport(list, round, l.now())
		return err
	})
	return gone, err
}

// column gives the number of a line.
func column(line string) string {
	first, rest, found := strings.Cut(strings.ReplaceAll(line, "\t", ","), ",")
	if found && len(first) == 3 && len(rest) >= 7 { // area code and number
		rest, _, _ = strings.Cut(rest, ",")
		return "+1" + first + rest
	}
	return strings.Trim(first, `"`)
}
