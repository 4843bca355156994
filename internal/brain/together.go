package brain

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// sight counts with how many user ids each device was seen. One that was seen
// with more than a household has is shared for ever.
func (b *Brain) sight(ctx context.Context, w *change, came []held) error {
	user := slices.IndexFunc(came, func(h held) bool { return h.Type == customer.UserID })
	if user < 0 {
		return nil
	}
	for i := range came {
		h := &came[i]
		if h.Type != customer.Device {
			continue
		}
		others, known, err := b.store.Sighted(ctx, h.Value, came[user].Value)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		device, name := h.Value, came[user].Value
		if others >= customer.SharedAfter && h.owner != "" {
			h.shared = true
		}
		shared := h.shared
		w.also = append(w.also, func(tx *store.Tx) error {
			if shared {
				if err := tx.Share(customer.Device, device); err != nil {
					return err
				}
			}
			return tx.Sight(device, name, w.profile.ID)
		})
	}
	return nil
}

// together looks at an identifier of somebody else that came with those of the
// person: the two are joined, or it is queued, or it means nothing.
func (b *Brain) together(ctx context.Context, w *change, h held, how customer.Proof) error {
	other, err := b.open(ctx, h.owner)
	if err != nil {
		return err
	}
	theirs := h.Type == customer.Device || verified(other.profile, h.Identifier)
	why := "the proof is not strong enough to say that they are one"
	if proves(how, h.Identifier) && theirs {
		if why, err = b.obstacle(ctx, w, other); err != nil {
			return err
		}
		if why == "" {
			_, err = b.join(ctx, w, other, how, []customer.Via{*w.via, {Type: h.Type, Value: h.Value}})
			return err
		}
	}
	if h.Type != customer.Device { // a device that two people use is nothing to ask about
		w.review(customer.Review{
			Kind: customer.Conflict, CustomerID: w.profile.ID, OtherID: h.owner, Type: h.Type, Values: []string{h.Value},
			Count: 1, Proof: how, Why: why,
		})
	}
	return nil
}

func verified(p customer.Profile, id customer.Identifier) bool {
	return slices.ContainsFunc(p.Identifiers, func(k customer.Identifier) bool {
		return k.Type == id.Type && k.Value == id.Value && k.Verified && !k.Shared
	})
}

// obstacle gives the reason why two people may not be joined by rule, or "".
func (b *Brain) obstacle(ctx context.Context, w, other *change) (string, error) {
	if len(w.people)+len(other.people) > maxPeople {
		return "too many people would be one", nil
	}
	mine, _ := w.whole()
	theirs, _ := other.whole()
	both := customer.Join(mine, theirs)
	for _, id := range both.Identifiers {
		if count(both, id.Type) > customer.Limit(id.Type) {
			return "together they have more identifiers of a kind than one person has", nil
		}
	}
	if w.base == 0 {
		return "", nil
	}
	links, err := b.store.Merges(ctx, ids(w.people))
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if !l.RemovedAt.IsZero() && slices.Contains(ids(other.people), l.People[0]) != slices.Contains(ids(other.people), l.People[1]) {
			return "they were parted by hand before", nil
		}
	}
	return "", nil
}

func ids(people []member) []string {
	out := make([]string, len(people))
	for i := range people {
		out[i] = people[i].profile.ID
	}
	return out
}

// join makes two people one: an edge between them, and from then on all that is
// asked of one is answered for both. Nothing of either is moved.
func (b *Brain) join(ctx context.Context, w, other *change, how customer.Proof, on []customer.Via) (customer.Merge, error) {
	l := customer.Merge{ID: event.NewID(), People: [2]string{w.profile.ID, other.profile.ID}, Proof: how, On: on, At: w.at.UTC().Truncate(time.Millisecond)}
	w.people = append(w.members(), other.people...)
	slices.SortStableFunc(w.people, func(a, b member) int {
		return cmp.Or(a.profile.CreatedAt.Compare(b.profile.CreatedAt), strings.Compare(a.profile.ID, b.profile.ID))
	})
	links, err := b.store.Merges(ctx, ids(w.people))
	if err != nil {
		return l, err
	}
	datePeople(w.people, append(links, l))
	w.decide, w.tell = true, true
	return l, w.linked(event.ProfileMerged, l)
}

// linked writes a link, and its event.
func (w *change) linked(t event.Type, l customer.Merge) error {
	e, err := event.New(t, w.at, event.About{Subject: l.People[0]}, l)
	if err == nil {
		w.append(e)
		w.also = append(w.also, func(tx *store.Tx) error { return tx.SaveMerge(l) })
	}
	return err
}
