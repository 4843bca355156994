package siprec

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest"
	"heed/internal/ingest/wire"
)

const (
	allowed   = "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE"
	supported = "siprec, timer"
	// ackWithin is how long a request waits for the ACK that was sent before it.
	ackWithin = 200 * time.Millisecond
)

// handlers says what is done with which request.
func (d *Door) handlers(s *sipgo.Server) {
	for method, h := range map[sip.RequestMethod]sipgo.RequestHandler{
		sip.INVITE: d.onInvite, sip.ACK: d.onACK, sip.BYE: d.onWithin, sip.UPDATE: d.onWithin, sip.OPTIONS: d.onOptions, sip.CANCEL: d.onCancel,
	} {
		s.OnRequest(method, d.guard(h))
	}
	s.OnNoRoute(d.guard(func(req *sip.Request, tx sip.ServerTransaction) {
		d.turnDown(refuse(sip.StatusMethodNotAllowed, "Method Not Allowed", "method", "", sip.NewHeader("Allow", allowed)), req, tx)
	}))
}

// guard lets requests through that have what every one must, and keeps a panic
// from ending the process.
func (d *Door) guard(h sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		defer func() {
			if r := recover(); r != nil {
				d.o.Logger.Error("a request could not be answered", "method", string(req.Method), "panic", r)
				d.turnDown(refuse(sip.StatusInternalServerError, "Server Internal Error", "panic", ""), req, tx)
			}
		}()
		if why := malformed(req); why != "" {
			d.turnDown(badRequest(why), req, tx)
			return
		}
		d.counts.Control.Inc()
		h(req, tx)
	}
}

// malformed says what a request lacks that every one has.
func malformed(req *sip.Request) string {
	switch {
	case req.Via() == nil:
		return "there is no Via"
	case req.From() == nil || !req.From().Params.Has("tag"):
		return "there is no From with a tag"
	case req.To() == nil:
		return "there is no To"
	case req.CallID() == nil || len(*req.CallID()) > maxValue:
		return "there is no Call-ID, or a very long one"
	case req.CSeq() == nil || !strings.EqualFold(string(req.CSeq().MethodName), string(req.Method)):
		return "there is no CSeq with the method"
	}
	return ""
}

// turnDown refuses a request and counts it. Nobody is answered who acknowledges.
func (d *Door) turnDown(r *refusal, req *sip.Request, tx sip.ServerTransaction) {
	if req.IsAck() {
		return
	}
	d.counts.Refused(r.meter)
	r.respond(req, tx)
}

// asRefusal is what an error is answered with.
func asRefusal(err error) *refusal {
	if r := (*refusal)(nil); errors.As(err, &r) {
		return r
	}
	return refuse(sip.StatusInternalServerError, "Server Internal Error", "internal", "")
}

// onOptions tells border controllers that we are there, and what we can.
func (d *Door) onOptions(req *sip.Request, tx sip.ServerTransaction) {
	if d.calls.stopping() {
		d.turnDown(unavailable("stopping", "the server is stopping"), req, tx)
		return
	}
	res := sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil)
	if host, err := d.hostFor(d.ended, wire.AddressOfHost(req.Source())); err == nil {
		res.AppendHeader(d.contactOn(req.Transport(), host))
	}
	for name, value := range map[string]string{"Allow": allowed, "Accept": accepted, "Supported": supported} {
		res.AppendHeader(sip.NewHeader(name, value))
	}
	_ = tx.Respond(res) // who asked asks again
}

// onCancel is for what there is nothing to cancel of: the library answers the
// others.
func (d *Door) onCancel(req *sip.Request, tx sip.ServerTransaction) {
	d.turnDown(unknownDialog(), req, tx)
}

func (d *Door) onACK(req *sip.Request, tx sip.ServerTransaction) {
	if l := d.calls.find(identOf(req)); l != nil {
		l.put(ask{req: req, tx: tx})
	}
}

