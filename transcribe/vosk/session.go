package vosk

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"heed/transcribe/remote"
)

// goodbye ends the audio. The server compares the whole string, spaces
// included; JSON that means the same is taken for audio.
const goodbye = `{"eof" : 1}`

// unanswered bounds the messages that the server may owe us answers for: ten
// minutes of audio.
const unanswered = 5000

// errBehind means that the server takes audio and answers nothing.
var errBehind = errors.New("the server does not answer")

// session is one connection. The server answers every message after the
// configuration with one of its own, in order; that is how we know how far it
// has heard.
type session struct {
	socket *remote.Socket
	rate   int
	buffer []byte // Send's

	mu       sync.Mutex
	sent     int64           // samples
	owed     []time.Duration // for each message not yet answered, the audio up to its end
	finished bool            // goodbye was sent
	heard    time.Duration   // the audio up to the latest answer
	since    time.Duration   // where the open utterance cannot have begun before
}

// newSession wraps a configured connection.
func newSession(socket *remote.Socket, rate int) *session {
	return &session{socket: socket, rate: rate}
}

// config is the first message.
type config struct {
	SampleRate      int  `json:"sample_rate"`
	Words           bool `json:"words"`
	MaxAlternatives int  `json:"max_alternatives"` // 0 keeps confidences; more gives candidates without
}

// configuration gives the first message for audio of a rate.
func configuration(rate int) any {
	return map[string]config{"config": {SampleRate: rate, Words: true}}
}

// Send sends one piece as 16-bit little-endian.
func (s *session) Send(ctx context.Context, pcm []int16) error {
	s.buffer = s.buffer[:0]
	for _, v := range pcm {
		s.buffer = binary.LittleEndian.AppendUint16(s.buffer, uint16(v))
	}
	if err := s.owe(len(pcm)); err != nil {
		return err
	}
	return s.socket.Binary(ctx, s.buffer)
}

// owe notes a message before it is sent, as its answer may come at once.
func (s *session) owe(samples int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.owed) >= unanswered {
		return errBehind
	}
	s.sent += int64(samples)
	s.owed = append(s.owed, time.Duration(s.sent)*time.Second/time.Duration(s.rate))
	return nil
}

// KeepAlive does nothing: the server waits for ever.
func (s *session) KeepAlive(context.Context) error { return nil }

// Finish sends the goodbye, whose answer is the last.
func (s *session) Finish(ctx context.Context) error {
	if err := s.owe(0); err != nil {
		return err
	}
	s.mu.Lock()
	s.finished = true
	s.mu.Unlock()
	return s.socket.RawText(ctx, []byte(goodbye))
}

// Close ends the connection.
func (s *session) Close() error { return s.socket.Close() }

// Receive gives the next answer.
func (s *session) Receive(context.Context) ([]remote.Result, error) {
	b, err := s.socket.Message()
	if err != nil {
		return nil, s.ended(err)
	}
	a, err := parse(b)
	if err != nil {
		return nil, remote.Refused(name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results := s.place(a)
	if s.finished && len(s.owed) == 0 && a.final {
		return results, io.EOF
	}
	return results, nil
}

// ended judges a close: after the goodbye it is the server's own.
func (s *session) ended(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
		return err
	}
	if s.finished {
		return io.EOF
	}
	return fmt.Errorf("closed in the middle: %w", net.ErrClosed)
}

// place gives an answer its times.
func (s *session) place(a answer) []remote.Result {
	if len(s.owed) > 0 {
		s.heard, s.owed = s.owed[0], s.owed[1:]
	}
	r := remote.Result{Final: a.final, Text: a.text, Words: a.words, Confidence: a.confidence, End: s.heard}
	switch {
	case a.final:
		r.Start = s.since
		s.since = s.heard
		if n := len(a.words); n > 0 {
			s.since = a.words[n-1].End
		}
	case a.text == "":
		// Silence so far, or a stretch whose first word is not known yet.
		s.since = max(s.since, s.heard-lead)
		return nil
	default:
		r.Start = s.since
	}
	return []remote.Result{r}
}

// lead is how long before its first partial an utterance may have begun.
const lead = 500 * time.Millisecond
