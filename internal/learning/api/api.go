// Package api is the learner in the HTTP API: how the model does, and the word
// of somebody that an action may be learnt from again.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/learning"
	"heed/internal/mount"
)

func readers() []string { return []string{"admin", "designer", "marketer", "viewer"} }
func owners() []string  { return []string{"admin", "designer"} }

type routes struct {
	learner *learning.Learner
	kit     mount.Kit
	now     func() time.Time
}

// Routes gives what adds the routes of the learner to an API.
func Routes(l *learning.Learner, now func() time.Time) func(mount.Kit) {
	return func(kit mount.Kit) {
		r := routes{l, kit, now}
		huma.Register(kit.API, kit.Operation("model-health", http.MethodGet, "/v1/actions/health", "How well the chance of each action is known", readers()), r.health)
		huma.Register(kit.API, kit.Operation("learning-resume", http.MethodPost, "/v1/actions/{action}/learn", "Learn from an action again, of which learning has stopped", owners()), r.resume)
	}
}

type healthOutput struct{ Body learning.Health }

func (r routes) health(ctx context.Context, _ *struct{}) (*healthOutput, error) {
	h, err := r.learner.Health(ctx)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &healthOutput{h}, nil
}

type resumeInput struct {
	Action string `path:"action" maxLength:"120"`
	Body   struct {
		Why string `json:"why" minLength:"3" maxLength:"500" example:"The offer was on television that day" doc:"It is kept with the action"`
	}
}

func (r routes) resume(ctx context.Context, in *resumeInput) (*struct{}, error) {
	err := r.learner.Resume(ctx, learning.Resumed{Action: in.Action, By: r.kit.Caller(ctx), Why: in.Body.Why}, r.now())
	switch {
	case errors.Is(err, learning.ErrGoesOn):
		return nil, huma.Error409Conflict("learning from this action was not stopped; GET /v1/actions/health lists those where it was")
	case err != nil:
		return nil, r.kit.Fail(err)
	}
	return nil, nil
}
