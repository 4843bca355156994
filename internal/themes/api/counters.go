package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/themes"
)

// unknown stands in a question for calls of which it is not known.
const unknown = "(none)"

func (r routes) countersRoute() {
	// Where calls came from is not for viewers, as elsewhere.
	o := r.kit.Operation("counters", http.MethodGet, "/v1/counters", "Themes, intents, outcomes, moods and the volume over time, by source, campaign or queue", writers())
	o.Description = "A call counts in the hour in which it began, with all its turns; hours, days and weeks are those of the organisation's clocks. " +
		"When it turns out to have come from somewhere else, its counts move there. Each series says by `enough` whether it has the calls to be compared " +
		"with others, and by `q` which search finds its calls."
	huma.Register(r.kit.API, o, r.counters)
}

type countersInput struct {
	Kind     string    `query:"kind" enum:"theme,intent,outcome,sentiment,volume" required:"true" doc:"What is counted: of themes, intents and moods what customers said; outcomes of suggestions; volume is all calls with a customer's words"`
	Name     string    `query:"name" maxLength:"128" doc:"Of the theme (its id), intent or outcome; negative or positive of sentiment, or empty for both with their mean" example:"cancel"`
	By       string    `query:"by" enum:"none,source,campaign,queue,name" default:"none" doc:"One series each; name needs no name and counts all of them"`
	Step     string    `query:"step" enum:"hour,day,week,none" default:"day" doc:"Length of the buckets; none gives totals alone"`
	From     time.Time `query:"from" doc:"By default 48 hours, 28 days or 26 weeks back" example:"2026-05-01T00:00:00Z"`
	To       time.Time `query:"to" doc:"Exclusive; by default now" example:"2026-06-01T00:00:00Z"`
	Source   string    `query:"source" maxLength:"256" doc:"Only calls from this source, in any case; (none): of which it is not known" example:"google"`
	Campaign string    `query:"campaign" maxLength:"256" doc:"Only calls of this campaign; (none): of none"`
	Queue    string    `query:"queue" maxLength:"256" doc:"Only calls of this queue; (none): of none"`
	Limit    int       `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Series at most, the largest first"`
}

func (r routes) counters(ctx context.Context, in *countersInput) (*out[themes.Series], error) {
	q := themes.SeriesQuery{
		Kind: in.Kind, Name: in.Name, Span: themes.Span{From: in.From, To: in.To}, Most: in.Limit,
		Source: only(in.Source), Campaign: only(in.Campaign), Queue: only(in.Queue),
	}
	if in.By != "none" {
		q.By = in.By
	}
	if in.Step != "none" {
		q.Span.Step = themes.Step(in.Step)
	}
	s, err := r.themes.Series(ctx, q)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[themes.Series]{s}, nil
}

// only reads what calls are kept by: nil keeps all.
func only(value string) *string {
	switch value {
	case "":
		return nil
	case unknown:
		value = ""
	}
	return &value
}
