package storetest

import (
	"encoding/json"
	"errors"
	"sync"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

func (k *kit) addUser(id, role string) store.User {
	k.Helper()
	u := store.User{ID: id, Name: "Ms " + id, Role: role, CreatedAt: k.now()}
	k.must(k.AddUser(k.Context(), u))
	return u
}

// addSession signs a user in at the beginning of all times, without an end but
// the given one.
func (k *kit) addSession(hash store.Hash, user string, expires time.Time) error {
	return k.Write(k.Context(), func(tx *store.Tx) error {
		return tx.AddSession(store.Session{ID: "s-" + string(hash[:4]), User: user, Hash: hash, Made: at(0), Expires: expires, How: "link"})
	})
}

func loginLinks(k *kit) {
	ctx := k.Context()
	link := store.HashOf("link")
	if err := k.AddLoginLink(ctx, link, "nobody", at(60)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a link for nobody gave %v, want ErrNotFound", err)
	}
	u := k.addUser("u1", "admin")
	if err := k.AddUser(ctx, u); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a user twice gave %v, want ErrDuplicate", err)
	}
	same(k, "users", got(k.Users(ctx))(k), []store.User{u})
	k.must(k.AddLoginLink(ctx, link, "u1", at(60)))
	k.must(k.AddLoginLink(ctx, store.HashOf("late"), "u1", at(60)))
	for name, try := range map[string]error{
		"an unknown link": second(k.UseLoginLink(ctx, store.HashOf("guess"), at(0))),
		"an old link":     second(k.UseLoginLink(ctx, store.HashOf("late"), at(60))),
	} {
		if !errors.Is(try, store.ErrNotFound) {
			k.Errorf("%s gave %v, want ErrNotFound", name, try)
		}
	}
	// Many who hold the same link: it opens once.
	var wg sync.WaitGroup
	opened := make(chan store.User, 8)
	for range cap(opened) {
		wg.Go(func() {
			if who, err := k.UseLoginLink(ctx, link, at(59)); err == nil {
				opened <- who
			}
		})
	}
	wg.Wait()
	same(k, "times that the link opened", len(opened), 1)
	same(k, "who it let in", <-opened, u)
}

func second[T any](_ T, err error) error { return err }

func sessionsEnd(k *kit) {
	ctx := k.Context()
	u := k.addUser("u1", "agent")
	hash := store.HashOf("cookie")
	k.must(k.addSession(hash, "u1", at(60)))
	u.SignedIn = at(0)
	same(k, "signed in", got(k.Session(ctx, hash, at(59)))(k), u)
	for name, err := range map[string]error{
		"an expired session":  second(k.Session(ctx, hash, at(60))),
		"an unknown session":  second(k.Session(ctx, store.HashOf("x"), at(1))),
		"a session of nobody": k.addSession(store.HashOf("y"), "nobody", at(60)),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			k.Errorf("%s gave %v, want ErrNotFound", name, err)
		}
	}
	k.must(k.DropSession(ctx, hash))
	k.must(k.DropSession(ctx, hash))
	if _, err := k.Session(ctx, hash, at(1)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a dropped session gave %v, want ErrNotFound", err)
	}
}

func apiKeys(k *kit) {
	ctx := k.Context()
	key := store.Key{ID: "k1", Name: "door", Role: "ingest", Hash: store.HashOf("secret"), CreatedAt: at(1)}
	other := store.Key{ID: "k2", Name: "bi", Role: "viewer", Hash: store.HashOf("secret 2"), CreatedAt: at(2)}
	by := event.By{} // the server's own leave no trace
	k.must(k.AddKey(ctx, key, by))
	k.must(k.AddKey(ctx, other, by))
	sameHash := store.Key{ID: "k3", Hash: key.Hash, CreatedAt: at(3)}
	if err := k.AddKey(ctx, sameHash, by); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a secret twice gave %v, want ErrDuplicate", err)
	}
	same(k, "by secret", got(k.KeyByHash(ctx, store.HashOf("secret"), at(5)))(k), key)
	same(k, "all", got(k.Keys(ctx))(k), []store.Key{key, other})
	k.must(k.DropKey(ctx, "k1"))
	for name, err := range map[string]error{
		"a dropped key":       second(k.KeyByHash(ctx, key.Hash, at(5))),
		"a key dropped twice": k.DropKey(ctx, "k1"),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			k.Errorf("%s gave %v, want ErrNotFound", name, err)
		}
	}
}

