package storetest

import (
	"errors"
	"time"

	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/store"
)

// recipients are told of each row in the transaction of the row, and what was
// told outlives the person.
func recipients(k *kit) {
	ctx := k.Context()
	k.must(k.save(someProfile("anna", "Anna", "+31600000001")))
	first := link("r1", consent.Row{})
	k.write(func(tx *store.Tx) error { return tx.AddConsent(first) })
	k.write(func(tx *store.Tx) error {
		return errors.Join(
			tx.AddRecipient(store.Recipient{Name: "all", Key: "k1", Since: at(5)}),
			tx.AddRecipient(store.Recipient{Name: "none", Key: "k2", Purposes: []consent.Purpose{consent.Research}, Channels: []string{"web"}, Since: at(5)}),
		)
	})
	if err := k.Write(ctx, func(tx *store.Tx) error { return tx.AddRecipient(store.Recipient{Name: "all"}) }); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a name twice gave %v, want ErrDuplicate", err)
	}
	second := link("r2", first)
	k.write(func(tx *store.Tx) error { return tx.AddConsent(second) })
	told := got(k.TellingsOf(ctx, "anna"))(k)
	if len(told) != 2 || told[0].Row != "r1" || told[1].Row != "r2" || told[0].Recipient != "all" || !told[0].Due.Equal(at(5)) {
		k.Errorf("on their way: %+v", told)
	}
	confirmTold(k, told)
	announceErased(k)
	k.write(func(tx *store.Tx) error { return tx.DropRecipient("all", at(10), event.By{}) })
	if left := got(k.Waits(ctx, "anna"))(k); len(left) != 0 {
		k.Errorf("of an erased person it is kept for what they waited: %+v", left)
	}
	left := got(k.Recipients(ctx))(k)
	same(k, "recipients left", left, []store.Recipient{{
		Name: "none", Key: "k2", Purposes: []consent.Purpose{consent.Research}, Channels: []string{"web"}, Since: at(5),
	}})
}

func confirmTold(k *kit, told []store.Telling) {
	ctx := k.Context()
	confirm := func(row string, right bool) error {
		return k.Write(ctx, func(tx *store.Tx) error { return tx.ConfirmTold("all", row, "denied", right, at(7)) })
	}
	if err := confirm("r1", true); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("confirmed before it was told: %v, want ErrNotFound", err)
	}
	k.write(func(tx *store.Tx) error { return tx.Told("all", told, at(6)) })
	k.write(func(tx *store.Tx) error { return tx.Told("all", told, at(8)) }) // the first time counts
	k.must(confirm("r1", true))
	k.must(confirm("r2", false))
	after := got(k.Telling(ctx, "all", "r2"))(k)
	if !after.Told.Equal(at(6)) || !after.Confirmed.IsZero() || after.Seen != "denied" {
		k.Errorf("what it sees: %+v", after)
	}
	behind := got(k.Backlogs(ctx, at(9), at(1)))(k)
	if len(behind) != 1 || behind[0].Waiting != 1 || behind[0].Mismatch != 1 {
		k.Errorf("behind: %+v", behind)
	}
}

func announceErased(k *kit) {
	ctx := k.Context()
	links := got(k.ConsentLinks(ctx, "anna"))(k)
	k.write(func(tx *store.Tx) error { return tx.ErasePerson("anna") })
	k.write(func(tx *store.Tx) error { return tx.AnnounceErased("anna", at(9)) })
	gone := got(k.ConsentLinks(ctx, "anna"))(k)
	if len(gone) != len(links) || !gone[0].Gone || gone[1].Hash != links[1].Hash {
		k.Errorf("the chain of an erased person: %+v", gone)
	}
	again := got(k.Unconfirmed(ctx, "all", true, 99, 10))(k)
	if len(again) != 1 || again[0].Row != "r2" || !again[0].Told.IsZero() {
		k.Errorf("the word of the erasure: %+v", again)
	}
}

// signedDays keep one sum a day.
func signedDays(k *kit) {
	if first := got(k.FirstConsent(k.Context()))(k); !first.IsZero() {
		k.Errorf("the first row of none: %v", first)
	}
	r := consent.RootOf("2026-05-03", "", []consent.Tip{{CustomerID: "anna", Hash: "h"}})
	r.Signed = at(1).Truncate(time.Millisecond)
	k.write(func(tx *store.Tx) error { return tx.AddRoot(r) })
	if err := k.Write(k.Context(), func(tx *store.Tx) error { return tx.AddRoot(r) }); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a day twice gave %v, want ErrDuplicate", err)
	}
	same(k, "signed days", got(k.Roots(k.Context()))(k), []consent.Root{r})
}
