// Package api is the queue of recordings in the HTTP API: they are brought as
// bytes or asked for by their address, and looked at until they are calls.
// Bytes are taken as they come, with a deadline for each stretch, and never
// held in memory.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights"
	"heed/internal/intake"
	"heed/internal/media"
	"heed/internal/mount"
	"heed/internal/store"
)

func bringers() []string { return []string{"admin", "ingest"} }

type routes struct {
	kit   mount.Kit
	queue *intake.Service
}

// Routes gives what adds the routes of recordings to an API.
func Routes(q *intake.Service) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, q}
		add := mount.Streamed.Of(k.Operation("add-recording", http.MethodPost, "/v1/recordings", "Bring a recording of a call that is over, or its address", bringers()))
		add.Description = "The recording becomes a call of the past, in the background: redacted, heard, understood, in search, themes and the customer's profile, dated when it happened. Nothing is suggested and nobody is alarmed.\n\n" +
			"Send multipart/form-data with the fields below and the bytes as file; or the bytes alone with the fields in the query, where proxies may log them; or JSON with a url that the server fetches. " +
			"What it is (WAV; with ffmpeg also MP3, M4A, Ogg, FLAC) is told by its bytes. Of two channels the first is the agent's unless first says customer; with one channel both parties count as the customer. " +
			"Bytes or a recording_id that are known are not taken twice: the answer is what became of them, with status 200."
		add.DefaultStatus = http.StatusAccepted
		add.Errors = append(add.Errors, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
		huma.Register(k.API, add, r.add)
		// Afterwards, or the framework would read the body.
		describe(k.API.OpenAPI().Paths[add.Path].Post, k.API.OpenAPI().Components.Schemas)
		huma.Register(k.API, k.Operation("recordings", http.MethodGet, "/v1/recordings", "Recordings and what became of them, the latest first", bringers()), r.list)
		huma.Register(k.API, k.Operation("recording", http.MethodGet, "/v1/recordings/{id}", "What became of a recording", bringers()), r.one)
	}
}

// describe adds what the framework cannot see: a body that is read as it comes,
// and the answer to what is known already.
func describe(op *huma.Operation, schemas huma.Registry) {
	fields := schemas.Schema(reflect.TypeFor[Fields](), true, "Fields")
	bytes := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": bytes}}
	for name, field := range schemas.SchemaFromRef(fields.Ref).Properties {
		if name != "url" {
			form.Properties[name] = field
		}
	}
	audio := &huma.MediaType{Schema: bytes, Example: "RIFF...WAVEfmt ..."}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		jsonBody: {Schema: fields}, "audio/wav": audio, "application/octet-stream": audio,
		formBody: {Schema: form, Example: map[string]any{"file": "RIFF...WAVEfmt ...", "from": "+12025550142", "started_at": "2026-03-02T09:15:00Z"}},
	}}
	op.Responses["200"] = &huma.Response{
		Description: "It was known already", Content: map[string]*huma.MediaType{jsonBody: {Schema: schemas.Schema(reflect.TypeFor[View](), true, "View")}},
	}
}

// Fields are what is told of a recording's call. None is required but url
// where no bytes come.
type Fields struct {
	URL          string           `json:"url,omitempty" maxLength:"2048" doc:"Where the recording is, on a host that the settings allow for the platform" example:"https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE0"`
	Platform     string           `json:"platform,omitempty" maxLength:"32" doc:"Where the call was made; recording when left out" example:"twilio"`
	PlatformCall string           `json:"platform_call_id,omitempty" maxLength:"256" doc:"The platform's id of the call: one that was heard live is not made again" example:"CA5a1b"`
	RecordingID  string           `json:"recording_id,omitempty" maxLength:"256" doc:"The platform's id of the recording" example:"RE77ab"`
	Started      time.Time        `json:"started_at,omitzero" doc:"When the call began; now when left out" example:"2026-03-02T09:15:00Z"`
	Direction    string           `json:"direction,omitempty" enum:"inbound,outbound" doc:"inbound when left out" example:"inbound"`
	From         string           `json:"from,omitempty" maxLength:"128" example:"+12025550142"`
	To           string           `json:"to,omitempty" maxLength:"128" example:"+12025550199"`
	Agent        string           `json:"agent,omitempty" maxLength:"128" example:"Sam Lee"`
	Language     string           `json:"language,omitempty" maxLength:"35" doc:"BCP 47" example:"en"`
	Channels     int              `json:"channels,omitempty" minimum:"1" maximum:"2" doc:"1 where two channels carry the same" example:"2"`
	First        insights.Speaker `json:"first,omitempty" enum:"agent,customer" doc:"Who is on the first or only channel" example:"agent"`
	Bulk         bool             `json:"bulk,omitempty" doc:"It waits behind recordings that are not" example:"false"`
}

