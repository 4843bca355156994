package storetest

import (
	"errors"
	"fmt"
	"time"

	"heed/internal/store"
)

// refused says whether a write gave an error of a kind.
func (k *kit) refused(what string, kind error, do func(*store.Tx) error) {
	k.Helper()
	if err := k.Write(k.Context(), do); !errors.Is(err, kind) {
		k.Errorf("%s gave %v, want %v", what, err, kind)
	}
}

func usersChange(k *kit) {
	ctx := k.Context()
	u := store.User{ID: "u1", Name: "Ann", Role: "admin", Login: "Ann@Example.com", LoginKey: "ann@example.com", CreatedAt: at(1)}
	k.must(k.AddUser(ctx, u))
	k.must(k.AddUser(ctx, store.User{ID: "u2", Name: "Ben", Role: "agent", CreatedAt: at(2)}))
	k.must(k.AddUser(ctx, store.User{ID: "u3", Name: "Cem", Role: "agent", CreatedAt: at(3)})) // neither has a login
	taken := store.User{ID: "u4", Name: "Dee", Role: "agent", Login: "ann@example.com", LoginKey: "ann@example.com", CreatedAt: at(4)}
	if err := k.AddUser(ctx, taken); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a login twice gave %v, want ErrDuplicate", err)
	}
	first, next, err := k.UsersPage(ctx, "", 2)
	k.must(err)
	rest, last, err := k.UsersPage(ctx, next, 2)
	k.must(err)
	same(k, "pages", append(first, rest...), got(k.Users(ctx))(k))
	same(k, "after the last", [2]string{last, fmt.Sprint(len(first))}, [2]string{"", "2"})
	if _, _, err := k.UsersPage(ctx, "?", 2); !errors.Is(err, store.ErrBadPage) {
		k.Errorf("a mark that is none: %v", err)
	}
	same(k, "by login", got(k.UserByLogin(ctx, "ann@example.com"))(k), u)
	if _, err := k.UserByLogin(ctx, ""); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("by no login: %v", err)
	}
	u.Name, u.Role, u.Suspended, u.LoginKey, u.Login = "Anna", "viewer", at(5), "anna", "anna"
	k.write(func(tx *store.Tx) error { return tx.SetUser(u) })
	same(k, "changed", got(k.User(ctx, "u1"))(k), u)
	taken.ID = "u2"
	taken.LoginKey = "anna"
	k.refused("another's login", store.ErrDuplicate, func(tx *store.Tx) error { return tx.SetUser(taken) })
	k.refused("nobody", store.ErrNotFound, func(tx *store.Tx) error { return tx.SetUser(store.User{ID: "x"}) })
	k.write(func(tx *store.Tx) error {
		n, err := tx.CountActive("viewer")
		same(k, "active viewers", n, 0)
		seen, err2 := tx.User("u1")
		same(k, "as the write sees it", seen, u)
		return errors.Join(err, err2)
	})
	if role, err := k.RoleOf(ctx, "u1", at(5)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the role of who is suspended: %q %v", role, err)
	}
	same(k, "role", got(k.RoleOf(ctx, "u2", at(5)))(k), "agent")
}

func passwordsKept(k *kit) {
	ctx := k.Context()
	k.addUser("u1", "admin")
	same(k, "none", got(k.Password(ctx, "u1"))(k), "")
	k.write(func(tx *store.Tx) error { return tx.SetPassword("u1", "$argon2id$x") })
	same(k, "kept", got(k.Password(ctx, "u1"))(k), "$argon2id$x")
	same(k, "known", got(k.User(ctx, "u1"))(k).Password, true)
	k.write(func(tx *store.Tx) error { return tx.SetPassword("u1", "") })
	same(k, "taken away", got(k.Password(ctx, "u1"))(k), "")
	same(k, "unknown", got(k.User(ctx, "u1"))(k).Returns(), false)
	k.refused("of nobody", store.ErrNotFound, func(tx *store.Tx) error { return tx.SetPassword("x", "y") })
	if _, err := k.Password(ctx, "x"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the password of nobody: %v", err)
	}
}

func passkeysKept(k *kit) {
	ctx := k.Context()
	k.addUser("u1", "admin")
	k.addUser("u2", "agent")
	a := store.Passkey{ID: "a", User: "u1", Name: "phone", Created: at(1), Doc: []byte(`{"n":1}`)}
	b := store.Passkey{ID: "b", User: "u1", Name: "laptop", Created: at(2), Doc: []byte(`{"n":2}`)}
	k.write(func(tx *store.Tx) error { return errors.Join(tx.AddPasskey(b), tx.AddPasskey(a)) })
	k.refused("a passkey twice", store.ErrDuplicate, func(tx *store.Tx) error { return tx.AddPasskey(a) })
	k.refused("of nobody", store.ErrNotFound, func(tx *store.Tx) error {
		return tx.AddPasskey(store.Passkey{ID: "c", User: "x", Doc: []byte("{}")})
	})
	same(k, "passkeys", got(k.Passkeys(ctx, "u1"))(k), []store.Passkey{a, b})
	same(k, "counted", got(k.User(ctx, "u1"))(k).Passkeys, 2)
	a.Name, a.Used, a.Doc = "old phone", at(3), []byte(`{"n":3}`)
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.UsePasskey("a", a.Doc, at(3)), tx.NamePasskey("u1", "a", "old phone"), tx.DropPasskey("u1", "b"))
	})
	same(k, "changed", got(k.Passkeys(ctx, "u1"))(k), []store.Passkey{a})
	k.refused("another's name", store.ErrNotFound, func(tx *store.Tx) error { return tx.NamePasskey("u2", "a", "mine") })
	k.refused("another's passkey", store.ErrNotFound, func(tx *store.Tx) error { return tx.DropPasskey("u2", "a") })
	k.write(func(tx *store.Tx) error { return tx.DropPasskeys("u1") })
	same(k, "none", len(got(k.Passkeys(ctx, "u1"))(k)), 0)
}

