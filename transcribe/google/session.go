package google

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"google.golang.org/grpc/metadata"

	"heed/transcribe/remote"
)

// maxChunk is the audio in one message, in bytes. The service refuses more
// than 25,600; its document once said 15 KB.
const maxChunk = 15000

// errEnded is a stream that the service closed without being asked to.
var errEnded = errors.New("service ended the stream early")

// session is one stream.
type session struct {
	stream   speechpb.Speech_StreamingRecognizeClient
	cancel   context.CancelFunc
	finished atomic.Bool
}

var _ remote.Session = (*session)(nil)

// dial opens a stream and sends its configuration.
func (e *Engine) dial(ctx context.Context, f remote.Format) (remote.Session, error) {
	c, err := e.shared.get(ctx)
	if err != nil {
		return nil, remote.Refused(name, err)
	}
	// The stream outlives the dialling, but not a dialling that was given up.
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	opened := context.AfterFunc(ctx, cancel)
	if e.o.Key != "" {
		life = metadata.AppendToOutgoingContext(life, "x-goog-api-key", e.o.Key)
	}
	stream, err := c.StreamingRecognize(life)
	if err == nil {
		err = stream.Send(e.opening(f.Rate))
	}
	if errors.Is(err, io.EOF) {
		err = nil // the stream is over already; Receive says why
	}
	if err == nil && !opened() {
		err = context.Cause(ctx)
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open stream: %w", verdict(err))
	}
	return &session{stream: stream, cancel: cancel}, nil
}

// Send sends audio as 16-bit little-endian samples.
func (s *session) Send(ctx context.Context, pcm []int16) error {
	defer context.AfterFunc(ctx, s.cancel)()
	for len(pcm) > 0 {
		n := min(len(pcm), maxChunk/2)
		chunk := make([]byte, 0, 2*n)
		for _, v := range pcm[:n] {
			chunk = binary.LittleEndian.AppendUint16(chunk, uint16(v))
		}
		pcm = pcm[n:]
		err := s.stream.Send(&speechpb.StreamingRecognizeRequest{
			StreamingRequest: &speechpb.StreamingRecognizeRequest_Audio{Audio: chunk},
		})
		if errors.Is(err, io.EOF) {
			return nil // the stream is over; why is for Receive to say
		}
		if err != nil {
			return fmt.Errorf("audio: %w", verdict(err))
		}
	}
	return nil
}

// KeepAlive does nothing: the service counts audio only, and the runner sends
// noise on hold.
func (s *session) KeepAlive(context.Context) error { return nil }

// Finish closes our half of the stream.
func (s *session) Finish(context.Context) error {
	s.finished.Store(true)
	if err := s.stream.CloseSend(); err != nil {
		return fmt.Errorf("end of audio: %w", err)
	}
	return nil
}

// Receive waits for the next answer.
func (s *session) Receive(ctx context.Context) ([]remote.Result, error) {
	defer context.AfterFunc(ctx, s.cancel)()
	answer, err := s.stream.Recv()
	if errors.Is(err, io.EOF) && !s.finished.Load() {
		return nil, errEnded
	}
	if err != nil {
		return nil, verdict(err)
	}
	return results(answer), nil
}

// Close ends the stream at once.
func (s *session) Close() error {
	s.cancel()
	return nil
}
