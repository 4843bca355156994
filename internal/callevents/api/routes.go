// Package api lists in the HTTP API what call-tracking services told: of calls
// that were heard, and of those that were not. It changes nothing.
package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

// readers may see where callers came from.
func readers() []string { return []string{"admin", "marketer"} }

// lister reads the records.
type lister interface {
	Tracking(ctx context.Context, q store.TrackingQuery) ([]event.Tracking, string, error)
}

type routes struct {
	from lister
	kit  mount.Kit
}

// Routes gives what adds the route to an API.
func Routes(from lister) func(mount.Kit) {
	return func(kit mount.Kit) {
		r := routes{from, kit}
		o := kit.Operation("tracking", http.MethodGet, "/v1/tracking", "What call tracking told of calls, joined with those that were heard or not, the latest first", readers())
		o.Description = "A record is joined by the service's id that came with the call, or by the numbers and the time. " +
			"It is ambiguous where several calls or records fit, and withdrawn where a correction left nothing of it."
		huma.Register(kit.API, o, r.list)
	}
}

type listInput struct {
	State    string    `query:"state" enum:"joined,unjoined,ambiguous,withdrawn" doc:"Only records in this state"`
	Source   string    `query:"source" maxLength:"256" doc:"Only of this source, in any case" example:"google"`
	Campaign string    `query:"campaign" maxLength:"256" doc:"Only of this campaign, in any case"`
	From     time.Time `query:"from" doc:"Only calls that started then or later" example:"2026-05-01T00:00:00Z"`
	To       time.Time `query:"to" doc:"Only calls that started before" example:"2026-06-01T00:00:00Z"`
	Limit    int       `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After    string    `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type listOutput struct{ Body trackingPage }

type trackingPage struct {
	Records []event.Tracking `json:"records"`
	Next    string           `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) list(ctx context.Context, in *listInput) (*listOutput, error) {
	records, next, err := r.from.Tracking(ctx, store.TrackingQuery{
		State: in.State, Source: in.Source, Campaign: in.Campaign, From: in.From, To: in.To, Limit: in.Limit, After: in.After,
	})
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &listOutput{trackingPage{records, next}}, nil
}
