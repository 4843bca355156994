// Package api is trials of two engines in the HTTP API, for administrators.
//
// A recording of a call that is heard again, and every answer that shows words
// of it, is noted as a reading of the call. A call that may not be shown any more
// takes its trial with it. The package is given a place in the API and knows
// nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"heed/internal/listen"
	"heed/internal/mount"
	"heed/internal/sidebyside"
	"heed/transcribe/audio"
)

const (
	path = "/v1/engines/trials"
	file = path + "/file"

	largestMB   = 40
	largestFile = largestMB << 20
	// read is the kind of reading that is noted.
	read = "trial"
)

func admins() []string { return []string{mount.Admin} }

// Options are what the routes need.
type Options struct {
	Trials *sidebyside.Service
	// Call says whether a call may be shown.
	Call func(ctx context.Context, id string) error
	// Recording gives the kept audio of a call, with what was said on it;
	// fs.ErrNotExist when nothing is kept.
	Recording func(ctx context.Context, id string) (sidebyside.Source, error)
}

type routes struct {
	Options

	kit mount.Kit
}

// Routes gives what adds the routes to an API.
func Routes(o Options) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{o, k}
		start := k.Operation("start-engine-trial", http.MethodPost, path, "Have two engines hear the recording of a call", admins())
		start.DefaultStatus = http.StatusAccepted
		start.Description = "It runs in the background, one at a time; the first 10 minutes are heard. Nothing of the call changes. What is heard passes the redactor. " +
			"The latest trials are in memory only: they are gone when Heed starts again."
		start.Errors = append(start.Errors, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusUnprocessableEntity)
		huma.Register(k.API, start, r.start)
		upload := k.Operation("start-engine-trial-of-file", http.MethodPost, file, "Have two engines hear a WAV file", admins())
		upload.DefaultStatus = http.StatusAccepted
		upload.Description = fmt.Sprintf("At most 10 minutes and %d MiB, one or two channels; of two the first is the agent's. The file is not kept.", largestMB)
		upload.Errors = append(upload.Errors, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
		huma.Register(k.API, upload, r.upload)
		// Afterwards, or the framework would read the body.
		k.API.OpenAPI().Paths[file].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"audio/wav": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}, Example: "RIFF...WAVEfmt ..."},
		}}
		huma.Register(k.API, k.Operation("engine-trials", http.MethodGet, path, "The latest trials, and the engines that can be compared", admins()), r.list)
		huma.Register(k.API, k.Operation("engine-trial", http.MethodGet, path+"/{id}", "How far a trial is, or what came of it", admins()), r.one)
		huma.Register(k.API, k.Operation("cancel-engine-trial", http.MethodDelete, path+"/{id}", "Cancel a trial that goes on, or forget one that is over", admins()), r.cancel)
	}
}

type out[T any] struct{ Body T }

type startTrialInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		Call    string   `json:"call_id" minLength:"1" maxLength:"64" doc:"A call that is over and whose recording is kept"`
		Engines []string `json:"engines" minItems:"2" maxItems:"2" nullable:"false" doc:"The names of two engines, see the list of trials" example:"[\"sherpa\",\"pocketsphinx\"]"`
	}
}

func (r routes) start(ctx context.Context, in *startTrialInput) (*out[EngineTrial], error) {
	id := in.Body.Call
	if err := r.Call(ctx, id); err != nil {
		return nil, r.kit.Fail(err)
	}
	if err := r.kit.Read(ctx, read, id); err != nil {
		return nil, err
	}
	return r.begin(ctx, [2]string(in.Body.Engines), func() (sidebyside.Source, error) { return r.Recording(ctx, id) })
}

func (r routes) begin(ctx context.Context, engines [2]string, load func() (sidebyside.Source, error)) (*out[EngineTrial], error) {
	v, err := r.Trials.Start(ctx, sidebyside.Ask{ID: uuid.NewString(), By: r.kit.Caller(ctx), Engines: engines, Load: load})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[EngineTrial]{trialOf(v)}, nil
}

