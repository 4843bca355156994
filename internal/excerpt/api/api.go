// Package api is subtitles and clips of a call in the HTTP API.
//
// Administrators, marketers and privacy officers may take them, agents of their
// own calls; each is noted with the call before it leaves. The package is given
// a place in the API and knows nothing of keys and sessions.
package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/excerpt"
	"heed/internal/mount"
)

func takers() []string { return []string{"admin", "agent", "marketer", "privacy"} }

// together is how many clips are cut at once: each is in memory whole.
const together = 4

// Options are what the routes need.
type Options struct {
	Excerpts *excerpt.Excerpts
	// Call gives a call.
	Call func(ctx context.Context, id string) (event.Call, error)
	// Note keeps in the log that something of a call is taken.
	Note func(ctx context.Context, callID string, t event.Taken) error
}

type routes struct {
	Options

	kit  mount.Kit
	busy chan struct{}
}

// Routes gives what adds the routes to an API.
func Routes(o Options) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{o, k, make(chan struct{}, together)}
		subtitles := k.Operation("call-subtitles", http.MethodGet, "/v1/calls/{id}/subtitles", "The words of a call as subtitles of its recording", takers())
		subtitles.Description = "A cue has one party's words: at most two lines of 42 characters and 7 seconds, and stays until it can be read. Where both speak at once cues overlap. " +
			"What was removed stands as [card number] and the like. With from and to they are those of a clip, and begin with it. Agents may take those of their own calls."
		subtitles.Errors = append(subtitles.Errors, http.StatusNotFound, http.StatusGone)
		answers(&subtitles, map[string]any{
			"text/vtt":             "WEBVTT\n\n1\n00:00:41.200 --> 00:00:43.900\n<v Customer>Where is my order?\n",
			"application/x-subrip": "1\n00:00:41,200 --> 00:00:43,900\nCustomer: Where is my order?\n",
		})
		huma.Register(k.API, subtitles, r.subtitles)
		clip := k.Operation("call-clip", http.MethodGet, "/v1/calls/{id}/clip", "A piece of a call's recording", takers())
		clip.Description = "Cut to the sample. Of both parties it is stereo, the agent left; of one it is mono. What was removed or not kept is silent. " +
			"How long it may be at most is limits-clip. Agents may take those of their own calls."
		clip.Errors = append(clip.Errors, http.StatusNotFound, http.StatusGone, http.StatusServiceUnavailable)
		answers(&clip, map[string]any{"audio/wav": nil, "audio/mpeg": nil, "audio/ogg": nil})
		huma.Register(k.API, clip, r.clip)
	}
}

// answers describes files.
func answers(op *huma.Operation, examples map[string]any) {
	content := map[string]*huma.MediaType{}
	for kind, example := range examples {
		m := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}, Example: example}
		if example == nil {
			m.Schema.Format = "binary"
		}
		content[kind] = m
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: content}}
}

// file is what is answered.
type file struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func named(callID, ending, kind string, body []byte) *file {
	return &file{kind, `attachment; filename="call-` + callID + "." + ending + `"`, "no-store", body}
}

// may says whether the caller may take something of a call: agents of those
// that bear their name.
func (r routes) may(ctx context.Context, id string) error {
	c, err := r.Call(ctx, id)
	if err != nil {
		return r.kit.Fail(err)
	}
	if r.kit.Role(ctx) == "agent" && !strings.EqualFold(c.Agent, r.kit.Caller(ctx)) {
		return huma.Error403Forbidden("an agent may take what is of their own calls")
	}
	return nil
}

// note notes what is about to be taken.
func (r routes) note(ctx context.Context, id string, t event.Taken) error {
	t.By, t.Role = r.kit.Caller(ctx), r.kit.Role(ctx)
	if err := r.Note(ctx, id, t); err != nil {
		return r.kit.Fail(err)
	}
	return nil
}

// ByCall names a call.
type ByCall struct {
	ID string `path:"id" maxLength:"64" doc:"The call's id"`
}

