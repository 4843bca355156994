package api_test

import (
	"strings"
	"testing"
)

func TestUsersAreMadeAndChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root, admin := s.admin()
	var u struct {
		ID, Name, Login, Role string
		Password              bool
	}
	s.read(s.does(201, "POST", "/v1/users", admin, `{"name":"  Dana   Reyes ","login":"Dana@Example.com","role":"agent"}`), &u)
	if u.Name != "Dana Reyes" || u.Login != "Dana@Example.com" || u.Role != "agent" || u.Password {
		t.Errorf("%+v", u)
	}
	for body, want := range map[string]string{
		`{"name":"Ann","login":"dana@example.COM","role":"agent"}`: "somebody else has it",
		`{"name":" ","role":"agent"}`:                              "name",
		`{"name":"a\u202eb","role":"agent"}`:                       "name",
		`{"name":"Ann","role":"ingest"}`:                           "role",
	} {
		if got := s.does(422, "POST", "/v1/users", admin, body); !strings.Contains(got, want) {
			t.Errorf("%s: %s", body, got)
		}
	}
	var link struct{ Path string }
	s.read(s.does(200, "POST", "/v1/users/"+u.ID+"/link", admin, "{}"), &link)
	session := s.enters(`{"token":"` + strings.TrimPrefix(link.Path, "/login?token=") + `"}`)
	s.does(204, "PUT", "/v1/me/password", session, `{"password":"a secret of some length"}`)
	session = s.enters(`{"login":"dana@example.com","password":"a secret of some length"}`)
	s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"name":"Dana R"}`)
	s.does(200, "GET", "/v1/me", session, "") // a name signs nobody out
	s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"role":"viewer"}`)
	s.does(401, "GET", "/v1/me", session, "") // another role does
	s.does(422, "PATCH", "/v1/users/"+u.ID, admin, `{"login":""}`)
	s.does(404, "PATCH", "/v1/users/none", admin, `{"role":"viewer"}`)
	s.does(404, "GET", "/v1/users/none/history", admin, "")

	session = s.enters(`{"login":"dana@example.com","password":"a secret of some length"}`)
	s.read(s.does(200, "POST", "/v1/users/"+u.ID+"/link", admin, `{"reset":true}`), &link)
	s.does(401, "GET", "/v1/me", session, "")
	s.does(401, "POST", "/v1/session", "", `{"login":"dana@example.com","password":"a secret of some length"}`)
	s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"suspended":true}`)
	s.does(401, "POST", "/v1/session", "", `{"token":"`+strings.TrimPrefix(link.Path, "/login?token=")+`"}`)
	s.does(422, "POST", "/v1/users/"+u.ID+"/link", admin, `{}`)
	s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"suspended":false}`)

	var told struct {
		Revisions []struct {
			What          []string
			By, Role, Was string
		}
	}
	s.read(s.does(200, "GET", "/v1/users/"+u.ID+"/history", admin, ""), &told)
	var got []string
	for _, r := range told.Revisions {
		got = append(got, strings.Join(r.What, "+")+" by "+r.By)
	}
	want := "restored by Administrator, suspended by Administrator, link+reset by Administrator, role by Administrator, " +
		"name by Administrator, password by Dana Reyes, link_used by Dana Reyes, link by Administrator, name+role by Administrator"
	if strings.Join(got, ", ") != want {
		t.Errorf("history: %s\nwant: %s", strings.Join(got, ", "), want)
	}
	if r := told.Revisions[3]; r.Role != "viewer" || r.Was != "agent" {
		t.Errorf("%+v", r)
	}
	_ = root
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root, admin := s.admin()
	for _, body := range []string{`{"role":"viewer"}`, `{"suspended":true}`} {
		if got := s.does(409, "PATCH", "/v1/users/"+root, admin, body); !strings.Contains(got, "last administrator") {
			t.Error(got)
		}
	}
	var u struct{ ID string }
	s.read(s.does(201, "POST", "/v1/users", admin, `{"name":"Ann","role":"admin"}`), &u)
	var page struct {
		Users []struct{ ID string }
		Next  string
	}
	s.read(s.does(200, "GET", "/v1/users?limit=1", admin, ""), &page)
	s.read(s.does(200, "GET", "/v1/users?limit=1&after="+page.Next, admin, ""), &page)
	if len(page.Users) != 1 || page.Users[0].ID != u.ID {
		t.Errorf("the second page: %+v", page)
	}
	s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"suspended":true}`)
	s.does(409, "PATCH", "/v1/users/"+root, admin, `{"role":"viewer"}`) // the other one cannot come in
	s.does(200, "PATCH", "/v1/users/"+u.ID, admin, `{"suspended":false}`)
	s.does(200, "PATCH", "/v1/users/"+root, admin, `{"role":"viewer"}`)
	s.does(401, "GET", "/v1/me", admin, "")
}

func TestALinkMakesWhoIsNotThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, admin := s.admin()
	var link struct{ Path string }
	s.read(s.does(200, "POST", "/v1/links", admin, `{"role":"privacy","name":"Pat"}`), &link)
	session := s.enters(`{"token":"` + strings.TrimPrefix(link.Path, "/login?token=") + `"}`)
	if got := s.does(200, "GET", "/v1/me", session, ""); !strings.Contains(got, `"Pat"`) || !strings.Contains(got, `"privacy"`) {
		t.Error(got)
	}
	s.does(401, "POST", "/v1/session", "", `{"token":"`+strings.TrimPrefix(link.Path, "/login?token=")+`"}`)
	s.does(422, "POST", "/v1/links", admin, `{"role":"king"}`)
	// A link for somebody who is there leaves a trace too, as its use does.
	s.does(200, "POST", "/v1/links", admin, `{"role":"privacy","name":"Pat"}`)
	var me struct{ User struct{ ID string } }
	s.read(s.does(200, "GET", "/v1/me", session, ""), &me)
	told, err := s.accounts.History(t.Context(), me.User.ID)
	if err != nil || len(told) != 4 || told[0].What[0] != "link" || told[0].By != "Administrator" || told[1].What[0] != "link_used" || told[2].What[0] != "link" {
		t.Errorf("history: %+v %v", told, err)
	}
}
