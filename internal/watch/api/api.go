// Package api is the calls that go on now, for who supervises them, in the HTTP
// API: one board of all of them, as it is and as it changes, the rules by which
// they are told, and what a team did. Agents are given none of it.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/hub"
	"heed/internal/mount"
	"heed/internal/watch"
)

func readers() []string { return mount.Overseers() }
func writers() []string { return []string{mount.Admin, mount.Supervisor} }

// breath is the pause between two looks of a screen: what changes meanwhile is
// told together.
const breath = 250 * time.Millisecond

type routes struct {
	kit   mount.Kit
	watch *watch.Service
	now   func() time.Time
}

// Routes gives what adds the routes to an API. A nil now means time.Now.
func Routes(s *watch.Service, now func() time.Time) func(mount.Kit) {
	if now == nil {
		now = time.Now
	}
	return func(k mount.Kit) {
		r := routes{k, s, now}
		const rule, ack = "/v1/live/rules/{id}", "/v1/live/alerts/{id}/ack"
		huma.Register(k.API, k.Operation("live", http.MethodGet, "/v1/live", "The calls that go on now, and the alerts of them", readers()), r.board)
		huma.Register(k.API, k.Operation("follow-live", http.MethodGet, "/v1/live/events", "The same as server-sent events: all of it first, or after Last-Event-ID what has changed, then each change", readers()), r.follow)
		huma.Register(k.API, k.Operation("live-rules", http.MethodGet, "/v1/live/rules", "Of what supervisors are told while a call goes on", readers()), r.rules)
		made := k.Operation("make-live-rule", http.MethodPost, "/v1/live/rules", "Make a rule; it watches over all live calls from now on", writers())
		made.DefaultStatus = http.StatusCreated
		huma.Register(k.API, made, r.make)
		huma.Register(k.API, k.Operation("change-live-rule", http.MethodPut, rule, "Change a rule", writers()), r.change)
		huma.Register(k.API, k.Operation("delete-live-rule", http.MethodDelete, rule, "Delete a rule; it can be restored for 30 days", writers()), r.drop)
		huma.Register(k.API, k.Operation("restore-live-rule", http.MethodPost, rule+"/restore", "Bring back a rule that was deleted", writers()), r.restore)
		huma.Register(k.API, mount.Secret.Of(k.Operation("new-live-rule-secret", http.MethodPost, rule+"/secret", "Make the secret that a rule's webhooks are signed with anew; it is shown once", writers())), r.secret)
		huma.Register(k.API, k.Operation("live-alerts", http.MethodGet, "/v1/live/alerts", "What rules told of calls in the last 30 days, the latest first", readers()), r.alerts)
		huma.Register(k.API, k.Operation("ack-live-alert", http.MethodPut, ack, "Note that you have seen to an alert", writers()), r.ack)
		huma.Register(k.API, k.Operation("reopen-live-alert", http.MethodDelete, ack, "Open an alert again that somebody had seen to", writers()), r.reopen)
		huma.Register(k.API, k.Operation("team", http.MethodGet, "/v1/team", "What agents did in a time: calls, talk time, moods, what came of suggestions", readers()), r.team)
	}
}

func (r routes) who(ctx context.Context) watch.Person {
	return watch.Person{ID: r.kit.ID(ctx), Name: r.kit.Caller(ctx), Role: r.kit.Role(ctx)}
}

// fail adds to the API's own verdicts what is wrong with what was sent.
func (r routes) fail(err error) error {
	switch bad, ok := errors.AsType[*watch.Invalid](err); {
	case ok:
		return huma.Error422UnprocessableEntity("this rule cannot be kept: "+bad.Error(), &huma.ErrorDetail{Location: "body." + bad.Field, Message: bad.Want})
	case errors.Is(err, watch.ErrTooMany):
		return huma.Error409Conflict(watch.ErrTooMany.Error())
	case errors.Is(err, watch.ErrNotYours):
		return huma.Error403Forbidden(watch.ErrNotYours.Error())
	}
	return r.kit.Fail(err)
}

