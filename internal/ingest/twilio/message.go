package twilio

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// side numbers the two tracks of a stream.
type side uint8

const (
	inbound side = iota
	outbound
	sides // how many there are; also "none of them"
)

// sideOf knows the two spellings: media says "inbound", dtmf and the verbs
// say "inbound_track".
func sideOf(track string) side {
	switch track {
	case "inbound", "inbound_track":
		return inbound
	case "outbound", "outbound_track":
		return outbound
	}
	return sides
}

// media is one frame as it came. sid and payload may alias the message.
type media struct {
	sid     []byte
	side    side
	chunk   int64 // per track, from 1; 0 when not given
	at      int64 // milliseconds from the stream's start; -1 when not given
	payload []byte
}

// envelope is what every message has; its body stays raw until the event is
// known to be one of ours, so that an unknown event may hold anything.
type envelope struct {
	Event     string          `json:"event"`
	StreamSID string          `json:"streamSid"`
	Start     json.RawMessage `json:"start"`
	Media     json.RawMessage `json:"media"`
	DTMF      json.RawMessage `json:"dtmf"`
}

type startBody struct {
	StreamSID        string          `json:"streamSid"`
	CallSID          string          `json:"callSid"`
	Tracks           []string        `json:"tracks"`
	CustomParameters map[string]text `json:"customParameters"`
	MediaFormat      struct {
		Encoding   string `json:"encoding"`
		SampleRate count  `json:"sampleRate"`
		Channels   count  `json:"channels"`
	} `json:"mediaFormat"`
}

type mediaBody struct {
	Track     string  `json:"track"`
	Chunk     count   `json:"chunk"`
	Timestamp *count  `json:"timestamp"`
	Payload   *string `json:"payload"`
}

type dtmfBody struct {
	Track string `json:"track"`
	Digit text   `json:"digit"`
}

// Errors of the parser. All of them mean a message to skip.
var (
	errNoEvent   = errors.New("event is missing")
	errNoBody    = errors.New("body is missing")
	errNoPayload = errors.New("media.payload is missing")
	errNumber    = errors.New("not a whole number from 0 to 2^53")
)

// maxCount is the largest number that every JSON implementation keeps exact.
const maxCount = 1 << 53

// count is a number that some platforms send as a JSON string.
type count int64

// UnmarshalJSON takes 40, 40.0, "40" and, as nothing, "" and null.
func (c *count) UnmarshalJSON(raw []byte) error {
	s := strings.Trim(string(raw), `"`)
	if s == "" || s == "null" {
		return nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if n < 0 || n > maxCount {
			return errNumber
		}
		*c = count(n)
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f > maxCount {
		return errNumber
	}
	*c = count(f)
	return nil
}

// text is a string that may come as a number or a truth value. Anything
// deeper is taken as empty: a custom parameter is no reason to lose a call.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(raw []byte) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil //nolint:nilerr // see above
	}
	switch v := v.(type) {
	case string:
		*t = text(v)
	case float64, bool:
		*t = text(raw)
	}
	return nil
}

// parse reads any message but the usual media frame, which scanMedia reads.
func parse(data []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return envelope{}, fmt.Errorf("parse message: %w", err)
	}
	if e.Event == "" {
		return envelope{}, errNoEvent
	}
	return e, nil
}

// body reads one of an envelope's bodies into v.
func body(raw json.RawMessage, v any) error {
	if len(raw) == 0 || string(raw) == "null" {
		return errNoBody
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("parse body: %w", err)
	}
	return nil
}

// parseMedia is the slow way to a frame: any spelling that JSON allows.
func parseMedia(e envelope) (media, error) {
	var b mediaBody
	if err := body(e.Media, &b); err != nil {
		return media{}, err
	}
	if b.Payload == nil {
		return media{}, errNoPayload
	}
	m := media{
		sid: []byte(e.StreamSID), side: sideOf(b.Track), chunk: int64(b.Chunk), at: -1,
		payload: []byte(*b.Payload),
	}
	if b.Timestamp != nil {
		m.at = int64(*b.Timestamp)
	}
	return m, nil
}
