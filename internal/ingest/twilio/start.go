package twilio

import (
	"errors"
	"fmt"
	"strings"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/wire"
	"heed/transcribe/audio"
)

// Platform is the name under which this door's calls are known.
const Platform = "twilio"

// Bounds of what a start message may name.
const (
	maxID        = 128
	maxParameter = 256
)

// Errors of a start message; the text is sent to the platform.
var (
	errNoStart  = errors.New("start message does not parse")
	errCallID   = fmt.Errorf("start.callSid must be 1 to %d letters, digits, - or _", maxID)
	errStreamID = fmt.Errorf("start.streamSid must be 1 to %d letters, digits, - or _", maxID)
	errNoTracks = errors.New("start.tracks names no track that is known")
)

// opening is a start message that has been understood.
type opening struct {
	start    ingest.Start
	parties  [sides]insights.Speaker
	decode   func([]int16, []byte) []int16
	encoding string
}

// readStart checks a start message.
func readStart(e envelope) (opening, error) {
	var b startBody
	if err := body(e.Start, &b); err != nil {
		return opening{}, errNoStart
	}
	if b.StreamSID == "" {
		b.StreamSID = e.StreamSID
	}
	switch {
	case !isID(b.CallSID):
		return opening{}, errCallID
	case !isID(b.StreamSID):
		return opening{}, errStreamID
	}
	p := parameters(b.CustomParameters)
	o := opening{
		start: ingest.Start{
			Platform: Platform, Call: b.CallSID, Stream: b.StreamSID, Direction: "inbound",
			From: p["from"], To: p["to"], Agent: p["agent"], Language: p["language"],
		},
		encoding: printable(b.MediaFormat.Encoding, 40),
	}
	if strings.HasPrefix(p["direction"], "outbound") {
		o.start.Direction = "outbound"
	}
	customer := customerSide(o.start.Direction, p["customer"])
	if o.parties, o.start.Parties = speakers(b.Tracks, customer); len(o.start.Parties) == 0 {
		return opening{}, errNoTracks
	}
	f := b.MediaFormat
	if (f.SampleRate == 0 || f.SampleRate == wire.Rate) && f.Channels <= 1 {
		o.decode = decoder(f.Encoding)
	}
	return o, nil
}

// customerSide says on which track the customer is. The platform names tracks
// by the leg that it streams: on a call that comes in that leg is the
// customer's, on one that goes out it is the agent's. A platform that dials
// the customer first streams the customer's leg of an outbound call; the
// parameter "customer" then names the track.
func customerSide(direction, named string) side {
	if s := sideOf(named); s != sides {
		return s
	}
	if direction == "outbound" {
		return outbound
	}
	return inbound
}

// speakers says who speaks on each track that was announced. A start message
// that names no tracks at all announces both.
func speakers(tracks []string, customer side) (by [sides]insights.Speaker, parties []insights.Speaker) {
	if len(tracks) == 0 {
		tracks = []string{"inbound", "outbound"}
	}
	for _, t := range tracks {
		s := sideOf(t)
		if s == sides || by[s] != "" {
			continue
		}
		by[s] = insights.Agent
		if s == customer {
			by[s] = insights.Customer
		}
		parties = append(parties, by[s])
	}
	return by, parties
}

func decoder(encoding string) func([]int16, []byte) []int16 {
	switch strings.ToLower(encoding) {
	case "", "audio/x-mulaw", "audio/pcmu":
		return audio.DecodeMulaw
	case "audio/x-alaw", "audio/pcma":
		return audio.DecodeAlaw
	}
	return nil
}

// parameters takes the custom parameters by lower-case name. One that is too
// long or not printable is left out: it is no reason to lose a call.
func parameters(in map[string]text) map[string]string {
	out := make(map[string]string, len(in))
	for name, v := range in {
		if s := printable(string(v), maxParameter); s == string(v) {
			out[strings.ToLower(name)] = s
		}
	}
	return out
}

// printable drops control characters and cuts at limit bytes.
func printable(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), limit)]
}

// isID accepts the identifiers of the platform and of its copies. They are
// logged and become keys, so nothing else may be in them.
func isID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
