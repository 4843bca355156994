package audiohook

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/wire"
	"heed/transcribe"
)

const (
	// refuseAfter is how long after its upgrade a session is told that it is
	// not let in, whatever the reason.
	refuseAfter = 500 * time.Millisecond
	// closeWithin is how long what was said last may take to be heard before
	// a session that is closed is told so. The client waits for 10 s.
	closeWithin = 8 * time.Second
	// leaveWithin is how long a client that was sent away may take to close.
	leaveWithin = 10 * time.Second
)

// state is where a session is in its life.
type state int

const (
	preparing state = iota
	active
	paused
	closing
	lost    // told of an error or not let in; it may only close
	unknown // not let in, not told yet
)

func (s state) String() string {
	return [...]string{"PREPARING", "ACTIVE", "PAUSED", "CLOSING", "SIGNALED-ERROR", "UNAUTHORIZED"}[s]
}

// identity is what the upgrade said.
type identity struct{ session, organization, host string }

// feed is one session: it turns the client's messages into one stream of a
// call. Its methods are used by one goroutine, but for those that say otherwise.
type feed struct {
	door   *Door
	who    identity
	log    *slog.Logger
	out    *outbox
	state  state
	media  *media    // nil before open, and when no audio is wanted
	time   *timeline // of the audio
	tongue string    // of the call, as the client says: en-US

	stream ingest.Stream // nil before open, in a probe, and once it ended
	heard  chan struct{} // closed when nothing more will be heard of the call
	leave  func()        // ends what follows the call
	work   sync.WaitGroup
	frames int
}

// newFeed begins a session. refusal says why it is not let in.
func newFeed(d *Door, to line, who identity, refusal error) *feed {
	f := &feed{door: d, who: who, log: d.log, out: newOutbox(to, who.session), time: newTimeline(), leave: func() {}}
	f.work.Go(f.out.write)
	if refusal != nil {
		f.state = unknown
		f.work.Go(f.turnAway)
	}
	return f
}

// turnAway says that the session is not let in, and for how long the client
// may stay. It has its own goroutine.
func (f *feed) turnAway() {
	if f.after(refuseAfter) {
		f.out.put("disconnect", farewell{Reason: "unauthorized"})
		f.sendAway()
	}
}

// after waits; it is false when the session is over before.
func (f *feed) after(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-f.out.done:
		return false
	}
}

// sendAway waits for the client to close. It has its own goroutine.
func (f *feed) sendAway() {
	if f.after(leaveWithin) {
		f.out.to.End(wire.Ending{Why: ingest.Broken, Code: websocket.ClosePolicyViolation, Text: "the session was not closed"})
	}
}

// Begun implements [wire.Reader].
func (f *feed) Begun() bool { return f.state == active || f.state == paused || f.state == closing }

// Message implements [wire.Reader].
func (f *feed) Message(ctx context.Context, kind int, data []byte, now time.Time) *wire.Ending {
	if kind == websocket.BinaryMessage {
		f.audio(data, now)
		return nil
	}
	if tooLong(data) {
		f.fail(fmt.Sprintf("Text message too large (>64K). Length: %d", len(data)))
		return nil
	}
	e, err := parse(data)
	switch {
	case err != nil:
		f.fail("Message not a well-formed client message")
	case f.state == lost || f.state == unknown:
		f.parting(&e)
	case f.inOrder(&e):
		f.handle(ctx, &e, now)
	}
	return nil
}

// parting takes the messages of a session that was sent away, whose numbers
// may be what was wrong with it.
func (f *feed) parting(e *envelope) {
	f.out.saw(int64(*e.Seq))
	switch e.Type {
	case "close":
		f.out.put("closed", nothing{})
	case "ping":
		f.out.put("pong", nothing{})
	}
}

// inOrder checks a message against those before.
func (f *feed) inOrder(e *envelope) bool {
	id, seen, sent := f.out.state()
	if int64(*e.Seq) != seen+1 {
		f.fail("Invalid seq value (not monotonically increasing)")
		return false
	}
	f.out.saw(int64(*e.Seq))
	if isNull(id) {
		f.who.session = e.ID
		f.out.know(e.ID)
		id = e.ID
	}
	switch {
	case int64(*e.ServerSeq) > sent:
		f.fail("Invalid serverseq value")
	case !strings.EqualFold(e.ID, id):
		f.fail("Session identifier mismatch")
	default:
		return true
	}
	return false
}

// handle takes a message of a session that is well. What is not known changes
// nothing.
func (f *feed) handle(ctx context.Context, e *envelope, now time.Time) {
	switch e.Type {
	case "open":
		f.open(ctx, e, now)
	case "close":
		f.close(e)
	case "ping":
		f.out.put("pong", nothing{})
	case "paused":
		f.pause()
	case "resumed", "discarded":
		f.skip(e)
	case "update":
		f.update()
	case "error":
		f.complaint(e)
	case "dtmf":
		f.digit(e)
	case "playback_started", "playback_completed": // of the audio that we never send
	default:
		f.door.counts.Unknown.Inc()
		return
	}
	f.door.counts.Control.Inc()
}

// audio takes a frame.
func (f *feed) audio(data []byte, now time.Time) {
	switch {
	case f.state == lost || f.state == unknown:
		f.door.counts.Early.Inc()
		return
	case f.state != active:
		f.fail("Received audio in state " + f.state.String())
		return
	case f.media == nil:
		f.fail("Unexpected binary message: No media selected")
		return
	case len(data) > maxBinary:
		f.fail(fmt.Sprintf("Binary message too large (>64K). Length: %d", len(data)))
		return
	}
	tracks, ok := f.media.split(data)
	if !ok {
		f.fail("Binary data not a valid audio frame")
		return
	}
	f.frames++
	f.door.counts.Frames.Inc()
	n := len(tracks[0])
	if n == 0 {
		return
	}
	at := f.time.add(n)
	if f.stream == nil {
		return // a probe
	}
	for i, who := range f.media.parties {
		f.stream.Audio(who, transcribe.Frame{PCM: tracks[i], Rate: rate, At: at, Wall: now})
	}
}

// fail tells the client that it made a mistake, once, and ends the stream. A
// session that is closing goes on to do so.
func (f *feed) fail(info string) {
	f.door.counts.Garbage.Inc()
	if f.state == lost || f.state == unknown {
		return
	}
	f.log.Warn("session failed", "cause", info, "state", f.state.String())
	f.disconnect("Client Error: " + info)
}

// disconnect asks the client to close because of an error.
func (f *feed) disconnect(info string) {
	f.out.put("disconnect", farewell{Reason: "error", Info: info})
	if f.state == closing {
		return
	}
	f.state = lost
	f.stop(ingest.Broken)
	f.work.Go(f.sendAway)
}

// stop ends the stream, if there is one.
func (f *feed) stop(why ingest.Reason) {
	if f.stream == nil {
		return
	}
	f.stream.Stop(why)
	f.stream = nil
	f.door.counts.Ended(why)
	f.log.Info("stream ended", "reason", string(why), "frames", f.frames, "audio", f.time.now().Round(time.Millisecond))
}

// Finish implements [wire.Reader].
func (f *feed) Finish(why ingest.Reason) {
	f.stop(why)
	f.leave()
	f.out.close()
	f.work.Wait()
}

// party is the side that a message without one is about.
func (f *feed) party() insights.Speaker {
	if f.media.index(insights.Customer) < 0 {
		return insights.Agent
	}
	return insights.Customer
}
