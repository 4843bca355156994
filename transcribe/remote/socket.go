package remote

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// maxMessage bounds one message of a service. The longest honest ones hold
// the words of some minutes, about 100 KB.
const maxMessage = 1 << 20

// SocketOptions say how to open a WebSocket.
type SocketOptions struct {
	Name   string // the engine's, for verdicts
	URL    string // ws or wss, with its query
	Header http.Header
	// Limit is the longest message that is read, in bytes. Default 1 MiB.
	Limit int64
}

// Socket is a WebSocket with deadlines, a read limit and verdicts. One
// goroutine may write while another reads; Close may come from any. It pings
// the service from the dial to Close, in a goroutine of its own, so that a
// connection that died without a word ends within 15 s.
type Socket struct {
	name    string
	limit   int64
	conn    *websocket.Conn
	once    sync.Once
	writing chan struct{} // holds one while somebody writes; gorilla allows one at a time
	pulse   pulse
}

// CheckURL tells whether text is an absolute WebSocket address. A key must
// not be in it, and an error does not repeat it.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return errors.New("address is not a URL")
	}
	if u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" {
		return errors.New("address must begin with ws:// or wss:// and name a host")
	}
	if u.User != nil {
		return errors.New("address must not hold a password")
	}
	return nil
}

// DialSocket opens a WebSocket. A refusal carries the verdict of [Status];
// other errors may be tried again. The error never holds the address or the
// header, in which keys are.
func DialSocket(ctx context.Context, o SocketOptions) (*Socket, error) {
	return openSocket(ctx, websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialWithin}, o)
}

// openSocket is DialSocket with any dialer.
func openSocket(ctx context.Context, dialer websocket.Dialer, o SocketOptions) (*Socket, error) {
	conn, answer, err := dialer.DialContext(ctx, o.URL, o.Header)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if answer != nil && answer.StatusCode != http.StatusSwitchingProtocols {
			_ = answer.Body.Close()
			return nil, Status(o.Name, answer.StatusCode, answer.Header, errors.New("connection refused"))
		}
		return nil, fmt.Errorf("open socket: %w", unwrapURL(err))
	}
	limit := or(o.Limit, int64(maxMessage))
	conn.SetReadLimit(limit)
	s := &Socket{name: o.Name, limit: limit, conn: conn, writing: make(chan struct{}, 1)}
	s.begin()
	return s, nil
}

// Address adds parameters to an address that [CheckURL] has taken, which may
// have some of its own.
func Address(base string, add url.Values) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	q := u.Query()
	maps.Copy(q, add)
	u.RawQuery = q.Encode()
	return u.String()
}

// unwrapURL takes the address out of an error.
func unwrapURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// Text sends a value as JSON in a text frame.
func (s *Socket) Text(ctx context.Context, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return s.RawText(ctx, b)
}

// RawText sends the bytes as they are in a text frame.
func (s *Socket) RawText(ctx context.Context, b []byte) error {
	return s.write(ctx, websocket.TextMessage, b)
}

// Binary sends a binary frame.
func (s *Socket) Binary(ctx context.Context, b []byte) error {
	return s.write(ctx, websocket.BinaryMessage, b)
}

// write sends one frame before ctx's deadline. ctx ending otherwise is
// noticed by Close only.
func (s *Socket) write(ctx context.Context, kind int, b []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(sendWithin)
	}
	s.writing <- struct{}{} // whoever is there has a deadline
	defer s.release()
	if err := s.conn.SetWriteDeadline(deadline); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if err := s.conn.WriteMessage(kind, b); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}

// drain reads what the service has sent, until it closes in its turn or a
// deadline. A connection that is closed with unread data is reset, and the
// service would lose the last message.
func (s *Socket) drain(until time.Time) {
	wire := s.conn.NetConn()
	if half, ok := wire.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	if wire.SetReadDeadline(until) == nil {
		_, _ = io.CopyN(io.Discard, wire, s.limit)
	}
}

// release lets the next one write.
func (s *Socket) release() { <-s.writing }

// Message blocks for the next message. A close without complaint (1000, 1005)
// is io.EOF; a message over the limit is [ErrFlood] with the verdict to use
// another engine; any other close is a *CloseError. A service that has
// answered a ping and then says nothing at all for 15 s is an error too.
func (s *Socket) Message() ([]byte, error) {
	s.renew()
	_, b, err := s.conn.ReadMessage()
	if err == nil {
		return b, nil
	}
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return nil, fmt.Errorf("%w for %v", errSilent, deadAfter)
	}
	if errors.Is(err, websocket.ErrReadLimit) {
		return nil, Refused(s.name, fmt.Errorf("%w: message of over %d bytes", ErrFlood, s.limit))
	}
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		if closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseNoStatusReceived {
			return nil, io.EOF
		}
		return nil, &CloseError{Code: closed.Code, Reason: closed.Text}
	}
	if errors.Is(err, net.ErrClosed) {
		return nil, net.ErrClosed
	}
	return nil, fmt.Errorf("read message: %w", err)
}

// Close ends the connection at once. A second call does nothing.
func (s *Socket) Close() error {
	var err error
	s.once.Do(func() { err = s.end() })
	return err
}

// CloseSaying is Close with a last message, for services that bill a session
// until they are told that it is over. The message is left out when another
// one is stuck.
func (s *Socket) CloseSaying(v any) error {
	var err error
	s.once.Do(func() {
		within := time.NewTimer(farewell)
		defer within.Stop()
		deadline := time.Now().Add(farewell)
		select {
		case s.writing <- struct{}{}:
			// The connection ends whether the service hears of it or not.
			_ = s.conn.SetWriteDeadline(deadline)
			_ = s.conn.WriteJSON(v)
			s.release()
			s.drain(deadline)
		case <-within.C:
		}
		err = s.end()
	})
	return err
}

// farewell bounds the last message: a call must end at once.
const farewell = 200 * time.Millisecond

// CloseError is a WebSocket close with a complaint (RFC 6455, 7.4; 4000 and
// above are the service's own).
type CloseError struct {
	Code   int
	Reason string // the service's words, at most 123 bytes
}

// Error gives code and reason.
func (e *CloseError) Error() string { return fmt.Sprintf("closed with %d: %s", e.Code, e.Reason) }

// AppendPCM appends samples as little-endian 16-bit PCM, which nearly every
// service takes.
func AppendPCM(dst []byte, pcm []int16) []byte {
	for _, s := range pcm {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(s))
	}
	return dst
}
