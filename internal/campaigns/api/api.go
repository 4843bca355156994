// Package api is what campaigns brought in the HTTP API, and the files of
// conversions for ad platforms.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/attribution"
	"heed/internal/campaigns"
	"heed/internal/mount"
)

func marketers() []string { return []string{"admin", "marketer"} }

type routes struct {
	kit       mount.Kit
	campaigns *campaigns.Service
}

// Routes gives what adds the routes of campaigns to an API.
func Routes(s *campaigns.Service) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s}
		results := k.Operation("attribution", http.MethodGet, "/v1/attribution", "What campaigns brought and what they cost", marketers())
		results.Description = "Calls, what they were about, revenue by four models side by side and cost, for each campaign, source, keyword or landing page. What the figures assume comes with them."
		results.Errors = append(results.Errors, http.StatusBadRequest, http.StatusUnprocessableEntity)
		huma.Register(k.API, results, r.results)
		export := k.Operation("conversions", http.MethodGet, "/v1/conversions", "Conversions as a file for an ad platform", marketers())
		export.Description = "Orders or qualified calls in the form in which Google Ads and Microsoft Advertising take offline conversions: by click ids, or by the SHA-256 of the caller's number. " +
			"Only people are in it who allow that data is shared for advertising (sale_share); who is left out is counted in the headers. Each file is written down in the log with who asked for it."
		export.Errors = append(export.Errors, http.StatusBadRequest, http.StatusUnprocessableEntity)
		huma.Register(k.API, export, r.export)
		answer := k.API.OpenAPI().Paths[export.Path].Get.Responses["200"]
		answer.Content = map[string]*huma.MediaType{"text/csv": {
			Schema:  &huma.Schema{Type: huma.TypeString},
			Example: "Parameters:TimeZone=+0000\nMicrosoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\nm-1,Heed order,2026-03-02 09:15:00,49.90,EUR\n",
		}}
	}
}

// fail adds what is wrong with a question to the API's own verdicts.
func (r routes) fail(err error) error {
	if errors.Is(err, campaigns.ErrAsked) {
		return huma.Error422UnprocessableEntity(err.Error())
	}
	return r.kit.Fail(err)
}

// Days are the days that a question is about.
type Days struct {
	From string `query:"from" required:"true" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The first day, in the deployment's time zone" example:"2026-03-01"`
	To   string `query:"to" required:"true" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The last day; at most 400 days in all" example:"2026-03-31"`
}

type resultsInput struct {
	Days
	By    string `query:"by" enum:"campaign,source,keyword,landing" default:"campaign" doc:"What results are told apart by"`
	Model string `query:"model" enum:"first,last,linear,position" default:"linear" doc:"By which the return on spend is"`
}

type out[T any] struct{ Body T }

func (r routes) results(ctx context.Context, in *resultsInput) (*out[campaigns.Results], error) {
	answer, err := r.campaigns.Results(ctx, campaigns.Question{From: in.From, To: in.To, By: campaigns.By(in.By), Model: attribution.Model(in.Model)})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[campaigns.Results]{answer}, nil
}

type exportInput struct {
	Days
	Format   string `query:"format" required:"true" enum:"google-ads,microsoft-ads" doc:"Whose form"`
	Of       string `query:"of" enum:"orders,calls" default:"orders" doc:"Orders, or calls that are qualified"`
	Identify string `query:"identify" enum:"clicks,numbers" default:"clicks" doc:"By click ids, or by hashed telephone numbers (enhanced conversions)"`
}

type exported struct {
	Type      string `header:"Content-Type"`
	As        string `header:"Content-Disposition"`
	Cache     string `header:"Cache-Control"`
	Rows      int    `header:"Heed-Conversions" doc:"How many are in the file"`
	Unwilling int    `header:"Heed-Left-Out-Consent" doc:"Of people who did not allow it"`
	Unknown   int    `header:"Heed-Left-Out-Unknown" doc:"Without a click id of the platform, or a number"`
	GivenBack int    `header:"Heed-Left-Out-Given-Back" doc:"Orders of which nothing is left"`
	Body      []byte
}

func (r routes) export(ctx context.Context, in *exportInput) (*exported, error) {
	f, err := r.campaigns.Conversions(ctx, campaigns.Asked{
		By: r.kit.Caller(ctx), Format: in.Format, Of: in.Of, Identify: in.Identify, From: in.From, To: in.To,
	})
	if err != nil {
		return nil, r.fail(err)
	}
	var body bytes.Buffer
	if _, err := f.WriteTo(&body); err != nil {
		return nil, r.kit.Fail(err)
	}
	return &exported{
		Type: "text/csv; charset=utf-8", Cache: "no-store",
		As:   fmt.Sprintf(`attachment; filename="%s-%s-%s-%s.csv"`, in.Format, in.Of, in.From, in.To),
		Rows: f.Rows, Unwilling: f.Unwilling, Unknown: f.Unknown, GivenBack: f.GivenBack, Body: body.Bytes(),
	}, nil
}
