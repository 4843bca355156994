package storetest

import (
	"errors"
	"fmt"

	"heed/internal/store"
)

// recordingsOnce keeps recordings that were made elsewhere.
func recordingsOnce(k *kit) {
	ctx := k.Context()
	put := func(i store.Incoming) error {
		return k.Write(ctx, func(tx *store.Tx) error { return tx.PutIncoming(i) })
	}
	made := func(n int, state store.IncomingState) store.Incoming {
		return store.Incoming{ID: fmt.Sprintf("r%d", n), State: state, Platform: "twilio", Came: at(n), Due: at(n), About: store.Particulars{From: "+12025550142"}}
	}
	first := made(1, store.IncomingWanted)
	first.Source, first.Urgency = "RE1", 1
	k.must(put(first))
	same(k, "by its id", got(k.Incoming(ctx, "r1"))(k), first)
	same(k, "by its platform's", got(k.IncomingBySource(ctx, "twilio", "RE1"))(k), first)
	first.Hash, first.State, first.Call = "h1", store.IncomingFetched, "c1"
	k.must(put(first))
	same(k, "by its bytes, and changed", got(k.IncomingByHash(ctx, "h1"))(k), first)
	for _, twice := range []func(*store.Incoming){
		func(i *store.Incoming) { i.Source = "RE1" }, func(i *store.Incoming) { i.Hash = "h1" },
	} {
		i := made(9, store.IncomingFetched)
		if twice(&i); !errors.Is(put(i), store.ErrDuplicate) {
			k.Errorf("%+v was stored beside %+v", i, first)
		}
	}
	for n := 2; n <= 4; n++ { // without an id of the platform, and without bytes
		k.must(put(made(n, store.IncomingFetched)))
	}
	k.must(put(made(5, store.IncomingDone)))
	if _, err := k.Incoming(ctx, "r9"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("one that never was: %v", err)
	}

	ids := func(all []store.Incoming) (out string) {
		for _, i := range all {
			out += i.ID
		}
		return out
	}
	same(k, "due, the urgent first", ids(got(k.IncomingDue(ctx, store.IncomingFetched, at(3), 10))(k)), "r2r3r1")
	page, next, err := k.Incomings(ctx, "", "", 3)
	k.must(err)
	rest, last, err := k.Incomings(ctx, "", next, 3)
	k.must(err)
	same(k, "pages, the latest first", ids(page)+" "+ids(rest)+last, "r5r4r3 r2r1")
	page, next, err = k.Incomings(ctx, store.IncomingDone, "", 3)
	k.must(err)
	same(k, "those that are done", ids(page)+next, "r5")
	same(k, "counts", got(k.CountIncoming(ctx))(k), store.IncomingCounts{Fetched: 4, Done: 1})
	k.write(func(tx *store.Tx) error { return tx.DropIncoming("r1") })
	if _, err := k.IncomingByHash(ctx, "h1"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("one that was forgotten: %v", err)
	}
}
