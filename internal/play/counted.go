package play

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
)

// counted is a call whose messages are counted over the socket and whose
// frames are counted for each track, as Twilio and its like do.
type counted struct {
	caller       Caller
	stereo       bool
	call, stream string
	sequence     int64
	chunks       [2]int64
	buffers      [2][]byte
	head, track  string // what begins a media message, up to its number and from there to its track
}

func newCounted(o Options, call, stream string) counted {
	if o.PlatformCall != "" {
		call = o.PlatformCall
	}
	return counted{caller: o.Caller, stereo: o.Recording.Stereo(), call: call, stream: stream}
}

func (c *counted) ids() (call, stream string) { return c.call, c.stream }

func (c *counted) next() string {
	c.sequence++
	return strconv.FormatInt(c.sequence, 10)
}

// streamed names the tracks that there are.
func (c *counted) streamed() []string {
	if !c.stereo {
		return c.tracks()[:1]
	}
	return c.tracks()
}

// parameters are what the platform is given to tell of a call, but its numbers.
func (c *counted) parameters() map[string]string {
	out := map[string]string{}
	for name, v := range map[string]string{"agent": c.caller.Agent, "direction": c.caller.Direction, "language": c.caller.Language} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

// tracks names the customer's track and the agent's. On a call that comes in
// the platform streams the customer's leg, on one that goes out the agent's.
func (c *counted) tracks() []string {
	if c.caller.Direction == "outbound" {
		return []string{"outbound", "inbound"}
	}
	return []string{"inbound", "outbound"}
}

// frames writes one message for each party that has audio there; middle writes
// what stands between a track's name and the payload.
func (c *counted) frames(rec *Recording, i int, middle func(b []byte, chunk int64) []byte) []message {
	var out [2]message
	n := 0
	for k, name := range c.tracks() {
		track := rec.customer
		if k == 1 {
			track = rec.agent
		}
		payload := at(track, i)
		if len(payload) == 0 {
			continue
		}
		c.chunks[k]++
		b := append(c.buffers[k][:0], c.head...)
		b = append(append(append(b, c.next()...), c.track...), name...)
		b = base64.StdEncoding.AppendEncode(middle(b, c.chunks[k]), payload)
		c.buffers[k] = append(b, `"}}`...)
		out[n] = text(c.buffers[k])
		n++
	}
	return out[:n]
}

// stampedFromStart writes a frame's number and its place in the stream, both as
// text.
func stampedFromStart(i int) func(b []byte, chunk int64) []byte {
	return func(b []byte, chunk int64) []byte {
		b = append(b, `","chunk":"`...)
		b = strconv.AppendInt(b, chunk, 10)
		b = append(b, `","timestamp":"`...)
		b = strconv.AppendInt(b, int64(i)*frame.Milliseconds(), 10)
		return append(b, `","payload":"`...)
	}
}

// encoded cannot fail: what is written holds strings and numbers only.
func encoded(v any) message {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode: %v", err))
	}
	return text(b)
}