func identitiesJoin(k *kit) {
	ctx := k.Context()
	u := k.addUser("u1", "admin")
	k.write(func(tx *store.Tx) error { return tx.AddIdentity("https://id.example.com", "42", "u1") })
	u.Elsewhere = true
	same(k, "joined", got(k.UserByIdentity(ctx, "https://id.example.com", "42"))(k), u)
	for name, of := range map[string][2]string{"another subject": {"https://id.example.com", "43"}, "another issuer": {"https://id.example.org", "42"}} {
		if _, err := k.UserByIdentity(ctx, of[0], of[1]); !errors.Is(err, store.ErrNotFound) {
			k.Errorf("%s: %v", name, err)
		}
	}
	k.refused("joined twice", store.ErrDuplicate, func(tx *store.Tx) error { return tx.AddIdentity("https://id.example.com", "42", "u1") })
	k.refused("nobody", store.ErrNotFound, func(tx *store.Tx) error { return tx.AddIdentity("https://id.example.com", "43", "x") })
}

func sessionsGoIdle(k *kit) {
	ctx := k.Context()
	k.addUser("u1", "agent")
	k.addUser("u2", "agent")
	hash := store.HashOf("cookie")
	first := store.Session{
		ID: "s1", User: "u1", Hash: hash, Made: at(0), Seen: at(0), Expires: at(3600), Idle: 10 * time.Minute, How: "password", Device: "a browser", Address: "203.0.113.9",
	}
	k.write(func(tx *store.Tx) error { return tx.AddSession(first) })
	same(k, "as it began", got(k.SessionByHash(ctx, hash, at(1)))(k), first)
	// It is in use: each time it lasts ten minutes more.
	for _, second := range []int{30, 599, 1100, 1690} {
		if _, err := k.Session(ctx, hash, at(second)); err != nil {
			k.Fatalf("after %d s: %v", second, err)
		}
	}
	// Asking whether it goes on is no use of it.
	same(k, "still", got(k.SessionStill(ctx, hash, at(1690+300)))(k), got(k.User(ctx, "u1"))(k))
	if _, err := k.SessionStill(ctx, hash, at(1690+600)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("still, after ten minutes without use: %v", err)
	}
	first.Seen = at(1690)
	same(k, "as it is used", got(k.SessionByHash(ctx, hash, at(1690)))(k), first)
	if _, err := k.Session(ctx, hash, at(1690+600)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("after ten minutes without use: %v", err)
	}
	for i := range 3 {
		other := store.Session{ID: fmt.Sprint("o", i), User: "u1", Hash: store.HashOf(fmt.Sprint("o", i)), Made: at(1690), Expires: at(3600), How: "link"}
		k.write(func(tx *store.Tx) error { return tx.AddSession(other) })
	}
	same(k, "all", len(got(k.Sessions(ctx, "u1", at(1691)))(k)), 4)
	k.refused("another's session", store.ErrNotFound, func(tx *store.Tx) error { return tx.EndSession("u2", "o0") })
	k.write(func(tx *store.Tx) error {
		n, err := tx.EndSessions("u1", hash)
		same(k, "ended", n, 3)
		return err
	})
	same(k, "left", got(k.Sessions(ctx, "u1", at(1691)))(k), []store.Session{first})
	k.write(func(tx *store.Tx) error {
		return tx.SetUser(store.User{ID: "u1", Name: "Ms u1", Role: "agent", Suspended: at(1692)})
	})
	if _, err := k.Session(ctx, hash, at(1692)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the session of who is suspended: %v", err)
	}
	k.refused("signing in while suspended", store.ErrNotFound, func(tx *store.Tx) error {
		return tx.AddSession(store.Session{ID: "s9", User: "u1", Hash: store.HashOf("s9"), Expires: at(3600)})
	})
	k.must(k.AddLoginLink(ctx, store.HashOf("l1"), "u1", at(3600)))
	k.must(k.AddLoginLink(ctx, store.HashOf("l2"), "u2", at(3600)))
	if _, err := k.UseLoginLink(ctx, store.HashOf("l1"), at(0)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the link of who is suspended: %v", err)
	}
	k.write(func(tx *store.Tx) error { return tx.DropLinks("u2") })
	if _, err := k.UseLoginLink(ctx, store.HashOf("l2"), at(0)); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a link that was dropped: %v", err)
	}
}
