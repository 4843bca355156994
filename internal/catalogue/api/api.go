// Package api is the catalogue in the HTTP API: actions, levers and the policy
// in their versions, and rules tried before they are saved. Designers and
// administrators change them, everybody who works with suggestions reads them.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/catalogue"
	"heed/internal/decide"
	"heed/internal/mount"
	"heed/internal/strict"
)

func readers() []string { return []string{"admin", "designer", "marketer", "privacy", "viewer"} }
func writers() []string { return []string{"admin", "designer"} }

type routes struct {
	kit   mount.Kit
	items *catalogue.Service
	ask   Asker
}

// Asker asks a rule about somebody who is known, by id; see
// [heed/internal/brain.Brain.TryPolicy].
type Asker func(ctx context.Context, customer, when, channel string) (decide.Expression, error)

// maxItem bounds an action with its treatments and cases, in bytes.
const maxItem = 256 << 10

// Routes gives what adds the routes of the catalogue to an API.
func Routes(s *catalogue.Service, ask Asker) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s, ask}
		huma.Register(k.API, k.Operation("catalogue", http.MethodGet, "/v1/catalogue", "Actions, levers, policy and declared traits: what is in force and what waits", readers()), r.list)
		huma.Register(k.API, k.Operation("catalogue-export", http.MethodGet, "/v1/catalogue/export", "What is in force as the files that a server starts with", readers()), r.export)
		huma.Register(k.API, k.Operation("catalogue-item", http.MethodGet, "/v1/catalogue/{kind}/{id}", "An action, a lever, the policy or the declared traits, with all versions and who made them", readers()), r.one)
		huma.Register(k.API, k.Operation("catalogue-diff", http.MethodGet, "/v1/catalogue/{kind}/{id}/diff", "What two versions have not in common, field by field", readers()), r.diff)
		draft := k.Operation("catalogue-draft", http.MethodPut, "/v1/catalogue/{kind}/{id}", "Store a new version as a draft; 409 with both when somebody else did meanwhile", writers())
		draft.MaxBodyBytes = maxItem
		draft.Errors = append(draft.Errors, http.StatusConflict, http.StatusUnprocessableEntity)
		huma.Register(k.API, draft, r.draft)
		step := k.Operation("catalogue-step", http.MethodPost, "/v1/catalogue/{kind}/{id}/steps", "Review, publish or retire a version; the next decision knows", writers())
		step.Errors = append(step.Errors, http.StatusConflict, http.StatusUnprocessableEntity)
		huma.Register(k.API, step, r.step)
		huma.Register(k.API, k.Operation("check-policy", http.MethodPost, "/v1/policies/check", "Check a rule and try it on a made-up person, on cases, or on a customer as they are", readers()), r.try)
		huma.Register(k.API, k.Operation("policy-words", http.MethodGet, "/v1/policies/words", "What a rule may be written with: functions, traits, signals, labels and facts", readers()), r.words)
	}
}

type exported struct{ Body catalogue.Files }

func (r routes) export(context.Context, *struct{}) (*exported, error) {
	files, err := r.items.Export()
	if err != nil {
		return nil, r.fail(err)
	}
	return &exported{files}, nil
}

// Conflict is a 409 with both versions.
type Conflict struct {
	huma.ErrorModel

	Yours  json.RawMessage   `json:"yours"`
	Theirs catalogue.Version `json:"theirs"`
}