func apiKeysEnd(k *kit) {
	ctx, by := k.Context(), event.By{ID: "u1", Name: "Dana"}
	key := store.Key{
		ID: "k1", Name: "door", Role: "ingest", Hash: store.HashOf("secret"), CreatedAt: at(1), Scopes: []string{"calls:ingest", "events:write"},
		Hint: "heed_se", Maker: "Dana", Expires: at(100),
	}
	k.must(k.AddKey(ctx, key, by))
	k.must(k.KeysUsed(ctx, map[string]time.Time{"k1": at(130), "nobody": at(1)}))
	key.Used = at(130).Truncate(time.Minute)
	same(k, "a key with an end", got(k.KeyByHash(ctx, key.Hash, at(99)))(k), key)
	same(k, "its role", got(k.RoleOf(ctx, "k1", at(99)))(k), "ingest")
	next := store.Key{ID: "k2", Name: "door", Role: "ingest", Hash: store.HashOf("next"), CreatedAt: at(50)}
	k.must(k.Write(ctx, func(tx *store.Tx) error {
		return tx.SaveSearch(store.SavedSearch{ID: "s1", Owner: "k1", Created: at(40), SavedAs: store.SavedAs{Name: "outages", Query: "outage"}})
	}))
	k.must(k.ReplaceKey(ctx, "k1", next, at(60), by))
	if owned := got(k.SavedSearch(ctx, "s1"))(k); owned.Owner != "k2" {
		k.Errorf("what the old key owned is %s's", owned.Owner)
	}
	k.must(k.RevokeKey(ctx, "k2", at(70), by))
	for name, err := range map[string]error{
		"a key that is over":       second(k.KeyByHash(ctx, key.Hash, at(60))),
		"the role of what is over": second(k.RoleOf(ctx, "k1", at(60))),
		"the role of what is none": second(k.RoleOf(ctx, "k2", at(70))),
		"a revoked key":            second(k.KeyByHash(ctx, next.Hash, at(70))),
		"revoking twice":           k.RevokeKey(ctx, "k2", at(71), by),
		"replacing a revoked key":  k.ReplaceKey(ctx, "k2", key, at(80), by),
		"restoring one too late":   k.RestoreKey(ctx, "k2", at(71), by),
		"restoring one that lives": k.RestoreKey(ctx, "k1", at(1), by),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			k.Errorf("%s gave %v, want ErrNotFound", name, err)
		}
	}
	if all := got(k.Keys(ctx))(k); len(all) != 2 || !all[1].Revoked.Equal(at(70)) {
		k.Errorf("the keys are %+v", all)
	}
	k.must(k.RestoreKey(ctx, "k2", at(70), by))
	var told []string
	for _, e := range got(k.Events(ctx, store.EventQuery{Types: []event.Type{event.KeyChanged}, Limit: 10}))(k) {
		var c event.KeyChange
		k.must(json.Unmarshal(e.Data, &c))
		told = append(told, c.KeyID+" "+c.What+" as "+c.Role+" by "+c.By+c.ByID)
	}
	same(k, "what was done to keys", told, []string{
		"k1 made as ingest by Danau1", "k1 replaced as ingest by Danau1", "k2 made as ingest by Danau1", "k2 revoked as ingest by Danau1",
		"k2 restored as ingest by Danau1",
	})
	same(k, "a restored key", got(k.KeyByHash(ctx, next.Hash, at(71)))(k), next)
}

func reopens(k *kit) {
	ctx := k.Context()
	u := k.addUser("u1", "admin")
	k.must(k.addSession(store.HashOf("cookie"), "u1", at(3600)))
	u.SignedIn = at(0)
	p := someProfile("anna", "Anna", "+31600000001")
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.SaveCall(someCall(1)), tx.SaveProfile(p), tx.SetCursor("search", 1),
			tx.Append(someEvent("e1", event.CallStarted, "call-001")), tx.Remember("k", "h", nil, 200, time.Hour))
	})
	k.must(k.Close())
	if err := k.Write(ctx, func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		k.Errorf("a write after closing gave %v, want ErrClosed", err)
	}
	k.open()
	same(k, "call", got(k.Call(ctx, "call-001"))(k), someCall(1))
	same(k, "profile", got(k.ProfileByIdentifier(ctx, "phone", "+31600000001"))(k), p)
	same(k, "session", got(k.Session(ctx, store.HashOf("cookie"), at(1)))(k), u)
	same(k, "last seq", got(k.LastSeq(ctx))(k), 1)
	same(k, "cursor", got(k.Cursor(ctx, "search"))(k), 1)
	k.must(k.Check(ctx))
	k.write(func(tx *store.Tx) error { return tx.Append(someEvent("e2", event.CallEnded, "call-001")) })
	same(k, "next seq", got(k.LastSeq(ctx))(k), 2)
}
