package rtp

import (
	"errors"
	"fmt"

	"github.com/pion/opus"

	"heed/transcribe/audio"
)

// Codec is what a packet's payload is.
type Codec int

// The codecs that are taken.
const (
	Unknown Codec = iota
	Opus
	PCMU
	PCMA
	Events // RFC 4733
	Noise  // RFC 3389, comfort noise: heard as nothing
)

// Audio says whether there is sound in it.
func (c Codec) Audio() bool { return c == Opus || c == PCMU || c == PCMA }

// Clock is the rate of a codec's timestamps. That of events is the one of the
// audio beside them.
func (c Codec) Clock() int {
	if c == PCMU || c == PCMA {
		return 8000
	}
	return 48000
}

// decoder turns the packets of one source, in order, into samples.
type decoder interface {
	// rate is that of the samples in Hz.
	rate() int
	// decode gives each channel's samples, which are good until the next call.
	decode(payload []byte) ([][]int16, error)
}

// newDecoder makes the decoder of a codec. builtin takes no library of the
// system for Opus.
func newDecoder(c Codec, channels int, builtin bool) (decoder, error) {
	switch c {
	case Opus:
		return newOpus(channels, builtin)
	case PCMU:
		return &g711{expand: audio.DecodeMulaw, channels: channels}, nil
	case PCMA:
		return &g711{expand: audio.DecodeAlaw, channels: channels}, nil
	case Unknown, Events, Noise:
	}
	return nil, errors.New("no codec of audio")
}

// g711 is one channel; where two parties are wanted both get it.
type g711 struct {
	expand   func(dst []int16, src []byte) []int16
	channels int
	pcm      []int16
}

var _ decoder = (*g711)(nil)

func (*g711) rate() int { return 8000 }

func (g *g711) decode(payload []byte) ([][]int16, error) {
	g.pcm = g.expand(g.pcm[:0], payload)
	out := make([][]int16, g.channels)
	for i := range out {
		out[i] = g.pcm
	}
	return out, nil
}

// longestOpus is the most that one Opus packet can hold: 120 ms.
const longestOpus = unit * 120 / 1000

// opusSource decodes the packets of one source.
type opusSource interface {
	DecodeToInt16(packet []byte, out []int16) (samples int, err error)
}

var errEmptyPacket = errors.New("empty packet")

// opusDecoder decodes to 16 kHz, mixed to one channel or as two.
type opusDecoder struct {
	from     opusSource
	mixed    []int16 // interleaved
	channels [][]int16
}

var _ decoder = (*opusDecoder)(nil)

func newOpus(channels int, builtin bool) (*opusDecoder, error) {
	from, err := opusFrom(channels, builtin)
	if err != nil {
		return nil, fmt.Errorf("opus: %w", err)
	}
	d := &opusDecoder{from: from, mixed: make([]int16, longestOpus*channels), channels: make([][]int16, channels)}
	for i := range d.channels {
		d.channels[i] = make([]int16, 0, longestOpus)
	}
	return d, nil
}

// OpusLibrary says why the system's library cannot decode Opus, or nil.
func OpusLibrary() error {
	_, err := newLibDecoder(unit, 1)
	return err
}

// opusFrom takes the system's library, where there is one and it is wanted.
func opusFrom(channels int, builtin bool) (opusSource, error) {
	if !builtin {
		if d, err := newLibDecoder(unit, channels); err == nil {
			return d, nil
		}
	}
	d, err := opus.NewDecoderWithOutput(unit, channels)
	return &d, err //nolint:wrapcheck // the caller does
}

func (*opusDecoder) rate() int { return unit }

func (d *opusDecoder) decode(payload []byte) (out [][]int16, err error) {
	// A stranger chose these bytes: what the library does not foresee must cost
	// a packet, not the server.
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("opus packet: %v", r)
		}
	}()
	n, err := d.from.DecodeToInt16(payload, d.mixed)
	if err != nil {
		return nil, fmt.Errorf("opus packet: %w", err)
	}
	width := len(d.channels)
	for c := range d.channels {
		pcm := d.channels[c][:0]
		for i := range n {
			pcm = append(pcm, d.mixed[i*width+c])
		}
		d.channels[c] = pcm
	}
	return d.channels, nil
}
