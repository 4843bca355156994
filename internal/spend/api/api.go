// Package api is what advertising cost in the HTTP API: uploaded as a CSV or as
// rows, looked at before, listed and taken back. A file is read as it comes and
// never held in memory.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
	"heed/internal/spend"
	"heed/internal/store"
)

const (
	// Path is where spend is uploaded; the body is not to be held in memory.
	Path = "/v1/spend"

	largestFile = 256 << 20
	largestJSON = 8 << 20
)

func marketers() []string { return []string{"admin", "marketer"} }

type routes struct {
	kit   mount.Kit
	spend *spend.Service
}

// Routes gives what adds the routes of spend to an API.
func Routes(s *spend.Service) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s}
		add := mount.Streamed.Of(k.Operation("add-spend", http.MethodPost, Path, "Upload what advertising cost, as a CSV or as rows", marketers()))
		add.Description = "Send text/csv with the columns date, source, campaign, cost and, at wish, currency (a comma, semicolon or tab between; UTF-8, or UTF-16 with its mark; other columns are named and not used), or JSON. " +
			"All of it is kept or nothing; the answer 422 names the first wrong rows by their lines. Of a day, source and campaign the latest upload counts, in any case of letters. Sending the same again changes nothing."
		add.Errors = append(add.Errors, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
		huma.Register(k.API, add, r.add)
		// Afterwards, or the framework would read the body.
		k.API.OpenAPI().Paths[Path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"text/csv": {
				Schema:  &huma.Schema{Type: huma.TypeString, Format: "binary"},
				Example: "date,source,campaign,cost,currency\n2026-03-01,google,Fibre Spring,412.50,EUR\n",
			},
			"application/json": {Schema: k.API.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[NewRows](), true, "NewRows")},
		}}
		huma.Register(k.API, k.Operation("spend", http.MethodGet, Path, "What campaigns cost, by day", marketers()), r.list)
		drop := k.Operation("delete-spend", http.MethodDelete, Path, "Take back what campaigns cost on some days", marketers())
		drop.Errors = append(drop.Errors, http.StatusUnprocessableEntity)
		huma.Register(k.API, drop, r.drop)
		huma.Register(k.API, k.Operation("spend-uploads", http.MethodGet, Path+"/uploads", "Who uploaded what, the latest first", marketers()), r.uploads)
	}
}

// NewRows are rows of spend.
type NewRows struct {
	Rows []NewRow `json:"rows" minItems:"1" maxItems:"50000"`
}

// NewRow is what a campaign of a source cost on a day.
type NewRow struct {
	Date     string `json:"date" example:"2026-03-01"`
	Source   string `json:"source" maxLength:"256" example:"google"`
	Campaign string `json:"campaign" maxLength:"256" example:"Fibre Spring"`
	Cost     Number `json:"cost" doc:"In the currency's main unit"`
	Currency string `json:"currency,omitempty" doc:"The deployment's when left out; another is refused" example:"EUR"`
}

// Number is a number of JSON as it was written: a float would change it.
type Number string

// UnmarshalJSON takes a number, and no text.
func (n *Number) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return errors.New("a cost must be a number")
	}
	*n = Number(raw)
	return nil
}

// Schema says that it is a number.
func (Number) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Examples: []any{412.5}}
}

// addInput is a request whose body is read as it comes.
type addInput struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same upload counts once"`
	Dry bool   `query:"dry_run" doc:"Look at it and keep nothing"`

	mediaType string
	body      io.Reader
}

// Resolve keeps the body for the handler, and gives it time as it comes.
func (in *addInput) Resolve(ctx huma.Context) []error {
	var err error
	if in.mediaType, _, err = mime.ParseMediaType(ctx.Header("Content-Type")); err != nil {
		return []error{&huma.ErrorDetail{Location: "header.Content-Type", Message: "must be text/csv or application/json"}}
	}
	in.body = mount.Body(ctx, largestFile)
	return nil
}

type out[T any] struct{ Body T }

// Added is what came of an upload.
type Added struct {
	ID      string    `json:"id" example:"0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90"`
	At      time.Time `json:"at" example:"2026-03-02T09:30:00Z"`
	By      string    `json:"by" example:"Ann"`
	Kind    string    `json:"kind" enum:"file,rows,delete" example:"file"`
	Rows    int64     `json:"rows" example:"412"`
	Total   float64   `json:"total" doc:"Of the costs, in the currency's main unit" example:"18230.75"`
	Money   string    `json:"currency" example:"EUR"`
	Kept    bool      `json:"kept" doc:"Whether it counts: not where it was a look" example:"true"`
	Unknown []string  `json:"unknown_columns,omitempty" doc:"Columns that mean nothing here and were not used" example:"[\"clicks\"]"`
	First   []Line    `json:"first,omitempty" doc:"The first rows as they were understood, where it was a look"`
}

// Line is what counts of a campaign of a source on a day.
type Line struct {
	Date     string    `json:"date" example:"2026-03-01"`
	Source   string    `json:"source" example:"google"`
	Campaign string    `json:"campaign" example:"Fibre Spring"`
	Cost     float64   `json:"cost" doc:"In the currency's main unit" example:"412.5"`
	Upload   string    `json:"upload_id,omitempty" example:"0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90"`
	By       string    `json:"uploaded_by,omitempty" example:"Ann"`
	At       time.Time `json:"uploaded_at,omitzero" example:"2026-03-02T09:30:00Z"`
}

