package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

func newID() string { return event.NewID() }

// problem answers with problem details (RFC 9457) outside the API framework.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	err := json.NewEncoder(w).Encode(huma.ErrorModel{
		Title: http.StatusText(status), Status: status, Detail: detail, Type: typeOf(status),
	})
	if err != nil {
		s.log.Debug("answer not written", "path", r.URL.Path, "error", err)
	}
}

// fail turns an error of the parts below into what the caller may know. What
// it cannot name is logged here, once, and hidden.
func (s *Server) fail(err error) error {
	status, detail := verdict(err)
	if errors.Is(err, context.Canceled) {
		s.log.Debug("the caller left", "error", err)
		return huma.NewError(status, detail)
	}
	if status == http.StatusInternalServerError {
		s.log.Error("request failed", "error", err)
	}
	if status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(huma.NewError(status, detail), http.Header{"Retry-After": {"5"}})
	}
	if status == http.StatusGone {
		return &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail, Type: typeOf(status)}
	}
	return huma.NewError(status, detail)
}

// typeOf names the problems that a program tells apart from their status.
func typeOf(status int) string {
	if status == http.StatusGone {
		return "erased"
	}
	return ""
}

func verdict(err error) (status int, detail string) {
	switch {
	case errors.Is(err, store.ErrErased):
		return http.StatusGone, "this was erased with the person whom it was about"
	case errors.Is(err, store.ErrSuppressed):
		return http.StatusGone, store.ErrSuppressed.Error()
	case errors.Is(err, store.ErrAged):
		return http.StatusGone, store.ErrAged.Error()
	case errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound, "there is nothing with this id"
	case errors.Is(err, brain.ErrNotOffered):
		return http.StatusUnprocessableEntity, "the decision did not offer this action"
	case errors.Is(err, brain.ErrInvalid):
		return http.StatusUnprocessableEntity, fmt.Sprint(err)
	case errors.Is(err, store.ErrMismatch):
		return http.StatusUnprocessableEntity, "this Idempotency-Key was used for another request"
	case errors.Is(err, store.ErrBadPage):
		return http.StatusBadRequest, "after must be the next of the page before"
	case errors.Is(err, store.ErrDuplicate):
		return http.StatusConflict, "this is there already"
	case errors.Is(err, store.ErrConflict):
		return http.StatusConflict, "somebody changed this meanwhile; read it again"
	case errors.Is(err, store.ErrFull):
		return http.StatusServiceUnavailable, "the disk is full; nothing was changed"
	}
	return http.StatusInternalServerError, "something went wrong here; it is in the log, nothing was changed"
}
