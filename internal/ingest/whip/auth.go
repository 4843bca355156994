package whip

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"heed/internal/ingest/wire"
)

// bearer is who makes a request. token is the id of a token; empty is an API
// key.
type bearer struct{ token string }

const (
	unknownDetail = "Send a token as \"Authorization: Bearer TOKEN\": one of POST /v1/whip/tokens, or an API key of role ingest."
	expiredDetail = "The token has expired. Ask for another one."
)

// identify finds out who makes a request, before anything of it is read.
// grant is empty for an API key, which names call and party itself.
func (d *Door) identify(r *http.Request) (by bearer, grant Grant, p *wire.Problem) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return bearer{}, Grant{}, wire.Refuse(http.StatusUnauthorized, "unknown", unknownDetail)
	}
	g, err := d.options.Tokens.open(token)
	switch {
	case err == nil:
		return bearer{g.ID}, g.Grant, nil
	case errors.Is(err, errExpired):
		return bearer{g.ID}, Grant{}, wire.Refuse(http.StatusUnauthorized, "expired", expiredDetail)
	case d.options.Allow != nil && d.options.Allow(r):
		return bearer{}, Grant{}, nil
	}
	return bearer{}, Grant{}, wire.Refuse(http.StatusUnauthorized, "unknown", unknownDetail)
}

// mayPublish identifies who posts an offer and gives what they may bring in.
func (d *Door) mayPublish(r *http.Request) (bearer, Grant, *wire.Problem) {
	by, g, p := d.identify(r)
	if p != nil || by.token != "" {
		return by, g, p
	}
	g, err := named(r)
	if wrong := (*errGrant)(nil); errors.As(err, &wrong) {
		p = wire.Refuse(http.StatusBadRequest, "field", "With an API key, "+wrong.Error()+".")
		p.Errors = []wire.FieldError{{Location: "query." + wrong.field, Message: wrong.message}}
	}
	return by, g, p
}

// named reads the call and the party from the query, or from headers, which
// proxies do not log: Heed-Call, Heed-Party, and so on.
func named(r *http.Request) (Grant, error) {
	query, _ := url.ParseQuery(r.URL.RawQuery) // what does not parse is not there
	get := func(name string) string {
		if v := r.Header.Get("Heed-" + name); v != "" {
			return v
		}
		return query.Get(name)
	}
	g := Grant{
		Call: get("call"), Party: Party(get("party")), Customer: Side(get("customer")), Direction: get("direction"),
		From: get("from"), To: get("to"), Agent: get("agent"), Language: get("language"),
	}
	return g, g.Validate()
}

// theirs finds a session for who may manage it: the bearer of its token, also
// after that has expired, or any API key.
func (d *Door) theirs(r *http.Request) (*session, *wire.Problem) {
	by, _, p := d.identify(r)
	if p != nil && p.Reason != "expired" {
		return nil, p
	}
	s := d.find(r.PathValue("id"))
	mine := s != nil && (by.token == "" || subtle.ConstantTimeCompare([]byte(by.token), []byte(s.by.token)) == 1)
	switch {
	case mine:
		return s, nil
	case p != nil:
		return nil, p
	}
	return nil, wire.Refuse(http.StatusNotFound, "session", "There is no such session of yours. It may have ended.")
}

// origin checks where a browser's request comes from and lets pages that may
// publish read the answer. A request without an origin is no browser's.
func (d *Door) origin(w http.ResponseWriter, r *http.Request) *wire.Problem {
	origin := r.Header.Get("Origin")
	w.Header().Add("Vary", "Origin")
	if origin == "" {
		return nil
	}
	if u, err := url.Parse(origin); err == nil && u.Host == r.Host && u.Host != "" {
		return nil // our own page
	}
	for _, allowed := range d.options.Origins {
		if allowed == "*" || strings.EqualFold(allowed, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", "Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch")
			return nil
		}
	}
	return wire.Refuse(http.StatusForbidden, "origin", "Pages of this origin may not publish here. Add it to whip-origins.")
}
