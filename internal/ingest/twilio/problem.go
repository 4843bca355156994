package twilio

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// problem is a refusal as RFC 9457 writes it.
type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors,omitempty"`

	reason string // for the metrics
	retry  int    // seconds; 0 says nothing about it
}

// fault names the field that is wrong.
type fault struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

func refuse(status int, reason, detail string) *problem {
	return &problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, reason: reason,
	}
}

// missing refuses a webhook for a field.
func missing(name, message string) *problem {
	p := refuse(http.StatusBadRequest, "field", name+" "+message)
	p.Errors = []fault{{Location: name, Message: message}}
	return p
}

// send answers with the problem and counts it. Logging is left to the access
// log: a stranger must not be able to fill ours.
func (d *Door) send(w http.ResponseWriter, p *problem) {
	d.counts.refused.WithLabelValues(p.reason).Inc()
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retry))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the peer is gone: nobody to tell
}
