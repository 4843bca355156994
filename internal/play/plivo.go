package play

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Where the door is.
const plivoMedia, plivoAnswer = "/ingest/plivo/media", "/ingest/plivo/answer"

// plivoCall plays Plivo: the platform asks what to do with the call, and
// streams to the address that it is given, stamped by the wall clock.
type plivoCall struct {
	counted

	options Options
	began   time.Time
}

var _ leg = (*plivoCall)(nil)

func playPlivo(_ context.Context, o Options) ([]leg, error) {
	if _, err := doorURL(o.URL, plivoMedia); err != nil {
		return nil, err
	}
	c := &plivoCall{counted: newCounted(o, newSID(""), newSID("")), options: o, began: time.Now()}
	c.head, c.track = `{"event":"media","streamId":"`+c.stream+`","extra_headers":"{}","sequenceNumber":`, `,"media":{"track":"`
	return []leg{c}, nil
}

// dial asks what to do with the call, and goes where the answer says.
func (c *plivoCall) dial(ctx context.Context) (carrier, error) {
	target, err := doorURL(c.options.URL, plivoMedia)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("play: address: %w", err)
	}
	if u.Path, err = c.answered(ctx, *u); err != nil {
		return nil, err
	}
	return dialSocket(ctx, u.String(), http.Header{"Authorization": {"Bearer " + c.options.Key}})
}

// answered gives the path to which the call is to be streamed.
func (c *plivoCall) answered(ctx context.Context, u url.URL) (string, error) {
	u.Scheme, u.Path = strings.Replace(u.Scheme, "ws", "http", 1), plivoAnswer
	form := url.Values{
		"CallUUID": {c.call}, "From": {strings.TrimPrefix(c.caller.From, "+")}, "To": {strings.TrimPrefix(c.caller.To, "+")},
		"CallStatus": {"ringing"}, "Direction": {"inbound"},
	}
	if c.caller.Direction != "" {
		form.Set("Direction", c.caller.Direction)
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("play: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+c.options.Key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", &Unreachable{URL: u.String(), Err: err}
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	if resp.StatusCode != http.StatusOK {
		return "", refusedBy(resp, u.String())
	}
	var answer struct {
		Stream string `xml:"Stream"`
	}
	if err := xml.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer); err != nil {
		return "", fmt.Errorf("play: answer: %w", err)
	}
	to, err := url.Parse(answer.Stream)
	if err != nil {
		return "", fmt.Errorf("play: answer: %w", err)
	}
	return to.Path, nil
}

func (c *plivoCall) hello() []message {
	var extra []string
	for name, v := range c.parameters() {
		extra = append(extra, name+"="+v)
	}
	return []message{encoded(map[string]any{
		"event": "start", "sequenceNumber": 0, "extra_headers": "{" + strings.Join(extra, ",") + "}",
		"start": map[string]any{
			"callId": c.call, "streamId": c.stream, "accountId": account, "tracks": c.streamed(),
			"mediaFormat": map[string]any{"encoding": "audio/x-mulaw", "sampleRate": telephone},
		},
	})}
}

func (c *plivoCall) media(rec *Recording, i int) []message {
	return c.frames(rec, i, func(b []byte, chunk int64) []byte {
		b = append(b, `","timestamp":"`...)
		b = strconv.AppendInt(b, c.began.UnixMilli()+int64(i)*frame.Milliseconds(), 10)
		b = append(b, `","chunk":`...)
		b = strconv.AppendInt(b, chunk, 10)
		return append(b, `,"payload":"`...)
	})
}

func (c *plivoCall) goodbye() []message {
	return []message{encoded(map[string]any{"event": "stop", "sequenceNumber": c.sequence + 1, "streamId": c.stream})}
}
