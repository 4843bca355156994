// Package api is the report of the levers in the HTTP API. It changes none:
// that is done in the catalogue.
package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/levers"
	"heed/internal/mount"
)

func readers() []string { return []string{"admin", "designer", "marketer", "viewer"} }

type routes struct {
	keeper *levers.Keeper
	kit    mount.Kit
}

// Routes gives what adds the route of the levers to an API.
func Routes(k *levers.Keeper) func(mount.Kit) {
	return func(kit mount.Kit) {
		r := routes{k, kit}
		huma.Register(kit.API, kit.Operation("levers", http.MethodGet, "/v1/levers", "What the levers of the business changed and gave up, by lever, owner and day, with an alarm", readers()), r.report)
	}
}

type reportInput struct {
	Days int `query:"days" minimum:"1" maximum:"400" default:"30" doc:"So many days back, today included" example:"30"`
}

type reportOutput struct{ Body levers.Report }

func (r routes) report(ctx context.Context, in *reportInput) (*reportOutput, error) {
	out, err := r.keeper.Report(ctx, in.Days)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &reportOutput{out}, nil
}
