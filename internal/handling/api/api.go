// Package api is what agents say of their calls in the HTTP API: agents of
// their own calls, administrators of all.
package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/handling"
	"heed/internal/mount"
)

func writers() []string { return []string{mount.Admin, mount.Agent} }

func counters() []string { return []string{mount.Admin, mount.Supervisor} }

type routes struct {
	keeper *handling.Keeper
	kit    mount.Kit
}

// Routes gives what adds these routes to an API.
func Routes(k *handling.Keeper) func(mount.Kit) {
	return func(kit mount.Kit) {
		r := routes{k, kit}
		const mute = "/v1/calls/{id}/mute"
		register := func(op huma.Operation) huma.Operation {
			op.Errors = append(op.Errors, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity)
			return op
		}
		huma.Register(kit.API, register(kit.Operation("mute-suggestions", http.MethodPut, mute, "Want no suggestions on a call, for a while or for the rest of it", writers())), r.mute)
		huma.Register(kit.API, register(kit.Operation("unmute-suggestions", http.MethodDelete, mute, "Want suggestions on a call again", writers())), r.unmute)
		huma.Register(kit.API, register(kit.Operation("wrap-up", http.MethodPut, "/v1/calls/{id}/wrap-up", "Say how a call ended, what it was about, and why suggestions were dismissed", writers())), r.wrapUp)
		huma.Register(kit.API, kit.Operation("muted-share", http.MethodGet, "/v1/muted", "The share of calls on which agents muted suggestions", counters()), r.muted)
	}
}

// HandledCall is the input of operations on how a call is handled.
type HandledCall struct {
	ID  string `path:"id" maxLength:"64" doc:"The call's id"`
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"Each of these sets a state: to send it again changes nothing"`
}

type muteInput struct {
	HandledCall

	Body struct {
		Minutes int `json:"minutes,omitempty" minimum:"0" maximum:"480" doc:"0 is the rest of the call" example:"5"`
	}
}

type muteOutput struct{ Body event.Mute }

func (r routes) mute(ctx context.Context, in *muteInput) (*muteOutput, error) {
	return r.setMute(ctx, in.ID, true, time.Duration(in.Body.Minutes)*time.Minute)
}

func (r routes) unmute(ctx context.Context, in *HandledCall) (*muteOutput, error) {
	return r.setMute(ctx, in.ID, false, 0)
}

func (r routes) setMute(ctx context.Context, id string, on bool, length time.Duration) (*muteOutput, error) {
	if err := r.own(ctx, id); err != nil {
		return nil, err
	}
	m, err := r.keeper.Mute(ctx, id, r.kit.Caller(ctx), on, length)
	if err != nil {
		return nil, r.fail(err)
	}
	return &muteOutput{m}, nil
}

type wrapUpInput struct {
	HandledCall

	Body struct {
		Ending    string            `json:"ending" enum:"resolved,follow_up,unresolved,transferred" doc:"How it ended"`
		Tags      []string          `json:"tags,omitempty" maxItems:"12" doc:"In the agent's words; numbers of cards and the like are removed"`
		Dismissed []event.Dismissed `json:"dismissed,omitempty" maxItems:"100" doc:"Why suggestions were dismissed"`
		Summary   string            `json:"summary,omitempty" maxLength:"4000" doc:"What it was about; numbers of cards and the like are removed"`
	}
}

type wrapUpOutput struct{ Body event.WrapUp }

func (r routes) wrapUp(ctx context.Context, in *wrapUpInput) (*wrapUpOutput, error) {
	if err := r.own(ctx, in.ID); err != nil {
		return nil, err
	}
	b := in.Body
	w, err := r.keeper.WrapUp(ctx, event.WrapUp{
		CallID: in.ID, Ending: b.Ending, Tags: b.Tags, Dismissed: b.Dismissed, Summary: b.Summary, By: r.kit.Caller(ctx),
	})
	if err != nil {
		return nil, r.fail(err)
	}
	return &wrapUpOutput{w}, nil
}

type mutedInput struct {
	Days int `query:"days" minimum:"1" maximum:"400" default:"30" doc:"So many days back" example:"30"`
}

type mutedOutput struct{ Body handling.Share }

func (r routes) muted(ctx context.Context, in *mutedInput) (*mutedOutput, error) {
	s, err := r.keeper.Muted(ctx, in.Days)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &mutedOutput{s}, nil
}

// own lets an agent speak for the calls that they took, and for those of
// nobody; an administrator for all.
func (r routes) own(ctx context.Context, id string) error {
	c, err := r.keeper.Call(ctx, id)
	if err != nil {
		return r.kit.Fail(err)
	}
	if r.kit.Role(ctx) != mount.Admin && c.Agent != "" && !strings.EqualFold(c.Agent, r.kit.Caller(ctx)) {
		return huma.Error403Forbidden("this call is another agent's: only they or an administrator may do that")
	}
	return nil
}

func (r routes) fail(err error) error {
	if errors.Is(err, handling.ErrInvalid) {
		return huma.Error422UnprocessableEntity(err.Error())
	}
	return r.kit.Fail(err)
}
