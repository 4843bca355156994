package whip

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/rtp"
)

const (
	// tickEvery is how often a session looks at the clock, and at what has come:
	// to wake for each packet of 20 ms, with all that takes audio behind it, costs
	// a good part of decoding it, and nobody hears 50 ms.
	tickEvery = 50 * time.Millisecond
	// burst is how many packets are not left waiting for that.
	burst = 8
	// underWay is how long packets are waited for after the publisher said that
	// it has ended.
	underWay = 60 * time.Millisecond
	// maxEarly bounds the packets that wait for the stream to be opened.
	maxEarly = 64
)

// Platform is the name of the calls that come in here.
const Platform = "whip"

// session is one publisher: a peer connection, and the worker that turns its
// packets into a stream.
type session struct {
	id     string
	door   *Door
	grant  Grant
	by     bearer
	pc     *webrtc.PeerConnection
	log    *slog.Logger
	ends   chan ingest.Reason // the first reason counts
	done   chan struct{}
	state  atomic.Int32 // webrtc.PeerConnectionState
	intake intake

	mu         sync.Mutex // one PATCH at a time
	etag       string
	offer      *sdp.SessionDescription
	remote     credentials
	candidates int
}

func (d *Door) newSession(g Grant, by bearer, offer *sdp.SessionDescription) (*session, error) {
	pc, err := d.peers.open(g.Party == Stereo)
	if err != nil {
		return nil, err
	}
	s := &session{
		id: rand.Text(), door: d, grant: g, by: by, pc: pc, offer: offer, remote: credentialsOf(offer), etag: newTag(),
		ends: make(chan ingest.Reason, 1), done: make(chan struct{}),
	}
	s.log = d.log.With("call", g.Call, "stream", s.id)
	s.intake.packets, s.intake.many, s.intake.counts = make(chan rtp.Packet, d.limits.Packets), make(chan struct{}, 1), d.counts
	pc.OnTrack(s.intake.listen)
	pc.OnConnectionStateChange(s.changed)
	return s, nil
}

// newTag makes a strong entity tag of an ICE session.
func newTag() string { return `"` + rand.Text() + `"` }

// parties are those of the channels, the left one first.
func (g Grant) parties() []insights.Speaker {
	switch {
	case g.Party == Customer:
		return []insights.Speaker{insights.Customer}
	case g.Party == Agent:
		return []insights.Speaker{insights.Agent}
	case g.Customer == Left:
		return []insights.Speaker{insights.Customer, insights.Agent}
	}
	return []insights.Speaker{insights.Agent, insights.Customer}
}

// end asks the session to end. The first reason counts.
func (s *session) end(why ingest.Reason) {
	select {
	case s.ends <- why:
	default:
	}
}

func (s *session) connected() bool {
	return webrtc.PeerConnectionState(s.state.Load()) == webrtc.PeerConnectionStateConnected
}

// changed follows the connection. A publisher that says goodbye closes DTLS;
// one that is gone stops answering ICE's checks for consent.
func (s *session) changed(state webrtc.PeerConnectionState) {
	s.state.Store(int32(state))
	switch state { //nolint:exhaustive // the others are on the way
	case webrtc.PeerConnectionStateFailed:
		s.end(ingest.Silent)
	case webrtc.PeerConnectionStateClosed:
		s.end(ingest.Closed)
	}
}

// run serves the session until it ends and lets go of all it had. It is the
// only one that touches the stream.
func (s *session) run(ctx context.Context) {
	defer close(s.done)
	defer s.door.forget(s)
	w := worker{session: s, began: time.Now()}
	w.serve(ctx)
	if err := s.pc.GracefulClose(); err != nil {
		s.log.Debug("peer did not close cleanly", "error", err)
	}
	s.intake.wait()
	s.door.clocks.Forget(s.grant.Call, s.id)
}

// worker is the goroutine of a session.
type worker struct {
	*session

	began  time.Time
	early  []rtp.Packet
	feed   *rtp.Feed // nil until the call is open
	stream ingest.Stream
}

