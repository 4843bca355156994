// Package api is the consent ledger in the HTTP API: what a person allows and
// allowed, rows by those who may write them, what was heard on a call and
// waits for the agent, receipts, and the feed of the systems that are told.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/consent"
	"heed/internal/door/pass"
	"heed/internal/ledger"
	"heed/internal/mount"
	"heed/internal/notice"
)

func readers() []string  { return mount.People() }
func writers() []string  { return []string{"admin", "agent", "privacy"} }
func officers() []string { return []string{"admin", "privacy"} }
func systems() []string  { return []string{ledger.RoleRecipient} }

type routes struct {
	kit    mount.Kit
	ledger *ledger.Service
	pace   *pass.Limit // of each recipient
}

// Routes gives what adds the routes of the ledger to an API. The clock paces
// recipients.
func Routes(s *ledger.Service, now func() time.Time) func(mount.Kit) {
	pace := pass.NewLimit(feedBurst, feedEvery, now)
	return func(k mount.Kit) {
		r := routes{k, s, pace}
		const person = "/v1/customers/{id}/consent"
		huma.Register(k.API, k.Operation("consent", http.MethodGet, person, "A customer's consent ledger, the latest row first", readers()), r.history)
		huma.Register(k.API, k.Operation("set-consent", http.MethodPost, person, "Add a row to the ledger", writers()), r.add)
		huma.Register(k.API, k.Operation("consent-now", http.MethodGet, person+"/now", "What a customer allows: all purposes on all channels, now or at a past moment", readers()), r.grid)
		huma.Register(k.API, k.Operation("consent-at", http.MethodGet, person+"/at", "Was it allowed then? In truth, and as far as was known", readers()), r.at)
		huma.Register(k.API, k.Operation("consent-receipt", http.MethodGet, person+"/receipt", "A receipt with the fields of ISO/IEC TS 27560, as JSON or as text", readers()), r.receipt)
		huma.Register(k.API, k.Operation("consent-recipients", http.MethodGet, person+"/{row}/recipients", "Who was told of a row, and who confirmed it", readers()), r.whoKnows)
		huma.Register(k.API, k.Operation("answer-wish", http.MethodPost, person+"/{row}/answer", "Confirm what was heard on a call, or say that it was misheard", writers()), r.answer)
		huma.Register(k.API, k.Operation("undo-consent", http.MethodPost, person+"/{row}/undo", "Take back a row that you wrote by mistake in the last ten minutes", writers()), r.undo)
		huma.Register(k.API, k.Operation("wishes", http.MethodGet, "/v1/calls/{id}/wishes", "What was heard on a call and waits for the agent's answer", readers()), r.wishes)
		huma.Register(k.API, k.Operation("wordings", http.MethodGet, "/v1/consent/wordings", "The words in which people are asked", readers()), r.wordings)
		huma.Register(k.API, k.Operation("verify-consent", http.MethodGet, "/v1/consent/verify", "Read all ledgers and signed days, and say what does not fit", officers()), r.verify)
		r.recipientRoutes()
	}
}

// fail adds to the API's own verdicts what is wrong with a row.
func (r routes) fail(err error) error {
	bad, ok := asInvalid(err)
	if !ok {
		return r.kit.Fail(err)
	}
	return huma.Error422UnprocessableEntity("this cannot be written: "+bad.Error(),
		&huma.ErrorDetail{Location: "body." + bad.Field, Message: bad.Want})
}

type out[T any] struct{ Body T }

// ByCustomer is the input of operations on one person.
type ByCustomer struct {
	ID string `path:"id" maxLength:"64" doc:"The customer's id"`
}

// ByRow is the input of operations on one row.
type ByRow struct {
	ByCustomer

	Row string `path:"row" maxLength:"64" doc:"The row's id"`
}

// Key lets a write be sent again.
type Key struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

type historyInput struct {
	ByCustomer

	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	After string `query:"after" maxLength:"64" doc:"The previous page's next"`
}

func (r routes) history(ctx context.Context, in *historyInput) (*out[ledger.LedgerPage], error) {
	h, err := r.ledger.History(ctx, in.ID, in.After, in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ledger.LedgerPage]{h}, nil
}

// Cell is the question by its parts.
type Cell struct {
	Purpose string `query:"purpose" required:"true" enum:"service,marketing,profiling,research,recording,tracking,processing,sale_share"`
	Channel string `query:"channel" enum:"agent,call,email,post,push,sms,web,any" doc:"any or nothing: no channel in particular"`
	Topic   string `query:"topic" maxLength:"200"`
	Address string `query:"address" maxLength:"200"`
}

func (c Cell) cell() consent.Cell {
	out := consent.Cell{Purpose: consent.Purpose(c.Purpose), Channel: c.Channel, Topic: c.Topic, Address: c.Address}
	if out.Channel == "any" {
		out.Channel = ""
	}
	return out
}

// Moment says of when a question is.
type Moment struct {
	Valid time.Time `query:"valid" doc:"The moment that is asked about; by default now"`
	Known time.Time `query:"known" doc:"By what was known at this moment"`
}

type gridInput struct {
	ByCustomer
	Moment
}

type grid struct {
	Cells []ledger.Standing `json:"cells"`
}

func (r routes) grid(ctx context.Context, in *gridInput) (*out[grid], error) {
	cells, err := r.ledger.Grid(ctx, in.ID, ledger.Moment(in.Moment))
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[grid]{grid{cells}}, nil
}

type atInput struct {
	ByCustomer
	Cell
	Moment
}

func (r routes) at(ctx context.Context, in *atInput) (*out[ledger.Past], error) {
	p, err := r.ledger.At(ctx, in.ID, in.cell(), ledger.Moment(in.Moment))
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ledger.Past]{p}, nil
}

type wishList struct {
	Wishes []ledger.Prompt `json:"wishes"`
}

type wishesInput struct {
	ID string `path:"id" maxLength:"64" doc:"The call's id"`
}

func (r routes) wishes(ctx context.Context, in *wishesInput) (*out[wishList], error) {
	found, err := r.ledger.Prompts(ctx, in.ID)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[wishList]{wishList{found}}, nil
}

type wordingsInput struct {
	Language string `query:"language" maxLength:"35" default:"en"`
}

type wordingList struct {
	Wordings []notice.Wording `json:"wordings"`
	Purposes []notice.About   `json:"purposes"`
	Channels []string         `json:"channels"`
}

func (r routes) wordings(_ context.Context, in *wordingsInput) (*out[wordingList], error) {
	known := r.ledger.Notice()
	l := wordingList{Wordings: []notice.Wording{}, Purposes: []notice.About{}, Channels: consent.Channels()}
	for _, p := range consent.Purposes() {
		l.Purposes = append(l.Purposes, known.Of(p))
		for _, c := range append([]string{""}, l.Channels...) {
			t, ok := known.For(p, c, in.Language)
			if ok && !slices.Contains(l.Wordings, t) {
				l.Wordings = append(l.Wordings, t)
			}
		}
	}
	return &out[wordingList]{l}, nil
}

func (r routes) verify(ctx context.Context, _ *struct{}) (*out[ledger.Audit], error) {
	a, err := r.ledger.Verify(ctx)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ledger.Audit]{a}, nil
}
