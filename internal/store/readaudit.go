package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// ReadSlot is the time within which the same person's readings of the same
// thing are one row.
const ReadSlot = 10 * time.Minute

// Read is that somebody read something of a customer: a row of the audit. It
// never holds what was read.
type Read struct {
	N           int64 // its place in the audit; 0 until it is stored
	First, Last time.Time
	Times       int
	Reader
	Kind string // such as "call", "recording" or "search"
	Call string // empty for none
	// About is the customer; empty for none, and once they were erased. Of a
	// call it is whose the call was then, filled in where it is stored.
	About string
	Why   string // what the reader said, if anything
	// Sealed says that the row is in the chain, and Sum with what.
	Sealed bool
	Sum    string // hexadecimal
}

// Reader is who read, and from where.
type Reader struct {
	Who    string // id of a user or a key
	Name   string
	Role   string
	Origin string // class of the address: "local", "private", "public" or "proxied"
}

// NoteReads writes down readings, all or none, durably. Those of a call or a
// customer who is not stored are passed over, as there was nothing to read; the
// others are given back.
func (s *Store) NoteReads(ctx context.Context, reads ...Read) (noted []Read, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		noted = nil
		for i := range reads {
			const op = "note a reading"
			about, there, err := tx.readOf(op, &reads[i])
			if err != nil {
				return err
			}
			if !there {
				continue
			}
			if err := tx.noteRead(op, &reads[i], about); err != nil {
				return err
			}
			noted = append(noted, reads[i])
		}
		return nil
	})
	return noted, err
}

