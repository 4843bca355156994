package twilio

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/wire"
	"heed/transcribe"
)

const (
	// maxAhead bounds how far a stamp may run ahead of the stream, and so how
	// much silence one message can make others write down.
	maxAhead = 10 * time.Minute
	// maxLength is how long the platform lets a call be.
	maxLength = 24 * time.Hour
)

// feed turns the messages of one connection into one stream of a call. It
// knows no socket and is used by one goroutine.
type feed struct {
	open    func(context.Context, ingest.Start) (ingest.Stream, error)
	counts  *wire.Counts
	limits  wire.Limits
	log     *slog.Logger
	parties [sides]insights.Speaker // empty for a track that was not announced
	windows [sides]*wire.Window
	decode  func([]int16, []byte) []int16 // nil for an encoding that we cannot read

	stream ingest.Stream // nil before start
	sid    string
	began  time.Time
	clock  int64  // samples: how far the stream has come, over all tracks
	raw    []byte // scratch for base64
	strike int    // unusable messages in a row
	tally  tally
}

// tally is what one connection's closing log line says.
type tally struct{ frames, early, garbage, duplicates, late int }

// Begun says that the stream has begun.
func (f *feed) Begun() bool { return f.stream != nil }

// Message takes one websocket message. It returns nil to go on.
func (f *feed) Message(ctx context.Context, kind int, data []byte, now time.Time) *wire.Ending {
	if kind != websocket.TextMessage {
		return f.garbage("only text messages are understood", websocket.CloseUnsupportedData)
	}
	var m media
	if scanMedia(data, &m) {
		return f.media(&m, now)
	}
	e, err := parse(data)
	if err != nil {
		return f.garbage("messages do not parse", websocket.ClosePolicyViolation)
	}
	return f.event(ctx, e, now)
}

// event takes every message but the usual frame.
func (f *feed) event(ctx context.Context, e envelope, now time.Time) *wire.Ending {
	switch e.Event {
	case "media":
		m, err := parseMedia(e)
		if err != nil {
			return f.garbage("media messages do not parse", websocket.ClosePolicyViolation)
		}
		return f.media(&m, now)
	case "start":
		return f.start(ctx, e, now)
	case "dtmf":
		return f.digit(e)
	case "stop":
		f.counts.Control.Inc()
		return &wire.Ending{Why: ingest.Stopped, Code: websocket.CloseNormalClosure, Text: "thank you"}
	case "connected", "mark":
		f.counts.Control.Inc()
	default:
		f.counts.Unknown.Inc()
	}
	f.strike = 0
	return nil
}

