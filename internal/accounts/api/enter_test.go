package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"heed/internal/accounts"
	"heed/internal/store"
)

// The first administrator comes in by a link, chooses a password, and comes
// back by it.
func TestAPasswordIsChosenAndUsed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, session := s.admin()
	var me struct {
		User struct {
			Returns, Proven, Password bool
			Login                     string
		}
	}
	s.read(s.does(200, "GET", "/v1/me", session, ""), &me)
	if me.User.Returns || !me.User.Proven {
		t.Errorf("after the link: %+v", me)
	}
	other := s.byLink(firstID(s))
	for body, want := range map[string]string{
		`{"password":"four words in a row"}`:                    "login",
		`{"login":"a b","password":"four words in a row"}`:      "login",
		`{"login":"ann@example.com","password":"short"}`:        "at least 12",
		`{"login":"ann@example.com","password":"Password1234"}`: "tried first",
		`{"login":"ann.example","password":"ann.example 12"}`:   "your own name",
	} {
		if answer := s.does(422, "PUT", "/v1/me/password", session, body); !strings.Contains(answer, want) {
			t.Errorf("%s: %s", body, answer)
		}
	}
	status, header, answer := s.ask("PUT", "/v1/me/password", session, `{"login":"Ann@Example.com","password":"four words in a row"}`)
	fresh := cookieOf(header)
	if status != 204 || fresh == "" || fresh == session {
		t.Fatalf("setting a password: %d %s", status, answer)
	}
	// What was there before is over: the browser's own session, too, was changed.
	s.does(401, "GET", "/v1/me", session, "")
	s.does(401, "GET", "/v1/me", other, "")
	s.read(s.does(200, "GET", "/v1/me", fresh, ""), &me)
	if !me.User.Returns || !me.User.Password || me.User.Login != "Ann@Example.com" {
		t.Errorf("with a password: %+v", me)
	}
	s.does(200, "DELETE", "/v1/session", fresh, "")
	s.does(401, "GET", "/v1/me", fresh, "")
	back := s.enters(`{"login":" ann@EXAMPLE.com ","password":"four words in a row"}`)
	if back == "" {
		t.Fatal("the password does not let in")
	}
	// By a password, the password is asked for again.
	s.does(403, "PUT", "/v1/me/password", back, `{"password":"five words in one row"}`)
	s.does(403, "PUT", "/v1/me/password", back, `{"password":"five words in one row","present":"four words in a rom"}`)
	s.does(204, "PUT", "/v1/me/password", back, `{"password":"five words in one row","present":"four words in a row"}`)
	if s.enters(`{"login":"ann@example.com","password":"four words in a row"}`) != "" {
		t.Error("the old password lets in")
	}
}

func firstID(s *site) string {
	s.tb.Helper()
	users, err := s.store.Users(s.tb.Context())
	if err != nil {
		s.tb.Fatal(err)
	}
	return users[0].ID
}

