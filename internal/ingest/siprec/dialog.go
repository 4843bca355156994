package siprec

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest"
)

const (
	// tickEvery is how often a dialog looks at the clock.
	tickEvery = 50 * time.Millisecond
	// t2 is the longest time between two of the same answer.
	t2 = 4 * time.Second
	// unanswered is how many T1 an answer waits for its ACK.
	unanswered = 64
)

func newTag() string { return rand.Text() }

// ask is a request within a dialog, for the goroutine of the dialog.
type ask struct {
	req      *sip.Request
	tx       sip.ServerTransaction
	body     body
	timer    timer
	answered chan struct{}
}

// pending is a 200 that waits for its ACK.
type pending struct {
	res   *sip.Response
	cseq  uint32
	next  time.Time
	every time.Duration
	until time.Time
}

// dialog is one recording session. Its goroutine owns everything but the ident.
type dialog struct {
	id    ident
	door  *Door
	log   *slog.Logger
	media *media
	peer  peer
	cseq  uint32 // of the caller's last request
	ok    *pending
	timer timer
	began time.Time

	asks  chan ask
	ends  chan ingest.Reason            // the first reason counts
	acked atomic.Pointer[chan struct{}] // closed with the ACK of the last answer
	done  chan struct{}
}

func (d *Door) newDialog(id ident, req *sip.Request) *dialog {
	id.local = newTag()
	return &dialog{
		id: id, door: d, log: d.o.Logger.With("stream", id.local), cseq: req.CSeq().SeqNo, began: time.Now(),
		asks: make(chan ask), ends: make(chan ingest.Reason, 1), done: make(chan struct{}),
	}
}

// end asks the dialog to end. The first reason counts.
func (l *dialog) end(why ingest.Reason) {
	select {
	case l.ends <- why:
	default:
	}
}

// run serves the dialog until it ends and lets go of all it had.
func (l *dialog) run(ctx context.Context) {
	defer close(l.done)
	defer l.door.calls.forget(l.id)
	l.door.counts.Live(1)
	defer l.door.counts.Live(-1)
	l.log.Info("call opened", "lines", len(l.media.lines))
	why := ingest.Broken
	defer func() { l.finish(ctx, why) }() // also when something panicked
	why = l.serve(ctx)
}

// serve does what comes until something ends the call.
func (l *dialog) serve(ctx context.Context) ingest.Reason {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		why := ingest.Reason("")
		select {
		case a := <-l.media.packets:
			l.media.take(a)
		case a := <-l.asks:
			why = l.request(ctx, a)
			close(a.answered)
		case now := <-tick.C:
			why = l.look(ctx, now)
		case why = <-l.ends:
		}
		if why != "" {
			return why
		}
	}
}

// look does what is due.
func (l *dialog) look(ctx context.Context, now time.Time) ingest.Reason {
	if now.Sub(l.began) > l.door.limits.Longest {
		return ingest.Completed
	}
	if l.ok != nil && !l.again(now) {
		l.log.Info("the answer was never acknowledged")
		return ingest.Broken
	}
	if why := l.refresh(ctx, now); why != "" {
		return why
	}
	return l.media.look(now)
}

// again sends a 200 once more that has no ACK. It is false when none came for
// too long.
func (l *dialog) again(now time.Time) bool {
	p := l.ok
	if now.After(p.until) {
		return false
	}
	if now.Before(p.next) {
		return true
	}
	_ = l.door.stack.server.WriteResponse(p.res) // or the next time
	p.every = min(2*p.every, t2)
	p.next = now.Add(p.every)
	return true
}

// accept sends a 200 to an INVITE and waits for its ACK.
func (l *dialog) accept(req *sip.Request, tx sip.ServerTransaction, res *sip.Response) {
	t1, now := l.door.limits.T1, time.Now()
	l.ok = &pending{res, req.CSeq().SeqNo, now.Add(t1), t1, now.Add(unanswered * t1)}
	acked := make(chan struct{})
	l.acked.Store(&acked)
	_ = tx.Respond(res) // sent again until there is an ACK
}

// ack ends the waiting of an answer.
func (l *dialog) ack(cseq uint32) {
	if l.ok != nil && l.ok.cseq == cseq {
		l.ok = nil
		close(*l.acked.Load())
	}
}

// finish ends the call and, where it was not the caller who did, tells it so.
func (l *dialog) finish(ctx context.Context, why ingest.Reason) {
	sum := l.media.finish(why)
	l.door.counts.Ended(why)
	l.log.Info("call ended", "reason", why, "frames", sum.Frames, "lost", sum.Lost, "duplicates", sum.Duplicates,
		"late", sum.Late, "garbage", sum.Garbage, "dropped", l.media.dropped)
	if why == ingest.Stopped {
		return
	}
	told := make(chan struct{})
	go func() {
		defer close(told)
		l.hangUp(ctx)
	}()
	for {
		select {
		case a := <-l.asks: // the caller may hang up at the same time
			l.tooLate(a)
			close(a.answered)
		case <-told:
			return
		}
	}
}

// tooLate answers a request of a call that is over.
func (l *dialog) tooLate(a ask) {
	switch a.req.Method {
	case sip.ACK:
	case sip.BYE:
		_ = a.tx.Respond(sip.NewResponseFromRequest(a.req, sip.StatusOK, "OK", nil)) // who asked asks again
	default:
		l.door.turnDown(unknownDialog(), a.req, a.tx)
	}
}
