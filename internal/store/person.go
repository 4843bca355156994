package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"heed/internal/consent"
	"heed/internal/customer"
)

// SaveProfile stores a profile whose Version is one above the stored one (1
// for a new one); otherwise it is [ErrConflict]: read it again and redo the
// change. An identifier that belongs to somebody else is [ErrDuplicate], and
// nothing is changed.
func (tx *Tx) SaveProfile(p customer.Profile) error {
	op := "save profile " + p.ID
	if p.ID == "" {
		return errors.New("save profile: no id")
	}
	if err := tx.ownable(op, p); err != nil {
		return err
	}
	raw, err := tx.seal(op, p.ID, p)
	if err != nil {
		return err
	}
	query, args := `UPDATE customer SET version = ?, doc = ? WHERE id = ? AND version = ?`,
		[]any{p.Version, raw, p.ID, p.Version - 1}
	if p.Version == 1 {
		query, args = `INSERT INTO customer (id, version, name, created, doc) VALUES (?, ?, '', ?, ?)
			ON CONFLICT (id) DO NOTHING`, []any{p.ID, p.Version, millis(p.CreatedAt), raw}
	}
	res, err := tx.exec(op, query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("%s version %d: %w", op, p.Version, ErrConflict)
	}
	if err := tx.searchable(op, p); err != nil {
		return err
	}
	return tx.own(op, p)
}

// searchable makes the name that is searched the one of the profile.
func (tx *Tx) searchable(op string, p customer.Profile) error {
	_, err := tx.exec(op, `INSERT INTO customer_name (customer, name) VALUES (?, ?)
		ON CONFLICT (customer) DO UPDATE SET name = excluded.name WHERE name <> excluded.name`, p.ID, strings.ToLower(p.Name()))
	return err
}

// ownable refuses identifiers of other people before anything is changed.
func (tx *Tx) ownable(op string, p customer.Profile) error {
	for _, i := range p.Identifiers {
		var owner string
		err := tx.get(op, &owner, `SELECT customer FROM identifier WHERE type = ? AND value = ?`, i.Type, i.Value)
		switch {
		case errors.Is(err, ErrNotFound):
			if err := tx.refuseSuppressed(op, i.Type, i.Value); err != nil {
				return err
			}
		case err != nil:
			return err
		case owner != p.ID:
			// The value is personal and stays out of the error.
			return fmt.Errorf("%s: a %s belongs to %s: %w", op, i.Type, owner, ErrDuplicate)
		}
	}
	return nil
}

// own makes the stored identifiers those of the profile.
func (tx *Tx) own(op string, p customer.Profile) error {
	type key struct{ Type, Value string }
	var stored []key
	if err := tx.list(op, &stored, `SELECT type, value FROM identifier WHERE customer = ?`, p.ID); err != nil {
		return err
	}
	gone := make(map[key]bool, len(stored))
	for _, k := range stored {
		gone[k] = true
	}
	for _, i := range p.Identifiers {
		k := key{i.Type, i.Value}
		if _, known := gone[k]; !known {
			_, err := tx.exec(op, `INSERT INTO identifier (type, value, customer) VALUES (?, ?, ?)`, i.Type, i.Value, p.ID)
			if err != nil {
				return err
			}
		}
		gone[k] = false
	}
	for k, is := range gone {
		if !is {
			continue
		}
		if _, err := tx.exec(op, `DELETE FROM identifier WHERE type = ? AND value = ?`, k.Type, k.Value); err != nil {
			return err
		}
	}
	return nil
}

// Profile gives a person by id.
func (s *Store) Profile(ctx context.Context, id string) (customer.Profile, error) {
	p, err := one[customer.Profile](ctx, s.reads, "profile "+id, `SELECT doc FROM customer WHERE id = ?`, id)
	if !errors.Is(err, ErrNotFound) {
		return p, err
	}
	if gone, lookup := s.reads.vault.Erased(id); lookup != nil || gone {
		return p, fmt.Errorf("profile %s: %w", id, cmp.Or(lookup, ErrErased))
	}
	return p, err
}