// known gives somebody with a password.
func known(s *site, name, role string) string {
	s.tb.Helper()
	u, err := s.accounts.Add(s.tb.Context(), accounts.By{Name: "t"}, accounts.Draft{Name: name, Login: name, Role: role})
	if err != nil {
		s.tb.Fatal(err)
	}
	s.does(204, "PUT", "/v1/me/password", s.byLink(u.ID), `{"password":"a secret of some length"}`)
	return u.ID
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := known(s, "ben", "agent")
	wrong := s.does(401, "POST", "/v1/session", "", `{"login":"ben","password":"a secret of some lengtt"}`)
	for _, body := range []string{
		`{"login":"nobody","password":"a secret of some length"}`, `{"login":"","password":""}`, `{"login":"ben","password":""}`, `{"login":"a b c","password":"x"}`,
		`{"login":"ben","password":"bell \u0007"}`,
	} {
		if got := s.does(401, "POST", "/v1/session", "", body); got != wrong {
			t.Errorf("%s: %s tells more than %s", body, got, wrong)
		}
	}
	s.does(401, "POST", "/v1/session", "", `{"token":"guess"}`)
	s.does(401, "POST", "/v1/session/passkey", "", `{"state":"guess","answer":{}}`)
	s.does(404, "GET", "/v1/oidc/start", "", "")
	s.does(404, "GET", "/v1/oidc/return?state=a&code=b", "", "")
	session := s.enters(`{"login":"ben","password":"a secret of some length"}`)
	for _, path := range []string{"/v1/users", "/v1/users/" + id + "/history"} {
		s.does(403, "GET", path, session, "")
	}
	s.does(403, "POST", "/v1/users", session, `{"name":"x","role":"admin"}`)
	s.does(403, "PATCH", "/v1/users/"+id, session, `{"role":"admin"}`)
	s.does(403, "POST", "/v1/users/"+id+"/link", session, `{}`)
	s.does(403, "POST", "/v1/links", session, `{}`)
	s.does(404, "POST", "/v1/me/passkeys/none/remove", session, `{"present":"a secret of some length"}`)
	s.does(404, "DELETE", "/v1/me/sessions/none", session, "")
	_, admin := s.admin()
	s.does(200, "PATCH", "/v1/users/"+id, admin, `{"suspended":true}`)
	s.does(401, "GET", "/v1/me", session, "")
	if got := s.does(403, "POST", "/v1/session", "", `{"login":"ben","password":"a secret of some length"}`); !strings.Contains(got, "suspended") {
		t.Error(got)
	}
	// Who does not know the password is not told.
	if got := s.does(401, "POST", "/v1/session", "", `{"login":"ben","password":"another"}`); got != wrong {
		t.Error(got)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	known(s, "ben", "agent")
	for range 5 {
		s.does(401, "POST", "/v1/session", "", `{"login":"ben","password":"wrong"}`)
	}
	status, header, body := s.ask("POST", "/v1/session", "", `{"login":"BEN","password":"a secret of some length"}`)
	if status != http.StatusTooManyRequests || header.Get("Retry-After") != "1" || !strings.Contains(body, "wait 1 seconds") {
		t.Errorf("the sixth: %d %q %s", status, header.Get("Retry-After"), body)
	}
	s.pass(time.Second)
	if s.enters(`{"login":"ben","password":"a secret of some length"}`) == "" {
		t.Error("after the wait the right password does not let in")
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	known(s, "ben", "agent")
	enter := func() string { return s.enters(`{"login":"ben","password":"a secret of some length"}`) }
	first, second, third := enter(), enter(), enter()
	var list struct {
		Sessions []struct {
			ID, Device, How, Address string
			Here                     bool
		}
	}
	s.read(s.does(200, "GET", "/v1/me/sessions", first, ""), &list)
	if len(list.Sessions) != 4 { // also of the link by which the password was set
		t.Fatalf("%+v", list)
	}
	here, elsewhere := 0, ""
	for _, one := range list.Sessions {
		if one.Device != "Test browser" || one.Address == "" {
			t.Errorf("%+v", one)
		}
		if one.Here {
			here++
		} else {
			elsewhere = one.ID
		}
	}
	if here != 1 {
		t.Errorf("%d are this one", here)
	}
	s.does(204, "DELETE", "/v1/me/sessions/"+elsewhere, first, "")
	if got := s.does(200, "DELETE", "/v1/me/sessions", first, ""); !strings.Contains(got, `"ended":2`) {
		t.Error(got)
	}
	s.does(401, "GET", "/v1/me", second, "")
	s.does(401, "GET", "/v1/me", third, "")
	// Used every hour, it lasts until its end; unused, two hours.
	for range 11 {
		s.pass(time.Hour)
		s.does(200, "GET", "/v1/me", first, "")
	}
	s.pass(time.Hour)
	s.does(401, "GET", "/v1/me", first, "")
	fourth := enter()
	s.pass(2 * time.Hour)
	s.does(401, "GET", "/v1/me", fourth, "")
}

// Who only holds a session takes no passkey away: that asks for what adding one
// asks for.
func TestRemovingAPasskeyAsksForProof(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := known(s, "ben", "agent")
	err := s.store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.AddPasskey(store.Passkey{ID: "key", User: id, Name: "Phone", Created: s.now(), Doc: []byte("{}")})
	})
	if err != nil {
		t.Fatal(err)
	}
	session := s.enters(`{"login":"ben","password":"a secret of some length"}`)
	s.does(403, "POST", "/v1/me/passkeys/key/remove", session, `{}`)
	s.does(403, "POST", "/v1/me/passkeys/key/remove", session, `{"present":"another"}`)
	fresh := s.byLink(id)
	s.pass(31 * time.Minute)
	s.does(403, "POST", "/v1/me/passkeys/key/remove", fresh, `{}`)
	s.does(204, "POST", "/v1/me/passkeys/key/remove", session, `{"present":"a secret of some length"}`)
}
