package play

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pion/rtp"

	"heed/insights"
	"heed/internal/play/src"
)

// What the door for border controllers is called, and where it says where it is.
const (
	siprecPlatform = "siprec"
	siprecPath     = "/v1/ingest/siprec"
)

// siprecLeg is a border controller that records a call: an INVITE with what it
// knows of the call, and RTP for each party.
type siprecLeg struct {
	session src.Options
	url     string
	seq     uint16
}

var _ leg = (*siprecLeg)(nil)

// playSIPREC is one recording session for both parties. The server says where it
// takes them when the options do not.
func playSIPREC(ctx context.Context, o Options) ([]leg, error) {
	if o.Speed == 0 {
		return nil, errors.New("play: over RTP nothing says how fast the door takes it: the speed must be more than 0")
	}
	l := &siprecLeg{url: o.SIP, session: src.Options{
		ID: cmp.Or(o.PlatformCall, newSID("")), Parties: [2]src.Party{{Number: o.Caller.From}, {Number: o.Caller.To, Name: o.Caller.Agent}},
		Within: answerWithin,
	}}
	for _, who := range o.Recording.both() {
		sender := 0
		if who == insights.Agent {
			sender = 1
		}
		l.session.Lines = append(l.session.Lines, sender)
	}
	if l.url == "" {
		var err error
		if l.url, err = o.recorder(ctx); err != nil {
			return nil, err
		}
	}
	l.session.To = l.url
	return []leg{l}, nil
}

// recorder asks the server where it takes recording sessions.
func (o Options) recorder(ctx context.Context) (string, error) {
	var at struct {
		Address string `json:"address"`
		Secure  string `json:"secure_address"`
	}
	if err := o.ask(ctx, http.MethodGet, siprecPath, nil, &at); err != nil {
		return "", err
	}
	address, err := reachable(cmp.Or(at.Address, at.Secure), o.URL)
	if err != nil {
		return "", err
	}
	if at.Address == "" {
		return "sip:" + address + ";transport=tls", nil
	}
	return "sip:" + address, nil
}

func (l *siprecLeg) ids() (call, stream string) { return l.session.ID, l.session.ID }

func (*siprecLeg) hello() []message { return nil }

func (*siprecLeg) goodbye() []message { return nil }

// media is a packet for each party that speaks yet. The kind of a message is its
// line.
func (l *siprecLeg) media(rec *Recording, i int) []message {
	l.seq++
	var out []message
	for line, who := range rec.both() {
		payload := rec.payload(string(who), i)
		if len(payload) == 0 {
			continue
		}
		p := rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: l.seq, Timestamp: uint32(i * frameSamples), SSRC: uint32(line + 1)}, //nolint:gosec // it wraps
			Payload: payload,
		}
		raw, err := p.Marshal()
		if err != nil {
			panic(fmt.Sprintf("encode a packet: %v", err)) // its header is fixed
		}
		out = append(out, message{line, raw})
	}
	return out
}

// dial calls the door and gives the call once it has answered.
func (l *siprecLeg) dial(ctx context.Context) (carrier, error) {
	c, err := src.Dial(ctx, l.session)
	refusal := (*src.Refusal)(nil)
	switch {
	case errors.As(err, &refusal):
		return nil, &HungUp{Code: refusal.Status, Reason: refusal.Reason, Err: err}
	case errors.Is(err, src.ErrAddress):
		return nil, fmt.Errorf("play: %w", err)
	case err != nil:
		return nil, &Unreachable{URL: l.url, Err: err}
	}
	return siprecCall{c}, nil
}

// siprecCall is a recording session as what carries a call.
type siprecCall struct{ call *src.Call }

var _ carrier = siprecCall{}

func (c siprecCall) send(messages []message) error {
	select {
	case <-c.call.Gone():
		return &HungUp{Code: http.StatusOK, Reason: "BYE"}
	default:
	}
	for _, m := range messages {
		if err := c.call.Send(m.kind, m.data); err != nil {
			return &HungUp{Err: err}
		}
	}
	return nil
}

func (c siprecCall) finish([]message) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	if err := c.call.HangUp(ctx); err != nil {
		return &HungUp{Err: err}
	}
	return nil
}

func (c siprecCall) hangUp() { c.call.Close() }