func (tx *Tx) noteRead(op string, r *Read, about string) error {
	slot := r.First.UnixMilli() / ReadSlot.Milliseconds()
	res, err := tx.exec(op, `UPDATE read_audit SET times = times + ?, last = max(last, ?)
		WHERE slot = ? AND who = ? AND kind = ? AND call = ? AND about = ? AND sum IS NULL`,
		r.Times, millis(r.Last), slot, r.Who, r.Kind, r.Call, about)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	why := ""
	if r.Why != "" {
		owner := about
		if owner == "" {
			owner = nobody
		}
		if why, err = tx.sealRaw(op, owner, placeOfWhy, []byte(r.Why)); err != nil {
			return err
		}
	}
	_, err = tx.exec(op, `INSERT INTO read_audit (slot, first, last, times, who, name, role, kind, origin, call, about, why)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		slot, millis(r.First), millis(r.Last), r.Times, r.Who, r.Name, r.Role, r.Kind, r.Origin, r.Call, about, why)
	return err
}

const placeOfWhy = "read_audit/why"

// readOf gives whom a reading is about, and whether there is anything to read.
func (tx *Tx) readOf(op string, r *Read) (about string, there bool, err error) {
	switch {
	case r.Call != "":
		err = tx.get(op, &about, `SELECT CASE status WHEN 'erased' THEN '' ELSE customer END FROM call WHERE id = ?`, r.Call)
	case r.About != "":
		err = tx.get(op, &about, `SELECT id FROM customer WHERE id = ?`, r.About)
	}
	if errors.Is(err, ErrNotFound) {
		return "", false, nil
	}
	return about, err == nil, err
}

// readRow is a row as it lies in the table.
type readRow struct {
	N, Slot, First, Last, Times int64
	Reader
	Kind, Call, About, Why string
	Salt, Hidden, Sum      []byte
}

const readColumns = `SELECT n, slot, first, last, times, who, name, role, kind, origin, call, about, why, salt, hidden, sum FROM read_audit `

// hide sums what an erasure takes away, so that the chain holds afterwards and
// nobody can tell which rows were about the same person.
func (r *readRow) hide() []byte {
	h := hmac.New(sha256.New, r.Salt)
	h.Write([]byte(r.About + "\x00" + r.Why))
	return h.Sum(nil)
}

// chained gives the sum of a row that follows another. It needs a secret of
// the installation: who can change the tables alone cannot seal them anew.
func (r *readRow) chained(before []byte, mark func(typ, value string) []byte) []byte {
	return mark("read audit", fmt.Sprintf("%x %d %d %d %d %q", before, r.N, r.First, r.Last, r.Times,
		[]string{r.Who, r.Name, r.Role, r.Kind, r.Origin, r.Call, hex.EncodeToString(r.Hidden)}))
}

// SealReads puts rows whose time was over at a moment into the chain, in their
// order and at most 500, and says how many.
func (s *Store) SealReads(ctx context.Context, over time.Time) (int, error) {
	const op = "seal the audit of reads"
	sealed := 0
	err := s.Write(ctx, func(tx *Tx) error {
		var rows []readRow
		if err := tx.list(op, &rows, readColumns+`WHERE sum IS NULL ORDER BY n LIMIT 500`); err != nil {
			return err
		}
		var last []byte
		err := tx.get(op, &last, `SELECT sum FROM read_audit WHERE sum IS NOT NULL ORDER BY n DESC LIMIT 1`)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		for i := range rows {
			r := &rows[i]
			if (r.Slot+1)*ReadSlot.Milliseconds() > millis(over) {
				return nil
			}
			r.Salt = make([]byte, 16)
			_, _ = rand.Read(r.Salt) // never fails: crypto/rand aborts the process instead
			r.Hidden = r.hide()
			last = r.chained(last, tx.w.vault.Mark)
			if _, err := tx.exec(op, `UPDATE read_audit SET salt = ?, hidden = ?, sum = ? WHERE n = ?`, r.Salt, r.Hidden, last, r.N); err != nil {
				return err
			}
			sealed++
		}
		return nil
	})
	return sealed, err
}

// ReadQuery asks for a part of the audit; an empty field asks for all.
type ReadQuery struct {
	Who, Call, About, Kind string
	From, To               time.Time // [From, To) of the first reading of a row
	After                  string    // the mark of the page before
	Limit                  int
}

// Reads gives a page of the audit, the latest first, and the mark of the next.
func (s *Store) Reads(ctx context.Context, q ReadQuery) (page []Read, next string, err error) {
	from, err := parseMark(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("audit of reads: %w", err)
	}
	limit := clampLimit(q.Limit)
	until := int64(1<<63 - 1)
	if !q.To.IsZero() {
		until = millis(q.To)
	}
	var begin int64
	if !q.From.IsZero() {
		begin = millis(q.From)
	}
	var rows []readRow
	err = s.reads.SelectContext(ctx, &rows, readColumns+`WHERE n < ?1 AND (?2 = '' OR who = ?2) AND (?3 = '' OR call = ?3)
		AND (?4 = '' OR about = ?4) AND (?5 = '' OR kind = ?5) AND first >= ?6 AND first < ?7 ORDER BY n DESC LIMIT ?8`,
		from.at, q.Who, q.Call, q.About, q.Kind, begin, until, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("audit of reads: %w", classify(err))
	}
	page = make([]Read, 0, len(rows))
	for i := range rows[:min(len(rows), limit)] {
		r, err := s.read(&rows[i])
		if err != nil {
			return nil, "", err
		}
		page = append(page, r)
	}
	if len(rows) > limit {
		n := rows[limit-1].N
		next = mark{at: n, id: strconv.FormatInt(n, 10)}.String()
	}
	return page, next, nil
}

func (s *Store) read(row *readRow) (Read, error) {
	r := Read{
		N: row.N, First: fromMillis(row.First), Last: fromMillis(row.Last), Times: int(row.Times),
		Reader: row.Reader, Kind: row.Kind, Call: row.Call, About: row.About, Sealed: row.Sum != nil, Sum: hex.EncodeToString(row.Sum),
	}
	why, err := open(s.reads.vault, "audit of reads", placeOfWhy, row.Why)
	if err != nil && !errors.Is(err, ErrErased) {
		return Read{}, err
	}
	r.Why = string(why)
	return r, nil
}

// ReadChain is what a check of the audit found.
type ReadChain struct {
	Rows int   // sealed, and as they were written
	Open int   // of the last minutes, not sealed yet
	Bad  int64 // the first row that is not as it was written; 0 for none
	// Head is the last sum, hexadecimal: who keeps it elsewhere can tell when the
	// end was cut off.
	Head string
}

// VerifyReads reads the whole audit and says whether it is as it was written.
func (s *Store) VerifyReads(ctx context.Context) (ReadChain, error) {
	var c ReadChain
	var last []byte
	for n := int64(0); ; {
		var rows []readRow
		err := s.reads.SelectContext(ctx, &rows, readColumns+`WHERE n > ? ORDER BY n LIMIT 1000`, n)
		if err != nil {
			return c, fmt.Errorf("verify the audit of reads: %w", classify(err))
		}
		for i := range rows {
			r := &rows[i]
			gap := r.N != n+1
			n = r.N
			if r.Sum == nil {
				c.Open++
				continue
			}
			next := r.chained(last, s.reads.vault.Mark)
			if gap || !hmac.Equal(next, r.Sum) || r.Salt != nil && !hmac.Equal(r.hide(), r.Hidden) {
				c.Bad = r.N
				return c, nil
			}
			last, c.Head = r.Sum, hex.EncodeToString(r.Sum)
			c.Rows++
		}
		if len(rows) == 0 {
			return c, nil
		}
	}
}

// ForgetReads takes out of the audit who people are, and why they or one of
// their calls were read, also by whoever did not know whose the call was. That
// they were read about, when and by whom stays.
func (s *Store) ForgetReads(ctx context.Context, people, calls []string) error {
	const op = "forget in the audit"
	persons, err := plain(op, people)
	if err != nil {
		return err
	}
	theirs, err := plain(op, calls)
	if err != nil {
		return err
	}
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(op, `UPDATE read_audit SET about = '', why = '', salt = NULL
			WHERE about IN (SELECT value FROM json_each(?)) OR call <> '' AND call IN (SELECT value FROM json_each(?))`, persons, theirs)
		return err
	})
}
