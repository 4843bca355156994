// Package api is the themes in the HTTP API: what calls are about, the quotes
// and calls behind each number, and the definitions of people. Marketers and
// administrators change themes, viewers read them, agents have no part in it.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights/search"
	"heed/internal/mount"
	"heed/internal/store"
	"heed/internal/themes"
	"heed/internal/themes/match"
)

func readers() []string { return mount.Analysts() }
func writers() []string { return []string{"admin", "marketer"} }

type routes struct {
	kit    mount.Kit
	themes *themes.Themes
}

// Routes gives what adds the routes of themes to an API.
func Routes(t *themes.Themes) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, t}
		huma.Register(k.API, k.Operation("themes", http.MethodGet, "/v1/themes", "What calls are about, with counts and trend", readers()), r.list)
		define := k.Operation("define-theme", http.MethodPost, "/v1/themes", "Define a theme; all history is counted at once", writers())
		define.DefaultStatus = http.StatusCreated
		huma.Register(k.API, define, r.define)
		huma.Register(k.API, k.Operation("preview-theme", http.MethodPost, "/v1/themes/preview", "What a definition would count", writers()), r.preview)
		huma.Register(k.API, k.Operation("emerged-themes", http.MethodGet, "/v1/themes/emerged", "What is new or growing, with the evidence", readers()), r.emerged)
		huma.Register(k.API, k.Operation("theme", http.MethodGet, "/v1/themes/{id}", "A theme with its quotes, the latest first", readers()), r.one)
		huma.Register(k.API, k.Operation("change-theme", http.MethodPatch, "/v1/themes/{id}", "Rename, redefine, hide, delete, restore or merge a theme", writers()), r.change)
		huma.Register(k.API, k.Operation("delete-theme", http.MethodDelete, "/v1/themes/{id}", "Delete a theme; PATCH state to active brings it back", writers()), r.drop)
		huma.Register(k.API, k.Operation("theme-trend", http.MethodGet, "/v1/themes/{id}/trend", "A theme by hours, days or weeks", readers()), r.trend)
		huma.Register(k.API, k.Operation("theme-calls", http.MethodGet, "/v1/themes/{id}/calls", "The calls behind a theme's number, the latest first", readers()), r.calls)
		r.countersRoute()
	}
}

// fail adds to the API's own verdicts what is wrong with a definition.
func (r routes) fail(err error) error {
	bad, ok := errors.AsType[*themes.Invalid](err)
	if !ok {
		return r.kit.Fail(err)
	}
	detail := &huma.ErrorDetail{Location: "body." + bad.Field, Message: bad.Want}
	if bad.Field == "from" || bad.Field == "to" || bad.Field == "name" {
		detail.Location = "query." + bad.Field
	}
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		detail.Location, detail.Message, detail.Value = fmt.Sprintf("%s:%d", detail.Location, syntax.Pos), syntax.Error(), syntax.Pos
	}
	return huma.Error422UnprocessableEntity("the theme cannot be made so: "+detail.Message, detail)
}

type out[T any] struct{ Body T }

// ByTheme is the input of operations on one theme.
type ByTheme struct {
	ID string `path:"id" maxLength:"64" doc:"The theme's id"`
}

// Page is keyset paging.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

