package storetest

import (
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

func someComment(n int) event.Comment {
	second := insights.Seconds(n)
	return event.Comment{
		ID: fmt.Sprintf("comment-%03d", n), CallID: "call-001", Second: &second, Text: "Nobody called back", Actor: "u1", By: "Ada", At: at(n / 3), // three at a time
	}
}

func commentsKept(k *kit) {
	ctx := k.Context()
	const many = 10
	var all []event.Comment
	k.write(func(tx *store.Tx) error {
		err := tx.SaveCall(someCall(1))
		for n := 1; n <= many; n++ {
			c := someComment(n)
			err = errors.Join(err, tx.SaveComment(c))
			all = append(all, c)
		}
		return err
	})
	paged := func(limit int) (found []event.Comment) {
		for after := ""; ; {
			page, next, err := k.Comments(ctx, "call-001", after, limit)
			k.must(err)
			found = append(found, page...)
			if after = next; next == "" {
				return found
			}
		}
	}
	same(k, "pages joined, oldest first", paged(3), all)
	if _, _, err := k.Comments(ctx, "call-001", "odd", 3); !errors.Is(err, store.ErrBadPage) {
		k.Errorf("a mark that is none gave %v, want ErrBadPage", err)
	}

	gone := all[4]
	gone.Text, gone.Removed = "Changed", at(500)
	k.write(func(tx *store.Tx) error {
		err := tx.SaveComment(gone)
		n, count := tx.CountComments("call-001")
		if n != many-1 {
			k.Errorf("%d stand, want %d", n, many-1)
		}
		return errors.Join(err, count)
	})
	same(k, "what stands", paged(0), append(append([]event.Comment{}, all[:4]...), all[5:]...))
	same(k, "what was removed", got(k.Comment(ctx, gone.ID))(k), gone)
	k.write(func(tx *store.Tx) error { return tx.PurgeComments(at(500).Add(time.Millisecond)) })
	if _, err := k.Comment(ctx, gone.ID); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("one that was purged gave %v, want ErrNotFound", err)
	}

	nobody := someComment(99)
	nobody.CallID = "call-999"
	if err := k.Write(ctx, func(tx *store.Tx) error { return tx.SaveComment(nobody) }); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a comment on no call gave %v, want ErrNotFound", err)
	}
	k.write(func(tx *store.Tx) error { return tx.EraseCall("call-001") })
	same(k, "of an erased call", paged(0), nil)
}
