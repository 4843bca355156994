package known

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"heed/internal/customer"
	"heed/internal/store"
)

// Find gives the id of the person whom an address lets in, "" when there is
// none. The address must be theirs beyond what another system merely claims:
// verified, or the one that their record was begun with. An address that was
// added to a record later proves nothing about the rest of it.
func (r *Reader) Find(ctx context.Context, kind, value string) (string, error) {
	p, err := r.o.Store.ProfileByIdentifier(ctx, kind, value)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("customer by %s: %w", kind, err)
	}
	i := slices.IndexFunc(p.Identifiers, func(i customer.Identifier) bool { return i.Type == kind && i.Value == value })
	if i < 0 {
		return "", nil
	}
	for _, other := range p.Identifiers {
		if !p.Identifiers[i].Verified && other.FirstSeen.Before(p.Identifiers[i].FirstSeen) {
			return "", nil
		}
	}
	return p.ID, nil
}

// Address gives the address of a kind, "email" or "phone", to write to a
// person at: a verified one before others, then the one seen last. ok is false
// when there is none.
func (r *Reader) Address(ctx context.Context, id, kind string) (value string, ok bool, err error) {
	p, err := r.o.Store.Profile(ctx, id)
	if err != nil {
		return "", false, fmt.Errorf("customer %s: %w", id, err)
	}
	var best *customer.Identifier
	for i := range p.Identifiers {
		c := &p.Identifiers[i]
		if c.Type == kind && (best == nil || better(c, best)) {
			best = c
		}
	}
	if best == nil {
		return "", false, nil
	}
	return best.Value, true, nil
}

func better(a, b *customer.Identifier) bool {
	if a.Verified != b.Verified {
		return a.Verified
	}
	return a.LastSeen.After(b.LastSeen)
}

// Normal gives an address as it is kept, and which kind it is, "email" or
// "phone"; ok is false for what is neither. A number without a country is of
// the region.
func Normal(written, region string) (kind, value string, ok bool) {
	written = strings.TrimSpace(written)
	if len(written) > maxAddress {
		return "", "", false
	}
	if local, domain, is := strings.Cut(written, "@"); is {
		plain := !strings.ContainsAny(written, " \t\r\n,;<>\"") && !strings.Contains(domain, "@")
		return "email", strings.ToLower(written), plain && local != "" && strings.Contains(domain, ".")
	}
	value, ok = customer.NormalizePhone(written, region)
	return "phone", value, ok
}

// maxAddress is the longest e-mail address there is, in bytes.
const maxAddress = 254
