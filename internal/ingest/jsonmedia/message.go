package jsonmedia

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Side numbers the two tracks of a stream. Platforms name them by the leg that
// they stream, as they see it.
type Side uint8

// The tracks: what comes from the leg, and what goes to it.
const (
	Inbound Side = iota
	Outbound
	Sides // how many there are; also "none of them"
)

// SideOf knows the two spellings: media says "inbound", dtmf and the verbs
// say "inbound_track". Anything else is [Sides].
func SideOf(track string) Side {
	switch track {
	case "inbound", "inbound_track":
		return Inbound
	case "outbound", "outbound_track":
		return Outbound
	}
	return Sides
}

// media is one frame as it came. sid and payload may alias the message.
type media struct {
	sid     []byte
	side    Side
	chunk   int64 // per track, from 1; 0 when not given
	at      int64 // milliseconds from the stream's start; -1 when not given
	payload []byte
}

// Envelope is what every message has; its bodies stay raw until the event is
// known to be one of ours, so that an unknown event may hold anything.
type Envelope struct {
	Event     string          `json:"event"`
	StreamSID string          `json:"streamSid"`
	StreamID  string          `json:"streamId"`
	Stream_ID string          `json:"stream_id"`  //nolint:revive,staticcheck // as some platforms write it
	Snake_SID string          `json:"stream_sid"` //nolint:revive,staticcheck // and others
	Start     json.RawMessage `json:"start"`
	Media     json.RawMessage `json:"media"`
	DTMF      json.RawMessage `json:"dtmf"`
	// Extra is what a platform adds to each message of its own accord.
	Extra json.RawMessage `json:"extra_headers"`
}

// Stream is the stream's id, in whichever way it is spelled; may be empty.
func (e *Envelope) Stream() string {
	return cmp.Or(e.StreamSID, e.StreamID, e.Stream_ID, e.Snake_SID)
}

type mediaBody struct {
	Track     string  `json:"track"`
	Chunk     Count   `json:"chunk"`
	Timestamp *Count  `json:"timestamp"`
	Payload   *string `json:"payload"`
}

type dtmfBody struct {
	Track string `json:"track"`
	Digit Text   `json:"digit"`
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

// Count is a number that some platforms send as a JSON string.
type Count int64

// UnmarshalJSON takes 40, 40.0, "40" and, as nothing, "" and null.
func (c *Count) UnmarshalJSON(raw []byte) error {
	s := strings.Trim(string(raw), `"`)
	if s == "" || s == "null" {
		return nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if n < 0 || n > maxCount {
			return errNumber
		}
		*c = Count(n)
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f > maxCount {
		return errNumber
	}
	*c = Count(f)
	return nil
}

// Text is a string that may come as a number or a truth value. Anything
// deeper is taken as empty: a custom parameter is no reason to lose a call.
type Text string

// UnmarshalJSON never fails.
func (t *Text) UnmarshalJSON(raw []byte) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil //nolint:nilerr // see above
	}
	switch v := v.(type) {
	case string:
		*t = Text(v)
	case float64, bool:
		*t = Text(raw)
	}
	return nil
}

// parse reads any message but the usual media frame, which scanMedia reads.
func parse(data []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return Envelope{}, fmt.Errorf("parse message: %w", err)
	}
	if e.Event == "" {
		return Envelope{}, errNoEvent
	}
	return e, nil
}

// Body reads one of an envelope's bodies into v.
func Body(raw json.RawMessage, v any) error {
	if len(raw) == 0 || string(raw) == "null" {
		return errNoBody
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("parse body: %w", err)
	}
	return nil
}

// parseMedia is the slow way to a frame: any spelling that JSON allows.
func parseMedia(e Envelope) (media, error) {
	var b mediaBody
	if err := Body(e.Media, &b); err != nil {
		return media{}, err
	}
	if b.Payload == nil {
		return media{}, errNoPayload
	}
	m := media{
		sid: []byte(e.Stream()), side: SideOf(b.Track), chunk: int64(b.Chunk), at: -1,
		payload: []byte(*b.Payload),
	}
	if b.Timestamp != nil {
		m.at = int64(*b.Timestamp)
	}
	return m, nil
}
