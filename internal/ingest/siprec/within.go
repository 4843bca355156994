package siprec

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest"
)

// onWithin hands a request within a dialog to it.
func (d *Door) onWithin(req *sip.Request, tx sip.ServerTransaction) {
	l := d.calls.find(identOf(req))
	if l == nil {
		d.turnDown(unknownDialog(), req, tx)
		return
	}
	a := ask{req: req, tx: tx}
	if req.Method != sip.BYE {
		b, t, err := d.readRequest(req)
		if err != nil {
			d.turnDown(asRefusal(err), req, tx)
			return
		}
		a.body, a.timer = b, t
		l.awaitACK()
	}
	if !l.put(a) {
		d.turnDown(unknownDialog(), req, tx)
	}
}

// put hands a request to the dialog's goroutine and waits for its answer. It is
// false when the dialog is over.
func (l *dialog) put(a ask) bool {
	a.answered = make(chan struct{})
	select {
	case l.asks <- a:
	case <-l.done:
		return false
	}
	select {
	case <-a.answered:
		return true
	case <-l.done: // it panicked
		return false
	}
}

// request answers a request; a reason ends the call.
func (l *dialog) request(ctx context.Context, a ask) ingest.Reason {
	cseq := a.req.CSeq().SeqNo
	if a.req.IsAck() {
		l.ack(cseq)
		return ""
	}
	if cseq <= l.cseq {
		l.door.turnDown(refuse(sip.StatusInternalServerError, "Server Internal Error", "order", "the CSeq is not above the last one"), a.req, a.tx)
		return ""
	}
	l.cseq = cseq
	if a.req.Method == sip.BYE {
		_ = a.tx.Respond(sip.NewResponseFromRequest(a.req, sip.StatusOK, "OK", nil)) // who asked asks again
		return ingest.Stopped
	}
	if err := l.change(ctx, a); err != nil {
		l.door.turnDown(asRefusal(err), a.req, a.tx)
	}
	return ""
}

// change takes a re-INVITE or an UPDATE: another offer, other metadata, or a sign
// that the caller is still there. When it fails nothing has changed.
func (l *dialog) change(ctx context.Context, a ask) error {
	if l.ok != nil {
		return refuse(sip.StatusRequestPending, "Request Pending", "pending", "the answer before it is not acknowledged")
	}
	var m *metadata
	var err error
	if a.body.metadata != nil {
		if m, err = readMetadata(a.body.metadata); err != nil {
			return err
		}
	}
	before := l.media.facts.meta
	if m != nil {
		l.media.facts.meta = before.merge(m)
	}
	var answer []byte
	switch {
	case a.body.sdp != nil:
		answer, err = l.offer(ctx, a.body.sdp)
	case a.req.IsInvite(): // the offer is ours then, and what the ACK says changes nothing
		answer = l.media.answer()
	}
	if err != nil {
		l.media.facts.meta = before
		return err
	}
	l.agree(a, answer)
	return nil
}

// offer takes the SDP of a later offer.
func (l *dialog) offer(ctx context.Context, sdp []byte) ([]byte, error) {
	lines, err := readOffer(sdp)
	if err != nil {
		return nil, err
	}
	return l.media.offer(ctx, lines)
}

// agree answers a request that was taken.
func (l *dialog) agree(a ask, answer []byte) {
	if c := a.req.Contact(); c != nil && c.Address.Host != "" {
		l.peer.target = *c.Address.Clone()
	}
	if a.timer.every > 0 {
		l.timer = a.timer
	}
	l.timer.start(time.Now())
	res := l.success(a.req, l.peer.contact, answer)
	l.peer.at, l.peer.transport = res.Destination(), a.req.Transport()
	if a.req.IsInvite() {
		l.accept(a.req, a.tx, res)
		return
	}
	_ = a.tx.Respond(res) // who asked asks again
}

// awaitACK waits a moment for an ACK that came just before a request: the library
// gives each message a goroutine of its own.
func (l *dialog) awaitACK() {
	acked := l.acked.Load()
	if acked == nil {
		return
	}
	over := time.NewTimer(ackWithin)
	defer over.Stop()
	select {
	case <-*acked:
	case <-over.C:
	case <-l.done:
	}
}