// Refusal is a 422 that says what to mend.
type Refusal struct {
	huma.ErrorModel

	Field  string `json:"field" example:"policies[0].when"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
}

func model(status int, detail string) huma.ErrorModel {
	return huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail}
}

// fail adds what is wrong with an item to the API's own verdicts.
func (r routes) fail(err error) error {
	if c, ok := errors.AsType[*catalogue.Conflict](err); ok {
		return &Conflict{model(http.StatusConflict, c.Error()+"; look at both and send yours again, based on that version"), c.Yours, c.Theirs}
	}
	if p, ok := errors.AsType[*strict.Problem](err); ok {
		return &Refusal{model(http.StatusUnprocessableEntity, p.Error()), p.Field, p.Reason, p.Hint}
	}
	if no, ok := errors.AsType[*catalogue.Refused](err); ok {
		return huma.Error409Conflict(no.Why)
	}
	return r.kit.Fail(err)
}

type out[T any] struct{ Body T }

// List is the whole catalogue.
type List struct {
	Items []catalogue.Line `json:"items"`
	// Alone is a setting, content.alone.
	Alone bool `json:"alone" doc:"The author of a version may review it"`
	// You is the name that stands for who asks where versions have an author.
	You string `json:"you" doc:"Who asks, as an author is named"`
}

func (r routes) list(ctx context.Context, _ *struct{}) (*out[List], error) {
	items, err := r.items.List(ctx)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[List]{List{items, r.items.Alone(), r.kit.Caller(ctx)}}, nil
}

// ByID names an item.
type ByID struct {
	Kind string `path:"kind" enum:"action,lever,policy,traits" doc:"There is one policy, called policy, and one declaration of traits, called traits"`
	ID   string `path:"id" maxLength:"100" pattern:"^[a-z0-9]+([._-][a-z0-9]+)*$" example:"up.fibre"`
}

func (r routes) one(ctx context.Context, in *ByID) (*out[catalogue.Item], error) {
	item, err := r.items.Item(ctx, in.Kind, in.ID)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[catalogue.Item]{item}, nil
}

type diffInput struct {
	ByID

	From int64 `query:"from" minimum:"0" doc:"A version; 0 is that of the files"`
	To   int64 `query:"to" minimum:"0"`
}

// Differences is what two versions have not in common.
type Differences struct {
	Differences []catalogue.Difference `json:"differences"`
}

func (r routes) diff(ctx context.Context, in *diffInput) (*out[Differences], error) {
	d, err := r.items.Diff(ctx, in.Kind, in.ID, in.From, in.To)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[Differences]{Differences{d}}, nil
}

// Key lets a write be sent again.
type Key struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

type draftInput struct {
	ByID
	Key

	Body struct {
		Based int64          `json:"based" minimum:"0" doc:"The newest version that you have seen; 0 for that of the files, or for something new"`
		Why   string         `json:"why" minLength:"1" maxLength:"500" example:"The price went up"`
		Doc   map[string]any `json:"doc" doc:"The action, lever, policy or declared traits with the keys of the files, such as id, issue, group, purpose, title, say, value, prior, policies; what a policy leaves out is as the defaults"`
	}
}

func (r routes) draft(ctx context.Context, in *draftInput) (*out[catalogue.Version], error) {
	doc, err := json.Marshal(in.Body.Doc)
	if err != nil {
		return nil, huma.Error422UnprocessableEntity("doc is not JSON")
	}
	v, err := r.items.Draft(ctx, catalogue.Edit{
		Kind: in.Kind, ID: in.ID, Doc: doc, Based: in.Body.Based, By: r.kit.Caller(ctx), Why: in.Body.Why,
	})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[catalogue.Version]{v}, nil
}

type stepInput struct {
	ByID
	Key

	Body struct {
		Version int64  `json:"version" minimum:"0" doc:"0 is that of the files, which can be retired and be live again"`
		To      string `json:"to" enum:"reviewed,live,retired,dropped" doc:"From draft to reviewed to live to retired; somebody other than the author reviews, unless content.alone is set. What was live can be live again; what never was can be dropped"`
		Why     string `json:"why" minLength:"1" maxLength:"500" example:"Checked with the legal team"`
	}
}

func (r routes) step(ctx context.Context, in *stepInput) (*out[catalogue.Version], error) {
	v, err := r.items.Move(ctx, catalogue.Move{
		Kind: in.Kind, ID: in.ID, Version: in.Body.Version, To: in.Body.To, By: r.kit.Caller(ctx), Why: in.Body.Why,
	})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[catalogue.Version]{v}, nil
}

func (r routes) words(context.Context, *struct{}) (*out[decide.Words], error) {
	return &out[decide.Words]{r.items.Words()}, nil
}

type tryInput struct {
	Body struct {
		When  string       `json:"when" maxLength:"1000" example:"signal(\"churn_risk\") >= 0.6"`
		Given decide.Given `json:"given,omitzero" doc:"Whom to try it on"`
		// CustomerID is somebody who is known, in the place of Given.
		CustomerID string `json:"customer_id,omitempty" maxLength:"64" doc:"Or the customer to try it on, on the channel of given; for the roles admin and privacy"`
		// Cases are people with what the rule shall say of them.
		Cases []decide.GivenCase `json:"cases,omitempty" maxItems:"50" doc:"Or cases, each with the answer that is wanted; as in a policy's tests"`
	}
}

func (r routes) try(ctx context.Context, in *tryInput) (*out[decide.Expression], error) {
	if id := in.Body.CustomerID; id != "" {
		if role := r.kit.Role(ctx); role != "admin" && role != "privacy" {
			return nil, huma.Error403Forbidden("a rule is tried on a customer by the roles admin and privacy; try it on a made-up person")
		}
		e, err := r.ask(ctx, id, in.Body.When, in.Body.Given.Channel)
		if err != nil {
			return nil, r.fail(err)
		}
		return &out[decide.Expression]{e}, nil
	}
	if len(in.Body.Cases) > 0 {
		e, err := r.items.TryCases(in.Body.When, in.Body.Cases)
		if err != nil {
			return nil, r.fail(err)
		}
		return &out[decide.Expression]{e}, nil
	}
	e, err := r.items.Try(in.Body.When, in.Body.Given)
	if err != nil {
		return nil, huma.Error422UnprocessableEntity("this person cannot be made up: "+err.Error(), &huma.ErrorDetail{Location: "body.given", Message: err.Error()})
	}
	return &out[decide.Expression]{e}, nil
}
