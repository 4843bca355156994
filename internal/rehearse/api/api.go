// Package api is the platforms in the HTTP API, for administrators: which doors
// there are and what each still needs, and a test call through one of them.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
	"heed/internal/rehearse"
)

func admins() []string { return []string{mount.Admin} }

// tests makes test calls.
type tests interface {
	Start(ctx context.Context, platform, by string) error
	Stop()
	Last() (rehearse.View, bool)
}

// Options are what the routes need.
type Options struct {
	Tests tests
	// Doors gives what is known of each platform now.
	Doors func(ctx context.Context) ([]Platform, error)
	// Guide gives the page on a platform as Markdown; an error when there is none.
	Guide func(platform string) (string, error)
}

type routes struct {
	Options

	kit mount.Kit
}

// Routes gives what adds the routes to an API.
func Routes(o Options) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{o, k}
		const test = "/v1/platforms/test"
		huma.Register(k.API, k.Operation("platforms", http.MethodGet, "/v1/platforms", "The platforms that calls come from: what each needs, and how it does", admins()), r.list)
		huma.Register(k.API, k.Operation("platform-guide", http.MethodGet, "/v1/platforms/{platform}/guide", "What to click and paste on the side of a platform", admins()), r.guide)
		make := k.Operation("make-test-call", http.MethodPost, "/v1/platforms/{platform}/test", "Play a recording at this server's own door, as the platform would", admins())
		make.DefaultStatus = http.StatusAccepted
		make.Description = "It lasts 20 seconds and ends at the door: no call is opened, so that nothing of it is stored, counted or learned from."
		make.Errors = append(make.Errors, http.StatusConflict)
		huma.Register(k.API, make, r.make)
		huma.Register(k.API, k.Operation("test-call", http.MethodGet, test, "What came in of the test call that goes on, or of the last one", admins()), r.last)
		huma.Register(k.API, k.Operation("stop-test-call", http.MethodDelete, test, "Hang up the test call that goes on", admins()), r.stop)
	}
}

// Platform is a door and how it does.
type Platform struct {
	Name       string           `json:"name"`
	Title      string           `json:"title" doc:"As the vendor writes it"`
	Configured bool             `json:"configured" doc:"Nothing is missing that it cannot do without"`
	Missing    []string         `json:"missing,omitempty" doc:"Settings that it needs"`
	Wanting    []string         `json:"wanting,omitempty" doc:"Settings without which a part of it does not work"`
	Addresses  []Address        `json:"addresses,omitempty" doc:"What to paste on the platform's side"`
	Testable   bool             `json:"testable" doc:"A test call can be made"`
	LastCall   *time.Time       `json:"last_call_at,omitempty"`
	Numbers    []PlatformNumber `json:"numbers,omitempty" maxItems:"50" doc:"The company's own, of the latest 2000 calls in 30 days, those with the most calls first"`
	Open       int              `json:"open" doc:"Streams that are open now"`
	Refused    []PlatformOdds   `json:"refused,omitempty" doc:"Requests and streams that were refused since the start"`
	Dropped    int              `json:"dropped" doc:"Frames that were missing or had no place, since the start"`
}

// Of which calls numbers are listed, and how many for a platform.
const (
	NumbersFor  = 30 * 24 * time.Hour
	NumbersOf   = 2000
	MostNumbers = 50
)

// PlatformNumber is one that customers call, or are called from.
type PlatformNumber struct {
	Number   string    `json:"number"`
	Calls    int       `json:"calls"`
	LastCall time.Time `json:"last_call_at"`
}

// Address is one to paste.
type Address struct {
	What string `json:"what" enum:"voice,status,media,events,answer,hangup,publish,listen" doc:"For what the platform asks it"`
	URL  string `json:"url"`
}

// PlatformOdds is how often something was refused, and why.
type PlatformOdds struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// TestCall is what came in of a test call.
type TestCall struct {
	Platform string      `json:"platform"`
	By       string      `json:"by"`
	Began    time.Time   `json:"began_at"`
	State    string      `json:"state" enum:"playing,done,failed,stopped"`
	Sent     float64     `json:"sent" doc:"Seconds that were played so far"`
	Of       float64     `json:"of" doc:"Seconds that are played"`
	Fault    string      `json:"fault,omitempty" enum:"refused,unreachable,hung_up,nothing,silent,one_sided,other" doc:"What was wrong"`
	Detail   string      `json:"detail,omitempty" doc:"The door's own word on it"`
	Streams  int         `json:"streams" doc:"That the door opened"`
	Ended    string      `json:"ended,omitempty" doc:"How the last one did"`
	Faults   int         `json:"faults" doc:"Frames and messages at fault"`
	Deaf     bool        `json:"deaf,omitempty" doc:"The engine failed"`
	Told     TestTold    `json:"told" doc:"What the door understood of the call"`
	Parties  []TestParty `json:"parties"`
	Words    []TestLine  `json:"words"`
}

