package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"heed/transcribe/remote"
)

// vllmSession is a connection in vLLM's dialect. There a commit begins the
// hearing of a stretch, its audio follows, and a final commit ends it. Audio
// that comes between that and the stretch's text is thrown away by the
// server, and so is a commit: the next stretch has to wait.
type vllmSession struct {
	socket *remote.Socket
	ears   *endpointer
	bytes  []byte        // Send's
	idle   chan struct{} // holds a token while the server hears nothing

	mu       sync.Mutex
	head     time.Duration
	at       span // of the stretch that is being heard
	busy     bool // it has no text yet
	number   int  // of it
	text     strings.Builder
	finished bool
}

// newVLLMSession wraps a connection that knows its model.
func newVLLMSession(socket *remote.Socket, rate int) *vllmSession {
	s := &vllmSession{socket: socket, ears: newEndpointer(rate), idle: make(chan struct{}, 1)}
	s.idle <- struct{}{}
	return s
}

// commit is the message that begins a stretch, or ends it.
type commit struct {
	Type  string `json:"type"`
	Final bool   `json:"final,omitempty"`
}

// Send sends the speech in pcm.
func (s *vllmSession) Send(ctx context.Context, pcm []int16) error {
	s.mu.Lock()
	s.head += s.ears.time(int64(len(pcm)))
	s.mu.Unlock()
	return s.pass(ctx, s.ears.feed(pcm))
}

// pass sends what the endpointer gives.
func (s *vllmSession) pass(ctx context.Context, cuts []cut) error {
	for _, c := range cuts {
		if c.first {
			if err := s.begin(ctx, s.ears.time(c.begin)); err != nil {
				return err
			}
		}
		if s.bytes = littleEndian(s.bytes[:0], c.pcm); len(s.bytes) > 0 {
			if err := appendAudio(ctx, s.socket, s.bytes); err != nil {
				return err
			}
		}
		if !c.last {
			continue
		}
		s.mu.Lock()
		s.at.to = s.ears.time(c.end)
		s.mu.Unlock()
		if err := s.socket.Text(ctx, commit{Type: commitType, Final: true}); err != nil {
			return err
		}
	}
	return nil
}

// commitType is the type of both commits.
const commitType = "input_audio_buffer.commit"

// begin waits for the text of the stretch before and begins one.
func (s *vllmSession) begin(ctx context.Context, at time.Duration) error {
	select {
	case <-s.idle:
	case <-ctx.Done():
		return fmt.Errorf("wait for the text of the last stretch: %w", ctx.Err())
	}
	s.mu.Lock()
	s.at, s.busy = span{from: at}, true
	s.mu.Unlock()
	return s.socket.Text(ctx, commit{Type: commitType})
}

// KeepAlive does nothing: the server waits for ever.
func (s *vllmSession) KeepAlive(context.Context) error { return nil }

// Finish ends the open stretch. When no text is to come, the connection is
// closed, as the server itself never ends one.
func (s *vllmSession) Finish(ctx context.Context) error {
	err := s.pass(ctx, s.ears.flush())
	s.mu.Lock()
	s.finished = true
	busy := s.busy
	s.mu.Unlock()
	if err == nil && !busy {
		err = s.socket.Close()
	}
	return err
}

// Close ends the connection.
func (s *vllmSession) Close() error { return s.socket.Close() }

// Receive gives what the next event changes.
func (s *vllmSession) Receive(context.Context) ([]remote.Result, error) {
	b, err := s.socket.Message()
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		return confirmed(endOf(err, s.finished && !s.busy), s.head)
	}
	e, err := parseEvent(b)
	if err != nil {
		return nil, remote.Refused(realtimeName, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.Type {
	case "transcription.delta":
		return s.grown(e.Delta)
	case "transcription.done":
		return s.ended(e.Text)
	case "error":
		return nil, e.fault().verdict()
	}
	return nil, nil
}

// grown adds a delta.
func (s *vllmSession) grown(delta string) ([]remote.Result, error) {
	if !s.busy {
		return nil, nil // of a stretch that is over
	}
	if s.text.Len()+len(delta) > maxText {
		return nil, remote.Refused(realtimeName, fmt.Errorf("deltas of one stretch: %w", remote.ErrFlood))
	}
	s.text.WriteString(delta)
	to := s.head
	if s.at.to > 0 {
		to = s.at.to
	}
	return []remote.Result{partial(strconv.Itoa(s.number), s.text.String(), s.at.from, to)}, nil
}

// errEarly is a text for a stretch that we have not ended.
var errEarly = errors.New("the server ended a stretch of speech by itself")

// ended closes the stretch. A second text for it is passed over.
func (s *vllmSession) ended(text string) ([]remote.Result, error) {
	if !s.busy {
		return nil, nil
	}
	if s.at.to == 0 {
		// It ran out of room, or says a text twice. Either way it hears no more
		// of this stretch, so that is sent again.
		return nil, errEarly
	}
	r := remote.Result{Key: strconv.Itoa(s.number), Final: true, Text: text, Start: s.at.from, End: s.at.to}
	s.busy = false
	s.number++
	s.text.Reset()
	s.idle <- struct{}{}
	if s.finished {
		return []remote.Result{r, remote.Heard(s.head)}, io.EOF
	}
	return []remote.Result{r}, nil
}