// onInvite begins a call, or hands an INVITE within one on.
func (d *Door) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	id := identOf(req)
	if id.local != "" {
		d.onWithin(req, tx)
		return
	}
	b, t, err := d.admit(req)
	if err != nil {
		d.turnDown(asRefusal(err), req, tx)
		return
	}
	if r := d.calls.begin(id, d.limits.Calls); r != nil {
		d.turnDown(r, req, tx)
		return
	}
	d.serving.Add(1)
	l := d.newDialog(id, req)
	l.timer = t
	if err := l.begin(d.ended, req, tx, b); err != nil {
		d.calls.forget(l.id)
		d.serving.Done()
		if !errors.Is(err, errCancelled) {
			d.turnDown(asRefusal(err), req, tx)
		}
		return
	}
	go func() {
		defer d.serving.Done()
		l.run(d.ended)
	}()
}

// admit checks the INVITE of a new call as far as that needs nothing of ours.
func (d *Door) admit(req *sip.Request) (body, timer, error) {
	if d.calls.stopping() {
		return body{}, timer{}, unavailable("stopping", "the server is stopping")
	}
	if !d.starts.Allow() {
		return body{}, timer{}, unavailable("rate", "too many calls begin at once")
	}
	if r := d.auth.check(req); r != nil {
		return body{}, timer{}, r
	}
	if req.Contact() == nil || req.Contact().Address.Host == "" {
		return body{}, timer{}, badRequest("there is no Contact")
	}
	b, t, err := d.readRequest(req)
	if err == nil && b.sdp == nil {
		err = unacceptable("an INVITE without an offer is not taken")
	}
	return b, t, err
}

// readRequest checks what an INVITE or an UPDATE asks for, and its body.
func (d *Door) readRequest(req *sip.Request) (body, timer, error) {
	var unknown []string
	for _, tag := range options(req, "require") {
		if tag != "siprec" && tag != "timer" {
			unknown = append(unknown, tag)
		}
	}
	if len(unknown) > 0 {
		return body{}, timer{}, refuse(sip.StatusBadExtension, "Bad Extension", "require", "", sip.NewHeader("Unsupported", strings.Join(unknown, ", ")))
	}
	t, r := readTimer(req, d.limits.MinExpires)
	if r != nil {
		return body{}, timer{}, r
	}
	b, err := readBody(header(req, "content-type", "c"), header(req, "content-encoding", "e"), req.Body())
	return b, t, err
}

// errCancelled is a call that the caller took back before it was answered.
var errCancelled = errors.New("it was cancelled")

// begin opens the call and answers.
func (l *dialog) begin(ctx context.Context, req *sip.Request, tx sip.ServerTransaction, b body) error {
	d := l.door
	var cancelled atomic.Bool
	if !tx.OnCancel(func(*sip.Request) { cancelled.Store(true) }) {
		return errCancelled
	}
	lines, err := readOffer(b.sdp)
	if err != nil {
		return err
	}
	var m *metadata
	if b.metadata != nil {
		if m, err = readMetadata(b.metadata); err != nil {
			return err
		}
	}
	caller := wire.AddressOfHost(req.Source())
	host, err := d.hostFor(ctx, caller)
	if err != nil {
		return err
	}
	l.media = d.newMedia(readFacts(req, m, &d.o), host, caller)
	answer, err := l.media.offer(ctx, lines)
	if err != nil {
		return err
	}
	if cancelled.Load() {
		l.media.finish(ingest.Stopped)
		d.counts.Ended(ingest.Stopped)
		return errCancelled
	}
	l.answer(req, tx, answer)
	return nil
}

// answer sends the 200 of a new call.
func (l *dialog) answer(req *sip.Request, tx sip.ServerTransaction, sdp []byte) {
	req = req.Clone() // the library may be answering it with a 100
	req.To().Params.Add("tag", l.id.local)
	contact := l.door.contactOn(req.Transport(), l.media.host)
	res := l.success(req, contact, sdp)
	l.peer = newPeer(req, res, contact)
	l.timer.start(time.Now())
	l.door.calls.add(l)
	l.accept(req, tx, res)
}

// success makes a 200.
func (l *dialog) success(req *sip.Request, contact *sip.ContactHeader, sdp []byte) *sip.Response {
	res := sip.NewResponseFromRequest(req, sip.StatusOK, "OK", sdp)
	for _, h := range slices.Concat([]sip.Header{sip.HeaderClone(contact), sip.NewHeader("Allow", allowed), sip.NewHeader("Supported", supported)}, l.timer.headers()) {
		res.AppendHeader(h)
	}
	if len(sdp) > 0 {
		res.AppendHeader(sip.NewHeader("Content-Type", sdpType))
	}
	return res
}
