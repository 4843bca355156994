package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
)

// The artefact, all little endian: magic, dim (uint16), rows (uint32), the keys
// ascending (uint32 each), a scale a row (float32 each), the rows (int8), and
// the SHA-256 of all that.
const (
	magic      = "HEEDEMB1"
	headerSize = len(magic) + 2 + 4
	maxDim     = 1024
	maxRows    = 1 << 22
)

// ErrArtefact is what every refusal of [Parse] wraps.
var ErrArtefact = errors.New("not an encoder artefact")

// Row is the vector of one piece of text, as training gives it.
type Row struct {
	Key    uint32 // as [Keys] gives it
	Vector []float32
}

// Marshal writes rows as an artefact, rounded to 8 bits with a scale a row. It
// refuses two rows of one key, rows of different lengths and numbers that are
// not finite. The rows are sorted in place.
func Marshal(rows []Row) ([]byte, error) {
	if len(rows) == 0 || len(rows) > maxRows || len(rows[0].Vector) == 0 || len(rows[0].Vector) > maxDim {
		return nil, fmt.Errorf("marshal encoder: %d rows", len(rows))
	}
	slices.SortFunc(rows, func(a, b Row) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	dim := len(rows[0].Vector)
	var keys, scales, values bytes.Buffer
	for i, r := range rows {
		if len(r.Vector) != dim || r.Key == 0 || i > 0 && rows[i-1].Key == r.Key {
			return nil, fmt.Errorf("marshal encoder: key %08x: length %d, or twice", r.Key, len(r.Vector))
		}
		scale, eights, err := quantize(r.Vector)
		if err != nil {
			return nil, fmt.Errorf("marshal encoder: key %08x: %w", r.Key, err)
		}
		keys.Write(binary.LittleEndian.AppendUint32(nil, r.Key))
		scales.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(scale)))
		values.Write(eights)
	}
	out := append([]byte(magic), byte(dim), byte(dim>>8))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(rows)))
	out = slices.Concat(out, keys.Bytes(), scales.Bytes(), values.Bytes())
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

// quantize rounds a vector to whole numbers of -127..127 times a scale.
func quantize(v []float32) (float32, []byte, error) {
	var largest float64
	for _, x := range v {
		largest = max(largest, math.Abs(float64(x)))
	}
	if math.IsNaN(largest) || math.IsInf(largest, 0) {
		return 0, nil, errors.New("not a finite number")
	}
	out := make([]byte, len(v))
	if largest == 0 {
		return 0, out, nil
	}
	scale := float32(largest / 127)
	for i, x := range v {
		out[i] = byte(int8(math.Round(float64(x / scale))))
	}
	return scale, out, nil
}

// Parse reads an artefact. Anything that [Marshal] would not have written is
// refused with an error that wraps [ErrArtefact]. The encoder keeps data.
func Parse(data string) (*Encoder, error) {
	if len(data) < headerSize+sha256.Size || data[:len(magic)] != magic {
		return nil, fmt.Errorf("%w: no header", ErrArtefact)
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	head := []byte(body[len(magic):headerSize])
	dim, rows := int(binary.LittleEndian.Uint16(head)), int(binary.LittleEndian.Uint32(head[2:]))
	if dim == 0 || dim > maxDim || rows == 0 || rows > maxRows {
		return nil, fmt.Errorf("%w: %d rows of %d", ErrArtefact, rows, dim)
	}
	if want := headerSize + rows*(8+dim); len(body) != want {
		return nil, fmt.Errorf("%w: %d bytes, not %d", ErrArtefact, len(body), want)
	}
	got := sha256.Sum256([]byte(body))
	if string(got[:]) != sum {
		return nil, fmt.Errorf("%w: its checksum is wrong", ErrArtefact)
	}
	e := &Encoder{
		dim: dim, version: "embed/" + hex.EncodeToString(got[:4]),
		keys: make([]uint32, rows), scales: make([]float32, rows), rows: body[headerSize+8*rows:],
	}
	if err := e.fill(body[headerSize:]); err != nil {
		return nil, err
	}
	e.index()
	return e, nil
}

// fill reads the keys and the scales.
func (e *Encoder) fill(body string) error {
	raw := []byte(body[:8*len(e.keys)])
	for i := range e.keys {
		e.keys[i] = binary.LittleEndian.Uint32(raw[4*i:])
		if e.keys[i] == 0 || i > 0 && e.keys[i] <= e.keys[i-1] {
			return fmt.Errorf("%w: key %d is out of order", ErrArtefact, i)
		}
	}
	raw = raw[4*len(e.keys):]
	for i := range e.scales {
		e.scales[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		if s := float64(e.scales[i]); !(s >= 0 && s < 1e6) {
			return fmt.Errorf("%w: scale %d is %g", ErrArtefact, i, s)
		}
	}
	return nil
}
