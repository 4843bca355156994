package known

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/store"
)

// Find gives the id of the person whom an address lets in, "" when there is
// none. It must be theirs beyond what another system merely claims, for whoever
// has the public key of a page can claim an address of their own for anybody:
// it is verified, or it is a number that calls came from. An address that more
// than one person uses lets nobody in.
func (r *Reader) Find(ctx context.Context, kind, value string) (string, error) {
	p, err := r.o.Store.ProfileByIdentifier(ctx, kind, value)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("customer by %s: %w", kind, err)
	}
	for _, i := range p.Identifiers {
		if i.Type == kind && i.Value == value && !i.Shared && (i.Verified || i.By == customer.ByCall) {
			return p.ID, nil
		}
	}
	return "", nil
}

// The reasons why there is no address to write to.
var (
	ErrNoAddress = errors.New("this customer has no such address")
	ErrWhich     = errors.New("this customer has several such addresses and none is proven: say which, after asking the customer")
)

// Address gives the address of a kind, "email" or "phone", to write to a
// person at: the wanted one, if it is theirs, or the verified one that was seen
// last, or the only one. [ErrNoAddress] and [ErrWhich] say why there is none.
func (r *Reader) Address(ctx context.Context, id, kind, wanted string) (string, error) {
	p, err := brain.Read(ctx, r.o.Store, id)
	if err != nil {
		return "", fmt.Errorf("customer %s: %w", id, err)
	}
	var best *customer.Identifier
	n := 0
	for i := range p.Identifiers {
		c := &p.Identifiers[i]
		switch {
		case c.Type != kind || c.Shared:
		case c.Value == wanted:
			return wanted, nil
		default:
			n++
			if best == nil || better(c, best) {
				best = c
			}
		}
	}
	switch {
	case best == nil || wanted != "":
		return "", ErrNoAddress
	case n > 1 && !best.Verified:
		return "", ErrWhich
	}
	return best.Value, nil
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
