package hub

import (
	"fmt"
	"net/http"
	"time"
)

const (
	// Heartbeat is how often something should be written when nothing happens.
	Heartbeat = 15 * time.Second
	// within is how long a reader may take to accept a message.
	within = 10 * time.Second
)

// Stream writes server-sent events (the HTML standard's) to one screen, each with
// a time limit, so that one who does not read holds nobody up. It is used by one
// goroutine and knows nothing of what it writes.
type Stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// NewStream begins a stream: the headers are set, and go out with the first event.
func NewStream(w http.ResponseWriter) *Stream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	return &Stream{w, http.NewResponseController(w)}
}

// Event writes an event; id is for who resumes, empty leaves it out. The data
// must be one line, as JSON is. It fails when the reader has gone or is too slow.
func (s *Stream) Event(id, name string, data []byte) error {
	if id != "" {
		id = "id: " + id + "\n"
	}
	return s.raw(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, name, data))
}

// Alive writes what readers pass over.
func (s *Stream) Alive() error { return s.raw(": still here\n\n") }

// Retry tells how long to wait before resuming a stream that broke.
func (s *Stream) Retry(after time.Duration) error {
	return s.raw(fmt.Sprintf("retry: %d\n\n", after.Milliseconds()))
}

func (s *Stream) raw(text string) error {
	if err := s.rc.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.rc.Flush()
}
