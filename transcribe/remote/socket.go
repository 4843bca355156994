package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
// goroutine may write while another reads; Close may come from any.
type Socket struct {
	name string
	conn *websocket.Conn
	once sync.Once
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
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialWithin}
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
	conn.SetReadLimit(or(o.Limit, int64(maxMessage)))
	return &Socket{name: o.Name, conn: conn}, nil
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
	if err := s.conn.SetWriteDeadline(deadline); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if err := s.conn.WriteMessage(kind, b); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}

// Message blocks for the next message. A close without complaint (1000, 1005)
// is io.EOF; a message over the limit is [ErrFlood] with the verdict to use
// another engine; any other close is a *CloseError.
func (s *Socket) Message() ([]byte, error) {
	_, b, err := s.conn.ReadMessage()
	if err == nil {
		return b, nil
	}
	if errors.Is(err, websocket.ErrReadLimit) {
		return nil, Refused(s.name, fmt.Errorf("%w: message of over %d bytes", ErrFlood, maxMessage))
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
	s.once.Do(func() { err = s.conn.Close() })
	return err
}

// CloseError is a WebSocket close with a complaint (RFC 6455, 7.4; 4000 and
// above are the service's own).
type CloseError struct {
	Code   int
	Reason string // the service's words, at most 123 bytes
}

// Error gives code and reason.
func (e *CloseError) Error() string { return fmt.Sprintf("closed with %d: %s", e.Code, e.Reason) }
