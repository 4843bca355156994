// Package api is the exports in the HTTP API: what a search finds, lists of
// calls and the calls of a theme, as files.
//
// Who takes many calls out of Heed takes them out of its care: administrators,
// marketers and privacy officers may, agents and viewers read them here. Names,
// numbers and addresses of customers are in no export. The package is given a
// place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights/search"
	"heed/internal/desk"
	"heed/internal/export/send"
	"heed/internal/mount"
	"heed/internal/store"
)

func takers() []string   { return []string{"admin", "marketer", "privacy"} }
func themists() []string { return []string{"admin", "marketer"} }

// Options are what exports are read from.
type Options struct {
	Search *search.Index
	Desk   *desk.Desk
	// Calls gives a page of calls, the latest first.
	Calls func(ctx context.Context, status, customer, after string) ([]desk.Line, string, error)
	// ThemeCalls gives a page of the calls of a theme, the latest first.
	ThemeCalls func(ctx context.Context, q store.QuoteQuery) ([]store.ThemeCall, string, error)
	// Link gives the address of a second of a call, for people.
	Link func(callID string, second float64) string
	// Note keeps in the log what is taken.
	Note send.Note
	// Rows is how many an export has at most.
	Rows int64
}

type routes struct {
	Options

	kit    mount.Kit
	sender *send.Sender
}

// Routes gives what adds the routes of exports to an API.
func Routes(o Options) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{o, k, send.New(k, o.Rows, o.Note)}
		found := k.Operation("export-search", http.MethodGet, "/v1/search/export", "All that a search finds, as a file", takers())
		found.Description = "Every utterance that the query finds, to any depth; where its call came from for administrators and marketers alone. While the index is being built the answer is partial."
		found.Errors = append(found.Errors, http.StatusBadRequest, http.StatusNotFound)
		send.Describe(&found, foundTable(r.link, true), exampleSaid())
		huma.Register(k.API, found, r.search)
		calls := k.Operation("export-calls", http.MethodGet, "/v1/calls/export", "Calls, the latest first, as a file", takers())
		send.Describe(&calls, callTable(r.link), exampleCall())
		huma.Register(k.API, calls, r.calls)
		theme := k.Operation("export-theme-calls", http.MethodGet, "/v1/themes/{id}/calls/export", "The calls behind a theme's number, the latest first, as a file", themists())
		theme.Errors = append(theme.Errors, http.StatusNotFound)
		send.Describe(&theme, themeTable(r.link), exampleThemeCall())
		huma.Register(k.API, theme, r.themeCalls)
	}
}

// link is that of the options, or none.
func (r routes) link(callID string, second float64) string {
	if r.Link == nil {
		return ""
	}
	return r.Link(callID, second)
}

type searchInput struct {
	Query string `query:"q" maxLength:"2000" doc:"As in the search. May be left out with like."`
	Like  string `query:"like" maxLength:"64" doc:"As in the search"`
	Order string `query:"sort" enum:"relevance,newest,oldest,value" default:"newest" doc:"As in the search"`
	send.Ask
}

func (r routes) search(ctx context.Context, in *searchInput) (*huma.StreamResponse, error) {
	if in.Query == "" && in.Like == "" {
		return nil, huma.Error422UnprocessableEntity("nothing is asked for", &huma.ErrorDetail{Location: "query.q", Message: "expected a query, or like"})
	}
	q := search.Query{Text: in.Query, Like: in.Like, Order: search.Order(in.Order), Limit: 1}
	origins := slices.Contains(themists(), r.kit.Role(ctx))
	if q.Marketing() && !origins {
		return nil, huma.Error403Forbidden(search.NoOrigin)
	}
	if _, err := r.Search.Search(ctx, q); err != nil {
		return nil, r.refused(err)
	}
	return send.Answer(ctx, r.sender, foundTable(r.link, origins), in.Ask, "search", func(ctx context.Context, take func(*said) error) (string, error) {
		state, err := r.Search.Walk(ctx, q, func(page search.Result) error { return r.page(ctx, page.Hits, origins, take) })
		if err == nil && state == search.Partial {
			return "the search index was being built: some utterances may be missing", nil
		}
		return "", err
	})
}

