package audiohook

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"heed/internal/ingest"
	"heed/internal/ingest/wire"
)

const (
	// maxWaiting is how many messages may wait for a peer that does not read;
	// it then loses the connection, as it does when one write takes too long.
	maxWaiting = 512
	// hangUpAfter is how long the peer may take to close after its session was.
	hangUpAfter = time.Second
)

// line is what a session needs of its connection; see [wire.Socket].
type line interface {
	Send(kind int, data []byte) error
	End(e wire.Ending)
}

// outbox numbers the messages of a session and writes them in that order. Its
// methods may be used by many goroutines and never wait.
type outbox struct {
	to    line
	ready chan struct{}
	done  chan struct{}

	mu      sync.Mutex
	id      string // of the session
	waiting []reply
	seq     int64 // of the last message that waits or was sent
	sent    int64 // of the last that may have reached the peer
	seen    int64 // of the client's messages
	last    bool  // nothing may follow
	closed  bool
}

func newOutbox(to line, id string) *outbox {
	return &outbox{to: to, id: id, ready: make(chan struct{}, 1), done: make(chan struct{})}
}

// saw notes the client's message that is worked on now.
func (o *outbox) saw(seq int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen = seq
}

// know sets the session's id, when the upgrade did not tell it.
func (o *outbox) know(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.id = id
}

// state gives the session's id, the last message of the client and how many of
// ours it may know.
func (o *outbox) state() (id string, seen, sent int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.id, o.seen, o.sent
}

// put queues a message.
func (o *outbox) put(kind string, parameters any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.last || o.closed {
		return
	}
	if len(o.waiting) >= maxWaiting {
		o.to.End(wire.Ending{Why: ingest.Broken})
		return
	}
	o.seq++
	o.last = kind == "closed"
	o.waiting = append(o.waiting, reply{
		Version: version, ID: o.id, Type: kind, Seq: o.seq, ClientSeq: o.seen, Parameters: parameters,
	})
	select {
	case o.ready <- struct{}{}:
	default: // it will look anyway
	}
}

// take gives what waits, all of which counts as sent.
func (o *outbox) take() []reply {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.waiting
	o.waiting, o.sent = nil, o.seq
	return batch
}

// write sends until the outbox is closed, the peer is gone or nothing may
// follow.
func (o *outbox) write() {
	for {
		select {
		case <-o.ready:
		case <-o.done:
			return
		}
		for _, m := range o.take() {
			raw, err := json.Marshal(m)
			if err == nil {
				err = o.to.Send(websocket.TextMessage, raw)
			}
			if err != nil {
				o.to.End(wire.Ending{Why: ingest.Broken})
				return
			}
			if m.Type == "closed" {
				o.hangUp()
				return
			}
		}
	}
}

// hangUp leaves it to the peer to close, which it does once the session is
// closed, but not for long.
func (o *outbox) hangUp() {
	timer := time.NewTimer(hangUpAfter)
	defer timer.Stop()
	select {
	case <-timer.C:
		o.to.End(wire.Ending{Why: ingest.Stopped, Code: websocket.CloseNormalClosure, Text: "thank you"})
	case <-o.done:
	}
}

// close lets write come to its end. It may be called more than once.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		close(o.done)
	}
}
