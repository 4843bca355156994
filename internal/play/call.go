package play

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// Options says what is played, where and as whom.
type Options struct {
	Recording *Recording
	// URL is the server (http://localhost:8080) or the door itself
	// (wss://heed.example/ingest/twilio/media).
	URL string
	// As is the platform to play, one of [Platforms]; empty means "twilio".
	As string
	// Key is an API key of role ingest. AuthToken signs instead, as the
	// platform would; with neither the door will refuse.
	Key, AuthToken string
	Caller         Caller
	// Speed is 1 for real time and 0 for as fast as the door takes it.
	Speed float64
	// SIP is where a recording session is sent, such as
	// sip:user:password@host:5060;transport=udp; empty asks the server.
	SIP string
	// AudioHook is for that platform; nil is the zero value.
	AudioHook *AudioHook
	// PlatformCall is the platform's id of the call; empty makes one up. The
	// same id twice plays a reconnect.
	PlatformCall string
	// Progress, when set, is called at the start, about once a second of
	// stream time and at the end, from the goroutine of Call.
	Progress func(Progress)
	// Clock paces the call. nil is the machine's.
	Clock Clock
}

// Caller says whose call it is, as the platform would tell it. All of it may
// be empty.
type Caller struct {
	From, To  string
	Agent     string
	Direction string // "inbound" or "outbound"; empty is inbound
	Language  string // BCP 47
}

// Progress is how far a call has come.
type Progress struct {
	PlatformCall string
	At, Total    time.Duration // stream time
}

// Result is what was played. It is filled as far as the call came, also when
// there is an error.
type Result struct {
	PlatformCall string        `json:"platform_call_id"`
	Stream       string        `json:"stream_id"`
	Frames       int           `json:"frames"` // sent, of both tracks
	Audio        time.Duration `json:"-"`      // stream time sent
	Lag          time.Duration `json:"-"`      // the most that a frame was behind its schedule
}

const (
	writeWithin = 10 * time.Second
	// answerWithin is how long the door may take to open.
	answerWithin = 10 * time.Second
	// closeWithin is how long it may take to close: a recording played faster
	// than it was spoken outruns the door, which hears all that was sent first.
	closeWithin = time.Minute
)

// Call plays a recording and blocks until the door has closed the stream or
// ctx has ended. Ending ctx hangs up as a caller would: the stop is still
// sent, and ctx's error returned. Other errors are [*Refused], [*Unreachable]
// and [*HungUp].
func Call(ctx context.Context, o Options) (Result, error) {
	if o.Recording == nil || o.Recording.steps() == 0 {
		return Result{}, fmt.Errorf("play: %w", ErrEmpty)
	}
	if o.Speed < 0 {
		return Result{}, fmt.Errorf("play: speed %v: it must be 0 or more", o.Speed)
	}
	if o.As == overWebRTC {
		return publish(ctx, o)
	}
	if o.Recording.opus != nil {
		return Result{}, fmt.Errorf("play: a file of Opus goes over WebRTC only, as %q", overWebRTC)
	}
	if call := dialogues()[o.As]; call != nil {
		return call(ctx, o)
	}
	legs, err := legsOf(ctx, o)
	if err != nil {
		return Result{}, err
	}
	var r Result
	r.PlatformCall, r.Stream = legs[0].ids()
	open, err := connect(ctx, legs)
	defer open.hangUp()
	if err != nil {
		return Result{}, err
	}
	err = open.play(ctx, o, &r)
	if err == nil || errors.Is(err, ctx.Err()) {
		err = errors.Join(err, open.finish(context.WithoutCancel(ctx)))
	}
	if err != nil {
		return r, fmt.Errorf("play %s: %w", r.PlatformCall, err)
	}
	return r, nil
}

// joint is a leg and the connection that carries it.
type joint struct {
	leg     leg
	carrier carrier
}

// joints are the connections of one call.
type joints []joint

// connect opens a connection for each leg. What it gives is to be hung up, also
// when there is an error.
func connect(ctx context.Context, legs []leg) (joints, error) {
	var all joints
	for _, l := range legs {
		c, err := l.dial(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, joint{l, c})
	}
	return all, nil
}

func (all joints) hangUp() {
	for _, j := range all {
		j.carrier.hangUp()
	}
}