func (w *worker) serve(ctx context.Context) {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.intake.many:
			w.drain(ctx)
		case now := <-tick.C:
			w.drain(ctx)
			w.look(ctx, now)
		case why := <-w.ends:
			now := time.Now()
			if why == ingest.Stopped {
				w.linger(ctx)
			}
			w.finish(ctx, why, now)
			return
		}
	}
}

// drain takes what has arrived.
func (w *worker) drain(ctx context.Context) {
	for range len(w.intake.packets) {
		w.take(ctx, <-w.intake.packets)
	}
}

// linger takes what was under way when the publisher ended the session: its
// word comes another way than its audio.
func (w *worker) linger(ctx context.Context) {
	over := time.NewTimer(underWay)
	defer over.Stop()
	for {
		select {
		case p := <-w.intake.packets:
			w.take(ctx, p)
		case <-over.C:
			return
		}
	}
}

// take hands a packet on, or keeps it until the call is open.
func (w *worker) take(ctx context.Context, p rtp.Packet) {
	if w.feed != nil {
		w.feed.Push(p)
		return
	}
	if w.early = append(w.early, p); len(w.early) >= maxEarly {
		w.open(ctx)
	}
}

// look does what is due.
func (w *worker) look(ctx context.Context, now time.Time) {
	switch {
	case now.Sub(w.began) > w.door.limits.Longest:
		w.end(ingest.Stopped)
	case w.feed != nil:
		w.feed.Advance(now)
		w.feed.Align(&w.door.clocks, w.grant.Call, w.id, w.intake.report.Load())
	case len(w.early) > 0 && now.Sub(w.early[0].At) >= rtp.Settle:
		w.open(ctx)
	case len(w.early) == 0 && now.Sub(w.began) > w.door.limits.ConnectWithin:
		w.end(ingest.Broken)
	}
}

// open opens the call's stream and hands over what has waited for it.
func (w *worker) open(ctx context.Context) {
	rtp.SortEarly(w.early)
	g, zero := w.grant, rtp.ZeroOf(w.early)
	opening, cancel := context.WithTimeout(ctx, w.door.limits.OpenWithin)
	defer cancel()
	stream, err := w.door.options.Calls.Open(opening, ingest.Start{
		Platform: Platform, Call: g.Call, Stream: w.id, Direction: g.Direction, From: g.From, To: g.To,
		Agent: g.Agent, Language: g.Language, Parties: g.parties(), At: zero,
	})
	if err != nil {
		w.refused(err)
		return
	}
	w.feed = rtp.NewFeed(stream, g.parties(), rtp.Options{Meters: w.door.counts.Meters, Window: w.door.limits.Window, Zero: zero, BuiltinOpus: w.door.options.BuiltinOpus})
	w.stream = stream
	w.log.Info("stream opened", "party", g.Party)
	for _, p := range w.early {
		w.feed.Push(p)
	}
	w.early = nil
}

// refused ends a session whose call was not opened.
func (w *worker) refused(err error) {
	reason, why := "open", ingest.Broken
	switch {
	case errors.Is(err, ingest.ErrBusy):
		reason = "busy"
	case errors.Is(err, ingest.ErrStopping):
		reason, why = "stopping", ingest.Shutdown
	}
	w.door.counts.Refused(reason)
	w.log.Warn("stream refused", "error", err)
	w.early = nil
	w.end(why)
}

// finish hands over what has arrived and ends the stream, which ended at now.
func (w *worker) finish(ctx context.Context, why ingest.Reason, now time.Time) {
	w.drain(ctx)
	if w.feed == nil && len(w.early) > 0 && why != ingest.Shutdown {
		w.open(ctx) // a call of a moment is one
	}
	if w.feed == nil {
		w.log.Debug("session ended without audio", "reason", why)
		return
	}
	w.feed.Finish(now)
	w.stream.Stop(why)
	w.door.counts.Ended(why)
	t := w.feed.Tally()
	w.log.Info("stream ended", "reason", why, "frames", t.Frames, "lost", t.Lost, "duplicates", t.Duplicates,
		"late", t.Late, "garbage", t.Garbage)
}
