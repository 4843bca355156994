package sherpa

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"heed/transcribe"
)

// What goes to the worker: a header of kind (1 byte), stream (4) and length
// (4, little-endian), then that many bytes. What comes back: JSON lines.
type kind byte

const (
	kindConfig kind = 'C' // setup as JSON, first and once
	kindOpen   kind = 'O' // rate in Hz, 4 bytes; hints as JSON, if any
	kindAudio  kind = 'A' // stream time in ns, 8 bytes; 16-bit samples
	kindFinish kind = 'F' // no more audio: flush, answer done
	kindDrop   kind = 'D' // nobody listens any more
)

const (
	headerSize = 9
	// maxPayload bounds one message to the worker; longer frames are sent in
	// pieces.
	maxPayload = 64 << 10
	// maxLine bounds one line from the worker.
	maxLine = 1 << 20
)

var errProtocol = errors.New("speech worker protocol violated")

// message is one unit to the worker.
type message struct {
	kind    kind
	stream  uint32
	payload []byte
}

func (m message) encode() []byte {
	b := make([]byte, headerSize, headerSize+len(m.payload))
	b[0] = byte(m.kind)
	binary.LittleEndian.PutUint32(b[1:], m.stream)
	binary.LittleEndian.PutUint32(b[5:], uint32(len(m.payload)))
	return append(b, m.payload...)
}

// size is what a message costs in memory.
func (m message) size() int { return len(m.payload) + headerSize }

// takes tells whether a message of this kind may have a payload so long. Of an
// unknown kind none may.
func (k kind) takes(length uint32) bool {
	switch k {
	case kindConfig:
		return length <= maxPayload
	case kindAudio:
		return length >= 10 && length%2 == 0 && length <= maxPayload
	case kindOpen:
		return length >= 4 && length <= 4+maxHints
	case kindFinish, kindDrop:
		return length == 0
	}
	return false
}

// readMessage gives io.EOF at the end of input between messages only.
func readMessage(r io.Reader) (message, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return message{}, io.EOF
		}
		return message{}, fmt.Errorf("read header: %w", err)
	}
	m := message{kind: kind(header[0]), stream: binary.LittleEndian.Uint32(header[1:])}
	length := binary.LittleEndian.Uint32(header[5:])
	if !m.kind.takes(length) {
		return message{}, fmt.Errorf("%w: kind %q with %d bytes", errProtocol, m.kind, length)
	}
	m.payload = make([]byte, length)
	if _, err := io.ReadFull(r, m.payload); err != nil {
		return message{}, fmt.Errorf("read payload: %w", err)
	}
	return m, nil
}

func openMessage(stream uint32, rate int, h hints) message {
	m := message{kind: kindOpen, stream: stream, payload: binary.LittleEndian.AppendUint32(nil, uint32(rate))}
	if len(h.Boost)+len(h.Spot) > 0 || h.Batch {
		// Slices of strings always have a JSON form.
		text, _ := json.Marshal(h)
		m.payload = append(m.payload, text...)
	}
	return m
}

func audioMessage(stream uint32, f transcribe.Frame) message {
	p := make([]byte, 8, 8+2*len(f.PCM))
	binary.LittleEndian.PutUint64(p, uint64(f.At))
	for _, s := range f.PCM {
		p = binary.LittleEndian.AppendUint16(p, uint16(s))
	}
	return message{kind: kindAudio, stream: stream, payload: p}
}

func (m message) audio() (at time.Duration, pcm []int16) {
	at = time.Duration(binary.LittleEndian.Uint64(m.payload))
	pcm = make([]int16, (len(m.payload)-8)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(m.payload[8+2*i:]))
	}
	return at, pcm
}

func (m message) rate() int { return int(binary.LittleEndian.Uint32(m.payload)) }

func (m message) hints() (hints, error) { return parseHints(m.payload[4:]) }

// setup is the worker's configuration.
type setup struct {
	Runtime string `json:"runtime"`
	Model   string `json:"model"`
	Tuning  Tuning `json:"tuning"`
}

// The worker's reports.
const (
	reportReady   = "ready"   // the model is loaded
	reportRefused = "refused" // it will never be: Message says why
	reportBeat    = "beat"    // alive, twice a second: Steps, CPU
	reportHeard   = "heard"   // Samples of the stream were taken in
	reportSegment = "segment"
	reportDone    = "done"   // the stream was flushed and is closed
	reportFailed  = "failed" // the stream was closed: Message says why
)

// report is one line from the worker.
type report struct {
	Report  string              `json:"report"`
	Stream  uint32              `json:"stream,omitempty"`
	Samples int                 `json:"samples,omitempty"`
	Segment *transcribe.Segment `json:"segment,omitempty"`
	Steps   int64               `json:"steps,omitempty"`
	CPU     time.Duration       `json:"cpu,omitempty"`
	Message string              `json:"message,omitempty"`
}

func parseReport(line []byte) (report, error) {
	var r report
	if err := json.Unmarshal(line, &r); err != nil {
		return report{}, fmt.Errorf("%w: %w", errProtocol, err)
	}
	switch r.Report {
	case reportReady, reportRefused, reportBeat, reportDone, reportFailed:
	case reportHeard:
		if r.Samples <= 0 {
			return report{}, fmt.Errorf("%w: heard %d samples", errProtocol, r.Samples)
		}
	case reportSegment:
		if s := r.Segment; s == nil || s.Text == "" || s.ID <= 0 || s.End < s.Start {
			return report{}, fmt.Errorf("%w: malformed segment", errProtocol)
		}
	default:
		return report{}, fmt.Errorf("%w: unknown report", errProtocol)
	}
	return r, nil
}
