// Package api is comments on a call in the HTTP API: all who read calls read
// them, all but viewers write their own.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights"
	"heed/internal/comments"
	"heed/internal/event"
	"heed/internal/mount"
)

type routes struct {
	kit  mount.Kit
	keep *comments.Comments
}

// Routes gives what adds the routes to an API.
func Routes(keep *comments.Comments) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, keep}
		const all, one = "/v1/calls/{id}/comments", "/v1/calls/{id}/comments/{comment}"
		add := k.Operation("comment", http.MethodPost, all, "Comment on a call, or on an utterance or a second of it", comments.Writers())
		add.DefaultStatus = http.StatusCreated
		add.Description = "What may not be kept, such as a card number, is taken out of the text. The call's customer may ask for a copy of it, without your name."
		huma.Register(k.API, k.Operation("comments", http.MethodGet, all, "What people wrote beside a call, the oldest first", mount.People()), r.list)
		huma.Register(k.API, add, r.add)
		huma.Register(k.API, k.Operation("edit-comment", http.MethodPut, one, "Change the words of your comment", comments.Writers()), r.edit)
		huma.Register(k.API, k.Operation("remove-comment", http.MethodDelete, one, "Remove your comment; it can be restored for a day", comments.Writers()), r.remove)
		huma.Register(k.API, k.Operation("restore-comment", http.MethodPost, one+"/restore", "Bring back a comment that was removed", comments.Writers()), r.restore)
	}
}

// OfCall names a call.
type OfCall struct {
	ID string `path:"id" maxLength:"64" doc:"The call's id"`
}

// Named is the input of operations on one comment.
type Named struct {
	OfCall
	Comment string `path:"comment" maxLength:"64" doc:"The comment's id"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

type listInput struct {
	OfCall
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"500"`
	After string `query:"after" maxLength:"512" doc:"The previous page's next"`
}

type out[T any] struct{ Body T }

type commentList struct {
	Comments []event.Comment `json:"comments"`
	Next     string          `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

type addInput struct {
	OfCall
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		Text        string            `json:"text" minLength:"1" maxLength:"8000" doc:"Up to 2000 characters" example:"Promised a call back, nobody called."`
		Second      *insights.Seconds `json:"second,omitempty" minimum:"0" doc:"Where in the call it belongs; of an utterance its start by default" example:"41.2"`
		UtteranceID string            `json:"utterance_id,omitempty" maxLength:"64" doc:"The utterance that it is about"`
	}
}

type editInput struct {
	Named
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"8000" doc:"Up to 2000 characters"`
	}
}

func (r routes) list(ctx context.Context, in *listInput) (*out[commentList], error) {
	found, next, err := r.keep.Of(ctx, in.ID, in.After, in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[commentList]{commentList{found, next}}, nil
}

func (r routes) add(ctx context.Context, in *addInput) (*out[event.Comment], error) {
	return r.one(r.keep.Add(ctx, in.ID, comments.Draft{Text: in.Body.Text, Second: in.Body.Second, UtteranceID: in.Body.UtteranceID}, r.author(ctx)))
}

func (r routes) edit(ctx context.Context, in *editInput) (*out[event.Comment], error) {
	return r.one(r.keep.Edit(ctx, in.ID, in.Comment, in.Body.Text, r.author(ctx)))
}

func (r routes) restore(ctx context.Context, in *Named) (*out[event.Comment], error) {
	return r.one(r.keep.Restore(ctx, in.ID, in.Comment, r.author(ctx)))
}

func (r routes) remove(ctx context.Context, in *Named) (*struct{}, error) {
	if err := r.keep.Remove(ctx, in.ID, in.Comment, r.author(ctx)); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

func (r routes) one(c event.Comment, err error) (*out[event.Comment], error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[event.Comment]{c}, nil
}

func (r routes) author(ctx context.Context) comments.Author {
	return comments.Author{ID: r.kit.ID(ctx), Name: r.kit.Caller(ctx), Role: r.kit.Role(ctx)}
}

// fail adds to the API's own verdicts what is wrong with what was sent.
func (r routes) fail(err error) error {
	if bad, ok := errors.AsType[*comments.Invalid](err); ok {
		return huma.Error422UnprocessableEntity("this cannot be kept: "+bad.Error(), &huma.ErrorDetail{Location: "body." + bad.Field, Message: bad.Want})
	}
	switch {
	case errors.Is(err, comments.ErrNotYours):
		return huma.Error403Forbidden(comments.ErrNotYours.Error())
	case errors.Is(err, comments.ErrTooMany):
		return huma.Error409Conflict(comments.ErrTooMany.Error())
	}
	return r.kit.Fail(err)
}
