package l16

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/pcm"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

// feed turns the messages of one connection into one stream of a call. It is
// used by one goroutine.
type feed struct {
	dialect dialect
	open    func(context.Context, ingest.Start) (ingest.Stream, error)
	counts  *wire.Counts
	limits  wire.Limits
	log     *slog.Logger
	told    facts         // by the socket's address
	ticket  ticket.Ticket // that it was let in by; may be empty

	stream ingest.Stream // nil before the first message
	line   *pcm.Line     // nil for an encoding that we cannot read
	first  insights.Speaker
	strike int // unusable messages in a row
	tally  tally
}

var _ wire.Reader = (*feed)(nil)

// tally is what one connection's closing log line says.
type tally struct{ frames, early, garbage int }

// Begun says that the stream has begun.
func (f *feed) Begun() bool { return f.stream != nil }

// Message takes one websocket message. It returns nil to go on.
func (f *feed) Message(ctx context.Context, kind int, data []byte, now time.Time) *wire.Ending {
	switch {
	case kind != websocket.BinaryMessage && f.stream == nil:
		return f.begin(ctx, data, now)
	case kind != websocket.BinaryMessage:
		return f.text(data, now)
	case f.stream == nil && f.dialect.bare:
		if end := f.begin(ctx, nil, now); end != nil {
			return end
		}
	case f.stream == nil:
		f.counts.Early.Inc()
		f.tally.early++
		return nil
	}
	return f.audio(data, now)
}

// begin opens the stream; first is nil when the samples come without a word.
func (f *feed) begin(ctx context.Context, first []byte, now time.Time) *wire.Ending {
	f.counts.Control.Inc()
	start, format, err := f.understand(first)
	if err != nil {
		return &wire.Ending{Why: ingest.Broken, Code: websocket.ClosePolicyViolation, Text: err.Error()}
	}
	start.At = now
	ctx, cancel := context.WithTimeout(ctx, f.limits.StartWithin)
	defer cancel()
	stream, err := f.open(ctx, start)
	if err != nil {
		return f.refused(err)
	}
	f.stream, f.first = stream, format.Channels[0]
	f.log = f.log.With("call", start.Call, "stream", start.Stream)
	if f.line, err = pcm.New(format, now, stream.Audio); err != nil {
		f.log.Warn("stream has audio that is not understood; it will stay silent", "error", err)
	}
	if f.tally.early > 0 {
		f.stream.Fault(ingest.Garbage, f.tally.early)
	}
	f.log.Info("stream opened", "channels", len(format.Channels), "rate", format.Rate)
	return nil
}

// understand puts together what the first message, the address and the ticket
// tell; the later ones count more, but none may name another call than the
// ticket.
func (f *feed) understand(first []byte) (ingest.Start, pcm.Format, error) {
	all := facts{}
	if first != nil {
		told, err := f.dialect.first(first)
		if err != nil {
			return ingest.Start{}, pcm.Format{}, brief(err)
		}
		all = told
	}
	own := all["call"]
	all.over(f.told)
	if t := f.ticket; t.Call != "" {
		if (own != "" && own != t.Call) || (f.told["call"] != "" && f.told["call"] != t.Call) {
			return ingest.Start{}, pcm.Format{}, errOther
		}
		all.over(facts{"call": t.Call})
		if t.Party != "" {
			all.over(facts{"party": t.Party})
		}
	}
	start, err := all.start(f.dialect.platform, newStream())
	if err != nil {
		return start, pcm.Format{}, err
	}
	format, err := all.format(f.dialect.audio(all))
	start.Parties = format.Channels
	return start, format, err
}

// brief cuts an error of a parser to what a close message holds, so that
// nothing of what was sent comes back.
func brief(err error) error {
	if errors.Is(err, errConnected) || errors.Is(err, errMediaStart) {
		return err
	}
	return errors.New("the first message does not parse")
}

// newStream makes the id of a stream.
func newStream() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// refused says in the platform's words why no call was opened.
func (f *feed) refused(err error) *wire.Ending {
	f.log.Warn("stream refused", "error", err)
	switch {
	case errors.Is(err, ingest.ErrBusy):
		return &wire.Ending{Why: ingest.Broken, Code: websocket.CloseTryAgainLater, Text: "no more calls can be taken now"}
	case errors.Is(err, ingest.ErrStopping):
		return &wire.Ending{Why: ingest.Shutdown, Code: websocket.CloseServiceRestart, Text: "the server is shutting down"}
	}
	return &wire.Ending{Why: ingest.Broken, Code: websocket.CloseInternalServerErr, Text: "the call could not be opened"}
}

// audio places the samples of one message.
func (f *feed) audio(data []byte, now time.Time) *wire.Ending {
	if f.line == nil {
		// Closing would not make it readable, and the keys and the end are.
		f.counts.Garbage.Inc()
		f.tally.garbage++
		f.stream.Fault(ingest.Garbage, 1)
		return nil
	}
	f.strike = 0
	f.counts.Frames.Inc()
	f.tally.frames++
	f.line.Push(data, now)
	return nil
}

// text takes a message after the first.
func (f *feed) text(data []byte, now time.Time) *wire.Ending {
	m := f.dialect.text(data)
	switch m.kind {
	case garbage:
		return f.garbage()
	case unknown:
		f.counts.Unknown.Inc()
	case control:
		f.counts.Control.Inc()
	case key:
		f.counts.Control.Inc()
		if f.line != nil {
			f.stream.Digit(f.first, m.digit, f.line.Position(now))
		}
	case over:
		f.counts.Control.Inc()
		return &wire.Ending{Why: ingest.Stopped, Code: websocket.CloseNormalClosure, Text: "thank you"}
	}
	f.strike = 0
	return nil
}

// garbage counts a message that is of no use. A sender that sends nothing else
// is sent away.
func (f *feed) garbage() *wire.Ending {
	f.counts.Garbage.Inc()
	f.tally.garbage++
	f.stream.Fault(ingest.Garbage, 1)
	if f.strike++; f.strike < f.limits.Garbage {
		return nil
	}
	return &wire.Ending{Why: ingest.Broken, Code: websocket.ClosePolicyViolation, Text: "messages do not parse"}
}

// Finish lets go of what is held and ends the stream, once.
func (f *feed) Finish(why ingest.Reason) {
	if f.stream == nil {
		return
	}
	if f.line != nil {
		f.line.Flush()
	}
	f.stream.Stop(why)
	f.counts.Ended(why)
	f.log.Info("stream ended", "reason", why, "frames", f.tally.frames, "garbage", f.tally.garbage, "early", f.tally.early)
	f.stream = nil
}
