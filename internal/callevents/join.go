package callevents

import (
	"cmp"
	"errors"
	"reflect"
	"slices"

	"heed/internal/event"
	"heed/internal/store"
)

// rejoin places a record that changed, and all that the change may touch: a
// record that fitted a call alone may not do so any more.
func (k *Keeper) rejoin(tx *store.Tx, d *event.Detail, before event.Tracking) error {
	if err := k.place(tx, d, before); err != nil {
		return err
	}
	var ids []string
	for _, t := range []event.Tracking{before, d.Tracked()} {
		more, err := tx.TouchedBy(t, k.o.Within)
		if err != nil {
			return err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	return k.placeAll(tx, slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == d.ID }))
}

// placeAround places records that a call may be of, and those that compete with
// them for others.
func (k *Keeper) placeAround(tx *store.Tx, ids []string) error {
	all := slices.Clone(ids)
	err := each(tx, ids, func(d *event.Detail) error {
		more, err := tx.TouchedBy(d.Tracked(), k.o.Within)
		all = append(all, more...)
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(all)
	return k.placeAll(tx, slices.Compact(all))
}

func (k *Keeper) placeAll(tx *store.Tx, ids []string) error {
	return each(tx, ids, func(d *event.Detail) error { return k.place(tx, d, d.Tracked()) })
}

// each does something with what was told of each; what was erased is passed over.
func each(tx *store.Tx, ids []string, do func(*event.Detail) error) error {
	for _, id := range ids {
		d, err := tx.DetailByID(id)
		if err == nil {
			err = do(&d)
		}
		if err != nil && !errors.Is(err, store.ErrErased) {
			return err
		}
	}
	return nil
}

// place joins a record with the call that it is of, or parts it, and stores it
// with its event when that, or anything of it, is another thing than before.
func (k *Keeper) place(tx *store.Tx, d *event.Detail, before event.Tracking) error {
	now := d.Tracked()
	m, err := k.callOf(tx, d, now)
	if err != nil {
		return err
	}
	d.CallID, d.State, d.By = m.call, m.state, m.by
	if err := k.respect(tx, d, now); err != nil {
		return err
	}
	after := d.Tracked()
	if reflect.DeepEqual(before, after) {
		return nil
	}
	if err := tx.SaveDetail(*d); err != nil {
		return err
	}
	told := after.Logged()
	told.Was = before.CallID
	return appendEvent(tx, event.CallTracked, k, event.About{Subject: d.ID, Call: cmp.Or(after.CallID, before.CallID)}, told)
}

// match is the call of a record, and how that is known.
type match struct {
	call  string
	state event.JoinState
	by    string
}

// callOf finds the call of a record: by the service's id that came with the
// call, or else by the numbers and the time, where that leaves one call and one
// record of the service.
func (k *Keeper) callOf(tx *store.Tx, d *event.Detail, t event.Tracking) (match, error) {
	if t.Version == 0 {
		return match{state: event.Withdrawn}, nil
	}
	if d.Provider == event.Numbers { // made of the call itself
		return match{d.Call, event.Joined, "id"}, nil
	}
	if d.CallID != "" {
		_, err := tx.StartOf(d.CallID)
		if errors.Is(err, store.ErrNotFound) { // by what the call was recognised is not kept any more
			return match{d.CallID, d.State, d.By}, nil
		}
		if err != nil {
			return match{}, err
		}
	}
	found, err := tx.HintedCalls(d.Call)
	if err != nil || len(found) > 0 {
		return only(found, "id"), err
	}
	return k.callLike(tx, d, t)
}

// only joins with the one call there is.
func only(found []string, by string) match {
	switch len(found) {
	case 0:
		return match{state: event.Unjoined}
	case 1:
		return match{found[0], event.Joined, by}
	}
	return match{state: event.Ambiguous}
}

func (k *Keeper) callLike(tx *store.Tx, d *event.Detail, t event.Tracking) (match, error) {
	if t.Caller == "" || t.StartedAt.IsZero() {
		return match{state: event.Unjoined}, nil
	}
	found, err := tx.CallsLike(t, k.o.Within)
	if err != nil || len(found) != 1 {
		return only(found, ""), err
	}
	rivals, err := tx.RivalsFor(*d, found[0], k.o.Within)
	if err != nil || len(rivals) > 0 {
		return match{state: event.Ambiguous}, err
	}
	return only(found, "numbers"), nil
}

// respect keeps the caller's wishes: one who does not want to be tracked is
// not, and one who was forgotten is not known again.
func (k *Keeper) respect(tx *store.Tx, d *event.Detail, t event.Tracking) error {
	if d.CallID == "" {
		return hush(tx, d, t.Caller)
	}
	person, err := tx.OwnerOf(d.CallID)
	if err != nil {
		return err
	}
	denied, err := k.o.Untracked(person)
	if err != nil {
		return err
	}
	if denied || d.Withheld {
		d.Strip(event.MarketingFields()...)
		d.Withheld = true
	}
	return nil
}
