package l16

import (
	"net/http"
	"time"

	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

// Details of refusals: each says what to do about it.
const (
	keyDetail    = "The API key is unknown or has no role that may bring in calls. Use a key of role ingest."
	ticketDetail = "The ticket in the address is not valid: it is over, or was made for another platform or by another server. " +
		"POST /v1/ingest/tokens makes one."
	strangerDetail = "Send an API key of role ingest as a bearer token or as the password of basic authentication, " +
		"or a ticket of POST /v1/ingest/tokens as the query parameter token."
)

// check looks at a request before anything of it is kept.
func (d *Door) check(r *http.Request, platform string) *wire.Problem {
	if d.allowed(r) {
		return nil
	}
	token := r.URL.Query().Get(ticket.Param)
	switch {
	case r.Header.Get("Authorization") != "":
		return wire.Refuse(http.StatusUnauthorized, "key", keyDetail)
	case token == "" || d.options.Tickets == nil:
		return wire.Refuse(http.StatusUnauthorized, "unsigned", strangerDetail)
	}
	if _, err := d.options.Tickets.Open(token, platform, d.options.Now()); err != nil {
		return wire.Refuse(http.StatusUnauthorized, "ticket", ticketDetail)
	}
	return nil
}

func (d *Door) allowed(r *http.Request) bool { return d.options.Allow != nil && d.options.Allow(r) }

// ticketOf gives the ticket that a socket was let in by; that it is empty means
// that an API key was. It was good a moment ago, and may be over by now.
func (d *Door) ticketOf(r *http.Request, platform string) ticket.Ticket {
	if d.allowed(r) || d.options.Tickets == nil {
		return ticket.Ticket{}
	}
	t, err := d.options.Tickets.Open(r.URL.Query().Get(ticket.Param), platform, d.options.Now().Add(-time.Minute))
	if err != nil {
		return ticket.Ticket{Call: "?"} // names no call that there can be
	}
	return t
}
