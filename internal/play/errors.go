package play

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/gorilla/websocket"
)

// Refused means that the server answered, but not with a media socket.
type Refused struct {
	URL    string
	Status int    // of HTTP
	Detail string // the server's own words, when it has any
}

func (e *Refused) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("%s answered %d %s", e.URL, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%s answered %d %s: %s", e.URL, e.Status, http.StatusText(e.Status), e.Detail)
}

// Unauthorized says whether another key or token would help.
func (e *Refused) Unauthorized() bool {
	return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
}

// Unreachable means that no server answered.
type Unreachable struct {
	URL string
	Err error
}

func (e *Unreachable) Error() string { return fmt.Sprintf("%s cannot be reached: %v", e.URL, e.Err) }

func (e *Unreachable) Unwrap() error { return e.Err }

// HungUp means that the door closed the stream before the call was over.
type HungUp struct {
	Code   int    // of the websocket; 1006 when the connection broke
	Reason string // the door's own words
	Err    error
}

func (e *HungUp) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("the door hung up (%d): %v", e.Code, e.Err)
	}
	return fmt.Sprintf("the door hung up (%d): %s", e.Code, e.Reason)
}

func (e *HungUp) Unwrap() error { return e.Err }

// Busy says whether trying again later may help.
func (e *HungUp) Busy() bool {
	return e.Code == websocket.CloseTryAgainLater || e.Code == websocket.CloseServiceRestart || e.Code == websocket.CloseGoingAway
}

func hungUp(err error) error {
	if c := (*websocket.CloseError)(nil); errors.As(err, &c) {
		return &HungUp{Code: c.Code, Reason: c.Text, Err: err}
	}
	return &HungUp{Code: websocket.CloseAbnormalClosure, Err: err}
}

// maxAnswer bounds how much of a refusal is read.
const maxAnswer = 64 << 10

func refusedBy(answer *http.Response, url string) error {
	defer answer.Body.Close() //nolint:errcheck // it was only read
	r := &Refused{URL: url, Status: answer.StatusCode}
	var problem struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&problem) == nil {
		if r.Detail = problem.Detail; r.Detail == "" {
			r.Detail = problem.Title
		}
	}
	return r
}