func (r routes) added(u store.SpendUpload) Added {
	c := r.spend.Currency()
	return Added{ID: u.ID, At: u.At, By: u.By, Kind: u.Kind, Rows: u.Rows, Total: c.Float(u.Total), Money: c.String(), Kept: true}
}

func (r routes) line(s store.SpendRow) Line {
	return Line{Date: s.Day, Source: s.Source, Campaign: s.Campaign, Cost: r.spend.Currency().Float(s.Cost), Upload: s.Upload, By: s.By, At: s.At}
}

func (r routes) asked(ctx context.Context, key string) spend.Asked {
	a := spend.Asked{By: r.kit.Caller(ctx)}
	if key != "" {
		a.Key = a.By + " " + key
	}
	return a
}

func (r routes) add(ctx context.Context, in *addInput) (*out[Added], error) {
	a := r.asked(ctx, in.Key)
	a.Dry = in.Dry
	var result spend.Result
	var err error
	switch in.mediaType {
	case "text/csv", "text/plain", "text/tab-separated-values":
		result, err = r.spend.File(ctx, a, in.body)
	case "application/json":
		var rows []spend.Row
		if rows, err = rowsOf(in.body); err == nil {
			result, err = r.spend.Rows(ctx, a, rows)
		}
	default:
		return nil, huma.NewError(http.StatusUnsupportedMediaType, "the body is "+in.mediaType+"; send text/csv or application/json")
	}
	if err != nil {
		return nil, r.fail(err)
	}
	answer := r.added(result.SpendUpload)
	answer.Unknown, answer.Kept = result.Unknown, !in.Dry
	if in.Dry {
		for _, row := range result.First {
			answer.First = append(answer.First, r.line(row))
		}
	}
	return &out[Added]{answer}, nil
}

var errForm = errors.New("this is no list of rows")

// rowsOf reads rows of JSON.
func rowsOf(body io.Reader) ([]spend.Row, error) {
	d := json.NewDecoder(io.LimitReader(body, largestJSON))
	d.DisallowUnknownFields()
	var in NewRows
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("%w: %s", errForm, strings.TrimPrefix(err.Error(), "json: "))
	}
	rows := make([]spend.Row, len(in.Rows))
	for i, r := range in.Rows {
		rows[i] = spend.Row{Date: r.Date, Source: r.Source, Campaign: r.Campaign, Cost: string(r.Cost), Currency: r.Currency}
	}
	return rows, nil
}

// fail adds what is wrong with an upload to the API's own verdicts.
func (r routes) fail(err error) error {
	if refused, ok := errors.AsType[*spend.Refused](err); ok {
		details := make([]error, len(refused.Wrong))
		for i, w := range refused.Wrong {
			details[i] = &huma.ErrorDetail{Message: w.Error(), Location: fmt.Sprintf("body.line.%d.%s", w.Line, w.Column)}
		}
		return huma.Error422UnprocessableEntity(refused.Error(), details...)
	}
	if told := mount.BodyFault(err); told != nil {
		return told
	}
	if errors.Is(err, errForm) {
		return huma.Error400BadRequest(err.Error())
	}
	return r.kit.Fail(err)
}

// Days select spend.
type Days struct {
	From     string `query:"from" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The first day" example:"2026-03-01"`
	To       string `query:"to" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The last day" example:"2026-03-31"`
	Source   string `query:"source" maxLength:"256" doc:"Only of this source, in any case" example:"google"`
	Campaign string `query:"campaign" maxLength:"256" doc:"Only of this campaign, in any case"`
}

func (d Days) query() store.SpendQuery {
	return store.SpendQuery{From: d.From, To: d.To, Source: d.Source, Campaign: d.Campaign}
}

// Page is keyset paging.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	After string `query:"after" maxLength:"4096" doc:"The previous page's next"`
}

type listInput struct {
	Days
	Page
}

// List is a page of spend.
type List struct {
	Currency string `json:"currency" example:"EUR"`
	Spend    []Line `json:"spend"`
	Next     string `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page" example:"WyIyMDI2LTAzLTAxIiwiYSIsImIiXQ"`
}

func (r routes) list(ctx context.Context, in *listInput) (*out[List], error) {
	q := in.query()
	q.After, q.Limit = in.After, in.Limit
	rows, next, err := r.spend.Page(ctx, q)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	l := List{Currency: r.spend.Currency().String(), Spend: make([]Line, len(rows)), Next: next}
	for i, row := range rows {
		l.Spend[i] = r.line(row)
	}
	return &out[List]{l}, nil
}

type dropInput struct {
	Days
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

func (r routes) drop(ctx context.Context, in *dropInput) (*out[Added], error) {
	if in.From == "" || in.To == "" {
		return nil, huma.Error422UnprocessableEntity("say of which days: from and to; nothing was taken back")
	}
	result, err := r.spend.Delete(ctx, r.asked(ctx, in.Key), in.query())
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[Added]{r.added(result.SpendUpload)}, nil
}

// Uploads is a page of uploads.
type Uploads struct {
	Uploads []Added `json:"uploads"`
	Next    string  `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page" example:"NyAwMTk3"`
}

func (r routes) uploads(ctx context.Context, in *Page) (*out[Uploads], error) {
	all, next, err := r.spend.Uploads(ctx, in.After, in.Limit)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	u := Uploads{Uploads: make([]Added, len(all)), Next: next}
	for i := range all {
		u.Uploads[i] = r.added(all[i])
	}
	return &out[Uploads]{u}, nil
}