// start opens the stream. A second one changes nothing.
func (f *feed) start(ctx context.Context, e envelope, now time.Time) *wire.Ending {
	if f.stream != nil {
		return f.garbage("start came twice", websocket.ClosePolicyViolation)
	}
	f.counts.Control.Inc()
	s, err := readStart(e)
	if err != nil {
		return &wire.Ending{Why: ingest.Broken, Code: websocket.ClosePolicyViolation, Text: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, f.limits.StartWithin)
	defer cancel()
	s.start.At = now
	stream, err := f.open(ctx, s.start)
	if err != nil {
		return f.refused(err)
	}
	f.stream, f.sid, f.began, f.parties, f.decode = stream, s.start.Stream, now, s.parties, s.decode
	f.log = f.log.With("call", s.start.Call, "stream", s.start.Stream)
	for i, who := range f.parties {
		f.windows[i] = wire.NewWindow(f.limits.Window, f.deliverTo(who), f.fault)
	}
	if n := f.tally.garbage + f.tally.early; n > 0 {
		f.stream.Fault(ingest.Garbage, n)
	}
	if f.decode == nil {
		f.log.Warn("stream has an encoding that is not understood; it will stay silent", "encoding", s.encoding)
	}
	f.strike = 0
	f.log.Info("stream opened", "tracks", len(s.start.Parties))
	return nil
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

// deliverTo gives the function through which a track's frames leave.
func (f *feed) deliverTo(who insights.Speaker) func(wire.Piece) {
	return func(p wire.Piece) {
		f.stream.Audio(who, transcribe.Frame{PCM: p.PCM, Rate: wire.Rate, At: time.Duration(p.At) * wire.PerSample, Wall: p.Wall})
	}
}

// media places one frame.
func (f *feed) media(m *media, now time.Time) *wire.Ending {
	if f.stream == nil {
		f.counts.Early.Inc()
		f.tally.early++
		return nil
	}
	if f.decode == nil {
		// Closing would not make it readable, and the keys and the stop are.
		f.counts.Garbage.Inc()
		f.tally.garbage++
		f.stream.Fault(ingest.Garbage, 1)
		return nil
	}
	pcm, ok := f.samples(m, now)
	if !ok {
		return f.garbage("media messages make no sense", websocket.ClosePolicyViolation)
	}
	f.strike = 0
	f.counts.Frames.Inc()
	f.tally.frames++
	if len(pcm) == 0 {
		return nil
	}
	p := wire.Piece{At: m.at * wire.PerMilli, Chunk: m.chunk, PCM: pcm, Wall: now}
	w := f.windows[m.side]
	if p.At <= f.clock+wire.Believed || w.Bears(p) {
		f.clock = max(f.clock, p.End())
	}
	w.Push(p, f.clock)
	if other := f.windows[1-m.side]; other != nil && other.Holds() {
		other.Advance(f.clock)
	}
	return nil
}

// samples checks a frame and decodes it.
func (f *feed) samples(m *media, now time.Time) ([]int16, bool) {
	known := m.side < sides && f.parties[m.side] != "" && (len(m.sid) == 0 || string(m.sid) == f.sid)
	if !known || !f.credible(m.at, now) {
		return nil, false
	}
	if need := base64.StdEncoding.DecodedLen(len(m.payload)); cap(f.raw) < need {
		f.raw = make([]byte, need)
	}
	n, err := base64.StdEncoding.Decode(f.raw[:cap(f.raw)], m.payload)
	if err != nil {
		return nil, false
	}
	return f.decode(make([]int16, 0, n), f.raw[:n]), true
}

// credible says whether a stamp can be a place in this stream.
func (f *feed) credible(at int64, now time.Time) bool {
	if at < 0 || at > maxLength.Milliseconds() {
		return false
	}
	reached := max(now.Sub(f.began), time.Duration(f.clock)*wire.PerSample)
	return time.Duration(at)*time.Millisecond <= reached+maxAhead
}

// digit passes on a key. The platform does not stamp it: it belongs where its
// track has come to.
func (f *feed) digit(e envelope) *wire.Ending {
	var b dtmfBody
	err := body(e.DTMF, &b)
	s := sideOf(b.Track)
	if f.stream == nil {
		f.tally.early++
		f.counts.Early.Inc()
		return nil
	}
	if err != nil || s == sides || f.parties[s] == "" || len(b.Digit) != 1 || !isKey(b.Digit[0]) {
		return f.garbage("dtmf messages make no sense", websocket.ClosePolicyViolation)
	}
	f.counts.Control.Inc()
	f.strike = 0
	f.stream.Digit(f.parties[s], string(b.Digit), time.Duration(f.windows[s].Next())*wire.PerSample)
	return nil
}

func isKey(c byte) bool {
	return (c >= '0' && c <= '9') || c == '*' || c == '#' || (c >= 'A' && c <= 'D')
}

// garbage counts a message that is of no use. A sender that sends nothing
// else is sent away.
func (f *feed) garbage(text string, code int) *wire.Ending {
	if code == websocket.CloseUnsupportedData {
		f.counts.Binary.Inc()
	} else {
		f.counts.Garbage.Inc()
	}
	f.tally.garbage++
	if f.stream != nil {
		f.stream.Fault(ingest.Garbage, 1)
	}
	if f.strike++; f.strike < f.limits.Garbage {
		return nil
	}
	return &wire.Ending{Why: ingest.Broken, Code: code, Text: text}
}

func (f *feed) fault(k ingest.Fault) {
	switch k {
	case ingest.Duplicate:
		f.tally.duplicates++
		f.counts.Duplicates.Inc()
	case ingest.Late:
		f.tally.late++
		f.counts.Late.Inc()
	case ingest.Garbage: // counted where it is found
	}
	f.stream.Fault(k, 1)
}

// Finish lets go of what is held and ends the stream, once.
func (f *feed) Finish(why ingest.Reason) {
	if f.stream == nil {
		return
	}
	for _, w := range f.windows {
		w.Flush(f.clock)
	}
	f.stream.Stop(why)
	f.counts.Ended(why)
	f.log.Info("stream ended", "reason", why, "frames", f.tally.frames, "duplicates", f.tally.duplicates,
		"late", f.tally.late, "garbage", f.tally.garbage, "early", f.tally.early)
	f.stream = nil
}
