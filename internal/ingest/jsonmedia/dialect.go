// Package jsonmedia reads the websocket messages in which Twilio, and the many
// that write nearly the same, stream a call: JSON with base64 audio, one
// message a frame and track. What differs between them is a [Dialect].
//
// Audio is placed by the timestamp that the platform gave it and never by its
// arrival: a bounded window per track puts swapped frames back in order,
// repeated frames are dropped, and what never came is left a gap. What cannot
// be understood is counted and skipped; only a connection that sends nothing
// else is closed.
//
// The package sends nothing, checks no signature and keeps nothing. It logs no
// phone number and no custom parameter.
package jsonmedia

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe/audio"
)

// Dialect is what one platform does in its own way.
type Dialect struct {
	// Open reads a start message; its error is told to the platform.
	Open func(context.Context, *Envelope) (Opening, error)
	// Epoch says that frames are stamped by the wall clock, in milliseconds,
	// and not from the start of the stream.
	Epoch bool
}

// Opening is a start message that has been understood.
type Opening struct {
	Start  ingest.Start // without At and Parties
	Format Format

	parties [Sides]insights.Speaker
}

// Format is how the audio of a stream is written.
type Format struct {
	Encoding string
	Rate     int // of samples, in Hz; 0 means 8000
	Channels int // 0 means 1
}

func (f Format) withDefaults() Format {
	if f.Rate <= 0 || f.Rate > 48000 {
		f.Rate = 8000 // what cannot be is not heard either
	}
	return f
}

// samples is how many of them a time in milliseconds has, lasts is how long so
// many are.
func (f *Format) samples(ms int64) int64 { return ms * int64(f.Rate) / 1000 }

func (f *Format) lasts(samples int64) time.Duration {
	return time.Duration(samples) * time.Second / time.Duration(f.Rate)
}

// decoder gives what appends the samples of a payload, or nil for what cannot
// be read here.
func (f Format) decoder() func([]int16, []byte) []int16 {
	if f.Channels > 1 {
		return nil
	}
	f = f.withDefaults()
	name, _, _ := strings.Cut(strings.ToLower(f.Encoding), ";")
	switch strings.TrimPrefix(name, "audio/") {
	case "", "x-mulaw", "pcmu":
		if f.Rate == 8000 {
			return audio.DecodeMulaw
		}
	case "x-alaw", "pcma":
		if f.Rate == 8000 {
			return audio.DecodeAlaw
		}
	case "l16", "x-l16", "x-raw":
		if f.Rate == 8000 || f.Rate == 16000 {
			return (&linear{}).decode
		}
	}
	return nil
}

// linear decodes 16-bit samples. No platform says in which byte order they
// come, and they differ: speech read in the wrong one is noise, so the order
// is taken in which the first sound is the smoother one.
type linear struct {
	order binary.ByteOrder // nil until there was a sound
}

func (l *linear) decode(dst []int16, src []byte) []int16 {
	order := l.order
	if order == nil {
		order = l.guess(src)
	}
	for ; len(src) >= 2; src = src[2:] {
		dst = append(dst, int16(order.Uint16(src))) //nolint:gosec // the same bits
	}
	return dst
}

// guess compares the orders, and remembers when one is clearly right.
func (l *linear) guess(src []byte) binary.ByteOrder {
	little, big := rough(src, binary.LittleEndian), rough(src, binary.BigEndian)
	const clearly, sound = 4, 200_000 // times as rough, and more than hiss in a frame of 20 ms
	switch {
	case little*clearly < big && big > sound:
		l.order = binary.LittleEndian
	case big*clearly < little && little > sound:
		l.order = binary.BigEndian
	}
	if big < little {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// rough is how far the samples jump, in all.
func rough(src []byte, order binary.ByteOrder) (sum int) {
	last, first := 0, true
	for ; len(src) >= 2; src = src[2:] {
		v := int(int16(order.Uint16(src))) //nolint:gosec // the same bits
		if !first {
			sum += max(v-last, last-v)
		}
		last, first = v, false
	}
	return sum
}

// Bounds of what a start message may name.
const (
	maxID = 128
	// MaxParameter is how many bytes a value may have that is passed on.
	MaxParameter = 256
)

// ErrNoTracks is a start message that names no track that is known.
var ErrNoTracks = errors.New("start names no track that is known")

// Speak says who speaks on the tracks that were announced; none at all
// announces both. Customer is the customer's track.
func (o *Opening) Speak(tracks []string, customer Side) error {
	if len(tracks) == 0 {
		tracks = []string{"inbound", "outbound"}
	}
	for _, t := range tracks {
		s := SideOf(t)
		if s == Sides || o.parties[s] != "" {
			continue
		}
		o.parties[s] = insights.Agent
		if s == customer {
			o.parties[s] = insights.Customer
		}
		o.Start.Parties = append(o.Start.Parties, o.parties[s])
	}
	if len(o.Start.Parties) == 0 {
		return ErrNoTracks
	}
	return nil
}

// Describe takes what the parameters of a stream tell of its call: from, to,
// agent, language, direction, a call-tracking service's id, and on which track the customer is. Names are in
// lower case.
func (o *Opening) Describe(p map[string]string) (customer Side) {
	s := &o.Start
	for name, to := range map[string]*string{"from": &s.From, "to": &s.To, "agent": &s.Agent, "language": &s.Language, "tracking": &s.Tracking} {
		if p[name] != "" {
			*to = p[name]
		}
	}
	if strings.HasPrefix(p["direction"], "outbound") {
		s.Direction = "outbound"
	}
	if s.Direction == "" {
		s.Direction = "inbound"
	}
	return customerSide(s.Direction, p["customer"])
}

// customerSide says on which track the customer is. Platforms name tracks by
// the leg that they stream: on a call that comes in that leg is the
// customer's, on one that goes out it is the agent's. A platform that dials
// the customer first streams the customer's leg of an outbound call; the
// parameter "customer" then names the track.
func customerSide(direction, named string) Side {
	if s := SideOf(named); s != Sides {
		return s
	}
	if direction == "outbound" {
		return Outbound
	}
	return Inbound
}

// Parameters takes custom parameters by lower-case name. One that is too long
// or not printable is left out: it is no reason to lose a call.
func Parameters[T ~string](in map[string]T) map[string]string {
	out := make(map[string]string, len(in))
	for name, v := range in {
		if s := Printable(string(v), MaxParameter); s == string(v) {
			out[strings.ToLower(name)] = s
		}
	}
	return out
}

// Printable drops control characters and cuts at limit bytes.
func Printable(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), limit)]
}

// IsID accepts the identifiers of platforms, and beside letters and digits the
// signs in also. They are logged and become keys, so nothing else may be in
// them.
func IsID(s, also string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	return !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(letters+also, r) })
}
