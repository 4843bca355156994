package web

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/store"
)

func (s *Server) callRoutes(api huma.API) {
	huma.Register(api, operation("calls", http.MethodGet, "/v1/calls", "List calls, the latest first", people()), s.calls)
	huma.Register(api, operation("call", http.MethodGet, "/v1/calls/{id}", "Everything about one call", people()), s.call)
	huma.Register(api, operation("peaks", http.MethodGet, "/v1/calls/{id}/peaks", "Loudness of both parties over the call", people()), s.peaks)
}

type callsInput struct {
	Status       string `query:"status" enum:"live,hearing,ended,recovered" doc:"Only calls in this state"`
	Customer     string `query:"customer" maxLength:"64" doc:"Only this customer's calls"`
	PlatformCall string `query:"platform_call_id" maxLength:"128" doc:"Only the call with this id of its platform"`
	Page
}

// Page is keyset paging.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type callPage struct {
	Calls []desk.Line `json:"calls"`
	Next  string      `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (s *Server) calls(ctx context.Context, in *callsInput) (*out[callPage], error) {
	lines, next, err := s.o.Desk.Calls(ctx, store.CallQuery{
		Status: event.CallStatus(in.Status), CustomerID: in.Customer,
		PlatformCall: in.PlatformCall, After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[callPage]{callPage{lines, next}}, nil
}

func (s *Server) call(ctx context.Context, in *ByID) (*out[desk.Record], error) {
	r, err := s.o.Desk.Record(ctx, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	if !slices.Contains(trackers(), callerRole(ctx)) {
		r.Tracking, r.Origin = nil, nil
	}
	return &out[desk.Record]{*r}, nil
}

type peaksView struct {
	PerSecond int       `json:"per_second"`
	Duration  float64   `json:"duration" doc:"Seconds"`
	Agent     []float64 `json:"agent" doc:"0..1"`
	Customer  []float64 `json:"customer" doc:"0..1"`
}

func (s *Server) peaks(ctx context.Context, in *ByID) (*out[peaksView], error) {
	if _, err := s.o.Store.Call(ctx, in.ID); err != nil {
		return nil, s.fail(err)
	}
	agent, customer, rate, err := s.o.Recordings.Peaks(in.ID)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, huma.Error404NotFound("nothing was recorded of this call")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	v := peaksView{PerSecond: rate, Agent: agent, Customer: customer}
	if rate > 0 {
		v.Duration = float64(max(len(agent), len(customer))) / float64(rate)
	}
	return &out[peaksView]{v}, nil
}

// recording serves the audio with ranges, so that a player can seek.
func (s *Server) recording(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := s.o.Store.Call(r.Context(), id); err != nil {
		status, detail := verdict(err)
		s.problem(w, r, status, detail)
		return
	}
	if s.may(w, r, store.Read{Kind: readRecording, Call: id, Why: reason(r)}) == nil {
		return
	}
	wav, changed, err := s.o.Recordings.Open(id)
	if errors.Is(err, fs.ErrNotExist) {
		s.problem(w, r, http.StatusNotFound, "nothing was recorded of this call")
		return
	}
	if err != nil {
		s.log.Error("recording", "call", id, "error", err)
		s.problem(w, r, http.StatusInternalServerError, "the recording could not be read")
		return
	}
	defer func() { _ = wav.Close() }()
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", changed, wav)
}
