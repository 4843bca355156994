package sherpa

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// ErrCutOff is the refusal of a model file that ends too early.
var ErrCutOff = errors.New("the file is cut off or not a model")

// checkWhole sees without a checksum whether a model file is complete: an
// ONNX file is one protobuf message, almost all of it in one field whose
// length stands in front of it; tokens.txt numbers its lines.
func checkWhole(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if strings.HasSuffix(path, ".txt") {
		err = wholeTokens(f)
	} else {
		err = wholeMessage(f, info.Size())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// wholeMessage walks the top level of a protobuf message of the given size.
func wholeMessage(f io.Reader, size int64) error {
	if size < 1024 {
		return ErrCutOff
	}
	r := &counted{r: bufio.NewReader(f)}
	for r.n < size {
		if err := r.skipField(size); err != nil {
			return err
		}
	}
	return nil
}

// counted knows how far it has read.
type counted struct {
	r *bufio.Reader
	n int64
}

func (c *counted) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func (c *counted) skipField(size int64) error {
	tag, err := binary.ReadUvarint(c)
	if err != nil || tag>>3 == 0 {
		return ErrCutOff
	}
	var length uint64
	switch tag & 7 {
	case 0:
		_, err = binary.ReadUvarint(c)
	case 1:
		length = 8
	case 2:
		length, err = binary.ReadUvarint(c)
	case 5:
		length = 4
	default:
		return ErrCutOff
	}
	if err != nil || length > uint64(size-c.n) {
		return ErrCutOff
	}
	skipped, err := c.r.Discard(int(length))
	c.n += int64(skipped)
	if err != nil {
		return ErrCutOff
	}
	return nil
}

// wholeTokens checks that every line is "piece number", numbered from 0.
func wholeTokens(f io.Reader) error {
	lines := bufio.NewScanner(io.LimitReader(f, 4<<20))
	n := 0
	for ; lines.Scan(); n++ {
		if !strings.HasSuffix(lines.Text(), fmt.Sprintf(" %d", n)) {
			return ErrCutOff
		}
	}
	if lines.Err() != nil || n < 2 {
		return ErrCutOff
	}
	return nil
}
