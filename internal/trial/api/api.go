// Package api is the experiments in the HTTP API: the arms, what each was
// worth, and the end of one. It reports; it assigns nobody.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/experiment"
	"heed/internal/mount"
	"heed/internal/trial"
)

func readers() []string { return []string{"admin", "designer", "marketer", "viewer"} }
func owners() []string  { return []string{"admin"} }

type routes struct {
	keeper *trial.Keeper
	kit    mount.Kit
	now    func() time.Time
}

// Routes gives what adds the routes of the experiments to an API.
func Routes(k *trial.Keeper, now func() time.Time) func(mount.Kit) {
	return func(kit mount.Kit) {
		r := routes{k, kit, now}
		huma.Register(kit.API, kit.Operation("experiments", http.MethodGet, "/v1/experiments", "The arms that decide for a share of the people", readers()), r.state)
		huma.Register(kit.API, kit.Operation("lift", http.MethodGet, "/v1/experiments/lift", "What the arms were worth, with intervals", readers()), r.lift)
		huma.Register(kit.API, kit.Operation("experiment-end", http.MethodPost, "/v1/experiments/{arm}/end", "End an arm at once and for good", owners()), r.end)
	}
}

type out[T any] struct{ Body T }

func (r routes) state(context.Context, *struct{}) (*out[trial.State], error) {
	return &out[trial.State]{r.keeper.State()}, nil
}

type liftInput struct {
	Days int `query:"days" minimum:"1" maximum:"400" default:"30" doc:"So many days back"`
}

func (r routes) lift(_ context.Context, in *liftInput) (*out[experiment.Report], error) {
	return &out[experiment.Report]{r.keeper.Report(r.now().AddDate(0, 0, -in.Days))}, nil
}

type endInput struct {
	Arm  string `path:"arm" maxLength:"60"`
	Body struct {
		Why string `json:"why" minLength:"3" maxLength:"500" example:"The spring campaign is over" doc:"It is kept with the arm"`
	}
}

func (r routes) end(ctx context.Context, in *endInput) (*out[trial.State], error) {
	err := r.keeper.End(ctx, trial.Ended{Arm: in.Arm, Why: in.Body.Why, By: r.kit.Caller(ctx)})
	switch {
	case errors.Is(err, trial.ErrNoArm):
		return nil, huma.Error404NotFound("there is no arm of this name that goes on; GET /v1/experiments lists them")
	case err != nil:
		return nil, r.kit.Fail(err)
	}
	return r.state(ctx, nil)
}
