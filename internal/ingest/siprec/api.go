package siprec

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
)

type whereOutput struct {
	Body struct {
		Address string `json:"address,omitempty" doc:"Where SIP over UDP and TCP is taken; missing when it is not" example:"10.0.0.5:5060"`
		Secure  string `json:"secure_address,omitempty" doc:"Where SIP over TLS is taken; missing when it is not" example:"10.0.0.5:5061"`
		Open    int    `json:"open" doc:"Recording sessions that are open" example:"3"`
	}
}

// Routes adds to the API where the door is.
func (d *Door) Routes(k mount.Kit) {
	op := k.Operation("where-siprec", http.MethodGet, "/v1/ingest/siprec",
		"Where recording sessions of border controllers (SIPREC) are taken", []string{"admin", "ingest"})
	op.Description = "What to set on the border controller, and what the firewall must let through, is in deploy/doors/siprec.md."
	op.Errors = append(op.Errors, http.StatusConflict)
	huma.Register(k.API, op, d.where)
}

func (d *Door) where(context.Context, *struct{}) (*whereOutput, error) {
	out := &whereOutput{}
	out.Body.Address, out.Body.Secure, out.Body.Open = d.Address(), d.SecureAddress(), d.calls.len()
	if out.Body.Address == "" && out.Body.Secure == "" {
		return nil, huma.Error409Conflict("this server takes no recording sessions; set siprec-listen")
	}
	return out, nil
}
