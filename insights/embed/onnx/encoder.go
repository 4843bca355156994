package onnx

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"heed/insights/embed"
)

// Files of an encoder's folder. The tokenizer's configuration may be missing;
// only its "do_lower_case" is read, which is true unless it says otherwise.
const (
	ModelFile      = "model.onnx"
	VocabularyFile = "vocab.txt"
	TokenizerFile  = "tokenizer_config.json"
)

// Encoder is a sentence encoder that ONNX Runtime runs. It is safe for
// concurrent use; [Encoder.Close] waits for what is under way.
type Encoder struct {
	dim     int
	version string
	words   *wordPiece
	inputs  []string

	mu      sync.RWMutex // held for writing by Close only
	session *ort.DynamicAdvancedSession
}

// Open reads the encoder of a folder and runs it on one text. library is the
// file of ONNX Runtime, 1.17 or newer; the one that the first call names serves
// for the whole process. The caller closes the encoder.
func Open(folder, library string) (*Encoder, error) {
	model, err := os.ReadFile(filepath.Join(folder, ModelFile))
	if err != nil {
		return nil, fmt.Errorf("open encoder: %w", err)
	}
	vocabulary, err := os.ReadFile(filepath.Join(folder, VocabularyFile))
	if err != nil {
		return nil, fmt.Errorf("open encoder: %w", err)
	}
	keepCase, err := keepsCase(filepath.Join(folder, TokenizerFile))
	if err != nil {
		return nil, fmt.Errorf("open encoder: %w", err)
	}
	e := &Encoder{}
	if e.words, err = readVocabulary(bytes.NewReader(vocabulary), keepCase); err != nil {
		return nil, fmt.Errorf("open encoder: %s: %w", filepath.Join(folder, VocabularyFile), err)
	}
	sum := sha256.Sum256(slices.Concat(model, vocabulary, fmt.Append(nil, keepCase)))
	e.version = "onnx/" + hex.EncodeToString(sum[:4])
	if err := start(library); err != nil {
		return nil, fmt.Errorf("open encoder: %w", err)
	}
	if err := e.load(model); err != nil {
		return nil, fmt.Errorf("open encoder: %s: %w", filepath.Join(folder, ModelFile), err)
	}
	return e, nil
}

func keepsCase(file string) (bool, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var c struct {
		Lower *bool `json:"do_lower_case"`
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return false, fmt.Errorf("%s: %w", file, err)
	}
	return c.Lower != nil && !*c.Lower, nil
}

// load makes the session and learns the length of its vectors from one run.
func (e *Encoder) load(model []byte) error {
	in, out, err := ort.GetInputOutputInfoWithONNXData(model)
	if err != nil {
		return fmt.Errorf("not a network that can be read: %w", err)
	}
	for _, i := range in {
		if !slices.Contains([]string{"input_ids", "attention_mask", "token_type_ids"}, i.Name) {
			return fmt.Errorf("it wants the input %q; known are input_ids, attention_mask and token_type_ids", i.Name)
		}
		e.inputs = append(e.inputs, i.Name)
	}
	if !slices.Contains(e.inputs, "input_ids") || len(out) == 0 {
		return errors.New("it has no input input_ids, or no output")
	}
	o, err := ort.NewSessionOptions()
	if err != nil {
		return err
	}
	defer o.Destroy() //nolint:errcheck // nothing to be done
	// Calls are many and texts short: one thread a text serves them all best.
	if err := errors.Join(o.SetIntraOpNumThreads(1), o.SetInterOpNumThreads(1)); err != nil {
		return err
	}
	e.session, err = ort.NewDynamicAdvancedSessionWithONNXData(model, e.inputs, []string{out[0].Name}, o)
	if err != nil {
		return err
	}
	v, err := e.run("hello")
	if err != nil {
		return errors.Join(err, e.Close())
	}
	e.dim = len(v)
	return nil
}

// Dim is the length of every vector.
func (e *Encoder) Dim() int { return e.dim }

// Version is "onnx/" and eight hex digits that follow from the files. Vectors
// of two versions must not be compared.
func (e *Encoder) Version() string { return e.version }

// Encode writes the vector of a text into dst, which must have length
// [Encoder.Dim]: of length one, or all zero for a text without words, when the
// network fails, and after Close. Of a long text the first 128 pieces count.
func (e *Encoder) Encode(dst []float32, text string) {
	clear(dst)
	v, err := e.run(text)
	if err != nil || len(v) != len(dst) {
		return
	}
	if square := float64(embed.Dot(v, v)); math.IsNaN(square) || math.IsInf(square, 0) {
		return
	}
	copy(dst, v)
	embed.Normalize(dst)
}

// Close frees the network. The runtime stays.
func (e *Encoder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.session == nil {
		return nil
	}
	err := e.session.Destroy()
	e.session = nil
	return err
}

// run gives the mean over the pieces of a text, not at length one; nil for a
// text without words.
func (e *Encoder) run(text string) ([]float32, error) {
	ids := e.words.pieces(text)
	if len(ids) <= 2 {
		return nil, nil
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.session == nil {
		return nil, errors.New("the encoder is closed")
	}
	ones, zeros := slices.Repeat([]int64{1}, len(ids)), make([]int64, len(ids))
	var in []ort.ArbitraryTensor
	for _, name := range e.inputs {
		values := map[string][]int64{"input_ids": ids, "attention_mask": ones, "token_type_ids": zeros}[name]
		t, err := ort.NewTensor(ort.NewShape(1, int64(len(ids))), values)
		if err != nil {
			return nil, err
		}
		defer t.Destroy() //nolint:errcheck // nothing to be done
		in = append(in, t)
	}
	out := []ort.ArbitraryTensor{nil}
	if err := e.session.Run(in, out); err != nil {
		return nil, err
	}
	defer out[0].Destroy() //nolint:errcheck // nothing to be done
	return pool(out[0], len(ids))
}

// pool gives the mean over the pieces of an output [1, pieces, dim], or an
// output [1, dim] as it is.
func pool(t ort.ArbitraryTensor, pieces int) ([]float32, error) {
	values, ok := t.(*ort.Tensor[float32])
	shape := t.GetShape()
	switch {
	case ok && len(shape) == 2 && shape[0] == 1:
		return slices.Clone(values.GetData()), nil
	case !ok || len(shape) != 3 || shape[0] != 1 || shape[1] != int64(pieces) || shape[2] == 0:
		return nil, fmt.Errorf("its output has shape %v; want float32 [1, %d, n] or [1, n]", shape, pieces)
	}
	sum := make([]float32, shape[2])
	for i, x := range values.GetData() {
		sum[i%len(sum)] += x
	}
	for i := range sum {
		sum[i] /= float32(pieces)
	}
	return sum, nil
}