func (f Fields) submission(key string) intake.Submission {
	return intake.Submission{Platform: f.Platform, Source: f.RecordingID, Key: key, Bulk: f.Bulk, About: store.Particulars{
		URL: f.URL, Call: f.PlatformCall, Started: f.Started, Direction: f.Direction, From: f.From, To: f.To,
		Agent: f.Agent, Language: f.Language, Channels: f.Channels, First: f.First,
	}}
}

// View is a recording as the API shows it: nothing of its call but ids.
type View struct {
	ID          string              `json:"id" example:"0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90"`
	State       store.IncomingState `json:"state" enum:"wanted,fetched,hearing,done,failed" example:"done"`
	Platform    string              `json:"platform" example:"twilio"`
	RecordingID string              `json:"recording_id,omitempty" example:"RE77ab"`
	Hash        string              `json:"sha256,omitempty" doc:"Of its bytes, once they are here" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	CallID      string              `json:"call_id,omitempty" doc:"The call that it became, or is of" example:"0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90"`
	Note        string              `json:"note,omitempty" doc:"Why it failed or waits, or what is to be known" example:"the call was heard already"`
	Bytes       int64               `json:"bytes,omitempty" example:"1920044"`
	Length      insights.Seconds    `json:"length,omitempty" doc:"Seconds of the call" example:"120"`
	Tries       int                 `json:"tries,omitempty" doc:"How often it was tried in vain" example:"0"`
	Next        time.Time           `json:"next_try,omitzero" doc:"When it is tried again" example:"2026-03-02T09:31:00Z"`
	Came        time.Time           `json:"received_at" example:"2026-03-02T09:30:00Z"`
	Ended       time.Time           `json:"ended_at,omitzero" example:"2026-03-02T09:30:21Z"`
}

func view(i store.Incoming) View {
	v := View{
		ID: i.ID, State: i.State, Platform: i.Platform, RecordingID: i.Source, Hash: i.Hash, CallID: i.Call, Note: i.Note,
		Bytes: i.Bytes, Length: i.Long, Tries: i.Tries, Came: i.Came.UTC(), Ended: i.Ended,
	}
	if i.Tries > 0 && i.Ended.IsZero() {
		v.Next = i.Due.UTC()
	}
	return v
}

type out[T any] struct{ Body T }

type added struct {
	Status   int
	Location string `header:"Location" doc:"Where what becomes of it is told"`
	Body     View
}

func (r routes) add(ctx context.Context, in *addInput) (*added, error) {
	key := ""
	if in.Key != "" {
		key = "recording " + r.kit.Caller(ctx) + " " + in.Key
	}
	i, taken, err := in.bring(ctx, r.queue, key)
	if err != nil {
		return nil, r.fail(err)
	}
	a := &added{Status: http.StatusAccepted, Location: "/v1/recordings/" + i.ID, Body: view(i)}
	if !taken {
		a.Status = http.StatusOK
	}
	return a, nil
}

// fail adds what is wrong with a recording to the API's own verdicts.
func (r routes) fail(err error) error {
	if told := mount.BodyFault(err); told != nil {
		return told
	}
	switch {
	case errors.Is(err, intake.ErrTooLarge):
		return huma.NewError(http.StatusRequestEntityTooLarge, intake.ErrTooLarge.Error())
	case errors.Is(err, errForm):
		return huma.Error400BadRequest(err.Error())
	case errors.Is(err, io.ErrUnexpectedEOF): // the end of the form is missing
		return huma.Error400BadRequest("the body ended before its end; nothing was taken")
	case errors.Is(err, intake.ErrRefused) || errors.Is(err, media.ErrUnreadable):
		return huma.Error422UnprocessableEntity(err.Error())
	}
	return r.kit.Fail(err)
}

type byID struct {
	ID string `path:"id" maxLength:"64" doc:"The recording's id"`
}

func (r routes) one(ctx context.Context, in *byID) (*out[View], error) {
	i, err := r.queue.Get(ctx, in.ID)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[View]{view(i)}, nil
}

type listInput struct {
	State string `query:"state" enum:"wanted,fetched,hearing,done,failed" doc:"Only recordings in this state"`
	Hash  string `query:"sha256" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"Only the recording with these bytes, SHA-256 in hex"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

// Page is a page of recordings.
type Page struct {
	Recordings []View `json:"recordings"`
	Next       string `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) list(ctx context.Context, in *listInput) (*out[Page], error) {
	if in.Hash != "" {
		i, err := r.queue.ByHash(ctx, in.Hash)
		if errors.Is(err, store.ErrNotFound) {
			return &out[Page]{Page{Recordings: []View{}}}, nil
		}
		if err != nil {
			return nil, r.kit.Fail(err)
		}
		return &out[Page]{Page{Recordings: []View{view(i)}}}, nil
	}
	all, next, err := r.queue.List(ctx, store.IncomingState(in.State), in.After, in.Limit)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	p := Page{Recordings: make([]View, len(all)), Next: next}
	for n, i := range all {
		p.Recordings[n] = view(i)
	}
	return &out[Page]{p}, nil
}
