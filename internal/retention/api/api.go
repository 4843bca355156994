// Package api is retention in the HTTP API: for how long what is kept, what is
// on legal hold, and what was deleted. Administrators and privacy officers see
// it; administrators set periods, and both put on hold and lift.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/retention"
	"heed/internal/store"
)

func officers() []string { return []string{mount.Admin, mount.Privacy} }

type routes struct {
	kit   mount.Kit
	of    *retention.Service
	store *store.Store
	now   func() time.Time
}

// Routes gives what adds the routes to an API; now may be nil.
func Routes(s *retention.Service, db *store.Store, now func() time.Time) func(mount.Kit) {
	if now == nil {
		now = time.Now
	}
	return func(k mount.Kit) {
		r := routes{k, s, db, now}
		const path, holds = "/v1/retention", "/v1/retention/holds"
		huma.Register(k.API, k.Operation("retention", http.MethodGet, path, "For how long what is kept of calls, what is on legal hold, and what was deleted", officers()), r.state)
		huma.Register(k.API, k.Operation("set-retention", http.MethodPut, path+"/{class}", "Set for how many days recordings or transcripts are kept; what is older is deleted within an hour", []string{mount.Admin}), r.set)
		huma.Register(k.API, k.Operation("preview-retention", http.MethodGet, path+"/{class}/preview", "What a period would delete now", officers()), r.preview)
		hold := k.Operation("add-legal-hold", http.MethodPost, holds, "Keep a call, or all calls of a customer, whatever their age", officers())
		hold.DefaultStatus = http.StatusCreated
		huma.Register(k.API, hold, r.hold)
		huma.Register(k.API, k.Operation("lift-legal-hold", http.MethodDelete, holds+"/{id}", "Lift a legal hold", officers()), r.lift)
	}
}

// Rule is a period as it was set.
type Rule struct {
	Class string    `json:"class" enum:"recordings,transcripts"`
	Days  int       `json:"days" doc:"0 is for ever"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

// Hold is a legal hold.
type Hold struct {
	ID       string    `json:"id"`
	Customer string    `json:"customer_id,omitempty"`
	Call     string    `json:"call_id,omitempty"`
	Why      string    `json:"why"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	LiftedAt time.Time `json:"lifted_at,omitzero" doc:"Absent while it stands"`
	LiftedBy string    `json:"lifted_by,omitempty"`
}

func holdOf(h store.Hold) Hold {
	return Hold{ID: h.ID, Customer: h.Customer, Call: h.Call, Why: h.Why, By: h.By, At: h.At, LiftedAt: h.Lifted, LiftedBy: h.LiftedBy}
}

func holdsOf(all []store.Hold) []Hold {
	out := make([]Hold, len(all))
	for i, h := range all {
		out[i] = holdOf(h)
	}
	return out
}

type retentionState struct {
	Least   int          `json:"least" doc:"The shortest period that can be set, in days"`
	Most    int          `json:"most"`
	Rules   []Rule       `json:"rules" doc:"All that were set, the latest first: the first of a class holds. A class without any is kept for ever."`
	Holds   []Hold       `json:"holds" doc:"Those that stand"`
	Lifted  []Hold       `json:"lifted" doc:"Those that were lifted, the latest first"`
	Deleted []store.Aged `json:"deleted" doc:"What was deleted for its age, by day"`
}

type out[T any] struct{ Body T }

func (r routes) state(ctx context.Context, _ *struct{}) (*out[retentionState], error) {
	rules, err := r.store.RetentionRules(ctx)
	holds, holdErr := r.store.Holds(ctx, false)
	lifted, liftErr := r.store.Holds(ctx, true)
	deleted, agedErr := r.store.AgedByDay(ctx)
	if err := errors.Join(err, holdErr, liftErr, agedErr); err != nil {
		return nil, r.kit.Fail(err)
	}
	v := retentionState{Least: retention.Least, Most: retention.Most, Rules: make([]Rule, len(rules)), Holds: holdsOf(holds), Lifted: holdsOf(lifted), Deleted: deleted}
	for i, one := range rules {
		v.Rules[i] = Rule{Class: string(one.Class), Days: one.Days, By: one.By, At: one.At}
	}
	return &out[retentionState]{v}, nil
}

// ByClass is the input of operations on one class.
type ByClass struct {
	Class store.Kept `path:"class" enum:"recordings,transcripts"`
}

type setRetentionInput struct {
	ByClass
	Body struct {
		Days int `json:"days" minimum:"0" maximum:"3650" doc:"0 is for ever; else 7 or more"`
	}
}

func (r routes) set(ctx context.Context, in *setRetentionInput) (*out[retentionState], error) {
	if err := r.of.Set(ctx, in.Class, in.Body.Days, r.kit.Caller(ctx)); err != nil {
		return nil, r.fail(err)
	}
	return r.state(ctx, nil)
}

func (r routes) fail(err error) error {
	if errors.Is(err, retention.ErrPeriod) {
		return huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Location: "days", Message: "expected 7 to 3650, or 0 for ever"})
	}
	return r.kit.Fail(err)
}

type previewInput struct {
	ByClass
	Days int `query:"days" required:"true" minimum:"7" maximum:"3650"`
}

type retentionPreview struct {
	Calls      int `json:"calls" doc:"Of so many calls it would be deleted"`
	Recordings int `json:"recordings,omitempty" doc:"Recordings among them, of the oldest 20,000 calls"`
}

func (r routes) preview(ctx context.Context, in *previewInput) (*out[retentionPreview], error) {
	calls, recordings, err := r.of.Preview(ctx, in.Class, in.Days)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[retentionPreview]{retentionPreview{calls, recordings}}, nil
}

type holdInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		Customer string `json:"customer_id,omitempty" maxLength:"64" doc:"All calls of this customer"`
		Call     string `json:"call_id,omitempty" maxLength:"64" doc:"Or this call"`
		Why      string `json:"why" minLength:"1" maxLength:"500" doc:"Such as the number of the case"`
	}
}

func (r routes) hold(ctx context.Context, in *holdInput) (*out[Hold], error) {
	if (in.Body.Customer == "") == (in.Body.Call == "") {
		return nil, huma.Error422UnprocessableEntity("a hold is of a customer or of a call", &huma.ErrorDetail{Location: "body", Message: "expected customer_id or call_id"})
	}
	h := store.Hold{ID: event.NewID(), Customer: in.Body.Customer, Call: in.Body.Call, Why: in.Body.Why, By: r.kit.Caller(ctx), At: r.now()}
	if err := r.store.AddHold(ctx, h); err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[Hold]{holdOf(h)}, nil
}

// ByHold is the input of operations on one hold.
type ByHold struct {
	ID string `path:"id" maxLength:"64" doc:"The hold's id"`
}

func (r routes) lift(ctx context.Context, in *ByHold) (*struct{}, error) {
	if err := r.store.LiftHold(ctx, in.ID, r.kit.Caller(ctx), r.now()); err != nil {
		return nil, r.kit.Fail(err)
	}
	return nil, nil
}
