package brain

import (
	"context"
	"errors"
	"slices"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/store"
)

// member is one of several people who are one, as stored.
type member struct {
	profile customer.Profile
	rows    []consent.Row
	since   time.Time // when they were joined to the oldest; zero for that one
}

// Person is what is known of a person: one, or several who are one.
type Person struct {
	customer.Profile
	Ledger  []consent.Row
	Members []string // ids, the oldest first
	Links   []customer.Merge
}

// reader is what it takes to read a person.
type reader interface {
	Members(ctx context.Context, id string) ([]string, error)
	Merges(ctx context.Context, people []string) ([]customer.Merge, error)
	Profile(ctx context.Context, id string) (customer.Profile, error)
	Consent(ctx context.Context, id string) ([]consent.Row, error)
}

// Read gives a person by the id of any of those who are one, with all that is
// known of them together, or [store.ErrNotFound].
func Read(ctx context.Context, from reader, id string) (Person, error) {
	members, links, err := readMembers(ctx, from, id)
	if err != nil {
		return Person{}, err
	}
	p := Person{Profile: joined(members), Ledger: ledger(members), Links: links}
	for i := range members {
		p.Members = append(p.Members, members[i].profile.ID)
	}
	return p, nil
}

func readMembers(ctx context.Context, from reader, id string) ([]member, []customer.Merge, error) {
	ids, err := from.Members(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	var links []customer.Merge
	if len(ids) > 1 {
		if links, err = from.Merges(ctx, ids); err != nil {
			return nil, nil, err
		}
	}
	members := make([]member, 0, len(ids))
	for _, one := range ids {
		var m member
		if m.profile, err = from.Profile(ctx, one); errors.Is(err, store.ErrErased) && one != id {
			continue // what was theirs is no part of the others any more
		} else if err != nil {
			return nil, nil, err
		}
		if m.rows, err = from.Consent(ctx, one); err != nil {
			return nil, nil, err
		}
		members = append(members, m)
	}
	datePeople(members, links)
	return members, links, nil
}

// datePeople finds when each was joined to the oldest: when the last link on
// the way there was made.
func datePeople(members []member, links []customer.Merge) {
	at := func(id string) int {
		return slices.IndexFunc(members, func(m member) bool { return m.profile.ID == id })
	}
	for i := range members {
		members[i].since = time.Time{}
	}
	reached := make([]bool, len(members))
	reached[0] = true
	for range members { // the longest way visits all
		for _, l := range links {
			a, b := at(l.People[0]), at(l.People[1])
			if !l.RemovedAt.IsZero() || a < 0 || b < 0 || reached[a] == reached[b] {
				continue
			}
			if reached[b] {
				a, b = b, a
			}
			reached[b] = true
			// What was recorded in that very millisecond was recorded before:
			// a merge must not open what one of them had closed.
			members[b].since = l.At.Add(time.Millisecond)
			if members[a].since.After(members[b].since) {
				members[b].since = members[a].since
			}
		}
	}
}

func joined(members []member) customer.Profile {
	profiles := make([]customer.Profile, len(members))
	for i := range members {
		profiles[i] = members[i].profile
	}
	return customer.Join(profiles...)
}

func ledger(members []member) []consent.Row {
	out := make([]consent.Member, len(members))
	for i := range members {
		out[i] = consent.Member{Rows: members[i].rows, Since: members[i].since}
	}
	return consent.Joined(out)
}

// lockPeople waits until nobody else changes any of some people or those who
// are one with them. What is locked is the oldest of each: joining and parting
// people change who that is, so it is looked up again once the lock is held.
func (b *Brain) lockPeople(ctx context.Context, ids ...string) (unlock func(), err error) {
	for {
		heads, err := b.heads(ctx, ids)
		if err != nil {
			return nil, err
		}
		unlock := b.locks.all(heads)
		again, err := b.heads(ctx, ids)
		if err == nil && slices.Equal(heads, again) {
			return unlock, nil
		}
		unlock()
		if err != nil {
			return nil, err
		}
	}
}

// heads gives the oldest of each, sorted; somebody who is not stored is alone.
func (b *Brain) heads(ctx context.Context, ids []string) ([]string, error) {
	heads := make([]string, 0, len(ids))
	for _, id := range ids {
		members, err := b.store.Members(ctx, id)
		if err != nil {
			return nil, err
		}
		heads = append(heads, members[0])
	}
	slices.Sort(heads)
	return slices.Compact(heads), nil
}
