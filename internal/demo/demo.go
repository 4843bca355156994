// Package demo lets people have a recorded call played into their own server,
// to see what an agent sees. It is there only where the server was started
// with the demo: elsewhere such a call would stand among those of customers.
package demo

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
)

// Player plays the demo call, as if an agent took it, in the background.
type Player struct {
	// Play begins the call; it must not block, and calls done when it is over.
	Play func(agent string, done func()) error
	// On says that the server was started with the demo.
	On bool

	busy atomic.Bool
}

type playInput struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"One call is played at a time: to ask again starts no second one"`
}

type playOutput struct {
	Body struct {
		Started bool `json:"started"`
	}
}

// Routes gives what adds the route of the demo to an API.
func Routes(p *Player) func(mount.Kit) {
	return func(k mount.Kit) {
		op := k.Operation("play-demo-call", http.MethodPost, "/v1/demo/calls", "Play the demo call, where the server was started with the demo", []string{mount.Admin, mount.Agent})
		op.DefaultStatus = http.StatusAccepted
		op.Errors = append(op.Errors, http.StatusConflict)
		huma.Register(k.API, op, func(ctx context.Context, _ *playInput) (*playOutput, error) {
			if !p.On {
				return nil, huma.Error409Conflict("this server was started without --demo: take a call by your own microphone instead, or play a recording with \"heed call\"")
			}
			if !p.busy.CompareAndSwap(false, true) {
				return nil, huma.Error409Conflict("the demo call is being played already: it is on the desk")
			}
			if err := p.Play(k.Caller(ctx), func() { p.busy.Store(false) }); err != nil {
				p.busy.Store(false)
				return nil, k.Fail(err)
			}
			out := &playOutput{}
			out.Body.Started = true
			return out, nil
		})
	}
}
