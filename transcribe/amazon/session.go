package amazon

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"heed/transcribe/remote"
)

// maxAudio is the audio in one message, in bytes. The service refuses more
// than 32 KB.
const maxAudio = 16000

// session is one WebSocket.
type session struct {
	socket   *remote.Socket
	finished atomic.Bool
}

var _ remote.Session = (*session)(nil)

// dial signs an address and opens it.
func (e *Engine) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	region, found, err := e.account.get(ctx)
	if err != nil {
		return nil, remote.Refused(name, err)
	}
	address, err := e.o.sign(ctx, region, found, f.Rate)
	if err != nil {
		return nil, remote.Refused(name, err)
	}
	socket, err := remote.DialSocket(ctx, remote.SocketOptions{Name: name, URL: address})
	if err != nil {
		return nil, err
	}
	return &session{socket: socket}, nil
}

// Send sends audio as 16-bit little-endian samples.
func (s *session) Send(ctx context.Context, pcm []int16) error {
	for len(pcm) > 0 {
		n := min(len(pcm), maxAudio/2)
		chunk := make([]byte, 0, 2*n)
		for _, v := range pcm[:n] {
			chunk = binary.LittleEndian.AppendUint16(chunk, uint16(v))
		}
		pcm = pcm[n:]
		if err := s.write(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// write sends one message. A connection that is gone is no error here: the
// reason is in the exception that Receive reads.
func (s *session) write(ctx context.Context, chunk []byte) error {
	message, err := audioEvent(chunk)
	if err != nil {
		return remote.Refused(name, err)
	}
	err = s.socket.Binary(ctx, message)
	slow, ok := errors.AsType[net.Error](err)
	if err != nil && (ctx.Err() != nil || ok && slow.Timeout()) {
		return fmt.Errorf("audio: %w", err)
	}
	return nil
}

// KeepAlive does nothing: the service counts audio only, and the runner sends
// noise on hold.
func (s *session) KeepAlive(context.Context) error { return nil }

// Finish sends the empty message that ends the audio.
func (s *session) Finish(ctx context.Context) error {
	s.finished.Store(true)
	return s.write(ctx, nil)
}

// Receive waits for the next message.
func (s *session) Receive(context.Context) ([]remote.Result, error) {
	b, err := s.socket.Message()
	switch {
	case errors.Is(err, io.EOF) && !s.finished.Load():
		return nil, errEnded
	case err != nil:
		return nil, err
	}
	return parse(b)
}

// Close ends the connection at once.
func (s *session) Close() error { return s.socket.Close() }
