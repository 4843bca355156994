package play

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pion/opus/pkg/oggreader"
)

// opusClock is the rate of Opus timestamps, whatever its audio.
const opusClock = 48000

// opusPacket is one packet of an Opus file.
type opusPacket struct {
	payload []byte
	at      time.Duration // of its first sample
}

// maxPackets bounds a recording of Opus: a day of packets of 20 ms.
const maxPackets = 24 * 60 * 60 * 50

// readOpus reads an Ogg file of Opus as it is: nothing is decoded. A stereo
// one has the agent on the left and the customer on the right.
func readOpus(r io.Reader, customer Side) (*Recording, error) {
	pages, header, err := oggreader.NewWith(r)
	if err != nil {
		return nil, fmt.Errorf("play: Ogg: %w", err)
	}
	if header.Channels < 1 || header.Channels > 2 {
		return nil, fmt.Errorf("play: Ogg: %d channels; a call has one or two", header.Channels)
	}
	rec := &Recording{stereo: header.Channels == 2, side: customer}
	for {
		payload, _, err := pages.ParseNextPacket()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			rec.Truncated = true
			break
		}
		length, err := opusLength(payload)
		if bytes.HasPrefix(payload, []byte("OpusTags")) || err != nil {
			continue
		}
		if len(rec.opus) >= maxPackets {
			return nil, errors.New("play: Ogg: the recording is longer than a day")
		}
		rec.opus = append(rec.opus, opusPacket{payload: bytes.Clone(payload), at: rec.length})
		rec.length += length
	}
	if rec.length == 0 {
		return nil, fmt.Errorf("play: %w", ErrEmpty)
	}
	return rec, nil
}

// opusLength reads how long a packet's audio is (RFC 6716, 3.1).
func opusLength(payload []byte) (time.Duration, error) {
	if len(payload) == 0 {
		return 0, errors.New("no packet")
	}
	config, frames := payload[0]>>3, 1
	switch payload[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(payload) < 2 {
			return 0, errors.New("packet without its count of frames")
		}
		frames = int(payload[1] & 0x3F)
	}
	const ms = time.Millisecond
	var one time.Duration
	switch {
	case config < 12: // SILK
		one = [...]time.Duration{10 * ms, 20 * ms, 40 * ms, 60 * ms}[config%4]
	case config < 16: // both
		one = [...]time.Duration{10 * ms, 20 * ms}[config%2]
	default: // CELT
		one = [...]time.Duration{2500 * time.Microsecond, 5 * ms, 10 * ms, 20 * ms}[config%4]
	}
	if total := time.Duration(frames) * one; total > 0 && total <= 120*ms {
		return total, nil
	}
	return 0, errors.New("packet of no length")
}
