package api

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/decisions"
	"heed/internal/mount"
	"heed/internal/slots"
)

// TestRefusals: what is wrong with a slot tells its caller what to do.
func TestRefusals(t *testing.T) {
	t.Parallel()
	r := routes{kit: mount.Kit{Fail: func(error) error { return huma.Error500InternalServerError("other") }}}
	for err, status := range map[error]int{
		slots.ErrNobody:          http.StatusNotFound,
		slots.ErrNotOpen:         http.StatusConflict,
		slots.ErrTooMany:         http.StatusTooManyRequests,
		decisions.ErrUnknownSlot: http.StatusUnprocessableEntity,
		errors.New("else"):       http.StatusInternalServerError,
	} {
		var got huma.StatusError
		if !errors.As(r.fail(fmt.Errorf("slot s: %w", err)), &got) || got.GetStatus() != status {
			t.Errorf("%v: %v, want %d", err, got, status)
		}
	}
}
