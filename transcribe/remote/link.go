package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"heed/transcribe"
)

const (
	dialWithin = 10 * time.Second
	sendWithin = 10 * time.Second
	// lastWords is how long after a failed Send the reason may arrive.
	lastWords = 500 * time.Millisecond
)

// link is one session with the goroutines that feed and read it. It starts
// with the dialling. Its fields after pieces belong to the call's goroutine.
type link struct {
	o      *Options
	cancel context.CancelFunc
	pieces chan []int16 // closed for Finish
	events chan<- event

	hearing hearing
	next    int64         // output sample to be sent next
	origin  int64         // output sample that was sent first
	seam    time.Duration // words whose middle lies behind it are the next link's; 0 = none
	again   time.Duration // up to here other links have heard the same audio
	echo    echoing
	up      bool
	over    bool // the service has said everything
	opened  time.Time
	done    bool      // Finish was ordered
	within  time.Time // when the rest must be there; zero = no bound
}

// echoing is what other links have said of audio that a link hears again,
// and that link has not repeated yet.
type echoing struct {
	words []transcribe.Word
	known bool // false until the link has said something
}

// event is what a link's goroutines tell the call: that it is up, results,
// or its end (err, io.EOF after a Finish that went well).
type event struct {
	from    *link
	up      bool
	results []Result
	err     error
}

// open dials after a delay in a goroutine of its own. Everything it starts
// ends with cancel, and running counts it.
func open(ctx context.Context, o *Options, f Format, delay time.Duration, events chan<- event, running *sync.WaitGroup) *link {
	ctx, cancel := context.WithCancel(ctx)
	l := &link{o: o, cancel: cancel, pieces: make(chan []int16), events: events}
	running.Go(func() { l.live(ctx, f, delay) })
	return l
}

// live is the link's whole life.
func (l *link) live(ctx context.Context, f Format, delay time.Duration) {
	defer l.cancel()
	pause(ctx, delay)
	if ctx.Err() != nil {
		return
	}
	session, err := l.dial(ctx, f)
	if err != nil {
		l.tell(ctx, event{err: err})
		return
	}
	var both sync.WaitGroup
	defer both.Wait()
	var once sync.Once
	shut := func() { once.Do(func() { _ = session.Close() }) }
	defer shut()
	// A session that looks at no context still hears Close.
	defer context.AfterFunc(ctx, shut)()
	l.tell(ctx, event{up: true})
	both.Go(func() { l.feed(ctx, session) })
	l.read(ctx, session)
	l.cancel()
}

// pause waits, at most until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}

// dial opens the session within a bound.
func (l *link) dial(ctx context.Context, f Format) (Session, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	session, err := l.o.Dial(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return session, nil
}

// tell hands an event to the call unless the link is over.
func (l *link) tell(ctx context.Context, e event) {
	e.from = l
	select {
	case l.events <- e:
	case <-ctx.Done():
	}
}

// feed sends pieces, and keep-alives when there are none for a while.
func (l *link) feed(ctx context.Context, session Session) {
	every := or(l.o.KeepAlive, 24*time.Hour)
	quiet := time.NewTicker(every)
	defer quiet.Stop()
	for {
		var err error
		finish := false
		select {
		case <-ctx.Done():
			return
		case <-quiet.C:
			if l.o.KeepAlive > 0 {
				err = within(ctx, session.KeepAlive)
			}
		case piece, more := <-l.pieces:
			if finish = !more; finish {
				err = within(ctx, session.Finish)
				break
			}
			quiet.Reset(every)
			err = within(ctx, func(ctx context.Context) error { return session.Send(ctx, piece) })
		}
		if err != nil {
			// Why the service went is what Receive says, if it says anything.
			pause(ctx, lastWords)
			l.tell(ctx, event{err: fmt.Errorf("send: %w", err)})
			return
		}
		if finish {
			return
		}
	}
}

// within bounds one write: a service that stops reading is as good as dead.
func within(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	return write(ctx)
}

// read passes on results until the session ends.
func (l *link) read(ctx context.Context, session Session) {
	for ctx.Err() == nil { // a service that floods never blocks
		results, err := session.Receive(ctx)
		if len(results) > 0 {
			l.tell(ctx, event{results: results})
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				err = fmt.Errorf("receive: %w", err)
			}
			l.tell(ctx, event{err: err})
			return
		}
	}
}
