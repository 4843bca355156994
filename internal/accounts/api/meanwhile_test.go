package api_test

import (
	"strings"
	"testing"

	"heed/internal/accounts/password"
	"heed/internal/store"
)

// What an administrator does while somebody sets a password or signs in is not
// undone by it.
func TestWhatIsDoneMeanwhileStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, admin := s.admin()
	const own = `"present":"a secret of some length"`
	suspend := func(id string) func() {
		return func() { s.does(200, "PATCH", "/v1/users/"+id, admin, `{"suspended":true}`) }
	}
	reset := func(id string) func() {
		return func() { s.does(200, "POST", "/v1/users/"+id+"/link", admin, `{"reset":true}`) }
	}
	for name, c := range map[string]struct {
		meanwhile func(string) func()
		enters    bool // else a password is set
		want      int
	}{
		"ann": {suspend, false, 403}, "ben": {reset, false, 403}, "cem": {suspend, true, 403}, "dee": {reset, true, 401},
	} {
		id := known(s, name, "agent")
		if c.enters {
			s.costs(id, "a secret of some length")
			s.interrupt(0, c.meanwhile(id))
			s.does(c.want, "POST", "/v1/session", "", `{"login":"`+name+`","password":"a secret of some length"}`)
		} else {
			session := s.enters(`{"login":"` + name + `","password":"a secret of some length"}`)
			s.interrupt(1, c.meanwhile(id))
			s.does(c.want, "PUT", "/v1/me/password", session, `{"password":"five words in one row",`+own+`}`)
		}
		u, err := s.store.User(t.Context(), id)
		if suspended := strings.Contains("ann cem", name); err != nil || u.Active() == suspended || u.Password != suspended {
			t.Errorf("%s: %+v %v", name, u, err)
		}
	}
}

// A login and a role that somebody was given while they chose a password stay.
func TestAPasswordKeepsWhatOthersChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, admin := s.admin()
	var u struct{ ID string }
	s.read(s.does(201, "POST", "/v1/users", admin, `{"name":"Eve","role":"agent"}`), &u)
	session := s.byLink(u.ID)
	s.interrupt(2, func() { s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"login":"eve","name":"Eve E"}`) })
	s.does(204, "PUT", "/v1/me/password", session, `{"login":"another","password":"five words in one row"}`)
	if got, err := s.store.User(t.Context(), u.ID); err != nil || got.Login != "eve" || got.Name != "Eve E" || !got.Password {
		t.Errorf("%+v %v", got, err)
	}
}

// costs keeps a password at another cost, so that signing in keeps it anew.
func (s *site) costs(id, secret string) {
	s.tb.Helper()
	hash, err := password.NewHasher(password.Cost{Memory: 32, Time: 1, Threads: 1}, 1).Make(s.tb.Context(), secret)
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.store.Write(s.tb.Context(), func(tx *store.Tx) error { return tx.SetPassword(id, hash) }); err != nil {
		s.tb.Fatal(err)
	}
}
