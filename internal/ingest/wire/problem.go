package wire

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Problem is a refusal as RFC 9457 writes it.
type Problem struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Errors []FieldError `json:"errors,omitempty"`

	// Reason is what the metrics call it.
	Reason string `json:"-"`
	// Retry is after how many seconds it may be tried again; 0 says nothing.
	Retry int `json:"-"`
}

// FieldError names the field that is wrong.
type FieldError struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Refuse makes a refusal. The detail says what to do about it, and goes to
// strangers: it holds no secret and nothing of a person.
func Refuse(status int, reason, detail string) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Reason: reason,
	}
}

// Missing refuses a request for a field.
func Missing(name, message string) *Problem {
	p := Refuse(http.StatusBadRequest, "field", name+" "+message)
	p.Errors = []FieldError{{Location: name, Message: message}}
	return p
}

// Send answers with the problem and counts it. Logging is left to the access
// log: a stranger must not be able to fill a door's own.
func (p *Problem) Send(w http.ResponseWriter, counts *Counts) {
	counts.Refused(p.Reason)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if p.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.Retry))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the peer is gone: nobody to tell
}

// Body reads a request's body, which must come quickly and be small.
func (l Limits) Body(w http.ResponseWriter, r *http.Request) ([]byte, *Problem) {
	// Not every ResponseWriter can do this; the server's own limits remain.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(l.WriteWithin))
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, l.BodyBytes))
	if err == nil {
		return raw, nil
	}
	if _, tooBig := err.(*http.MaxBytesError); tooBig { //nolint:errorlint // documented to be unwrapped
		return nil, Refuse(http.StatusRequestEntityTooLarge, "size", fmt.Sprintf("The body is over %d bytes.", l.BodyBytes))
	}
	return nil, Refuse(http.StatusBadRequest, "body", "The body did not arrive in time or in full.")
}
