package segment

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// Fault is what is wrong with one message.
type Fault struct {
	Index     int    `json:"index"` // in the batch, from 0
	MessageID string `json:"messageId,omitempty"`
	Field     string `json:"field"`
	Reason    string `json:"reason"`
}

// bad names a field at fault. The reason never holds the value.
type bad struct{ Field, Reason string }

func (b *bad) Error() string { return b.Field + ": " + b.Reason }

// problem is a refusal, answered as problem details (RFC 9457).
type problem struct {
	Title   string  `json:"title"`
	Status  int     `json:"status"`
	Detail  string  `json:"detail"`
	Errors  []Fault `json:"errors,omitempty"`
	counted bool    // its errors are in the tally
	wait    int     // seconds after which to come back; 0 says nothing
}

func (p problem) Error() string { return fmt.Sprintf("%d: %s", p.Status, p.Detail) }

func badRequest(b *bad) problem {
	return problem{
		Status: http.StatusBadRequest, Detail: b.Error() + "; nothing was changed",
		Errors: []Fault{{Field: b.Field, Reason: b.Reason}},
	}
}

// noneOf refuses a request of which nothing can be taken; its faults were counted.
func noneOf(faults []Fault) problem {
	return problem{Status: http.StatusBadRequest, Detail: "no message can be taken; nothing was changed", Errors: faults, counted: true}
}

func answer(w http.ResponseWriter, p problem) {
	p.Title = title(p.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	if p.wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.wait))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may have gone
}