type out[T any] struct{ Body T }

func (r routes) board(context.Context, *struct{}) (*out[watch.Board], error) {
	b, _, _, _ := r.watch.Since("")
	return &out[watch.Board]{b}, nil
}

type followInput struct {
	Last  string `header:"Last-Event-ID" maxLength:"100" doc:"The id of the last event that was read"`
	After string `query:"after" maxLength:"100" doc:"The same, for who cannot set the header"`
	Only  bool   `query:"alerts" doc:"Follow the alerts alone: no calls are sent, and nothing when only they change"`
}

func (r routes) follow(_ context.Context, in *followInput) (*huma.StreamResponse, error) {
	look := r.watch.Since
	if in.Only {
		look = r.watch.AlertsSince
	}
	return &huma.StreamResponse{Body: func(h huma.Context) { r.stream(h, cmp.Or(in.Last, in.After), look) }}, nil
}

// stream writes what changes of the board, until the caller goes or may not see
// more, or the server stops.
func (r routes) stream(h huma.Context, last string, look func(string) (watch.Board, string, bool, <-chan struct{})) {
	w, ok := h.BodyWriter().(http.ResponseWriter)
	if !ok {
		return
	}
	e := hub.NewStream(w)
	if e.Retry(time.Second) != nil {
		return
	}
	tick := time.NewTicker(hub.Heartbeat)
	defer tick.Stop()
	for {
		b, next, some, changed := look(last)
		if some {
			raw, err := json.Marshal(b)
			if err != nil || e.Event(next, "board", raw) != nil {
				return
			}
		}
		last = next
		if !r.rest(h.Context(), e, changed, tick.C) {
			return
		}
	}
}

// rest waits for a change, and a breath more; false when the stream is over.
func (r routes) rest(ctx context.Context, e *hub.Stream, changed <-chan struct{}, tick <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-r.watch.Closed():
		return false
	case <-tick:
		// A key that was revoked or a session that is over sees no more.
		return r.kit.Still(ctx) && e.Alive() == nil
	case <-changed:
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(breath):
		return true
	}
}

type alertsInput struct {
	Open  bool   `query:"open" doc:"Only those that nobody has seen to"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type liveAlertList struct {
	Alerts []watch.Alert `json:"alerts"`
	Next   string        `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) alerts(ctx context.Context, in *alertsInput) (*out[liveAlertList], error) {
	page, next, err := r.watch.Alerts(ctx, in.Open, in.After, in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[liveAlertList]{liveAlertList{page, next}}, nil
}

func (r routes) ack(ctx context.Context, in *ByID) (*out[watch.Alert], error) {
	return r.seen(ctx, in.ID, true)
}

func (r routes) reopen(ctx context.Context, in *ByID) (*out[watch.Alert], error) {
	return r.seen(ctx, in.ID, false)
}

func (r routes) seen(ctx context.Context, id string, done bool) (*out[watch.Alert], error) {
	a, err := r.watch.Ack(ctx, r.who(ctx), id, done)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[watch.Alert]{a}, nil
}

type teamInput struct {
	From time.Time `query:"from" doc:"Calls that began from then on; by default 7 days before to"`
	To   time.Time `query:"to" doc:"And before then; by default now"`
}

// longestTeam is the longest time of which figures are given.
const longestTeam = 92 * 24 * time.Hour

func (r routes) team(ctx context.Context, in *teamInput) (*out[watch.Team], error) {
	to := in.To
	if to.IsZero() {
		to = r.now()
	}
	from := in.From
	if from.IsZero() {
		from = to.AddDate(0, 0, -7)
	}
	if !from.Before(to) || to.Sub(from) > longestTeam {
		return nil, huma.Error422UnprocessableEntity("from has to be before to, and at most 92 days before it")
	}
	t, err := r.watch.TeamOf(ctx, from, to)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[watch.Team]{t}, nil
}