// TestTold is what a platform said of a call.
type TestTold struct {
	Direction string `json:"direction,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Agent     string `json:"agent,omitempty"`
	Language  string `json:"language,omitempty"`
}

// TestParty is what came of one side.
type TestParty struct {
	Speaker string  `json:"speaker"`
	Frames  int     `json:"frames"`
	Seconds float64 `json:"seconds"`
	Rate    int     `json:"rate" doc:"Hz"`
	Level   float64 `json:"level" doc:"Of the loudest frame in decibels, 0 the loudest there can be and -96 silence"`
}

// TestLine is what was heard.
type TestLine struct {
	Speaker string  `json:"speaker"`
	At      float64 `json:"at" doc:"Seconds"`
	Text    string  `json:"text"`
}

func testCallOf(v rehearse.View) TestCall {
	t := TestCall{
		Platform: v.Platform, By: v.By, Began: v.Began, State: v.State, Sent: v.Sent.Seconds(), Of: rehearse.Longest.Seconds(), Fault: v.Fault, Detail: v.Detail,
		Streams: v.Streams, Ended: v.Ended, Faults: v.Faults, Deaf: v.Deaf, Told: TestTold(v.Told),
		Parties: make([]TestParty, len(v.Parties)), Words: make([]TestLine, len(v.Words)),
	}
	for i, p := range v.Parties {
		t.Parties[i] = TestParty{Speaker: string(p.Speaker), Frames: p.Frames, Seconds: p.Audio.Seconds(), Rate: p.Rate, Level: p.Level}
	}
	for i, w := range v.Words {
		t.Words[i] = TestLine{Speaker: string(w.Speaker), At: w.At, Text: w.Text}
	}
	return t
}

type out[T any] struct{ Body T }

type platformList struct {
	Platforms []Platform `json:"platforms"`
}

func (r routes) list(ctx context.Context, _ *struct{}) (*out[platformList], error) {
	all, err := r.Doors(ctx)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[platformList]{platformList{all}}, nil
}

// ByPlatform is the input of operations on one platform.
type ByPlatform struct {
	Platform string `path:"platform" maxLength:"40" pattern:"^[a-z]+$" doc:"Its name"`
}

type platformGuide struct {
	Markdown string `json:"markdown"`
}

func (r routes) guide(_ context.Context, in *ByPlatform) (*out[platformGuide], error) {
	text, err := r.Guide(in.Platform)
	if err != nil {
		return nil, huma.Error404NotFound("there is no page on this platform; GET /v1/platforms lists those that there are")
	}
	return &out[platformGuide]{platformGuide{text}}, nil
}

type makeInput struct {
	ByPlatform
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

type lastTest struct {
	Test *TestCall `json:"test,omitempty" doc:"Absent when none was made since the start"`
}

func (r routes) make(ctx context.Context, in *makeInput) (*out[lastTest], error) {
	err := r.Tests.Start(ctx, in.Platform, r.kit.Caller(ctx))
	switch {
	case errors.Is(err, rehearse.ErrRunning):
		return nil, huma.Error409Conflict(err.Error())
	case errors.Is(err, rehearse.ErrUnknown):
		return nil, huma.Error404NotFound(err.Error())
	case errors.Is(err, rehearse.ErrClosed):
		return nil, huma.Error503ServiceUnavailable(err.Error())
	case err != nil:
		return nil, r.kit.Fail(err)
	}
	return r.last(ctx, nil)
}

func (r routes) last(context.Context, *struct{}) (*out[lastTest], error) {
	v, ok := r.Tests.Last()
	if !ok {
		return &out[lastTest]{}, nil
	}
	t := testCallOf(v)
	return &out[lastTest]{lastTest{&t}}, nil
}

func (r routes) stop(context.Context, *struct{}) (*struct{}, error) {
	r.Tests.Stop()
	return nil, nil
}
