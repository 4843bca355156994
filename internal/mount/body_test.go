package mount

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// A body that breaks off or is too long is told from one that ends, and each
// stretch of it gets time.
func TestBodiesThatComeSlowly(t *testing.T) {
	stretches := 0
	deadline := func(at time.Time) error {
		if stretches++; time.Until(at) > patience {
			t.Errorf("it has until %v", at)
		}
		return nil
	}
	body := func(r io.Reader, most int64) io.Reader { return &paced{r, deadline, most, 0} }
	if raw, err := io.ReadAll(body(iotest.OneByteReader(strings.NewReader("a,b")), 3)); err != nil || string(raw) != "a,b" || stretches < 3 {
		t.Errorf("%q in %d stretches, %v", raw, stretches, err)
	}
	for want, r := range map[int]io.Reader{
		http.StatusBadRequest:            body(iotest.ErrReader(io.ErrUnexpectedEOF), 0),
		http.StatusRequestEntityTooLarge: body(strings.NewReader("abcd"), 3),
	} {
		_, err := io.ReadAll(r)
		told, ok := errors.AsType[huma.StatusError](BodyFault(err))
		if !ok || told.GetStatus() != want {
			t.Errorf("want %d, told %v of %v", want, told, err)
		}
	}
	if err := BodyFault(errors.New("something else")); err != nil {
		t.Errorf("of another error: %v", err)
	}
}
