package play

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/google/uuid"

	"heed/internal/ingest/audiosocket"
)

// audioSocketLeg is one direction of a call over TCP. The samples are those of
// the other platforms; the frames around them are AudioSocket's.
type audioSocketLeg struct {
	*sampled
	id uuid.UUID
	at string
}

var _ leg = (*audioSocketLeg)(nil)

// playAudioSocket is a connection for each party. What each stands for is
// announced first, and the answer says where the door listens.
func playAudioSocket(ctx context.Context, o Options) ([]leg, error) {
	var legs []leg
	call := o.PlatformCall
	for _, who := range o.Recording.both() {
		s, err := newSampled(o, audiosocket.Platform, call, who)
		if err != nil {
			return nil, err
		}
		call = s.call
		l := &audioSocketLeg{sampled: s, id: uuid.New()}
		told := s.facts()
		told["uuid"], told["call"], told["party"] = l.id, call, who
		var made struct {
			Address string `json:"address"`
		}
		if err := o.post(ctx, "/v1/ingest/audiosocket", told, &made); err != nil {
			return nil, err
		}
		if l.at, err = reachable(made.Address, o.URL); err != nil {
			return nil, err
		}
		legs = append(legs, l)
	}
	return legs, nil
}

// reachable gives an address that was bound on every interface the server's host.
func reachable(address, server string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("play: address %q: %w", address, err)
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		u, err := url.Parse(server)
		if err != nil {
			return "", fmt.Errorf("play: address: %w", err)
		}
		host = u.Hostname()
	}
	return net.JoinHostPort(host, port), nil
}

func (l *audioSocketLeg) dial(ctx context.Context) (carrier, error) {
	d := net.Dialer{Timeout: answerWithin}
	c, err := d.DialContext(ctx, "tcp", l.at)
	if err != nil {
		return nil, &Unreachable{URL: l.at, Err: err}
	}
	return &tcpLine{c}, nil
}

func (l *audioSocketLeg) hello() []message {
	return []message{{data: audiosocket.Append(nil, 0x01, l.id[:])}}
}

func (l *audioSocketLeg) media(rec *Recording, i int) []message {
	out := l.sampled.media(rec, i)
	for k := range out {
		out[k].data = audiosocket.Append(nil, 0x10, out[k].data)
	}
	return out
}

func (l *audioSocketLeg) goodbye() []message {
	return []message{{data: audiosocket.Append(nil, 0x00, nil)}}
}

// tcpLine is a TCP connection. The door says nothing on it unless it refuses.
type tcpLine struct{ conn net.Conn }

var _ carrier = (*tcpLine)(nil)

func (w *tcpLine) send(messages []message) error {
	for _, m := range messages {
		_ = w.conn.SetWriteDeadline(time.Now().Add(writeWithin)) // a dead socket fails in the write
		if _, err := w.conn.Write(m.data); err != nil {
			return &HungUp{Err: err}
		}
	}
	return nil
}

func (w *tcpLine) finish(goodbye []message) error {
	if err := w.send(goodbye); err != nil {
		return err
	}
	_ = w.conn.SetReadDeadline(time.Now().Add(closeWithin))
	var b [3]byte
	if n, _ := w.conn.Read(b[:]); n > 0 { // it ends without a word else
		return &HungUp{Err: errors.New("the door refused the connection")}
	}
	return nil
}

func (w *tcpLine) hangUp() { _ = w.conn.Close() } // the call is over either way
