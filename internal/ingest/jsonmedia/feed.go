package jsonmedia

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
	// sentAround is by how much a stamp may be off that tells when a frame was
	// sent.
	sentAround = 60 * time.Millisecond
	// maxLength is how long the platform lets a call be.
	maxLength = 24 * time.Hour
)

// Options is what a feed needs of its door. All fields are required.
type Options struct {
	Dialect Dialect
	Calls   ingest.Calls
	Counts  *wire.Counts
	Limits  wire.Limits // with its defaults
	Logger  *slog.Logger
}

// Feed turns the messages of one connection into one stream of a call. It
// knows no socket and is used by one goroutine.
type Feed struct {
	Options

	parties [Sides]insights.Speaker // empty for a track that was not announced
	windows [Sides]*wire.Window
	format  Format
	decode  func([]int16, []byte) []int16 // nil for an encoding that we cannot read

	stream ingest.Stream // nil before start
	sid    string
	began  time.Time
	clock  int64   // samples: how far the stream has come, over all tracks
	raw    []byte  // scratch for base64
	slab   []int16 // where the next frames go
	epoch  int64   // of stamps by the wall clock: that of the stream's zero, in ms
	strike int     // unusable messages in a row
	tally  tally
}

// New makes the feed of one connection.
func New(o Options) *Feed { return &Feed{Options: o} }

// tally is what one connection's closing log line says.
type tally struct{ frames, early, garbage, duplicates, late, lost int }

// Begun says that the stream has begun.
func (f *Feed) Begun() bool { return f.stream != nil }

// Message takes one websocket message. It returns nil to go on.
func (f *Feed) Message(ctx context.Context, kind int, data []byte, now time.Time) *wire.Ending {
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
func (f *Feed) event(ctx context.Context, e Envelope, now time.Time) *wire.Ending {
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
		f.Counts.Control.Inc()
		return &wire.Ending{Why: ingest.Stopped, Code: websocket.CloseNormalClosure, Text: "thank you"}
	case "connected", "mark":
		f.Counts.Control.Inc()
	default:
		f.Counts.Unknown.Inc()
	}
	f.strike = 0
	return nil
}

