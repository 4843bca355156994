package sherpa

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrPieces is the refusal of a word-piece table that cannot be read.
var ErrPieces = errors.New("malformed table of word pieces")

// maxPieces bounds the table that is read, in bytes; that of a large model is
// a tenth of it.
const maxPieces = 8 << 20

// vocabulary are the pieces that the model writes words with, and how likely
// each is: what is needed to write a phrase as the model would.
type vocabulary struct {
	scores  map[string]float64 // log-probabilities
	order   []string
	longest int // piece, in bytes
}

// readVocabulary reads bpe.vocab (piece, tab, score) or, without one, the
// SentencePiece model bpe.model. No path gives nil: the model takes no hints.
// Only pieces that tokens.txt has are kept.
func readVocabulary(path, tokens string) (*vocabulary, error) {
	if path == "" {
		return nil, nil
	}
	known, err := readTokens(tokens)
	if err != nil {
		return nil, err
	}
	content, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	parse := parseVocab
	if filepath.Ext(path) == ".model" {
		parse = parsePieceModel
	}
	v := &vocabulary{scores: map[string]float64{}}
	err = parse(content, func(piece string, score float64) {
		if _, twice := v.scores[piece]; twice || !known[piece] || !utf8.ValidString(piece) {
			return
		}
		v.scores[piece] = score
		v.order = append(v.order, piece)
		v.longest = max(v.longest, len(piece))
	})
	if err == nil && len(v.order) < 2 {
		err = ErrPieces
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxPieces+1))
	if err == nil && len(content) > maxPieces {
		err = ErrPieces
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return content, nil
}

// readTokens gives the pieces that the model can really write.
func readTokens(path string) (map[string]bool, error) {
	content, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(content)) {
		if piece, _, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(piece, "<") {
			known[piece] = true
		}
	}
	return known, nil
}

func parseVocab(content []byte, add func(string, float64)) error {
	lines := bufio.NewScanner(strings.NewReader(string(content)))
	for lines.Scan() {
		piece, text, ok := strings.Cut(lines.Text(), "\t")
		score, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if !ok || err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
			return ErrPieces
		}
		add(piece, score)
	}
	if lines.Err() != nil {
		return ErrPieces
	}
	return nil
}

// parsePieceModel walks a SentencePiece ModelProto, whose field 1 repeats
// {1: piece, 2: score, 3: type}.
func parsePieceModel(content []byte, add func(string, float64)) error {
	return fields(content, func(n protowire.Number, value []byte) error {
		if n != 1 {
			return nil
		}
		var piece string
		var score float64
		err := fields(value, func(n protowire.Number, value []byte) error {
			switch {
			case n == 1:
				piece = string(value)
			case n == 2 && len(value) == 4:
				bits, _ := protowire.ConsumeFixed32(value)
				score = float64(math.Float32frombits(bits))
			}
			return nil
		})
		if math.IsNaN(score) || math.IsInf(score, 0) {
			return ErrPieces
		}
		add(piece, score)
		return err
	})
}

// fields visits the fields of a protobuf message: the bytes of those that have
// a length, and the raw value of the others.
func fields(message []byte, visit func(protowire.Number, []byte) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return ErrPieces
		}
		message = message[n:]
		if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
			return ErrPieces
		}
		value := message[:n]
		message = message[n:]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		if err := visit(number, value); err != nil {
			return err
		}
	}
	return nil
}

// write gives the table in the form that the runtime reads. It is written
// afresh because the runtime ends the process over a table it cannot read.
func (v *vocabulary) write(to io.Writer) error {
	out := bufio.NewWriter(to)
	for _, piece := range v.order {
		// What cannot be written shows at Flush.
		_, _ = fmt.Fprintf(out, "%s\t%g\n", piece, v.scores[piece])
	}
	return out.Flush()
}

// save writes the table into a file of its own, for the caller to remove.
func (v *vocabulary) save() (string, error) {
	f, err := os.CreateTemp("", "heed-pieces-*")
	if err != nil {
		return "", fmt.Errorf("write the word pieces: %w", err)
	}
	if err := errors.Join(v.write(f), f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write the word pieces: %w", err), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// pieces writes a phrase as the model would: each word as its likeliest
// sequence of pieces (a unigram model's Viterbi search). It gives none for a
// phrase with a letter that the model does not have. Models write in one case;
// the phrase is tried in both.
func (v *vocabulary) pieces(phrase string) []string {
	for _, text := range []string{strings.ToUpper(phrase), strings.ToLower(phrase)} {
		var all []string
		for word := range strings.FieldsSeq(text) {
			pieces := v.split(wordMark + word)
			if pieces == nil {
				all = nil
				break
			}
			all = append(all, pieces...)
		}
		if all != nil {
			return all
		}
	}
	return nil
}

// split gives the likeliest pieces of a word, or none.
func (v *vocabulary) split(word string) []string {
	best := make([]float64, len(word)+1)
	from := make([]int, len(word)+1)
	for end := 1; end <= len(word); end++ {
		best[end] = math.Inf(-1)
		for start := max(0, end-v.longest); start < end; start++ {
			if score, ok := v.scores[word[start:end]]; ok && best[start]+score > best[end] {
				best[end], from[end] = best[start]+score, start
			}
		}
	}
	if math.IsInf(best[len(word)], -1) {
		return nil
	}
	var pieces []string
	for end := len(word); end > 0; end = from[end] {
		pieces = append(pieces, word[from[end]:end])
	}
	for i, j := 0, len(pieces)-1; i < j; i, j = i+1, j-1 {
		pieces[i], pieces[j] = pieces[j], pieces[i]
	}
	return pieces
}