// refused says what is wrong with a query.
func (r routes) refused(err error) error {
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		return huma.Error400BadRequest("the query does not parse", &huma.ErrorDetail{
			Location: fmt.Sprintf("query.q:%d", syntax.Pos), Message: syntax.Error(), Value: syntax.Pos,
		})
	}
	if errors.Is(err, search.ErrUnknown) {
		return huma.Error404NotFound("the utterance that like names is not in the index")
	}
	return r.kit.Fail(err)
}

// page gives the hits of a page with what the store knows of them. Each call is
// read once a page; one that is gone by now is passed over.
func (r routes) page(ctx context.Context, hits []search.Hit, origins bool, take func(*said) error) error {
	calls := map[string]*knownCall{}
	for i := range hits {
		h := &hits[i]
		call, read := calls[h.CallID]
		if !read {
			var err error
			if call, err = r.call(ctx, h.CallID, origins); err != nil {
				return err
			}
			calls[h.CallID] = call
		}
		if call == nil {
			continue
		}
		if err := take(&said{Hit: h, call: &call.Facts, origin: call.origin, Facts: search.FactsOf(call.Of[h.UtteranceID])}); err != nil {
			return err
		}
	}
	return nil
}

// knownCall is a call of which something was found.
type knownCall struct {
	desk.Facts

	origin desk.Origin
}

// call reads a call; nil for one that is gone by now.
func (r routes) call(ctx context.Context, id string, origins bool) (*knownCall, error) {
	f, err := r.Desk.Facts(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased):
		return nil, nil //nolint:nilnil // there is none to speak of
	case err != nil:
		return nil, err
	case !origins:
		return &knownCall{Facts: f}, nil
	}
	o, err := r.Desk.Origin(ctx, id)
	return &knownCall{f, o}, err
}

type callsInput struct {
	Status   string `query:"status" enum:"live,hearing,ended,recovered" doc:"Only calls in this state"`
	Customer string `query:"customer" maxLength:"64" doc:"Only this customer's calls"`
	send.Ask
}

func (r routes) calls(ctx context.Context, in *callsInput) (*huma.StreamResponse, error) {
	return send.Answer(ctx, r.sender, callTable(r.link), in.Ask, "calls", pages(func(ctx context.Context, after string) ([]desk.Line, string, error) {
		return r.Calls(ctx, in.Status, in.Customer, after)
	}))
}

type themeInput struct {
	ID string `path:"id" maxLength:"64" doc:"The theme's id"`
	send.Ask
}

func (r routes) themeCalls(ctx context.Context, in *themeInput) (*huma.StreamResponse, error) {
	read := func(ctx context.Context, after string) ([]store.ThemeCall, string, error) {
		return r.ThemeCalls(ctx, store.QuoteQuery{Theme: in.ID, After: after, Limit: 500})
	}
	if _, _, err := read(ctx, ""); err != nil {
		return nil, r.kit.Fail(err)
	}
	return send.Answer(ctx, r.sender, themeTable(r.link), in.Ask, "theme_calls", pages(read))
}

// pages makes a source of a list that is read in pages.
func pages[T any](read func(ctx context.Context, after string) ([]T, string, error)) send.Source[T] {
	return func(ctx context.Context, take func(*T) error) (string, error) {
		for after := ""; ; {
			rows, next, err := read(ctx, after)
			if err != nil {
				return "", err
			}
			for i := range rows {
				if err := take(&rows[i]); err != nil {
					return "", err
				}
			}
			if after = next; after == "" {
				return "", nil
			}
		}
	}
}

// over is when a call ended, the zero time while it goes on.
func over(l *desk.Line) time.Time {
	if l.EndedAt == nil {
		return time.Time{}
	}
	return *l.EndedAt
}