// finish says that the call is over and waits until the door has understood.
func (all joints) finish(ctx context.Context) error {
	var errs []error
	for _, j := range all {
		errs = append(errs, j.carrier.finish(j.leg.goodbye()))
	}
	for _, j := range all {
		if r, reports := j.leg.(reporter); reports {
			errs = append(errs, r.report(ctx))
		}
	}
	return errors.Join(errs...)
}

// line is an open media socket. A reader answers the door's pings and hears
// when it closes.
type line struct {
	ws     *websocket.Conn
	closed chan error // one value: why reading ended
}

// dialSocket opens a media socket.
func dialSocket(ctx context.Context, target string, header http.Header, subprotocols ...string) (carrier, error) {
	dialer := websocket.Dialer{HandshakeTimeout: answerWithin, Subprotocols: subprotocols}
	ws, answer, err := dialer.DialContext(ctx, target, header)
	if err != nil {
		if answer != nil {
			return nil, refusedBy(answer, target)
		}
		return nil, &Unreachable{URL: target, Err: err}
	}
	l := &line{ws: ws, closed: make(chan error, 1)}
	go func() {
		for {
			if _, r, err := ws.NextReader(); err != nil {
				l.closed <- err
				return
			} else if _, err = io.Copy(io.Discard, r); err != nil {
				l.closed <- err
				return
			}
		}
	}()
	return l, nil
}

// hangUp ends the reader and waits for it.
func (l *line) hangUp() {
	_ = l.ws.Close() // the call is over either way
	if l.closed != nil {
		<-l.closed //nolint:errcheck // why it ended is not asked any more
	}
}

// play sends everything up to the last frame.
func (all joints) play(ctx context.Context, o Options, r *Result) error {
	for _, j := range all {
		if err := j.carrier.send(j.leg.hello()); err != nil {
			return err
		}
	}
	report := o.Progress
	if report == nil {
		report = func(Progress) {}
	}
	pace := newPacer(o.Clock, o.Speed)
	total := o.Recording.Duration()
	n := o.Recording.frames()
	const perReport = int(time.Second / frame)
	for i := range n {
		at := time.Duration(i) * frame
		if i%perReport == 0 {
			report(Progress{PlatformCall: r.PlatformCall, At: at, Total: total})
		}
		lag, err := pace.wait(ctx, at)
		if err != nil {
			return err
		}
		r.Lag = max(r.Lag, lag)
		for _, j := range all {
			messages := j.leg.media(o.Recording, i)
			if err := j.carrier.send(messages); err != nil {
				return err
			}
			r.Frames += len(messages)
		}
		r.Audio = min(at+frame, total)
	}
	report(Progress{PlatformCall: r.PlatformCall, At: total, Total: total})
	return nil
}

// send writes messages, unless the door has closed.
func (l *line) send(messages []message) error {
	select {
	case err := <-l.closed:
		return l.gone(err)
	default:
	}
	for _, m := range messages {
		_ = l.ws.SetWriteDeadline(time.Now().Add(writeWithin)) // a dead socket fails in the write
		if err := l.ws.WriteMessage(m.kind, m.data); err != nil {
			return l.cut(err)
		}
	}
	return nil
}

// cut explains a write that failed: mostly the door has just said why.
func (l *line) cut(write error) error {
	_ = l.ws.SetReadDeadline(time.Now().Add(time.Second))
	err := l.gone(<-l.closed)
	if h := (*HungUp)(nil); errors.As(err, &h) && h.Code == websocket.CloseAbnormalClosure {
		return &HungUp{Code: h.Code, Err: write}
	}
	return err
}

// gone notes that the reader has ended.
func (l *line) gone(err error) error {
	l.closed = nil
	return hungUp(err)
}

// finish sends the last messages and waits until the door has closed.
func (l *line) finish(goodbye []message) error {
	if l.closed == nil {
		return nil
	}
	if err := l.send(goodbye); err != nil {
		return l.orderly(err)
	}
	_ = l.ws.SetReadDeadline(time.Now().Add(closeWithin))
	return l.orderly(l.gone(<-l.closed))
}

// orderly takes a normal close for what it is.
func (l *line) orderly(err error) error {
	if h := (*HungUp)(nil); errors.As(err, &h) && h.Code == websocket.CloseNormalClosure {
		return nil
	}
	return err
}
