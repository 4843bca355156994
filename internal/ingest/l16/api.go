package l16

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/ingest/ticket"
	"heed/internal/mount"
)

type ingestTokenInput struct {
	host string
	Body struct {
		Platform string `json:"platform" enum:"asterisk,freeswitch,jambonz,vonage" example:"vonage"`
		Call     string `json:"call" minLength:"1" maxLength:"128" pattern:"^[A-Za-z0-9._:@-]+$" doc:"The platform's id of the call" example:"CON-4fbb1a3c"`
		Party    string `json:"party,omitempty" enum:"customer,agent" doc:"Who is on the socket's first or only channel" example:"customer"`
		Seconds  int    `json:"seconds,omitempty" minimum:"10" maximum:"3600" doc:"How long it is good; 300 by default" example:"300"`
	}
}

// Resolve notes under which name the caller reaches us.
func (in *ingestTokenInput) Resolve(ctx huma.Context) []error {
	in.host = ctx.Host()
	return nil
}

type ingestTokenOutput struct {
	Body struct {
		Token   string    `json:"token" doc:"To be the query parameter token of the socket's address" example:"eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"`
		Expires time.Time `json:"expires" example:"2026-05-01T12:05:00Z"`
		URL     string    `json:"url" doc:"The whole address for the platform to open" example:"wss://heed.example.com/ingest/vonage/media?token=eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"`
	}
}

type ingestEndInput struct {
	Body struct {
		Platform string `json:"platform" enum:"asterisk,audiosocket,freeswitch,jambonz,vonage" example:"asterisk"`
		Call     string `json:"call" minLength:"1" maxLength:"128" doc:"The platform's id of the call" example:"1767268800.42"`
	}
}

// Routes adds to the API what an integrator of these platforms calls.
func (d *Door) Routes(k mount.Kit) {
	roles := []string{"admin", "ingest"}
	token := mount.Secret.Of(k.Operation("new-ingest-token", http.MethodPost, "/v1/ingest/tokens", "Make a ticket for one media socket, for a platform that can set no header", roles))
	token.Description = "The ticket names the call and stands in the address of the socket. It may be used again until it expires, as a platform that reconnects has to."
	token.MaxBodyBytes = 4 << 10
	huma.Register(k.API, token, d.newToken)
	end := k.Operation("end-ingest-call", http.MethodPost, "/v1/ingest/ended", "Tell that a call is over, for a platform that has no webhook", roles)
	end.Description = "Without it a call whose sockets have closed waits calls-grace for another one. A call that is not known, or over already, is no error."
	end.MaxBodyBytes, end.DefaultStatus = 4<<10, http.StatusNoContent
	huma.Register(k.API, end, d.end)
}

func (d *Door) newToken(_ context.Context, in *ingestTokenInput) (*ingestTokenOutput, error) {
	if d.options.Tickets == nil {
		return nil, huma.Error503ServiceUnavailable("this server makes no tickets")
	}
	b := in.Body
	life := time.Duration(cmp.Or(b.Seconds, int(ticket.DefaultLife/time.Second))) * time.Second
	t := ticket.Ticket{Platform: b.Platform, Call: b.Call, Party: b.Party, Expires: d.options.Now().Add(life).UTC().Truncate(time.Second)}
	s, err := d.options.Tickets.Issue(t)
	if err != nil {
		return nil, huma.Error500InternalServerError("the ticket could not be signed")
	}
	out := &ingestTokenOutput{}
	out.Body.Token, out.Body.Expires = s, t.Expires
	out.Body.URL = d.origin.URL("wss", in.host, MediaPath(b.Platform)) + "?" + url.Values{ticket.Param: {s}}.Encode()
	return out, nil
}

func (d *Door) end(ctx context.Context, in *ingestEndInput) (*struct{}, error) {
	d.options.Calls.Complete(ctx, in.Body.Platform, in.Body.Call)
	return nil, nil //nolint:nilnil // there is nothing to say
}