// uploadTrialInput is a request whose body is read as it comes.
type uploadTrialInput struct {
	First  string `query:"first" required:"true" maxLength:"200" doc:"The name of an engine" example:"sherpa"`
	Second string `query:"second" required:"true" maxLength:"200" doc:"The name of another one" example:"pocketsphinx"`
	Name   string `query:"name" maxLength:"200" doc:"What the file is called, to know it again"`

	body io.Reader
}

// Resolve keeps the body for the handler, and gives it time as it comes.
func (in *uploadTrialInput) Resolve(ctx huma.Context) []error {
	in.body = mount.Body(ctx, largestFile)
	return nil
}

func (r routes) upload(ctx context.Context, in *uploadTrialInput) (*out[EngineTrial], error) {
	return r.begin(ctx, [2]string{in.First, in.Second}, func() (sidebyside.Source, error) {
		wav, more, err := sidebyside.Read(in.body)
		if err == nil && more {
			err = sidebyside.ErrLong
		}
		return sidebyside.Source{File: in.Name, Wav: wav}, err
	})
}

func (r routes) list(ctx context.Context, _ *struct{}) (*out[EngineTrials], error) {
	v := EngineTrials{Trials: []EngineTrial{}, Choices: []EngineChoice{}}
	for _, one := range r.Trials.All() {
		if one.Call != "" && r.Call(ctx, one.Call) != nil {
			r.Trials.Cancel(one.ID)
			continue
		}
		one.Result = nil // the words are read one by one
		v.Trials = append(v.Trials, trialOf(one))
	}
	for _, c := range r.Trials.Choices() {
		v.Choices = append(v.Choices, EngineChoice{Name: c.Name, Model: c.Model, Note: c.Note, Languages: c.Languages, Remote: c.Remote, Loaded: c.Loaded})
	}
	return &out[EngineTrials]{v}, nil
}

// ByTrial names a trial.
type ByTrial struct {
	ID string `path:"id" maxLength:"64" doc:"The trial's id"`
}

func (r routes) one(ctx context.Context, in *ByTrial) (*out[EngineTrial], error) {
	v, err := r.Trials.One(in.ID)
	if err != nil {
		return nil, huma.Error404NotFound("this trial is not kept any more: only the latest are, until Heed starts again")
	}
	if v.Call != "" {
		if err := r.Call(ctx, v.Call); err != nil {
			r.Trials.Cancel(v.ID)
			return nil, r.kit.Fail(err)
		}
	}
	if v.Call != "" && v.Result != nil {
		if err := r.kit.Read(ctx, read, v.Call); err != nil {
			return nil, err
		}
	}
	return &out[EngineTrial]{trialOf(v)}, nil
}

func (r routes) cancel(_ context.Context, in *ByTrial) (*struct{}, error) {
	r.Trials.Cancel(in.ID)
	return nil, nil
}

// fail says what is wrong with what was asked for.
func (r routes) fail(err error) error {
	invalid := func(where, want string) error {
		return huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Location: where, Message: want})
	}
	if told := mount.BodyFault(err); told != nil {
		return told
	}
	switch {
	case errors.Is(err, sidebyside.ErrRunning):
		return huma.Error409Conflict(err.Error())
	case errors.Is(err, sidebyside.ErrSame), errors.Is(err, sidebyside.ErrUnknown):
		return invalid("engines", "want the names of two engines of the list of trials")
	case errors.Is(err, fs.ErrNotExist):
		return huma.Error404NotFound("nothing was recorded of this call, or it still goes on; choose another, or a file")
	case errors.Is(err, sidebyside.ErrLong), errors.Is(err, audio.ErrNotWAV), errors.Is(err, audio.ErrUnsupported), errors.Is(err, listen.ErrNoAudio):
		return invalid("body", "want a WAV file of at most 10 minutes, one or two channels")
	}
	return r.kit.Fail(err)
}