// start opens the stream. A second one changes nothing.
func (f *Feed) start(ctx context.Context, e Envelope, now time.Time) *wire.Ending {
	if f.stream != nil {
		return f.garbage("start came twice", websocket.ClosePolicyViolation)
	}
	f.Counts.Control.Inc()
	s, err := f.Dialect.Open(ctx, &e)
	if err != nil {
		return &wire.Ending{Why: ingest.Broken, Code: websocket.ClosePolicyViolation, Text: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, f.Limits.StartWithin)
	defer cancel()
	s.Start.At = now
	stream, err := f.Calls.Open(ctx, s.Start)
	if err != nil {
		return f.refused(err)
	}
	f.stream, f.sid, f.began, f.parties = stream, s.Start.Stream, now, s.parties
	f.format, f.decode = s.Format.withDefaults(), s.Format.decoder()
	f.Logger = f.Logger.With("call", s.Start.Call, "stream", s.Start.Stream)
	for i, who := range f.parties {
		f.windows[i] = wire.NewWindow(f.format.Rate, f.Limits.Window, f.deliverTo(who), f.fault)
		if f.Dialect.Epoch {
			f.windows[i].Tolerate(sentAround)
		}
	}
	if n := f.tally.garbage + f.tally.early; n > 0 {
		f.stream.Fault(ingest.Garbage, n)
	}
	if f.decode == nil {
		f.Logger.Warn("stream has an encoding that is not understood; it will stay silent", "encoding", s.Format.Encoding, "rate", s.Format.Rate)
	}
	f.strike = 0
	f.Logger.Info("stream opened", "tracks", len(s.Start.Parties))
	return nil
}

// refused says in the platform's words why no call was opened.
func (f *Feed) refused(err error) *wire.Ending {
	f.Logger.Warn("stream refused", "error", err)
	switch {
	case errors.Is(err, ingest.ErrBusy):
		return &wire.Ending{Why: ingest.Broken, Code: websocket.CloseTryAgainLater, Text: "no more calls can be taken now"}
	case errors.Is(err, ingest.ErrStopping):
		return &wire.Ending{Why: ingest.Shutdown, Code: websocket.CloseServiceRestart, Text: "the server is shutting down"}
	}
	return &wire.Ending{Why: ingest.Broken, Code: websocket.CloseInternalServerErr, Text: "the call could not be opened"}
}

// deliverTo gives the function through which a track's frames leave.
func (f *Feed) deliverTo(who insights.Speaker) func(wire.Piece) {
	return func(p wire.Piece) {
		f.stream.Audio(who, transcribe.Frame{PCM: p.PCM, Rate: f.format.Rate, At: f.format.lasts(p.At), Wall: p.Wall})
	}
}

// media places one frame.
func (f *Feed) media(m *media, now time.Time) *wire.Ending {
	if f.stream == nil {
		f.Counts.Early.Inc()
		f.tally.early++
		return nil
	}
	if f.decode == nil {
		// Closing would not make it readable, and the keys and the stop are.
		f.Counts.Garbage.Inc()
		f.tally.garbage++
		f.stream.Fault(ingest.Garbage, 1)
		return nil
	}
	pcm, ok := f.samples(m, now)
	if !ok {
		return f.garbage("media messages make no sense", websocket.ClosePolicyViolation)
	}
	f.strike = 0
	f.Counts.Frames.Inc()
	f.tally.frames++
	if len(pcm) == 0 {
		return nil
	}
	p := wire.Piece{At: f.format.samples(m.at), Chunk: m.chunk, PCM: pcm, Wall: now}
	w := f.windows[m.side]
	if p.At <= f.clock+wire.Believed(f.format.Rate) || w.Bears(p) {
		f.clock = max(f.clock, p.End())
	}
	w.Push(p, f.clock)
	if other := f.windows[1-m.side]; other != nil && other.Holds() {
		other.Advance(f.clock)
	}
	return nil
}

// samples checks a frame and decodes it.
func (f *Feed) samples(m *media, now time.Time) ([]int16, bool) {
	if f.Dialect.Epoch {
		f.rebase(m, now)
	}
	known := m.side < Sides && f.parties[m.side] != "" && (len(m.sid) == 0 || string(m.sid) == f.sid)
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
	return f.decode(f.room(n), f.raw[:n]), true
}

// slabSamples is how many samples share an allocation: ten usual frames, which
// are kept and let go at about the same time.
const slabSamples = 1600

// room gives an empty slice for n samples that nobody else has.
func (f *Feed) room(n int) []int16 {
	if n > slabSamples {
		return make([]int16, 0, n)
	}
	if len(f.slab) < n {
		f.slab = make([]int16, slabSamples)
	}
	room := f.slab[:0:n]
	f.slab = f.slab[n:]
	return room
}

// rebase makes a stamp of the wall clock one from the stream's start: the first
// frame lies where it arrived, and both tracks share that clock.
func (f *Feed) rebase(m *media, now time.Time) {
	if m.at < 0 {
		return
	}
	if f.epoch == 0 {
		f.epoch = m.at - now.Sub(f.began).Milliseconds()
	}
	m.at = max(m.at-f.epoch, -1)
}

// credible says whether a stamp can be a place in this stream.
func (f *Feed) credible(at int64, now time.Time) bool {
	if at < 0 || at > maxLength.Milliseconds() {
		return false
	}
	reached := max(now.Sub(f.began), f.format.lasts(f.clock))
	return time.Duration(at)*time.Millisecond <= reached+maxAhead
}

// digit passes on a key. The platform does not stamp it: it belongs where its
// track has come to.
func (f *Feed) digit(e Envelope) *wire.Ending {
	var b dtmfBody
	err := Body(e.DTMF, &b)
	s := SideOf(b.Track)
	if f.stream == nil {
		f.tally.early++
		f.Counts.Early.Inc()
		return nil
	}
	if b.Track == "" {
		s = Inbound // where a platform names none, it is the leg's own
	}
	if err != nil || s == Sides || f.parties[s] == "" || len(b.Digit) != 1 || !isKey(b.Digit[0]) {
		return f.garbage("dtmf messages make no sense", websocket.ClosePolicyViolation)
	}
	f.Counts.Control.Inc()
	f.strike = 0
	f.stream.Digit(f.parties[s], string(b.Digit), f.format.lasts(f.windows[s].Next()))
	return nil
}

func isKey(c byte) bool {
	return (c >= '0' && c <= '9') || c == '*' || c == '#' || (c >= 'A' && c <= 'D')
}

// garbage counts a message that is of no use. A sender that sends nothing
// else is sent away.
func (f *Feed) garbage(text string, code int) *wire.Ending {
	if code == websocket.CloseUnsupportedData {
		f.Counts.Binary.Inc()
	} else {
		f.Counts.Garbage.Inc()
	}
	f.tally.garbage++
	if f.stream != nil {
		f.stream.Fault(ingest.Garbage, 1)
	}
	if f.strike++; f.strike < f.Limits.Garbage {
		return nil
	}
	return &wire.Ending{Why: ingest.Broken, Code: code, Text: text}
}

func (f *Feed) fault(k ingest.Fault, n int) {
	switch k {
	case ingest.Duplicate:
		f.tally.duplicates += n
		f.Counts.Duplicates.Add(float64(n))
	case ingest.Late:
		f.tally.late += n
		f.Counts.Late.Add(float64(n))
	case ingest.Lost:
		f.tally.lost += n
		f.Counts.Lost.Add(float64(n))
	case ingest.Garbage: // counted where it is found
	}
	f.stream.Fault(k, n)
}

// Finish lets go of what is held and ends the stream, once.
func (f *Feed) Finish(why ingest.Reason) {
	if f.stream == nil {
		return
	}
	for _, w := range f.windows {
		w.Flush(f.clock)
	}
	f.stream.Stop(why)
	f.Counts.Ended(why)
	f.Logger.Info("stream ended", "reason", why, "frames", f.tally.frames, "duplicates", f.tally.duplicates,
		"late", f.tally.late, "lost", f.tally.lost, "garbage", f.tally.garbage, "early", f.tally.early)
	f.stream = nil
}
