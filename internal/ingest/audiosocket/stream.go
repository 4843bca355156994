package audiosocket

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/google/uuid"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/pcm"
)

// errBye is a connection whose other side said that it is over before it began.
var errBye = errors.New("it was over before it began")

// stream is one connection that carries a call. It is used by one goroutine.
type stream struct {
	door  *Door
	conn  net.Conn
	in    reader
	calls ingest.Stream
	who   insights.Speaker
	began time.Time
	kind  byte      // of the audio; 0 before the first
	line  *pcm.Line // nil before that
	log   *slog.Logger

	strike, frames, garbage int
}

// serve reads a connection until its stream has ended.
func (d *Door) serve(c net.Conn) {
	defer d.forget(c)
	s := &stream{door: d, conn: c, in: reader{r: bufio.NewReader(c)}, began: d.o.Now()}
	err := s.begin()
	d.named()
	if err != nil {
		if !errors.Is(err, errBye) {
			d.counts.Refused(refusal(err))
			s.sayEnd()
		}
		return
	}
	why := ingest.Broken
	defer func() { s.finish(why) }() // also when reading panicked
	why = s.read()
}

// refusal is what the metrics call an error of begin.
func refusal(err error) string {
	switch {
	case errors.Is(err, errUnknown):
		return "unknown"
	case errors.Is(err, ingest.ErrBusy):
		return "busy"
	case errors.Is(err, ingest.ErrStopping):
		return "stopping"
	}
	return "begin"
}

// begin reads the UUID and opens the stream that was announced for it.
func (s *stream) begin() error {
	d := s.door
	_ = s.conn.SetReadDeadline(time.Now().Add(d.limits.StartWithin)) // a dead connection fails in the read
	if d.stopping() {
		return ingest.ErrStopping
	}
	f, err := s.in.next()
	switch {
	case errors.Is(err, io.EOF) || err == nil && f.kind == kindEnd:
		return errBye
	case err != nil:
		return err
	case f.kind != kindID:
		return errors.New("the first frame is no UUID")
	}
	id, err := uuid.FromBytes(f.payload)
	if err != nil {
		return err //nolint:wrapcheck // it goes to refusal alone
	}
	ctx, cancel := context.WithTimeout(d.ended, d.o.Announced)
	defer cancel()
	start, err := d.known.take(ctx, id)
	if err != nil {
		return err
	}
	start.At, start.Stream, s.who = s.began, newStream(), start.Parties[0]
	opening, cancel := context.WithTimeout(context.WithoutCancel(d.ended), d.limits.StartWithin)
	defer cancel()
	if s.calls, err = d.o.Calls.Open(opening, start); err != nil {
		d.o.Logger.Warn("stream refused", "error", err)
		return err //nolint:wrapcheck // it goes to refusal alone
	}
	s.log = d.o.Logger.With("call", start.Call, "stream", start.Stream)
	s.log.Info("stream opened", "party", s.who)
	return nil
}

func newStream() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// sayEnd tells a sender that it was refused.
func (s *stream) sayEnd() {
	_ = s.conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = s.conn.Write(Append(nil, kindEnd, nil)) // it is over either way
}

// read takes frames until one of them, or an error, ends the stream.
func (s *stream) read() ingest.Reason {
	for {
		_ = s.conn.SetReadDeadline(time.Now().Add(s.door.limits.SilentAfter)) // as above
		if s.door.stopping() {
			s.sayEnd()
			return ingest.Shutdown
		}
		f, err := s.in.next()
		if err != nil {
			return s.classify(err)
		}
		if why := s.take(f, s.door.o.Now()); why != "" {
			return why
		}
	}
}

// classify tells the ways in which a connection ends by itself.
func (s *stream) classify(err error) ingest.Reason {
	var network net.Error
	switch {
	case s.door.stopping():
		s.sayEnd()
		return ingest.Shutdown
	case errors.Is(err, io.EOF):
		return ingest.Closed
	case errors.As(err, &network) && network.Timeout():
		return ingest.Silent
	}
	return ingest.Broken
}

// take takes one frame; a reason ends the stream.
func (s *stream) take(f frame, now time.Time) ingest.Reason {
	counts := s.door.counts
	switch {
	case f.kind == kindEnd:
		counts.Control.Inc()
		return ingest.Stopped
	case f.kind == kindError:
		counts.Control.Inc()
		return ingest.Broken
	case f.kind == kindSilence:
		counts.Control.Inc()
	case f.kind == kindKey:
		return s.key(f.payload, now)
	case rateOf(f.kind) > 0:
		return s.audio(f, now)
	case f.kind == kindID:
		return s.bad()
	default:
		counts.Unknown.Inc()
	}
	s.strike = 0
	return ""
}

// audio places samples. The first frame says at which rate they are.
func (s *stream) audio(f frame, now time.Time) ingest.Reason {
	if s.line == nil {
		line, err := pcm.New(pcm.Format{Encoding: pcm.L16, Rate: rateOf(f.kind), Channels: []insights.Speaker{s.who}}, s.began, s.calls.Audio)
		if err != nil {
			return s.bad()
		}
		s.line, s.kind = line, f.kind
	}
	if f.kind != s.kind {
		return s.bad()
	}
	s.strike = 0
	s.frames++
	s.door.counts.Frames.Inc()
	s.line.Push(f.payload, now)
	return ""
}

func (s *stream) key(payload []byte, now time.Time) ingest.Reason {
	if len(payload) != 1 || !isKey(payload[0]) {
		return s.bad()
	}
	s.strike = 0
	s.door.counts.Control.Inc()
	at := now.Sub(s.began)
	if s.line != nil {
		at = s.line.Position(now)
	}
	s.calls.Digit(s.who, string(payload), at)
	return ""
}

func isKey(c byte) bool {
	return (c >= '0' && c <= '9') || c == '*' || c == '#' || (c >= 'A' && c <= 'D')
}

// bad counts a frame that is of no use. A sender that sends nothing else is
// sent away.
func (s *stream) bad() ingest.Reason {
	s.door.counts.Garbage.Inc()
	s.garbage++
	s.calls.Fault(ingest.Garbage, 1)
	if s.strike++; s.strike < s.door.limits.Garbage {
		return ""
	}
	s.sayEnd()
	return ingest.Broken
}

// finish lets go of what is held and ends the stream.
func (s *stream) finish(why ingest.Reason) {
	if s.line != nil {
		s.line.Flush()
	}
	s.calls.Stop(why)
	s.door.counts.Ended(why)
	s.log.Info("stream ended", "reason", why, "frames", s.frames, "garbage", s.garbage)
}
