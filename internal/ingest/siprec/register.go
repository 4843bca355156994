package siprec

import (
	"sync"

	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest"
)

// ident names a dialog: its Call-ID and the tags of the two sides.
type ident struct{ call, remote, local string }

// identOf reads the ident of a caller's request.
func identOf(req *sip.Request) ident {
	remote, _ := req.From().Params.Get("tag")
	local, _ := req.To().Params.Get("tag")
	return ident{string(*req.CallID()), remote, local}
}

// register are the dialogs that are open.
type register struct {
	mu      sync.Mutex
	open    map[ident]*dialog
	opening map[ident]struct{} // without our tag: a call is begun once
	closing bool
}

// begin takes a call's place, or says why it has none. What it took is given
// back by forget.
func (r *register) begin(id ident, most int) *refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	id.local = ""
	if r.open == nil {
		r.open, r.opening = map[ident]*dialog{}, map[ident]struct{}{}
	}
	switch _, again := r.opening[id]; {
	case r.closing:
		return unavailable("stopping", "the server is stopping")
	case again:
		return refuse(sip.StatusLoopDetected, "Loop Detected", "merged", "")
	case len(r.opening) >= most:
		return unavailable("full", "too many recording sessions are open")
	}
	r.opening[id] = struct{}{}
	return nil
}

// add has a dialog found by its ident. One that was begun before the door closed
// is told at once.
func (r *register) add(d *dialog) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open[d.id] = d
	if r.closing {
		d.end(ingest.Shutdown)
	}
}

func (r *register) find(id ident) *dialog {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open[id]
}

func (r *register) forget(id ident) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, id)
	id.local = ""
	delete(r.opening, id)
}

// shut takes no more and ends those that are there. idle says that none was.
func (r *register) shut() (idle bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closing = true
	for _, d := range r.open {
		d.end(ingest.Shutdown)
	}
	return len(r.opening) == 0
}

func (r *register) stopping() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closing
}

// len is how many are open.
func (r *register) len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}
