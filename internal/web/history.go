package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/store"
)

// history is what runs the present analyzers over what was said.
type history interface {
	// Start returns at once; it is [store.ErrConflict] while another run is in
	// progress, and [brain.ErrInvalid] for what cannot be asked.
	Start(ctx context.Context, r event.ReanalysisRequest) (event.Reanalysis, error)
	// State gives the run in progress, else the last one, or [store.ErrNotFound].
	State(ctx context.Context) (event.Reanalysis, error)
	Cancel()
}

func (s *Server) historyRoutes(api huma.API) {
	const path = "/v1/reanalyze"
	op := operation("reanalyze", http.MethodPost, path, "Run the present analyzers over history", admins())
	op.DefaultStatus = http.StatusAccepted
	huma.Register(api, op, s.reanalyze)
	huma.Register(api, operation("reanalysis", http.MethodGet, path, "How far the latest run over history is", admins()), s.reanalysis)
	huma.Register(api, operation("cancel-reanalysis", http.MethodDelete, path, "Cancel the run over history; asking for the same goes on with it", admins()), s.cancelReanalysis)
}

func (s *Server) reanalyze(ctx context.Context, in *struct{ Body event.ReanalysisRequest }) (*out[event.Reanalysis], error) {
	run, err := s.o.History.Start(ctx, in.Body)
	if errors.Is(err, store.ErrConflict) {
		return nil, huma.Error409Conflict("history is being read again already; wait for it or cancel it")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[event.Reanalysis]{run}, nil
}

func (s *Server) reanalysis(ctx context.Context, _ *struct{}) (*out[event.Reanalysis], error) {
	run, err := s.o.History.State(ctx)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[event.Reanalysis]{run}, nil
}

func (s *Server) cancelReanalysis(ctx context.Context, _ *struct{}) (*out[event.Reanalysis], error) {
	s.o.History.Cancel()
	return s.reanalysis(ctx, nil)
}
