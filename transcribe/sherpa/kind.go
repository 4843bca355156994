package sherpa

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrArchitecture is the refusal of a sound ONNX file that is not the part of
// a streaming transducer that its name says. The runtime would end the process.
var ErrArchitecture = errors.New("another kind of model")

const (
	// Fields of ONNX's ModelProto.
	opsetImport   = 8
	metadataProps = 14
	// maxProperty bounds one property that is read; those wanted are short.
	maxProperty = 4 << 10
)

// checkKind sees from the properties that exporters write into the files
// whether they are a streaming transducer. A file that declares no operators
// is no real model and says nothing of its kind; what cannot be seen is left
// to the worker, whose abort is reported.
func (m modelFiles) checkKind() error {
	var kind string
	for _, part := range []struct{ path, want string }{
		{m.Encoder, "model_type"}, {m.Decoder, "context_size"}, {m.Joiner, "joiner_dim"},
	} {
		props, err := readProperties(part.path)
		switch {
		case err != nil:
			return err
		case props == nil:
			continue
		case part.want == "model_type":
			kind = props["model_type"]
		case !stateful(kind):
			continue // NeMo's parts, which need no such property
		}
		if props[part.want] == "" {
			return fmt.Errorf("%s: %w: it has no property %s", part.path, ErrArchitecture, part.want)
		}
		if err := m.checkSize(props["vocab_size"]); err != nil {
			return fmt.Errorf("%s: %w", part.path, err)
		}
	}
	return nil
}

// stateful are the kinds of encoder whose decoder looks at its last tokens
// only.
func stateful(kind string) bool {
	switch kind {
	case "conformer", "lstm", "zipformer", "zipformer2":
		return true
	}
	return false
}

// checkSize refuses fewer tokens than the model can write.
func (m modelFiles) checkSize(vocabulary string) error {
	if vocabulary == "" {
		return nil // not the part that tells
	}
	want, err := strconv.Atoi(vocabulary)
	if err != nil {
		return fmt.Errorf("%w: vocab_size: %w", ErrArchitecture, err)
	}
	text, err := readBounded(m.Tokens)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), "\n"); n < want {
		return fmt.Errorf("%w: it writes %d tokens, and tokens.txt has %d", ErrArchitecture, want, n)
	}
	return nil
}

// readProperties gives a model's own properties, and nil for what declares no
// operators.
func readProperties(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	r := &counted{r: bufio.NewReader(f)}
	props, declares := map[string]string{}, false
	for r.n < info.Size() {
		number, value, err := r.property(info.Size())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		declares = declares || number == opsetImport
		if key, text, ok := keyValue(value); ok {
			props[key] = text
		}
	}
	if !declares {
		return nil, nil //nolint:nilnil // no properties and no error: it says nothing
	}
	return props, nil
}

// property reads the next field: its number, and its bytes where it is a
// short property.
func (c *counted) property(size int64) (protowire.Number, []byte, error) {
	head, err := c.r.Peek(2 * binary.MaxVarintLen64)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, err
	}
	number, kind, n := protowire.ConsumeTag(head)
	if n < 0 {
		return 0, nil, ErrCutOff
	}
	length, m := protowire.ConsumeVarint(head[n:])
	if number != metadataProps || kind != protowire.BytesType || m < 0 || length > maxProperty {
		return number, nil, c.skipField(size)
	}
	field := make([]byte, n+m+int(length))
	read, err := io.ReadFull(c.r, field)
	c.n += int64(read)
	if err != nil {
		return 0, nil, ErrCutOff
	}
	return number, field[n+m:], nil
}

// keyValue reads a StringStringEntryProto.
func keyValue(value []byte) (key, text string, ok bool) {
	err := fields(value, func(n protowire.Number, v []byte) error {
		switch n {
		case 1:
			key = string(v)
		case 2:
			text = string(v)
		default: // none that we know
		}
		return nil
	})
	return key, text, err == nil && key != ""
}
