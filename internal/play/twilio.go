package play

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"

	"heed/internal/ingest/twilio"
)

// twilioCall plays Twilio Media Streams, whose counters are JSON strings.
type twilioCall struct {
	counted

	options Options
	target  string
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
	c := &twilioCall{counted: newCounted(o, newSID("CA"), newSID("MZ")), options: o, target: target}
	c.head, c.track = `{"event":"media","streamSid":"`+c.stream+`","sequenceNumber":"`, `","media":{"track":"`
	return c, nil
}

// newSID makes an id as the platform's: two letters and 32 hex digits.
func newSID(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}

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

// account stands for the account that a real call would have.
const account = "AC00000000000000000000000000000000"

func (c *twilioCall) hello() []message {
	parameters := c.parameters()
	for name, v := range map[string]string{"from": c.caller.From, "to": c.caller.To} {
		if v != "" {
			parameters[name] = v
		}
	}
	return []message{
		encoded(map[string]any{"event": "connected", "protocol": "Call", "version": "1.0.0"}),
		encoded(map[string]any{
			"event": "start", "sequenceNumber": c.next(), "streamSid": c.stream,
			"start": map[string]any{
				"streamSid": c.stream, "accountSid": account, "callSid": c.call, "tracks": c.streamed(), "customParameters": parameters,
				"mediaFormat": map[string]any{"encoding": "audio/x-mulaw", "sampleRate": telephone, "channels": 1},
			},
		}),
	}
}

func (c *twilioCall) media(rec *Recording, i int) []message {
	return c.frames(rec, i, stampedFromStart(i))
}

func (c *twilioCall) goodbye() []message {
	return []message{encoded(map[string]any{
		"event": "stop", "sequenceNumber": c.next(), "streamSid": c.stream, "stop": map[string]any{"accountSid": account, "callSid": c.call},
	})}
}
