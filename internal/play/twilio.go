package play

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"heed/internal/ingest/twilio"
)

// twilioCall plays Twilio Media Streams. Messages are counted over the
// socket, chunks per track, and all counters are JSON strings, as there.
type twilioCall struct {
	options  Options
	target   string
	sid, mz  string
	tail     []byte // what ends every media message
	sequence int64
	chunks   [2]int64
	buffers  [2][]byte
}

var _ leg = (*twilioCall)(nil)

// playTwilio is one socket for both parties.
func playTwilio(_ context.Context, o Options) ([]leg, error) {
	c, err := newTwilio(o)
	return []leg{c}, err
}

func newTwilio(o Options) (*twilioCall, error) {
	target, err := doorURL(o.URL, twilio.MediaPath)
	if err != nil {
		return nil, err
	}
	c := &twilioCall{options: o, target: target, sid: o.PlatformCall, mz: newSID("MZ")}
	if c.sid == "" {
		c.sid = newSID("CA")
	}
	c.tail = []byte(`"},"streamSid":"` + c.mz + `"}`)
	return c, nil
}

// newSID makes an id as the platform's: two letters and 32 hex digits.
func newSID(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}

func (c *twilioCall) ids() (call, stream string) { return c.sid, c.mz }

func (c *twilioCall) dial(ctx context.Context) (carrier, error) {
	target, header := c.upgrade()
	return dialSocket(ctx, target, header)
}

func (c *twilioCall) upgrade() (string, http.Header) {
	h := http.Header{}
	if c.options.Key != "" {
		h.Set("Authorization", "Bearer "+c.options.Key)
	}
	if c.options.AuthToken != "" {
		h.Set(twilio.SignatureHeader, twilio.Signature(c.options.AuthToken, c.target, nil))
	}
	return c.target, h
}

// twilioEvent is any message but media.
type twilioEvent struct {
	Event          string         `json:"event"`
	SequenceNumber string         `json:"sequenceNumber,omitempty"`
	Protocol       string         `json:"protocol,omitempty"`
	Version        string         `json:"version,omitempty"`
	StreamSID      string         `json:"streamSid,omitempty"`
	Start          *twilioStart   `json:"start,omitempty"`
	Stop           map[string]any `json:"stop,omitempty"`
}

type twilioStart struct {
	StreamSID        string            `json:"streamSid"`
	AccountSID       string            `json:"accountSid"`
	CallSID          string            `json:"callSid"`
	Tracks           []string          `json:"tracks"`
	CustomParameters map[string]string `json:"customParameters"`
	MediaFormat      map[string]any    `json:"mediaFormat"`
}

// account stands for the account that a real call would have.
const account = "AC00000000000000000000000000000000"

func (c *twilioCall) hello() []message {
	parameters := map[string]string{}
	caller := c.options.Caller
	for name, v := range map[string]string{
		"from": caller.From, "to": caller.To, "agent": caller.Agent, "direction": caller.Direction, "language": caller.Language,
	} {
		if v != "" {
			parameters[name] = v
		}
	}
	tracks := c.tracks()
	if !c.options.Recording.Stereo() {
		tracks = tracks[:1]
	}
	return []message{
		encodeEvent(twilioEvent{Event: "connected", Protocol: "Call", Version: "1.0.0"}),
		encodeEvent(twilioEvent{Event: "start", SequenceNumber: c.next(), StreamSID: c.mz, Start: &twilioStart{
			StreamSID: c.mz, AccountSID: account, CallSID: c.sid, Tracks: tracks, CustomParameters: parameters,
			MediaFormat: map[string]any{"encoding": "audio/x-mulaw", "sampleRate": telephone, "channels": 1},
		}}),
	}
}

// tracks names the customer's track and the agent's. On a call that comes in
// the platform streams the customer's leg, on one that goes out the agent's.
func (c *twilioCall) tracks() []string {
	if c.options.Caller.Direction == "outbound" {
		return []string{"outbound", "inbound"}
	}
	return []string{"inbound", "outbound"}
}

func (c *twilioCall) media(rec *Recording, i int) []message {
	var out [2]message
	n := 0
	for k, name := range c.tracks() {
		track := rec.customer
		if k == 1 {
			track = rec.agent
		}
		if payload := at(track, i); len(payload) > 0 {
			c.chunks[k]++
			c.buffers[k] = c.write(c.buffers[k][:0], name, k, i, payload)
			out[n] = text(c.buffers[k])
			n++
		}
	}
	return out[:n]
}

// write appends one media message.
func (c *twilioCall) write(b []byte, track string, k, i int, payload []byte) []byte {
	b = append(b, `{"event":"media","sequenceNumber":"`...)
	b = append(b, c.next()...)
	b = append(b, `","media":{"track":"`...)
	b = append(b, track...)
	b = append(b, `","chunk":"`...)
	b = strconv.AppendInt(b, c.chunks[k], 10)
	b = append(b, `","timestamp":"`...)
	b = strconv.AppendInt(b, int64(i)*frame.Milliseconds(), 10)
	b = append(b, `","payload":"`...)
	b = base64.StdEncoding.AppendEncode(b, payload)
	return append(b, c.tail...)
}

func (c *twilioCall) goodbye() []message {
	return []message{encodeEvent(twilioEvent{
		Event: "stop", SequenceNumber: c.next(), StreamSID: c.mz, Stop: map[string]any{"accountSid": account, "callSid": c.sid},
	})}
}

func (c *twilioCall) next() string {
	c.sequence++
	return strconv.FormatInt(c.sequence, 10)
}

// encodeEvent cannot fail: the events hold strings and numbers only.
func encodeEvent(e twilioEvent) message {
	b, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("encode %s: %v", e.Event, err))
	}
	return text(b)
}
