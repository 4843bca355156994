package sherpaws

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"sync/atomic"
	"time"

	"heed/transcribe/remote"
)

const (
	// goodbye ends the audio, and farewell is the C++ server's last message.
	// The Python server closes instead.
	goodbye  = "Done"
	farewell = "Done!"
)

// session is one connection.
type session struct {
	socket   *remote.Socket
	rate     int
	opened   time.Time
	pace     float64      // times the speed of speech; 0 = no bound
	buffer   []byte       // Send's
	sent     atomic.Int64 // samples
	finished atomic.Bool  // goodbye was sent
	ledger   ledger       // Receive's
}

// Send sends one piece as 32-bit little-endian floats.
func (s *session) Send(ctx context.Context, pcm []int16) error {
	s.buffer = s.buffer[:0]
	for _, v := range pcm {
		s.buffer = binary.LittleEndian.AppendUint32(s.buffer, math.Float32bits(float32(v)/32768))
	}
	if err := s.wait(ctx); err != nil {
		return err
	}
	s.sent.Add(int64(len(pcm)))
	return s.socket.Binary(ctx, s.buffer)
}

// wait holds audio back that would run ahead of the pace.
func (s *session) wait(ctx context.Context) error {
	if s.pace == 0 {
		return nil
	}
	due := s.opened.Add(time.Duration(float64(s.head()) / s.pace))
	t := time.NewTimer(time.Until(due))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// KeepAlive does nothing: the server waits for ever.
func (s *session) KeepAlive(context.Context) error { return nil }

// Finish sends the goodbye.
func (s *session) Finish(ctx context.Context) error {
	s.finished.Store(true)
	return s.socket.RawText(ctx, []byte(goodbye))
}

// Close ends the connection.
func (s *session) Close() error { return s.socket.Close() }

// Receive gives what the next message changes.
func (s *session) Receive(context.Context) ([]remote.Result, error) {
	b, err := s.socket.Message()
	switch {
	case err == nil:
	case !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed):
		return nil, err
	case s.finished.Load():
		return s.ledger.close(), io.EOF
	default:
		return nil, fmt.Errorf("closed in the middle: %w", net.ErrClosed)
	}
	if string(b) == farewell {
		if !s.finished.Load() {
			return nil, remote.Refused(name, fmt.Errorf("farewell before the end: %w", remote.ErrGarbage))
		}
		return append(s.ledger.close(), remote.Heard(s.head())), io.EOF
	}
	m, err := parse(b)
	if err != nil {
		return nil, remote.Refused(name, err)
	}
	return s.ledger.take(m, s.head()), nil
}

// head is how much audio was sent.
func (s *session) head() time.Duration {
	return time.Duration(s.sent.Load()) * time.Second / time.Duration(s.rate)
}
