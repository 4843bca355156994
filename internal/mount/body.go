package mount

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// patience is how long a stretch of a body may take to come.
const patience = 30 * time.Second

var errCut = errors.New("the body ended before its end, or came too slowly; nothing was taken, send it again")

// tooLarge refuses a body of more bytes than are taken.
type tooLarge int64

func (l tooLarge) Error() string {
	return fmt.Sprintf("the body is larger than %d MiB; nothing was taken", int64(l)>>20)
}

// Body gives the body of a request to be read as it comes: each stretch of it
// gets the same time, so that a long one may take long and a stuck one ends. It
// ends also one of more than most bytes; 0 leaves that to the reader. What went
// wrong with it [BodyFault] tells.
func Body(ctx huma.Context, most int64) io.Reader {
	return &paced{ctx.BodyReader(), ctx.SetReadDeadline, most, 0}
}

type paced struct {
	io.Reader

	deadline func(time.Time) error
	most, n  int64
}

func (p *paced) Read(b []byte) (int, error) {
	_ = p.deadline(time.Now().Add(patience)) // of a connection that knows none
	n, err := p.Reader.Read(b)
	if p.n += int64(n); p.most > 0 && p.n > p.most {
		return 0, tooLarge(p.most)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errCut, err)
	}
	return n, err
}

// BodyFault is what a caller is told when an error came from reading [Body], nil
// when it came from elsewhere.
func BodyFault(err error) error {
	if large, ok := errors.AsType[tooLarge](err); ok {
		return huma.NewError(http.StatusRequestEntityTooLarge, large.Error())
	}
	if errors.Is(err, errCut) {
		return huma.Error400BadRequest(errCut.Error())
	}
	return nil
}