// ProfileByIdentifier gives the person with an identifier, whose value must be
// in its normal form.
func (s *Store) ProfileByIdentifier(ctx context.Context, typ, value string) (customer.Profile, error) {
	return one[customer.Profile](ctx, s.reads, "profile by "+typ, `SELECT c.doc FROM identifier i
		JOIN customer c ON c.id = i.customer WHERE i.type = ? AND i.value = ?`, typ, value)
}

// Profiles gives a page of people, newest first, whose name or an identifier
// of whom contains query, and the mark of the next page. Limit is 1..500, 0
// means 100.
func (s *Store) Profiles(ctx context.Context, query, after string, limit int) (people []customer.Profile, next string, err error) {
	m, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("profiles: %w", err)
	}
	limit = clampLimit(limit)
	text, args := profileQuery(query, m, limit+1)
	people, err = many[customer.Profile](ctx, s.reads, "profiles", text, args...)
	if err != nil {
		return nil, "", err
	}
	if len(people) > limit {
		people = people[:limit]
		last := people[limit-1]
		next = mark{at: millis(last.CreatedAt), id: last.ID}.String()
	}
	return people, next, nil
}

func profileQuery(query string, m mark, limit int) (string, []any) {
	text, args := `SELECT c.doc FROM customer c WHERE (c.created, c.id) < (?, ?)`, []any{m.at, m.id}
	if query = strings.ToLower(strings.TrimSpace(query)); query != "" {
		text += ` AND (EXISTS (SELECT 1 FROM customer_name n WHERE n.customer = c.id AND n.name LIKE ? ESCAPE '\') OR EXISTS (
			SELECT 1 FROM identifier i WHERE i.customer = c.id AND i.value LIKE ? ESCAPE '\'))`
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(query) + "%"
		args = append(args, like, like)
	}
	return text + ` ORDER BY c.created DESC, c.id DESC LIMIT ?`, append(args, limit)
}

// AddConsent adds a sealed row to a person's ledger. When it was sealed onto
// a row that is no longer the last it is [ErrConflict]: read the ledger again
// and seal it anew. A person who is not stored is [ErrNotFound].
func (tx *Tx) AddConsent(r consent.Row) error {
	op := "add consent " + r.ID
	if r.Hash == "" {
		return fmt.Errorf("%s: the row is not sealed", op)
	}
	var tip string
	err := tx.get(op, &tip, `SELECT hash FROM consent WHERE customer = ? ORDER BY n DESC LIMIT 1`, r.CustomerID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	raw, err := tx.seal(op, r.CustomerID, r)
	if err != nil {
		return err
	}
	if tip != r.PrevHash {
		// A repeat of a stored row is told from a lost race by its id.
		var n int
		if err := tx.get(op, &n, `SELECT count(*) FROM consent WHERE id = ?`, r.ID); err != nil {
			return err
		} else if n > 0 {
			return fmt.Errorf("%s: %w", op, ErrDuplicate)
		}
		return fmt.Errorf("%s: %w", op, ErrConflict)
	}
	res, err := tx.exec(op, `INSERT INTO consent
		(id, customer, purpose, channel, state, at, recorded, prev_hash, hash, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.CustomerID, string(r.Purpose), r.Channel, string(r.State),
		millis(r.At), millis(r.RecordedAt), r.PrevHash, r.Hash, raw)
	if err != nil {
		return err
	}
	n, err := res.LastInsertId()
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return tx.announce(r, n)
}

// Consent gives a person's ledger in the order in which it was chained.
func (s *Store) Consent(ctx context.Context, customerID string) ([]consent.Row, error) {
	return many[consent.Row](ctx, s.reads, "consent of "+customerID,
		`SELECT doc FROM consent WHERE customer = ? ORDER BY n`, customerID)
}

// ConsentAbout gives the rows of a person's ledger that can speak to a purpose
// on a channel, in their order. They are no chain.
func (s *Store) ConsentAbout(ctx context.Context, customerID string, purpose consent.Purpose, channel string) ([]consent.Row, error) {
	return many[consent.Row](ctx, s.reads, "consent of "+customerID,
		`SELECT doc FROM consent WHERE customer = ? AND purpose = ? AND channel IN ('', ?) ORDER BY n`, customerID, string(purpose), channel)
}