// Days says of which time the figures are.
type Days struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"28" doc:"Count the last so many days, today included"`
}

// Key lets a write be sent again.
type Key struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

type listInput struct {
	Days
	All bool `query:"all" doc:"Hidden, deleted and merged themes too, and those without calls"`
}

func (r routes) list(ctx context.Context, in *listInput) (*out[themes.List], error) {
	l, err := r.themes.Lines(ctx, in.Days.Days, in.All)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themes.List]{l}, nil
}

// NewDefinition says what a theme means.
type NewDefinition struct {
	How       string   `json:"how" enum:"words,query,like" doc:"By phrases, by a saved search, or by quotes that it is like"`
	Phrases   []string `json:"phrases,omitempty" maxItems:"200" doc:"Any of these; bill* is every word that begins so, a|b either, ... up to six words"`
	Unless    []string `json:"unless,omitempty" maxItems:"200" doc:"A phrase that overlaps one of these does not count"`
	Query     string   `json:"query,omitempty" maxLength:"2000" doc:"As in the search: words, \"phrases\", prefix*, -not, intent:cancel"`
	Quotes    []string `json:"quotes,omitempty" maxItems:"50" doc:"What customers said"`
	Threshold float64  `json:"threshold,omitempty" minimum:"0" maximum:"1" doc:"How like a quote a line must be; 0 is the usual"`
}

func (d NewDefinition) match(title string) match.Definition {
	m := match.Definition{Title: title, Phrases: d.Phrases, Unless: d.Unless, Query: d.Query, Quotes: d.Quotes, Threshold: d.Threshold}
	switch d.How { // the three ways by their names
	case "words":
		m.How = match.ByWords
	case "query":
		m.How = match.ByQuery
	case "like":
		m.How = match.ByLike
	}
	return m
}

type defineInput struct {
	Key
	Body struct {
		Title      string        `json:"title" minLength:"1" maxLength:"80"`
		Definition NewDefinition `json:"definition"`
	}
}

func (r routes) define(ctx context.Context, in *defineInput) (*out[themes.Detail], error) {
	th, err := r.themes.Define(ctx, in.Body.Definition.match(in.Body.Title), r.kit.Caller(ctx))
	if err != nil {
		return nil, r.fail(err)
	}
	return r.settled(ctx, th.ID)
}

// settled gives a theme whose history has just begun to be read.
func (r routes) settled(ctx context.Context, id string) (*out[themes.Detail], error) {
	if err := r.themes.Settle(ctx, id); err != nil {
		return nil, r.fail(err)
	}
	d, err := r.themes.Detail(ctx, id, usualDays, store.QuoteQuery{Limit: usualQuotes})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themes.Detail]{d}, r.quoted(ctx, d.Quotes)
}

const (
	usualDays   = 28
	usualQuotes = 50
)

type previewInput struct {
	Body struct {
		Definition NewDefinition `json:"definition"`
	}
}

func (r routes) preview(ctx context.Context, in *previewInput) (*out[themes.Preview], error) {
	p, err := r.themes.Preview(ctx, in.Body.Definition.match(""))
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themes.Preview]{p}, r.quoted(ctx, p.Quotes)
}

// quotes is the kind of reading that they are.
const quotes = "quotes"

// quoted notes that quotes of calls are about to be shown.
func (r routes) quoted(ctx context.Context, of []store.Quote) error {
	calls := make([]string, len(of))
	for i := range of {
		calls[i] = of[i].CallID
	}
	return r.kit.Read(ctx, quotes, calls...)
}

type emergedInput struct {
	Page
	Open bool `query:"open" doc:"Only what goes on now"`
}

type emergedList struct {
	Emerged []themes.Episode `json:"emerged"`
	Next    string           `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) emerged(ctx context.Context, in *emergedInput) (*out[emergedList], error) {
	found, next, err := r.themes.Emerged(ctx, in.Open, in.After, in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	var calls []string
	for i := range found {
		for _, q := range found[i].Quotes {
			calls = append(calls, q.CallID)
		}
	}
	return &out[emergedList]{emergedList{found, next}}, r.kit.Read(ctx, quotes, calls...)
}

type oneInput struct {
	ByTheme
	Days
	Page
}

func (r routes) one(ctx context.Context, in *oneInput) (*out[themes.Detail], error) {
	d, err := r.themes.Detail(ctx, in.ID, in.Days.Days, store.QuoteQuery{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themes.Detail]{d}, r.quoted(ctx, d.Quotes)
}

type changeInput struct {
	ByTheme
	Key
	Body struct {
		Title      *string        `json:"title,omitempty" minLength:"1" maxLength:"80"`
		State      *string        `json:"state,omitempty" enum:"active,hidden,deleted" doc:"active also brings back what was deleted or merged"`
		Definition *NewDefinition `json:"definition,omitempty" doc:"All history is counted anew"`
		Into       *string        `json:"into,omitempty" maxLength:"64" doc:"Merge into this theme, which then counts for both"`
	}
}

func (r routes) change(ctx context.Context, in *changeInput) (*out[themes.Detail], error) {
	e := themes.Edit{Title: in.Body.Title, Into: in.Body.Into}
	if in.Body.State != nil {
		state := themes.State(*in.Body.State)
		e.State = &state
	}
	if in.Body.Definition != nil {
		d := in.Body.Definition.match("")
		e.Definition = &d
	}
	if _, err := r.themes.Change(ctx, in.ID, e, r.kit.Caller(ctx)); err != nil {
		return nil, r.fail(err)
	}
	return r.settled(ctx, in.ID)
}

type dropInput struct {
	ByTheme
	Key
}

func (r routes) drop(ctx context.Context, in *dropInput) (*struct{}, error) {
	state := themes.Deleted
	if _, err := r.themes.Change(ctx, in.ID, themes.Edit{State: &state}, r.kit.Caller(ctx)); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

type trendInput struct {
	ByTheme
	Bucket string    `query:"bucket" enum:"hour,day,week" default:"day" doc:"On the organisation's clocks; a week begins on Monday"`
	From   time.Time `query:"from" doc:"By default 48 hours, 28 days or 26 weeks back"`
	To     time.Time `query:"to" doc:"Exclusive; by default now"`
}

type themeTrend struct {
	Points []themes.Point `json:"points"`
}

func (r routes) trend(ctx context.Context, in *trendInput) (*out[themeTrend], error) {
	points, err := r.themes.Trend(ctx, in.ID, themes.Span{Step: themes.Step(in.Bucket), From: in.From, To: in.To})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themeTrend]{themeTrend{points}}, nil
}

type callsInput struct {
	ByTheme
	Page
}

type themeCalls struct {
	Calls []store.ThemeCall `json:"calls"`
	Next  string            `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) calls(ctx context.Context, in *callsInput) (*out[themeCalls], error) {
	found, next, err := r.themes.Calls(ctx, store.QuoteQuery{Theme: in.ID, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themeCalls]{themeCalls{found, next}}, nil
}
