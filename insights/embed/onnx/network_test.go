package onnx

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"heed/internal/model"
)

// pieces are the vocabulary of the tests; the number of a line is its id.
func pieces() []string {
	return []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "cancel", "##ling", "end", "pay", "bill", "my", ",", "cafe", "##s"}
}

// meanings are the vectors of the pieces, in their order.
func meanings() [][2]float32 {
	return [][2]float32{
		{0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 0}, {0, 0}, {2, 0}, {0, 1}, {0, 2}, {0, 0}, {0, 0}, {1, 1}, {0, 0},
	}
}

// The messages of onnx.proto that a network of one node needs.

func message(fields ...[]byte) []byte {
	var out []byte
	for _, f := range fields {
		out = append(out, f...)
	}
	return out
}

func field(n protowire.Number, data []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), data)
}

func number(n protowire.Number, x uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), x)
}

func text(n protowire.Number, s string) []byte { return field(n, []byte(s)) }

// value describes an input or output of a type (1 float32, 7 int64).
func value(name string, kind uint64, dims ...[]byte) []byte {
	var shape []byte
	for _, d := range dims {
		shape = append(shape, field(1, d)...)
	}
	return message(text(1, name), field(2, field(1, message(number(1, kind), field(2, shape)))))
}

// network looks the vector of each piece up: the smallest encoder there is.
func network(input string) []byte {
	var raw []byte
	for _, row := range meanings() {
		for _, x := range row {
			raw = protowire.AppendFixed32(raw, math.Float32bits(x))
		}
	}
	table := message(number(1, uint64(len(meanings()))), number(1, 2), number(2, 1), text(8, "table"), field(9, raw))
	node := message(text(1, "table"), text(1, input), text(2, "last_hidden_state"), text(4, "Gather"))
	one, many, two := number(1, 1), text(2, "n"), number(1, 2)
	graph := message(
		field(1, node), text(2, "lookup"), field(5, table),
		field(11, value(input, 7, one, many)), field(11, value("attention_mask", 7, one, many)),
		field(12, value("last_hidden_state", 1, one, many, two)),
	)
	return message(number(1, 8), field(7, graph), field(8, number(2, 13)))
}

// folder writes an encoder's files.
func folder(t testing.TB, model, vocabulary string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string]string{ModelFile: model, VocabularyFile: vocabulary} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func vocabulary() string { return strings.Join(pieces(), "\n") + "\n" }

// library is the ONNX Runtime that the speech engine brings.
func library(t testing.TB) string {
	t.Helper()
	dir, err := model.FindRuntime([]string{os.Getenv("HEED_RUNTIME")})
	if err != nil {
		if os.Getenv("HEED_REQUIRE_ENGINES") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return filepath.Join(dir, "libonnxruntime.so")
}