type subtitlesInput struct {
	ByCall
	Format string  `query:"format" enum:"vtt,srt" default:"vtt"`
	From   float64 `query:"from" minimum:"0" maximum:"1000000" doc:"Second of the call, for those of a clip" example:"12.3"`
	To     float64 `query:"to" minimum:"0" maximum:"1000000" doc:"0 is the end" example:"47"`
}

// part reads seconds, to the millisecond. What is no number is no second.
func part(from, to float64) excerpt.Part {
	at := func(v float64) time.Duration {
		if math.IsNaN(v) { // no bound of the description catches it
			return -1
		}
		return insights.Seconds(v).Duration()
	}
	return excerpt.Part{From: at(from), To: at(to)}
}

func (r routes) subtitles(ctx context.Context, in *subtitlesInput) (*file, error) {
	if err := r.may(ctx, in.ID); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := r.Excerpts.Subtitles(ctx, in.ID, in.Format, part(in.From, in.To), &b); err != nil {
		return nil, r.fail(err)
	}
	err := r.note(ctx, in.ID, event.Taken{What: "subtitles", Format: in.Format, From: insights.Seconds(in.From), To: insights.Seconds(in.To)})
	if err != nil {
		return nil, err
	}
	kind := map[string]string{"vtt": "text/vtt; charset=utf-8", "srt": "application/x-subrip; charset=utf-8"}[in.Format]
	return named(in.ID, in.Format, kind, b.Bytes()), nil
}

type clipInput struct {
	ByCall
	From    float64 `query:"from" required:"true" minimum:"0" maximum:"1000000" doc:"Second of the call at which it begins" example:"12.3"`
	To      float64 `query:"to" required:"true" minimum:"0" maximum:"1000000" doc:"Second at which it ends; what lies behind the recording's end is left out" example:"47"`
	Format  string  `query:"format" enum:"wav,mp3,ogg" default:"wav" doc:"mp3 and ogg (Opus) where ffmpeg is installed"`
	Channel string  `query:"channel" enum:"both,agent,customer" default:"both"`
}

func (r routes) clip(ctx context.Context, in *clipInput) (*file, error) {
	if err := r.may(ctx, in.ID); err != nil {
		return nil, err
	}
	select {
	case r.busy <- struct{}{}:
		defer func() { <-r.busy }()
	case <-ctx.Done():
		return nil, r.kit.Fail(ctx.Err())
	case <-time.After(patience):
		return nil, huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(fmt.Sprintf("%d clips are being cut; ask again", together)), http.Header{"Retry-After": {"5"}})
	}
	c, err := r.Excerpts.Clip(ctx, in.ID, in.Format, in.Channel, part(in.From, in.To))
	if err != nil {
		return nil, r.fail(err)
	}
	err = r.note(ctx, in.ID, event.Taken{What: "clip", Format: in.Format, Channel: in.Channel, From: insights.Seconds(in.From), To: insights.Seconds(in.To)})
	if err != nil {
		return nil, err
	}
	return named(in.ID, in.Format, c.Type, c.Bytes), nil
}

// patience is how long a clip waits for others to be cut.
const patience = 10 * time.Second

// fail says what is wrong with what was asked for.
func (r routes) fail(err error) error {
	if bad, ok := errors.AsType[*excerpt.Invalid](err); ok {
		return huma.Error422UnprocessableEntity("there is no such piece of the call: "+bad.Error(),
			&huma.ErrorDetail{Location: "query." + bad.Field, Message: bad.Want})
	}
	switch {
	case errors.Is(err, excerpt.ErrNoRecording):
		return huma.Error404NotFound(excerpt.ErrNoRecording.Error())
	case errors.Is(err, excerpt.ErrNoEncoder):
		return huma.Error422UnprocessableEntity("ffmpeg is not installed where Heed runs, so only wav can be written",
			&huma.ErrorDetail{Location: "query.format", Message: "want wav"})
	}
	return r.kit.Fail(err)
}
