package openai

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"heed/transcribe/audio"
	"heed/transcribe/remote"
)

const (
	// least is the shortest audio that may be committed; the service refuses
	// under 100 ms.
	least = 120 * time.Millisecond
	// undetected is how long after the last word a server that cuts by itself
	// may not have noticed its end.
	undetected = 2 * time.Second
	// maxItems and maxText bound what the server can make us keep.
	maxItems = 256
	maxText  = 64 << 10
)

// span is a stretch of speech by the session's clock.
type span struct{ from, to time.Duration }

// item is one stretch as the server tells it.
type item struct {
	span  span
	known bool // span is its own
	text  strings.Builder
}

// realtimeSession is a connection in OpenAI's dialect. Every commit is
// answered by an item, in order; the item's text comes when it comes.
type realtimeSession struct {
	socket *remote.Socket
	rate   int
	vad    bool // the server cuts
	ears   *endpointer
	bytes  []byte // Send's
	part   int    // samples sent and not committed

	mu       sync.Mutex
	head     time.Duration    // audio given to Send
	begun    time.Duration    // where the stretch that is being spoken began; negative = nobody speaks
	cutAt    time.Duration    // end of the latest stretch that the server cut
	spans    []span           // committed, and not yet given an item
	items    map[string]*item // whose text is not there yet
	over     map[string]bool
	clearing bool // the buffer was cleared, which is not confirmed yet
	finished bool
}

// newRealtimeSession wraps a connection whose settings are in force.
func newRealtimeSession(socket *remote.Socket, rate int, vad bool) *realtimeSession {
	return &realtimeSession{
		socket: socket, rate: rate, vad: vad, ears: newEndpointer(rate), begun: -1,
		items: map[string]*item{}, over: map[string]bool{},
	}
}

// Send appends the speech in pcm to the server's buffer and commits each
// stretch that ends in it.
func (s *realtimeSession) Send(ctx context.Context, pcm []int16) error {
	s.mu.Lock()
	s.head += s.ears.time(int64(len(pcm)))
	s.mu.Unlock()
	cuts := s.ears.feed(pcm)
	if s.vad {
		return s.append(ctx, pcm)
	}
	return s.pass(ctx, cuts)
}

// pass sends what the endpointer gives.
func (s *realtimeSession) pass(ctx context.Context, cuts []cut) error {
	for _, c := range cuts {
		if c.first {
			s.mu.Lock()
			s.begun = s.ears.time(c.begin)
			s.mu.Unlock()
		}
		if err := s.append(ctx, c.pcm); err != nil {
			return err
		}
		if !c.last {
			continue
		}
		if err := s.commit(ctx, span{s.ears.time(c.begin), s.ears.time(c.end)}); err != nil {
			return err
		}
	}
	return nil
}

// append sends audio.
func (s *realtimeSession) append(ctx context.Context, pcm []int16) error {
	if len(pcm) == 0 {
		return nil
	}
	s.part += len(pcm)
	if s.rate == mulawRate {
		s.bytes = audio.EncodeMulaw(s.bytes[:0], pcm)
	} else {
		s.bytes = littleEndian(s.bytes[:0], pcm)
	}
	return appendAudio(ctx, s.socket, s.bytes)
}

// commit ends a stretch. Its item is expected before it is sent, as the
// answer may be there at once.
func (s *realtimeSession) commit(ctx context.Context, at span) error {
	if short := s.ears.samples(least) - s.part; short > 0 {
		if err := s.append(ctx, make([]int16, short)); err != nil {
			return err
		}
	}
	s.part = 0
	s.mu.Lock()
	s.begun = -1
	s.spans = append(s.spans, at)
	s.mu.Unlock()
	return s.socket.Text(ctx, map[string]string{"type": "input_audio_buffer.commit"})
}

// KeepAlive does nothing: the service has no idle limit, and answers pings.
func (s *realtimeSession) KeepAlive(context.Context) error { return nil }

// Finish commits what is open. When nothing is to come, the connection is
// closed, as the service itself never ends one.
func (s *realtimeSession) Finish(ctx context.Context) error {
	err := s.last(ctx)
	s.mu.Lock()
	s.finished = true
	idle := s.done()
	s.mu.Unlock()
	if err == nil && idle {
		err = s.socket.Close()
	}
	return err
}

// last commits the rest. What a server that cuts by itself holds is committed
// only when somebody spoke lately: of silence it would make words. Otherwise
// it is cleared; either is answered behind everything that was heard before.
func (s *realtimeSession) last(ctx context.Context) error {
	if !s.vad {
		return s.pass(ctx, s.ears.flush())
	}
	s.mu.Lock()
	rest := span{s.cutAt, s.head}
	lately := s.ears.open || s.ears.end > 0 && s.head-s.ears.time(s.ears.end) < undetected
	s.clearing = !lately
	s.mu.Unlock()
	if lately {
		return s.commit(ctx, rest)
	}
	return s.socket.Text(ctx, map[string]string{"type": "input_audio_buffer.clear"})
}

// Close ends the connection.
func (s *realtimeSession) Close() error { return s.socket.Close() }

// Receive gives what the next event changes.
func (s *realtimeSession) Receive(context.Context) ([]remote.Result, error) {
	b, err := s.socket.Message()
	if err != nil {
		return s.ended(err)
	}
	e, err := parseEvent(b)
	if err != nil {
		return nil, remote.Refused(realtimeName, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results, err := s.take(e)
	if err == nil && s.finished && s.done() {
		return append(results, remote.Heard(s.head)), io.EOF
	}
	return results, err
}

// ended judges the end of the connection.
func (s *realtimeSession) ended(err error) ([]remote.Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return confirmed(endOf(err, s.finished && s.done()), s.head)
}

// confirmed adds to the end after everything was said that all was heard.
func confirmed(err error, head time.Duration) ([]remote.Result, error) {
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return []remote.Result{remote.Heard(head)}, err
}

// endOf gives io.EOF for a close after everything was said.
func endOf(err error, done bool) error {
	closed, complained := errors.AsType[*remote.CloseError](err)
	switch {
	case done && (errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)):
		return io.EOF
	case errors.Is(err, io.EOF):
		return fmt.Errorf("closed in the middle: %w", net.ErrClosed)
	case complained && (closed.Code == 3000 || closed.Code == 1008):
		// The code for a bad key, model or request; the reason may repeat the key.
		return remote.Refused(realtimeName, fmt.Errorf("closed with %d: %w", closed.Code, errService))
	}
	return err
}

// littleEndian appends samples as bytes.
func littleEndian(dst []byte, pcm []int16) []byte {
	for _, v := range pcm {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(v))
	}
	return dst
}

// appendAudio sends encoded audio; both dialects do it alike.
func appendAudio(ctx context.Context, socket *remote.Socket, b []byte) error {
	return socket.Text(ctx, struct {
		Type  string `json:"type"`
		Audio string `json:"audio"`
	}{"input_audio_buffer.append", base64.StdEncoding.EncodeToString(b)})
}
