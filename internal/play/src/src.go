// Package src is a session recording client (RFC 7866): it calls a recorder as
// a border controller does, tells it who speaks, and sends it their audio. Tests
// and "heed call" play calls with it.
//
// It reads no file, keeps no time and answers no calls but the recorder's own
// requests within one.
package src

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
	"github.com/pion/sdp/v3"

	"heed/internal/sipua"
)

// Party is who speaks in a call. Both may be empty.
type Party struct{ Number, Name string }

// Options says what is recorded, and where.
type Options struct {
	// To is the recorder, such as sip:user:password@host:5060;transport=udp. TCP is
	// taken when it names no transport.
	To string
	// ID is the call's.
	ID string
	// Parties are the caller and who is called.
	Parties [2]Party
	// Within is how long the recorder may take to answer; 10 s.
	Within time.Duration
	// Lines say whose audio each media line carries: 0 the caller's, 1 the other's.
	Lines []int
}

// ErrAddress is an address that is no SIP address.
var ErrAddress = errors.New("write sip:host:port;transport=tcp")

// Refusal is a recorder that does not take the call.
type Refusal struct {
	Status int
	Reason string // its own words
}

// Error implements error.
func (r *Refusal) Error() string { return fmt.Sprintf("answered %d %s", r.Status, r.Reason) }

// Call is a recording session that is open. Its methods may be used by one
// goroutine.
type Call struct {
	ua     *sipgo.UserAgent
	dialog *sipgo.DialogClientSession
	host   string // ours
	voices []*net.UDPConn
	to     []*net.UDPAddr
	gone   chan struct{} // closed when the recorder hangs up
	ending sync.Once
}

// Dial calls a recorder and waits for its answer. A [*Refusal] is its own; other
// errors are those of the way to it.
func Dial(ctx context.Context, o Options) (_ *Call, err error) {
	var target sip.Uri
	if err := sip.ParseUri(o.To, &target); err != nil || target.Host == "" {
		return nil, fmt.Errorf("SIP address %q: %w", o.To, ErrAddress)
	}
	c := &Call{gone: make(chan struct{})}
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	// A recorder that is not there must not be waited for to take the call back.
	ctx, cancel := context.WithTimeoutCause(ctx, cmp.Or(o.Within, 10*time.Second), sipgo.WaitAnswerForceCancelErr)
	defer cancel()
	if err := c.open(target.Host, len(o.Lines)); err != nil {
		return nil, err
	}
	if err := c.invite(ctx, target, o); err != nil {
		return nil, err
	}
	return c, nil
}

// open makes our end: a user agent, and a port for each line.
func (c *Call) open(host string, lines int) (err error) {
	way, err := net.Dial("udp", net.JoinHostPort(host, "9")) //nolint:noctx // nothing is sent: it says which address of ours is on the way
	if err != nil {
		return fmt.Errorf("way to the recorder: %w", err)
	}
	c.host, _, _ = net.SplitHostPort(way.LocalAddr().String()) // what it gives is one
	_ = way.Close()                                            // it was never used
	for range lines {
		v, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(c.host)})
		if err != nil {
			return fmt.Errorf("port of audio: %w", err)
		}
		c.voices = append(c.voices, v)
	}
	if c.ua, err = sipua.New(sipgo.WithUserAgentHostname(c.host)); err != nil {
		return err
	}
	server, err := sipgo.NewServer(c.ua)
	if err != nil {
		return fmt.Errorf("answer requests: %w", err)
	}
	agree := func(req *sip.Request, tx sip.ServerTransaction) {
		_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil)) // the recorder asks again
	}
	server.OnUpdate(agree)
	server.OnOptions(agree)
	server.OnBye(func(req *sip.Request, tx sip.ServerTransaction) {
		agree(req, tx)
		c.ending.Do(func() { close(c.gone) })
	})
	return nil
}

// invite calls and waits for the answer.
func (c *Call) invite(ctx context.Context, target sip.Uri, o Options) error {
	client, err := sipgo.NewClient(c.ua, sipgo.WithClientHostname(c.host))
	if err != nil {
		return fmt.Errorf("send requests: %w", err)
	}
	ua := sipgo.DialogUA{Client: client, ContactHDR: sip.ContactHeader{
		Address: sip.Uri{Scheme: "sip", User: "src", Host: c.host}, Params: sip.HeaderParams{{K: "+sip.src"}},
	}}
	kind, body, err := c.body(o)
	if err != nil {
		return err
	}
	answer := sipgo.AnswerOptions{Username: target.User, Password: target.Password}
	target.User, target.Password = "", ""
	req := sip.NewRequest(sip.INVITE, target)
	transport, _ := target.UriParams.Get("transport")
	req.SetTransport(strings.ToUpper(cmp.Or(transport, "tcp")))
	req.SetBody(body)
	req.AppendHeader(sip.NewHeader("Content-Type", kind))
	req.AppendHeader(sip.NewHeader("Require", "siprec"))
	if c.dialog, err = ua.WriteInvite(ctx, req); err != nil {
		return fmt.Errorf("call: %w", err)
	}
	if err := c.dialog.WaitAnswer(ctx, answer); err != nil {
		return refused(err)
	}
	if err := c.dialog.Ack(ctx); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	return c.agree(c.dialog.InviteResponse.Body())
}

// refused tells a refusal from a recorder that is not there.
func refused(err error) error {
	no := (*sipgo.ErrDialogResponse)(nil)
	if !errors.As(err, &no) {
		return fmt.Errorf("wait for the answer: %w", err)
	}
	r := &Refusal{Status: no.Res.StatusCode, Reason: no.Res.Reason}
	if w := no.Res.GetHeader("Warning"); w != nil {
		r.Reason += ": " + w.Value()
	}
	return r
}

// agree reads where the recorder wants the audio.
func (c *Call) agree(raw []byte) error {
	var answer sdp.SessionDescription
	if err := answer.Unmarshal(raw); err != nil || len(answer.MediaDescriptions) != len(c.voices) {
		return errors.New("the answer has other lines than the offer")
	}
	for _, m := range answer.MediaDescriptions {
		at := m.ConnectionInformation
		if at == nil {
			at = answer.ConnectionInformation
		}
		if m.MediaName.Port.Value == 0 || at == nil || at.Address == nil {
			return errors.New("the recorder does not take every line")
		}
		c.to = append(c.to, &net.UDPAddr{IP: net.ParseIP(at.Address.Address), Port: m.MediaName.Port.Value})
	}
	return nil
}

// Send sends a packet of RTP on a line.
func (c *Call) Send(line int, packet []byte) error {
	if _, err := c.voices[line].WriteTo(packet, c.to[line]); err != nil {
		return fmt.Errorf("send audio: %w", err)
	}
	return nil
}

// Gone is closed when the recorder has hung up.
func (c *Call) Gone() <-chan struct{} { return c.gone }

// HangUp ends the call and waits for the recorder to agree, as long as ctx.
func (c *Call) HangUp(ctx context.Context) error {
	if err := c.dialog.Bye(ctx); err != nil {
		return fmt.Errorf("hang up: %w", err)
	}
	return nil
}

// Close frees what the call holds. It comes last.
func (c *Call) Close() {
	for _, v := range c.voices {
		_ = v.Close() // the call is over either way
	}
	if c.dialog != nil {
		_ = c.dialog.Close() // as above
	}
	if c.ua != nil {
		_ = c.ua.Close() // as above
	}
}
