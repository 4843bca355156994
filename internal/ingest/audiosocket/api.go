package audiosocket

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/mount"
)

type announceInput struct {
	Body struct {
		UUID      string `json:"uuid" format:"uuid" doc:"What the dialplan gives AudioSocket; made for this party of this call alone" example:"40325ec2-5efd-4bd3-805f-53576e581d13"`
		Call      string `json:"call" minLength:"1" maxLength:"128" pattern:"^[A-Za-z0-9._:@-]+$" doc:"The platform's id of the call, the same for both parties" example:"1767268800.42"`
		Party     string `json:"party,omitempty" enum:"customer,agent" doc:"Whose voice it carries; customer by default" example:"customer"`
		Direction string `json:"direction,omitempty" enum:"inbound,outbound" doc:"inbound by default" example:"inbound"`
		From      string `json:"from,omitempty" maxLength:"256" doc:"Who calls" example:"+12025550142"`
		To        string `json:"to,omitempty" maxLength:"256" doc:"Who is called" example:"+12025550199"`
		Agent     string `json:"agent,omitempty" maxLength:"256" doc:"Who takes the call" example:"dana"`
		Language  string `json:"language,omitempty" maxLength:"35" doc:"BCP 47" example:"en-US"`
	}
}

type announceOutput struct {
	Body struct {
		UUID    string    `json:"uuid" example:"40325ec2-5efd-4bd3-805f-53576e581d13"`
		Expires time.Time `json:"expires" doc:"Until when the connection must come" example:"2026-05-01T12:10:00Z"`
		Address string    `json:"address" doc:"Where the door listens" example:"10.0.0.5:9092"`
	}
}

// Routes adds the announcement of UUIDs to the API.
func (d *Door) Routes(k mount.Kit) {
	op := k.Operation("announce-audiosocket", http.MethodPost, "/v1/ingest/audiosocket",
		"Say which party of which call an AudioSocket UUID stands for", []string{"admin", "ingest"})
	op.Description = "AudioSocket itself says nothing but a UUID. It is good for one connection, which may already be waiting: it waits a few seconds. " +
		"Saying it again replaces what was said."
	op.MaxBodyBytes = 4 << 10
	op.Errors = append(op.Errors, http.StatusConflict, http.StatusServiceUnavailable)
	huma.Register(k.API, op, d.announce)
}

func (d *Door) announce(_ context.Context, in *announceInput) (*announceOutput, error) {
	if d.o.Listener == nil {
		return nil, huma.Error409Conflict("this server takes no AudioSocket connections; set audiosocket-listen")
	}
	b := in.Body
	id, err := uuid.Parse(b.UUID)
	if err != nil {
		return nil, huma.Error422UnprocessableEntity("uuid must be a UUID", err)
	}
	expires, err := d.known.add(id, ingest.Start{
		Platform: Platform, Call: b.Call, Direction: cmp.Or(b.Direction, "inbound"), From: b.From, To: b.To, Agent: b.Agent, Language: b.Language,
		Parties: []insights.Speaker{cmp.Or(insights.Speaker(b.Party), insights.Customer)},
	})
	if errors.Is(err, errFull) {
		return nil, huma.Error503ServiceUnavailable("too many UUIDs are waiting for their connection; try again later")
	}
	out := &announceOutput{}
	out.Body.UUID, out.Body.Expires, out.Body.Address = id.String(), expires.UTC().Truncate(time.Second), d.o.Listener.Addr().String()
	return out, nil
}
